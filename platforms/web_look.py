"""One look at a tab: the picture and the elements, taken from the same frame."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeVar

from PIL import Image

from gui_agent.platforms.web_worlds import PageStuck, ScriptFailed, World, WorldGone, Worlds, send
from gui_agent.screen import Box, Element, Screenshot

T = TypeVar("T")

_QUALITY = 88
"""Above 90 Chromium's JPEG only gets larger: its colours stay subsampled."""
_SURVEY_SECONDS = 1.0
"""What the search for elements may take on a huge page."""
_FRAME_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """A marked element's own node: the frame it is in, and its number there."""

    world: World
    node: int


@dataclass(frozen=True, slots=True)
class Look:
    """What was there at one moment."""

    screenshot: Screenshot
    width: float
    """CSS pixels of the viewport; the frame in which the mouse moves."""
    height: float
    title: str
    elements: tuple[Element, ...]
    places: tuple[Place, ...]
    """By mark."""
    notes: tuple[str, ...]
    above: float | None
    below: float | None
    began: float
    """On the clock of `time.monotonic`."""
    capture: float
    """Seconds for the picture, taken while the elements were searched."""
    marks: float
    """Seconds for the elements."""


@dataclass(slots=True)
class _Found:
    """An element of some frame, with its box in CSS pixels of the frame that asks."""

    entry: dict[str, Any]
    place: Place
    box: tuple[float, float, float, float]

    @property
    def center(self) -> tuple[float, float]:
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2

    def moved(self, frame: dict[str, Any]) -> _Found:
        """In the coordinates of the parent, where its frame begins and how it is scaled."""
        left, top, right, bottom = (edge * frame["scale"] for edge in self.box)
        x, y = frame["left"], frame["top"]
        return _Found(self.entry, self.place, (left + x, top + y, right + x, bottom + y))


@dataclass(slots=True)
class _Survey:
    """The elements of all frames of a tab."""

    worlds: list[World]
    patience: float
    top: dict[str, Any]
    notes: list[str]

    async def collect(self, world: World, clip: list[float] | None) -> list[_Found]:
        """What one frame and the frames in it show, in document order."""
        within = self.patience if world.parent is None else _FRAME_SECONDS
        listeners = await world.listeners(within)
        page = await world.call("collect", clip, listeners, _SURVEY_SECONDS * 1000, within=within)
        if world.parent is None:
            self.top = page
        if page["cut"]:
            self.notes.append("The page is very large: some elements have no mark.")
        found: list[_Found] = []
        for entry in page["entries"]:
            if "box" in entry:
                place = Place(world, entry.get("node", -1))
                found.append(_Found(entry, place, tuple(entry["box"])))
            elif entry["frame"]:
                found += await self._embedded(world, entry["slot"], entry["frame"])
        return found

    async def _embedded(self, world: World, slot: int, frame: dict[str, Any]) -> list[_Found]:
        child = next((w for w in self.worlds if w.parent is world and w.slot == slot), None)
        if child is None:
            return []
        try:
            inside = await self.collect(child, frame["clip"])
            points = [found.center for found in inside]
            free = await world.call("uncovered", slot, points, within=self.patience)
        except (WorldGone, PageStuck, ScriptFailed):
            self.notes.append("A frame in the page did not answer: its elements have no mark.")
            return []
        return [found.moved(frame) for found, seen in zip(inside, free, strict=True) if seen]


async def look(worlds: Worlds) -> Look:
    """Raises WorldGone when the page navigates away meanwhile, PageStuck when it is blocked."""
    began = time.monotonic()
    survey = _Survey(await worlds.all(), worlds.patience, {}, [])
    (found, marks), (picture, capture) = await asyncio.gather(
        _timed(_elements(survey)), _timed(_capture(worlds))
    )
    top = survey.top or _without_elements(picture)
    size = top["width"], top["height"]
    marked = [each for each in found if each.place.node >= 0]
    numbers = {id(each): mark for mark, each in enumerate(marked)}
    return Look(
        screenshot=picture,
        width=size[0],
        height=size[1],
        title=top["title"],
        elements=tuple(_element(each, numbers.get(id(each)), *size) for each in found),
        places=tuple(each.place for each in marked),
        notes=tuple(dict.fromkeys(survey.notes)),
        above=top["above"],
        below=top["below"],
        began=began,
        capture=capture,
        marks=marks,
    )


async def _elements(survey: _Survey) -> list[_Found]:
    try:
        return await survey.collect(survey.worlds[0], None)
    except ScriptFailed as error:
        survey.notes.append(f"The elements of this page could not be found: {error}"[:200])
        return []


async def _capture(worlds: Worlds) -> Screenshot:
    options = {"format": "jpeg", "quality": _QUALITY}
    session = await worlds.session()
    reply = await send(session, "Page.captureScreenshot", options, worlds.patience)
    data = base64.b64decode(reply["data"])
    with Image.open(BytesIO(data)) as picture:
        return Screenshot(data, *picture.size)


async def _timed(work: Awaitable[T]) -> tuple[T, float]:
    began = time.monotonic()
    return await work, time.monotonic() - began


def _without_elements(picture: Screenshot) -> dict[str, Any]:
    return {
        "width": picture.width,
        "height": picture.height,
        "title": "",
        "above": None,
        "below": None,
    }


def _element(found: _Found, mark: int | None, width: float, height: float) -> Element:
    entry, box = found.entry, Box.of(*found.box, width, height)
    if mark is None:
        return Element(None, box, entry["role"], name=entry["text"], text=entry["text"])
    return Element(
        mark=mark,
        box=box,
        role=entry["role"],
        name=entry["name"],
        tag=entry["tag"],
        type=entry["type"],
        text=entry["text"],
        label=entry["label"],
        value=entry["value"],
        states=frozenset(entry["states"]),
        context=entry["context"],
    )
