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

from gui_agent.platforms.desktop_elements import number
from gui_agent.platforms.desktop_geometry import Area
from gui_agent.screen import Element

log = logging.getLogger("gui_agent")

MISSING = (
    "The accessibility bus can't be read, so there are no elements. On Debian and Ubuntu:"
    " apt-get install -y at-spi2-core python3-gi gir1.2-atspi-2.0"
)
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

    def elements(self, area: Area, seconds: float) -> tuple[tuple[Element, ...], bool]:
        """What shows in the active window, as far as it has been read by then; and whether that
        is all."""
        rows, whole = self._ask(seconds)
        return number(rows, area), whole

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

    def _ask(self, seconds: float) -> tuple[list[list[Any]], bool]:
        if self._process is None:
            return [], True
        assert self._process.stdin
        try:
            self._process.stdin.write(f"{seconds}\n".encode())
            self._process.stdin.flush()
            line = self._line(seconds + self._patience)
        except BrokenPipeError:
            line = b""
        self._patience = 0.5
        if line:
            rows, whole = json.loads(line)
            return rows, whole
        log.warning(MISSING)
        self.close()
        return [], True

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
