"""Reads the active window from the accessibility bus; run by the system's own Python.

The binding (gi, Atspi) comes with the system and is not to be had in a virtual environment, so this
file is started as a script and imports nothing of ours. A line on stdin asks; a JSON line answers:
a list of [role, name, left, top, width, height, value, states] in screen pixels.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

MOST = 300
_STATES = ("CHECKED", "SELECTED", "EXPANDED", "FOCUSED", "REQUIRED", "READ_ONLY", "MULTI_LINE")


def main() -> None:
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi

    Atspi.set_timeout(300, 300)
    for line in sys.stdin:
        until = time.monotonic() + float(line)
        found: list[list[Any]] = []
        for node in _nodes(Atspi, until):
            if (row := _row(Atspi, node)) is not None:
                found.append(row)
            if len(found) >= MOST or time.monotonic() > until:
                break
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


def _nodes(atspi: Any, until: float) -> Iterator[Any]:
    """Everything that shows in the active window, in the order of the tree."""
    waiting = _active(atspi)
    while waiting and time.monotonic() < until:
        node = waiting.pop(0)
        try:
            states = node.get_state_set()
            if not states.contains(atspi.StateType.SHOWING):
                continue
            children = [
                node.get_child_at_index(i) for i in range(min(node.get_child_count(), MOST))
            ]
        except Exception:  # noqa: BLE001 - GLib's error: the node has gone, or does not answer
            continue
        waiting[:0] = [child for child in children if child is not None]
        yield node


def _active(atspi: Any) -> list[Any]:
    desktop = atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        try:
            program = desktop.get_child_at_index(index)
            windows = [program.get_child_at_index(i) for i in range(program.get_child_count())]
            for window in windows:
                if window.get_state_set().contains(atspi.StateType.ACTIVE):
                    return [window]
        except Exception:  # noqa: BLE001 - one program that hangs must not hide the others
            continue
    return []


def _row(atspi: Any, node: Any) -> list[Any] | None:
    try:
        box = node.get_extents(atspi.CoordType.SCREEN)
        role, name, states = node.get_role_name(), node.get_name() or "", node.get_state_set()
        value = None
        if role in ("entry", "text", "spin button"):
            value = atspi.Text.get_text(node, 0, min(atspi.Text.get_character_count(node), 200))
    except Exception:  # noqa: BLE001 - GLib's error: the node has gone, or does not answer
        return None
    held = [n for n in _STATES if states.contains(getattr(atspi.StateType, n))]
    if not states.contains(atspi.StateType.SENSITIVE):
        held.append("DISABLED")
    return [role, name, box.x, box.y, box.width, box.height, value, held]


if __name__ == "__main__":
    main()
