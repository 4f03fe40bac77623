"""The JSON-RPC methods of uiautomator2's server that a driver calls, with its errors."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.phone.device import SWIPE_STEP, Denied, Device
from tests.phone.hierarchy import Selector, select, to_xml
from tests.phone.keys import CODES, U2_NAMES
from tests.phone.screen import Frame, Node, Touch

_STACK = "\tat com.wetest.uia2.stub.AutomatorServiceImpl.{}(AutomatorServiceImpl.java:412)"
_NOT_FOUND = "androidx.test.uiautomator.UiObjectNotFoundException"
_ORIENTATIONS = {"natural": 0, "n": 0, "left": 1, "l": 1, "upsidedown": 2, "right": 3, "r": 3}


@dataclass
class RpcError(Exception):
    """A Java exception as jsonrpc4j reports it: the class is the message, the stack is the data."""

    java: str
    text: str
    code: int = -32001

    def as_json(self) -> dict[str, Any]:
        stack = f"{self.java}: {self.text}\n{_STACK.format('call')}"
        message = f"{self.java}: {self.text}" if "UiObjectNotFound" in self.java else self.java
        return {"code": self.code, "message": message, "data": stack}


class Methods:
    """One method per RPC, under the RPC's own name."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._given: list[Node] = []

    async def call(self, method: str, params: list[Any] | dict[str, Any]) -> Any:
        run: Callable[..., Awaitable[Any]] | None = getattr(self, method, None)
        if run is None or method.startswith("_") or method == "call":
            raise RpcError("java.lang.NoSuchMethodException", f"method not found: {method}", -32601)
        if self._device.faults.take("automation_lost"):
            raise RpcError("java.lang.IllegalStateException", "UiAutomation not connected!")
        await asyncio.sleep(self._device.faults.seconds("slow_rpc"))
        try:
            return await run(**params) if isinstance(params, dict) else await run(*params)
        except Denied as error:
            raise RpcError("java.lang.SecurityException", str(error)) from error

    async def ping(self) -> str:
        return "pong"

    async def deviceInfo(self) -> dict[str, Any]:
        device = self._device
        window = await device.screen.window()
        width, height = device.size
        ratio = (device.density_override or device.profile.density) / 160
        return {
            "currentPackageName": window.package,
            "displayHeight": height,
            "displayRotation": device.rotation,
            "displaySizeDpX": round(width / ratio),
            "displaySizeDpY": round(height / ratio),
            "displayWidth": width,
            "naturalOrientation": device.rotation == 0,
            "productName": device.profile.device,
            "screenOn": device.awake,
            "sdkInt": device.profile.sdk,
        }

    async def takeScreenshot(self, scale: float, quality: int) -> str | None:
        frame, secure = await self._device.frame()
        failing = secure and self._device.profile.secure_capture == "fails"
        if failing or "screenshot_null" in self._device.faults:
            return None
        if size := self._device.faults.option("screenshot_of", "size"):
            width, height = map(int, size.split("x"))
            frame = Frame(frame.image.resize((width, height)))
        data = await asyncio.to_thread(frame.jpeg, float(scale), int(quality))
        return base64.b64encode(data).decode()

    async def dumpWindowHierarchy(
        self, compressed: bool, depth: int = 50, root_in_active: bool = False
    ) -> str:
        faults = self._device.faults
        await asyncio.sleep(faults.seconds("slow_dump"))
        if "stack_overflow" in faults:
            raise RpcError("java.lang.StackOverflowError", "stack size 8192KB")
        if "empty_tree" in faults:
            return to_xml([], self._device.rotation)
        nodes = self._given if "stale_tree" in faults else await self._device.nodes()
        self._given = nodes
        # Windows come in no useful order, so the focused one is not the first.
        shown = nodes[:1] if root_in_active else [*nodes[1:], *nodes[:1]]
        return to_xml(shown, self._device.rotation, depth)

    async def click(self, x: int | Selector, y: int = 0, milliseconds: int = 100) -> bool:
        if isinstance(x, dict):
            x, y = (await self._one(x)).centre
        if x < 0 or y < 0:
            return False
        await self._device.tap(x, y, milliseconds / 1000)
        return True

    async def longClick(self, selector: Selector) -> bool:
        await self._device.tap(*(await self._one(selector)).centre, 0.6)
        return True

    async def swipe(self, x0: int, y0: int, x1: int, y1: int, steps: int = 55) -> bool:
        await self._device.swipe([(x0, y0), (x1, y1)], steps)
        return True

    async def drag(self, x0: int, y0: int, x1: int, y1: int, steps: int = 55) -> bool:
        await self._device.swipe([(x0, y0), (x1, y1)], steps, hold=0.6)
        return True

    async def swipePoints(self, numbers: list[int], steps: int) -> bool:
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        await self._device.swipe(points, steps)
        return True

    async def injectInputEvent(self, action: int, x: float, y: float, meta: int = 0) -> bool:
        phases: dict[int, Touch] = {0: "down", 1: "up", 2: "move"}
        await self._device.touch(phases[action], round(x), round(y))
        return True

    async def gesture(
        self,
        selector: Selector,
        start1: dict[str, int],
        start2: dict[str, int],
        end1: dict[str, int],
        end2: dict[str, int],
        steps: int,
    ) -> bool:
        """Two fingers, each along its own line."""
        await self._one(selector)
        ends = ((start1, end1), (start2, end2))
        lines = [[(point["x"], point["y"]) for point in line] for line in ends]
        return await self._two_fingers(lines, steps)

    async def pinchOut(self, selector: Selector, percent: int, steps: int) -> bool:
        return await self._two_fingers(_pinch(await self._one(selector), percent), steps)

    async def pinchIn(self, selector: Selector, percent: int, steps: int) -> bool:
        lines = _pinch(await self._one(selector), percent)
        return await self._two_fingers([line[::-1] for line in lines], steps)

    async def _two_fingers(self, lines: list[list[tuple[int, int]]], steps: int) -> bool:
        for pointer, (start, _) in enumerate(lines):
            await self._device.touch("down", *start, pointer)
        moves = max(2, steps // 4)
        for move in range(1, moves + 1):
            for pointer, ((x0, y0), (x1, y1)) in enumerate(lines):
                x, y = x0 + (x1 - x0) * move // moves, y0 + (y1 - y0) * move // moves
                await self._device.touch("move", x, y, pointer)
            await asyncio.sleep(4 * SWIPE_STEP)
        for pointer, (_, end) in enumerate(lines):
            await self._device.touch("up", *end, pointer)
        return True

    async def pressKey(self, name: str) -> bool:
        if name not in U2_NAMES:
            return False
        return await self.pressKeyCode(CODES[U2_NAMES[name]])

    async def pressKeyCode(self, code: int, meta: int = 0) -> bool:
        await self._device.key(code, *(("ctrl",) if meta & 0x1000 else ()))
        return True

    async def setClipboard(self, label: str | None, text: str) -> None:
        if "clipboard_denied" in self._device.faults:
            raise RpcError("java.lang.SecurityException", "Package android does not belong to 2000")
        self._device.clipboard = text

    async def getClipboard(self) -> str | None:
        return self._device.clipboard or None

    async def pasteClipboard(self) -> bool:
        await self._device.key(CODES["V"], "ctrl")
        return True

    async def clearInputText(self) -> None:
        await self._device.key(CODES["A"], "ctrl")
        await self._device.key(CODES["DEL"])

    async def setText(self, selector: Selector, text: str) -> bool:
        node = await self._one(selector)
        await self._device.tap(*node.centre)
        if "set_text_ignored" in self._device.faults:
            return True
        await self._device.screen.set_text(node, text)
        return "EditText" in node.name

    async def clearTextField(self, selector: Selector) -> None:
        await self._device.screen.set_text(await self._one(selector), "")

    async def getText(self, selector: Selector) -> str:
        return (await self._one(selector)).text

    async def exist(self, selector: Selector) -> bool:
        return bool(await self._all(selector))

    async def count(self, selector: Selector) -> int:
        return len(await self._all(selector))

    async def objInfo(self, selector: Selector) -> dict[str, Any]:
        return _info(await self._one(selector))

    async def objInfoOfAllInstances(self, selector: Selector) -> list[dict[str, Any]]:
        return [_info(node) for node in await self._all(selector)]

    async def waitForExists(self, selector: Selector, milliseconds: int) -> bool:
        return await self._until(selector, milliseconds, wanted=True)

    async def waitUntilGone(self, selector: Selector, milliseconds: int) -> bool:
        return await self._until(selector, milliseconds, wanted=False)

    async def scrollForward(self, selector: Selector, vertical: bool, steps: int) -> bool:
        return await self._scroll(selector, steps, forward=True)

    async def scrollBackward(self, selector: Selector, vertical: bool, steps: int) -> bool:
        return await self._scroll(selector, steps, forward=False)

    async def getLastToast(self) -> str | None:
        state = await self._device.screen.state()
        return state.get("last_toast") or None

    async def clearLastToast(self) -> None:
        await self._device.screen.say("toast", "")

    async def makeToast(self, text: str, milliseconds: float) -> bool:
        await self._device.screen.say("toast", text)
        return True

    async def launchApp(self, package: str) -> bool:
        found = self._device.packages.get(package)
        if found is None or not found.activity:
            return False
        if "launch_ignored" not in self._device.faults:
            await self._device.launch(found)
        return True

    async def wakeUp(self) -> None:
        await self._device.wake()

    async def sleep(self) -> None:
        await self._device.sleep()

    async def isScreenOn(self) -> bool:
        return self._device.awake

    async def freezeRotation(self, frozen: bool) -> None:
        self._device.settings["system"]["accelerometer_rotation"] = "0" if frozen else "1"

    async def setOrientation(self, name: str) -> None:
        await self._device.update(rotation=_ORIENTATIONS[name])

    async def openNotification(self) -> bool:
        await self._device.screen.say("notification", "")
        return True

    async def setConfigurator(self, values: dict[str, Any]) -> dict[str, Any]:
        return values

    async def getConfigurator(self) -> dict[str, Any]:
        return {"waitForSelectorTimeout": 0, "actionAcknowledgmentTimeout": 500}

    async def _all(self, selector: Selector) -> list[Node]:
        return select(await self._device.nodes(), selector)

    async def _one(self, selector: Selector) -> Node:
        found = await self._all(selector)
        if not found:
            shown = {k: v for k, v in selector.items() if k != "mask" and v != []}
            raise RpcError(_NOT_FOUND, f"UiSelector{shown}", -32002)
        return found[0]

    async def _until(self, selector: Selector, milliseconds: int, *, wanted: bool) -> bool:
        end = asyncio.get_running_loop().time() + milliseconds / 1000
        while bool(await self._all(selector)) != wanted:
            if asyncio.get_running_loop().time() > end:
                return False
            await asyncio.sleep(0.05)
        return True

    async def _scroll(self, selector: Selector, steps: int, *, forward: bool) -> bool:
        left, top, right, bottom = (await self._one(selector)).bounds
        x, low, high = (left + right) // 2, bottom - (bottom - top) // 8, top + (bottom - top) // 8
        line = [(x, low), (x, high)] if forward else [(x, high), (x, low)]
        await self._device.swipe(line, steps)
        return True


def _pinch(node: Node, percent: int) -> list[list[tuple[int, int]]]:
    """Two lines outwards from near the centre, `percent` of the way to the corners."""
    (x, y), (left, top, right, bottom) = node.centre, node.bounds
    corners = ((left, top), (right, bottom))
    return [
        [(x + (cx - x) * part // 100, y + (cy - y) * part // 100) for part in (10, percent)]
        for cx, cy in corners
    ]


def _info(node: Node) -> dict[str, Any]:
    left, top, right, bottom = node.bounds
    box = {"bottom": bottom, "left": left, "right": right, "top": top}
    flags = {
        name: flag in node.flags
        for name, flag in {
            "checkable": "checkable",
            "checked": "checked",
            "clickable": "clickable",
            "focusable": "focusable",
            "focused": "focused",
            "longClickable": "long-clickable",
            "scrollable": "scrollable",
            "selected": "selected",
        }.items()
    }
    return {
        "bounds": box,
        "visibleBounds": box,
        "childCount": len(node.children),
        "className": node.name,
        "contentDescription": node.description or None,
        "enabled": "disabled" not in node.flags,
        "packageName": node.package,
        "resourceName": node.resource or None,
        "text": node.text,
        **flags,
    }
