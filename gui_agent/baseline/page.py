"""Reading a request: goal, past steps and screen, out of the JSON dialect's text.

Raises BadRequest for a conversation that is not written in that dialect.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gui_agent.screen import Box, Element

_HEADING = re.compile(r"^# (Task|History|Memory|Screen|Elements)\s*$")
_DATA_URL = re.compile(r"data:image/[a-z+.-]+;base64,", re.IGNORECASE)


class BadRequest(ValueError):
    """The request can't be answered; the text says why."""


@dataclass(frozen=True, slots=True)
class Past:
    """One step of the history."""

    step: int
    action: Mapping[str, Any]
    result: str = ""
    failed: bool = False

    @property
    def changed(self) -> bool:
        said = self.result.lower()
        unchanged = ("no change", "nothing changed", "already the end")
        return not self.failed and not any(words in said for words in unchanged)


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that one request says."""

    goal: str
    schema: Mapping[str, Any] | None = None
    history: tuple[Past, ...] = ()
    memory: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    title: str = ""
    elements: tuple[Element, ...] = ()
    notes: tuple[str, ...] = ()
    tabs: tuple[str, ...] = ()
    tab: int = 0
    apps: tuple[str, ...] = ()
    """Applications that can be opened by name."""
    above: float = 0.0
    below: float = 0.0
    width: int = 1280
    height: int = 720
    picture: bytes = field(default=b"", repr=False)

    @property
    def marked(self) -> tuple[Element, ...]:
        """What can be acted on."""
        return tuple(e for e in self.elements if e.mark is not None)

    @property
    def native(self) -> bool:
        """Is it the window of a program, which has a caret and shortcuts, and not a web page?"""
        return bool(self.url or self.title) and "://" not in self.url

    @property
    def readable(self) -> tuple[Element, ...]:
        """What can only be read."""
        return tuple(e for e in self.elements if e.mark is None)


def read(messages: Any) -> Page:
    """The page of an OpenAI-style `messages` list; its last user message carries everything."""
    text, picture = _parts(messages)
    sections = _sections(text)
    if not sections["Task"] or not isinstance(goal := sections["Task"][0].get("goal"), str):
        raise BadRequest(
            "the last message has no '# Task' section with a goal: this baseline only reads the"
            " 'json-unmarked' dialect"
        )
    screen = sections["Screen"][0] if sections["Screen"] else {}
    size = screen.get("size") or [1280, 720]
    return Page(
        goal=goal,
        schema=sections["Task"][0].get("answer_schema"),
        history=tuple(_past(line) for line in sections["History"]),
        memory=sections["Memory"][0] if sections["Memory"] else {},
        url=str(screen.get("url") or ""),
        title=str(screen.get("title") or ""),
        elements=tuple(e for e in _elements(sections["Elements"]) if not _is_goal(e, goal)),
        notes=tuple(map(str, screen.get("notes") or ())),
        tabs=tuple(map(str, screen.get("tabs") or ())),
        tab=int(screen.get("tab") or 0),
        apps=tuple(map(str, screen.get("apps") or ())),
        above=float(screen.get("above") or 0),
        below=float(screen.get("below") or 0),
        width=int(size[0]),
        height=int(size[1]),
        picture=picture,
    )


def _is_goal(element: Element, goal: str) -> bool:
    """Some pages show the task itself, which states nothing about what is on them."""
    return element.mark is None and element.name.split() == goal.split()


def _parts(messages: Any) -> tuple[str, bytes]:
    """The text and the picture of the last user message."""
    if not isinstance(messages, list):
        raise BadRequest("'messages' has to be a list")
    asked = [m for m in messages if isinstance(m, dict) and m.get("role") == "user"]
    if not asked:
        raise BadRequest("'messages' has no user message")
    content = asked[-1].get("content")
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise BadRequest("the last user message's content has to be a string or a list of parts")
    text = "\n".join(str(part.get("text", "")) for part in parts if part.get("type") == "text")
    pictures = [_picture(part) for part in parts if part.get("type") == "image_url"]
    return text, pictures[-1] if pictures else b""


def _picture(part: Mapping[str, Any]) -> bytes:
    source = part.get("image_url")
    url = source.get("url") if isinstance(source, dict) else source
    if not isinstance(url, str) or not (prefix := _DATA_URL.match(url)):
        raise BadRequest("an image has to be a base64 data URL: this server fetches nothing")
    try:
        return base64.b64decode(url[prefix.end() :], validate=True)
    except binascii.Error as error:
        raise BadRequest(f"an image is not valid base64: {error}") from error


def _sections(text: str) -> dict[str, list[dict[str, Any]]]:
    """The JSON objects under each heading; page text can't forge one, it is inside JSON."""
    found: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("Task", "History", "Memory", "Screen", "Elements")
    }
    current: list[dict[str, Any]] = []
    for line in text.split("\n"):
        if heading := _HEADING.match(line):
            current = found[heading[1]]
        elif line.startswith("{"):
            current.append(_object(line))
    return found


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise BadRequest(f"a line is not JSON ({error}): {line[:80]}") from error
    if not isinstance(value, dict):
        raise BadRequest(f"a line is not a JSON object: {line[:80]}")
    return value


def _past(line: Mapping[str, Any]) -> Past:
    result, error = str(line.get("result") or ""), str(line.get("error") or "")
    action = line.get("action") or {}
    return Past(int(line.get("step") or 0), action, error or result, failed=bool(error))


def _box(edges: list[Any]) -> Box:
    left, top, right, bottom = map(float, edges)
    return Box.of(left, top, right, bottom, 1000, 1000)


def _elements(lines: list[dict[str, Any]]) -> Iterator[Element]:
    for line in lines:
        box = line.get("box")
        if not isinstance(box, list) or len(box) != 4:
            raise BadRequest(f"an element has no box: {json.dumps(line)[:80]}")
        yield Element(
            mark=line.get("mark"),
            box=_box(box),
            role=str(line.get("role") or ""),
            name=str(line.get("name") or ""),
            value=None if line.get("value") is None else str(line["value"]),
            states=frozenset(map(str, line.get("states") or ())),
            context=str(line.get("context") or ""),
        )
