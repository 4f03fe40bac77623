"""The phone's adbd over TCP: handshake, RSA authorisation, and one task for every stream."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from tests.phone.rsa import PublicKey
from tests.phone.wire import MAX_DATA, VERSION, Packet, Stream, StreamClosed, read_packet

Open = Callable[[str], Callable[[Stream], Awaitable[None]] | None]
"""What answers a service name; None for a service (or port) that is not there."""
Answering = Literal["yes", "silent", "no"]
"""`silent` takes connections and says nothing, as a hung phone does; `no` is switched off."""


class Adbd:
    """Listens on 127.0.0.1; the services themselves are the caller's."""

    def __init__(self, banner: Mapping[str, str], open_service: Open) -> None:
        self.banner = dict(banner)
        self.port = 0
        self.authorize: Literal["open", "ask", "refuse"] = "open"
        self.trusted: list[PublicKey] = []
        self.asked: PublicKey | None = None
        """The computer whose question stands on the phone's screen."""
        self.answering: Answering = "yes"
        self.bugs: list[Exception] = []
        """What the services raised and should not have."""
        self._open_service = open_service
        self._server: asyncio.Server | None = None
        self._links: set[_Link] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, limit=1 << 20
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port and every connection; `start` takes the same port again."""
        if self._server is not None:
            self._server.close()
            self._server = None
        await self.drop()

    async def drop(self) -> None:
        """Cut the connections, as a pulled cable does; adb may dial again."""
        for link in list(self._links):
            await link.close()

    async def allow(self) -> None:
        """The user taps Allow on the question about the computer that asked last."""
        if self.asked is not None:
            self.trusted.append(self.asked)
            self.asked = None
        for link in list(self._links):
            await link.welcome_if_trusted()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link(self, reader, writer, self._open_service)
        self._links.add(link)
        try:
            await link.run()
        finally:
            self._links.discard(link)
            await link.close()


class _Link:
    """One connection from an adb server."""

    def __init__(
        self,
        adbd: Adbd,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        open_service: Open,
    ) -> None:
        self._adbd = adbd
        self._reader = reader
        self._writer = writer
        self._open_service = open_service
        self._maximum = MAX_DATA
        self._token = b""
        self._key: PublicKey | None = None
        self._welcomed = False
        self._ids = itertools.count(1)
        self._streams: dict[int, Stream] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        while True:
            try:
                packet = await read_packet(self._reader)
            except (asyncio.IncompleteReadError, ConnectionError, ValueError):
                return
            if self._adbd.answering == "yes":
                await self._take(packet)

    async def close(self) -> None:
        for stream in list(self._streams.values()):
            stream.abandon()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()

    async def welcome_if_trusted(self) -> None:
        if self._key in self._adbd.trusted and not self._welcomed:
            await self._welcome()

    async def _take(self, packet: Packet) -> None:
        match packet.command:
            case b"CNXN":
                self._maximum = min(MAX_DATA, packet.arg1)
                await (self._welcome() if self._adbd.authorize == "open" else self._challenge())
            case b"AUTH":
                await self._authorize(packet)
            case b"OPEN" if self._welcomed:
                await self._open(packet)
            case b"WRTE" | b"OKAY" | b"CLSE":
                await self._continue(packet)

    async def _challenge(self) -> None:
        self._token = os.urandom(20)
        await self._send(Packet(b"AUTH", 1, 0, self._token))

    async def _authorize(self, packet: Packet) -> None:
        if packet.arg0 == 2:
            known = any(key.signed(self._token, packet.data) for key in self._adbd.trusted)
            await (self._welcome() if known else self._challenge())
            return
        self._key = PublicKey.parse(packet.data)
        if self._adbd.authorize == "ask":
            self._adbd.asked = self._key

    async def _welcome(self) -> None:
        self._welcomed = True
        pairs = ";".join(f"{name}={value}" for name, value in self._adbd.banner.items())
        await self._send(Packet(b"CNXN", VERSION, MAX_DATA, f"device::{pairs}".encode()))

    async def _open(self, packet: Packet) -> None:
        service = packet.data.rstrip(b"\0").decode("utf-8", "replace")
        serve = self._open_service(service)
        if serve is None:
            await self._send(Packet(b"CLSE", 0, packet.arg0))
            return
        stream = Stream(next(self._ids), packet.arg0, self._maximum, self._send)
        self._streams[stream.local] = stream
        await self._send(Packet(b"OKAY", stream.local, stream.remote))
        task = asyncio.create_task(self._run(stream, serve))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, stream: Stream, serve: Callable[[Stream], Awaitable[None]]) -> None:
        work = asyncio.ensure_future(serve(stream))
        gone = asyncio.ensure_future(stream.closed.wait())
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            if not work.done():
                work.cancel()
            await self._finish(stream, work)

    async def _finish(self, stream: Stream, work: asyncio.Future[None]) -> None:
        """Close the stream whatever became of the work: an open, silent one hangs the host."""
        ended = (StreamClosed, ConnectionError, asyncio.IncompleteReadError)
        try:
            with contextlib.suppress(asyncio.CancelledError, *ended):
                await work
        except Exception as error:  # noqa: BLE001 - a bug of the simulator: Phone raises it at its end
            self._adbd.bugs.append(error)
        finally:
            with contextlib.suppress(*ended):
                await stream.close()
            self._streams.pop(stream.local, None)

    async def _continue(self, packet: Packet) -> None:
        stream = self._streams.get(packet.arg1)
        if stream is None:
            return
        match packet.command:
            case b"WRTE":
                await stream.receive(packet.data)
            case b"OKAY":
                stream.acknowledged()
            case _:
                stream.abandon()

    async def _send(self, packet: Packet) -> None:
        self._writer.write(packet.encode())
        await self._writer.drain()
