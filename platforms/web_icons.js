// What an icon without a name shows, by what its maker called it: a picture's file, or a class.
(agent) => {
  "use strict";

  const WORDS = new Set(
    ("add archive arrow attach back bell bin bold bookmark calendar camera cart check clock close " +
      "collapse comment copy delete dislike down download drag edit email envelope expand export " +
      "favorite favourite filter flag folder forward fullscreen gear globe heart help home info " +
      "italic left like link list location lock login logout mail menu message mic microphone " +
      "minus more mute next notification pause phone pin play plus power prev previous print " +
      "question redo refresh reload remove reply retweet right save search send settings share " +
      "shuffle sort star stop strike subtitles sync tag thumbtack trash underline undo unlock up " +
      "upload user users video volume warning").split(" "));
  const OTHER_NAMES = { cog: "settings", cross: "close", ellipsis: "more", hamburger: "menu",
    pencil: "edit", times: "close", xmark: "close" };
  const MAX_SIDE = 64; // CSS pixels
  const MAX_NODES = 6; // of a button's inside: an icon is simple
  const MAX_WORDS = 2; // more is the name of something else

  agent.icon = (element) => {
    const { width, height } = element.getBoundingClientRect();
    if (Math.max(width, height) > MAX_SIDE) return "";
    const inside = [...element.getElementsByTagName("*")].slice(0, MAX_NODES);
    for (const node of [element, ...inside]) {
      const found = picture(node).map(words).find(Boolean) || words(classes(node));
      if (found) return found;
    }
    return "";
  };

  // The files that draw a node, without their folders.
  const picture = (node) => {
    const { content, backgroundImage, maskImage } = getComputedStyle(node);
    const styled = [content, backgroundImage, maskImage]
      .map((value) => /url\("?([^")]*)/.exec(value ?? "")?.[1] ?? "");
    const linked = node.localName === "use"
      ? node.getAttribute("href") ?? node.getAttribute("xlink:href") : node.getAttribute("src");
    return [linked ?? "", ...styled]
      .filter((url) => url && !url.startsWith("data:"))
      .map((url) => (url.includes("#") ? url.split("#").pop() : url.split("/").pop().split("?")[0]));
  };

  const classes = (node) =>
    [node.getAttribute("class"), node.getAttribute("data-icon")].filter(Boolean).join(" ");

  const words = (text) => {
    const parts = text.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().split(/[^a-z]+/);
    const known = parts.map((part) => OTHER_NAMES[part] ?? part).filter((part) => WORDS.has(part));
    const found = [...new Set(known)];
    return found.length <= MAX_WORDS ? found.join(" ") : "";
  };
}
