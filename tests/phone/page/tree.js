// The page as an accessibility tree: class, texts, flags, and bounds in device pixels.
"use strict";
const tree = (() => {
  const handles = [];
  const roots = ["keyguard", "shade", "dialog", "window", "status", "nav", "keyboard"]; // a toast is no window here
  const classes = {
    BUTTON: "android.widget.Button",
    INPUT: "android.widget.EditText",
    TEXTAREA: "android.widget.EditText",
    IMG: "android.widget.ImageView",
  };
  const roles = { switch: "android.widget.Switch", checkbox: "android.widget.CheckBox" };

  function className(element) {
    if (element.type === "range") return "android.widget.SeekBar";
    if (element.hasAttribute("data-scroll")) return "androidx.recyclerview.widget.RecyclerView";
    const known = roles[element.getAttribute("role")] ?? classes[element.tagName];
    return known ?? (ownText(element) ? "android.widget.TextView" : "android.view.ViewGroup");
  }

  function ownText(element) {
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    return texts.map((node) => node.textContent).join("").trim();
  }

  function textOf(element) {
    if (element.type === "range") return element.value;
    if (element.type === "password") return "•".repeat(element.value.length);
    return element.matches("input, textarea") ? element.value : ownText(element);
  }

  function flagsOf(element) {
    const editable = element.matches("input, textarea");
    const checked = element.getAttribute("aria-checked");
    const tap = element.hasAttribute("data-tap");
    const flags = {
      clickable: tap || editable,
      "long-clickable": element.hasAttribute("data-hold") || editable,
      focusable: tap || editable,
      focused: element === document.activeElement && editable,
      checkable: checked !== null,
      checked: checked === "true",
      selected: element.getAttribute("aria-selected") === "true",
      scrollable: element.hasAttribute("data-scroll") && element.scrollHeight > element.clientHeight,
      password: element.type === "password",
      disabled: element.disabled === true,
    };
    return Object.keys(flags).filter((name) => flags[name]);
  }

  const clip = (box, limit) => ({
    left: Math.max(box.left, limit.left), top: Math.max(box.top, limit.top),
    right: Math.min(box.right, limit.right), bottom: Math.min(box.bottom, limit.bottom),
  });

  // Elements that mean nothing by themselves are left out; their children move up.
  function visit(element, owner, limit) {
    if (element.hidden) return [];
    const box = clip(element.getBoundingClientRect(), limit);
    if (box.right - box.left < 1 || box.bottom - box.top < 1) return [];
    const inner = element.hasAttribute("data-scroll") ? box : limit;
    const children = [...element.children].flatMap((child) => visit(child, owner, inner));
    const flags = flagsOf(element);
    const text = textOf(element);
    const description = element.getAttribute("aria-label") ?? "";
    if (!text && !description && !flags.length && !element.dataset.id) return children;
    handles.push(element);
    return [{
      name: className(element), package: owner, text, description, flags, children,
      resource: element.dataset.id ? `${owner}:id/${element.dataset.id}` : "",
      hint: element.placeholder ?? "",
      bounds: ["left", "top", "right", "bottom"].map((side) => Math.round(box[side] * devicePixelRatio)),
      handle: handles.length - 1,
    }];
  }

  function windowNode(root) {
    const owner = root.dataset.package ?? "com.android.systemui";
    const limit = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    const box = clip(root.getBoundingClientRect(), limit);
    return {
      name: "android.widget.FrameLayout", package: owner, text: "", description: "", flags: [],
      resource: "", hint: "", handle: -1,
      bounds: ["left", "top", "right", "bottom"].map((side) => Math.round(box[side] * devicePixelRatio)),
      children: [...root.children].flatMap((child) => visit(child, owner, box)),
    };
  }

  function nodes() {
    handles.length = 0;
    const shown = roots.map((id) => document.getElementById(id)).filter((root) => !root.hidden);
    return shown.map(windowNode);
  }

  function setText(handle, text) {
    const element = handles[handle];
    if (!element?.matches("input, textarea")) return;
    element.value = text;
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  return { nodes, setText };
})();
