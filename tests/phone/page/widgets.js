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
  const press = (label, tap, options = {}) => make("button", {
    ...options, tap, on: { mousedown: (event) => event.preventDefault() },
  }, label);
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

// A finger that rests half a second on a holding element raises `hold`, and no click follows.
(() => {
  let timer = 0;
  let start = null;
  let held = false;
  document.addEventListener("touchstart", (event) => {
    const touch = event.touches[0];
    start = { x: touch.clientX, y: touch.clientY };
    held = false;
    const target = event.target.closest?.("[data-hold]");
    clearTimeout(timer);
    if (target) timer = setTimeout(() => { held = true; target.dispatchEvent(new Event("hold")); }, 450);
  }, { passive: true });
  document.addEventListener("touchmove", (event) => {
    const touch = event.touches[0];
    if (start && Math.hypot(touch.clientX - start.x, touch.clientY - start.y) > 10) clearTimeout(timer);
  }, { passive: true });
  document.addEventListener("touchend", (event) => {
    clearTimeout(timer);
    const touch = event.changedTouches[0];
    if (!start) return;
    const moved = touch.clientY - start.y;
    if (phone.system.locked && moved < -80) phone.unlock();
    else if (!phone.system.locked && start.y < 40 && moved > 120) phone.shade(true);
    else if (moved < -80 && event.target.closest?.(".home")) phone.apps.get("launcher").drawer();
    start = null;
  }, { passive: true });
  document.addEventListener("click", (event) => {
    if (held) { event.stopPropagation(); event.preventDefault(); held = false; }
  }, true);
  document.addEventListener("contextmenu", (event) => event.preventDefault());
})();
