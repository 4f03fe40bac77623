"""The web platform: a Chromium-family browser, driven by Playwright, seen as marked pictures."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Self

from gui_agent.actions import (
    Action,
    Click,
    CloseTab,
    Drag,
    GoBack,
    GoHome,
    Hover,
    LongPress,
    OpenUrl,
    PressKeys,
    Scroll,
    SelectOption,
    Swipe,
    SwitchTab,
    TypeText,
    Upload,
    Wait,
)
from gui_agent.errors import ActionFailed, PlatformLost, SetupError
from gui_agent.platforms.web_choose import select_option, upload
from gui_agent.platforms.web_hand import Hand
from gui_agent.platforms.web_launch import Browser, first_page, start
from gui_agent.platforms.web_look import Look
from gui_agent.platforms.web_navigate import go_back, open_url, web_address
from gui_agent.platforms.web_options import WebOptions
from gui_agent.platforms.web_tabs import Tab, Tabs
from gui_agent.platforms.web_type import type_text
from gui_agent.platforms.web_worlds import PageStuck, ScriptFailed, WorldGone, answer, send
from gui_agent.protocols import PlatformKind
from gui_agent.screen import Observation

if TYPE_CHECKING:
    from playwright.async_api import Page

_ATTEMPTS = 5
"""Looks that may fail because the tab went away, before the browser counts as lost."""
_RETRY_SECONDS = 0.05


class WebPlatform(WebOptions):
    """A browser as a platform; its arguments are those of `WebOptions`."""

    kind: PlatformKind = "web"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._browser: Browser | None = None
        self._tabs: Tabs | None = None
        self._seen: tuple[Tab, Look] | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Start the browser and load the start URL; a second call does nothing.

        Raises SetupError when there is no browser or the start URL can't be opened.
        """
        if self._browser:
            return
        try:
            address = web_address(self.url, files=True) if self.url else ""
        except ValueError as error:
            raise SetupError(f"The start URL is wrong: {error}.") from error
        browser = await start(self)
        try:
            self._tabs = await self._begin(browser, address)
        except BaseException:
            await browser.close(None)
            raise
        self._browser = browser

    async def observe(self) -> Observation:
        """Wait until the page has settled, then look. Raises PlatformLost."""
        tabs = self._opened()
        began = time.monotonic()
        tab, look, is_settled = await self._look(tabs)
        notes = tabs.take_notes()
        settle = time.monotonic() - began - max(look.capture, look.marks)
        titles = await tabs.titles()
        unsettled = () if is_settled else ("The page was still changing.",)
        return Observation(
            screenshot=look.screenshot,
            where=tab.page.url,
            title=look.title,
            elements=look.elements,
            notes=(*notes, *look.notes, *unsettled),
            tabs=titles,
            tab=tabs.pages.index(tab.page) if tab.page in tabs.pages else 0,
            above=look.above,
            below=look.below,
            timings=MappingProxyType(
                {"settle": max(settle, 0.0), "capture": look.capture, "marks": look.marks}
            ),
        )

    async def perform(self, action: Action) -> str:
        """Carry out the action on the tab that was seen. Raises ActionFailed, PlatformLost."""
        from playwright.async_api import Error

        tabs = self._opened()
        tab, look = self._seen or (await self._look(tabs))[:2]
        if tab.page.is_closed():
            raise ActionFailed("The tab has closed meanwhile.")
        limit = self.timeout + self.patience + getattr(action, "seconds", 0.0)
        try:
            async with asyncio.timeout(limit):
                return await self._perform(tabs, Hand(tab, look, self.patience), action)
        except (PageStuck, TimeoutError) as error:
            raise ActionFailed("The page does not react: a script of its own blocks it.") from error
        except (WorldGone, ScriptFailed, Error) as error:
            if tabs.lost:
                raise PlatformLost("The browser was closed.") from error
            if tab.page.is_closed():
                return ""  # the action closed its tab, and the next observation says so
            raise ActionFailed(f"The page went away or broke meanwhile: {error}"[:300]) from error
        finally:
            if not isinstance(action, Wait):
                tab.settling.reset()

    async def close(self) -> None:
        """Let go of the browser; one that was attached to keeps running.

        Raises RecordError when the storage state can't be saved; the browser is closed even so.
        """
        browser, self._browser, self._tabs, self._seen = self._browser, None, None, None
        if browser:
            await browser.close(self.save_storage_state)

    @property
    def page(self) -> Page:
        """Playwright's page of the tab in front, for what this class does not offer.

        Raises PlatformLost when the browser is not open.
        """
        return self._opened().current.page

    def _opened(self) -> Tabs:
        if self._tabs is None:
            raise PlatformLost("The browser is not open: call open() first.")
        if self._tabs.lost:
            raise PlatformLost("The browser was closed.")
        return self._tabs

    async def _begin(self, browser: Browser, address: str) -> Tabs:
        tabs = Tabs(browser.context, self)
        tabs.follow(await first_page(browser, fresh=bool(address)))
        if address:
            try:
                tabs.note(await open_url(tabs.current, address, self.timeout))
            except ActionFailed as error:
                raise SetupError(f"The start URL can't be opened. {error}") from error
        return tabs

    async def _look(self, tabs: Tabs) -> tuple[Tab, Look, bool]:
        """A look at the current tab, whichever that is by the time it has settled."""
        for _ in range(_ATTEMPTS):
            tab = await tabs.present()
            try:
                look, is_settled = await tab.settling.look(partial(tabs.is_left, tab))
            except WorldGone:
                await asyncio.sleep(_RETRY_SECONDS)  # its closing or crash is about to be known
            except PageStuck:
                await self._unblock(tabs, tab)
            else:
                if not tabs.is_left(tab):
                    self._seen = tab, look
                    tab.loads = 0
                    return tab, look, is_settled
        raise PlatformLost(f"The page at {tab.page.url} can't be looked at.")

    async def _unblock(self, tabs: Tabs, tab: Tab) -> None:
        tabs.note("A script blocked the page and was stopped.")
        try:
            await tab.worlds.unblock()
        except WorldGone:
            return
        except PageStuck:
            tab.crashed = True

    async def _perform(self, tabs: Tabs, hand: Hand, action: Action) -> str:
        match action:
            case Click():
                return await hand.click(action)
            case LongPress():
                return await hand.long_press(action)
            case Hover():
                return await hand.hover(action)
            case Drag():
                return await hand.drag(action)
            case Scroll():
                return await hand.scroll(action)
            case Swipe():
                return await hand.swipe(action)
            case PressKeys():
                return await hand.keys(action)
            case TypeText():
                return await type_text(hand, action)
            case SelectOption():
                return await select_option(hand, action)
            case Upload():
                return await upload(hand, tabs, action)
            case OpenUrl(url=url):
                return await self._open_url(hand.tab, url)
            case GoHome():
                return await self._open_url(hand.tab, self.home_url or self.url or "")
            case GoBack():
                return await go_back(hand.tab, self.timeout)
            case SwitchTab(index=index):
                return await self._switch(tabs, index)
            case CloseTab():
                return await self._close_tab(tabs, hand.tab)
            case Wait(seconds=seconds):
                await asyncio.sleep(seconds)
                return ""
            case _:
                raise ActionFailed(f"'{action.kind}' is not possible on a web page.")

    async def _open_url(self, tab: Tab, url: str) -> str:
        """Local files only for a run that began with one: a page must not talk a model into it."""
        if not url:
            raise ActionFailed("There is no home page: open an address instead.")
        try:
            address = web_address(url, files=(self.url or "").startswith("file:"))
        except ValueError as error:
            raise ActionFailed(f"{error}.") from error
        return await open_url(tab, address, self.timeout)

    async def _switch(self, tabs: Tabs, index: int) -> str:
        if index >= len(tabs.pages):
            raise ActionFailed(f"There is no tab {index}: the last is {len(tabs.pages) - 1}.")
        tabs.follow(tabs.pages[index])
        tabs.current.settling.reset()
        session = await tabs.current.worlds.session()
        await send(session, "Page.bringToFront", {}, self.patience)
        return ""

    async def _close_tab(self, tabs: Tabs, tab: Tab) -> str:
        if len(tabs.pages) == 1:
            raise ActionFailed("This is the only tab: it stays open.")
        await answer(tab.page.close(), self.patience)
        return ""
