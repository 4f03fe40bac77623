"""What goes over the wire to an OpenAI-compatible server, and what comes back. Pure: no I/O, no
clock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from gui_agent.media import embedded
from gui_agent.protocols import Image, Message
from gui_agent.trajectory import Completion, Usage

Picture = Callable[[Image], dict[str, Any]]
"""How a picture becomes a part of a message."""

_ANSWER_OPENINGS = ("<answer>", "<|begin_of_box|>")
_ANSWER_ENDS = frozenset(">)]}\"'`.\n。”」】）")
_ASK_AT_LEAST_EVERY = 64
"""Characters after which `until` is asked even though nothing looks like an end."""


class Broken(Exception):
    """The answer broke off, or is not what the API promises; asking again may help."""


class Refused(Exception):
    """The server put an error where the answer should be."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(body)
        self.status = status
        self.body = body


class WebPage(Exception):
    """A page for people came back instead of JSON."""


def turns(messages: tuple[Message, ...], picture: Picture = embedded) -> list[dict[str, Any]]:
    """The conversation in OpenAI's format."""
    return [_turn(message, picture) for message in messages]


def _turn(message: Message, picture: Picture) -> dict[str, Any]:
    # Text alone goes as a string: templates that print a list as it is would show the model its
    # repr, and servers that join parts would put newlines between them.
    if all(isinstance(part, str) for part in message.parts):
        return {"role": message.role, "content": message.text}
    return {"role": message.role, "content": [_part(part, picture) for part in message.parts]}


def _part(part: str | Image, picture: Picture) -> dict[str, Any]:
    return {"type": "text", "text": part} if isinstance(part, str) else picture(part)


class Events:
    """Cuts a stream of bytes into the JSON values of its server-sent events."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, block: bytes) -> Iterator[Any]:
        """The events that are whole now. Raises Broken on one that is not JSON."""
        # Only at line feeds: text may hold other characters that count as line ends.
        *lines, self._rest = (self._rest + block).split(b"\n")
        for line in lines:
            data = line.removeprefix(b"data:").strip()
            if line.startswith(b"data:") and data != b"[DONE]":
                yield parse(data)


def parse(data: bytes) -> Any:
    """JSON. Raises WebPage if it is HTML, Broken if it is anything else."""
    try:
        return json.loads(data)
    except ValueError:
        if data.lstrip().startswith(b"<"):
            raise WebPage from None
        raise Broken(f"this is no JSON: {_start(data)}") from None


def _start(data: bytes) -> str:
    return repr(data[:80].decode("utf-8", "replace"))


def words(body: str) -> str:
    """What an error's body says, on one line of at most 300 characters."""
    try:
        said = _message(json.loads(body))
    except ValueError:
        said = "a web page" if body.lstrip().startswith("<") else body
    return " ".join(said.split())[:300]


def _message(body: Any) -> str:
    if isinstance(body, dict):
        for key in ("error", "message", "detail", "msg"):
            if body.get(key):
                return _message(body[key])
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)


def model_names(body: bytes) -> tuple[str, ...]:
    """The names in a model list. Raises WebPage or Broken if it is none."""
    try:
        return tuple(str(model["id"]) for model in parse(body)["data"])
    except (KeyError, TypeError):
        raise Broken(f"this is no model list: {_start(body)}") from None


class Answer:
    """One answer while it arrives."""

    def __init__(self, started: float) -> None:
        self.finish_reason = ""
        self.usage: Usage | None = None
        self._started = started
        self._first = self._thought = self._last = 0.0
        self._model = ""
        self._stop_reason: str | int | None = None
        self._reasoning: list[str] = []
        self._content: list[str] = []
        self._unasked = ""
        self._repetition = Repetition()

    @property
    def text(self) -> str:
        """Thinking and answer as the model wrote them, whichever fields the server put them in."""
        reasoning, content = "".join(self._reasoning), "".join(self._content)
        if not reasoning:
            return content
        if content:
            return f"<think>{reasoning}</think>{content}"
        # Without a </think>, parsers in R1's style call everything reasoning, also an answer that
        # was given without thinking.
        if reasoning.lstrip().startswith(_ANSWER_OPENINGS):
            return reasoning
        return f"<think>{reasoning}"

    def take(self, event: Any, now: float) -> None:
        """Add one event. Raises Refused if it is an error, Broken if it is no chat completion."""
        try:
            self._take(event, now)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise Broken(f"this is no chat completion: {str(event)[:80]!r}") from None

    def _take(self, event: Any, now: float) -> None:
        if event.get("error") or event.get("object") == "error":
            error = event.get("error") or event
            code = error.get("code") if isinstance(error, dict) else None
            status = code if isinstance(code, int) and 400 <= code < 600 else 500
            raise Refused(status, json.dumps(event))
        self._model = event.get("model") or self._model
        if event.get("usage"):
            self.usage = _usage(event["usage"])
        if self.finish_reason:
            return
        for choice in event.get("choices") or ():
            said = choice.get("delta") or choice.get("message") or {}
            self._add(self._reasoning, said.get("reasoning") or said.get("reasoning_content"), now)
            self._add(self._content, said.get("content"), now)
            # SGLang has a name of its own for it.
            self._stop_reason = choice.get("stop_reason", choice.get("matched_stop"))
            self.finish_reason = choice.get("finish_reason") or self.finish_reason

    def _add(self, where: list[str], piece: str | None, now: float) -> None:
        if not piece:
            return
        self._first = self._first or now
        self._last = now
        where.append(piece)
        self._unasked += piece
        if where is self._content and not self._thought and self._ends_thinking():
            self._thought = now
        if self._repetition.feed(piece):
            self.finish_reason = "repetition"

    def _ends_thinking(self) -> bool:
        return bool(self._reasoning) or "</think>" in "".join(self._content[-8:])

    def ask(self, until: Callable[[str], bool] | None) -> None:
        """Finish the answer as `complete` if `until` says so.

        Asked when something that can end an answer has come in, and never while the model
        is still thinking: each time costs a pass over the whole text.
        """
        if until is None or self.finish_reason:
            return
        if len(self._unasked) < _ASK_AT_LEAST_EVERY and _ANSWER_ENDS.isdisjoint(self._unasked):
            return
        self._unasked = ""
        text = self.text
        if (self._thought or not text.startswith("<think>")) and until(text):
            self.finish_reason = "complete"

    def completion(self, model: str) -> Completion:
        """The answer as far as it came."""
        thought = self._thought
        if not thought:
            thought = self._last if self.text.startswith("<think>") else self._first
        timings = {
            "first_token": self._first - self._started,
            "thinking": thought - self._first,
            "answer": self._last - thought,
        }
        return Completion(
            text=self.text,
            finish_reason=self.finish_reason,
            stop_reason=self._stop_reason,
            usage=self.usage or Usage(),
            model=self._model or model,
            timings=timings if self._first else {},
        )


def _usage(usage: dict[str, Any]) -> Usage:
    details = usage.get("prompt_tokens_details") or {}
    return Usage(
        prompt_tokens=int(usage.get("prompt_tokens") or 0),
        completion_tokens=int(usage.get("completion_tokens") or 0),
        cached_tokens=int(details.get("cached_tokens") or 0),
    )


class Repetition:
    """Notices a text that goes round in circles: the same stretch, of up to 1,000 characters, over
    and over, at least four times and for at least 1,000 characters."""

    _TIMES = 4
    _LENGTH = 1000
    _PROBE = 50
    _EVERY = 200

    def __init__(self) -> None:
        self._tail = ""
        self._unchecked = 0

    def feed(self, piece: str) -> bool:
        """Is the text, with this piece, going in circles?"""
        self._tail = (self._tail + piece)[-self._TIMES * self._LENGTH :]
        self._unchecked += len(piece)
        if self._unchecked < self._EVERY:
            return False
        self._unchecked = 0
        return self._circles()

    def _circles(self) -> bool:
        tail, probe = self._tail, self._tail[-self._PROBE :]
        at = len(tail) - self._PROBE
        while (at := tail.rfind(probe, 0, at + self._PROBE - 1)) >= 0:
            period = len(tail) - self._PROBE - at
            span = max(self._LENGTH, self._TIMES * period)
            if span > len(tail):
                return False
            if tail[-span:-period] == tail[period - span :]:
                return True
        return False
