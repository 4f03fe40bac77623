// Settings: pages within pages, with switches that are the phone's own settings.
"use strict";
(() => {
  const value = (name, space = "global") => phone.system.settings[space][name];
  const set = (name, text, space = "global") => { phone.system.settings[space][name] = text; phone.render(); };
  const flip = (name, space) => set(name, value(name, space) === "1" ? "0" : "1", space);
  const link = (view, title, detail, page) => ui.row(title, () => view.go(page), { detail });
  const system = (title, name, detail, space) =>
    ui.toggle(title, value(name, space) === "1", () => flip(name, space), { detail, id: name });
  const own = (view, title, name, detail) => ui.toggle(title, view.data[name], () => {
    view.data[name] = !view.data[name];
    view.refresh();
  }, { detail, id: name });
  const page = (view, title, ...rows) => [ui.bar(view, title), ui.scroll(...rows)];

  const pages = [
    ["Network & internet", "Wi-Fi, mobile, data usage, hotspot", "network"],
    ["Connected devices", "Bluetooth, pairing", "connected"],
    ["Apps", "Recent apps, default apps", "apps"],
    ["Notifications", "Notification history, conversations", "notifications"],
    ["Battery", "82% - charging", "battery"],
    ["Storage", "28% used - 79 GB free", "storage"],
    ["Sound & vibration", "Volume, Do Not Disturb", "sound"],
    ["Display", "Dark theme, font size, brightness", "display"],
    ["Accessibility", "Display, interaction, audio", "accessibility"],
    ["Location", "On", "location"],
    ["System", "Languages, gestures, time", "system"],
    ["About phone", "Device name, Android version", "about"],
  ];

  function main(view) {
    const list = ui.scroll();
    const fill = (typed = "") => list.replaceChildren(...pages
      .filter((row) => row.join(" ").toLowerCase().includes(typed.toLowerCase()))
      .map((row) => link(view, ...row)));
    fill(view.draft.search);
    const search = ui.field(view, "search", { label: "Search settings", change: fill });
    return [ui.bar(null, "Settings"), ui.box("bar", search), list];
  }

  const timeouts = { 15000: "15 seconds", 60000: "1 minute", 300000: "5 minutes", 600000: "10 minutes" };
  function askTimeout() {
    phone.dialog("Screen timeout", "", Object.entries(timeouts).map(([number, label]) =>
      [label, () => set("screen_off_timeout", number, "system")]));
  }

  function display(view) {
    const brightness = ui.make("input", {
      type: "range", min: "0", max: "255", value: value("screen_brightness", "system"),
      id: "brightness", desc: "Brightness level",
      on: { input: (event) => { phone.system.settings.system.screen_brightness = event.target.value; } },
    });
    return page(view, "Display", ui.row("Brightness level"), ui.box("field", brightness),
      own(view, "Dark theme", "dark", "Will never turn on automatically"),
      ui.row("Screen timeout", askTimeout, { detail: timeouts[value("screen_off_timeout", "system")] }),
      system("Auto-rotate screen", "accelerometer_rotation", "", "system"));
  }

  function app(view) {
    const found = phone.apps.get(view.params.package);
    return page(view, "App info", ui.row(found.label, null, { detail: found.package }),
      ui.button("Force stop", () => phone.dialog("Force stop?", "The app may misbehave.", [
        ["Cancel", null], ["OK", () => { phone.stop(found.package); phone.toast("Stopped"); }],
      ]), { id: "force_stop" }));
  }

  const screens = {
    main,
    display,
    app,
    network: (view) => page(view, "Network & internet",
      link(view, "Internet", value("wifi_on") === "1" ? "Home-5G" : "Off", "wifi"),
      system("Airplane mode", "airplane_mode_on"),
      link(view, "Hotspot & tethering", view.data.hotspot ? "On" : "Off", "hotspot"),
      own(view, "Data Saver", "data_saver")),
    wifi: (view) => page(view, "Internet", system("Wi-Fi", "wifi_on"),
      ...(value("wifi_on") === "1" ? ["Home-5G", "Cafe Guest", "TP-Link 2F"] : []).map((network) =>
        ui.row(network, () => { view.data.network = network; view.refresh(); },
          { detail: view.data.network === network ? "Connected" : "Saved" }))),
    hotspot: (view) => page(view, "Hotspot & tethering",
      own(view, "Wi-Fi hotspot", "hotspot", "Share this phone's connection"),
      own(view, "Bluetooth tethering", "tethering")),
    connected: (view) => page(view, "Connected devices",
      link(view, "Connection preferences", "Bluetooth, NFC", "preferences")),
    preferences: (view) => page(view, "Connection preferences",
      system("Bluetooth", "bluetooth_on", value("bluetooth_on") === "1" ? "On" : "Off"),
      own(view, "NFC", "nfc", "Allow data exchange on touch")),
    apps: (view) => page(view, "Apps", ...[...phone.apps.values()].filter((each) => each.label)
      .map((each) => ui.row(each.label, () => view.go("app", { package: each.package })))),
    notifications: (view) => page(view, "Notifications", own(view, "Do Not Disturb", "quiet"),
      own(view, "Notification dot on app icon", "dots")),
    battery: (view) => page(view, "Battery", ui.row("82%", null, { detail: "Charging" }),
      own(view, "Battery Saver", "saver"), own(view, "Battery percentage", "percentage")),
    storage: (view) => page(view, "Storage", ui.row("31 GB used", null, { detail: "of 110 GB" })),
    sound: (view) => page(view, "Sound & vibration", own(view, "Vibrate for calls", "vibrate"),
      own(view, "Touch sounds", "touch_sounds")),
    accessibility: (view) => page(view, "Accessibility", own(view, "Large text", "large_text")),
    location: (view) => page(view, "Location", own(view, "Use location", "location")),
    system: (view) => page(view, "System", ui.row("Languages", null, { detail: "English" }),
      system("Stay awake", "stay_on_while_plugged_in", "Screen never sleeps while charging")),
    about: (view) => page(view, "About phone",
      ui.row("Device name", null, { detail: value("device_name") }),
      ui.row("Android version", null, { detail: phone.system.release }),
      ui.row("Build number", null, { detail: "SIM1.240101.001" })),
  };

  let current = null;
  phone.define({
    package: "com.android.settings", activity: ".Settings", label: "Settings", chinese: "设置",
    colour: "#5f6b7f", glyph: "⚙",
    initial: () => ({
      dark: false, hotspot: false, tethering: false, data_saver: false, nfc: false, quiet: false,
      dots: true, saver: false, percentage: true, vibrate: true, touch_sounds: false,
      large_text: false, location: true, network: "Home-5G",
    }),
    screens: { ...screens, main: (view) => { current = view; return main(view); } },
    show: (name, params) => current?.go(name, params),
  });
})();
