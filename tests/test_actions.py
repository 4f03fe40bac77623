"""Actions are data: they survive JSON, refuse nonsense and read well."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import ValidationError

from gui_agent.actions import (
    ACTION,
    Action,
    Click,
    Drag,
    Finish,
    Scroll,
    TypeText,
    Wait,
    describe,
)
from gui_agent.screen import Point

AT = Point(0.25, 0.5)

EVERY_KIND: list[dict[str, object]] = [
    {"kind": "click", "at": {"x": 0.25, "y": 0.5}, "modifiers": ["ctrl"]},
    {"kind": "long_press", "at": {"x": 0.25, "y": 0.5}},
    {"kind": "hover", "at": {"x": 0.25, "y": 0.5}},
    {"kind": "drag", "path": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
    {"kind": "pinch", "direction": "out"},
    {"kind": "scroll", "direction": "down"},
    {"kind": "swipe", "direction": "up"},
    {"kind": "type", "text": "x"},
    {"kind": "keys", "keys": ["ctrl", "c"]},
    {"kind": "select", "option": "x", "at": {"x": 0, "y": 0}},
    {"kind": "upload", "paths": ["a.txt"], "at": {"x": 0, "y": 0}},
    {"kind": "open_app", "name": "Clock"},
    {"kind": "open_url", "url": "https://example.com"},
    {"kind": "switch_tab", "index": 1},
    {"kind": "close_tab"},
    {"kind": "back"},
    {"kind": "home"},
    {"kind": "wait"},
    {"kind": "note", "text": "x"},
    {"kind": "answer", "text": "x"},
    {"kind": "finish", "success": True},
    {"kind": "ask_user", "question": "x"},
    {"kind": "take_over", "reason": "x"},
]


def test_the_list_names_every_kind() -> None:
    kinds = {a.model_fields["kind"].default for a in get_args(get_args(Action)[0])}
    assert {data["kind"] for data in EVERY_KIND} == kinds


@pytest.mark.parametrize("data", EVERY_KIND, ids=lambda data: str(data["kind"]))
def test_every_action_survives_json_and_reads_well(data: dict[str, object]) -> None:
    action = ACTION.validate_python(data)
    assert ACTION.validate_json(ACTION.dump_json(action)) == action
    assert describe(action)


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "fly"},
        {"kind": "click"},
        {"kind": "click", "at": {"x": 2, "y": 0}},
        {"kind": "click", "at": {"x": 0, "y": 0}, "count": 4},
        {"kind": "click", "at": {"x": 0, "y": 0}, "element": 3},
        {"kind": "wait", "seconds": -1},
        {"kind": "drag", "path": [{"x": 0, "y": 0}]},
        {"kind": "keys", "keys": []},
    ],
)
def test_nonsense_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ACTION.validate_python(data)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Click(at=AT, mark=3), "click [3]"),
        (Click(at=AT, button="right", count=2, modifiers=("ctrl",)), None),
        (Drag(path=(AT, Point(1, 1)), mark=2), "drag [2] to (1.00, 1.00)"),
        (Scroll(direction="down"), "scroll down"),
        (TypeText(text="Porto", at=AT, mark=5, submit=True), 'type "Porto" into [5], Enter'),
        (Wait(seconds=2), "wait 2 s"),
        (Finish(success=False, message="no"), "give up: no"),
    ],
)
def test_descriptions(action: Action, words: str | None) -> None:
    assert describe(action) == (words or "ctrl+right double click (0.25, 0.50)")
