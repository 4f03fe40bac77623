"""Reads the active window from the accessibility bus; run by the system's own Python.

The binding (gi, Atspi) comes with the system and is not to be had in a virtual environment, so this
file is started as a script and imports nothing of ours. A line on stdin asks; a JSON line answers
with a list of [role, name, left, top, width, height, value, states] in screen pixels, and whether
that is all.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

MOST = 300
_STATES = ("CHECKED", "SELECTED", "EXPANDED", "FOCUSED", "REQUIRED", "READ_ONLY", "MULTI_LINE")
_FIELDS = ("entry", "text", "password text", "spin button")
_LAYOUT = ("filler", "panel", "scroll pane", "split pane", "separator", "tool bar", "menu bar")


class Bus:
    """The accessibility bus, through the system's binding."""

    def __init__(self) -> None:
        import gi

        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi, GLib

        Atspi.set_timeout(300, 300)
        self._atspi: Any = Atspi
        self._gone: type[Exception] = GLib.Error
        """The node has gone, or its program does not answer."""

    def rows(self, until: float) -> tuple[list[list[Any]], bool]:
        """What shows in the active window, in the order of its tree; and whether that is all."""
        found: list[list[Any]] = []
        waiting = self._active()
        while waiting and len(found) < MOST and time.monotonic() < until:
            node = waiting.pop(0)
            try:
                states = node.get_state_set()
                if self._holds(states, "SHOWING"):
                    waiting[:0] = self._children(node)
                    found += self._row(node, states)
            except self._gone:
                pass
        return found, not waiting

    def _active(self) -> list[Any]:
        for program in self._children(self._atspi.get_desktop(0)):
            try:
                active = [w for w in self._children(program) if self._is(w, "ACTIVE")]
            except self._gone:
                active = []
            if active:
                return active
        return []

    def _children(self, node: Any) -> list[Any]:
        count = min(node.get_child_count(), MOST)
        children = [node.get_child_at_index(index) for index in range(count)]
        return [child for child in children if child is not None]

    def _row(self, node: Any, states: Any) -> list[list[Any]]:
        role, value = node.get_role_name(), None
        name = node.get_name() or (self._label(node, role) if role in _FIELDS else "")
        if role in _LAYOUT and not name:  # every question takes a round trip to the program
            return []
        box = node.get_extents(self._atspi.CoordType.SCREEN)
        if role in ("entry", "text", "spin button"):
            text = self._atspi.Text
            value = text.get_text(node, 0, min(text.get_character_count(node), 200))
        held = [state for state in _STATES if self._holds(states, state)]
        if not self._holds(states, "SENSITIVE"):
            held.append("DISABLED")
        return [[role, name, box.x, box.y, box.width, box.height, value, held]]

    def _label(self, node: Any, role: str) -> str:
        """The name of the label that belongs to a field, or to the list it is the field of."""
        kind = self._atspi.RelationType.LABELLED_BY
        labels = [r for r in node.get_relation_set() if r.get_relation_type() == kind]
        if labels:
            return labels[0].get_target(0).get_name() or ""
        parent = node.get_parent() if role != "combo box" else None
        listed = parent is not None and parent.get_role_name() == "combo box"
        return self._label(parent, "combo box") if listed else ""

    def _is(self, node: Any, state: str) -> bool:
        return self._holds(node.get_state_set(), state)

    def _holds(self, states: Any, state: str) -> bool:
        return bool(states.contains(getattr(self._atspi.StateType, state)))


def main() -> None:
    bus = Bus()
    for line in sys.stdin:
        rows = bus.rows(time.monotonic() + float(line))
        sys.stdout.write(json.dumps(rows) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
