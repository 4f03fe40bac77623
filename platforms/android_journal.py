"""A file with every command that was sent to a phone, and what came of it, for bug reports."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

from gui_agent.errors import RecordError

T = TypeVar("T")

_LONGEST = 300
"""Characters of one result."""


class Journal:
    """Appends one JSON object a line; without a path it keeps nothing."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    async def record(
        self, serial: str, command: str, sent: Awaitable[T], *, private: bool = False
    ) -> T:
        """The result of what was sent to this phone, after writing it down.

        A line holds `at` (seconds since 1970), `phone`, `command`, `seconds` (how long it took),
        `outcome` (ok, failed or cancelled), and `result` or `error`. `private`: the result is left
        out. Raises RecordError when the file can't be written, and whatever sending raises.
        """
        row: dict[str, object] = {"at": time.time(), "phone": serial, "command": command}
        began = time.perf_counter()
        try:
            result = await sent
        except asyncio.CancelledError:
            self._write(row, began, {"outcome": "cancelled"})
            raise
        except Exception as error:
            self._write(
                row, began, {"outcome": "failed", "error": f"{type(error).__name__}: {error}"}
            )
            raise
        told = {} if private else {"result": _shown(result, command)}
        self._write(row, began, {"outcome": "ok", **told})
        return result

    def _write(self, row: dict[str, object], began: float, more: dict[str, object]) -> None:
        if self._path is None:
            return
        row = {**row, "seconds": round(time.perf_counter() - began, 4), **more}
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        except OSError as error:
            raise RecordError(f"The commands can't be written to {self._path}: {error}") from error


def _shown(result: object, command: str) -> object:
    """What tells most without telling what is on the screen or in the clipboard."""
    if isinstance(result, bytes | str):
        if command.startswith(("shell:", "host:")):
            text = result if isinstance(result, str) else result.decode("utf-8", "replace")
            return text.strip()[:_LONGEST]
        return f"({len(result)} {'bytes' if isinstance(result, bytes) else 'characters'})"
    if isinstance(result, list | dict) and len(json.dumps(result)) > _LONGEST:
        return f"({len(result)} items)"
    return result
