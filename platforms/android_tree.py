"""The accessibility tree of an Android window: its nodes, and the elements a model is told of.

Pure: reads the XML of dumpWindowHierarchy. Trees have holes (games, Flutter, web views), so that
nothing may depend on an element being there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from gui_agent.screen import Box, Element

_BOUNDS = re.compile(r"\[(-?\d+),(-?\d+)\]\[(-?\d+),(-?\d+)\]")
_NAME = 200
_CONTEXT = 160
_ROLES = {
    "EditText": "textbox",
    "AutoCompleteTextView": "textbox",
    "SearchView": "searchbox",
    "Button": "button",
    "ImageButton": "button",
    "Switch": "switch",
    "ToggleButton": "switch",
    "CheckBox": "checkbox",
    "RadioButton": "radio",
    "Spinner": "combobox",
    "SeekBar": "slider",
    "ImageView": "img",
    "TextView": "text",
}
_STATES = {"checked": "checked", "selected": "selected", "focused": "focused"}


@dataclass(frozen=True, slots=True)
class Node:
    """One node; bounds are left, top, right, bottom in pixels of the screen."""

    kind: str
    """Class name without its package."""
    text: str
    description: str
    hint: str
    bounds: tuple[int, int, int, int]
    flags: frozenset[str]
    """Names of the true attributes: clickable, checked, password …"""
    children: tuple[Node, ...] = field(default=(), repr=False)

    @property
    def editable(self) -> bool:
        return self.kind.endswith(("EditText", "AutoCompleteTextView"))

    @property
    def role(self) -> str:
        known = _ROLES.get(self.kind)
        if known in (None, "img", "text") and self.interactive:
            return "button"
        return known or "group"

    @property
    def interactive(self) -> bool:
        acts = {"clickable", "long-clickable", "checkable"} & self.flags
        return self.editable or bool(acts) or self.kind == "SeekBar"

    @property
    def value(self) -> str:
        """What a field holds; its hint is not that."""
        return "" if self.text == self.hint else self.text

    def covers(self, x: int, y: int) -> bool:
        left, top, right, bottom = self.bounds
        return left <= x < right and top <= y < bottom


def parse(xml: str) -> tuple[Node, ...]:
    """The roots of the tree; none when the XML is unreadable."""
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        return ()
    return tuple(_node(child) for child in root)


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from walk(node.children)


def focused_field(nodes: tuple[Node, ...]) -> Node | None:
    """The field that the keyboard writes into."""
    return next((n for n in walk(nodes) if "focused" in n.flags and n.editable), None)


def scrollable_at(nodes: tuple[Node, ...], x: int, y: int) -> Node | None:
    """The innermost thing that scrolls under this pixel."""
    found = [n for n in walk(nodes) if "scrollable" in n.flags and n.covers(x, y)]
    return found[-1] if found else None


def elements(nodes: tuple[Node, ...], width: int, height: int) -> tuple[Element, ...]:
    """What can be tapped, with marks, and what can only be read; in the order of the tree."""
    found: list[Element] = []
    for node, context in _listed(nodes, ""):
        if (box := _box(node, width, height)) is not None:
            mark = sum(e.mark is not None for e in found) if node.interactive else None
            found.append(_element(node, mark, box, context))
    return tuple(found)


def _listed(nodes: tuple[Node, ...], context: str) -> Iterator[tuple[Node, str]]:
    """Interactive nodes and texts. What an interactive node holds is part of its name, unless it
    can be tapped for itself: then the name becomes its context."""
    for node in nodes:
        if node.interactive:
            yield node, context
            inner = tuple(n for n in walk(node.children) if n.interactive)
            yield from ((n, _words(node)[:_CONTEXT]) for n in inner)
        else:
            if node.text or node.description:
                yield node, context
            yield from _listed(node.children, context)


def _element(node: Node, mark: int | None, box: Box, context: str) -> Element:
    is_field = node.editable
    name = node.hint or node.description if is_field else _words(node)
    states = {state for flag, state in _STATES.items() if flag in node.flags}
    states |= {"disabled"} if "enabled" not in node.flags else set()
    states |= {"password"} if "password" in node.flags else set()
    hidden = "password" in node.flags
    return Element(
        mark,
        box,
        node.role,
        name=" ".join(name.split())[:_NAME],
        text="" if is_field else node.text,
        label=node.description,
        value=None if hidden or not (is_field or node.kind == "SeekBar") else node.value,
        states=frozenset(states),
        context=context,
    )


def _words(node: Node) -> str:
    """Its description, else its text, else what it holds that cannot be tapped for itself."""
    if own := node.description or node.text:
        return own
    return ", ".join(
        part.description or part.text
        for part in walk(node.children)
        if not part.interactive and (part.description or part.text)
    )


def _node(raw: ElementTree.Element) -> Node:
    get = raw.attrib.get
    edges = _BOUNDS.fullmatch(get("bounds", ""))
    left, top, right, bottom = (int(edge) for edge in edges.groups()) if edges else (0, 0, 0, 0)
    return Node(
        get("class", "").rpartition(".")[2],
        get("text", ""),
        get("content-desc", ""),
        get("hint", ""),
        (left, top, right, bottom),
        frozenset(name for name, value in raw.attrib.items() if value == "true"),
        tuple(_node(child) for child in raw if child.get("visible-to-user") != "false"),
    )


def _box(node: Node, width: int, height: int) -> Box | None:
    """None for a node of which nothing is on the screen."""
    left, top, right, bottom = node.bounds
    if min(right, width) <= max(left, 0) or min(bottom, height) <= max(top, 0):
        return None
    return Box.of(left, top, right, bottom, width, height)
