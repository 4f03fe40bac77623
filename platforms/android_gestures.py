"""Fingers on glass: which calls of the automation server make a gesture. Pure.

Each gesture is one call, so that a connection that breaks never leaves a finger down. Positions
are pixels of the screen; the server moves a finger one step every 5 ms.
"""

from __future__ import annotations

from typing import Any, Literal

from gui_agent.errors import ActionFailed
from gui_agent.screen import Box, Direction

Pixel = tuple[int, int]
Area = tuple[int, int, int, int]
"""Left, top, right, bottom."""
Call = tuple[str, tuple[Any, ...]]
"""Method and arguments."""

PRESS = 0.1
"""Seconds a tap presses: Android's own test tools press so long."""
_QUICK = 0.04
"""Of a double tap: both must be over within 0.3 s."""
_STEP = 0.005
_SWIPE_STEPS = 40
_SCROLL_STEPS = 60
_STROKE_STEPS = 120
_HOLD_STEPS = 110
"""0.55 s: longer than a long press, so that what lies under the finger is picked up."""
_PINCH_STEPS = 80
_APART, _TOGETHER = 0.9, 0.15
"""How far from the middle of the area two fingers are, as part of the way to its corners."""
_ANY = {"mask": 0, "childOrSibling": [], "childOrSiblingSelector": []}
"""A selector that any element matches: the server asks for one and looks at the points alone."""
_EDGES = Box(0.08, 0.07, 0.92, 0.9)
"""Outside of it a finger opens notifications, goes back or goes home."""
_SHORTEST = 0.03
"""A path shorter than this part of the screen is no swipe."""
_REACH = 0.7
"""How far a finger goes at once, as part of what it scrolls."""
_MOST = 20
"""Strokes of one scroll."""


def tap(at: Pixel, count: int, seconds: float = PRESS) -> list[Call]:
    """One press, or several quick ones."""
    pressed = seconds if count == 1 else _QUICK
    return [("click", (*at, round(pressed * 1000)))] * count


def long_press(at: Pixel, seconds: float) -> list[Call]:
    return [("click", (*at, round(max(seconds, 0.6) * 1000)))]


def drag(path: list[Pixel]) -> list[Call]:
    """Pressed long enough to pick up, moved, and rested before it is let go."""
    return [_line([path[0], *path, path[-1]], _HOLD_STEPS)]


def swipe(direction: Direction, area: Area, size: Pixel) -> list[Call]:
    """A flick of the finger through this area. Raises ActionFailed when that is at an edge."""
    left, top, right, bottom = _safe(area, size)
    x, y = (left + right) // 2, (top + bottom) // 2
    dx, dy = (round(length * _REACH / 2) for length in (right - left, bottom - top))
    sx, sy = _SIGNS[direction]
    start, end = (x - sx * dx, y - sy * dy), (x + sx * dx, y + sy * dy)
    if (
        abs(end[0] - start[0]) < _SHORTEST * size[0]
        and abs(end[1] - start[1]) < _SHORTEST * size[1]
    ):
        raise ActionFailed("This area is too small to swipe in, or lies at the screen's edge.")
    return [("swipe", (*start, *end, _SWIPE_STEPS))]


def stroke(start: Pixel, end: Pixel) -> list[Call]:
    """A finger's way exactly as it was given, also from an edge; the content follows."""
    return [("swipe", (*start, *end, _STROKE_STEPS))]


def scroll(direction: Direction, pages: float, area: Area, size: Pixel) -> list[Call]:
    """Drag the content of this area by so many of its own lengths, without a fling."""
    left, top, right, bottom = _safe(area, size)
    length = bottom - top if direction in ("up", "down") else right - left
    if length < _SHORTEST * max(size):
        raise ActionFailed("This area is too small to scroll, or lies at the screen's edge.")
    x, y = (left + right) // 2, (top + bottom) // 2
    sx, sy = _SIGNS[direction]
    calls: list[Call] = []
    rest = pages * length
    while rest > 0.02 * length and len(calls) < _MOST:
        half = round(min(rest, _REACH * length) / 2)
        # The finger goes against the direction in which the content is looked through.
        start, end = (x + sx * half, y + sy * half), (x - sx * half, y - sy * half)
        calls.append(_line([start, end, end], _SCROLL_STEPS))
        rest -= 2 * half
    return calls


def pinch(direction: Literal["in", "out"], area: Area, size: Pixel) -> list[Call]:
    """Two fingers on the diagonal of this area. Raises ActionFailed when that is at an edge."""
    left, top, right, bottom = _safe(area, size)
    if right - left < _SHORTEST * size[0] or bottom - top < _SHORTEST * size[1]:
        raise ActionFailed("This area is too small to pinch in, or lies at the screen's edge.")
    x, y = (left + right) / 2, (top + bottom) / 2
    near, far = (
        [
            {"x": round(x + sign * part * (right - x)), "y": round(y + sign * part * (bottom - y))}
            for sign in (-1, 1)
        ]
        for part in (_TOGETHER, _APART)
    )
    start, end = (near, far) if direction == "out" else (far, near)
    return [("gesture", (_ANY, *start, *end, _PINCH_STEPS))]


_SIGNS: dict[Direction, Pixel] = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}


def seconds(calls: list[Call]) -> float:
    """How long the phone takes for them."""
    total = 0.0
    for method, arguments in calls:
        if method == "click":
            total += arguments[2] / 1000
        elif method == "swipe":
            total += arguments[4] * _STEP
        elif method == "gesture":
            total += arguments[5] * _STEP
        else:
            total += (len(arguments[0]) // 2 - 1) * arguments[1] * _STEP
    return total


def _line(points: list[Pixel], steps: int) -> Call:
    """Through all points, each way in so many steps; a point that comes twice is rested on."""
    return "swipePoints", ([edge for point in points for edge in point], steps)


def _safe(area: Area, size: Pixel) -> Area:
    left, top, right, bottom = _EDGES.pixels(*size)
    return max(area[0], left), max(area[1], top), min(area[2], right), min(area[3], bottom)
