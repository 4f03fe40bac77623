// A calculator with its own parser: nothing that is typed is run as code.
"use strict";
(() => {
  const keys = ["C", "(", ")", "÷", "7", "8", "9", "×", "4", "5", "6", "−", "1", "2", "3", "+", "0", ".", "⌫", "="];
  const names = { "÷": "divide", "×": "multiply", "−": "minus", "+": "plus", "=": "equals", C: "clear",
    "⌫": "delete", ".": "point", "(": "left parenthesis", ")": "right parenthesis" };

  function compute(text) {
    const tokens = text.match(/\d+\.?\d*|\.\d+|[-+*/()]/g) ?? [];
    let at = 0;
    const chain = (next, operators) => {
      let left = next();
      while (at < tokens.length && tokens[at] in operators) left = operators[tokens[at++]](left, next());
      return left;
    };
    const sum = () => chain(product, { "+": (a, b) => a + b, "-": (a, b) => a - b });
    const product = () => chain(factor, { "*": (a, b) => a * b, "/": (a, b) => a / b });
    const factor = () => {
      const token = tokens[at++];
      if (token === "-") return -factor();
      if (token !== "(") return Number(token);
      const inside = sum();
      at += 1;
      return inside;
    };
    return sum();
  }

  function press(view, key) {
    const data = view.data;
    if (key === "C") data.shown = "";
    else if (key === "⌫") data.shown = data.shown.slice(0, -1);
    else if (key === "=") {
      const plain = data.shown.replaceAll("÷", "/").replaceAll("×", "*").replaceAll("−", "-");
      const result = compute(plain);
      data.history.push(`${data.shown}=${result}`);
      data.shown = Number.isFinite(result) ? String(Math.round(result * 1e10) / 1e10).replace("-", "−") : "Error";
    } else data.shown = (data.shown === "Error" ? "" : data.shown) + key;
    view.refresh();
  }

  phone.define({
    package: "com.android.calculator2", activity: ".Calculator", label: "Calculator", chinese: "计算器",
    colour: "#33415c", glyph: "±",
    initial: () => ({ shown: "", history: [] }),
    screens: {
      main: (view) => [ui.bar(null, "Calculator"), ui.text(view.data.shown || "0", { class: "display", id: "result" }),
        ui.box("keys", ...keys.map((key) => ui.make("button", {
          class: names[key] ? "op" : "", id: `key_${names[key]?.replace(" ", "_") ?? key}`,
          desc: names[key], tap: () => press(view, key),
        }, key)))],
    },
  });
})();
