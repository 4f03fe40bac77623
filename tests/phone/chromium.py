"""A screen that is a page in headless Chromium: real layout, touch, scrolling, focus and fonts."""

from __future__ import annotations

import asyncio
import base64
import io
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.async_api import Browser, CDPSession, Page, Playwright, async_playwright

from gui_agent.platforms.browser import find_browser, launch_args
from tests.phone.keys import CODES
from tests.phone.screen import Frame, Node, Touch, Window

PAGE = Path(__file__).parent / "page" / "phone.html"
SCALE = 3
"""Device pixels per CSS pixel: 390x844 is 1170x2532."""
_KEYS = {
    CODES["ENTER"]: "Enter",
    CODES["DPAD_CENTER"]: "Enter",
    CODES["DEL"]: "Backspace",
    CODES["FORWARD_DEL"]: "Delete",
    CODES["TAB"]: "Tab",
    CODES["ESCAPE"]: "Escape",
    CODES["DPAD_LEFT"]: "ArrowLeft",
    CODES["DPAD_RIGHT"]: "ArrowRight",
    CODES["DPAD_UP"]: "ArrowUp",
    CODES["DPAD_DOWN"]: "ArrowDown",
    CODES["MOVE_HOME"]: "Home",
    CODES["MOVE_END"]: "End",
    CODES["A"]: "a",
    CODES["C"]: "c",
}
_PHASES = {"down": "touchStart", "move": "touchMove", "up": "touchEnd"}


class ChromiumScreen:
    """Starts its own browser, so that each phone's crash is its own."""

    def __init__(self) -> None:
        self._playwright: Playwright
        self._browser: Browser
        self._page: Page
        self._cdp: CDPSession
        self._size = (0, 0)
        self._fingers: dict[int, tuple[int, int]] = {}
        self._drawn: tuple[int, Frame] | None = None
        self._capturing = asyncio.Lock()

    async def start(self, system: dict[str, Any]) -> None:
        self._playwright = await async_playwright().start()
        self._browser = await self._playwright.chromium.launch(
            executable_path=find_browser(), args=launch_args()
        )
        context = await self._browser.new_context(no_viewport=True, has_touch=True)
        self._page = await context.new_page()
        await self._page.goto(PAGE.as_uri())
        self._cdp = await context.new_cdp_session(self._page)
        await self.system(system)

    async def stop(self) -> None:
        await self._browser.close()
        await self._playwright.stop()

    async def system(self, changes: dict[str, Any]) -> None:
        width, height = changes["size"]
        if (width, height) != self._size:
            self._size = width, height
            metrics = {
                "width": round(width / SCALE),
                "height": round(height / SCALE),
                "deviceScaleFactor": SCALE,
                "mobile": True,
            }
            await self._cdp.send("Emulation.setDeviceMetricsOverride", metrics)
        await self._ask("changes => phone.update(changes)", changes)

    async def window(self) -> Window:
        return Window(**await self._ask("() => phone.focused()"))

    async def state(self) -> dict[str, Any]:
        state: dict[str, Any] = await self._ask("() => phone.state()")
        return state

    async def changes(self) -> dict[str, Any]:
        changes: dict[str, Any] = await self._ask("() => phone.changes()")
        return changes

    async def nodes(self) -> list[Node]:
        return [_node(root) for root in await self._ask("() => tree.nodes()")]

    async def frame(self) -> Frame:
        """Captured again only when the page has changed."""
        async with self._capturing:
            revision: int = await self._ask("() => phone.revision")
            if self._drawn is None or self._drawn[0] != revision:
                self._drawn = revision, await self._capture()
            return self._drawn[1]

    async def _capture(self) -> Frame:
        options = {"format": "png", "optimizeForSpeed": True}
        answer = await self._cdp.send("Page.captureScreenshot", options)
        data = base64.b64decode(answer["data"])
        return await asyncio.to_thread(lambda: Frame(Image.open(io.BytesIO(data))))

    async def touch(self, phase: Touch, x: int, y: int, pointer: int = 0) -> None:
        if phase == "up":
            self._fingers.pop(pointer, None)
        else:
            self._fingers[pointer] = x, y
        points = [
            {"x": px / SCALE, "y": py / SCALE, "id": finger}
            for finger, (px, py) in self._fingers.items()
        ]
        kind = _PHASES[phase]
        if phase == "up" and points:
            kind = "touchMove"
        event = {"type": kind, "touchPoints": points}
        await self._cdp.send("Input.dispatchTouchEvent", event)

    async def key(self, code: int, *modifiers: str) -> None:
        name = _KEYS.get(code)
        if name is not None:
            held = "Control+" if "ctrl" in modifiers else ""
            await self._page.keyboard.press(held + name)

    async def commit(self, text: str) -> None:
        await self._page.keyboard.insert_text(text)

    async def set_text(self, node: Node, text: str) -> None:
        await self._ask("([handle, text]) => tree.setText(handle, text)", [node.handle, text])

    async def launch(self, package: str, activity: str) -> None:
        await self._ask("name => phone.launch(name)", package)

    async def stop_app(self, package: str) -> None:
        await self._ask("name => phone.stop(name)", package)

    async def clear_app(self, package: str) -> None:
        await self._ask("name => phone.clear(name)", package)

    async def home(self) -> None:
        await self._ask("() => phone.home()")

    async def back(self) -> None:
        await self._ask("() => phone.back()")

    async def recents(self) -> None:
        await self._ask("() => phone.recents()")

    async def hide_keyboard(self) -> None:
        await self._ask("() => keyboard.hide()")

    async def say(self, kind: Literal["toast", "dialog", "notification"], text: str) -> None:
        await self._ask("([kind, text]) => phone.say(kind, text)", [kind, text])

    async def _ask(self, script: str, argument: Any = None) -> Any:
        return await self._page.evaluate(script, argument)


def _node(raw: dict[str, Any]) -> Node:
    children = tuple(_node(child) for child in raw.pop("children"))
    bounds, flags = tuple(raw.pop("bounds")), frozenset(raw.pop("flags"))
    return Node(**raw, bounds=bounds, flags=flags, children=children)
