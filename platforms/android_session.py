"""One opened phone: looking at it, and each action on it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from gui_agent.actions import (
    Action,
    Click,
    Drag,
    GoBack,
    GoHome,
    LongPress,
    OpenApp,
    OpenUrl,
    Pinch,
    PressKeys,
    Scroll,
    Swipe,
    TypeText,
)
from gui_agent.errors import ActionFailed
from gui_agent.platforms import android_borrowed as borrowed
from gui_agent.platforms import android_gestures as gestures
from gui_agent.platforms import android_keys as keys
from gui_agent.platforms import android_tree as tree
from gui_agent.platforms.android_apps import App
from gui_agent.platforms.android_apps import names as app_names
from gui_agent.platforms.android_launch import Launcher
from gui_agent.platforms.android_link import Link
from gui_agent.platforms.android_look import LOOK_SECONDS, Eyes, Look, Options
from gui_agent.platforms.android_text import Typist
from gui_agent.screen import Box, Element, Observation, Point

_FOCUS_SECONDS = 1.5
_NOTCH = 0.1
"""The part of a page that a wheel's notch scrolls."""


class Session:
    """A phone that is being used."""

    def __init__(self, link: Link, options: Options) -> None:
        self._link = link
        self._options = options
        self._eyes = Eyes(link, options)
        self._typist = Typist(link, self._eyes.nodes)
        self._launcher = Launcher(link, self._eyes.nodes)
        self._apps: tuple[str, ...] = ()
        self._seen: tuple[Look, tuple[Element, ...]] | None = None

    @property
    def look(self) -> Look | None:
        """The last look: the evidence behind the last observation."""
        return self._seen[0] if self._seen else None

    async def observe(self) -> Observation:
        """Look once the screen is quiet. Raises PersonNeeded, AdbError or PlatformLost."""
        began = time.monotonic()
        look = await self._eyes.settled()
        shot, (width, height) = look.frame.screenshot, look.frame.display
        elements = tree.elements(look.nodes, width, height)
        self._seen = look, elements
        return Observation(
            shot,
            where=look.package,
            title=App(look.package).name,
            elements=elements,
            apps=self._apps,
            notes=tuple(_notes(look, expected=self._options.elements)),
            timings={
                "settle": max(0.0, time.monotonic() - began - look.frame.seconds),
                "capture": look.frame.seconds,
            },
        )

    async def perform(self, action: Action) -> str:
        """Carry out one action. Raises ActionFailed, AdbError or PlatformLost."""
        match action:
            case Click(at=at, count=count):
                where = await self._target(at, action.mark)
                await self._gesture(gestures.tap(where, count, self._options.press))
            case LongPress(at=at, seconds=seconds):
                where = await self._target(at, action.mark)
                await self._gesture(gestures.long_press(where, seconds))
            case Drag(path=path):
                start = await self._target(path[0], action.mark)
                points = [start, *(self._pixel(point) for point in path[1:])]
                await self._gesture(gestures.drag(points))
            case Swipe(along=(start, end)):
                await self._unchanged()
                await self._gesture(gestures.stroke(self._pixel(start), self._pixel(end)))
            case Swipe(direction=direction, within=within):
                look = await self._unchanged()
                area = (within or Box(0, 0, 1, 1)).pixels(*look.frame.display)
                await self._gesture(gestures.swipe(direction, area, look.frame.display))
            case Pinch():
                await self._pinch(action)
            case Scroll():
                await self._scroll(action)
            case TypeText():
                return await self._type(action)
            case OpenApp(name=name):
                await self._launcher.open(name, self._last()[0].frame.display)
            case OpenUrl(url=url):
                await self._launcher.open_url(url)
            case PressKeys(keys=names):
                await self._link.do("pressKeyCode", *keys.chord(names))
            case GoBack():
                await self._link.do("pressKeyCode", keys.BACK)
            case GoHome():
                await self._link.do("pressKeyCode", keys.HOME)
            case _:
                raise ActionFailed(
                    _IMPOSSIBLE.get(action.kind, f"'{action.kind}' is not possible on a phone.")
                )
        return ""

    async def open(self) -> None:
        """Give back what an earlier run has left borrowed, and keep the screen on."""
        await borrowed.give_back(self._link.shell)
        await borrowed.stay_on(self._link.shell)
        await self._link.do("pressKeyCode", keys.WAKEUP)  # refused where taps would be too
        await self._launcher.learn()
        self._apps = app_names(await self._launcher.installed())

    async def close(self) -> None:
        """Give back what was borrowed. Raises AdbError when the phone is gone."""
        await borrowed.give_back(self._link.say)

    async def _gesture(self, calls: list[gestures.Call]) -> None:
        for method, arguments in calls:
            extra = gestures.seconds([(method, arguments)])
            if not await self._link.do(method, *arguments, seconds=5.0 + extra):
                raise ActionFailed("The phone did not take the touch.")

    async def _pinch(self, action: Pinch) -> None:
        area, size = action.within or Box(0, 0, 1, 1), self._last()[0].frame.display
        await self._target(area.center, action.mark)
        await self._gesture(gestures.pinch(action.direction, area.pixels(*size), size))

    async def _scroll(self, action: Scroll) -> None:
        look = await self._unchanged()
        at = self._pixel(action.at or Point(0.5, 0.5))
        inner = tree.scrollable_at(look.nodes, *at)
        area = inner.bounds if inner else (0, 0, *look.frame.display)
        pages = action.amount if action.unit == "page" else action.amount * _NOTCH
        await self._gesture(gestures.scroll(action.direction, pages, area, look.frame.display))

    async def _type(self, action: TypeText) -> str:
        shown = self._last()[0].keyboard
        if action.at is not None:
            await self._focus(action.at, action.mark)
        said = await self._typist.enter(
            action.text, clear=action.clear, blind=shown or await self._eyes.keyboard()
        )
        if action.submit:
            await self._link.do("pressKeyCode", keys.ENTER)
        return said

    async def _focus(self, at: Point, mark: int | None) -> None:
        """Tap the field, and wait until it, or one that it opens, has the focus."""
        where = await self._target(at, mark)
        before = tree.focused_field(self._last()[0].nodes)
        await self._gesture(gestures.tap(where, 1, self._options.press))
        until = time.monotonic() + _FOCUS_SECONDS
        while time.monotonic() < until:
            field = tree.focused_field(await self._eyes.nodes())
            if field and (before is None or field.bounds != before.bounds or field.covers(*where)):
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def _target(self, at: Point, mark: int | None) -> gestures.Pixel:
        """Where to touch. Raises ActionFailed when what was seen there is not there any more."""
        look = await self._unchanged()
        if mark is not None:
            await self._check(mark, at, look)
        return at.pixels(*look.frame.display)

    def _pixel(self, at: Point) -> gestures.Pixel:
        return at.pixels(*self._last()[0].frame.display)

    async def _unchanged(self) -> Look:
        """The last look, if the phone is still held so and shows the same app."""
        look, _ = self._last()
        info: dict[str, Any] = await self._link.ask("deviceInfo")
        if not info.get("screenOn", True):
            raise ActionFailed("Not done: the screen has gone dark meanwhile. Look again.")
        if int(info.get("displayRotation", 0)) != look.rotation:
            raise ActionFailed("Not done: the phone was turned meanwhile. Look again.")
        package = str(info.get("currentPackageName") or "")
        if package != look.current:
            raise ActionFailed(f"Not done: {package} has come to the front meanwhile. Look again.")
        return look

    async def _check(self, mark: int, at: Point, look: Look) -> None:
        """Raise ActionFailed unless the element with this mark still covers this point."""
        seen = next((e for e in self._last()[1] if e.mark == mark), None)
        gone = ActionFailed(f"Element {mark} is not there any more. Look at the screen again.")
        if seen is None or not seen.box.contains(at):
            raise gone
        nodes = await self._eyes.nodes()
        same = (
            e
            for e in tree.elements(nodes, *look.frame.display)
            if (e.role, e.name) == (seen.role, seen.name) and e.box.contains(at)
        )
        if nodes and next(same, None) is None:
            raise gone

    def _last(self) -> tuple[Look, tuple[Element, ...]]:
        if self._seen is None:
            raise ActionFailed("Nothing has been looked at yet: look at the screen first.")
        return self._seen


_IMPOSSIBLE = {
    "hover": "There is no pointer on a phone: tap, or press long.",
    "select": "Lists open by a tap here: tap it, then tap the option.",
    "upload": "Use the app's own file picker: tap its button, then the file.",
    "switch_tab": "A phone has no tabs: open the recent apps, or the app itself.",
    "close_tab": "A phone has no tabs: go back, or go home.",
}


def _notes(look: Look, *, expected: bool) -> list[str]:
    notes = []
    if look.keyboard:
        notes.append("The keyboard was up and has been hidden; the field keeps the focus.")
    if look.toast:
        notes.append(f'A short message said: "{look.toast[:200]}"')
    if look.secure:
        notes.append("The screen is protected: the picture is black, the elements are real.")
    elif look.frame.blank:
        notes.append("The picture is all one colour: the app may be loading.")
    if not look.quiet:
        notes.append("The screen was still changing when this picture was taken.")
    if expected and not look.nodes:
        notes.append("The phone listed no elements of this screen: go by the picture.")
    return notes
