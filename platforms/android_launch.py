"""Opening an app by the name a person or a model gives it, and web addresses; both verified."""

from __future__ import annotations

import asyncio
import re
import shlex
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import repeat

from gui_agent.errors import ActionFailed
from gui_agent.platforms import android_apps as apps
from gui_agent.platforms import android_gestures as gestures
from gui_agent.platforms import android_keys as keys
from gui_agent.platforms import android_tree as tree
from gui_agent.platforms.android_adb import AdbError
from gui_agent.platforms.android_link import Link

_QUERY = (
    "cmd package query-activities --brief -a android.intent.action.MAIN"
    " -c android.intent.category.LAUNCHER"
)
HOME = (
    "cmd package resolve-activity --brief -a android.intent.action.MAIN"
    " -c android.intent.category.HOME"
)
_COMPONENT = re.compile(r"^\s*([\w.]+)/[\w.$]+\s*$", re.MULTILINE)
_TITLE = re.compile(r'title="(.*)" \w+=\S* componentName=([\w.]+)$', re.MULTILINE)
"""How the launchers made from AOSP's Launcher3 list their apps when they are asked for all."""
_OPEN_SECONDS = 4.0
"""An app must be in front by then."""
_POLL_SECONDS = 0.05
_REST_SECONDS = 1.5
_PAGE = 0.6
_PAGES = 30
"""So many pages of icons are looked through, and so much of the drawer is turned at once."""

Nodes = Callable[[], Awaitable[tuple[tree.Node, ...]]]


class Launcher:
    """Opens apps over one link."""

    def __init__(self, link: Link, nodes: Nodes) -> None:
        self._link = link
        self._nodes = nodes
        self._home = ""
        """Package of the home screen."""
        self._labels: dict[str, str] = {}
        """Package → label, as the home screen's app tells it, or learned from its icons."""
        self._told: frozenset[str] = frozenset()
        """All labels that it tells: several where a package has several icons."""

    async def learn(self) -> None:
        """Ask the home screen's app for the labels of all apps; not every maker's tells."""
        found = _COMPONENT.findall(await self._link.shell(HOME))
        # Where nobody has chosen among several home screens, Android names itself.
        self._home = found[-1] if found and found[-1] != "android" else ""
        if self._home:
            try:
                said = await self._link.say(
                    f"dumpsys activity {self._home} --all | grep componentName="
                )
            except AdbError:  # it hangs: labels are a help, not a need
                return
            titles = [(package, label) for label, package in _TITLE.findall(said) if label]
            self._labels = dict(reversed(titles))  # the first icon of a package names it
            self._told = frozenset(label.casefold() for _, label in titles)

    async def installed(self) -> list[apps.App]:
        """The apps that have an icon."""
        packages = dict.fromkeys(_COMPONENT.findall(await self._link.shell(_QUERY)))
        return [apps.App(package, self._labels.get(package, "")) for package in packages]

    async def open(self, name: str, display: gestures.Pixel) -> None:
        """Bring the app of this name to the front. Raises ActionFailed with other candidates."""
        installed = await self.installed()
        try:
            app = apps.find(name, installed)
        except ActionFailed:
            has_icon = name.strip().casefold() in self._told or not all(a.label for a in installed)
            if has_icon and await self._tap_icon(name, display):
                return
            raise
        if not await self._link.do("launchApp", app.package):
            raise ActionFailed(f"{app.name} can't be opened: it has no start screen.")
        await self._arrived(app)

    async def open_url(self, url: str) -> None:
        """Show a web address in the phone's browser. Raises ActionFailed."""
        if not url.lower().startswith(("http://", "https://")):
            raise ActionFailed(f"Only http and https addresses can be opened, not '{url}'.")
        line = f"am start -a android.intent.action.VIEW -d {shlex.quote(url)}"
        said = await self._link.shell(line, repeat=False)
        if "Error" in said or "Exception" in said:
            raise ActionFailed("No app on this phone opens web addresses.")

    async def _arrived(self, app: apps.App) -> None:
        front = await self._wait_for(lambda front: front == app.package)
        if front != app.package:
            raise ActionFailed(
                f"{app.name} was started, but {front} is in front. Look at the screen."
            )

    async def _tap_icon(self, name: str, display: gestures.Pixel) -> bool:
        """Look for an icon of this name through the drawer, then on every page of the home screen;
        was there one, and did it open an app?"""
        for turns in (_through_drawer(display), _through_pages(display)):
            await self._link.do("pressKeyCode", keys.HOME)
            await self._wait_for(lambda front: self._home in ("", front))
            shown = await self._at_rest()
            for turn in turns:
                if (icon := _icon(name, shown)) is not None:
                    return await self._tap(icon, name)
                for method, arguments in turn:
                    await self._link.do(method, *arguments)
                before, shown = shown, await self._at_rest()
                if shown == before:
                    break
        return False

    async def _tap(self, icon: tree.Node, name: str) -> bool:
        left, top, right, bottom = icon.bounds
        home = await self._front()
        await self._link.do("click", (left + right) // 2, (top + bottom) // 2, 100)
        front = await self._wait_for(lambda front: front != home)
        if front == home:
            return False
        self._labels[front] = name
        return True

    async def _at_rest(self) -> tuple[tree.Node, ...]:
        """What is on the screen once it does not move any more."""
        until, shown = time.monotonic() + _REST_SECONDS, await self._nodes()
        while time.monotonic() < until:
            await asyncio.sleep(_POLL_SECONDS)
            before, shown = shown, await self._nodes()
            if shown == before:
                break
        return shown

    async def _wait_for(self, is_there: Callable[[str], bool]) -> str:
        """Which app is in front, once it is the one that is waited for, or time is up."""
        until = time.monotonic() + _OPEN_SECONDS
        while True:
            front = await self._front()
            if is_there(front) or time.monotonic() > until:
                return front
            await asyncio.sleep(_POLL_SECONDS)

    async def _front(self) -> str:
        return str((await self._link.ask("deviceInfo")).get("currentPackageName") or "")


def _icon(name: str, nodes: tuple[tree.Node, ...]) -> tree.Node | None:
    wanted = name.strip().casefold()
    return next(
        (n for n in tree.walk(nodes) if wanted in (n.text.casefold(), n.description.casefold())),
        None,
    )


def _through_drawer(display: gestures.Pixel) -> Iterator[list[gestures.Call]]:
    """Open the drawer, then scroll it without a fling, which would skip icons."""
    yield gestures.swipe("up", (0, 0, *display), display)
    yield from repeat(gestures.scroll("down", _PAGE, (0, 0, *display), display), _PAGES)


def _through_pages(display: gestures.Pixel) -> Iterator[list[gestures.Call]]:
    yield from repeat(gestures.swipe("left", (0, 0, *display), display), _PAGES)
