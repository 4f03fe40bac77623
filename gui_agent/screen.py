"""What the agent sees: points, boxes, elements, a screenshot, an observation.

One rule: inside the package a position is a fraction of the screenshot, 0 to 1 on each axis.
Dialects turn the model's units into fractions, platforms turn fractions into device units; nobody
else converts.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["up", "down", "left", "right"]


@dataclass(frozen=True, slots=True)
class Point:
    """A position as fractions of the screenshot's width and height; (0, 0) is its top-left
    corner."""

    x: float
    y: float

    def __post_init__(self) -> None:
        if not (0 <= self.x <= 1 and 0 <= self.y <= 1):
            raise ValueError(f"a point lies within 0 to 1 on both axes, not ({self.x}, {self.y})")

    @classmethod
    def of(cls, x: float, y: float, width: float, height: float) -> Point:
        """The point at (x, y) in a frame of width × height units, clamped to the frame."""
        return cls(min(max(x / width, 0.0), 1.0), min(max(y / height, 0.0), 1.0))

    def pixels(self, width: int, height: int) -> tuple[int, int]:
        """The pixel (column, row) this point falls in, on a frame of width × height pixels."""
        return min(int(self.x * width), width - 1), min(int(self.y * height), height - 1)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions of the screenshot; left ≤ right and top ≤ bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0 <= self.left <= self.right <= 1 and 0 <= self.top <= self.bottom <= 1):
            raise ValueError(f"not a box within 0 to 1: {self}")

    @classmethod
    def of(
        cls, left: float, top: float, right: float, bottom: float, width: float, height: float
    ) -> Box:
        """The box with these edges in a frame of width × height units; clamped, inverted edges
        sorted."""
        (left, right), (top, bottom) = sorted((left, right)), sorted((top, bottom))
        first, second = Point.of(left, top, width, height), Point.of(right, bottom, width, height)
        return cls(first.x, first.y, second.x, second.y)

    @property
    def center(self) -> Point:
        return Point((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def contains(self, point: Point) -> bool:
        return self.left <= point.x <= self.right and self.top <= point.y <= self.bottom

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """(left, top, right, bottom) in whole pixels of a width × height frame, edges rounded."""
        return (
            round(self.left * width),
            round(self.top * height),
            round(self.right * width),
            round(self.bottom * height),
        )


@dataclass(frozen=True, slots=True)
class Element:
    """Something on the screen: interactive (it has a mark) or readable text (it has none)."""

    mark: int | None
    """Its number in this observation, counted from 0; None for text that can only be read."""
    box: Box
    """The visible part; a click at its centre reaches the element."""
    role: str
    """ARIA role in lower case: button, link, textbox, checkbox, combobox, option, tab, text,
    heading …"""
    name: str = ""
    """Accessible name: aria-label, label, placeholder, alt, title, else the text; ≤ 200
    characters."""
    tag: str = ""
    """Lower-case HTML tag, or "" where there is none."""
    type: str = ""
    """Lower-case `type` attribute of an input or button, or ""."""
    text: str = ""
    """Trimmed textContent with runs of white space collapsed (single newlines stay)."""
    label: str = ""
    """The aria-label attribute, or ""."""
    value: str | None = None
    """What a field holds now; None when it has no value or must not be shown (passwords)."""
    states: frozenset[str] = frozenset()
    """Of: checked, selected, disabled, expanded, collapsed, focused, required, readonly, multiline,
    password, haspopup."""
    context: str = ""
    """Text that tells equal elements apart: its row, card, group or section; ≤ 160 characters."""


@dataclass(frozen=True, slots=True)
class Screenshot:
    """An encoded picture of the screen."""

    data: bytes = field(repr=False)
    width: int
    """Pixels of the picture (device pixels)."""
    height: int
    media_type: str = "image/jpeg"

    @property
    def suffix(self) -> str:
        """File ending for this media type, without a dot."""
        return {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}[self.media_type]


@dataclass(frozen=True, slots=True)
class Observation:
    """One settled look at the platform; everything in it belongs to the same frame."""

    screenshot: Screenshot
    where: str = ""
    """URL, foreground app, or window title."""
    title: str = ""
    """Title of the page or window, or ""."""
    elements: tuple[Element, ...] = ()
    """In reading order of the document; marks are consecutive from 0 over the interactive ones."""
    notes: tuple[str, ...] = ()
    """What the picture does not show: a dialog was answered, a download arrived, still loading …"""
    tabs: tuple[str, ...] = ()
    """Titles of the open tabs; empty when there is only one."""
    tab: int = 0
    """Index of the current tab."""
    apps: tuple[str, ...] = ()
    """Names of the installed apps that `OpenApp` can open; empty where unknown."""
    above: float | None = None
    """Screens of content hidden above the viewport; None where unknown."""
    below: float | None = None
    """Screens of content hidden below the viewport; None where unknown."""
    taken_at: float = field(default_factory=time.time)
    """Seconds since the epoch."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds per phase: settle, capture, marks."""

    def element(self, mark: int) -> Element | None:
        """The interactive element with this mark, or None."""
        return next((e for e in self.elements if e.mark == mark), None)

    @property
    def marked(self) -> tuple[Element, ...]:
        """The interactive elements."""
        return tuple(e for e in self.elements if e.mark is not None)
