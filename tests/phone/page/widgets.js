// Builders of elements; `id` becomes the resource id and `desc` the content description.
"use strict";
const ui = (() => {
  function make(tag, options = {}, ...children) {
    const element = document.createElement(tag);
    const { id, desc, on = {}, tap, hold, ...attributes } = options;
    if (id) element.dataset.id = id;
    if (desc) element.setAttribute("aria-label", desc);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== false) element.setAttribute(name, value);
    }
    for (const [name, run] of Object.entries(on)) element.addEventListener(name, run);
    if (tap) element.addEventListener("click", tap);
    if (tap) element.dataset.tap = "";
    if (hold) { element.dataset.hold = ""; element.addEventListener("hold", hold); }
    element.append(...children.filter((child) => child || child === 0));
    return element;
  }

  const box = (name, ...children) => make("div", { class: name }, ...children);
  const text = (value, options = {}) => make("div", options, String(value));
  const heading = (value, options = {}) => make("h2", options, value);
  // A button that must not take the focus from a field.
  const press = (label, tap, options = {}) => make("button", { ...options, tap, "data-keep": "" }, label);
  const button = (label, tap, options = {}) => make("button", { class: "button", ...options, tap }, label);

  function bar(view, title, ...actions) {
    const up = view && press("←", () => phone.back(), { class: "button plain", id: "up", desc: "Navigate up" });
    return box("bar", up, make("h1", { id: "title" }, title), ...actions);
  }

  const scroll = (...children) => make("div", { class: "scroll", id: "list", "data-scroll": "" }, ...children);

  function row(title, tap, { id, detail, before, after, hold } = {}) {
    const words = box("grow", text(title, { id: "title" }), detail && text(detail, { class: "small", id: "summary" }));
    return make("div", { class: "row-item", id: id ?? "row", tap, hold }, before, words, after);
  }

  function toggle(title, on, change, { id, detail } = {}) {
    const mark = make("button", {
      class: "switch", role: "switch", "aria-checked": String(on), id: "switch_widget", desc: title,
    });
    return row(title, change, { id, detail, after: mark });
  }

  // The draft keeps what is typed, so that drawing the screen again loses nothing.
  function field(view, name, options = {}) {
    const { multiline, label, submit, change, ...rest } = options;
    view.draft[name] ??= options.value ?? "";
    const element = make(multiline ? "textarea" : "input", {
      id: name, placeholder: label, autocomplete: "off", spellcheck: "false", type: "text", ...rest,
      value: undefined,
      on: {
        input: () => { view.draft[name] = element.value; change?.(element.value); },
        keydown: (event) => {
          if (event.key === "Enter" && !multiline) { keyboard.hide(); submit?.(); }
        },
      },
    });
    element.value = view.draft[name];
    return element;
  }

  const tabs = (names, chosen, choose) => box("tabs", ...names.map((name) => make("button", {
    role: "tab", "aria-selected": String(name === chosen), id: "tab", tap: () => choose(name),
  }, name)));

  const fab = (label, desc, tap) => make("button", { class: "fab", id: "fab", desc, tap }, label);
  const avatar = (name) => box("avatar", name.slice(0, 1));
  return { make, box, text, heading, press, button, bar, scroll, row, toggle, field, tabs, fab, avatar };
})();

// What a finger means. Clicks are made here and not by the browser's own recognizer, which goes by
// the clock and swallows taps after a pinch or on a busy machine. A half-second's rest is a `hold`.
(() => {
  let timer = 0;
  let start = null;

  function began(event) {
    const touch = event.touches[0];
    start = { x: touch.clientX, y: touch.clientY, target: event.target, still: event.touches.length === 1 };
    clearTimeout(timer);
    const holding = event.target.closest("[data-hold]");
    if (holding && start.still) timer = setTimeout(() => hold(holding), 450);
  }

  function hold(element) {
    start.still = false;
    element.dispatchEvent(new Event("hold"));
  }

  function moved(event) {
    const touch = event.touches[0];
    if (!start || Math.hypot(touch.clientX - start.x, touch.clientY - start.y) <= 10) return;
    start.still = false;
    clearTimeout(timer);
  }

  function ended(event) {
    clearTimeout(timer);
    if (!start) return;
    const { x, y, target, still } = start;
    const range = target.matches("input[type=range]");
    start = null;
    if (still && !range) {
      event.preventDefault();
      tap(target.isConnected ? target : document.elementFromPoint(x, y));
    } else swipe(target, y, event.changedTouches[0].clientY - y);
  }

  function tap(target) {
    const field = target.closest("input, textarea");
    if (field) field.focus();
    else if (!target.closest("[data-keep]")) document.activeElement?.blur();
    target.click();
  }

  function swipe(target, from, distance) {
    if (phone.system.locked && distance < -80) phone.unlock();
    else if (!phone.system.locked && from < 40 && distance > 120) phone.shade(true);
    else if (distance < -80 && target.closest(".home")) phone.apps.get("launcher").drawer();
  }

  document.addEventListener("touchstart", began, { passive: true });
  document.addEventListener("touchmove", moved, { passive: true });
  document.addEventListener("touchend", ended, { passive: false });
  document.addEventListener("contextmenu", (event) => event.preventDefault());
})();
