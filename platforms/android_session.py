"""One opened phone: looking at it, and each action on it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import Any

from gui_agent.actions import (
    Action,
    Click,
    Drag,
    GoBack,
    GoHome,
    LongPress,
    PressKeys,
    Scroll,
    Swipe,
)
from gui_agent.errors import ActionFailed, PersonNeeded, PlatformLost
from gui_agent.platforms import android_gestures as gestures
from gui_agent.platforms import android_keys as keys
from gui_agent.platforms import android_state as state
from gui_agent.platforms import android_tree as tree
from gui_agent.platforms.android_adb import AdbError
from gui_agent.platforms.android_camera import Camera, Frame, NoPicture
from gui_agent.platforms.android_link import Link
from gui_agent.platforms.android_server import RpcError
from gui_agent.screen import Box, Element, Observation, Point

_LOOK_SECONDS = 0.06
"""Two looks this far apart that are equal: the screen is quiet. Animations move faster."""
_TREE_SECONDS = 2.0
_LOCK_SECONDS = 2.0
_TRIES = 3
_SYSTEM = "com.android.systemui"
_NOTCH = 0.1
"""The part of a page that a wheel's notch scrolls."""


@dataclass(frozen=True, slots=True)
class Options:
    """How an `AndroidPlatform` looks and acts."""

    settle: float = 1.5
    press: float = gestures.PRESS
    scale: float = 1.0
    quality: int = 80
    elements: bool = True
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What one frame shows, and what the phone said while it showed it."""

    frame: Frame
    package: str
    current: str
    """The same in the automation server's words, which may lag behind."""
    rotation: int
    """Quarter turns counter-clockwise."""
    awake: bool
    keyboard: bool
    """Was the keyboard up? It is hidden before the frame is taken."""
    locked: bool = False
    secure: bool = False
    nodes: tuple[tree.Node, ...] = ()
    quiet: bool = True


class Session:
    """A phone that is being used."""

    def __init__(self, link: Link, options: Options) -> None:
        self._link = link
        self._options = options
        self._camera = Camera(link, options.scale, options.quality)
        self._seen: tuple[Look, tuple[Element, ...]] | None = None

    @property
    def look(self) -> Look | None:
        """The last look: the evidence behind the last observation."""
        return self._seen[0] if self._seen else None

    async def observe(self) -> Observation:
        """Look once the screen is quiet. Raises PersonNeeded, AdbError or PlatformLost."""
        began = time.monotonic()
        look = await self._settled()
        toast = await self._toast()
        shot, (width, height) = look.frame.screenshot, look.frame.display
        elements = tree.elements(look.nodes, width, height)
        self._seen = look, elements
        return Observation(
            shot,
            where=look.package,
            elements=elements,
            notes=tuple(_notes(look, toast, expected=self._options.elements)),
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
            case Swipe(direction=direction, within=within):
                look = await self._unchanged()
                area = (within or Box(0, 0, 1, 1)).pixels(*look.frame.display)
                await self._gesture(gestures.swipe(direction, area, look.frame.display))
            case Scroll():
                await self._scroll(action)
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

    async def _settled(self) -> Look:
        """A look at an awake, unlocked, permitted screen without a keyboard over it."""
        keyboard = False
        for _ in range(_TRIES):
            look = await self._watch()
            if not look.awake or look.locked:
                await self._unlock()
            elif look.keyboard:
                await self._link.do("pressKeyCode", keys.BACK)
                keyboard = True
            elif look.secure and not self._options.protected:
                raise PersonNeeded(
                    f"The screen of {look.package} is protected from pictures: what is on it must"
                    " be done by a person."
                )
            else:
                return replace(look, keyboard=keyboard)
        raise PlatformLost("The phone's screen does not stay on, or its keyboard does not hide.")

    async def _watch(self) -> Look:
        """Take frames until two are equal; what else is asked meanwhile belongs to both."""
        until = time.monotonic() + self._options.settle
        frame = await self._picture()
        while True:
            taken = time.monotonic()
            look = await self._evidence(frame)
            await asyncio.sleep(max(0.0, taken + _LOOK_SECONDS - time.monotonic()))
            newer = await self._picture()
            if newer.screenshot.data == frame.screenshot.data:
                return look
            if time.monotonic() > until:
                return await self._evidence(newer, quiet=False)
            frame = newer

    async def _picture(self) -> Frame:
        try:
            return await self._camera.take()
        except NoPicture as error:
            windows = state.windows(await self._link.shell(state.WINDOW))
            if windows.secure:
                raise PersonNeeded(
                    f"The screen of {windows.package} is protected, and this phone gives no"
                    " picture of it: what is on it must be done by a person."
                ) from error
            raise PlatformLost(f"The phone gives no picture of its screen: {error}.") from error

    async def _evidence(self, frame: Frame, *, quiet: bool = True) -> Look:
        info = await self._link.ask("deviceInfo")
        package = current = str(info.get("currentPackageName") or "")
        locked = secure = False
        if frame.blank or package in (_SYSTEM, ""):
            windows = state.windows(await self._link.shell(state.WINDOW))
            locked, secure = windows.locked, windows.secure
            package = windows.package or package
        return Look(
            frame,
            package,
            current,
            int(info.get("displayRotation", 0)),
            awake=bool(info.get("screenOn", True)),
            keyboard=state.keyboard_shown(await self._link.shell(state.INPUT)),
            locked=locked,
            secure=secure,
            nodes=await self._nodes() if self._options.elements else (),
            quiet=quiet,
        )

    async def _nodes(self) -> tuple[tree.Node, ...]:
        """The tree of the active window; none when the phone can't give it in time."""
        try:
            xml = await self._link.do("dumpWindowHierarchy", False, 50, True, seconds=_TREE_SECONDS)
        except (RpcError, AdbError):
            return ()
        return tree.parse(xml or "")

    async def _toast(self) -> str:
        said = await self._link.ask("getLastToast")
        if said:
            await self._link.do("clearLastToast")
        return str(said or "")

    async def _unlock(self) -> None:
        """Wake the phone and open a lock that has no secret. Raises PersonNeeded."""
        await self._link.do("wakeUp")
        until = time.monotonic() + _LOCK_SECONDS
        while state.windows(await self._link.shell(state.WINDOW)).locked:
            if time.monotonic() > until:
                raise PersonNeeded("The phone is locked: unlock it, then go on.")
            await self._link.shell("wm dismiss-keyguard")

    async def _gesture(self, calls: list[gestures.Call]) -> None:
        for method, arguments in calls:
            extra = gestures.seconds([(method, arguments)])
            if not await self._link.do(method, *arguments, seconds=5.0 + extra):
                raise ActionFailed("The phone did not take the touch.")

    async def _scroll(self, action: Scroll) -> None:
        look = await self._unchanged()
        at = self._pixel(action.at or Point(0.5, 0.5))
        inner = tree.scrollable_at(look.nodes, *at)
        area = inner.bounds if inner else (0, 0, *look.frame.display)
        pages = action.amount if action.unit == "page" else action.amount * _NOTCH
        await self._gesture(gestures.scroll(action.direction, pages, area, look.frame.display))

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
        nodes = await self._nodes()
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


def _notes(look: Look, toast: str, *, expected: bool) -> list[str]:
    notes = []
    if look.keyboard:
        notes.append("The keyboard was up and has been hidden; the field keeps the focus.")
    if toast:
        notes.append(f'A short message said: "{toast[:200]}"')
    if look.secure:
        notes.append("The screen is protected: the picture is black, the elements are real.")
    elif look.frame.blank:
        notes.append("The picture is all one colour: the app may be loading.")
    if not look.quiet:
        notes.append("The screen was still changing when this picture was taken.")
    if expected and not look.nodes:
        notes.append("The phone listed no elements of this screen: go by the picture.")
    return notes
