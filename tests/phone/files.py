"""The phone's files, in memory: enough of a Unix tree for sync, ls, cat and df."""

from __future__ import annotations

import stat
import time
from dataclasses import dataclass, field

FOLDERS = (
    "/data/local/tmp",
    "/data/app",
    "/sdcard/DCIM",
    "/sdcard/Download",
    "/system/bin",
    "/proc",
)
CAPACITY = 110 * 1024**3


class StorageFull(OSError):
    """No space left on device."""


@dataclass
class Entry:
    """A file or a folder (`data` is None)."""

    data: bytes | None
    mode: int
    mtime: int = field(default_factory=lambda: int(time.time()))

    @property
    def size(self) -> int:
        return 4096 if self.data is None else len(self.data)


class Files:
    """Absolute paths to entries; /storage/emulated/0 and /sdcard are the same place."""

    def __init__(self) -> None:
        self.full = False
        self._entries: dict[str, Entry] = {"/": Entry(None, stat.S_IFDIR | 0o755)}
        for folder in FOLDERS:
            self.make_folder(folder)

    def find(self, path: str) -> Entry | None:
        return self._entries.get(normal(path))

    def read(self, path: str) -> bytes | None:
        entry = self.find(path)
        return None if entry is None else entry.data

    def write(self, path: str, data: bytes, mode: int = 0o644, mtime: int | None = None) -> None:
        """Raises StorageFull, FileNotFoundError without the folder, IsADirectoryError."""
        path = normal(path)
        old = self._entries.get(path)
        if old is not None and old.data is None:
            raise IsADirectoryError(path)
        if self.full:
            raise StorageFull(path)
        parent = self._entries.get(path.rpartition("/")[0] or "/")
        if parent is None or parent.data is not None:
            raise FileNotFoundError(path)
        entry = Entry(data, stat.S_IFREG | (mode & 0o777))
        if mtime is not None:
            entry.mtime = mtime
        self._entries[path] = entry

    def make_folder(self, path: str) -> None:
        made = ""
        for part in normal(path).strip("/").split("/"):
            made += "/" + part
            self._entries.setdefault(made, Entry(None, stat.S_IFDIR | 0o755))

    def remove(self, path: str) -> bool:
        """The entry and what is below it; False when it is not there."""
        path = normal(path)
        gone = [name for name in self._entries if name == path or name.startswith(path + "/")]
        for name in gone:
            del self._entries[name]
        return bool(gone)

    def children(self, path: str) -> list[tuple[str, Entry]]:
        prefix = normal(path).rstrip("/") + "/"
        return sorted(
            (name[len(prefix) :], entry)
            for name, entry in self._entries.items()
            if name.startswith(prefix) and name != "/" and "/" not in name[len(prefix) :]
        )

    @property
    def used(self) -> int:
        """Bytes; 31 GiB of system and apps are there from the start."""
        if self.full:
            return CAPACITY
        return 31 * 1024**3 + sum(len(entry.data or b"") for entry in self._entries.values())


def normal(path: str) -> str:
    path = "/" + "/".join(part for part in path.split("/") if part not in ("", "."))
    for alias in ("/storage/emulated/0", "/storage/self/primary", "/mnt/sdcard"):
        if path == alias or path.startswith(alias + "/"):
            return "/sdcard" + path[len(alias) :]
    return path
