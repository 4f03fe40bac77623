// Fields, lists and pickers: what the browser draws itself can't be clicked, so it is made
// clickable or filled in here. `agent.picked` is the element that a call is about.
(agent) => {
  "use strict";

  const FILLED = /^(date|time|datetime-local|month|week|color|range)$/; // not by keys
  const TYPED = /^(text|search|email|url|tel|password|number)$/;
  const PICKER = /^(date|time|datetime-local|month|week|color)$/;

  // Lists that open as part of the page: Chromium 135 and later. The sheet is not in the tree, so
  // no observer of the page's sees it come.
  const LISTS = "select:not([multiple]):is(:not([size]), [size='0'], [size='1'])";
  // Where a page says `display: block`, as many do, the arrow would take a line of its own.
  const ARROW = `${LISTS}::picker-icon {
    float: inline-end; align-self: end; height: 1lh; margin-block-start: -1lh; }`;
  const isSupported = CSS.supports("appearance", "base-select");
  let sheet = null;

  agent.openLists = (root) => {
    if (!isSupported || !root.querySelector("select")) return false;
    if (sheet && root.adoptedStyleSheets.includes(sheet)) return false;
    sheet ??= new CSSStyleSheet();
    sheet.replaceSync(`
      ${LISTS}, ${LISTS}::picker(select) { appearance: base-select !important; }
      ${LISTS} { min-inline-size: calc-size(max-content, size + 1.4em); }
      ${ARROW}`);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return true;
  };

  // The browser's own calendars and colour tables show in pictures but take no clicks: they stay
  // shut.
  addEventListener("click", (event) => {
    const [target] = event.composedPath();
    if (target.localName === "input" && PICKER.test(target.type)) event.preventDefault();
  }, { capture: true });

  const isEditable = (element) =>
    element.isContentEditable || element.localName === "textarea" ||
    (element.localName === "input" && (TYPED.test(element.type) || FILLED.test(element.type)));

  const deepActive = () => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active;
  };

  const facts = (element) => ({
    title: agent.title(element),
    type: element.localName === "input" ? element.type : element.localName,
    isMultiline: element.localName === "textarea" || element.isContentEditable,
    isFilled: element.localName === "input" && FILLED.test(element.type),
    isLocked: element.matches(":disabled") ? "disabled" : element.readOnly ? "read-only" : "",
    isEmpty: textOf(element) === "",
  });

  const textOf = (element) =>
    element.isContentEditable ? element.innerText.replace(/\n$/, "") : element.value;

  const FIELDS = "input, textarea, [contenteditable]";
  const REFUSE = "a[href], button, input, select, summary, option, [role=button], [role=link], " +
    "[role=checkbox], [role=radio], [role=switch], [role=tab], [role=menuitem], [role=option]";

  // The field that text for the picked element goes to: itself, its label's, or the only one in it.
  agent.field = () => {
    const picked = agent.picked;
    const label = agent.ancestor(picked, (at) => at.localName === "label");
    const inside = picked ? [...picked.querySelectorAll(FIELDS)].filter(isEditable) : [];
    const editable = agent.ancestor(picked, isEditable);
    const control = label?.control && isEditable(label.control) ? label.control : null;
    const field = editable ?? control ?? (inside.length === 1 ? inside[0] : null);
    if (field) {
      agent.picked = field;
      return facts(field);
    }
    const pressed = agent.ancestor(picked, (at) => at.matches(REFUSE));
    return { title: agent.title(pressed ?? picked), isRefused: pressed !== null };
  };

  // The field that has the keyboard in this frame, now picked; or null.
  agent.focused = () => {
    const active = document.hasFocus() ? deepActive() : null;
    if (!active || !isEditable(active)) return null;
    agent.picked = active;
    return facts(active);
  };

  agent.focus = () => agent.picked.focus();

  agent.facts = () => facts(agent.picked);

  // The caret goes behind the last character; false where only the End key can do that.
  agent.caretToEnd = () => {
    const field = agent.picked;
    if (field.isContentEditable) {
      getSelection().selectAllChildren(field);
      getSelection().collapseToEnd();
      return true;
    }
    if (field.selectionStart === null) return false;
    field.setSelectionRange(field.value.length, field.value.length);
    return true;
  };

  // Does the field hold this text (at its end, when it was added)? Passwords are only counted.
  agent.holdsText = (expected, whole) => {
    const field = agent.picked;
    const now = textOf(field).replace(/\u00a0/g, " ");
    const same = whole ? now === expected : now.includes(expected);
    const secret = field.type === "password";
    return { same, now: secret ? `${now.length} characters` : now.slice(0, 200) };
  };

  // Set a value that keys can't reach, as a person's choice in the picker would.
  agent.fill = (value) => {
    const field = agent.picked;
    field.focus();
    field.value = value;
    announce(field);
    const { value: now, min, max, validity } = field;
    return { now, min, max, isOutside: validity.rangeUnderflow || validity.rangeOverflow };
  };

  const announce = (element) => {
    element.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
    element.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const list = () => {
    const label = agent.ancestor(agent.picked, (at) => at.localName === "label");
    return agent.ancestor(agent.picked, (at) => at.localName === "select") ??
      (label?.control?.localName === "select" ? label.control : null) ??
      agent.picked?.querySelector("select") ?? null;
  };

  // The native list at the picked element, or null.
  agent.list = () => {
    const select = list();
    if (!select) return null;
    agent.picked = select;
    const isDropDown = select.matches(LISTS);
    // Not in an older browser, nor where the page insists on another appearance.
    const opensInPage = isDropDown && getComputedStyle(select).appearance === "base-select";
    return {
      isDisabled: select.matches(":disabled"),
      isDropDown,
      isMultiple: select.multiple,
      opensInPage,
      isOpen: opensInPage && select.matches(":open"),
      options: [...select.options].map((option) => ({
        text: agent.clean(option.label || option.text),
        isDisabled: option.matches(":disabled"),
        isSelected: option.selected,
      })),
    };
  };

  // Where option number `index` of the picked list can be clicked, or null.
  agent.optionSpot = async (index) => {
    const option = agent.picked.options[index];
    if (!option?.checkVisibility()) return null;
    const box = agent.spot(option, new agent.Regions()) ?? (await agent.reveal(option));
    return box && { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  };

  agent.isSelected = (index) => agent.picked.options[index]?.selected === true;

  agent.choose = (index) => {
    agent.picked.options[index].selected = true;
    announce(agent.picked);
  };
}
