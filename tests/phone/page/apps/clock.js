// The clock: alarms with a switch each, a form with hour and minute steppers, and a timer tab.
"use strict";
(() => {
  const two = (number) => String(number).padStart(2, "0");
  const alarms = (view) => view.data.alarms.map((alarm) => ui.make("div", {
    class: "row-item", id: "alarm", tap: () => view.go("edit", { id: alarm.id }),
  }, ui.box("grow", ui.text(alarm.time, { id: "digital_clock", style: "font-size:26px" }),
    ui.text(alarm.label || "Alarm", { class: "small", id: "label" })),
  ui.make("button", {
    class: "switch", role: "switch", "aria-checked": String(alarm.on), id: "onoff", desc: `Alarm ${alarm.time}`,
    tap: (event) => { event.stopPropagation(); alarm.on = !alarm.on; view.refresh(); },
  })));

  const cities = () => [["London", "09:41"], ["Beijing", "17:41"], ["New York", "04:41"]]
    .map(([city, time]) => ui.row(city, null, { after: ui.text(time) }));

  function main(view) {
    const tab = view.data.tab;
    const choose = (name) => { view.data.tab = name; view.refresh(); };
    const rows = tab === "Alarm" ? alarms(view) : tab === "Clock" ? cities() : [ui.text("No timers")];
    return [ui.bar(null, tab), ui.tabs(["Alarm", "Clock", "Timer"], tab, choose), ui.scroll(...rows),
      tab === "Alarm" && ui.fab("+", "Add alarm", () => view.go("edit"))];
  }

  function edit(view) {
    const alarm = view.data.alarms.find((one) => one.id === view.params.id);
    const draft = view.draft;
    draft.hour ??= alarm ? alarm.time.slice(0, 2) : "08";
    draft.minute ??= alarm ? alarm.time.slice(3) : "00";
    const number = (name, label, limit) => ui.box("grow", ui.text(label, { class: "small" }),
      ui.field(view, name, { label, type: "tel", value: draft[name] }),
      ui.button("+", () => { draft[name] = two((Number(draft[name]) + 1) % limit); view.refresh(); },
        { id: `${name}_plus`, desc: `Increase ${name}` }),
      ui.button("−", () => { draft[name] = two((Number(draft[name]) + limit - 1) % limit); view.refresh(); },
        { id: `${name}_minus`, desc: `Decrease ${name}` }));
    function save() {
      const [hour, minute] = [Number(draft.hour), Number(draft.minute)];
      if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60)) { phone.toast("Not a time"); return; }
      const values = { time: `${two(hour)}:${two(minute)}`, label: draft.alarm_label, on: true };
      if (alarm) Object.assign(alarm, values);
      else view.data.alarms.push({ id: view.data.next++, ...values });
      phone.toast("Alarm set");
      view.done();
    }
    return [ui.bar(view, alarm ? "Edit alarm" : "New alarm", ui.button("Save", save, { id: "save", class: "button main" })),
      ui.box("bar", number("hour", "Hour", 24), number("minute", "Minute", 60)),
      ui.scroll(ui.box("field", ui.field(view, "alarm_label", { label: "Label", value: alarm?.label })),
        alarm && ui.button("Delete", () => {
          view.data.alarms = view.data.alarms.filter((one) => one !== alarm);
          view.done();
        }, { id: "delete" }))];
  }

  phone.define({
    package: "com.android.deskclock", activity: ".DeskClock", label: "Clock", chinese: "时钟",
    colour: "#4338a8", glyph: "◷",
    initial: () => ({
      next: 3, tab: "Alarm",
      alarms: [{ id: 1, time: "07:30", label: "Work", on: true }, { id: 2, time: "09:00", label: "Weekend", on: false }],
    }),
    screens: { main, edit },
  });
})();
