"""The conformance catalogue: actions, and what the program below them must have received.

Received events are written `press 1 @400,300`, `release 1 @400,300`, `down a`, `up a`; modifiers in
force follow as `+ctrl`. Positions are pixels of a 1280 × 800 screen. Moves are checked by drags
and hovers only.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gui_agent.actions import (
    Action,
    Button,
    Click,
    Drag,
    Hover,
    LongPress,
    Modifier,
    PressKeys,
    Scroll,
    TypeText,
)
from gui_agent.screen import Direction, Point

WIDTH, HEIGHT = 1280, 800


@dataclass(frozen=True)
class Entry:
    """Actions on the bare probe window, and every event but moves that it must receive."""

    name: str
    actions: tuple[Action, ...]
    received: str
    """Events, separated by `; `."""
    through: tuple[tuple[int, int], ...] = ()
    """Positions that the pointer must have come through, in this order."""
    moves: int = 0
    """At least so many moves in between."""


@dataclass(frozen=True)
class Typed:
    """Text typed into a field that holds `before`, and what it must hold then."""

    name: str
    actions: tuple[Action, ...]
    holds: str


def at(x: int, y: int) -> Point:
    """The middle of a pixel."""
    return Point.of(x + 0.5, y + 0.5, WIDTH, HEIGHT)


NUMBERS: dict[Button, int] = {"left": 1, "middle": 2, "right": 3, "back": 8, "forward": 9}
WHEEL: dict[Direction, int] = {"up": 4, "down": 5, "left": 6, "right": 7}
HELD: dict[Modifier, str] = {
    "ctrl": "Control_L",
    "alt": "Alt_L",
    "shift": "Shift_L",
    "meta": "Super_L",
}
NAMED = {
    "enter": "Return",
    "Return": "Return",
    "tab": "Tab",
    "escape": "Escape",
    "esc": "Escape",
    "backspace": "BackSpace",
    "BackSpace": "BackSpace",
    "delete": "Delete",
    "del": "Delete",
    "insert": "Insert",
    "space": " ",
    "up": "Up",
    "ArrowDown": "Down",
    "left": "Left",
    "Right": "Right",
    "home": "Home",
    "end": "End",
    "page_up": "Page_Up",
    "PageDown": "Page_Down",
    "pgdn": "Page_Down",
    "Prior": "Page_Up",
    "f1": "F1",
    "F12": "F12",
    "KP_Enter": "KP_Enter",
    "kp_add": "KP_Add",
    "num_lock": "Num_Lock",
    "f5": "F5",
    "menu": "Menu",
    "pause": "Pause",
    "plus": "+",
    "minus": "-",
    "super": "Super_L",
    "ctrl": "Control_L",
}
CHORDS: dict[tuple[str, ...], str] = {
    ("ctrl+c",): "down Control_L; down c +ctrl; up c +ctrl; up Control_L +ctrl",
    ("ctrl", "C"): "down Control_L; down c +ctrl; up c +ctrl; up Control_L +ctrl",
    ("ctrl", "shift", "s"): (
        "down Control_L; down Shift_L +ctrl; down S +ctrl+shift; up S +ctrl+shift;"
        " up Shift_L +ctrl+shift; up Control_L +ctrl"
    ),
    ("Control_L", "Page_Down"): (
        "down Control_L; down Page_Down +ctrl; up Page_Down +ctrl; up Control_L +ctrl"
    ),
    ("alt", "f"): "down Alt_L; down f +alt; up f +alt; up Alt_L +alt",
    ("shift", "Tab"): (
        "down Shift_L; down ISO_Left_Tab +shift; up ISO_Left_Tab +shift; up Shift_L +shift"
    ),
    ("super", "l"): "down Super_L; down l +meta; up l +meta; up Super_L +meta",
    ("ctrl", "alt", "t"): (
        "down Control_L; down Alt_L +ctrl; down t +ctrl+alt; up t +ctrl+alt; up Alt_L +ctrl+alt;"
        " up Control_L +ctrl"
    ),
    ("ctrl", "+"): (
        "down Control_L; down Shift_L +ctrl; down + +ctrl+shift; up + +ctrl+shift;"
        " up Shift_L +ctrl+shift; up Control_L +ctrl"
    ),
    ("ctrl", "minus"): "down Control_L; down - +ctrl; up - +ctrl; up Control_L +ctrl",
    ("ctrl+enter",): ("down Control_L; down Return +ctrl; up Return +ctrl; up Control_L +ctrl"),
    ("shift", "left"): "down Shift_L; down Left +shift; up Left +shift; up Shift_L +shift",
    ("ctrl", "/"): "down Control_L; down / +ctrl; up / +ctrl; up Control_L +ctrl",
    ("A",): "down Shift_L; down A +shift; up A +shift; up Shift_L +shift",
    ("<",): "down <; up <",
    (">",): "down Shift_L; down > +shift; up > +shift; up Shift_L +shift",
}


MASKS = {4: "ctrl", 8: "alt", 64: "meta", 1: "shift"}


def deviation(entry: Entry, events: Sequence[Mapping[str, Any]]) -> str:
    """How what the probe received differs from what the entry wants; "" when it does not."""
    written = [_written(event) for event in events if event["kind"] != "move"]
    wanted = [" ".join(event.split()) for event in entry.received.split("; ") if event]
    if written != wanted:
        return f"received {written}, not {wanted}"
    times = [event["time"] for event in events]
    if times != sorted(times):
        return f"out of order: {times}"
    places = [(event["x"], event["y"]) for event in events]
    moves = sum(event["kind"] == "move" for event in events)
    trail = iter(places)
    if moves < entry.moves or not all(station in trail for station in entry.through):
        return f"{moves} moves, through {places}"
    return ""


def _written(event: Mapping[str, Any]) -> str:
    held = "".join(f"+{name}" for mask, name in MASKS.items() if event["state"] & mask)
    if event["kind"] in ("press", "release"):
        words = f"{event['kind']} {event['button']} @{event['x']},{event['y']} {held}"
    else:
        words = f"{'down' if event['kind'] == 'key' else 'up'} {event['key']} {held}"
    return " ".join(words.split())


def click(x: int, y: int, button: Button = "left", count: int = 1, held: str = "") -> str:
    number = NUMBERS[button]
    one = f"press {number} @{x},{y}{held}; release {number} @{x},{y}{held}"
    return "; ".join([one] * count)


def clicks() -> Iterator[Entry]:
    for button in NUMBERS:
        for count in (1, 2, 3):
            action = Click(at=at(400, 300), button=button, count=count)
            yield Entry(f"{count} × {button}", (action,), click(400, 300, button, count))
    for modifier, key in HELD.items():
        held = f"+{modifier}"
        action = Click(at=at(500, 250), modifiers=(modifier,))
        received = f"down {key}; {click(500, 250, held=' ' + held)}; up {key} {held}"
        yield Entry(f"{modifier} + click", (action,), received)
    both = (
        f"down Control_L; down Shift_L +ctrl; {click(7, 9, 'right', held=' +ctrl+shift')};"
        " up Shift_L +ctrl+shift; up Control_L +ctrl"
    )
    action = Click(at=at(7, 9), button="right", modifiers=("ctrl", "shift"))
    yield Entry("ctrl + shift + right click", (action,), both)
    for x, y in ((3, 3), (1276, 3), (3, 796), (1276, 796), (640, 0), (0, 400), (1279, 400)):
        yield Entry(f"click at {x},{y}", (Click(at=at(x, y)),), click(x, y))
    corner = (Click(at=Point(0, 0)), Click(at=Point(1, 1)))
    yield Entry("corners", corner, f"{click(1, 1)}; {click(1278, 798)}")


def wheels() -> Iterator[Entry]:
    for direction, number in WHEEL.items():
        for notches in (1, 3, 5, 12):
            action = Scroll(direction=direction, amount=notches, unit="notch", at=at(600, 350))
            turn = f"press {number} @600,350; release {number} @600,350"
            yield Entry(f"{notches} {direction}", (action,), "; ".join([turn] * notches))
    page = Scroll(direction="down", amount=0.5, at=at(10, 700))
    turn = "press 5 @10,700; release 5 @10,700"
    yield Entry("half a page", (page,), "; ".join([turn] * 5))
    middle = Scroll(direction="up", amount=1, unit="notch")
    yield Entry("no place", (middle,), "press 4 @640,400; release 4 @640,400")


def drags() -> Iterator[Entry]:
    ways = {
        "right": ((100, 100), (700, 100)),
        "left": ((900, 300), (300, 300)),
        "down": ((200, 50), (200, 750)),
        "diagonal": ((100, 700), (1100, 100)),
        "short": ((400, 400), (409, 400)),
        "corner": ((200, 200), (800, 200), (800, 600)),
        "square": ((300, 300), (500, 300), (500, 500), (300, 500), (300, 300)),
        "zigzag": ((100, 100), (300, 500), (500, 100), (700, 500), (900, 100)),
    }
    for name, way in ways.items():
        (x, y), (to_x, to_y) = way[0], way[-1]
        received = f"press 1 @{x},{y}; release 1 @{to_x},{to_y}"
        action = Drag(path=tuple(at(*position) for position in way))
        far = 20 if name != "short" else 1
        yield Entry(f"drag {name}", (action,), received, way, far)
    yield Entry("hover", (Hover(at=at(321, 123)),), "", ((321, 123),), 1)
    press = LongPress(at=at(50, 60), seconds=0.4)
    yield Entry("long press", (press,), "press 1 @50,60; release 1 @50,60")


def keys() -> Iterator[Entry]:
    for name, symbol in NAMED.items():
        if symbol == "+":
            received = "down Shift_L; down + +shift; up + +shift; up Shift_L +shift"
        else:
            state = " +ctrl" if symbol == "Control_L" else " +meta" if symbol == "Super_L" else ""
            received = f"down {symbol}; up {symbol}{state}"
        yield Entry(f"key {name}", (PressKeys(keys=(name,)),), received)
    for chord, received in CHORDS.items():
        yield Entry(f"chord {'+'.join(chord)}", (PressKeys(keys=chord),), received)


def sequences() -> Iterator[Entry]:
    again = (Click(at=at(400, 300)), Click(at=at(400, 300)))
    yield Entry("two clicks apart", again, click(400, 300, count=2))
    pair = (Click(at=at(10, 20)), Click(at=at(900, 20), button="right"))
    yield Entry("left, then right", pair, f"{click(10, 20)}; {click(900, 20, 'right')}")
    typed = (Click(at=at(30, 40)), PressKeys(keys=("a",)), PressKeys(keys=("enter",)))
    yield Entry("click and keys", typed, f"{click(30, 40)}; down a; up a; down Return; up Return")
    tabs = (PressKeys(keys=("tab",)),) * 4
    yield Entry("four tabs", tabs, "; ".join(["down Tab; up Tab"] * 4))
    turn = "press 5 @300,300; release 5 @300,300"
    mixed = (Scroll(direction="down", amount=2, unit="notch", at=at(300, 300)), again[0])
    yield Entry("scroll, click", mixed, f"{turn}; {turn}; {click(400, 300)}")
    drag = Drag(path=(at(100, 100), at(200, 200)))
    moved = (drag, Click(at=at(200, 200)))
    drop = "press 1 @100,100; release 1 @200,200"
    yield Entry("drag, click", moved, f"{drop}; {click(200, 200)}")
    copied = (PressKeys(keys=("ctrl", "a")), PressKeys(keys=("ctrl", "c")))
    chord = "down Control_L; down {0} +ctrl; up {0} +ctrl; up Control_L +ctrl"
    yield Entry("select, copy", copied, f"{chord.format('a')}; {chord.format('c')}")


def typing() -> Iterator[Typed]:
    texts = {
        "word": "hello",
        "less and greater": '<a href="x">b</a>',
        "ASCII": string.printable[:95],
        "100 ASCII": "The quick brown fox jumps over the lazy dog. 0123456789 <>|~^`'\""
        + "ab" * 18,
        "accents": "é ñ ü ß Ø ł ç Ž",
        "CJK": "你好，世界。こんにちは 안녕하세요",
        "100 CJK": "".join(chr(0x4E00 + 7 * i) for i in range(100)),
        "emoji": "😀 🎉 ❤️ 👍🏽",
        "joined emoji": "👨‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍💻",
        "flags": "🇨🇳 🇵🇹",
        "combining": "e\u0301 a\u030a n\u0303 q\u0307\u0323",
        "right to left": "שלום עולם مرحبا بالعالم",
        "mixed": "Price: 5 € – “ok” … 你好 <b>\\n</b>",
        "newlines": "one\ntwo\n\nfour\n",
        "tabs": "a\tb\t\tc",
        "indented": "def f():\n    return 1\n\n\tif x:\n",
        "blanks": "  two  ",
        "quotes": 'it\'s "so" `bad` \\ / {%} $HOME $(id) ; & |',
        "one character": "ж",
        "math": "∑ ∫ √ ≤ 𝔸 𝒙",
        "zero width": "a\u200bb\u200dc\ufeffd",
        "one line of 300": "x" * 300,
        "5,000 characters": "".join(chr(0x4E00 + i % 2000) if i % 7 else "\n" for i in range(5000)),
    }
    for name, text in texts.items():
        yield Typed(f"type {name}", (TypeText(text=text),), text)
    append = (TypeText(text="one "), TypeText(text="two"))
    yield Typed("type twice", append, "one two")
    yield Typed("submit", (TypeText(text="name", submit=True),), "name\n")
    corrected = (TypeText(text="helloo"), PressKeys(keys=("backspace",)), TypeText(text="!"))
    yield Typed("correct", corrected, "hello!")
    undone = (TypeText(text="ab"), PressKeys(keys=("left",)), TypeText(text="你"))
    yield Typed("insert", undone, "a你b")


EVENTS = [*clicks(), *wheels(), *drags(), *keys(), *sequences()]
TYPED = [*typing()]
