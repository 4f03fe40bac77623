"""A loopback server that speaks the wire format of vLLM's OpenAI API, from a script."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

Body = dict[str, Any]


@dataclass(frozen=True)
class Say:
    """An answer, streamed if the request asks for it."""

    text: str | None = ""
    reasoning: str | None = None
    """Thinking, sent in a field of its own before the text."""
    reasoning_field: str = "reasoning"
    finish: str = "stop"
    stop_reason: str | int | None = None
    chunk: int = 4
    """Characters per event."""
    delay: float = 0.0
    """Seconds before each event."""
    usage: Mapping[str, Any] = field(
        default_factory=lambda: {
            "prompt_tokens": 1200,
            "completion_tokens": 40,
            "total_tokens": 1240,
            "prompt_tokens_details": {"cached_tokens": 1024},
        }
    )
    continuous_usage: bool = True
    """Honour `continuous_usage_stats`: count, without the cached tokens, in every event."""
    break_after: int | None = None
    """Drop the connection after this many events."""
    garble_after: int | None = None
    """Send an event that is no JSON after this many events."""
    error_after: int | None = None
    """Send an error, then the end, after this many events."""
    error: Mapping[str, Any] = field(
        default_factory=lambda: {"message": "EngineCore died", "code": 500}
    )
    streams: bool = True
    """False: answers with plain JSON whatever was asked."""


@dataclass(frozen=True)
class Refuse:
    """An HTTP status with a body."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    """Promise more of the body than is sent."""


@dataclass(frozen=True)
class Hang:
    """Take the request and never answer."""


@dataclass(frozen=True)
class Drop:
    """Take the request and close the connection."""


Reply = Say | Refuse | Hang | Drop
Script = str | Reply | Callable[[Body], "str | Reply"]


def vllm_error(
    status: int, message: str, kind: str = "BadRequestError", param: str | None = None
) -> Refuse:
    """An error as vLLM words it."""
    error = {"message": message, "type": kind, "param": param, "code": status}
    return Refuse(status, {"error": error})


def sglang_error(status: int, message: str) -> Refuse:
    """An error as SGLang words it: not nested."""
    error = {"object": "error", "message": message, "type": "BadRequestError", "param": None}
    return Refuse(status, {**error, "code": status})


def unknown_field(name: str) -> Refuse:
    """A field that a hosted API has never heard of, in OpenAI's words."""
    message = f"Unrecognized request argument supplied: {name}"
    return Refuse(400, {"error": {"message": message, "type": "invalid_request_error"}})


def extra_forbidden(*path: str) -> Refuse:
    """The same in the words of a pydantic server."""
    detail = {"type": "extra_forbidden", "loc": path, "msg": "Extra inputs are not permitted"}
    return Refuse(422, {"detail": [detail]})


FAILED = vllm_error(500, "Internal server error", "InternalServerError")
WEB_PAGE = Refuse(200, "<!DOCTYPE html><title>Welcome</title>", {"content-type": "text/html"})


@dataclass(frozen=True)
class Request:
    """What came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    json: Any


class FakeOpenAI:
    """Answers chat requests from a script, one entry after the other; the last one stays.

    `async with FakeOpenAI("hello") as server:` then `server.url`.
    """

    def __init__(
        self,
        *script: Script,
        models: tuple[str, ...] | Reply = ("glm-4.1v",),
        key: str | None = None,
        refuses: frozenset[str] = frozenset(),
    ) -> None:
        """`models`: those served, or what a request for the list gets instead. `key`: the one that
        every request must bring. `refuses`: fields that are answered as unknown."""
        self.script = list(script)
        self.models = models
        self.key = key
        self.refuses = refuses
        self.requests: list[Request] = []
        self.asked: list[Body] = []
        """The bodies of the chat requests."""
        self.arrived = asyncio.Event()
        """A chat request has come in."""
        self.hung_up = asyncio.Event()
        """The client has closed a connection before the end of an answer."""
        self.aborted = 0
        """How often it has."""
        self.connections = 0
        self._open: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while request := await _read(reader):
                self.requests.append(request)
                if not await self._serve(request, reader, writer):
                    break
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _serve(
        self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer; False when the connection is not to be used again."""
        reply = self._reply(request)
        match reply:
            case Hang():
                await reader.read(1)
                return self._aborted()
            case Drop():
                return False
            case Refuse():
                await _send(writer, reply.status, reply.body, reply.headers, cut=reply.cut)
                return not reply.cut
            case Say() if reply.streams and request.json.get("stream"):
                return await self._stream(reply, request.json, reader, writer)
            case Say():
                await _send(writer, 200, _whole(reply, request.json["model"]))
                return True

    def _reply(self, request: Request) -> Reply:
        if self.key is not None and request.headers.get("authorization") != f"Bearer {self.key}":
            given = request.headers.get("authorization", "").removeprefix("Bearer ")
            return vllm_error(401, f"Incorrect API key provided: {given}", "invalid_request_error")
        match request.method, request.path:
            case "GET", "/v1/models":
                return self._list()
            case "POST", "/v1/chat/completions":
                return self._chat(request.json)
        return Refuse(404, {"detail": "Not Found"})

    def _list(self) -> Reply:
        if not isinstance(self.models, tuple):
            return self.models
        data = [{"id": name, "object": "model", "max_model_len": 65536} for name in self.models]
        return Refuse(200, {"object": "list", "data": data})

    def _chat(self, body: Body) -> Reply:
        self.asked.append(body)
        self.arrived.set()
        if isinstance(self.models, tuple) and body["model"] not in self.models:
            message = f"The model `{body['model']}` does not exist."
            return vllm_error(404, message, "NotFoundError")
        if unknown := sorted(self.refuses & body.keys()):
            return unknown_field(unknown[0])
        if unknown := sorted(self.refuses & body.get("stream_options", {}).keys()):
            return extra_forbidden("body", "stream_options", unknown[0])
        entry = self.script[0] if len(self.script) == 1 else self.script.pop(0)
        if callable(entry):
            entry = entry(body)
        return Say(entry) if isinstance(entry, str) else entry

    async def _stream(
        self, say: Say, body: Body, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        writer.write(_head(200, {"content-type": "text/event-stream; charset=utf-8"}, None))
        for event in _events(say, body):
            await asyncio.sleep(say.delay)
            if event is None:
                return False
            writer.write(_http_chunk(b"data: " + event + b"\n\n"))
            try:
                await writer.drain()
            except ConnectionError:
                return self._aborted()
            if reader.at_eof():
                return self._aborted()
        writer.write(_http_chunk(b"data: [DONE]\n\n") + _http_chunk(b""))
        await writer.drain()
        return True

    def _aborted(self) -> bool:
        self.aborted += 1
        self.hung_up.set()
        return False


def _events(say: Say, body: Body) -> Iterator[bytes | None]:
    """The data of each event; None where the connection drops."""
    options = body.get("stream_options") or {}
    common = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": body["model"]}
    deltas: list[Body] = [{"role": "assistant", "content": ""}]
    deltas += [{say.reasoning_field: piece} for piece in _cut(say.reasoning, say.chunk)]
    deltas += [{"content": piece} for piece in _cut(say.text, say.chunk)]
    for count, delta in enumerate(deltas):
        if count == say.break_after:
            yield None
        if count == say.garble_after:
            yield b'{"id": "chatcmpl-1", "choices": [{"del'
        if count == say.error_after:
            yield json.dumps({"error": say.error}).encode()
            return
        last = count == len(deltas) - 1
        choice: Body = {"index": 0, "delta": delta, "finish_reason": say.finish if last else None}
        if last:
            choice["stop_reason"] = say.stop_reason
        event: Body = {**common, "choices": [choice]}
        if say.continuous_usage and options.get("continuous_usage_stats"):
            prompt = say.usage["prompt_tokens"]
            event["usage"] = {"prompt_tokens": prompt, "completion_tokens": count}
        yield json.dumps(event, ensure_ascii=False).encode()
    if options.get("include_usage"):
        yield json.dumps({**common, "choices": [], "usage": say.usage}).encode()


def _cut(text: str | None, size: int) -> list[str]:
    text = text or ""
    return [text[start : start + size] for start in range(0, len(text), size)]


def _whole(say: Say, model: str) -> Body:
    message = {"role": "assistant", "content": say.text, say.reasoning_field: say.reasoning}
    choice = {
        "index": 0,
        "message": message,
        "finish_reason": say.finish,
        "stop_reason": say.stop_reason,
    }
    return {"object": "chat.completion", "model": model, "choices": [choice], "usage": say.usage}


async def _read(reader: asyncio.StreamReader) -> Request | None:
    """One HTTP request; None at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    start, *lines = head.decode("latin-1").strip().split("\r\n")
    method, path, _ = start.split(" ")
    pairs = (line.split(": ", 1) for line in lines)
    headers = {name.lower(): value for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, json.loads(body) if body else None)


async def _send(
    writer: asyncio.StreamWriter,
    status: int,
    body: Any,
    headers: Mapping[str, str] | None = None,
    cut: bool = False,
) -> None:
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    kind = {"content-type": "application/json", **(headers or {})}
    writer.write(_head(status, kind, len(data)) + (data[: len(data) // 2] if cut else data))
    await writer.drain()


def _head(status: int, headers: Mapping[str, str], length: int | None) -> bytes:
    framing = "transfer-encoding: chunked" if length is None else f"content-length: {length}"
    lines = [f"HTTP/1.1 {status} .", framing, *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def _http_chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)
