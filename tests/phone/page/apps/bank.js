// A bank whose window is secure: screenshots of it are black, the tree stays readable.
"use strict";
(() => {
  function main(view) {
    if (view.data.open) return account(view);
    function enter() {
      if (view.draft.pin === "2468") { view.data.open = true; view.refresh(); } else phone.toast("Wrong PIN");
    }
    return [ui.bar(null, "Harbour Bank"), ui.scroll(ui.text("Enter your PIN"),
      ui.box("field", ui.field(view, "pin", { label: "PIN", type: "password", inputmode: "numeric", submit: enter })),
      ui.button("Log in", enter, { id: "login", class: "button main" }))];
  }

  const account = (view) => [ui.bar(null, "Accounts"), ui.scroll(
    ui.row("Current account", null, { detail: "€1,204.77" }), ui.row("Savings", null, { detail: "€8,300.00" }),
    ui.button("Transfer", () => view.go("transfer"), { id: "transfer" }))];

  function transfer(view) {
    function send() {
      phone.dialog("Send money?", `${view.draft.amount} to ${view.draft.payee}`, [["Cancel", null], ["Send", () => {
        view.data.transfers.push({ payee: view.draft.payee, amount: view.draft.amount });
        view.done();
      }]]);
    }
    return [ui.bar(view, "Transfer"), ui.scroll(ui.box("field", ui.field(view, "payee", { label: "To" })),
      ui.box("field", ui.field(view, "amount", { label: "Amount" })), ui.button("Send", send, { id: "send" }))];
  }

  phone.define({
    package: "com.example.bank", activity: ".MainActivity", label: "Harbour Bank", chinese: "港湾银行",
    colour: "#0b3d63", glyph: "⚓", secure: true,
    initial: () => ({ open: false, transfers: [] }),
    screens: { main, transfer },
  });
})();
