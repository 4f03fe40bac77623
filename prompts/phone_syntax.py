"""The action syntax of GLM's phone dialects: `{"action_type": "click", …}`.

A box is `"box_2d": [[xmin,ymin,xmax,ymax]]` in thousandths of the picture. Also reads the habits of
related dialects: calls such as `do(action="Tap", …)`, AndroidWorld's names, pages scrolled instead
of fingers moved. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NoReturn

from gui_agent.actions import (
    Action,
    Answer,
    Click,
    Finish,
    GoBack,
    GoHome,
    LongPress,
    OpenApp,
    PressKeys,
    Swipe,
    TypeText,
    Wait,
)
from gui_agent.errors import BadReply
from gui_agent.prompts import loose_json
from gui_agent.prompts.calls import read_call
from gui_agent.prompts.glm import Found
from gui_agent.prompts.json_syntax import action_data
from gui_agent.prompts.parsing import (
    coordinates,
    neutralise,
    quote,
    restore,
    shorten,
    without_boxes,
)
from gui_agent.screen import Box, Direction

_KINDS = {
    **dict.fromkeys(("click", "tap", "leftclick"), "click"),
    **dict.fromkeys(("doubletap", "doubleclick"), "double_tap"),
    **dict.fromkeys(("longpress", "longclick"), "long_press"),
    **dict.fromkeys(("inputtext", "type", "typetext", "typename", "input"), "input_text"),
    **dict.fromkeys(("keyboardenter", "enter", "pressenter"), "keyboard_enter"),
    **dict.fromkeys(("navigatehome", "home", "presshome", "gohome"), "navigate_home"),
    **dict.fromkeys(("navigateback", "back", "pressback", "goback"), "navigate_back"),
    "swipe": "swipe",
    "scroll": "scroll",
    **dict.fromkeys(("openapp", "launch", "launchapp", "open"), "open_app"),
    "wait": "wait",
    "answer": "answer",
    **dict.fromkeys(("status", "finish"), "status"),
}
"""What models call an action, without case and punctuation → its trained name."""
TRAINED = tuple(dict.fromkeys(_KINDS.values()))

MOST_CALLS = 20
"""Calls read in one text; reading an unclosed one may take the whole text."""

_COMPLETE = frozenset({"complete", "completed", "success", "successful", "done", "finished"})
_INFEASIBLE = frozenset({"infeasible", "impossible", "fail", "failed", "failure", "error"})
_OPPOSITE: Mapping[str, Direction] = {"up": "down", "down": "up", "left": "right", "right": "left"}
_CALL = re.compile(
    rf"^[ \t`*>]{{0,8}}(?P<call>do|{'|'.join(TRAINED)}|tap|type|launch|back|home|finish)[(（]",
    re.IGNORECASE | re.MULTILINE,
)
_COPIED = re.compile(r"\[\s*,|\(optional\)|[xy](?:min|max)\b")


@dataclass(frozen=True, slots=True)
class Spoken:
    """An action as the model gave it."""

    data: dict[str, Any]
    """With the trained keys."""
    memory: str = ""
    reason: str = ""


@dataclass(slots=True)
class PhoneSyntax:
    """Reads the actions of one answer, and remembers how they were given."""

    spoken: dict[Action, Spoken] = field(default_factory=dict)

    example = 'Action: {"action_type": "click", "box_2d": [[xmin,ymin,xmax,ymax]]}'

    def read(self, text: str, *, strict: bool = False, closed: bool = True) -> Found:
        """All actions in the text, each once; in prose (strict) different ones are an error."""
        actions: list[Action] = []
        error: BadReply | None = None
        for found in _candidates(text):
            try:
                if action := self._action(found):
                    actions.append(action)
            except BadReply as reason:
                error = error or reason
        different = tuple(dict.fromkeys(actions))
        if strict and len(different) > 1:
            return Found((), BadReply("Your answer names several actions. Give one as Action: …"))
        return Found(different, error or (None if different else _unreadable(text)))

    def _action(self, found: dict[str, Any]) -> Action | None:
        given = {str(key).strip().lower(): value for key, value in found.items()}
        data = action_data(given)
        if data is None:
            return None
        spoken, action = _understand({str(key).lower(): value for key, value in data.items()})
        words = (_words(given, "memory"), _words(given, "reason", "thought"))
        self.spoken.setdefault(action, Spoken(spoken, *words))
        return action

    def write(self, action: Action) -> str:
        """An action read before, as a Python dict, which is how the trained history shows it."""
        return neutralise(shorten(repr(self.spoken[action].data), 600))

    def memory(self, text: str) -> str:
        """What the memory section says, on one line; "" for nothing or `None`."""
        said = restore(without_boxes(text)).strip().strip("*").strip()
        return "" if said.lower().strip("\"'`.") in ("none", "null", "") else said


def _candidates(text: str) -> list[dict[str, Any]]:
    """The objects and calls in a text that may be actions, in order."""
    found = [data for data, _ in loose_json.objects(text)]
    if any(action_data({str(key).lower(): value for key, value in f.items()}) for f in found):
        return found
    begun = islice(_CALL.finditer(text), MOST_CALLS)
    calls = (read_call(text[match.start("call") :]) for match in begun)
    return [_called(call.name, call.arguments) for call in calls if call]


def _called(name: str, arguments: Mapping[str, str]) -> dict[str, Any]:
    """A call such as `click(box_2d=[[…]])` or `do(action="Tap", element=[…])` as an object."""
    given = dict(arguments)
    if name.lower() == "do":
        name = given.pop("action", given.pop("0", ""))
    if name.lower() == "finish":
        given = {"goal_status": "complete"}
    return {**given, "action_type": name}


def _understand(data: dict[str, Any]) -> tuple[dict[str, Any], Action]:
    """The same object with the trained keys, and what it means. Raises BadReply."""
    name = re.sub(r"[\W_]", "", data["kind"]).lower()
    kind = _KINDS.get(name)
    match kind:
        case None:
            raise BadReply(
                f"There is no action_type {quote(data['kind'])}. Choose: {', '.join(TRAINED)}."
            )
        case "click" | "double_tap" | "long_press":
            return _press(kind, data)
        case "input_text":
            return _input(data)
        case "swipe" | "scroll":
            return _swipe(kind, data)
        case "open_app":
            app = _words(data, "app_name", "app", "name", "text") or _missing(kind, "app_name")
            return {"action_type": kind, "app_name": app}, OpenApp(name=app)
        case "answer":
            text = _words(data, "text", "answer", "content", "message") or _missing(kind, "text")
            return {"action_type": kind, "text": text}, Answer(text=text, final=False)
        case "status":
            return _status(data)
    plain: dict[str, Action] = {
        "keyboard_enter": PressKeys(keys=("enter",)),
        "navigate_home": GoHome(),
        "navigate_back": GoBack(),
        "wait": Wait(seconds=1),
    }
    return {"action_type": kind}, plain[kind]


def _press(kind: str, data: dict[str, Any]) -> tuple[dict[str, Any], Action]:
    box = _box(data) or _missing(kind, "box_2d")
    at = box.center
    action = LongPress(at=at) if kind == "long_press" else Click(at=at)
    if kind == "double_tap":
        action = Click(at=at, count=2)
    return {"action_type": kind, "box_2d": _numbers(box)}, action


def _input(data: dict[str, Any]) -> tuple[dict[str, Any], Action]:
    """Types into the field that is tapped first, or where the focus is, and presses Enter."""
    value = next((data[key] for key in ("text", "content", "value") if key in data), None)
    if value is None:
        _missing("input_text", "text")
    text, box = _text(value), _box(data)
    clear = data.get("override", data.get("clear_text", False)) in (True, "true", "True", 1)
    written = {"action_type": "input_text", "text": text, "override": clear}
    if box:
        written["box_2d"] = _numbers(box)
    return written, TypeText(text=text, at=box.center if box else None, clear=clear, submit=True)


def _swipe(kind: str, data: dict[str, Any]) -> tuple[dict[str, Any], Action]:
    """`swipe` names the finger's direction, `scroll` that of the page, which is the opposite."""
    said = _words(data, "direction").lower()
    if said not in _OPPOSITE:
        raise BadReply(f'A swipe needs "direction": up, down, left or right; not {quote(said)}.')
    finger: Direction = _OPPOSITE[said] if kind == "scroll" else _OPPOSITE[_OPPOSITE[said]]
    box = _box(data)
    written = {"action_type": "swipe", "direction": finger}
    return written | ({"box_2d": _numbers(box)} if box else {}), Swipe(direction=finger, within=box)


def _status(data: dict[str, Any]) -> tuple[dict[str, Any], Action]:
    said = re.sub(r"\W", "", _words(data, "goal_status", "status", "result").lower())
    if said not in _COMPLETE | _INFEASIBLE:
        raise BadReply('status needs "goal_status": "complete" or "goal_status": "infeasible".')
    complete = said in _COMPLETE
    goal = "complete" if complete else "infeasible"
    return {"action_type": "status", "goal_status": goal}, Finish(success=complete)


def _box(data: Mapping[str, Any]) -> Box | None:
    """The box, in the shapes that models give it; a point is a box without area."""
    for name in ("box_2d", "box", "bbox", "element", "point", "coordinate", "start_box"):
        if data.get(name) not in (None, "", []):
            return _area(data[name])
    if "x" in data and "y" in data:
        return _area([data["x"], data["y"]])
    return _area([data[key] for key in "0123" if key in data]) if "0" in data else None


def _area(value: object) -> Box:
    values = coordinates(value if isinstance(value, str) else json.dumps(value))
    left, top, right, bottom = values if len(values) == 4 else values * 2
    return Box.of(left, top, right, bottom, 1000, 1000)


def _numbers(box: Box) -> list[list[int]]:
    return [[min(edge, 999) for edge in box.pixels(1000, 1000)]]


def _words(data: Mapping[str, Any], *names: str) -> str:
    """The text under the first of these names that has one, else ""."""
    value = next((data[name] for name in names if data.get(name) not in (None, "")), "")
    return _text(value).strip()


def _text(value: object) -> str:
    return restore(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _missing(kind: str, key: str) -> NoReturn:
    raise BadReply(f'{kind} needs "{key}".')


def _unreadable(text: str) -> BadReply | None:
    """What to say of text that was meant to be an action."""
    if _COPIED.search(text):
        return BadReply("Fill in the numbers of box_2d, or leave it out where it is optional.")
    if '"action_type"' in text or "'action_type'" in text:
        return BadReply(f"This is not a whole JSON object: {quote(text.strip())}.")
    return None
