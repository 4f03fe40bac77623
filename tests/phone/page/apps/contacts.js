// Contacts: a list with search, a card, and a form to add or change one.
"use strict";
(() => {
  function main(view) {
    const list = ui.scroll();
    const fill = (typed = "") => list.replaceChildren(...view.data.contacts
      .filter((one) => `${one.name} ${one.phone}`.toLowerCase().includes(typed.toLowerCase()))
      .sort((one, two) => one.name.localeCompare(two.name))
      .map((one) => ui.row(one.name, () => view.go("card", { id: one.id }), {
        before: ui.avatar(one.name), hold: () => remove(view, one),
      })));
    fill(view.draft.search);
    return [ui.bar(null, "Contacts"),
      ui.box("bar", ui.field(view, "search", { label: "Search contacts", change: fill })),
      list, ui.fab("+", "Create contact", () => view.go("edit"))];
  }

  function remove(view, one) {
    phone.dialog("Delete contact?", one.name, [["Cancel", null], ["Delete", () => {
      view.data.contacts = view.data.contacts.filter((other) => other.id !== one.id);
      phone.toast("Contact deleted");
      view.refresh();
    }]]);
  }

  function card(view) {
    const one = view.data.contacts.find((other) => other.id === view.params.id);
    if (!one) return [ui.bar(view, "Contact"), ui.text("This contact is gone.")];
    return [ui.bar(view, one.name, ui.button("Edit", () => view.go("edit", { id: one.id }), { id: "menu_edit" })),
      ui.scroll(ui.row(one.phone, null, { detail: "Mobile" }), ui.row(one.email || "No e-mail", null, { detail: "Email" }),
        ui.button("Message", () => message(one), { id: "message" }))];
  }

  function message(one) {
    phone.launch("com.android.messaging");
    phone.apps.get("com.android.messaging").write(one.name);
  }

  function edit(view) {
    const one = view.data.contacts.find((other) => other.id === view.params.id);
    const field = (name, label, type) =>
      ui.box("field", ui.field(view, name, { label, type, value: one?.[name], submit: save }));
    function save() {
      const { name, phone: number, email } = view.draft;
      if (!name.trim()) { phone.toast("Enter a name"); return; }
      if (one) Object.assign(one, { name, phone: number, email });
      else view.data.contacts.push({ id: view.data.next++, name, phone: number, email });
      phone.toast("Contact saved");
      view.done();
    }
    return [ui.bar(view, one ? "Edit contact" : "Create contact", ui.button("Save", save, { id: "save", class: "button main" })),
      ui.scroll(field("name", "Name"), field("phone", "Phone", "tel"), field("email", "Email", "email"))];
  }

  phone.define({
    package: "com.android.contacts", activity: ".activities.PeopleActivity", label: "Contacts",
    chinese: "联系人", colour: "#1f5fd0", glyph: "☺",
    initial: () => ({
      next: 5,
      contacts: [
        { id: 1, name: "Alice Brown", phone: "+44 20 7946 0101", email: "alice@example.com" },
        { id: 2, name: "Bruno Costa", phone: "+351 21 555 0144", email: "" },
        { id: 3, name: "张伟", phone: "138 0000 0001", email: "zhangwei@example.com" },
        { id: 4, name: "李娜", phone: "138 0000 0002", email: "" },
      ],
    }),
    screens: { main, card, edit },
  });
})();
