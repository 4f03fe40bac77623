"""The adb transport packets, and the byte streams that adbd multiplexes over one connection."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

VERSION = 0x01000001
"""From this version on a checksum of 0 is accepted."""
MAX_DATA = 256 * 1024
_HEADER = struct.Struct("<4s5I")


class StreamClosed(Exception):
    """The host closed the stream, or the connection is gone."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One adb packet; the meaning of the two arguments depends on the command."""

    command: bytes
    arg0: int
    arg1: int
    data: bytes = b""

    def encode(self) -> bytes:
        magic = int.from_bytes(self.command, "little") ^ 0xFFFFFFFF
        size = len(self.data)
        return _HEADER.pack(self.command, self.arg0, self.arg1, size, 0, magic) + self.data


async def read_packet(reader: asyncio.StreamReader) -> Packet:
    """Raises IncompleteReadError at the end, ValueError when the bytes are not adb's."""
    command, arg0, arg1, size, _, magic = _HEADER.unpack(await reader.readexactly(_HEADER.size))
    if magic != int.from_bytes(command, "little") ^ 0xFFFFFFFF or size > MAX_DATA:
        raise ValueError(f"not an adb packet: {command!r}, {size} bytes")
    return Packet(command, arg0, arg1, await reader.readexactly(size))


Send = Callable[[Packet], Awaitable[None]]


class Stream:
    """One service's two-way byte stream; one WRTE is in flight per direction."""

    def __init__(self, local: int, remote: int, maximum: int, send: Send) -> None:
        self.local = local
        self.remote = remote
        self.reader = asyncio.StreamReader(limit=1 << 22)
        self.closed = asyncio.Event()
        self._maximum = maximum
        self._send = send
        self._ready = asyncio.Event()
        self._ready.set()
        self._lock = asyncio.Lock()

    async def write(self, data: bytes) -> None:
        async with self._lock:
            for start in range(0, len(data), self._maximum):
                await self._write_one(data[start : start + self._maximum])

    async def _write_one(self, chunk: bytes) -> None:
        await self._ready.wait()
        if self.closed.is_set():
            raise StreamClosed
        self._ready.clear()
        await self._send(Packet(b"WRTE", self.local, self.remote, chunk))

    async def receive(self, data: bytes) -> None:
        """The host's WRTE: keep the bytes, then let it send the next."""
        self.reader.feed_data(data)
        await self._send(Packet(b"OKAY", self.local, self.remote))

    def acknowledged(self) -> None:
        self._ready.set()

    async def close(self) -> None:
        """Tell the host, once everything written has been taken."""
        if self.closed.is_set():
            return
        await self._ready.wait()
        if not self.closed.is_set():
            self.abandon()
            await self._send(Packet(b"CLSE", self.local, self.remote))

    def abandon(self) -> None:
        """The other side is gone: wake whoever waits here."""
        if not self.closed.is_set():
            self.closed.set()
            self.reader.feed_eof()
            self._ready.set()
