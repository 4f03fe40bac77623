"""When has a page settled? When its nodes and its requests have been quiet for a short window.

The look is taken inside that window and used only if nothing changed from before it until the
window closed, so a quiet page costs the window and no more. The rule, its noise limits and its
cap were measured; `settle.js` is the half of it that runs in the page.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gui_agent.platforms.web_look import Look, look
from gui_agent.platforms.web_worlds import PageStuck, ScriptFailed, World, WorldGone, Worlds

if TYPE_CHECKING:
    from playwright.async_api import Page, Request

_AWAITED = frozenset({"document", "fetch", "xhr", "script", "stylesheet"})
_POLLING = 6
"""Requests for one address since the action, after which further ones no longer count."""
_POLL_SECONDS = 0.05
_FRAME_SECONDS = 1.0
"""What an embedded frame may take to answer: pages must not wait for their advertisements."""
_LEAD = 1 / 3
"""The share of the window that must be quiet before a look is worth its cost."""


@dataclass(eq=False)
class Traffic:
    """The requests of one tab that a settled page has no more of."""

    page: Page
    patience: float
    """Seconds after which a request no longer counts: a long poll, a stream."""
    timeout: float
    """The same for the page's own document."""
    version: int = 0
    _due: dict[Request, float] = field(default_factory=dict)
    _asked: Counter[str] = field(default_factory=Counter)
    _stirred_at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.page.on("request", self._begins)
        self.page.on("requestfinished", self._ends)
        self.page.on("requestfailed", self._ends)

    def reset(self) -> None:
        self._asked.clear()

    def quiet(self) -> float:
        """Seconds since a request that counts was last under way."""
        now = time.monotonic()
        self._due = {request: due for request, due in self._due.items() if due > now}
        return 0.0 if self._due else now - self._stirred_at

    def _begins(self, request: Request) -> None:
        if request.resource_type not in _AWAITED:
            return
        address = request.url.partition("?")[0]
        self._asked[address] += 1
        if self._asked[address] <= _POLLING:
            limit = self.timeout if is_main_document(request) else self.patience
            self._due[request] = time.monotonic() + limit
            self._stir()

    def _ends(self, request: Request) -> None:
        if self._due.pop(request, None) is not None:
            self._stir()

    def _stir(self) -> None:
        self.version += 1
        self._stirred_at = time.monotonic()


def is_main_document(request: Request) -> bool:
    """Does this request bring a new page into its tab?"""
    from playwright.async_api import Error

    try:
        return request.is_navigation_request() and request.frame.parent_frame is None
    except Error:  # its frame is not there yet: the first page of a new tab
        return True


@dataclass(eq=False)
class Settling:
    """Waits for one tab to come to rest, and looks."""

    worlds: Worlds
    traffic: Traffic
    window: float
    cap: float
    _reset: bool = True
    _silent: set[World] = field(default_factory=set)

    def reset(self) -> None:
        """Something was done to the page: what was noise before counts again."""
        self._reset = True
        self.traffic.reset()

    async def look(self, is_left: Callable[[], bool]) -> tuple[Look, bool]:
        """A look, and whether the page was at rest. Quiet that was there before counts.

        Raises WorldGone when the tab was left, PageStuck when a script blocks the page.
        """
        self._silent.clear()
        self.worlds.retry()
        deadline = time.monotonic() + self.cap
        taken: tuple[Look, object] | None = None
        while True:
            try:
                quiet, version = await self._calm()
                if taken and taken[1] != version:
                    taken = None  # something changed after it
                if taken and quiet >= self.window:
                    return taken[0], True
                is_late = time.monotonic() >= deadline
                if taken is None and (is_late or quiet >= self.window * _LEAD):
                    taken = await look(self.worlds), version
                if taken and is_late:
                    return taken[0], False
            except WorldGone:
                taken = None
                if is_left():
                    raise
                await self._next_document(deadline)
                continue
            if is_left():
                raise WorldGone("the tab was left")
            wanted = self.window if taken else self.window * _LEAD
            longest = _POLL_SECONDS if quiet < _POLL_SECONDS else self.cap
            pause = min(wanted - quiet, longest, deadline - time.monotonic())
            await asyncio.sleep(max(pause, 0))

    async def _calm(self) -> tuple[float, object]:
        """Seconds of quiet so far, and a value that any unrest makes different."""
        worlds = await self.worlds.all()
        reset, self._reset = self._reset, False
        replies = await asyncio.gather(*(self._ask(world, reset) for world in worlds))
        versions = [
            (id(world), version) for world, (_, version) in zip(worlds, replies, strict=True)
        ]
        quiet = min(seconds for seconds, _ in replies)
        return min(quiet, self.traffic.quiet()), (self.traffic.version, *versions)

    async def _ask(self, world: World, reset: bool) -> tuple[float, int]:
        """One frame's answer; an embedded one that gives none is not asked again in this wait."""
        if world in self._silent:
            return math.inf, 0
        within = _FRAME_SECONDS if world.parent else self.worlds.patience
        try:
            milliseconds, version = await world.call("calm", reset, within=within)
        except ScriptFailed:
            return math.inf, 0
        except PageStuck:
            if world.parent is None:
                raise
            self._silent.add(world)
            return math.inf, 0
        return milliseconds / 1000, version

    async def _next_document(self, deadline: float) -> None:
        """Raises PageStuck when the page has been between two documents for too long."""
        from playwright.async_api import Error

        self.worlds.forget()
        left = deadline + self.worlds.patience - time.monotonic()
        try:
            loading = self.traffic.page.wait_for_load_state("domcontentloaded")
            await asyncio.wait_for(loading, max(left, 0))
        except TimeoutError as error:
            raise PageStuck("the next page does not come") from error
        except Error as error:
            raise WorldGone(error.message) from error
        await asyncio.sleep(_POLL_SECONDS)
