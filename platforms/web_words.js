// Says in words what an element is: role, name, value, states, and what tells it from its twins.
(agent) => {
  "use strict";

  const SILENT = new Set("SCRIPT STYLE NOSCRIPT TEMPLATE HEAD".split(" "));
  const MAX_NAME = 200; // characters, as `Element.name` promises
  const MAX_WORDS = 240;
  const MAX_TEXT = 300;
  const MAX_VALUE = 2000; // of a text area: its end may be asked for
  const MAX_CONTEXT = 160;

  agent.isSilent = (element) => SILENT.has(element.tagName);

  agent.clean = (text, limit = MAX_NAME) => text.replace(/\s+/g, " ").trim().slice(0, limit);

  // What was found out about elements during one look; a page of many twins asks again and again.
  let memory = { inline: new Map(), rendered: new Map(), words: new Map() };

  agent.forget = () => {
    memory = { inline: new Map(), rendered: new Map(), words: new Map() };
  };

  const remembered = (known, element, find) => {
    if (!known.has(element)) known.set(element, find(element));
    return known.get(element);
  };

  agent.isInline = (element) => remembered(memory.inline, element,
    () => /^(inline|contents|ruby.*)$/.test(getComputedStyle(element).display));

  agent.isRendered = (element) => remembered(memory.rendered, element,
    () => element.checkVisibility() || getComputedStyle(element).display === "contents");

  // What a person reads in an element: its text, alternative texts and the faces of buttons.
  agent.words = (element, limit = MAX_NAME) =>
    remembered(memory.words, element, read).slice(0, limit).trim();

  const read = (element) => {
    const parts = [];
    let length = 0;
    const add = (text) => {
      parts.push(text);
      length += text.length;
    };
    const visit = (node) => {
      if (length > MAX_WORDS * 2) return;
      if (node.nodeType === Node.TEXT_NODE) return add(node.data);
      if (node.nodeType !== Node.ELEMENT_NODE || agent.isSilent(node)) return;
      if (!agent.isRendered(node) || (node.localName === "select" && node !== element)) return;
      if (node.localName === "br") return add(" ");
      if (node.localName === "img") add(` ${attribute(node, "alt")} `);
      if (isButtonInput(node)) add(` ${node.value} `);
      if (!agent.isInline(node)) add(" ");
      for (let at = node.shadowRoot?.firstChild; at; at = at.nextSibling) visit(at);
      for (let at = node.firstChild; at; at = at.nextSibling) visit(at);
      if (!agent.isInline(node)) add(" ");
    };
    visit(element);
    return agent.clean(parts.join(""), MAX_WORDS);
  };

  const attribute = (element, key) => element.getAttribute(key) ?? "";

  const isButtonInput = (element) =>
    element.localName === "input" && /^(submit|button|reset)$/.test(element.type);

  const ariaName = (element) => {
    const ids = attribute(element, "aria-labelledby").split(/\s+/).filter(Boolean);
    const labels = ids.map((id) => element.getRootNode().getElementById?.(id)?.textContent ?? "");
    return agent.clean(labels.join(" ")) || agent.clean(attribute(element, "aria-label"));
  };

  const FACES = { submit: "Submit", reset: "Reset" };

  agent.name = (element) => {
    const isField = /^(input|select|textarea)$/.test(element.localName);
    const labels = [...(element.labels ?? [])].map((label) => agent.words(label)).join(" ");
    const face = isButtonInput(element) ? element.value || FACES[element.type] || "" : "";
    const says = element.isContentEditable || isField ? "" : agent.words(element);
    const drawing = element.querySelector("svg > title, [aria-label]");
    return agent.clean(
      ariaName(element) || labels || face || attribute(element, "alt") || says ||
        (drawing && (ariaName(drawing) || drawing.textContent)) ||
        attribute(element, "placeholder") || attribute(element, "aria-placeholder") ||
        attribute(element, "title") || (isField ? "" : agent.icon(element)));
  };

  // For a message: what is this, in a few words?
  agent.title = (element) => {
    if (!element) return "something outside the page";
    const words = ariaName(element) || agent.words(element) || attribute(element, "id");
    return words ? `${roleOf(element)} "${words.slice(0, 60)}"` : `a ${element.localName} element`;
  };

  const INPUT_ROLES = {
    checkbox: "checkbox", radio: "radio", range: "slider", number: "spinbutton",
    search: "searchbox", submit: "button", button: "button", reset: "button", image: "button",
    file: "button",
  };
  const TAG_ROLES = {
    a: "link", button: "button", summary: "button", option: "option", textarea: "textbox",
    img: "image", svg: "image", canvas: "image", video: "video", audio: "audio",
  };

  const roleOf = (element) => {
    const given = agent.role(element);
    if (given && given !== "presentation" && given !== "none") return given;
    const tag = element.localName;
    if (tag === "label" && element.control) return roleOf(element.control);
    if (tag === "select") return element.multiple || element.size > 1 ? "listbox" : "combobox";
    if (tag === "input") return element.list ? "combobox" : INPUT_ROLES[element.type] ?? "textbox";
    return element.isContentEditable ? "textbox" : TAG_ROLES[tag] ?? "generic";
  };

  const controlOf = (element) => (element.localName === "label" && element.control) || element;

  const VALUELESS = /^(password|checkbox|radio|submit|button|reset|image|hidden)$/;

  const valueOf = (control) => {
    switch (control.localName) {
      case "textarea": return control.value;
      case "select":
        return [...control.selectedOptions].map((option) => agent.clean(option.label)).join(", ");
      case "input":
        if (VALUELESS.test(control.type)) return null;
        if (control.type === "file") return [...control.files].map((file) => file.name).join(", ");
        return control.value;
    }
    return control.isContentEditable ? control.innerText : null;
  };

  const statesOf = (control) => {
    const aria = (key) => control.getAttribute(`aria-${key}`);
    const details = control.localName === "summary" ? control.parentElement : null;
    const isOpen = details?.open || (control.localName === "select" && control.matches(":open"));
    const tests = {
      checked: control.checked || aria("checked") === "true" || aria("pressed") === "true",
      selected: control.selected || aria("selected") === "true" || aria("current") === "page",
      disabled: control.matches(":disabled") || aria("disabled") === "true",
      expanded: aria("expanded") === "true" || isOpen,
      collapsed: aria("expanded") === "false" || details?.open === false,
      focused: control.getRootNode().activeElement === control,
      required: control.required || aria("required") === "true",
      readonly: control.readOnly || aria("readonly") === "true",
      multiline: control.localName === "textarea" || control.isContentEditable,
      password: control.type === "password",
      haspopup: roleOf(control) === "combobox" || ![null, "false"].includes(aria("haspopup")),
    };
    return Object.keys(tests).filter((key) => tests[key]);
  };

  const ITEM = /^(tr|li|article|dd)$/;
  const ITEM_ROLE = /^(row|listitem|article|treeitem|gridcell)$/;
  const GROUP = /^(dialog|section|form|nav|aside|fieldset|table)$/;
  const GROUP_ROLE = /^(dialog|alertdialog|region|group|radiogroup|toolbar|tablist|menu|form)$/;

  const without = (text, own) => agent.clean(own ? text.replace(own, " ") : text, 120);

  // The words of the largest ancestor that holds no second element of this name.
  const card = (element, name, holders) => {
    let found = "";
    let at = agent.parent(element);
    for (; at && holders.get(at)?.get(name) === 1; at = agent.parent(at)) {
      found = without(agent.words(at, 240), name) || found;
    }
    return found;
  };

  const groupName = (element) => {
    const isDialog = element.localName === "dialog" || /dialog$/.test(agent.role(element));
    const title = element.localName === "fieldset" ? element.querySelector(":scope > legend")
      : isDialog ? element.querySelector("h1,h2,h3,h4,[role=heading]") : null;
    return ariaName(element) || (title ? agent.words(title, 80) : "");
  };

  const context = ({ element, name, heading }, holders) => {
    let item = card(element, name, holders);
    const list = element.localName === "option" ? element.closest("select") : null;
    let group = list ? agent.name(list) : "";
    for (let at = agent.parent(element); at && !(item && group); at = agent.parent(at)) {
      const isItem = ITEM.test(at.localName) || ITEM_ROLE.test(agent.role(at));
      const isGroup = GROUP.test(at.localName) || GROUP_ROLE.test(agent.role(at));
      if (isItem) item ||= without(agent.words(at, 240), name);
      if (isGroup) group ||= groupName(at);
    }
    const section = heading?.parentElement?.parentElement;
    const isUnder = section && agent.holds(section, element) && !agent.holds(heading, element);
    if (isUnder) group ||= agent.words(heading, 80);
    return agent.clean([item, group].filter(Boolean).join(" · "), MAX_CONTEXT);
  };

  // How many elements of each name an ancestor holds; only names that occur more than once.
  const countTwins = (marks) => {
    const total = new Map();
    for (const { name } of marks) total.set(name, (total.get(name) ?? 0) + 1);
    const holders = new Map();
    for (const { element, name } of marks.filter((one) => total.get(one.name) > 1)) {
      for (let at = element, depth = 0; at && depth < 8; at = agent.parent(at), depth++) {
        const names = holders.get(at) ?? holders.set(at, new Map()).get(at);
        names.set(name, (names.get(name) ?? 0) + 1);
      }
    }
    return holders;
  };

  // Single line breaks stay: the trained element list keeps them.
  const trained = (text) => text.trim().replace(/\s{2,}/g, " ").slice(0, MAX_TEXT);

  agent.describe = (marks) => {
    for (const one of marks) one.name = agent.name(one.element);
    const holders = countTwins(marks);
    return marks.map((one) => ({
      role: roleOf(one.element),
      name: one.name,
      tag: one.element.localName,
      type: /^(input|button)$/.test(one.element.localName) ? one.element.type : "",
      text: trained(one.element.textContent),
      label: agent.clean(attribute(one.element, "aria-label")),
      value: valueOf(controlOf(one.element))?.slice(0, MAX_VALUE) ?? null,
      states: statesOf(controlOf(one.element)),
      context: context(one, holders),
    }));
  };
}
