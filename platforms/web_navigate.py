"""Where a tab goes: addresses, history."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from gui_agent.errors import ActionFailed
from gui_agent.platforms.web_tabs import Tab, reason
from gui_agent.platforms.web_worlds import send

_SCHEMES = ("http", "https", "about", "data")
_BARE = re.compile(
    r"(localhost|[\w-]+(\.[\w-]+)+|\[[0-9a-f:]+\])\.?(:\d+)?([/?#].*)?", re.IGNORECASE
)
_LOCAL = re.compile(r"(localhost|127\.[\d.]+|\[::1\])([:/?#]|$)", re.IGNORECASE)


def web_address(text: str, *, files: bool = False) -> str:
    """The full address that a person means; `example.com` gets https.

    Raises ValueError for what is none, for scripts, and for files unless they are allowed.
    """
    text = text.strip()
    if _BARE.fullmatch(text):
        return f"{'http' if _LOCAL.match(text) else 'https'}://{text}"
    parts = urlsplit(text)
    allowed = (*_SCHEMES, "file") if files else _SCHEMES
    if parts.scheme not in allowed:
        raise ValueError(f"'{text}' is no address that can be opened: use https://…")
    if parts.scheme in ("http", "https") and (not parts.hostname or re.search(r"\s", text)):
        raise ValueError(f"'{text}' is no complete address: use https://host/path")
    return text


async def open_url(tab: Tab, url: str, timeout: float) -> str:
    """Raises ActionFailed with the reason when the page can't be had."""
    from playwright.async_api import Error, TimeoutError

    before = tab.page.url
    try:
        await tab.page.goto(url, wait_until="domcontentloaded", timeout=timeout * 1000)
    except TimeoutError as error:
        if tab.page.url == before:
            raise ActionFailed(f"{url} did not answer within {timeout:g} s.") from error
        return f"{url} is still loading after {timeout:g} s."
    except Error as error:
        tab.failure = ""
        if "Download is starting" in error.message or "ERR_ABORTED" in error.message:
            return "The address led to no page but to a download, or to nothing."
        raise ActionFailed(f"{url} could not be opened: {reason(error.message)}.") from error
    return ""


async def go_back(tab: Tab, timeout: float) -> str:
    """Raises ActionFailed where nothing lies behind."""
    from playwright.async_api import Error, TimeoutError

    session = await tab.worlds.session()
    history = await send(session, "Page.getNavigationHistory", {}, timeout)
    behind = [entry["url"] for entry in history["entries"][: history["currentIndex"]]]
    if not behind or behind == ["about:blank"]:
        raise ActionFailed("There is no page to go back to in this tab.")
    try:
        await tab.page.go_back(wait_until="domcontentloaded", timeout=timeout * 1000)
    except TimeoutError:
        return f"The page before is still loading after {timeout:g} s."
    except Error as error:
        tab.failure = ""
        raise ActionFailed(f"Going back failed: {reason(error.message)}.") from error
    return ""
