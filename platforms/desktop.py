"""The desktop as a platform: the screen, pointer, keyboard and windows of the user's own system.

pyautogui moves the pointer; where it is wrong or slow something else does the work under the same
face (`desktop_x11`, `desktop_win32`, `desktop_macos`). Everything blocking runs on one thread.
"""

from __future__ import annotations

import asyncio
import logging
import time
import webbrowser
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from gui_agent.actions import Action, OpenApp, OpenUrl, SwitchTab, Wait
from gui_agent.blocking import DriverThread
from gui_agent.checks import Check
from gui_agent.errors import ActionFailed, PlatformLost
from gui_agent.platforms import desktop_apps
from gui_agent.platforms.desktop_camera import Settling
from gui_agent.platforms.desktop_session import Options, Session, start
from gui_agent.platforms.desktop_windows import Window, match
from gui_agent.screen import Observation, Point

log = logging.getLogger("gui_agent")

_OPEN_SECONDS = 30.0
_CALL_SECONDS = 30.0
_APP_SECONDS = 10.0
"""An application must have shown a window by then."""
_REST_SECONDS = 3.0
"""The user has finished when the pointer has been still for so long."""
_LOOK_SECONDS = 0.1


class DesktopPlatform:
    """The desktop that this program runs on, or another X display."""

    kind: Literal["desktop"] = "desktop"

    def __init__(
        self,
        *,
        display: str = "",
        monitor: int = 1,
        takeover: bool = True,
        settling: Settling | None = None,
        elements: bool = False,
        apps: Mapping[str, str] | None = None,
    ) -> None:
        """`display`: an X display such as `:5`; "" takes the one of the session.
        `monitor`: counted from 1; 0 is all of them as one picture.
        `takeover`: stand back while the user moves the mouse.
        `elements`: list what accessibility services know of the active window (Linux, Windows).
        `apps`: further applications, name → command.
        """
        self._options = Options(display, monitor, settling or Settling(), elements)
        self._takeover = takeover
        self._apps = desktop_apps.own(apps or {})
        self._thread = DriverThread("The desktop")
        self._session: Session | None = None
        self._names: tuple[str, ...] = ()

    async def open(self) -> None:
        """Connect to the screen. Raises MissingExtra, or SetupError with what to do next."""
        if self._session is None:
            options, pause = self._options, self._thread.pause
            self._session = await self._thread.call(lambda: start(options, pause), _OPEN_SECONDS)
            self._names = desktop_apps.titles(await asyncio.to_thread(self._all_apps))

    async def observe(self) -> Observation:
        """The screen once it is quiet, and while the user does not use it.

        Raises PlatformLost, or Stopped when the pointer is in a corner.
        """
        session = self._opened()
        await self._stand_back(session)
        seen = await self._thread.call(session.observe, _CALL_SECONDS)
        return replace(seen, apps=self._names)

    async def perform(self, action: Action) -> str:
        """Carry out the action with real input events.

        Raises ActionFailed, PlatformLost, or Stopped when the pointer is in a corner.
        """
        session = self._opened()
        if await self._stand_back(session):
            raise ActionFailed(
                "Not done: the user was using the mouse just now. Look at the screen again."
            )
        match action:
            case Wait(seconds=seconds):
                await asyncio.sleep(seconds)
                return ""
            case OpenApp(name=name):
                return await self._open_app(session, name)
            case OpenUrl(url=url):
                return await self._open_url(session, url)
            case SwitchTab(index=index):
                return await self._switch(session, index)
            case _:
                return await self._thread.call(lambda: session.perform(action), _CALL_SECONDS)

    async def close(self) -> None:
        """Let go of every key, button and the clipboard; applications stay open."""
        session, self._session = self._session, None
        if session is not None:
            try:
                await self._thread.call(session.close)
            except PlatformLost as lost:
                log.warning("%s", lost)
        self._thread.stop()

    async def check(self) -> tuple[list[Check], Point]:
        """What `doctor` reports; and where the pointer is when it was sent to the middle."""
        return await self._thread.call(self._opened().checks)

    async def windows(self) -> tuple[Window, ...]:
        """The open windows, in the order they were opened."""
        return await self._thread.call(self._opened().windows.all)

    def _opened(self) -> Session:
        if self._session is None:
            raise PlatformLost("The desktop is not open: call open() first.")
        return self._session

    async def _stand_back(self, session: Session) -> bool:
        """Wait while the user moves the mouse; True when that happened."""
        strayed = await self._thread.call(session.pointer_strayed)
        if not (strayed and self._takeover):
            return False
        log.warning("You moved the mouse: waiting until you are done.")
        last, since = await self._thread.call(session.hands.position), time.monotonic()
        while time.monotonic() - since < _REST_SECONDS:
            await asyncio.sleep(_LOOK_SECONDS)
            now = await self._thread.call(session.hands.position)
            if now != last:
                last, since = now, time.monotonic()
        await self._thread.call(session.accept_pointer)
        return True

    async def _open_app(self, session: Session, name: str) -> str:
        before = await self._thread.call(session.windows.all)
        if running := match(before, name):
            await self._focus(session, running)
            return f"{running.app or name} was open already; it is in front now."
        app = await asyncio.to_thread(lambda: desktop_apps.find(name, self._all_apps()))
        process = await asyncio.to_thread(desktop_apps.start, app, session.environment)
        try:
            known = {window.id for window in before}
            until = time.monotonic() + _APP_SECONDS
            while time.monotonic() < until:
                if {w.id for w in await self._thread.call(session.windows.all)} - known:
                    return ""
                if process.poll():
                    code = process.returncode
                    raise ActionFailed(f"'{name}' ended at once with exit code {code}.")
                await asyncio.sleep(_LOOK_SECONDS)
        finally:
            desktop_apps.let_go(process)
        raise ActionFailed(f"'{name}' was started but has shown no window in {_APP_SECONDS:g} s.")

    def _all_apps(self) -> list[desktop_apps.App]:
        return [*self._apps, *desktop_apps.installed()]

    async def _open_url(self, session: Session, url: str) -> str:
        if not url.lower().startswith(("http://", "https://")):
            raise ActionFailed(f"Only http and https addresses can be opened, not '{url}'.")
        if not await asyncio.to_thread(webbrowser.open, url):
            raise ActionFailed("No browser is installed that could open the address.")
        return ""

    async def _switch(self, session: Session, index: int) -> str:
        windows = await self._thread.call(session.windows.all)
        if index >= len(windows):
            raise ActionFailed(f"There is no window {index}; there are {len(windows)}.")
        await self._focus(session, windows[index])
        return ""

    async def _focus(self, session: Session, window: Window) -> None:
        await self._thread.call(lambda: session.windows.focus(window))
