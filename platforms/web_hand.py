"""The mouse and the keyboard on the tab that the last look showed.

Rule: a marked element is acted on only if its very own node is still there and takes the click;
anything else is reported, never guessed.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gui_agent.actions import Button, Click, Drag, Hover, LongPress, PressKeys, Scroll, Swipe
from gui_agent.errors import ActionFailed
from gui_agent.platforms.web_keys import key_name
from gui_agent.platforms.web_look import Look
from gui_agent.platforms.web_tabs import Tab
from gui_agent.platforms.web_worlds import PageStuck, World, WorldGone, answer, send
from gui_agent.screen import Direction, Point

if TYPE_CHECKING:
    from playwright.async_api import Page

BUSY = "The page did not react in time; it may still be working on it."
_NOTCH = 100
"""CSS pixels that one click of the wheel scrolls."""
_STEP = 20
"""CSS pixels between two moves of a drag: pages expect a path, not a jump."""
_MAX_STEPS = 25
_SIGNS: dict[Direction, tuple[int, int]] = {
    "up": (0, -1),
    "down": (0, 1),
    "left": (-1, 0),
    "right": (1, 0),
}
_OPPOSITE: dict[Direction, Direction] = {
    "up": "down",
    "down": "up",
    "left": "right",
    "right": "left",
}
_EXTRA_BUTTONS = {"back": 8, "forward": 16}
"""The bits of the buttons that Playwright does not know."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the page, in CSS pixels of its viewport, and the frame that it lies in."""

    world: World
    x: float
    y: float
    tag: str
    """Of the element there, which is now that frame's `picked`."""
    swaps: bool = False
    """It is a picture that may be another one once the pointer is over it."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Acts on one tab, as it was in one look."""

    tab: Tab
    look: Look
    patience: float

    @property
    def page(self) -> Page:
        return self.tab.page

    async def ask(self, world: World, function: str, *arguments: object) -> Any:
        return await world.call(function, *arguments, within=self.patience)

    async def find(self, at: Point, mark: int | None) -> Spot:
        """Where to act. Raises ActionFailed when the marked element is gone or covered."""
        x, y = at.x * self.look.width, at.y * self.look.height
        if mark is None:
            return await self._at(x, y)
        if not 0 <= mark < len(self.look.places):
            raise ActionFailed(f"There is no element [{mark}] on the screen.")
        try:
            return await self._of(mark, x, y)
        except WorldGone as error:
            raise ActionFailed(f"Element [{mark}] is gone: the page has changed.") from error

    async def click(self, action: Click) -> str:
        spot = await self.find(action.at, action.mark)
        if spot.tag == "select":
            await self._refuse_native_list(spot.world)
        async with self.held([key_name(name) for name in action.modifiers]):
            return await self.press(spot, action.button, action.count)

    async def press(self, spot: Spot, button: Button = "left", count: int = 1) -> str:
        if button == "back" or button == "forward":
            return await self._press_extra(spot, button)
        if spot.swaps:
            await answer(self.page.mouse.move(spot.x, spot.y), self.patience)
            await self.ask(spot.world, "awaitSwap", *await self._into(spot.world, spot.x, spot.y))
        return await self.in_time(
            self.page.mouse.click(spot.x, spot.y, button=button, click_count=count)
        )

    async def long_press(self, action: LongPress) -> str:
        spot = await self.find(action.at, action.mark)
        async with self._pressed(spot.x, spot.y):
            await asyncio.sleep(action.seconds)
        return ""

    async def hover(self, action: Hover) -> str:
        spot = await self.find(action.at, action.mark)
        return await self.in_time(self.page.mouse.move(spot.x, spot.y))

    async def drag(self, action: Drag) -> str:
        start = await self.find(action.path[0], action.mark)
        x, y = start.x, start.y
        async with self._pressed(x, y):
            for point in action.path[1:]:
                to_x, to_y = point.x * self.look.width, point.y * self.look.height
                steps = min(max(math.ceil(math.dist((x, y), (to_x, to_y)) / _STEP), 2), _MAX_STEPS)
                await answer(self.page.mouse.move(to_x, to_y, steps=steps), self.patience)
                x, y = to_x, to_y
        return ""

    async def keys(self, action: PressKeys) -> str:
        *modifiers, last = [key_name(name) for name in action.keys]
        async with self.held(modifiers):
            if len(last) == 1 and not last.isascii():
                return await self.in_time(self.page.keyboard.insert_text(last))
            return await self.in_time(self.page.keyboard.press(last))

    async def swipe(self, action: Swipe) -> str:
        at = action.within.center if action.within else None
        direction = _OPPOSITE[action.direction]
        return await self.scroll(Scroll(direction=direction, at=at, mark=action.mark))

    async def scroll(self, action: Scroll) -> str:
        sign_x, sign_y = _SIGNS[action.direction]
        place = None if action.at else await self._main_scroller(sign_x, sign_y)
        if place is None:
            at = action.at or Point(0.5, 0.5)
            place = await self._scroller_at(await self.find(at, action.mark), sign_x, sign_y)
        distance = action.amount * (_NOTCH if action.unit == "notch" else place["size"])
        message = await self.in_time(self.page.mouse.move(place["x"], place["y"]))
        wheel = self.page.mouse.wheel(sign_x * distance, sign_y * distance)
        message = message or await self.in_time(wheel)
        if message or place["room"] or await self.ask(place["world"], "wheelTaken"):
            return message
        return f"Nothing here scrolls further {action.direction}: this is already the end."

    async def in_time(self, doing: Awaitable[object], extra: float = 0.0) -> str:
        """Do it; what the page does not answer in time is done nevertheless, and said."""
        try:
            await answer(doing, self.patience + extra)
        except PageStuck:
            return BUSY
        return ""

    @asynccontextmanager
    async def held(self, keys: Sequence[str]) -> AsyncIterator[None]:
        """Keys that are down meanwhile, and up again whatever happens."""
        down: list[str] = []
        try:
            for key in keys:
                down.append(key)
                await answer(self.page.keyboard.down(key), self.patience)
            yield
        finally:
            for key in reversed(down):
                await self.in_time(self.page.keyboard.up(key))

    @asynccontextmanager
    async def _pressed(self, x: float, y: float) -> AsyncIterator[None]:
        await answer(self.page.mouse.move(x, y), self.patience)
        try:
            await answer(self.page.mouse.down(), self.patience)
            yield
        finally:
            await self.in_time(self.page.mouse.up())

    async def _press_extra(self, spot: Spot, button: str) -> str:
        session = await self.tab.worlds.session()
        event = {"x": spot.x, "y": spot.y, "button": button, "clickCount": 1}
        for kind, held in (("mousePressed", _EXTRA_BUTTONS[button]), ("mouseReleased", 0)):
            await send(
                session,
                "Input.dispatchMouseEvent",
                {**event, "type": kind, "buttons": held},
                self.patience,
            )
        return ""

    async def _at(self, x: float, y: float) -> Spot:
        """What lies at this point, through all frames."""
        worlds = await self.tab.worlds.all()
        world, here = worlds[0], (x, y)
        while True:
            found = await self.ask(world, "pick", *here)
            inner = [w for w in worlds if w.parent is world and w.slot == found.get("slot")]
            if not inner:
                return Spot(world, x, y, found.get("tag", ""))
            world, here = inner[0], (found["x"], found["y"])

    async def _of(self, mark: int, x: float, y: float) -> Spot:
        """Where the marked node takes a click now: at the wanted point if it can."""
        place = self.look.places[mark]
        inner = await self._into(place.world, x, y)
        found = await self.ask(place.world, "locate", place.node, *inner)
        if found.get("gone"):
            raise ActionFailed(f"Element [{mark}] is gone: the page has changed.")
        if "cover" not in found:
            found |= await self.out_of(place.world, found["x"], found["y"])
        if found.get("cover"):
            raise ActionFailed(f"Element [{mark}] is covered by {found['cover']}.")
        return Spot(place.world, found["x"], found["y"], found["tag"], found["swaps"])

    async def _into(self, world: World, x: float, y: float) -> tuple[float, float]:
        """A point of the page in the coordinates of one of its frames."""
        if world.parent is None:
            return x, y
        x, y = await self._into(world.parent, x, y)
        frame = await self.ask(world.parent, "frame", world.slot)
        if frame is None:
            return -1, -1
        return (x - frame["left"]) / frame["scale"], (y - frame["top"]) / frame["scale"]

    async def out_of(self, world: World, x: float, y: float) -> dict[str, Any]:
        """A point of a frame in the coordinates of the page, and what covers it there."""
        found: dict[str, Any] = {"x": x, "y": y, "cover": ""}
        while world.parent and not found["cover"]:
            outer = await self.ask(world.parent, "through", world.slot, found["x"], found["y"])
            found = outer or {**found, "cover": "what the page shows instead of its frame"}
            world = world.parent
        return found

    async def _main_scroller(self, sign_x: int, sign_y: int) -> dict[str, Any] | None:
        top = await self.tab.worlds.top()
        place = await self.ask(top, "mainScroller", sign_x, sign_y)
        return place and {**place, "world": top}

    async def _scroller_at(self, spot: Spot, sign_x: int, sign_y: int) -> dict[str, Any]:
        """What the wheel turns there: the innermost thing with room left, frame by frame."""
        size = self.look.height if sign_y else self.look.width
        found: dict[str, Any] = {"size": size, "room": 0}
        world: World | None = spot.world
        while world and not found["room"]:
            x, y = await self._into(world, spot.x, spot.y)
            found = await self.ask(world, "scroller", x, y, sign_x, sign_y) or found
            world = world.parent
        return {**found, "x": spot.x, "y": spot.y, "world": spot.world}

    async def _refuse_native_list(self, world: World) -> None:
        """A list that the browser draws itself would open, and no click could reach it."""
        found = await self.ask(world, "list")
        if found["isDropDown"] and not found["opensInPage"]:
            options = ", ".join(f'"{option["text"]}"' for option in found["options"][:50])
            raise ActionFailed(
                f"This browser can't open the list so that it can be clicked. "
                f"Select one of its options instead: {options}."
            )
