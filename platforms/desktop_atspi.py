"""Elements of the active window from Linux's accessibility bus (AT-SPI); optional, never required.

The reading is done by a helper process; one that is missing or does not answer gives no elements.
"""

from __future__ import annotations

import json
import logging
import os
import selectors
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from gui_agent.platforms.desktop_geometry import Area
from gui_agent.screen import Element

log = logging.getLogger("gui_agent")

MISSING = (
    "The accessibility bus can't be read, so there are no elements. On Debian and Ubuntu:"
    " apt-get install -y at-spi2-core python3-gi gir1.2-atspi-2.0"
)
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
_START_SECONDS = 2.0


class AccessibilityBus:
    """The helper process and what it says; lives on the driver's thread."""

    def __init__(self) -> None:
        helper = str(Path(__file__).with_name("desktop_atspi_helper.py"))
        self._process: subprocess.Popen[bytes] | None = subprocess.Popen(
            [shutil.which("python3", path="/usr/bin") or "python3", helper],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._patience = _START_SECONDS

    def elements(self, area: Area, seconds: float) -> tuple[Element, ...]:
        """What shows in the active window; () when that isn't known in time."""
        rows = self._ask(seconds)
        return number(rows, area) if rows else ()

    def close(self) -> None:
        """End the helper."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe
            pipe.close()

    def _ask(self, seconds: float) -> list[list[Any]] | None:
        if self._process is None:
            return None
        assert self._process.stdin
        try:
            self._process.stdin.write(f"{seconds}\n".encode())
            self._process.stdin.flush()
            line = self._line(seconds + self._patience)
        except BrokenPipeError:
            line = b""
        self._patience = 0.5
        if line:
            rows: list[list[Any]] = json.loads(line)
            return rows
        log.warning(MISSING)
        self.close()
        return None

    def _line(self, seconds: float) -> bytes:
        assert self._process
        assert self._process.stdout
        descriptor, read = self._process.stdout.fileno(), b""
        until = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while not read.endswith(b"\n"):
                if not selector.select(max(0.0, until - time.monotonic())):
                    return b""
                piece = os.read(descriptor, 1 << 16)
                if not piece:
                    return b""
                read += piece
        return read


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
