"""JSON as models write it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gui_agent.prompts import loose_json

READ: list[tuple[str, Any]] = [
    ('{"a": 1}', {"a": 1}),
    ("{'a': 'b'}", {"a": "b"}),
    ("{'a': True, \"b\": None, 'c': false}", {"a": True, "b": None, "c": False}),
    ('{"a": [1, 2,], }', {"a": [1, 2]}),
    ('{"a": "line\none\ttab"}', {"a": "line\none\ttab"}),
    ("{'a': 'line\none'}", {"a": "line\none"}),
    ('{{"a": 1}}', {"a": 1}),
    ("{'a': (1, 2), 'b': [038, .5, -2.5e1]}", {"a": [1, 2], "b": [38, 0.5, -25.0]}),
    ('{"text": "say "hi" now"}', {"text": 'say "hi" now'}),
    ('{"text":"say "hi", now","b":1}', {"text": 'say "hi", now', "b": 1}),
    ("{'a': 'it's', 'b': 'don\\'t'}", {"a": "it's", "b": "don't"}),
    ("{'a': 'C:\\\\dir\\\\', 'b': 'x\\ny'}", {"a": "C:\\dir\\", "b": "x\ny"}),
    ("{action: click, mark: 3}", {"action": "click", "mark": 3}),
    ("{“a”：“b”，“c”：1}", {"a": "b", "c": 1}),
    ('{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}),
    ("{'a': '\\ud83d\\ude00'}", {"a": "\U0001f600"}),
    ('{"a": "\\ud800"}', {"a": "\ufffd"}),
    ('{"a": NaN, "b": Infinity, "c": 1e999}', {"a": None, "b": None, "c": None}),
    ("{}", {}),
    ("[]", []),
]


@pytest.mark.parametrize(("text", "value"), READ, ids=[text for text, _ in READ])
def test_read(text: str, value: Any) -> None:
    assert loose_json.read(f"  {text} and more") == (value, 2 + len(text))


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", '{"a"', '{"a": ', '{"a": "b', "{'a' 'b'}", "[1, ", "{,}"),
        *("[" * 10_000, "{" * 10_000, '{"a": ' * 100 + "1" + "}" * 100),
        *('{"a": ' + "9" * 5000 + "}", '{"a": 1' + "0" * 64 + "}"),
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        loose_json.read(text)


@pytest.mark.parametrize("text", ["__import__('os')", "{'a': __import__('os').getcwd()}", "1 + 1"])
def test_nothing_is_evaluated(text: str) -> None:
    try:
        value, _ = loose_json.read(text)
    except ValueError:
        return
    assert value in ("__import__", 1)


def test_objects_are_the_outermost_ones() -> None:
    text = 'So {not this "one}: {"a": {"b": 1}} then {\'c\': 2} {'
    assert [found for found, _ in loose_json.objects(text)] == [{"a": {"b": 1}}, {"c": 2}]


def test_well_formed_json_may_be_long() -> None:
    value = {str(i): "x" * 50 for i in range(1000)}
    assert loose_json.read(json.dumps(value))[0] == value
