// A shop: products with search, one product's page, a cart, and a checkout that asks first.
"use strict";
(() => {
  const money = (cents) => `€${(cents / 100).toFixed(2)}`;
  const count = (view) => view.data.cart.reduce((sum, line) => sum + line.quantity, 0);
  const total = (view) => view.data.cart.reduce((sum, line) => sum + line.quantity * product(view, line.id).price, 0);
  const product = (view, id) => view.data.products.find((one) => one.id === id);
  const cart = (view) => ui.button(`Cart (${count(view)})`, () => view.go("cart"), { id: "cart" });

  function add(view, id) {
    const line = view.data.cart.find((one) => one.id === id);
    if (line) line.quantity += 1;
    else view.data.cart.push({ id, quantity: 1 });
    phone.toast("Added to cart");
    view.refresh();
  }

  function main(view) {
    const list = ui.scroll();
    const fill = (typed = "") => list.replaceChildren(...view.data.products
      .filter((one) => one.name.toLowerCase().includes(typed.toLowerCase()))
      .map((one) => ui.row(one.name, () => view.go("product", { id: one.id }), {
        id: "product", detail: `${money(one.price)} - ${one.stars} stars`,
      })));
    fill(view.draft.search);
    return [ui.bar(null, "Corner Shop", cart(view)),
      ui.box("bar", ui.field(view, "search", { label: "Search products", change: fill })), list];
  }

  function show(view) {
    const one = product(view, view.params.id);
    return [ui.bar(view, one.name, cart(view)), ui.scroll(
      ui.text(money(one.price), { class: "price", id: "price" }), ui.text(one.about, { id: "about" }),
      ui.button("Add to cart", () => add(view, one.id), { id: "add", class: "button main" }))];
  }

  function change(view, line, by) {
    line.quantity += by;
    if (!line.quantity) view.data.cart = view.data.cart.filter((one) => one !== line);
    view.refresh();
  }

  function order(view) {
    phone.dialog("Place the order?", `You pay ${money(total(view))}.`, [["Cancel", null], ["Pay", () => {
      view.data.orders.push({ lines: view.data.cart, total: total(view) });
      view.data.cart = [];
      phone.toast("Thank you for your order");
      view.done();
    }]]);
  }

  function basket(view) {
    const rows = view.data.cart.map((line) => ui.row(product(view, line.id).name, null, {
      id: "line", detail: `${line.quantity} x ${money(product(view, line.id).price)}`,
      before: ui.button("−", () => change(view, line, -1), { id: "less", desc: `Less ${product(view, line.id).name}` }),
      after: ui.button("+", () => change(view, line, 1), { id: "more", desc: `More ${product(view, line.id).name}` }),
    }));
    return [ui.bar(view, "Cart"), ui.scroll(...(rows.length ? rows : [ui.text("Your cart is empty")])),
      ui.box("bar", ui.box("grow", ui.text(`Total ${money(total(view))}`, { class: "price", id: "total" })),
        ui.button("Checkout", () => order(view), { id: "checkout", class: "button main", disabled: !rows.length }))];
  }

  const names = [["Green tea", 450], ["Coffee beans", 1190], ["Oat biscuits", 320], ["Olive oil", 980],
    ["Dark chocolate", 275], ["Honey", 640], ["Rice 2 kg", 530], ["Notebook", 380], ["AA batteries", 499],
    ["Desk lamp", 2890], ["Umbrella", 1450], ["USB-C cable", 899]];
  phone.define({
    package: "com.example.shop", activity: ".MainActivity", label: "Corner Shop", chinese: "街角商店",
    colour: "#b4233c", glyph: "☕",
    initial: () => ({
      cart: [], orders: [],
      products: names.map(([name, price], at) => ({
        id: at + 1, name, price, stars: 3 + (at % 3), about: `${name}, delivered tomorrow.`,
      })),
    }),
    screens: { main, product: show, cart: basket },
  });
})();
