"""uiautomator2's server on the phone: pushed, started, called over adb, and stopped again.

It lives as long as the shell that started it, so it ends with this program whatever ends that. It
has no password and listens on every interface, hence the random port.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import time
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from gui_agent.errors import MissingExtra, SetupError
from gui_agent.platforms.android_adb import Adb, AdbError, Unanswered, Unreachable
from gui_agent.platforms.android_journal import Journal

T = TypeVar("T")

JAR = "/data/local/tmp/u2.jar"
"""Stays on the phone: the next start is faster. `reset` removes it."""
_PORTS = range(20_000, 30_000)
_PUSH_SECONDS = 60.0
_START_SECONDS = 30.0
_RIVAL_SECONDS = 3.0
"""A server that was cut off may hold UiAutomation for a moment longer."""
_POLL_SECONDS = 0.03
_PING_SECONDS = 2.0
_STOP_SECONDS = 2.0


class RpcError(Exception):
    """The server answered with a Java exception."""

    def __init__(self, java: str, text: str) -> None:
        super().__init__(f"{java}: {text}" if text else java)
        self.java = java
        """Class name, such as java.lang.SecurityException."""
        self.text = text
        """The first line of its stack trace."""


class Server:
    """The automation server of one phone."""

    def __init__(self, adb: Adb, serial: str, journal: Journal) -> None:
        self._adb = adb
        self._serial = serial
        self._journal = journal
        self.port = 0
        """On the phone; another one at each start."""
        self._shell = AsyncExitStack()
        self._ended: asyncio.Task[bytes] | None = None

    async def start(self) -> None:
        """Start it anew. Raises SetupError when the phone refuses, AdbError when it is gone."""
        await self.stop()
        await self._install()
        until = time.monotonic() + _RIVAL_SECONDS
        while said := await self._launch(random.choice(_PORTS)):
            if "EADDRINUSE" in said and time.monotonic() < until:
                continue
            if "already registered" not in said:
                raise SetupError(f"The automation server does not run on this phone: {_last(said)}")
            if time.monotonic() > until:
                raise SetupError(
                    "Another program holds the phone's UiAutomation (Appium, uiautomator2, a test"
                    " tool): end it, then start again."
                )
            await asyncio.sleep(_POLL_SECONDS)

    async def stop(self) -> None:
        """End it; safe at any time."""
        if self._ended is None:
            return
        task, self._ended = self._ended, None
        try:
            await self._record("http:GET /stop", self._get("/stop", _STOP_SECONDS))
            await asyncio.wait([task], timeout=_STOP_SECONDS)
        except AdbError:
            pass  # it is gone already, and closing its shell below ends what is left
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self._shell.aclose()

    async def call(
        self, method: str, params: tuple[Any, ...], seconds: float, shown: str = ""
    ) -> Any:
        """The method's result. Raises RpcError, Unreachable, or Unanswered when it may have run.

        A server that has died, or lost its hold of the screen, is started again first. `shown` is
        what the journal holds instead of the arguments.
        """
        what = f"rpc:{method} {shown or json.dumps(params, ensure_ascii=False)}"
        try:
            return await self._record(what, self._call(method, params, seconds))
        except Unreachable:
            raise
        except RpcError as error:
            if not _disconnected(error):
                raise
        except AdbError as error:
            if isinstance(error, Unanswered):
                raise
        await self.start()
        return await self._record(what, self._call(method, params, seconds))

    async def _call(self, method: str, params: tuple[Any, ...], seconds: float) -> Any:
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        body = await self._http("POST", "/jsonrpc/0", json.dumps(request).encode(), seconds)
        try:
            answer = json.loads(body)
            if "error" not in answer:
                return answer["result"]
            error = answer["error"]
            java, data = str(error.get("message", "")), str(error.get("data") or "")
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Unanswered(f"{method} was answered with {body[:80]!r}") from error
        raise RpcError(java, data.strip().partition("\n")[0].removeprefix(f"{java}: ")[:300])

    async def _record(self, what: str, sent: Awaitable[T]) -> T:
        return await self._journal.record(self._serial, what, sent)

    async def _get(self, path: str, seconds: float) -> bytes:
        return await self._http("GET", path, b"", seconds)

    async def _http(self, verb: str, path: str, body: bytes, seconds: float) -> bytes:
        """One request on a stream of its own. It asks for no gzip, which leaks on the phone."""
        head = (
            f"{verb} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        opened = self._adb.stream(self._serial, f"tcp:{self.port}")
        try:
            async with asyncio.timeout(seconds), opened as (reader, writer):
                writer.write(head.encode() + body)
                return await _response(reader)
        except TimeoutError as error:
            raise Unanswered(f"{path} got no answer within {seconds:g} s") from error

    async def _install(self) -> None:
        data, digest = await asyncio.to_thread(_jar)
        sums = f"shell:toybox md5sum {JAR} || md5 {JAR}"
        said = await self._record(sums, self._adb.read(self._serial, sums, _START_SECONDS))
        if digest in said.decode("latin-1"):
            return
        try:
            push = self._adb.push(self._serial, data, JAR, _PUSH_SECONDS)
            await self._record(f"sync:SEND {JAR} ({len(data)} bytes)", push)
        except (Unreachable, Unanswered):
            raise
        except AdbError as error:
            if "No space left" in str(error):
                raise SetupError(
                    "The phone's storage is full: free a few megabytes, then start again."
                ) from error
            raise SetupError(f"The phone does not take the automation server: {error}.") from error

    async def _launch(self, port: int) -> str:
        """Start it on this port; what it said when it ended at once, or "" when it serves."""
        self.port = port
        service = f"shell:CLASSPATH={JAR} app_process / com.wetest.uia2.Main -p {port}"
        return await self._record(service, self._started(service))

    async def _started(self, service: str) -> str:
        reader, _ = await self._shell.enter_async_context(self._adb.stream(self._serial, service))
        self._ended = task = asyncio.create_task(reader.read())
        until = time.monotonic() + _START_SECONDS
        while not task.done() and time.monotonic() < until:
            if await self._serves():
                return ""
            await asyncio.wait([task], timeout=_POLL_SECONDS)
        self._ended = None
        task.cancel()
        (said,) = await asyncio.gather(task, return_exceptions=True)
        await self._shell.aclose()
        if isinstance(said, bytes):
            return said.decode("utf-8", "replace") or "it ended without a word"
        return f"it did not answer within {_START_SECONDS:g} s"

    async def _serves(self) -> bool:
        try:
            return await self._get("/ping", _PING_SECONDS) == b"pong"
        except Unreachable:
            raise
        except AdbError:
            return False


def _jar() -> tuple[bytes, str]:
    """uiautomator2's server and its MD5, by which the phone tells whether it has it."""
    spec = find_spec("uiautomator2")
    if spec is None or spec.origin is None:
        raise MissingExtra("android", "uiautomator2")
    data = (Path(spec.origin).parent / "assets" / "u2.jar").read_bytes()
    return data, hashlib.md5(data, usedforsecurity=False).hexdigest()


def _disconnected(error: RpcError) -> bool:
    """Has the server lost the screen before it did anything?"""
    signs = ("UiAutomation not connected", "DeadObjectException", "DeadSystemRuntimeException")
    return any(sign in str(error) for sign in signs)


async def _response(reader: asyncio.StreamReader) -> bytes:
    """The body of an HTTP answer. Raises Unanswered unless it is whole and good."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    fields = {name.strip().lower(): value.strip() for name, _, value in map(_pair, lines)}
    if first.split(" ")[1:2] != ["200"]:
        raise Unanswered(f"the automation server said {first}")
    if "content-length" in fields:
        return await reader.readexactly(int(fields["content-length"]))
    if fields.get("transfer-encoding", "").lower() == "chunked":
        return await _chunks(reader)
    return await reader.read()


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    whole = bytearray()
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        whole += await reader.readexactly(size)
        await reader.readexactly(2)
    return bytes(whole)


def _pair(line: str) -> tuple[str, str, str]:
    return line.partition(":")


def _last(said: str) -> str:
    """The line that says most, at a length that can be read."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return next((line for line in lines if "xception" in line or "rror" in line), lines[-1])[:300]
