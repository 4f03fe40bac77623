"""A file with every command that was sent to a phone, for bug reports."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gui_agent.errors import RecordError


class Journal:
    """Appends one JSON object a line; without a path it keeps nothing."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    @contextmanager
    def entry(self, serial: str, what: str) -> Iterator[None]:
        """Write down what is done within, how long it took (seconds) and how it failed.

        Raises RecordError when the file can't be written.
        """
        began, failed = time.time(), ""
        try:
            yield
        except BaseException as error:
            failed = f"{type(error).__name__}: {error}"
            raise
        finally:
            if self._path is not None:
                seconds = round(time.time() - began, 4)
                row = {"at": began, "phone": serial, "command": what, "seconds": seconds}
                self._write(self._path, row | ({"failed": failed} if failed else {}))

    def _write(self, path: Path, row: dict[str, object]) -> None:
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        except OSError as error:
            raise RecordError(f"The commands can't be written to {path}: {error}") from error
