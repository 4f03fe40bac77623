// The composed tree and the geometry of one frame: who holds whom, what shows, what a point hits.
(agent) => {
  "use strict";

  const PROBES = [[0.5, 0.5], [0.5, 0.2], [0.5, 0.8], [0.2, 0.5], [0.8, 0.5],
    [0.2, 0.2], [0.8, 0.8], [0.8, 0.2], [0.2, 0.8], [0.04, 0.5], [0.96, 0.5]];
  const MIN_AREA = 20; // CSS pixels²

  agent.CENTERED = { block: "center", inline: "nearest", behavior: "instant" };

  agent.parent = (node) =>
    node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;

  agent.ancestor = (node, wanted) => {
    for (let at = node; at; at = agent.parent(at)) if (wanted(at)) return at;
    return null;
  };

  agent.holds = (outer, inner) => agent.ancestor(inner, (at) => at === outer) !== null;

  agent.role = (element) =>
    element.getAttribute("role")?.trim().split(/\s+/)[0].toLowerCase() ?? "";

  agent.isFrame = (element) => element.localName === "iframe" || element.localName === "frame";

  agent.hit = (x, y) => {
    let found = document.elementFromPoint(x, y);
    while (found?.shadowRoot) {
      const inner = found.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === found) break;
      found = inner;
    }
    return found;
  };

  // A click on a label's text reaches its control, so the control counts as hit.
  agent.reaches = (element, target) =>
    target !== null &&
    (agent.holds(element, target) ||
      agent.ancestor(target, (at) => at.localName === "label")?.control === element);

  // A see-through check box over its drawn look is how custom ones are built: it takes the clicks.
  agent.isShown = (element) =>
    element.checkVisibility({
      visibilityProperty: true,
      contentVisibilityAuto: true,
      opacityProperty: !/^(checkbox|radio|file)$/.test(element.type),
    });

  agent.area = (rect) => Math.max(0, rect.right - rect.left) * Math.max(0, rect.bottom - rect.top);

  agent.overlap = (a, b) => ({
    left: Math.max(a.left, b.left), top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom),
  });

  agent.shows = (rect) => agent.area(rect) >= MIN_AREA;

  agent.view = () => ({ left: 0, top: 0, right: innerWidth, bottom: innerHeight });

  // The part of the view in which an element can show, as the ancestors that clip it leave it.
  agent.Regions = class {
    constructor(view = agent.view()) {
      this.view = view;
      this.inside = new Map();
    }

    of(element) {
      const position = getComputedStyle(element).position;
      if (position === "fixed") return this.view;
      return this.within(position === "absolute" ? element.offsetParent : agent.parent(element));
    }

    within(box) {
      if (!box || box === document.body || box === document.documentElement) return this.view;
      if (!this.inside.has(box)) {
        const clips = getComputedStyle(box).overflow !== "visible";
        const region = this.of(box);
        this.inside.set(box, clips ? agent.overlap(region, box.getBoundingClientRect()) : region);
      }
      return this.inside.get(box);
    }
  };

  // The largest visible box of an element whose centre is accepted by the hit test, or null.
  agent.spot = (element, regions, accept = (target) => agent.reaches(element, target)) => {
    const rects = boxes(element);
    const region = regions.of(element);
    for (const limits of new Set([region, regions.view])) {
      for (const rect of rects) {
        const seen = agent.overlap(rect, limits);
        if (agent.shows(seen) && accept(agent.probe(seen, 0.5, 0.5))) return seen;
      }
    }
    const largest = [...rects].map((rect) => agent.overlap(rect, region)).find(agent.shows);
    const free = largest && PROBES.find(([fx, fy]) => accept(agent.probe(largest, fx, fy)));
    return free ? around(largest, ...free) : null;
  };

  agent.probe = (rect, fx, fy) =>
    agent.hit(rect.left + (rect.right - rect.left) * fx, rect.top + (rect.bottom - rect.top) * fy);

  // A link over two lines has two boxes. An inline one around floats or pictures has none with an
  // area: then its children's count.
  const boxes = (element) => {
    const lines = element.getClientRects();
    if (lines.length === 1 && agent.shows(lines[0])) return lines;
    const own = [...lines].filter(agent.shows);
    const children = own.length ? [] : [...element.querySelectorAll(":scope > *")];
    const rects = [...own, ...children.map((child) => child.getBoundingClientRect())];
    return rects.sort((a, b) => agent.area(b) - agent.area(a)).slice(0, 3);
  };

  // The largest part of the box that has the given point at its centre.
  const around = (rect, fx, fy) => {
    const [width, height] = [rect.right - rect.left, rect.bottom - rect.top];
    const [halfX, halfY] = [Math.min(fx, 1 - fx) * width, Math.min(fy, 1 - fy) * height];
    const [x, y] = [rect.left + fx * width, rect.top + fy * height];
    return { left: x - halfX, top: y - halfY, right: x + halfX, bottom: y + halfY };
  };

  const frames = []; // WeakRefs of frame elements; a slot never changes its meaning

  agent.slot = (element) => {
    const known = frames.findIndex((ref) => ref.deref() === element);
    return known >= 0 ? known : frames.push(new WeakRef(element)) - 1;
  };

  // Where a frame element's document begins in this one, and which part of it shows; or null.
  agent.frame = (slot, regions = new agent.Regions()) => {
    const element = frames[slot]?.deref();
    if (!element?.isConnected || !agent.isShown(element)) return null;
    const [rect, style] = [element.getBoundingClientRect(), getComputedStyle(element)];
    const scale = element.offsetWidth ? rect.width / element.offsetWidth : 1;
    const left = rect.left + (element.clientLeft + parseFloat(style.paddingLeft)) * scale;
    const top = rect.top + (element.clientTop + parseFloat(style.paddingTop)) * scale;
    const seen = agent.overlap(rect, regions.of(element));
    if (!agent.shows(seen)) return null;
    const clip = [seen.left - left, seen.top - top, seen.right - left, seen.bottom - top];
    return { left, top, scale, clip: clip.map((edge) => edge / scale) };
  };

  // Which points of the child frame in this slot can be seen and clicked here?
  agent.uncovered = (slot, points) =>
    points.map(([x, y]) => cover(slot, out(slot, x, y)) === "");

  // Where a point of the child frame in this slot lies here, scrolled to if need be, and what
  // covers it; null if it is nowhere.
  agent.through = async (slot, x, y) => {
    if (cover(slot, out(slot, x, y))) {
      frames[slot]?.deref()?.scrollIntoView(agent.CENTERED);
      await agent.painted(); // the browser sends clicks to frames as they were last painted
    }
    const here = out(slot, x, y);
    return here && { ...here, cover: cover(slot, here) };
  };

  agent.painted = () => Promise.race([
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    new Promise((done) => setTimeout(done, 200)), // a tab in the background paints nothing
  ]);

  const out = (slot, x, y) => {
    const at = agent.frame(slot);
    const here = at && { x: at.left + x * at.scale, y: at.top + y * at.scale };
    const { right, bottom } = agent.view();
    return here && here.x >= 0 && here.y >= 0 && here.x < right && here.y < bottom ? here : null;
  };

  const cover = (slot, here) => {
    const target = here && agent.hit(here.x, here.y);
    return target === frames[slot]?.deref() ? "" : agent.title(target);
  };
}
