"""uiautomator2's server on the phone: its process, its port, and the HTTP of its NanoHTTPD."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.phone.device import Complain, Device
from tests.phone.rpc import Methods, RpcError
from tests.phone.wire import Stream

TAKEN = 9008
"""The port that the fault `port_taken` is about."""
START_SECONDS = 0.25
IDLE_SECONDS = 5.0
"""NanoHTTPD's read timeout: a kept connection dies after it."""
_REASONS = {200: "OK", 404: "Not Found", 500: "Internal Server Error"}
_RIVAL = (
    "java.lang.IllegalStateException: UiAutomationService"
    " android.accessibilityservice.IAccessibilityServiceClient$Stub$Proxy@5deffd5"
    "already registered!"
)


@asynccontextmanager
async def _on_lan(port: int) -> AsyncIterator[None]:
    """Open the port where the phone's Wi-Fi address leads to; 0 opens none."""
    if not port:
        yield
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\npong")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", port):
        yield


class ServerDied(Exception):
    """The process ended in the middle of a request."""


class Automation:
    """The server process; it is alive while the shell command that started it runs."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.methods = Methods(device)
        self.port: int | None = None
        self._end: asyncio.Event | None = None
        device.run_automation = self.run

    def stop(self) -> None:
        if self._end is not None:
            self._end.set()

    def connect(self, port: int) -> Callable[[Stream], Awaitable[None]] | None:
        """None when nothing listens on the port: adbd then refuses the stream."""
        if "port_taken" in self.device.faults and port == TAKEN:
            return _stranger
        if self.port is None or self.port != port:
            return None
        return self._serve

    async def run(self, port: int, complain: Complain) -> int:
        """What app_process does: print, serve until killed, and leave UiAutomation free again."""
        await complain("[server] INFO: [UiAutomator2Server] Starting Server", 0)
        faults = self.device.faults
        if self.device.automation_held or "already_registered" in faults:
            return await complain(_RIVAL, 1)
        if "port_taken" in faults and port == TAKEN:
            return await complain("java.net.BindException: bind failed: EADDRINUSE", 1)
        if "server_quits" in faults:
            return await complain("java.lang.RuntimeException: no window manager", 1)
        self.device.automation_held = True
        self._end = asyncio.Event()
        try:
            await asyncio.sleep(START_SECONDS)
            self.port = port
            async with _on_lan(port if "on_lan" in faults else 0):
                await self._end.wait()
        finally:
            self.port = None
            self._end = None
            self.device.automation_held = False
        return await complain("Killed", 137)

    async def _serve(self, stream: Stream) -> None:
        """One kept connection, answered until it is idle, closed, or the process dies."""
        end = self._end
        assert end is not None
        answering = asyncio.ensure_future(self._answer_all(stream))
        ending = asyncio.ensure_future(end.wait())
        try:
            await asyncio.wait((answering, ending), return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                await answering
        except ServerDied:
            self.stop()
        finally:
            answering.cancel()
            ending.cancel()

    async def _answer_all(self, stream: Stream) -> None:
        while (request := await _read_request(stream)) is not None:
            status, kind, body = await self._answer(request)
            head = (
                f"HTTP/1.1 {status} {_REASONS[status]} \r\nContent-Type: {kind}\r\n"
                f"Date: Tue, 6 Jan 2026 10:11:12 GMT\r\n"
                f"Connection: {'keep-alive' if request.keep else 'close'}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            await stream.write(head.encode() + body)
            if not request.keep:
                return

    async def _answer(self, request: _Request) -> tuple[int, str, bytes]:
        match request.method, request.path.partition("?")[0]:
            case "GET", "/ping":
                return 200, "text/html", b"pong"
            case "GET", "/stop":
                asyncio.get_running_loop().call_later(0.05, self.stop)
                return 200, "text/html", b"Server stopped!!!"
            case "GET", "/screenshot/0":
                frame, _ = await self.device.frame()
                return 200, "image/png", frame.png()
            case "POST", "/jsonrpc/0":
                return 200, "application/json", await self._rpc(request.body)
        return 404, "text/plain", b"Not Found"

    async def _rpc(self, body: bytes) -> bytes:
        call = json.loads(body)
        method, params = call["method"], call.get("params") or []
        self.device.log.append((asyncio.get_running_loop().time(), f"rpc:{method}"))
        await self._misbehave(method)
        if "rpc_unreadable" in self.device.faults:
            return b"<html>captive portal</html>"
        answer: dict[str, Any] = {"jsonrpc": "2.0", "id": call.get("id")}
        try:
            answer["result"] = await self.methods.call(method, params)
        except RpcError as error:
            answer["error"] = error.as_json()
        return json.dumps(answer, ensure_ascii=False).encode()

    async def _misbehave(self, method: str) -> None:
        faults = self.device.faults
        if "rpc_hangs" in faults and faults.option("rpc_hangs", "only") in ("", method):
            await asyncio.Event().wait()
        if faults.take("server_dies"):
            raise ServerDied


async def _stranger(stream: Stream) -> None:
    """Somebody else's HTTP server on uiautomator2's port."""
    if await _read_request(stream) is not None:
        await stream.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    keep: bool
    body: bytes


async def _read_request(stream: Stream) -> _Request | None:
    """None when the client has gone or was idle too long."""
    try:
        head = await asyncio.wait_for(stream.reader.readuntil(b"\r\n\r\n"), IDLE_SECONDS)
    except (asyncio.IncompleteReadError, TimeoutError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    body = await stream.reader.readexactly(int(fields.get("content-length", "0")))
    method, path, _ = first.split(" ", 2)
    return _Request(method, path, fields.get("connection", "").lower() != "close", body)
