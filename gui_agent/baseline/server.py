"""The baseline's own OpenAI-compatible endpoint: /v1/models and /v1/chat/completions, on loopback.

Plain asyncio. Decisions take CPU time, so they are made on one worker thread. It never calls
another model, and says in its name what it is.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from gui_agent.baseline import page as pages
from gui_agent.baseline.page import BadRequest
from gui_agent.baseline.policy import Eyes, decide
from gui_agent.baseline.sight import Sight
from gui_agent.errors import SetupError

MODEL_ID = "builtin/rules-ocr-baseline"
OWNER = "rules + PP-OCR; not a neural GUI agent"
log = logging.getLogger("gui_agent.baseline")

_LARGEST_BODY = 64 * 1024 * 1024
_LARGEST_HEAD = 64 * 1024
_PATIENCE = 60.0
"""Seconds that a client may take to send a request."""


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class _Refusal(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, message: str, kind: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind


class BaselineServer:
    """Serves the baseline policy while it is started; also an async context manager.

    `port` 0 lets the system choose. With an `api_key`, requests need it as a bearer token. Without
    `sight` the element list is believed and no picture is looked at: for benchmarks only.
    """

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, api_key: str | None = None,
        sight: bool = True,
    ) -> None:  # fmt: skip
        """Raises MissingExtra when the OCR packages are not installed."""
        self.host = host
        self.port = port
        self.api_key = api_key
        self._eyes: Eyes | None = Sight() if sight else None
        self._server: asyncio.Server | None = None
        self._worker: ThreadPoolExecutor | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def base_url(self) -> str:
        """What clients take as `base_url`; only known once started."""
        return f"http://{self.host}:{self.port}/v1"

    async def start(self) -> Self:
        """Begin to listen. Raises SetupError when the port can't be had."""
        try:
            self._server = await asyncio.start_server(
                self._serve, self.host, self.port, limit=_LARGEST_HEAD
            )
        except OSError as error:
            raise SetupError(
                f"Can't listen on {self.host}:{self.port} ({error.strerror}): choose another port."
            ) from error
        self.port = self._server.sockets[0].getsockname()[1]
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="baseline")
        return self

    async def serve_forever(self) -> None:
        """Serve until cancelled."""
        if self._server is None:
            await self.start()
        assert self._server is not None
        await self._server.serve_forever()

    async def close(self) -> None:
        """Stop listening and let go of connections; safe to call twice."""
        if self._server is not None:
            self._server.close()
            for writer in tuple(self._open):
                writer.close()
            await self._server.wait_closed()
        if self._worker is not None:
            self._worker.shutdown(wait=True, cancel_futures=True)
        self._server = self._worker = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request after the other."""
        self._open.add(writer)
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            pass  # the client has gone, and there is nobody to tell
        finally:
            self._open.discard(writer)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; False ends the connection."""
        try:
            request = await _receive(reader)
            if request is None:
                return False
            async for chunk in self._answer(request):
                writer.write(chunk)
                await writer.drain()
        except _Refusal as refusal:
            body = {"error": {"message": str(refusal), "type": refusal.kind, "code": None}}
            writer.write(_response(refusal.status, json.dumps(body).encode()))
            await writer.drain()
            return refusal.status not in (408, 413)
        return request.headers.get("connection", "").lower() != "close"

    async def _answer(self, request: _Request) -> AsyncIterator[bytes]:
        self._authorize(request)
        path = request.path.partition("?")[0].rstrip("/")
        model = {"id": MODEL_ID, "object": "model", "created": 0, "owned_by": OWNER}
        match request.method, path:
            case "GET", "/v1/models":
                yield _response(200, json.dumps({"object": "list", "data": [model]}).encode())
            case "GET", _ if path == f"/v1/models/{MODEL_ID}":
                yield _response(200, json.dumps(model).encode())
            case "GET", "/health":
                yield _response(200, b"{}")
            case "POST", "/v1/chat/completions":
                async for chunk in self._complete(request):
                    yield chunk
            case _, "/v1/models" | "/v1/chat/completions" | "/health":
                raise _Refusal(405, f"{request.method} is not allowed on {path}")
            case _:
                raise _Refusal(404, f"there is nothing at {path}")

    def _authorize(self, request: _Request) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.api_key and not hmac.compare_digest(given.encode(), self.api_key.encode()):
            raise _Refusal(401, "the API key is missing or wrong", "authentication_error")

    async def _complete(self, request: _Request) -> AsyncIterator[bytes]:
        asked = _json(request.body)
        if (model := asked.get("model")) != MODEL_ID:
            raise _Refusal(404, f"the model '{model}' does not exist; there is only '{MODEL_ID}'",
                           "not_found_error")  # fmt: skip
        assert self._worker is not None, "a request only comes in while the server is started"
        loop = asyncio.get_running_loop()
        try:
            text = await loop.run_in_executor(self._worker, self._decide, asked.get("messages"))
        except BadRequest as error:
            raise _Refusal(400, str(error)) from error
        except Exception as error:  # a fault of ours: the client has to hear of it
            log.exception("no decision could be made")
            raise _Refusal(500, f"the baseline failed: {error!r}", "internal_error") from error
        head = {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "created": int(time.time()),
            "model": MODEL_ID,
        }
        if not asked.get("stream"):
            yield _response(200, json.dumps(_completion(head, text)).encode())
            return
        yield _head(200, "text/event-stream", ["Transfer-Encoding: chunked"])
        usage = bool((asked.get("stream_options") or {}).get("include_usage"))
        for event in _events(head, text, usage):
            yield _chunk(event)
        yield b"0\r\n\r\n"

    def _decide(self, messages: Any) -> str:
        reply = decide(pages.read(messages), self._eyes)
        answer = {"thought": reply.thought, "action": reply.action, "memory": reply.memory}
        return json.dumps(answer, ensure_ascii=False)


async def serve(host: str = "127.0.0.1", port: int = 0, api_key: str | None = None) -> None:
    """Serve the baseline until cancelled. Raises MissingExtra or SetupError."""
    async with BaselineServer(host=host, port=port, api_key=api_key) as server:
        await server.serve_forever()


async def _receive(reader: asyncio.StreamReader) -> _Request | None:
    """The next request on a connection, or None when the client has closed it."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial.strip():
            raise
        return None
    except asyncio.LimitOverrunError as error:
        raise _Refusal(413, "the request's head is too large") from error
    line, *fields = head.decode("latin-1").rstrip().split("\r\n")
    method, _, rest = line.partition(" ")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (field.partition(":") for field in fields)
    }
    async with asyncio.timeout(_PATIENCE):
        body = await _body(reader, headers)
    return _Request(method, rest.partition(" ")[0], headers, body)


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return await _chunked_body(reader)
    length = headers.get("content-length", "0")
    if not length.isdigit():
        raise _Refusal(400, "Content-Length is not a number")
    if int(length) > _LARGEST_BODY:
        raise _Refusal(413, f"the request is larger than {_LARGEST_BODY} bytes")
    return await reader.readexactly(int(length))


async def _chunked_body(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        if len(body) + size > _LARGEST_BODY:
            raise _Refusal(413, f"the request is larger than {_LARGEST_BODY} bytes")
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise _Refusal(400, f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise _Refusal(400, "the body has to be a JSON object")
    return value


_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
_REASONS = {status.value: status.phrase for status in HTTPStatus}


def _completion(head: Mapping[str, Any], text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {**head, "object": "chat.completion", "choices": [choice], "usage": _USAGE}


def _events(head: Mapping[str, Any], text: str, usage: bool) -> list[str]:
    """The server-sent events of a streamed completion."""

    def event(delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return {**head, "object": "chat.completion.chunk", "choices": [choice]}

    events = [event({"role": "assistant", "content": ""}), event({"content": text}),
              event({}, "stop")]  # fmt: skip
    if usage:
        events.append({**head, "object": "chat.completion.chunk", "choices": [], "usage": _USAGE})
    lines = [json.dumps(one, ensure_ascii=False) for one in events]
    return [f"data: {line}\n\n" for line in (*lines, "[DONE]")]


def _chunk(text: str) -> bytes:
    data = text.encode()
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def _head(status: int, kind: str, more: list[str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {_REASONS[status]}", f"Content-Type: {kind}", *more]
    return "\r\n".join([*lines, "", ""]).encode()


def _response(status: int, body: bytes) -> bytes:
    return _head(status, "application/json", [f"Content-Length: {len(body)}"]) + body
