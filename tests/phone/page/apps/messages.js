// Messages: conversations, and one thread whose compose field moves up with the keyboard.
"use strict";
(() => {
  const thread = (view, name) => {
    const found = view.data.threads.find((one) => one.name === name);
    if (found) return found;
    view.data.threads.unshift({ name, unread: false, messages: [] });
    return view.data.threads[0];
  };
  const last = (one) => one.messages[one.messages.length - 1]?.text ?? "";

  let current = null;
  function main(view) {
    current = view;
    const rows = view.data.threads.map((one) => ui.row(one.name, () => view.go("thread", { name: one.name }), {
      id: "conversation", before: ui.avatar(one.name), detail: last(one),
      after: one.unread && ui.text("●", { desc: "Unread" }),
    }));
    return [ui.bar(null, "Messages"), ui.scroll(...rows), ui.fab("✎", "Start chat", () => view.go("start"))];
  }

  function start(view) {
    const names = phone.data["com.android.contacts"].contacts.map((one) => one.name);
    return [ui.bar(view, "New conversation"),
      ui.scroll(...names.map((name) => ui.row(name, () => view.replace("thread", { name }))))];
  }

  function show(view) {
    const one = thread(view, view.params.name);
    one.unread = false;
    function send() {
      const text = view.draft.message.trim();
      if (!text) return;
      one.messages.push({ from: "me", text });
      view.draft.message = "";
      view.refresh();
    }
    const bubbles = one.messages.map((message) => ui.text(message.text, {
      class: message.from === "me" ? "bubble mine" : "bubble", id: "message_text",
    }));
    const compose = ui.box("bar", ui.box("grow", ui.field(view, "message", { label: "Text message", submit: send })),
      ui.press("Send", send, { class: "button main", id: "send", desc: "Send SMS" }));
    compose.dataset.resize = "";
    return [ui.bar(view, one.name), ui.scroll(...bubbles), compose];
  }

  phone.define({
    package: "com.android.messaging", activity: ".ui.conversationlist.ConversationListActivity",
    label: "Messages", chinese: "信息", colour: "#16805a", glyph: "✉",
    initial: () => ({
      threads: [
        { name: "张伟", unread: true, messages: [{ from: "张伟", text: "晚上一起吃饭吗？" }] },
        { name: "Alice Brown", unread: true, messages: [
          { from: "me", text: "On my way" }, { from: "Alice Brown", text: "Great. What time will you be here?" }] },
        { name: "Bank", unread: false, messages: [{ from: "Bank", text: "Your code is 481 220. Do not share it." }] },
      ],
    }),
    screens: { main, start, thread: show },
    write: (name) => current?.go("thread", { name }),
  });
})();
