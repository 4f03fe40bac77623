"""Starts or attaches to a Chromium-family browser through Playwright, and lets go of it again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gui_agent.errors import MissingExtra, RecordError, SetupError
from gui_agent.platforms.web_options import WebOptions

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page, Playwright

_CLOSE_SECONDS = 5.0
_START_SECONDS = 30.0
_SHOWN_SECONDS = 1.0


@dataclass(eq=False, slots=True)
class Browser:
    """A running browser: its driver, and the context that holds its tabs."""

    playwright: Playwright
    context: BrowserContext
    is_attached: bool

    async def close(self, save_to: str | Path | None) -> None:
        """Let go; whatever does not answer in time is left to the end of its process.

        Raises RecordError when the storage state can't be written.
        """
        try:
            if save_to:
                await _in_time(self.context.storage_state(path=save_to))
        except OSError as error:
            raise RecordError(f"The storage state can't be written: {error}.") from error
        finally:
            await self._let_go()

    async def _let_go(self) -> None:
        if not self.is_attached:
            await _in_time(self.context.close())
            if self.context.browser:
                await _in_time(self.context.browser.close())
        await _in_time(self.playwright.stop())


async def start(options: WebOptions) -> Browser:
    """Raises MissingExtra without Playwright, SetupError when no browser can be had."""
    try:
        from playwright.async_api import Error, async_playwright
    except ImportError as error:
        raise MissingExtra("web", "playwright") from error
    playwright = await async_playwright().start()
    try:
        context = await asyncio.wait_for(_context(playwright, options), _START_SECONDS)
    except BaseException as error:
        await _in_time(playwright.stop())
        if isinstance(error, Error | TimeoutError):
            if options.cdp_url:
                raise SetupError(
                    f"No browser answers at {options.cdp_url}: start one with "
                    f"--remote-debugging-port and check the address ({_first(error)})."
                ) from error
            raise SetupError(_why(error)) from error
        raise
    return Browser(playwright, context, options.cdp_url is not None)


async def first_page(browser: Browser, *, fresh: bool) -> Page:
    """The tab to begin in; in a browser of the user's a fresh one leaves theirs alone."""
    from playwright.async_api import Error

    pages = browser.context.pages
    if pages and not (fresh and browser.is_attached):
        shown = [page for page in pages if await _is_shown(page)]
        return (shown or pages)[-1]
    try:
        return await asyncio.wait_for(browser.context.new_page(), _START_SECONDS)
    except (Error, TimeoutError) as error:
        raise SetupError(_why(error)) from error


async def _is_shown(page: Page) -> bool:
    from playwright.async_api import Error

    state = page.evaluate("document.visibilityState === 'visible'")
    try:
        return bool(await asyncio.wait_for(state, _SHOWN_SECONDS))
    except (Error, TimeoutError):
        return False


async def _context(playwright: Playwright, options: WebOptions) -> BrowserContext:
    chromium = playwright.chromium
    if options.cdp_url:
        attached = await chromium.connect_over_cdp(options.cdp_url)
        return attached.contexts[0] if attached.contexts else await attached.new_context()
    from gui_agent.platforms.browser import find_browser, launch_args

    launch: dict[str, Any] = {
        "headless": options.headless,
        "executable_path": find_browser(options.executable_path, headless=options.headless),
        "args": launch_args(),
        "proxy": _proxy(options.proxy),
        "handle_sigint": False,  # a Ctrl-C cancels the run, which then closes it in order
    }
    if options.profile:
        return await chromium.launch_persistent_context(
            options.profile, **launch, **_settings(options)
        )
    browser = await chromium.launch(**launch)
    return await browser.new_context(storage_state=_state(options), **_settings(options))


def _settings(options: WebOptions) -> dict[str, Any]:
    width, height = options.viewport
    user, password = options.http_credentials or ("", "")
    return {
        "viewport": {"width": width, "height": height},
        "device_scale_factor": options.device_scale_factor,
        "locale": options.locale,
        "timezone_id": options.timezone,
        "user_agent": options.user_agent,
        "http_credentials": {"username": user, "password": password} if user else None,
        "ignore_https_errors": options.ignore_https_errors,
        "permissions": list(options.permissions) or None,
        "record_video_dir": options.video_dir,
        "record_video_size": {"width": width, "height": height} if options.video_dir else None,
        "accept_downloads": True,
    }


def _proxy(url: str | None) -> dict[str, str] | None:
    if not url:
        return None
    parts = urlsplit(url)
    if not parts.hostname:
        raise SetupError(f"The proxy '{url}' is no address such as http://host:3128.")
    server = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    login = {"username": parts.username, "password": parts.password}
    return {"server": server} | {key: value for key, value in login.items() if value}


def _state(options: WebOptions) -> Any:
    """The storage state as Playwright wants it. Raises SetupError for a file that is none."""
    given = options.storage_state
    if given is None or not isinstance(given, str | Path):
        return given
    try:
        return json.loads(Path(given).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(f"The storage state '{given}' can't be read: {error}.") from error


def _why(error: Exception) -> str:
    text = str(error)
    if "ffmpeg" in text:
        return "Video needs Playwright's ffmpeg: run `playwright install ffmpeg`, or do without."
    if "DISPLAY" in text:
        return "There is no display for a browser window: use headless=True, or set DISPLAY."
    return f"The browser did not start: {_first(error)}."


def _first(error: Exception) -> str:
    """The first line that says something."""
    lines = [line.strip(" ═╔╗╚╝║") for line in str(error).splitlines()]
    return next((line for line in lines if line), "it did not answer in time")[:300]


async def _in_time(closing: Awaitable[object]) -> None:
    from playwright.async_api import Error

    try:
        await asyncio.wait_for(closing, _CLOSE_SECONDS)
    except (TimeoutError, Error):
        return
