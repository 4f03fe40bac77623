"""A scripted model for phones: its lines find their marks in the prompt, as a model would."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from gui_agent.protocols import Message

Line = Callable[[tuple[Message, ...]], str]


def listed(messages: tuple[Message, ...]) -> list[dict[str, Any]]:
    """The elements that the JSON dialect's prompt lists."""
    _, _, rows = messages[-1].text.partition("# Elements\n")
    return [json.loads(row) for row in rows.splitlines() if row.startswith("{")]


def mark(messages: tuple[Message, ...], name: str, role: str) -> int:
    """The mark of the element of this name; of the first that begins with it, if none has it."""
    found = [e for e in listed(messages) if "mark" in e and role in ("", e["role"])]
    exact = [e for e in found if e.get("name") == name]
    near = exact or [e for e in found if e.get("name", "").startswith(name)]
    assert near, f"{name!r} is not among {[e.get('name') for e in listed(messages)]}"
    return int(near[0]["mark"])


def act(kind: str, **arguments: Any) -> Line:
    """An action that aims at nothing."""
    return lambda messages: json.dumps({"action": {"kind": kind, **arguments}}, ensure_ascii=False)


def at(kind: str, name: str, role: str = "", **arguments: Any) -> Line:
    """An action on the element of this name."""
    return lambda messages: act(kind, mark=mark(messages, name, role), **arguments)(messages)


def press(name: str, role: str = "") -> Line:
    return at("click", name, role)


def enter(field: str, text: str, **arguments: Any) -> Line:
    return at("type", field, "textbox", text=text, clear=True, **arguments)


def answer(find: Callable[[list[str]], str]) -> Line:
    """Answers with what this finds among the texts on the screen."""
    return lambda messages: act("answer", text=find([e.get("name", "") for e in listed(messages)]))(
        messages
    )


def open_app(name: str) -> Line:
    return act("open_app", name=name)


def finish(message: str = "done") -> Line:
    return act("finish", success=True, message=message)


def heard(words: str, then: Line) -> Line:
    """Goes on only if the prompt holds these words: what the model must have been told."""

    def line(messages: tuple[Message, ...]) -> str:
        assert words in messages[-1].text, f"{words!r} is not in the prompt"
        return then(messages)

    return line
