"""An adb server that says what a test tells it to: for what no phone can be made to do here.

Pairing is a TLS handshake between the real adb server and a phone, and mDNS needs a network of its
own; what our side asks of that server, and makes of its answers, is tested against this one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from gui_agent.platforms.android_adb import Adb


@asynccontextmanager
async def scripted(answers: Mapping[str, str]) -> AsyncIterator[tuple[Adb, list[str]]]:
    """A server with these answers, and all that it was asked; an answer that starts with FAIL is a
    refusal, and an unknown request is refused in adb's own words."""
    asked: list[str] = []
    known = {"host:version": "0029", **answers}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readexactly(int(await reader.readexactly(4), 16))).decode()
        asked.append(request)
        said = known.get(request, f"FAILunknown host service '{request.removeprefix('host:')}'")
        status, text = ("FAIL", said[4:]) if said.startswith("FAIL") else ("OKAY", said)
        data = text.encode()
        writer.write(status.encode() + f"{len(data):04x}".encode() + data)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield Adb(port=server.sockets[0].getsockname()[1]), asked
