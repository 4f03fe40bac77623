"""The action syntax of AutoGLM-Phone: `do(action="Tap", element=[x,y])`, `finish(…)`.

Positions are in thousandths of the picture. A call is read as data, never run. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gui_agent.actions import (
    Action,
    AskUser,
    Click,
    Finish,
    GoBack,
    GoHome,
    LongPress,
    Note,
    OpenApp,
    PressKeys,
    Swipe,
    TakeOver,
    TypeText,
    Wait,
)
from gui_agent.errors import BadReply
from gui_agent.prompts.parsing import (
    coordinates,
    numbers,
    plain_tokens,
    quote,
    restore,
    thousandths,
)
from gui_agent.screen import Direction, Point

_NAMES = {
    **dict.fromkeys(("tap", "click"), "Tap"),
    **dict.fromkeys(("type", "typetext", "input"), "Type"),
    "typename": "Type_Name",
    "interact": "Interact",
    **dict.fromkeys(("swipe", "scroll"), "Swipe"),
    "note": "Note",
    "callapi": "Call_API",
    "longpress": "Long Press",
    "doubletap": "Double Tap",
    "takeover": "Take_over",
    **dict.fromkeys(("launch", "open", "openapp"), "Launch"),
    **dict.fromkeys(("back", "pressback"), "Back"),
    **dict.fromkeys(("home", "presshome"), "Home"),
    **dict.fromkeys(("enter", "pressenter"), "Enter"),
    "wait": "Wait",
    "finish": "finish",
}
"""What models call an action, without case and punctuation → its trained name."""

_GIVEN_UP = re.compile(
    r"(?:无法|不能|未能|没能)完成|任务(?:失败|无法)|task (?:has )?failed"
    r"|(?:can ?not|can't|could ?n[o']t|unable to|failed to) (?:be )?complete",
    re.IGNORECASE,
)
_SIDE: Mapping[Direction, tuple[int, int]] = {
    "up": (0, -1),
    "down": (0, 1),
    "left": (-1, 0),
    "right": (1, 0),
}
_LENGTHS = {"short": 1, "medium": 2, "long": 10}
_MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class Said:
    """One action of an answer."""

    written: str
    """The call as it was trained, on one line."""
    action: Action


@dataclass(frozen=True, slots=True)
class CallSyntax:
    """What the calls of one answer mean."""

    size: tuple[int, int]
    """Of the screen, in pixels: only its shape matters."""
    question: str = "Several options fit: which one should be taken?"
    reason: str = "A person is needed here, for example to log in."

    def understand(self, name: str, given: dict[str, str]) -> Said:
        """What a call of this name means. Raises BadReply."""
        if name.lower() == "do":
            name = given.pop("action", "") or given.pop("0", "")
        kind = _NAMES.get(re.sub(r"[\W_]", "", name).lower())
        if kind is None:
            known = ", ".join(dict.fromkeys(_NAMES.values()))
            raise BadReply(f"There is no action {quote(name)}. Choose one of: {known}.")
        return self._meant(kind, given)

    def _meant(self, kind: str, given: Mapping[str, str]) -> Said:
        match kind:
            case "Tap" | "Long Press" | "Double Tap":
                return _press(kind, given)
            case "Type" | "Type_Name":
                text = _text(given, "text", "content", "message")
                if text is None:
                    raise BadReply(f'{kind} needs a text: do(action="{kind}", text="…").')
                return Said(_do(kind, text=text), TypeText(text=text, clear=True))
            case "Swipe":
                return self._swipe(given)
            case "Launch":
                app = (_text(given, "app", "app_name", "name") or "").strip()
                if not app:
                    raise BadReply('Launch needs the name of an app: do(action="Launch", app="…").')
                return Said(_do(kind, app=app), OpenApp(name=app))
            case "Wait":
                seconds = _seconds(given)
                return Said(_do(kind, duration=f"{seconds:g} seconds"), Wait(seconds=seconds))
            case "finish":
                message = (_text(given, "message") or "").strip()
                done = Finish(success=not _GIVEN_UP.search(message), message=message)
                return Said(f"finish(message={_quoted(message)})", done)
        return self._silent(kind, given)

    def _silent(self, kind: str, given: Mapping[str, str]) -> Said:
        """The actions without a target."""
        text = (_text(given, "message", "instruction", "text", "question") or "").strip()
        action: dict[str, Callable[[], Action]] = {
            "Back": GoBack,
            "Home": GoHome,
            "Enter": lambda: PressKeys(keys=("enter",)),
            "Interact": lambda: AskUser(question=text or self.question),
            "Take_over": lambda: TakeOver(reason=text or self.reason),
            "Note": lambda: Note(text=text),
            "Call_API": lambda: Note(text=text),
        }
        key = "instruction" if kind == "Call_API" else "message"
        said = {key: text} if text and kind not in ("Back", "Home", "Enter") else {}
        return Said(_do(kind, **said), action[kind]())

    def _swipe(self, given: Mapping[str, str]) -> Said:
        """From `start` to `end`, or a length in a direction (the habit of MobileRL, its kin)."""
        if "start" in given and "end" in given:
            start, end = _point(given["start"]), _point(given["end"])
            written = _do("Swipe", start=_units(start), end=_units(end))
        else:
            start, end, written = self._length(given)
        direction = self._direction(start, end)
        return Said(written, Swipe(direction=direction, along=(start, end)))

    def _length(self, given: Mapping[str, str]) -> tuple[Point, Point, str]:
        said = (_text(given, "direction") or "").strip().lower()
        direction = next((side for side in _SIDE if side == said), None)
        if direction is None:
            raise BadReply(
                'Swipe needs two points: do(action="Swipe", start=[x1,y1], end=[x2,y2]); or a'
                " direction: up, down, left or right."
            )
        length = given.get("dist", "medium").strip().lower()
        (x, y), width, height = _SIDE[direction], *self.size
        travel = _LENGTHS.get(length, 2) * (0.2 if y else 0.25) * width
        values = coordinates(given["element"]) if "element" in given else []
        start = thousandths(values) if values else Point(0.5, 0.5)
        end = Point(
            _inside(start.x + x * travel / width, start.x),
            _inside(start.y + y * travel / height, start.y),
        )
        where = {"element": f"[{','.join(f'{value:g}' for value in values)}]"} if values else {}
        return start, end, _do("Swipe", direction=direction, dist=length, **where)

    def _direction(self, start: Point, end: Point) -> Direction:
        width, height = self.size
        x, y = (end.x - start.x) * width, (end.y - start.y) * height
        if not (x or y):
            raise BadReply("A swipe must end somewhere else than it starts.")
        if abs(x) > abs(y):
            return "right" if x > 0 else "left"
        return "down" if y > 0 else "up"


def _press(kind: str, given: Mapping[str, str]) -> Said:
    place = next(
        (given[name] for name in ("element", "point", "box", "start") if name in given), ""
    )
    if not place and "x" in given and "y" in given:
        place = f"{given['x']},{given['y']}"
    place = place or ",".join(value for name, value in given.items() if name.isdigit())
    at = _point(place)
    written = {"element": _units(at, coordinates(place))}
    if kind == "Long Press":
        return Said(_do(kind, **written), LongPress(at=at, seconds=3))
    if kind == "Double Tap":
        return Said(_do(kind, **written), Click(at=at, count=2))
    message = restore(given.get("message", "")).strip()
    if message:
        written["message"] = message
    return Said(_do(kind, **written), Click(at=at, confirm=message))


def _point(place: str) -> Point:
    return thousandths(coordinates(place))


def _units(at: Point, values: list[float] | None = None) -> str:
    """A point, or a box where the model gave one, as it was trained to write them."""
    if values is None or len(values) == 2:
        values = [min(round(at.x * 1000), 999), min(round(at.y * 1000), 999)]
    return f"[{','.join(f'{value:g}' for value in values)}]"


def _inside(to: float, start: float) -> float:
    """Not into the screen's edge, where the system listens, unless the finger starts there."""
    return min(max(to, min(_MARGIN, start)), max(1 - _MARGIN, start))


def _seconds(given: Mapping[str, str]) -> float:
    found = numbers(next((v for k, v in given.items() if k in ("duration", "seconds", "0")), ""))
    return min(max(found[0], 0.5), 60.0) if found else 1.0


def _text(given: Mapping[str, str], *names: str) -> str | None:
    """The text under one of these names, else the last one without a name."""
    bare = [value for name, value in given.items() if name.isdigit()]
    value = next((given[name] for name in names if name in given), bare[-1] if bare else None)
    return None if value is None else restore(value)


def _do(kind: str, **arguments: str) -> str:
    pairs = (
        f"{name}={value if value[:1] == '[' and name in _PLACES else _quoted(value)}"
        for name, value in arguments.items()
    )
    return f"do({', '.join((f'action={_quoted(kind)}', *pairs))})"


_PLACES = ("element", "start", "end")


def _quoted(text: str) -> str:
    """On one line, cut to what a history needs, with quotes and line breaks escaped."""
    escaped = text[:600].replace("\\", "\\\\").replace('"', '\\"')
    return '"' + plain_tokens(escaped.replace("\n", "\\n").replace("\r", "\\r")) + '"'
