"""The action syntax of GLM's desktop dialects: `left_click(start_box='[376,465]')`, `WAIT()`.

Points are thousandths of the picture. Pure. Only names in the tables below are read as calls, so
that `open(File)` or `button(s)` in an explanation is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NoReturn

from gui_agent.actions import (
    Action,
    Answer,
    Button,
    Click,
    Drag,
    Finish,
    Hover,
    PressKeys,
    Scroll,
    TypeText,
    Wait,
    describe,
)
from gui_agent.errors import BadReply
from gui_agent.prompts.calls import Call, read_call
from gui_agent.prompts.glm import Found
from gui_agent.prompts.keys import chord
from gui_agent.prompts.parsing import (
    coordinates,
    memory_list,
    neutralise,
    numbers,
    quote,
    restore,
    shorten,
    thousandths,
    unwrap,
)
from gui_agent.screen import Direction, Point

MOST_CALLS = 40
"""Calls looked at in one piece of text."""
USUAL_NOTCHES = 5
"""Wheel clicks of a scroll that names no number."""

_CLICKS: Mapping[str, tuple[Button, int]] = {
    **dict.fromkeys(("leftclick", "click", "leftsingle", "singleclick"), ("left", 1)),
    **dict.fromkeys(("rightclick", "rightsingle"), ("right", 1)),
    "middleclick": ("middle", 1),
    **dict.fromkeys(("leftdoubleclick", "doubleclick", "leftdouble"), ("left", 2)),
    **dict.fromkeys(("lefttripleclick", "tripleclick"), ("left", 3)),
}
_KINDS = {
    **dict.fromkeys(_CLICKS, "click"),
    **dict.fromkeys(("hover", "mousemove", "moveto"), "hover"),
    **dict.fromkeys(("leftdrag", "drag", "leftclickdrag"), "drag"),
    **dict.fromkeys(("key", "keys", "hotkey", "press", "presskey", "keypress"), "key"),
    **dict.fromkeys(("type", "typetext", "inputtext"), "type"),
    **dict.fromkeys(("done", "finish", "finished"), "done"),
    **{name: name for name in ("scroll", "wait", "fail", "answer")},
}
"""What a call is, by its name in lower case without underscores; also names of other dialects."""

_KEYWORDS = "content|text|start_box|end_box|element_info|direction|step|keys?"
_NAME = r"(?<![\w.])(?P<name>[A-Za-z_]{3,24})[ \t]{0,2}[(（]"
_ARGUMENT = r"""(?=\s{0,9}(?:[a-z_]{1,20}\s{0,4}[=＝]|['"“‘`\[(（]|-?\d|[)）]))"""
_WORD = r"^[^\w\n]{0,8}(?P<word>WAIT|DONE|FAIL)[^\w\n]{0,8}$"
_START = re.compile(rf"{_NAME}|(?i:{_WORD})", re.MULTILINE)
_START_IN_PROSE = re.compile(rf"{_NAME}{_ARGUMENT}|{_WORD}", re.MULTILINE)
_ONLY_A_WORD = re.compile(_WORD, re.IGNORECASE)
_NUMERIC = re.compile(r"[\s\d.,，()\[\]（）+-]{1,80}")
_DIRECTIONS: Mapping[str, Direction] = {d: d for d in ("up", "down", "left", "right")}
_OPPOSITE: Mapping[Direction, Direction] = {
    "up": "down",
    "down": "up",
    "left": "right",
    "right": "left",
}
_MODIFIERS = re.compile(r"(right_)?(ctrl|alt|shift|meta)|alt_gr")


@dataclass(frozen=True, slots=True)
class DesktopSyntax:
    """Reads and writes calls; it needs no screen, because positions are numbers."""

    example = "left_click(start_box='[376,465]')"

    def read(self, text: str, *, strict: bool = False, closed: bool = True) -> Found:
        """All calls in the text; in prose (strict) `WAIT` and the like must stand alone.

        A malformed call makes the whole text unusable: what follows it was meant to come after.
        """
        text = unwrap(text)
        strict = strict and not _ONLY_A_WORD.fullmatch(text)
        pattern = _START_IN_PROSE if strict else _START
        starts = [m for m in islice(pattern.finditer(text), 10 * MOST_CALLS) if _kind(m)]
        actions: list[Action] = []
        end = 0
        for start in starts[:MOST_CALLS]:
            if start.start() < end:  # quoted in the call before
                continue
            try:
                action, end = _action(text, start, closed, strict, len(starts) == 1)
            except BadReply as error:
                return Found((), error)
            actions.append(action)
        before = text[: starts[0].start()].strip() if starts else ""
        return Found(tuple(dict.fromkeys(actions)), None, restore(before) if strict else "")

    def write(self, action: Action) -> str:
        return write_action(action)

    def memory(self, text: str) -> str:
        return memory_list(text)


def _kind(start: re.Match[str]) -> str:
    """What the call is that starts here, or "" when its name is none of ours."""
    name = start["name"] or start["word"]
    return _KINDS.get(name.lower().replace("_", ""), "")


def _action(
    text: str, start: re.Match[str], closed: bool, strict: bool, alone: bool
) -> tuple[Action, int]:
    """The action that starts here and where it ends; alone: no other starts. Raises BadReply."""
    if start["word"]:
        return _simple(_kind(start), {}), start.end()
    at = start.start("name")
    call = read_call(text[at:], _KEYWORDS, whole=alone and not strict)
    if call is None:
        raise BadReply(f"This call is incomplete or its quotes are unclear: {quote(text[at:])}.")
    if not closed and text[at + call.end - 1] not in ")）":
        raise BadReply(f"This call was cut off: {quote(text[at:])}. Give it again, shorter.")
    if strict and alone:
        _require_one_reading(call, text[at:])
    return _called(_kind(start), call), at + call.end


def _require_one_reading(call: Call, text: str) -> None:
    """In prose nothing says where a text with quotes in it ends."""
    longer = read_call(text.rstrip(), _KEYWORDS, whole=True)
    if longer is None or longer.arguments != call.arguments:
        raise BadReply(f"It is unclear where the text ends in {quote(text)}: write \\' inside it.")


def _called(kind: str, call: Call) -> Action:
    given = call.arguments
    match kind:
        case "click":
            button, count = _CLICKS[call.name.lower().replace("_", "")]
            return Click(at=_point(call), button=button, count=count)
        case "hover":
            return Hover(at=_point(call))
        case "drag":
            return Drag(path=_path(call))
        case "key":
            return PressKeys(keys=_keys(call))
        case "type":
            return TypeText(text=restore(_text(call)))
        case "scroll":
            return _scroll(call)
        case "answer":
            return Answer(text=restore(_text(call)))
    return _simple(kind, given)


def _simple(kind: str, given: Mapping[str, str]) -> Action:
    if kind == "wait":
        seconds = next(iter(numbers(" ".join(given.values()))), 5.0)
        return Wait(seconds=min(max(seconds, 0.5), 60.0))
    message = given.get("content") or given.get("text") or given.get("message", "")
    return Finish(success=kind == "done", message=restore(message))


def _point(call: Call) -> Point:
    for name in ("start_box", "point", "box", "position"):
        if name in call.arguments:
            return _position(call.arguments[name])
    if "x" in call.arguments and "y" in call.arguments:
        return thousandths(coordinates(f"{call.arguments['x']} {call.arguments['y']}"))
    bare = _bare_numbers(call)
    if bare:
        return thousandths(bare[:4] if len(bare) == 4 else bare[:2])
    return _missing(call, "start_box='[x,y]'")


def _position(text: str) -> Point:
    if "'" in text or '"' in text:  # more than one call, run together
        raise BadReply(f"A position is written as '[x,y]', not {quote(text)}.")
    return thousandths(coordinates(text))


def _path(call: Call) -> tuple[Point, Point]:
    bare = _bare_numbers(call)
    if len(bare) == 4:
        return thousandths(bare[:2]), thousandths(bare[2:])
    if "start_box" not in call.arguments or "end_box" not in call.arguments:
        _missing(call, "start_box='[x1,y1]' and end_box='[x2,y2]'")
    return _point(call), _position(call.arguments["end_box"])


def _scroll(call: Call) -> Scroll:
    given = call.arguments
    bare = _bare_numbers(call)
    named = any(name in given for name in ("start_box", "point", "box", "x"))
    at = _point(call) if named or len(bare) >= 2 else Point(0.5, 0.5)
    words = [given.get("direction", ""), *_bare_words(call)]
    direction = next((_DIRECTIONS[w] for w in map(str.lower, words) if w in _DIRECTIONS), None)
    if direction is None:
        raise BadReply("scroll needs one direction: direction='down' or direction='up'.")
    steps = numbers(given["step"]) if "step" in given else (bare if named else bare[2:])
    notches = round(steps[0]) if steps else 0 if "step" in given else USUAL_NOTCHES
    if notches == 0:
        raise BadReply(f"The step of scroll is a number of wheel clicks, such as {USUAL_NOTCHES}.")
    direction = direction if notches > 0 else _OPPOSITE[direction]
    return Scroll(direction=direction, amount=min(abs(notches), 50), unit="notch", at=at)


def _keys(call: Call) -> tuple[str, ...]:
    given = call.arguments
    listed = given.get("keys") or given.get("key") or "+".join(_values(call))
    if len(listed) > 2 and listed[0] in "[(" and listed[-1] in "])":
        listed = "+".join(key.strip(" '\"") for key in listed[1:-1].split(","))
    keys = chord(listed)
    if not all(_MODIFIERS.fullmatch(key) for key in keys[:-1]):
        raise BadReply(
            "key presses one key or one combination, such as key(keys='ctrl+c');"
            f" not {quote(listed)}. Press the next one in the next step."
        )
    return keys


def _text(call: Call) -> str:
    values = _values(call)
    content = next((call.arguments[n] for n in ("content", "text") if n in call.arguments), None)
    if content is None and len(values) == 1:
        return values[0]
    if content is None or any(not _NUMERIC.fullmatch(value) for value in values):
        _missing(call, "content='…', with the text in quotes")
    return content


def _values(call: Call) -> list[str]:
    """The arguments without a keyword."""
    return [value for name, value in call.arguments.items() if name.isdigit()]


def _bare_words(call: Call) -> list[str]:
    return [value for value in _values(call) if not _NUMERIC.fullmatch(value)]


def _bare_numbers(call: Call) -> list[float]:
    return [n for value in _values(call) if _NUMERIC.fullmatch(value) for n in numbers(value)]


def _missing(call: Call, what: str) -> NoReturn:
    raise BadReply(f"{call.name} needs {what}.")


def write_action(action: Action) -> str:
    """The action as the models were trained to write it, on one line, for their history."""
    match action:
        case Click(at=at, button=button, count=count):
            name = {1: f"{button}_click", 2: "left_double_click", 3: "left_triple_click"}[count]
            return f"{name}(start_box='{_thousandths(at)}')"
        case Hover(at=at):
            return f"hover(start_box='{_thousandths(at)}')"
        case Drag(path=path):
            start, end = _thousandths(path[0]), _thousandths(path[-1])
            return f"left_drag(start_box='{start}', end_box='{end}')"
        case PressKeys(keys=keys):
            return f"key(keys={_quoted('+'.join(keys))})"
        case TypeText(text=text):
            return f"type(content={_quoted(text)})"
        case Scroll(at=Point() as at, direction=direction, amount=amount):
            where = f"start_box='{_thousandths(at)}'"
            return f"scroll({where}, direction='{direction}', step={amount:g})"
        case Answer(text=text):
            return f"answer(content={_quoted(text)})"
        case Finish(success=success):
            return "DONE()" if success else "FAIL()"
        case Wait():
            return "WAIT()"
    return neutralise(shorten(describe(action), 500))


_WRITTEN = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t"})


def _quoted(text: str) -> str:
    return f"'{neutralise(shorten(text.translate(_WRITTEN), 500))}'"


def _thousandths(point: Point) -> str:
    return f"[{min(round(point.x * 1000), 999)},{min(round(point.y * 1000), 999)}]"
