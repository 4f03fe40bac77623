"""What `doctor` looks at before a run on the web: is there a browser, and does it show a page?"""

from __future__ import annotations

import time

from gui_agent.checks import Check
from gui_agent.errors import GuiAgentError
from gui_agent.platforms.browser import find_browser
from gui_agent.platforms.web import WebPlatform
from gui_agent.screen import Observation

_PAGE = "data:text/html,<title>gui-agent</title><button>A button</button>"
_SLOW_SECONDS = 5.0
_OTHER = "Name another browser with --browser, or see `gui-agent browser`."


async def checks(browser: str | None = None, headed: bool = False) -> list[Check]:
    """Start the browser that a run would use, look at a page with one button, close it."""
    platform = WebPlatform(url=_PAGE, executable_path=browser, headless=not headed)
    began = time.perf_counter()
    try:
        found = find_browser(browser, headless=not headed) or "Playwright's own Chromium"
        await platform.open()
        seen = await platform.observe()
    except GuiAgentError as error:
        sentence, _, cure = str(error).partition(". ")
        return [Check("browser", "fail", sentence.rstrip(".") + ".", cure or _OTHER)]
    finally:
        await platform.close()
    return [Check("browser", "ok", f"{found}."), _started(time.perf_counter() - began), _page(seen)]


def _started(seconds: float) -> Check:
    detail = f"{seconds:.1f} s from the start of the browser to the first picture."
    if seconds > _SLOW_SECONDS:
        return Check("start", "warn", detail, "Keep one open, and name it with --cdp-url.")
    return Check("start", "ok", detail)


def _page(seen: Observation) -> Check:
    size = f"{seen.screenshot.width}×{seen.screenshot.height} pixels"
    if [element.text for element in seen.elements if element.role == "button"] != ["A button"]:
        return Check(
            "page",
            "fail",
            f"A page was shown ({size}), its button was not found.",
            "Update the browser.",
        )
    return Check("page", "ok", f"A page is shown and read ({size}).")
