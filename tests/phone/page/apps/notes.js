// Notes: a list, an editor, and a menu on long press to rename or delete.
"use strict";
(() => {
  function menu(view, note) {
    phone.dialog(note.title, "", [["Rename", () => rename(view, note)], ["Delete", () => {
      view.data.notes = view.data.notes.filter((one) => one !== note);
      phone.toast("Note deleted");
      view.refresh();
    }], ["Cancel", null]]);
  }

  function rename(view, note) {
    const draft = { draft: {} };
    const field = ui.field(draft, "new_title", { label: "Title", value: note.title });
    phone.dialog("Rename note", "", [["Cancel", null], ["OK", () => {
      note.title = draft.draft.new_title;
      view.refresh();
    }]], "com.example.notes", field);
  }

  function main(view) {
    const rows = view.data.notes.map((note) => ui.row(note.title, () => view.go("edit", { id: note.id }), {
      id: "note", detail: note.body.split("\n")[0], hold: () => menu(view, note),
    }));
    return [ui.bar(null, "Notes"), ui.scroll(...rows), ui.fab("+", "New note", () => view.go("edit"))];
  }

  function edit(view) {
    const note = view.data.notes.find((one) => one.id === view.params.id);
    function save() {
      const { title, body } = view.draft;
      if (note) Object.assign(note, { title, body });
      else view.data.notes.unshift({ id: view.data.next++, title: title || "Untitled", body });
      phone.toast("Note saved");
      view.done();
    }
    return [ui.bar(view, note ? "Edit note" : "New note", ui.button("Save", save, { id: "save", class: "button main" })),
      ui.scroll(ui.box("field", ui.field(view, "title", { label: "Title", value: note?.title })),
        ui.box("field", ui.field(view, "body", { label: "Write something", multiline: true, value: note?.body })))];
  }

  const notes = ["Groceries", "Book list", "Meeting 12 May", "Ideas", "Wi-Fi at the cabin", "Recipe: soup",
    "Gift ideas", "Packing list", "Garden", "Car service", "Birthdays", "Films"];
  phone.define({
    package: "com.example.notes", activity: ".MainActivity", label: "Notes", chinese: "备忘录",
    colour: "#b7791f", glyph: "✎",
    initial: () => ({
      next: notes.length + 1,
      notes: notes.map((title, at) => ({ id: at + 1, title, body: at ? "..." : "milk\nbread\napples" })),
    }),
    screens: { main, edit },
  });
})();
