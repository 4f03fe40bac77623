"""Dragging: one way, to a place in a list or grid, or a whole list into order. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gui_agent.baseline.goals import Arrange, Phrase, Place, PressInOrder, Shift
from gui_agent.baseline.matching import Doubt, Match, choose
from gui_agent.baseline.steps import (
    Act,
    Done,
    Scene,
    Step,
    Stop,
    click,
    evidence,
    place_of,
    signed,
    stop,
)
from gui_agent.screen import Direction, Element

_ALIGNED = 0.015
"""Of a screen: edges this close are in line."""
_PIECE = 0.15
"""Of a screen: how far something is dragged when the goal only says which way."""
_WAYS: dict[Direction, tuple[int, int]] = {
    "up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0),
}  # fmt: skip
_NAMED = {"top": 0.0, "left": 0.0, "center": 0.5, "bottom": 1.0, "right": 1.0}


def shift(wish: Shift, scene: Scene) -> Step:
    """Drag something by one or more places of its list or grid, or a piece of the screen."""
    if ended := _dragged(scene):
        return ended
    found = _movable(wish.what, scene)
    if not isinstance(found, Match):
        return found
    across, down = _WAYS[wish.way]
    element = found.element
    if not wish.places:
        x, y = element.box.center.x + across * _PIECE, element.box.center.y + down * _PIECE
        return _drag(found, (_inside(x), _inside(y)))
    rows = _grid(element, scene)
    line = rows[_row(rows, element)] if across else _column(rows, element)
    at = line.index(element) + (across + down) * wish.places
    return _onto(found, line, at)


def place(wish: Place, scene: Scene) -> Step:
    """Drag something to the place where another item of its list or grid lies now."""
    if ended := _dragged(scene):
        return ended
    found = _movable(wish.what, scene)
    if not isinstance(found, Match):
        return found
    rows = _grid(found.element, scene)
    if wish.cell:
        return _to_cell(found, rows, wish.cell)
    line = [element for row in rows for element in row]
    return _onto(found, line, wish.at - 1 if wish.at > 0 else len(line) + wish.at)


def arrange(wish: Arrange, scene: Scene) -> Step:
    """Drag the first number that is out of place to where it belongs, until none is."""
    numbers = [e for e in scene.page.readable if signed(e.name) is not None]
    column = [e for e in numbers if abs(e.box.left - numbers[0].box.left) < _ALIGNED]
    if len(column) < 2:
        return Stop("there is no list of numbers here", missing=True)
    listed = sorted(column, key=lambda e: e.box.top)
    wanted = sorted(listed, key=lambda e: signed(e.name) or 0.0, reverse=wish.falling)
    wrong = [i for i, (e, w) in enumerate(zip(listed, wanted, strict=True)) if e.name != w.name]
    if not wrong:
        return Done("the numbers are in order")
    act = _onto(Match(wanted[wrong[0]], 0.9, "out of order"), listed, wrong[0])
    return Act(act.action, "type", act.on, act.why) if isinstance(act, Act) else act


def press_in_order(wish: PressInOrder, scene: Scene) -> Step:
    """The next number, by its value; each is clicked once."""
    done = [entry.on for entry in scene.entries if entry.did == "each" and not entry.failed]
    numbers = [e for e in scene.page.marked if signed(e.name) is not None]
    left = [e for e in numbers if e.name not in done]
    total = int(scene.entries[0].text) if done else len(numbers)
    if not left:
        if len(done) < total or not done:
            return Stop("the numbers don't show (any more)", missing=not done)
        return Done("all were clicked")
    left.sort(key=lambda e: signed(e.name) or 0.0, reverse=wish.falling)
    act = click(left[0], Match(left[0], 0.9, "its value"), did="each")
    return replace(act, text=str(total))


def _dragged(scene: Scene) -> Step | None:
    last = scene.did("do")
    if last is None:
        return None
    return Done("dragged") if last.past is None or last.past.changed else Stop("nothing moved")


def _movable(what: Phrase, scene: Scene) -> Match | Stop:
    """The thing that is meant; one that nothing is written on, when it is the only one here."""
    short = [e for e in scene.page.elements if len(e.name) <= 40]
    found = choose(what, short, scene.layout)
    blank = [e for e in scene.page.marked if e.role == "generic" and not e.name]
    if isinstance(found, Doubt) and len(blank) == 1:
        return Match(blank[0], 0.7, "being the only thing that can be moved")
    return found if isinstance(found, Match) else stop(found, what.must)


def _grid(element: Element, scene: Scene) -> list[list[Element]]:
    """The items like this one, row by row: as high as it, and in line with its row or column."""
    height = element.box.bottom - element.box.top
    alike = [
        e
        for e in scene.page.elements
        if (e.mark is None) == (element.mark is None)
        and abs(e.box.bottom - e.box.top - height) < _ALIGNED
        and e.role == element.role
    ]
    rows: list[list[Element]] = []
    for one in sorted(alike, key=lambda e: (e.box.top, e.box.left)):
        if rows and abs(rows[-1][0].box.top - one.box.top) < _ALIGNED:
            rows[-1].append(one)
        else:
            rows.append([one])
    return rows


def _row(rows: Sequence[Sequence[Element]], element: Element) -> int:
    return next(i for i, row in enumerate(rows) if element in row)


def _column(rows: Sequence[Sequence[Element]], element: Element) -> list[Element]:
    at = rows[_row(rows, element)].index(element)
    return [row[at] for row in rows if at < len(row)]


def _to_cell(found: Match, rows: Sequence[Sequence[Element]], cell: str) -> Step:
    named = cell.split()
    across = [_NAMED[word] for word in named if word in ("left", "right")] or [0.5]
    down = [_NAMED[word] for word in named if word in ("top", "bottom")] or [0.5]
    if len({len(row) for row in rows}) != 1 or len(rows) < 2:
        return Stop("there is no even grid here", (found.element,))
    row = rows[round(down[0] * (len(rows) - 1))]
    return _onto(found, row, round(across[0] * (len(row) - 1)))


def _onto(found: Match, line: Sequence[Element], at: int) -> Step:
    if not 0 <= at < len(line):
        return Stop(f"the list has {len(line)} places only", (found.element,))
    if line[at] is found.element:
        return Done(f"'{found.element.name}' is there already")
    center = line[at].box.center
    return _drag(found, (center.x, center.y))


def _drag(found: Match, to: tuple[float, float]) -> Act:
    path = [place_of(found.element), [round(to[0] * 1000), round(to[1] * 1000)]]
    action: dict[str, object] = {"kind": "drag", "path": path}
    if found.element.mark is not None:
        action["mark"] = found.element.mark
    return Act(action, "do", found.element, evidence(found))


def _inside(value: float) -> float:
    return min(max(value, 0.01), 0.99)
