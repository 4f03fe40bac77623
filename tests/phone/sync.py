"""adb's sync service: stat, list, push and pull over one stream."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable

from tests.phone.files import Entry, Files, StorageFull
from tests.phone.wire import Stream

_CHUNK = 64 * 1024
_ENOENT = 2


async def serve_sync(files: Files, stream: Stream) -> None:
    """Answer requests until QUIT or the end of the stream."""
    answers: dict[bytes, Callable[[str], Awaitable[None]]] = {
        b"STAT": lambda path: stream.write(b"STAT" + _stat_v1(files.find(path))),
        b"STA2": lambda path: stream.write(b"STA2" + _stat_v2(files.find(path))),
        b"LST2": lambda path: stream.write(b"LST2" + _stat_v2(files.find(path))),
        b"LIST": lambda path: _list(files, path, stream, b"DENT", _stat_v1, 16),
        b"LIS2": lambda path: _list(files, path, stream, b"DNT2", _stat_v2, 72),
        b"RECV": lambda path: _send_file(files, path, stream),
        b"SEND": lambda path: _receive_file(files, path, stream),
    }
    while True:
        command, size = await _head(stream)
        if command == b"QUIT":
            return
        path = (await stream.reader.readexactly(size)).decode("utf-8", "replace")
        answer = answers.get(command)
        if answer is None:
            await _fail(stream, f"unknown command {command!r}")
            return
        await answer(path)


async def _head(stream: Stream) -> tuple[bytes, int]:
    try:
        head = await stream.reader.readexactly(8)
    except asyncio.IncompleteReadError:
        return b"QUIT", 0
    return head[:4], int.from_bytes(head[4:], "little")


def _stat_v1(entry: Entry | None) -> bytes:
    if entry is None:
        return bytes(12)
    return struct.pack("<3I", entry.mode, entry.size, entry.mtime)


def _stat_v2(entry: Entry | None) -> bytes:
    if entry is None:
        return struct.pack("<IQQ4IQ3q", _ENOENT, *[0] * 10)
    times = (entry.mtime,) * 3
    return struct.pack("<IQQ4IQ3q", 0, 1, 1, entry.mode, 1, 2000, 2000, entry.size, *times)


async def _list(
    files: Files,
    path: str,
    stream: Stream,
    tag: bytes,
    describe: Callable[[Entry | None], bytes],
    end: int,
) -> None:
    rows = bytearray()
    for name, entry in files.children(path):
        encoded = name.encode()
        rows += tag + describe(entry) + struct.pack("<I", len(encoded)) + encoded
    await stream.write(bytes(rows) + b"DONE" + bytes(end))


async def _send_file(files: Files, path: str, stream: Stream) -> None:
    data = files.read(path)
    if data is None:
        await _fail(stream, "open failed: No such file or directory")
        return
    body = bytearray()
    for start in range(0, len(data), _CHUNK):
        chunk = data[start : start + _CHUNK]
        body += b"DATA" + struct.pack("<I", len(chunk)) + chunk
    await stream.write(bytes(body) + b"DONE" + bytes(4))


async def _receive_file(files: Files, target: str, stream: Stream) -> None:
    path, _, mode = target.rpartition(",")
    data = bytearray()
    while True:
        command, size = await _head(stream)
        if command == b"DONE":
            break
        if command != b"DATA":
            await _fail(stream, f"unexpected {command!r}")
            return
        data += await stream.reader.readexactly(size)
    try:
        if not files.full:
            files.make_folder(path.rpartition("/")[0])
        files.write(path, bytes(data), int(mode), mtime=size)
    except StorageFull:
        await _fail(stream, "write failed: No space left on device")
    except IsADirectoryError:
        await _fail(stream, "couldn't create file: Is a directory")
    else:
        await stream.write(b"OKAY" + bytes(4))


async def _fail(stream: Stream, message: str) -> None:
    await stream.write(b"FAIL" + struct.pack("<I", len(message)) + message.encode())
