"""Looking at a phone: a quiet, awake, permitted screen, and what the phone says about it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace

from gui_agent.errors import PersonNeeded, PlatformLost
from gui_agent.platforms import android_keys as keys
from gui_agent.platforms import android_state as state
from gui_agent.platforms import android_tree as tree
from gui_agent.platforms.android_adb import AdbError, Unanswered
from gui_agent.platforms.android_camera import Camera, Frame, NoPicture
from gui_agent.platforms.android_gestures import PRESS
from gui_agent.platforms.android_link import Link
from gui_agent.platforms.android_server import RpcError

LOOK_SECONDS = 0.05
"""Two looks this far apart that are equal: the screen is quiet. Animations move faster."""
_TREE_SECONDS = 2.0
_BLIND_SECONDS = 30.0
"""For so long no tree is asked for after one that took too long."""
_LOCK_SECONDS = 2.0
_TRIES = 3
_SYSTEM = "com.android.systemui"


@dataclass(frozen=True, slots=True)
class Options:
    """How an `AndroidPlatform` looks and acts."""

    settle: float = 1.5
    press: float = PRESS
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
    toast: str = ""
    """The short message that an app has shown since the last look, or ""."""
    quiet: bool = True


class Eyes:
    """Looks at one phone."""

    def __init__(self, link: Link, options: Options) -> None:
        self._link = link
        self._options = options
        self._camera = Camera(link, options.scale, options.quality)
        self._no_tree_before = 0.0

    async def settled(self) -> Look:
        """A look at an awake, unlocked, permitted screen without a keyboard over it."""
        keyboard, toast = False, ""
        for _ in range(_TRIES):
            look = await self._watch()
            toast = look.toast or toast
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
                return replace(look, keyboard=keyboard, toast=toast)
        raise PlatformLost("The phone's screen does not stay on, or its keyboard does not hide.")

    async def keyboard(self) -> bool:
        """Is the soft keyboard up?"""
        return state.keyboard_shown(await self._link.shell(state.INPUT))

    async def nodes(self) -> tuple[tree.Node, ...]:
        """The tree of the active window; none when the phone can't give it in time."""
        if time.monotonic() < self._no_tree_before:
            return ()
        try:
            xml = await self._link.once(
                "dumpWindowHierarchy", False, 50, True, seconds=_TREE_SECONDS
            )
        except Unanswered:
            self._no_tree_before = time.monotonic() + _BLIND_SECONDS
            return ()
        except (RpcError, AdbError):
            return ()
        return tree.parse(xml or "")

    async def _watch(self) -> Look:
        """Take frames until two are equal; what else is asked meanwhile belongs to both."""
        until, toast = time.monotonic() + self._options.settle, ""
        frame = await self._picture()
        while True:
            look = await self._evidence(frame)
            toast = await self._last_toast() or toast
            await asyncio.sleep(max(0.0, frame.arrived + LOOK_SECONDS - time.monotonic()))
            newer = await self._picture(frame)
            if newer is frame:
                return replace(look, toast=toast)
            if time.monotonic() > until:
                return replace(await self._evidence(newer), toast=toast, quiet=False)
            frame = newer

    async def _picture(self, last: Frame | None = None) -> Frame:
        try:
            return await self._camera.take(last)
        except NoPicture as error:
            windows = state.windows(await self._link.shell(state.WINDOW))
            if windows.secure:
                raise PersonNeeded(
                    f"The screen of {windows.package} is protected, and this phone gives no"
                    " picture of it: what is on it must be done by a person."
                ) from error
            raise PlatformLost(f"The phone gives no picture of its screen: {error}.") from error

    async def _last_toast(self) -> str:
        said = await self._link.ask("getLastToast")
        if said:
            await self._link.do("clearLastToast")
        return str(said or "")

    async def _evidence(self, frame: Frame) -> Look:
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
            keyboard=await self.keyboard(),
            locked=locked,
            secure=secure,
            nodes=await self.nodes() if self._options.elements else (),
        )

    async def _unlock(self) -> None:
        """Wake the phone and open a lock that has no secret. Raises PersonNeeded."""
        await self._link.do("wakeUp")
        until = time.monotonic() + _LOCK_SECONDS
        while state.windows(await self._link.shell(state.WINDOW)).locked:
            if time.monotonic() > until:
                raise PersonNeeded("The phone is locked: unlock it, then go on.")
            await self._link.shell("wm dismiss-keyguard")
