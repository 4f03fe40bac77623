// The home screen: icons, and a drawer with every app that is opened by swiping up.
"use strict";
(() => {
  const name = (app) => (phone.system.language === "zh" ? app.chinese : app.label);
  // Apps that were installed later have an icon in the drawer, and an empty screen.
  const later = () => phone.system.others
    .map((app) => ({ ...app, colour: "#475569", glyph: "◇", drawerOnly: true }));
  const installed = () => [...phone.apps.values()]
    .filter((app) => app.label && phone.system.installed.includes(app.package)).concat(later());
  const icon = (app) => ui.make("button", {
    class: "icon", id: "icon", desc: name(app), tap: () => phone.launch(app.package),
    hold: () => phone.dialog(name(app), app.package, [["App info", () => info(app)], ["Close", null]]),
  }, ui.make("span", { class: "face", style: `background:${app.colour}` }, app.glyph), name(app));

  function info(app) {
    phone.launch("com.android.settings");
    phone.apps.get("com.android.settings").show("app", { package: app.package });
  }

  function main() {
    const shown = installed().filter((app) => !app.drawerOnly);
    return ui.box("home", ui.box("grid", ...shown.map(icon)));
  }

  function drawer(view) {
    const grid = ui.box("grid");
    const fill = (typed = "") => grid.replaceChildren(...installed()
      .filter((app) => name(app).toLowerCase().includes(typed.toLowerCase()))
      .sort((one, two) => name(one).localeCompare(name(two))).map(icon));
    fill(view.draft.search);
    return [ui.box("bar", ui.field(view, "search", { label: "Search apps", change: fill })), ui.scroll(grid)];
  }

  let open = () => {};
  phone.define({
    package: "launcher",
    screens: { main: (view) => { open = () => view.go("drawer"); return main(); }, drawer },
    drawer: () => open(),
  });
})();
