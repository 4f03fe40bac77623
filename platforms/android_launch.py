"""Opening an app by the name a person or a model gives it, and web addresses; both verified."""

from __future__ import annotations

import asyncio
import re
import shlex
import time
from collections.abc import Awaitable, Callable

from gui_agent.errors import ActionFailed
from gui_agent.platforms import android_apps as apps
from gui_agent.platforms import android_gestures as gestures
from gui_agent.platforms import android_keys as keys
from gui_agent.platforms import android_tree as tree
from gui_agent.platforms.android_link import Link

_QUERY = (
    "cmd package query-activities --brief -a android.intent.action.MAIN"
    " -c android.intent.category.LAUNCHER"
)
_COMPONENT = re.compile(r"^\s*([\w.]+)/[\w.$]+\s*$", re.MULTILINE)
_OPEN_SECONDS = 4.0
"""An app must be in front by then."""
_POLL_SECONDS = 0.05
_DRAWER_SECONDS = 1.5

Nodes = Callable[[], Awaitable[tuple[tree.Node, ...]]]


class Launcher:
    """Opens apps over one link."""

    def __init__(self, link: Link, nodes: Nodes) -> None:
        self._link = link
        self._nodes = nodes
        self._labels: dict[str, str] = {}
        """Package → label, learned from the home screen."""

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
            if not await self._tap_icon(name, display):
                raise
            return
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
        until, front = time.monotonic() + _OPEN_SECONDS, ""
        while time.monotonic() < until:
            front = await self._front()
            if front == app.package:
                return
            await asyncio.sleep(_POLL_SECONDS)
        raise ActionFailed(f"{app.name} was started, but {front} is in front. Look at the screen.")

    async def _front(self) -> str:
        return str((await self._link.ask("deviceInfo")).get("currentPackageName") or "")

    async def _tap_icon(self, name: str, display: gestures.Pixel) -> bool:
        """Look for an icon of this name on the home screen, then in the drawer; was there one?"""
        await self._link.do("pressKeyCode", keys.HOME)
        if await self._tap_label(name):
            return True
        for method, arguments in gestures.swipe("up", (0, 0, *display), display):
            await self._link.do(method, *arguments)
        return await self._tap_label(name)

    async def _tap_label(self, name: str) -> bool:
        until, home = time.monotonic() + _DRAWER_SECONDS, await self._front()
        while time.monotonic() < until:
            for node in tree.walk(await self._nodes()):
                if name.casefold() in (node.text.casefold(), node.description.casefold()):
                    return await self._tap(node, name, home)
            await asyncio.sleep(_POLL_SECONDS)
        return False

    async def _tap(self, node: tree.Node, name: str, home: str) -> bool:
        left, top, right, bottom = node.bounds
        await self._link.do("click", (left + right) // 2, (top + bottom) // 2, 100)
        until = time.monotonic() + _OPEN_SECONDS
        while time.monotonic() < until:
            if (front := await self._front()) != home:
                self._labels[front] = name
                return True
            await asyncio.sleep(_POLL_SECONDS)
        return False
