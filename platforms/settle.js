// Watches one frame for unrest: changes of its nodes, scrolling, finite animations.
// What keeps changing (a clock, a spinner) soon counts no longer.
(agent) => {
  "use strict";

  const NOISY = 6; // changes since reset() after which a node is ignored
  const EVERYTHING = { subtree: true, childList: true, attributes: true, characterData: true };
  const SCROLLS = 150; // scroll events of one smooth scroll on a fast screen

  let counts = new WeakMap();
  let stirredAt = performance.now();
  let version = 0;

  const stir = () => {
    stirredAt = performance.now();
    version++;
  };

  const isNews = (node, limit) => {
    const count = (counts.get(node) ?? 0) + 1;
    counts.set(node, count);
    return count <= limit;
  };

  const observer = new MutationObserver((records) => {
    const targets = new Set(records.map((record) => record.target));
    const news = [...targets].filter((node) => isNews(node, NOISY));
    if (news.length) stir();
  });

  addEventListener("scroll", (event) => isNews(event.target, SCROLLS) && stir(),
    { capture: true, passive: true });

  const roots = () => {
    const found = [document];
    for (const root of found) {
      for (const element of root.querySelectorAll("*")) {
        if (element.shadowRoot) found.push(element.shadowRoot);
      }
    }
    return found;
  };

  const isMoving = (animation) => {
    const end = animation.effect?.getComputedTiming().endTime;
    return animation.playState === "running" && typeof end === "number" && end < Infinity;
  };

  const watched = new WeakSet();

  const watchRoots = () => {
    for (const root of roots()) {
      if (!watched.has(root)) {
        observer.observe(root, EVERYTHING);
        watched.add(root);
      }
      if (agent.openLists(root)) stir();
    }
  };

  // Milliseconds of quiet so far, and a number that grows with every unrest.
  agent.calm = (reset) => {
    if (reset) {
      counts = new WeakMap();
      stir();
    }
    watchRoots();
    if (document.getAnimations().some(isMoving)) stir();
    return [performance.now() - stirredAt, version];
  };
}
