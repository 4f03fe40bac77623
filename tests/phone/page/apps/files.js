// Files: folders within folders; a file opens as text, a long press offers to delete it.
"use strict";
(() => {
  const path = (view) => view.params.path ?? [];
  const folder = (view) => path(view).reduce((tree, name) => tree[name], view.data.files);

  function remove(view, name) {
    phone.dialog("Delete?", name, [["Cancel", null], ["Delete", () => {
      delete folder(view)[name];
      view.refresh();
    }]]);
  }

  function main(view) {
    const rows = Object.entries(folder(view)).map(([name, content]) => {
      const inside = typeof content === "object";
      return ui.row(name, () => view.go(inside ? "main" : open(name), { path: [...path(view), name] }), {
        id: "item", before: ui.text(inside ? "▣" : "▤"), hold: () => remove(view, name),
        detail: inside ? `${Object.keys(content).length} items` : `${content.length} B`,
      });
    });
    return [ui.bar(path(view).length ? view : null, path(view).at(-1) ?? "Files"),
      ui.scroll(...(rows.length ? rows : [ui.text("No items")]))];
  }

  // Two fingers zoom the photo; the ratio of their distances is kept.
  function photo(view) {
    const box = ui.make("div", { id: "photo", desc: "Photo", class: "photo", "data-tap": "" });
    const spread = (event) => Math.hypot(event.touches[0].clientX - event.touches[1].clientX,
      event.touches[0].clientY - event.touches[1].clientY);
    let began = 0;
    box.addEventListener("touchstart", (event) => {
      if (event.touches.length === 2) began = spread(event) / view.data.zoom;
    }, { passive: true });
    box.addEventListener("touchmove", (event) => {
      if (event.touches.length === 2) view.data.zoom = spread(event) / began;
    }, { passive: true });
    box.addEventListener("touchend", () => view.refresh(), { passive: true });
    const percent = `${Math.round(view.data.zoom * 100)} %`;
    return [ui.bar(view, path(view).at(-1)), ui.text(percent, { id: "zoom" }), box];
  }

  const open = (name) => (name.endsWith(".jpg") ? "photo" : "file");
  const file = (view) => [ui.bar(view, path(view).at(-1)), ui.scroll(ui.text(folder(view), { id: "text" }))];

  phone.define({
    package: "com.android.documentsui", activity: ".files.FilesActivity", label: "Files",
    chinese: "文件管理", colour: "#0f766e", glyph: "▣",
    initial: () => ({
      zoom: 1,
      files: {
        DCIM: { "IMG_0001.jpg": "a harbour" },
        Documents: { "invoice-2026-03.txt": "Invoice 114: 86.40", "tickets.txt": "Train 09:12, coach 4, seat 61" },
        Download: { "readme.txt": "Hello", Music: {} },
        "todo.txt": "call the plumber",
      },
    }),
    screens: { main, file, photo },
  });
})();
