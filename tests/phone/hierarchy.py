"""The accessibility tree: as uiautomator's XML, and searched by its selectors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from tests.phone.screen import Node

_FLAGS = (
    "checkable",
    "checked",
    "clickable",
    "enabled",
    "focusable",
    "focused",
    "scrollable",
    "long-clickable",
    "password",
    "selected",
    "visible-to-user",
)
_INVALID = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd]")
Selector = dict[str, Any]


def to_xml(roots: list[Node], rotation: int, depth: int = 50) -> str:
    """In the form of dumpWindowHierarchy; each half of a character beyond U+FFFF becomes a dot."""
    body = "".join(_xml(root, index, depth) for index, root in enumerate(roots))
    head = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\r\n"
    if not body:
        return f'{head}<hierarchy rotation="{rotation}" />'
    return f'{head}<hierarchy rotation="{rotation}">{body}</hierarchy>'


def _xml(node: Node, index: int, depth: int) -> str:
    if depth <= 0:
        return ""
    flags = {"visible-to-user", *node.flags}
    if "disabled" not in flags:
        flags.add("enabled")
    values = {
        "index": str(index),
        "text": node.text,
        "resource-id": node.resource,
        "class": node.name,
        "package": node.package,
        "content-desc": node.description,
        **{name: "true" if name in flags else "false" for name in _FLAGS},
        "bounds": "[{},{}][{},{}]".format(*node.bounds),
        "drawing-order": str(index + 1),
        "hint": node.hint,
        "display-id": "0",
    }
    if "clickable" in flags and not node.text and not node.description and not node.children:
        values["NAF"] = "true"
    attributes = " ".join(f"{name}={quoteattr(clean(value))}" for name, value in values.items())
    inside = "".join(_xml(child, at, depth - 1) for at, child in enumerate(node.children))
    return f"<node {attributes}>{inside}</node>" if inside else f"<node {attributes} />"


def clean(text: str) -> str:
    return _INVALID.sub(lambda match: ".." if ord(match[0]) > 0xFFFF else ".", text)


def walk(roots: list[Node] | tuple[Node, ...]) -> Iterator[Node]:
    for node in roots:
        yield node
        yield from walk(node.children)


_TEXT: dict[str, Callable[[Node], str]] = {
    "text": lambda node: node.text,
    "description": lambda node: node.description,
    "className": lambda node: node.name,
    "packageName": lambda node: node.package,
    "resourceId": lambda node: node.resource,
}
_BOOLEAN = {
    "checkable": "checkable",
    "checked": "checked",
    "clickable": "clickable",
    "longClickable": "long-clickable",
    "scrollable": "scrollable",
    "enabled": "enabled",
    "focusable": "focusable",
    "focused": "focused",
    "selected": "selected",
}


def select(roots: list[Node], selector: Selector) -> list[Node]:
    """The nodes that a UiSelector matches, in tree order; `instance` picks one."""
    found = [node for node in walk(roots) if matches(node, selector)]
    found = _instance(found, selector)
    steps = selector.get("childOrSibling") or []
    for kind, inner in zip(steps, selector.get("childOrSiblingSelector") or [], strict=True):
        if kind == "child":
            near = [below for node in found for below in walk(node.children)]
        else:
            near = [other for node in found for other in _siblings(roots, node)]
        found = _instance([node for node in near if matches(node, inner)], inner)
    return found


def _instance(found: list[Node], selector: Selector) -> list[Node]:
    instance = selector.get("instance")
    return found if instance is None else found[instance : instance + 1]


def _siblings(roots: list[Node], node: Node) -> list[Node]:
    for parent in walk(roots):
        if any(child is node for child in parent.children):
            return [child for child in parent.children if child is not node]
    return []


def matches(node: Node, selector: Selector) -> bool:
    for name, wanted in selector.items():
        if name in ("mask", "instance", "index", "childOrSibling", "childOrSiblingSelector"):
            continue
        if name in _BOOLEAN:
            has = _BOOLEAN[name] in node.flags or (
                name == "enabled" and "disabled" not in node.flags
            )
            if has != wanted:
                return False
        elif not _text_matches(node, name, str(wanted)):
            return False
    return True


def _text_matches(node: Node, name: str, wanted: str) -> bool:
    for field, read in _TEXT.items():
        value = read(node)
        match name.removeprefix(field) if name.startswith(field) else None:
            case "":
                return value == wanted
            case "Contains":
                return wanted in value
            case "StartsWith":
                return value.startswith(wanted)
            case "Matches":
                return re.fullmatch(wanted, value, re.DOTALL) is not None
    return False
