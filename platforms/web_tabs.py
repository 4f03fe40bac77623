"""The tabs of one browser, which of them is looked at, and what happens in them unasked.

Dialogs are answered, new tabs followed, downloads saved, file choosers closed, crashed tabs loaded
again; each leaves a note for the next observation.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gui_agent.errors import PlatformLost
from gui_agent.platforms.web_options import WebOptions, emulated_screen
from gui_agent.platforms.web_settle import Settling, Traffic, is_main_document
from gui_agent.platforms.web_worlds import PageStuck, Worlds, answer

if TYPE_CHECKING:
    from playwright.async_api import (
        BrowserContext,
        Dialog,
        Download,
        FileChooser,
        Page,
        Request,
        Response,
    )

_MAX_NOTES = 10
_MAX_TEXT = 300
_TITLE_SECONDS = 0.5
_HINTS = {
    "net::ERR_CERT": " (its certificate is not trusted)",
    "net::ERR_INVALID_AUTH": " (it wants a user name and a password)",
}
_ABORTED = "net::ERR_ABORTED"
"""How a navigation ends that became a download, or that another one replaced."""


@dataclass(eq=False)
class Tab:
    """One page of the browser."""

    page: Page
    worlds: Worlds
    settling: Settling
    is_ours: bool = False
    """Its events are listened to."""
    crashed: bool = False
    failure: str = ""
    """Why its last document could not be loaded."""
    loads: int = 0
    """How often it was loaded again after a crash, without a look in between."""


@dataclass(eq=False)
class Tabs:
    """Raises PlatformLost from `present` once the browser is gone."""

    context: BrowserContext
    options: WebOptions
    _known: dict[Page, Tab] = field(default_factory=dict)
    _current: Page | None = None
    _notes: list[str] = field(default_factory=list)
    _saving: dict[asyncio.Task[None], str] = field(default_factory=dict)
    _chooser: asyncio.Future[FileChooser] | None = None
    lost: bool = False
    """The browser is gone."""
    _folder: Path | None = None

    def __post_init__(self) -> None:
        self.context.on("close", self._close)
        if self.context.browser:
            self.context.browser.on("disconnected", self._close)

    @property
    def pages(self) -> list[Page]:
        return self.context.pages

    @property
    def current(self) -> Tab:
        """Raises PlatformLost."""
        if self.lost or self._current is None:
            raise PlatformLost("The browser was closed.")
        return self._tab(self._current)

    def follow(self, page: Page) -> None:
        """Look at this tab from now on."""
        tab = self._tab(page)
        self._current = page
        if not tab.is_ours:
            tab.is_ours = True
            self._listen(tab)

    def note(self, text: str) -> None:
        """Keep for the next observation; an empty text is nothing to say."""
        if text:
            self._notes.append(text)

    def take_notes(self) -> list[str]:
        """What happened since the last time this was asked."""
        notes, self._notes = self._notes, []
        if self._current and (tab := self._tab(self._current)).failure:
            notes.append(f"The page could not be loaded: {tab.failure}.")
            tab.failure = ""
        notes += [f"{name} is still being downloaded." for name in self._saving.values()]
        more = len(notes) - _MAX_NOTES
        return notes[:_MAX_NOTES] + ([f"{more} more things happened."] if more > 0 else [])

    def is_left(self, tab: Tab) -> bool:
        """Is this no longer the tab to look at?"""
        return self.lost or self._current is not tab.page or tab.crashed

    async def present(self) -> Tab:
        """The tab to look at; one that was closed or has crashed is replaced. Raises PlatformLost.

        Downloads that are nearly done are waited for, so that their note comes in time.
        """
        if self._saving:
            await asyncio.wait(self._saving, timeout=self.options.settle)
        tab = self.current
        if tab.page.is_closed():
            return await self._replace()
        return await self._reload(tab) if tab.crashed else tab

    async def titles(self) -> tuple[str, ...]:
        """Titles of all tabs; empty when there is only one."""
        if len(self.pages) < 2:
            return ()
        return tuple(await asyncio.gather(*(_title(page) for page in self.pages)))

    async def choose(self, opening: Awaitable[object], within: float) -> FileChooser | None:
        """The file chooser that `opening` brings up, or None."""
        self._chooser = asyncio.get_running_loop().create_future()
        try:
            await opening
            return await asyncio.wait_for(self._chooser, within)
        except TimeoutError:
            return None
        finally:
            self._chooser = None

    def _tab(self, page: Page) -> Tab:
        if page not in self._known:
            options = self.options
            worlds = Worlds(page, options.patience, emulated_screen(options))
            traffic = Traffic(page, options.settle_cap, options.timeout)
            settling = Settling(worlds, traffic, options.settle, options.settle_cap)
            self._known[page] = Tab(page, worlds, settling)
        return self._known[page]

    def _listen(self, tab: Tab) -> None:
        page = tab.page
        page.on("dialog", self._answer)
        page.on("popup", self._opened)
        page.on("download", self._download)
        page.on("filechooser", self._choose)
        page.on("response", self._responded)
        page.on("requestfailed", partial(self._failed, tab))
        page.on("crash", partial(self._crashed, tab))
        page.on("close", self._gone)

    async def _answer(self, dialog: Dialog) -> None:
        from playwright.async_api import Error

        accepts = dialog.type in ("alert", "beforeunload") or self.options.dialogs == "accept"
        try:
            await (dialog.accept(dialog.default_value) if accepts else dialog.dismiss())
        except Error:  # its page is gone, and the dialog with it
            return
        what = "asks before it is left" if dialog.type == "beforeunload" else f"a {dialog.type}"
        self.note(
            f'The page showed {what}: "{dialog.message[:_MAX_TEXT]}". '
            f"It was answered with {'OK' if accepts else 'Cancel'}."
        )

    def _opened(self, page: Page) -> None:
        self.follow(page)
        self.note("A new tab has opened and is shown now.")

    def _gone(self, page: Page) -> None:
        self._known.pop(page, None)
        if page is self._current and self.pages:
            self.follow(self.pages[-1])
            self.note("The tab has closed; another one is shown now.")

    def _crashed(self, tab: Tab, _: Page) -> None:
        tab.crashed = True

    def _close(self, _: object) -> None:
        self.lost = True

    def _choose(self, chooser: FileChooser) -> None:
        if self._chooser and not self._chooser.done():
            self._chooser.set_result(chooser)
        else:
            self.note("The page asked for a file; the chooser was closed. Use upload to give one.")

    def _responded(self, response: Response) -> None:
        if response.status >= 400 and is_main_document(response.request):
            words = f"{response.status} {response.status_text}".strip()
            hint = " It wants a user name and a password." if response.status == 401 else ""
            self.note(f"The server answered {words} for {response.url[:_MAX_TEXT]}.{hint}")

    def _failed(self, tab: Tab, request: Request) -> None:
        failure = request.failure or ""
        if is_main_document(request) and failure != _ABORTED:
            tab.failure = f"{request.url[:_MAX_TEXT]}: {reason(failure)}"

    async def _download(self, download: Download) -> None:
        page = download.page
        task = asyncio.create_task(self._save(download))
        self._saving[task] = download.suggested_filename
        task.add_done_callback(self._saving.pop)
        if page.url in ("", "about:blank") and len(self.pages) > 1:
            await self._discard(page)  # a tab that was opened for the download only

    async def _save(self, download: Download) -> None:
        from playwright.async_api import Error

        name = Path(download.suggested_filename).name or "download"
        try:
            path = _free(self._downloads() / name)
            await download.save_as(path)
        except (Error, OSError) as error:
            self.note(f"The download of {name} failed: {_first_line(error)}.")
        else:
            self.note(f"{name} was downloaded to {path} ({path.stat().st_size} bytes).")

    def _downloads(self) -> Path:
        if self._folder is None:
            chosen = self.options.downloads
            self._folder = Path(chosen or tempfile.mkdtemp(prefix="gui-agent-downloads-"))
            self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    async def _discard(self, page: Page) -> None:
        from playwright.async_api import Error

        try:
            await answer(page.close(), self.options.patience)
        except (Error, PageStuck):
            return

    async def _replace(self) -> Tab:
        """The last tab was closed: a fresh one takes its place."""
        return await self._fresh(self.options.home_url or self.options.url or "about:blank")

    async def _reload(self, tab: Tab) -> Tab:
        if tab.loads:
            raise PlatformLost(f"The page {tab.page.url} crashes again and again.")
        fresh = await self._fresh(tab.page.url)
        fresh.loads = 1
        await self._discard(tab.page)
        self.note("The page crashed and was loaded again; what was typed in it is lost.")
        return fresh

    async def _fresh(self, url: str) -> Tab:
        from playwright.async_api import Error

        try:
            page = await answer(self.context.new_page(), self.options.timeout)
        except (Error, PageStuck) as error:
            raise PlatformLost(f"The browser opens no new tab: {_first_line(error)}.") from error
        self.follow(page)
        try:
            await answer(page.goto(url, wait_until="commit"), self.options.timeout)
        except (Error, PageStuck) as error:
            self.note(f"{url} could not be opened again: {_first_line(error)}.")
        return self._tab(page)


async def _title(page: Page) -> str:
    from playwright.async_api import Error

    try:
        return await answer(page.title(), _TITLE_SECONDS) or page.url
    except (Error, PageStuck):
        return page.url


def reason(failure: str) -> str:
    """A browser's error in words: `net::ERR_NAME_NOT_RESOLVED` → `name not resolved`."""
    code = next((word for word in failure.split() if word.startswith("net::")), "")
    words = code.removeprefix("net::ERR_").replace("_", " ").lower() or _first_line(failure)
    hint = next((text for start, text in _HINTS.items() if code.startswith(start)), "")
    return words + hint


def _first_line(error: object) -> str:
    return next(iter(str(error).strip().splitlines()), "")[:_MAX_TEXT]


def _free(path: Path) -> Path:
    """This path, or the first with a number that no file has yet."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in range(2, 1000))
    return path if not path.exists() else next(each for each in numbered if not each.exists())
