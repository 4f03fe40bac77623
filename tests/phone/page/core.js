// The phone's window manager: apps with their screens, what is in front, and what tests may ask.
"use strict";
const phone = (() => {
  const apps = new Map();
  const data = {};
  const stacks = {};
  const order = [];
  const popups = [];
  let system = {};
  let lastToast = "";
  let revision = 0;
  const notifications = [];
  const byId = (id) => document.getElementById(id);
  const copy = (value) => JSON.parse(JSON.stringify(value));
  const touched = () => { revision += 1; };

  const launcherPackage = () => system.launcher.split("/")[0];
  const front = () => order[order.length - 1] ?? launcherPackage();
  const app = (name) => apps.get(name === launcherPackage() ? "launcher" : name);
  const key = (name) => (name === launcherPackage() ? "launcher" : name);
  const stack = (name) => (stacks[key(name)] ??= [{ name: "main", params: {}, draft: {}, top: 0 }]);
  const screen = (name) => stack(name)[stack(name).length - 1];

  function define(definition) {
    apps.set(definition.package, definition);
    data[definition.package] = definition.initial?.() ?? {};
  }

  function view(name) {
    const shown = screen(name);
    return {
      package: name,
      data: data[key(name)],
      params: shown.params,
      draft: shown.draft,
      refresh: render,
      go(next, params = {}) { stack(name).push({ name: next, params, draft: {}, top: 0 }); leave(); },
      replace(next, params = {}) { stack(name).pop(); this.go(next, params); },
      done() { stack(name).pop(); leave(); },
    };
  }

  function leave() {
    document.activeElement?.blur();
    render();
  }

  function render() {
    const name = front();
    const shown = screen(name);
    const root = byId("window");
    const old = root.querySelector(".scroll");
    if (old && root.dataset.shown === `${name}/${shown.name}`) shown.top = old.scrollTop;
    root.dataset.package = name;
    root.dataset.shown = `${name}/${shown.name}`;
    const definition = app(name);
    const body = definition ? definition.screens[shown.name](view(name)) : [ui.bar(null, name)];
    root.replaceChildren(...[body].flat());
    const list = root.querySelector(".scroll");
    if (list) list.scrollTop = shown.top;
    bars();
    touched();
  }

  function bars() {
    const on = system.settings.global;
    const marks = [["Airplane mode", on.airplane_mode_on, "✈"], ["Bluetooth", on.bluetooth_on, "ᛒ"],
      ["Wi-Fi", on.wifi_on, "▲"]].filter(([, value]) => value === "1");
    byId("status").replaceChildren(
      ui.text("9:41", { class: "clock", id: "clock" }),
      ...marks.map(([desc, , mark]) => ui.text(mark, { desc })),
      ui.text("82%", { desc: "Battery 82 percent" }),
    );
    byId("nav").replaceChildren(
      ui.press("◁", back, { id: "back", desc: "Back" }),
      ui.press("○", home, { id: "home", desc: "Home" }),
      ui.press("□", recents, { id: "recent_apps", desc: "Overview" }),
    );
    byId("keyguard").hidden = !system.locked;
    byId("keyguard").replaceChildren(
      ui.text("9:41", { class: "time" }),
      ui.text(system.pin ? "Enter PIN" : "Swipe up to unlock"),
    );
  }

  function launch(name) {
    popups.length = 0;
    showPopup();
    byId("shade").hidden = true;
    if (name !== launcherPackage()) {
      if (order.includes(name)) order.splice(order.indexOf(name), 1);
      order.push(name);
    }
    leave();
  }

  function home() {
    byId("shade").hidden = true;
    order.push(launcherPackage());
    for (let at = order.length - 2; at >= 0; at -= 1) {
      if (order[at] === launcherPackage()) order.splice(at, 1);
    }
    stacks.launcher = undefined;
    leave();
  }

  function back() {
    if (system.locked) return;
    if (keyboard.shown()) { keyboard.hide(); return; }
    if (popups.length) { popups.pop(); showPopup(); return; }
    if (!byId("shade").hidden) { byId("shade").hidden = true; touched(); return; }
    const name = front();
    if (stack(name).length > 1) stack(name).pop();
    else if (name !== launcherPackage()) { stacks[name] = undefined; order.pop(); }
    leave();
  }

  function recents() {
    const names = order.filter((name) => app(name) && name !== launcherPackage()).reverse();
    dialog("Recent apps", names.length ? "" : "No recent items",
      names.map((name) => [app(name).label, () => launch(name)]), "com.android.systemui");
  }

  // Buttons are [label, action]; every button closes the dialog first.
  function dialog(title, text, buttons, owner = front(), body = null) {
    popups.push({ title, text, buttons, owner, body });
    showPopup();
  }

  function showPopup() {
    const top = popups[popups.length - 1];
    const root = byId("dialog");
    root.hidden = !top;
    touched();
    if (!top) { root.replaceChildren(); return; }
    root.dataset.package = top.owner;
    const close = (action) => () => { popups.splice(popups.indexOf(top), 1); showPopup(); action?.(); };
    const buttons = top.buttons.map(([label, action], at) =>
      ui.button(label, close(action), { id: `button${at + 1}`, class: "button plain" }));
    root.replaceChildren(ui.box("card", ui.heading(top.title, { id: "alertTitle" }),
      top.text && ui.text(top.text, { id: "message" }), top.body, ui.box("actions", ...buttons)));
  }

  let hiding = 0;
  function toast(text) {
    lastToast = text;
    clearTimeout(hiding);
    byId("toast").textContent = text;
    byId("toast").hidden = !text;
    if (text) hiding = setTimeout(() => { byId("toast").hidden = true; touched(); }, 2500);
    touched();
  }

  function shade(open) {
    byId("shade").hidden = !open;
    byId("shade").replaceChildren(
      ui.heading("Notifications"),
      ...notifications.map((text) => ui.row(text, null, { id: "notification" })),
      ui.button("Clear all", () => { notifications.length = 0; shade(false); }, { id: "clear_all" }),
    );
    touched();
  }

  function say(kind, text) {
    if (kind === "toast") toast(text);
    else if (kind === "dialog") {
      dialog(text, "", [["Don't allow", null], ["Allow", null]], "com.google.android.permissioncontroller");
    } else { if (text) notifications.push(text); shade(!text || !byId("shade").hidden); }
  }

  function update(changes) {
    system = changes;
    for (const name of [...order]) if (!system.installed.includes(name)) stop(name);
    keyboard.follow(system.keyboard);
    const held = document.activeElement?.dataset?.id;
    render();
    if (held) byId("window").querySelector(`[data-id="${held}"]`)?.focus();
  }

  function stop(name) {
    if (order.includes(name)) order.splice(order.indexOf(name), 1);
    stacks[name] = undefined;
    popups.length = 0;
    showPopup();
    leave();
  }

  function clear(name) {
    if (!apps.has(name)) return;
    data[name] = apps.get(name).initial?.() ?? {};
    stop(name);
  }

  function unlock() {
    if (system.pin) return;
    system.locked = false;
    bars();
    touched();
  }

  function focused() {
    const name = front();
    const top = popups[popups.length - 1];
    const editing = document.activeElement?.matches("input:not([type=range]), textarea") ?? false;
    const rest = { secure: false, editing, keyboard: keyboard.shown() };
    if (system.locked || !byId("shade").hidden) {
      return { package: "com.android.systemui", activity: "NotificationShade", ...rest };
    }
    if (top && top.owner !== name) return { package: top.owner, activity: ".GrantPermissionsActivity", ...rest };
    const activity = name === launcherPackage() ? system.launcher.split("/")[1] : app(name)?.activity;
    return { package: name, activity: activity ?? ".MainActivity", ...rest, secure: Boolean(app(name)?.secure) };
  }

  const state = () => copy({
    apps: data,
    screen: screen(front()).name,
    popups: popups.map((popup) => popup.title),
    notifications,
    last_toast: lastToast,
  });

  const changes = () => ({ locked: system.locked, settings: system.settings });

  document.addEventListener("scroll", touched, true);
  document.addEventListener("input", touched, true);
  document.addEventListener("focusin", touched);
  return {
    define, apps, data, launch, home, back, recents, dialog, toast, say, update, stop, clear, state, changes,
    render, focused, touched, unlock, shade, launcherPackage,
    get system() { return system; },
    get revision() { return revision; },
  };
})();
