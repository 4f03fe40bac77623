// The soft keyboard: it covers the lower part of the screen while a field has the focus.
"use strict";
const keyboard = (() => {
  const root = document.getElementById("keyboard");
  let shift = false;
  let layout = "letters";
  let owner = "";
  const rows = {
    letters: ["qwertyuiop", "asdfghjkl", "zxcvbnm"],
    signs: ["1234567890", "@#$%&-+()", "*\"':;!?/"],
  };
  const field = () => {
    const element = document.activeElement;
    return element?.matches("input:not([type=range]), textarea") ? element : null;
  };

  function type(text) {
    document.execCommand("insertText", false, text);
    if (shift) { shift = false; draw(); }
  }

  function enter() {
    const target = field();
    if (target?.tagName === "TEXTAREA") type("\n");
    else target?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  }

  function draw() {
    const cased = (letter) => (shift ? letter.toUpperCase() : letter);
    const lines = rows[layout].map((line) => [...line].map((letter) =>
      ui.press(cased(letter), () => type(cased(letter)), { desc: letter, id: "key" })));
    const wide = (label, desc, tap, name = "wide") => ui.press(label, tap, { class: name, desc, id: "key" });
    lines[2].unshift(wide("⇧", "Shift", () => { shift = !shift; draw(); }));
    lines[2].push(wide("⌫", "Delete", () => document.execCommand("delete")));
    lines.push([
      wide(layout === "letters" ? "?123" : "ABC", "Symbols", () => {
        layout = layout === "letters" ? "signs" : "letters";
        draw();
      }),
      wide(",", "Comma", () => type(",")),
      wide("space", "Space", () => type(" "), "space"),
      wide(".", "Period", () => type(".")),
      wide("↵", "Enter", enter),
    ]);
    root.replaceChildren(...lines.map((keys) => ui.box("row", ...keys)));
    phone.touched();
  }

  function show() {
    root.dataset.package = owner.split("/")[0];
    root.hidden = false;
    const resizes = field()?.closest("[data-resize]");
    document.body.classList.toggle("resized", Boolean(resizes));
    draw();
  }

  function hide() {
    root.hidden = true;
    document.body.classList.remove("resized");
    phone.touched();
  }

  document.addEventListener("focusin", () => { if (field()) show(); });
  document.addEventListener("click", () => { if (field() && root.hidden) show(); });
  document.addEventListener("focusout", () => setTimeout(() => { if (!field()) hide(); }));
  return { shown: () => !root.hidden, hide, follow: (name) => { owner = name; } };
})();
