// Finds what can be clicked or read in one frame. Runs in an isolated world: the page neither sees
// nor disturbs it. Rule: the centre of every box that leaves here was hit-tested.
(agent) => {
  "use strict";

  const CONTROL_ROLES = new Set(
    ("button link checkbox radio switch tab menuitem menuitemcheckbox menuitemradio option " +
      "textbox searchbox combobox slider spinbutton treeitem").split(" "));
  const HANDLES = new Set(["pointer", "grab", "move"]); // cursors that promise a reaction
  const MAX_GROUP = 0.5; // of the view: larger click catchers are backdrops and app shells
  const MAX_TEXTS = 200;
  const MAX_SWAP = 500; // milliseconds

  let nodes = []; // WeakRefs of the elements that the last collect() marked

  const isControl = (element) => {
    switch (element.localName) {
      case "input": return element.type !== "hidden";
      case "button": case "select": case "textarea": case "summary": case "option": return true;
      case "a": if (element.hasAttribute("href")) return true; break;
      case "video": case "audio": if (element.controls) return true;
    }
    const isHost = element.isContentEditable && !element.parentElement?.isContentEditable;
    return isHost || CONTROL_ROLES.has(agent.role(element));
  };

  const isGroup = (element) =>
    element.hasAttribute("onclick") || isLabel(element) ||
    (element.hasAttribute("tabindex") && element.tabIndex >= 0) ||
    (element.draggable === true && element.localName !== "img");

  const isLabel = (element) => element.localName === "label" && element.control !== null;

  const isHeading = (element) =>
    /^h[1-6]$/.test(element.localName) || agent.role(element) === "heading";

  const isPicture = (element) => /^(img|svg|canvas)$/.test(element.localName);

  const hasOwnText = (element) => {
    for (let node = element.firstChild; node; node = node.nextSibling) {
      if (node.nodeType === Node.TEXT_NODE && /\S/.test(node.data)) return true;
    }
    return false;
  };

  // One pass over the rendered tree in document order; gives up at the time limit.
  class Survey {
    constructor(regions, listening, limit) {
      Object.assign(this, { regions, listening, limit, order: 0, cut: false, heading: null });
      this.candidates = [];
      this.readable = []; // elements with words of their own, pictures
      this.frames = [];
    }

    walk(parent, cursor) {
      for (let at = parent.firstElementChild; at && !this.cut; at = at.nextElementSibling) {
        this.visit(at, cursor);
      }
    }

    visit(element, inherited) {
      if (++this.order % 256 === 0) this.cut = performance.now() > this.limit;
      if (agent.isSilent(element) || !agent.isRendered(element)) return;
      const { cursor } = getComputedStyle(element);
      if (isHeading(element)) this.heading = element;
      if (this.isInView(element)) this.consider(element, cursor, inherited);
      if (element.shadowRoot) this.walk(element.shadowRoot, cursor);
      this.walk(element, cursor);
    }

    // Boxes without an area stay: what shows may hang out of them.
    isInView(element) {
      const rect = element.getBoundingClientRect();
      return !agent.area(rect) || agent.area(agent.overlap(rect, this.regions.view)) > 0;
    }

    consider(element, cursor, inherited) {
      const { order, heading } = this;
      const kind = this.kind(element, cursor, inherited);
      if (kind && agent.isShown(element)) this.candidates.push({ element, kind, order, heading });
      if (agent.isFrame(element)) this.frames.push({ element, order });
      else if (isPicture(element) || hasOwnText(element)) this.readable.push({ element, order });
    }

    kind(element, cursor, inherited) {
      if (isControl(element)) return "control";
      if (element === document.body || element === document.documentElement) return null;
      const isHandle = HANDLES.has(cursor);
      const reacts = (isHandle && !HANDLES.has(inherited)) || isGroup(element);
      if (reacts || this.listening.has(element)) {
        if (this.isBackdrop(element)) return null;
        return reacts ? "group" : "listener";
      }
      return isHandle && (isPicture(element) || hasOwnText(element)) ? "leaf" : null;
    }

    isBackdrop(element) {
      const share = agent.area(element.getBoundingClientRect()) / agent.area(this.regions.view);
      return share > MAX_GROUP && !isLabel(element);
    }
  }

  // Innermost wins: a control hides what lies in it; a group or listener gives way to what it
  // contains, and then leaves the words between, or hanging out of it (leaf).
  const choose = (candidates, regions) => {
    const kept = new Map();
    const owners = new Set(); // everything around a kept element
    const keptAround = (element) => agent.ancestor(agent.parent(element), (at) => kept.has(at));
    const isSpoken = (element) =>
      kept.has(agent.ancestor(element, (at) => at.localName === "label")?.control);
    const keep = (one) => {
      one.box = agent.spot(one.element, regions);
      if (!one.box) return;
      kept.set(one.element, one);
      for (let at = agent.parent(one.element); at; at = agent.parent(at)) owners.add(at);
    };

    for (const one of candidates.filter(({ kind }) => kind === "control")) {
      const outer = keptAround(one.element);
      if (!outer || isNested(outer, one.element)) keep(one);
    }
    for (const one of candidates.filter(({ kind }) => /group|listener/.test(kind)).reverse()) {
      const { element } = one;
      if (!owners.has(element) && !kept.has(element.control) && !keptAround(element)) keep(one);
    }
    for (const one of candidates.filter(({ kind }) => kind === "leaf")) {
      const outer = keptAround(one.element);
      if ((!outer || hangsOut(one.element, outer)) && !isSpoken(one.element)) keep(one);
    }
    const hasSpot = (one) => !owners.has(one.element) || freeSpot(one, kept, regions);
    return candidates.filter((one) => kept.has(one.element) && hasSpot(one));
  };

  // Controls that act on their own inside another: the cross in a tab, the button in a linked card.
  const isNested = (outer, inner) =>
    !/^(button|option)$/.test(outer.localName) &&
    (/^(button|input|select|textarea|option)$/.test(inner.localName) ||
      (inner.localName === "a" && outer.localName !== "a"));

  // The items of a list that drops out of the box that opened it: its mark does not reach them.
  const hangsOut = (inner, outer) =>
    !agent.area(agent.overlap(inner.getBoundingClientRect(), outer.getBoundingClientRect()));

  // A control around others needs a point of its own, and more to say than a single one in it.
  const freeSpot = (one, kept, regions) => {
    const inner = [...kept.keys()].filter(
      (other) => other !== one.element && agent.holds(one.element, other));
    if (inner.length === 1 && agent.name(inner[0]) === agent.name(one.element)) return false;
    const isFree = (target) =>
      agent.reaches(one.element, target) && !inner.some((other) => agent.reaches(other, target));
    one.box = agent.spot(one.element, regions, isFree);
    return one.box !== null;
  };

  // Pictures and words outside the marked elements; words are joined per block.
  const readings = (readable, marked, regions) => {
    const found = new Map();
    for (const { element, order } of readable) {
      if (agent.ancestor(element, (at) => marked.has(at))) continue;
      const block = agent.ancestor(element, (at) => !agent.isInline(at)) ?? element;
      if (isPicture(element)) found.set(element, readPicture(element, order, regions));
      else if (!found.has(block)) found.set(block, readBlock(block, order, marked, regions));
    }
    return [...found.values()].filter((one) => one?.box).slice(0, MAX_TEXTS);
  };

  const readPicture = (element, order, regions) => {
    const text = element.getAttribute("alt") || element.getAttribute("aria-label");
    return text && { order, role: "image", text, box: agent.spot(element, regions) };
  };

  // The words of a block and of the inline elements in it. One visible line of them that is on top
  // is proof enough for the others.
  const readBlock = (block, order, marked, regions) => {
    const role = agent.ancestor(block, isHeading) ? "heading" : "text";
    const one = { order, role, text: "", box: null };
    let last = null;
    const read = (node) => {
      if (node.nodeType === Node.TEXT_NODE) {
        const box = /\S/.test(node.data) ? textBox(node, regions, one.box !== null) : null;
        if (box && last && isApart(last, box)) one.text += " ";
        one.text += box || one.text ? node.data : "";
        one.box = box && one.box ? union(one.box, box) : box ?? one.box;
        last = box ?? last;
      } else if (node === block || isReadOn(node, marked)) {
        for (let at = node.firstChild; at; at = at.nextSibling) read(at);
      }
    };
    read(block);
    return one;
  };

  // On another line, or with a gap between: two words, though no white space stands between them.
  const isApart = (one, next) => next.left - one.right > 2 || next.top >= one.bottom - 2;

  const isReadOn = (node, marked) =>
    node.nodeType === Node.ELEMENT_NODE && !marked.has(node) && !agent.isSilent(node) &&
    agent.isRendered(node) && agent.isInline(node);

  const textBox = (node, regions, isProven) => {
    const parent = node.parentElement ?? node.getRootNode().host;
    const range = document.createRange();
    range.selectNodeContents(node);
    const region = regions.within(parent);
    const seen = (rect) => agent.overlap(rect, region);
    const lines = [...range.getClientRects()].slice(0, 8).map(seen);
    const isOnTop = (rect) => {
      const target = agent.probe(rect, 0.5, 0.5);
      return target && agent.holds(target, parent);
    };
    const isSeen = lines.some((rect) => agent.shows(rect) && (isProven || isOnTop(rect)));
    return isSeen && agent.isShown(parent) ? seen(range.getBoundingClientRect()) : null;
  };

  const union = (a, b) => ({
    left: Math.min(a.left, b.left), top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom),
  });

  const round = ({ left, top, right, bottom }) =>
    [left, top, right, bottom].map((edge) => Math.round(edge * 100) / 100);

  // Everything to say about this frame, in document order. `clip` is the part of it that shows
  // (null: all); `listeners` are the positions, among all elements, of those with mouse listeners.
  agent.collect = (clip, listeners, milliseconds) => {
    agent.forget();
    const [left, top, right, bottom] = clip ?? [0, 0, innerWidth, innerHeight];
    const regions = new agent.Regions(agent.overlap(agent.view(), { left, top, right, bottom }));
    const all = listeners.length ? document.getElementsByTagName("*") : [];
    const listening = new Set(listeners.map((index) => all[index]));
    const survey = new Survey(regions, listening, performance.now() + milliseconds);
    survey.walk(document, "auto");
    const marks = choose(survey.candidates, regions);
    nodes = marks.map(({ element }) => new WeakRef(element));
    // What listens may do so for the items in it: their words are worth telling.
    const spoken = marks.filter(({ kind }) => kind !== "listener");
    const marked = new Set(spoken.map(({ element }) => element));
    const described = agent.describe(marks);
    const entries = [
      ...marks.map(({ order, box }, node) =>
        ({ order, node, box: round(box), ...described[node] })),
      ...readings(survey.readable, marked, regions).map(({ order, role, text, box }) =>
        ({ order, role, text: agent.clean(text), box: round(box) })),
      ...survey.frames.map(({ element, order }) =>
        ({ order, slot: agent.slot(element), frame: agent.frame(agent.slot(element), regions) })),
    ];
    return {
      width: innerWidth, height: innerHeight, title: String(document.title), cut: survey.cut,
      ...agent.extent(),
      entries: entries.sort((a, b) => a.order - b.order),
    };
  };

  agent.picked = null; // the element that the next call about a field or list means

  // Where a marked node can be clicked now: the wanted point if that still reaches it.
  agent.locate = async (node, x, y) => {
    agent.forget();
    const element = nodes[node]?.deref();
    if (!element?.isConnected || !agent.isRendered(element)) return { gone: true };
    agent.picked = element;
    const tag = element.localName;
    const swaps = getComputedStyle(element).content.includes("url(");
    if (agent.reaches(element, agent.hit(x, y))) return { x, y, tag, swaps };
    const spot = agent.spot(element, new agent.Regions()) ?? (await agent.reveal(element));
    if (spot) {
      return { x: (spot.left + spot.right) / 2, y: (spot.top + spot.bottom) / 2, tag, swaps };
    }
    return { cover: agent.title(agent.probe(element.getBoundingClientRect(), 0.5, 0.5)) };
  };

  // Pointed at, some icons show another picture, and have no size until that has been loaded.
  agent.awaitSwap = async (x, y) => {
    const until = performance.now() + MAX_SWAP;
    for (let steady = 0; steady < 3 && performance.now() < until; ) {
      await agent.painted();
      steady = agent.reaches(agent.picked, agent.hit(x, y)) ? steady + 1 : 0;
    }
  };

  agent.reveal = async (element) => {
    element.scrollIntoView(agent.CENTERED);
    await agent.painted(); // lists and headers move once more when they are scrolled
    return agent.spot(element, new agent.Regions());
  };

  // What lies at a point: the frame in this slot and the point in it, or an element, now picked.
  agent.pick = (x, y) => {
    agent.forget();
    const element = agent.hit(x, y);
    const slot = element && agent.isFrame(element) ? agent.slot(element) : null;
    const at = slot === null ? null : agent.frame(slot);
    if (at) return { slot, x: (x - at.left) / at.scale, y: (y - at.top) / at.scale };
    agent.picked = element;
    return { tag: element?.localName ?? "" };
  };
}
