"""What accessibility services tell of a window, as elements. Pure.

A row is [role, name, left, top, width, height, value, states]: the edges in pointer units, role and
states in AT-SPI's words, into which the readers of other systems translate.
"""

from __future__ import annotations

from typing import Any

from gui_agent.platforms.desktop_geometry import Area
from gui_agent.screen import Element

ROLES = {
    "push button": "button",
    "toggle button": "button",
    "check box": "checkbox",
    "radio button": "radio",
    "combo box": "combobox",
    "entry": "textbox",
    "text": "textbox",
    "password text": "textbox",
    "link": "link",
    "menu": "menuitem",
    "menu item": "menuitem",
    "check menu item": "menuitem",
    "radio menu item": "menuitem",
    "page tab": "tab",
    "list item": "option",
    "table cell": "cell",
    "tree item": "treeitem",
    "slider": "slider",
    "spin button": "spinbutton",
    "icon": "button",
}
"""What can be used: AT-SPI's role → ours."""
_TEXTS = {"label": "text", "static": "text", "heading": "heading", "status bar": "text"}
_STATES = {"READ_ONLY": "readonly", "MULTI_LINE": "multiline"}


def number(rows: list[list[Any]], area: Area) -> tuple[Element, ...]:
    """The rows as elements of this area; usable ones numbered from 0."""
    elements: list[Element] = []
    mark = 0
    for role, said, left, top, width, height, value, states in rows:
        name = str(said).strip()
        box = area.box(left, top, width, height)
        usable = role in ROLES and "DISABLED" not in states
        kind = ROLES.get(role) or _TEXTS.get(role)
        if box is None or kind is None or (not usable and not name):
            continue
        if box.left == box.right or box.top == box.bottom:
            continue
        secret = role == "password text"
        held = {_STATES.get(state, state.lower()) for state in states}
        if kind != "textbox":  # labels have it, too
            held.discard("multiline")
        elements.append(
            Element(
                mark if usable else None,
                box,
                kind,
                name[:200],
                text=name,
                value=None if secret else value,
                states=frozenset(held | ({"password"} if secret else set())),
            )
        )
        mark += usable
    return tuple(elements)
