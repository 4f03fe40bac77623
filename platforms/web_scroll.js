// What scrolls, how far it still can, and where the wheel must turn for it.
(agent) => {
  "use strict";

  const POINTS = [[0.5, 0.5], [0.5, 0.25], [0.5, 0.75], [0.25, 0.5], [0.75, 0.5],
    [0.1, 0.5], [0.9, 0.5], [0.02, 0.5], [0.98, 0.5], [0.5, 0.98], [0.5, 0.05]];

  const root = () => document.scrollingElement ?? document.documentElement;

  const scrolls = (element, vertical) => {
    const style = getComputedStyle(element);
    const overflow = vertical ? style.overflowY : style.overflowX;
    const hidden = vertical ? element.scrollHeight - element.clientHeight
      : element.scrollWidth - element.clientWidth;
    if (hidden < 1) return false;
    return element === root() ? overflow !== "hidden" : /auto|scroll|overlay/.test(overflow);
  };

  const room = (element, dx, dy) => {
    const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight, clientWidth } = element;
    if (dy) return dy > 0 ? scrollHeight - clientHeight - scrollTop : scrollTop;
    return dx > 0 ? scrollWidth - clientWidth - scrollLeft : scrollLeft;
  };

  const facts = (element, dx, dy) => ({
    size: dy ? element.clientHeight : element.clientWidth,
    room: Math.max(0, Math.round(room(element, dx, dy))),
  });

  // What the wheel would turn at this element: the nearest thing with room left, as browsers do.
  const under = (element, dx, dy) => {
    const isRoot = (at) => at === document.documentElement || at === document.body;
    const chain = [];
    for (let at = element; at && !isRoot(at); at = agent.parent(at)) chain.push(at);
    const all = [...chain, root()].filter((at) => scrolls(at, dy !== 0));
    return all.find((at) => room(at, dx, dy) >= 1) ?? all[0] ?? null;
  };

  agent.scroller = (x, y, dx, dy) => {
    const found = under(agent.hit(x, y), dx, dy);
    return found && facts(found, dx, dy);
  };

  // The window, or, where an app fills it with a scroller of its own, the largest one.
  const main = (vertical) => {
    if (scrolls(root(), vertical)) return root();
    const found = POINTS.map(([fx, fy]) => agent.hit(innerWidth * fx, innerHeight * fy))
      .map((element) => agent.ancestor(element, (at) => scrolls(at, vertical))).filter(Boolean);
    const size = (element) => element.clientWidth * element.clientHeight;
    return found.sort((a, b) => size(b) - size(a))[0] ?? null;
  };

  // Where to turn the wheel so that the main thing scrolls, not a box or a frame within it.
  agent.mainScroller = (dx, dy) => {
    const wanted = main(dy !== 0);
    if (!wanted) return null;
    const places = POINTS.map(([fx, fy]) => [innerWidth * fx, innerHeight * fy]);
    const free = places.find(([x, y]) => {
      const element = agent.hit(x, y);
      return element && !agent.isFrame(element) && under(element, dx, dy) === wanted;
    });
    const [x, y] = free ?? places[0];
    return { x, y, ...facts(wanted, dx, dy) };
  };

  // Screens of content above and below what shows.
  agent.extent = () => {
    const wanted = main(true);
    const height = wanted?.clientHeight || 1;
    const screens = (pixels) => Math.round((Math.max(0, pixels) / height) * 100) / 100;
    return {
      above: wanted ? screens(wanted.scrollTop) : 0,
      below: wanted ? screens(room(wanted, 0, 1)) : 0,
    };
  };

  let taken = false;
  addEventListener("wheel", (event) => { taken = event.defaultPrevented; }, { passive: true });

  // Did the page use the last turn of the wheel for something of its own, such as a map?
  agent.wheelTaken = () => taken;
}
