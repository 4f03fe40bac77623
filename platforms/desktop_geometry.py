"""Where a point of the screenshot lies on the desktop: monitors, scale, drag paths. Pure.

A pointer position is in the system's pointer units, from the top-left corner of the whole desktop:
pixels on X11 and Windows, points on macOS.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gui_agent.errors import SetupError
from gui_agent.screen import Box, Point

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of the desktop in pointer units; a monitor left of the first has left < 0."""

    left: int
    top: int
    width: int
    height: int

    def position(self, point: Point) -> Position:
        """The pointer position of a point of this area's picture, whatever the picture's size."""
        x, y = point.pixels(self.width, self.height)
        return self.left + x, self.top + y

    def point(self, position: Position) -> Point:
        """The centre of this pointer position as a fraction of the area, clamped to it."""
        x, y = position[0] - self.left + 0.5, position[1] - self.top + 0.5
        return Point.of(x, y, self.width, self.height)

    def box(self, left: int, top: int, width: int, height: int) -> Box | None:
        """A rectangle in pointer units as fractions of the area; None when none of it shows."""
        x, y = left - self.left, top - self.top
        right, bottom = x + width, y + height
        if right <= 0 or bottom <= 0 or x >= self.width or y >= self.height:
            return None
        if width <= 0 or height <= 0:
            return None
        return Box.of(x, y, right, bottom, self.width, self.height)

    @property
    def corners(self) -> tuple[Position, ...]:
        """The outermost positions: a pointer pushed into one of them is the user's brake."""
        right, bottom = self.left + self.width - 1, self.top + self.height - 1
        return (
            (self.left, self.top),
            (right, self.top),
            (self.left, bottom),
            (right, bottom),
        )


def choose(monitors: Sequence[Area], number: int) -> Area:
    """Monitor `number`, counted from 1; 0 is all of them together, which is `monitors[0]`.

    Raises SetupError when there is no such monitor.
    """
    if 0 <= number < len(monitors):
        return monitors[number]
    known = ", ".join(
        f"{index}: {m.width}×{m.height} at ({m.left}, {m.top})"
        for index, m in enumerate(monitors)
        if index
    )
    raise SetupError(f"There is no monitor {number}. Choose one of: {known}; or 0 for all.")


def off_the_corner(position: Position, desktop: Area) -> Position:
    """The same position, one unit towards the middle when it is a corner of the desktop.

    A corner that the agent itself points at would trigger the user's brake.
    """
    if position not in desktop.corners:
        return position
    x, y = position
    return (x + 1 if x == desktop.left else x - 1), (y + 1 if y == desktop.top else y - 1)


def path(stations: Sequence[Position], stride: float) -> list[Position]:
    """The stations with positions between them at most `stride` units apart, without the first."""
    way: list[Position] = []
    for (x, y), (to_x, to_y) in pairwise(stations):
        steps = max(1, math.ceil(math.dist((x, y), (to_x, to_y)) / stride))
        way += [
            (round(x + (to_x - x) * step / steps), round(y + (to_y - y) * step / steps))
            for step in range(1, steps + 1)
        ]
    return way
