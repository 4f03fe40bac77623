"""The adb server on this computer, spoken to directly: a connection and a deadline for every call.

adbutils' own deadlines do not reach its sockets, and its two small packets for each request cost
40 ms. What it is still needed for is the adb program that it brings along.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import struct
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from gui_agent.errors import MissingExtra, SetupError

_CHUNK = 64 * 1024
"""The most bytes that one DATA packet of a push may carry."""
_START_SECONDS = 15.0
_HOST_SECONDS = 5.0

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class AdbError(Exception):
    """The adb server or the phone said no; the text is adb's own."""


class Unreachable(AdbError):
    """The phone is not there (not found, offline, unauthorized): nothing was delivered to it."""


class Unanswered(AdbError):
    """The request was delivered, or may have been, and no whole answer came."""


@dataclass(frozen=True, slots=True)
class Adb:
    """One adb server."""

    host: str = "127.0.0.1"
    port: int = 5037

    @classmethod
    def at(cls, address: str, env: Mapping[str, str]) -> Adb:
        """The server at `host:port`; without one, where adb's own variables say. SetupError."""
        host, _, port = address.rpartition(":")
        port = port or env.get("ANDROID_ADB_SERVER_PORT") or "5037"
        if not port.isdecimal():
            raise SetupError(f"The adb server's port must be a number, not '{port}'.")
        return cls(host or env.get("ANDROID_ADB_SERVER_HOST") or "127.0.0.1", int(port))

    async def start(self) -> None:
        """Start the server unless it runs. Raises SetupError."""
        try:
            await self.ask("host:version")
        except AdbError:
            await self._start()

    async def devices(self) -> dict[str, str]:
        """Serial → state: device, offline, unauthorized, …"""
        rows = [line.split("\t") for line in (await self.ask("host:devices")).splitlines()]
        return {row[0]: row[1] for row in rows if len(row) == 2}

    async def ask(self, request: str, seconds: float = _HOST_SECONDS) -> str:
        """What the server answers to a `host:` request. Raises AdbError."""
        async with _within(seconds), self._connection() as (reader, writer):
            await _request(reader, writer, request)
            head = await reader.readexactly(4)
            failed = head == b"FAIL"  # `pair` is accepted first and fails then
            size = int(await reader.readexactly(4) if failed else head, 16)
            said = (await reader.readexactly(size)).decode("utf-8", "replace")
            if failed:
                raise AdbError(said)
            return said

    @asynccontextmanager
    async def stream(self, serial: str, service: str) -> AsyncIterator[Streams]:
        """A service of the phone, such as `shell:…` or `tcp:9008`; closed at the end.

        Raises Unreachable when there is no phone, AdbError when it has no such service.
        """
        async with self._connection() as (reader, writer):
            try:
                await _request(reader, writer, f"host:transport:{serial}")
            except AdbError as error:
                raise Unreachable(str(error)) from error
            await _request(reader, writer, service)
            yield reader, writer

    async def read(self, serial: str, service: str, seconds: float) -> bytes:
        """Everything that the service says until it ends."""
        async with _within(seconds), self.stream(serial, service) as (reader, _):
            return await reader.read()

    async def push(self, serial: str, data: bytes, path: str, seconds: float) -> None:
        """Write a file on the phone. Raises AdbError with the phone's reason."""
        async with _within(seconds), self.stream(serial, "sync:") as (reader, writer):
            target = f"{path},{0o100644}".encode()
            writer.write(b"SEND" + struct.pack("<I", len(target)) + target)
            for start in range(0, len(data), _CHUNK):
                piece = data[start : start + _CHUNK]
                writer.write(b"DATA" + struct.pack("<I", len(piece)) + piece)
                await writer.drain()
            writer.write(b"DONE" + struct.pack("<I", int(time.time())))
            answer, size = struct.unpack("<4sI", await reader.readexactly(8))
            if answer != b"OKAY":
                raise AdbError((await reader.readexactly(size)).decode("utf-8", "replace"))

    async def _start(self) -> None:
        if self.host not in ("127.0.0.1", "localhost"):
            raise SetupError(f"No adb server answers at {self.host}:{self.port}: start it there.")
        program, environment = find_adb(), {"ANDROID_ADB_SERVER_PORT": str(self.port)}
        try:
            async with asyncio.timeout(_START_SECONDS):
                await _quietly(program, {**os.environ, **environment})
            await self.ask("host:version")
        except (OSError, TimeoutError, AdbError) as error:
            raise SetupError(
                f"The adb server at port {self.port} can't be started: run '{program} start-server'"
                " and read what it says."
            ) from error

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Streams]:
        try:
            reader, writer = await asyncio.open_connection(self.host, self.port)
        except OSError as error:
            raise Unreachable(f"no adb server at {self.host}:{self.port}") from error
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            yield reader, writer
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Unanswered("the connection was closed") from error
        finally:
            writer.close()


def find_adb() -> str:
    """The adb program: ADBUTILS_ADB_PATH, else on PATH, else adbutils' own. Raises MissingExtra."""
    if found := os.environ.get("ADBUTILS_ADB_PATH") or shutil.which("adb"):
        return found
    spec = find_spec("adbutils")
    if spec is not None and spec.origin is not None:
        for name in ("adb", "adb.exe"):
            if (path := Path(spec.origin).parent / "binaries" / name).exists():
                return str(path)
    raise MissingExtra("android", "adbutils")


async def _quietly(program: str, environment: Mapping[str, str]) -> None:
    """Start the server and wait until the program has gone into the background."""
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        program, "start-server", env=environment, stdin=quiet, stdout=quiet, stderr=quiet
    )
    try:
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()


async def _request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: str
) -> None:
    """Send one request and read OKAY. Raises AdbError with the server's reason."""
    data = request.encode()
    writer.write(f"{len(data):04x}".encode() + data)
    if await reader.readexactly(4) != b"OKAY":
        size = int(await reader.readexactly(4), 16)
        raise AdbError((await reader.readexactly(size)).decode("utf-8", "replace"))


@asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    """Turns a missed deadline into Unanswered."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise Unanswered(f"no answer within {seconds:g} s") from error
