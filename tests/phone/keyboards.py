"""The two keyboard apps that type what a broadcast tells them."""

from __future__ import annotations

import base64
import binascii

from tests.phone.device import Device
from tests.phone.keys import CODES
from tests.phone.packages import ADB_KEYBOARD, U2_KEYBOARD

Answer = tuple[int, str | None]
_OK = -1


async def broadcast(device: Device, action: str, extras: dict[str, str]) -> Answer:
    """Result code and data, as `am broadcast` prints them; 0 when nobody listens."""
    if device.keyboard == U2_KEYBOARD and action.startswith("ADB_KEYBOARD_"):
        return await _u2(device, action.removeprefix("ADB_KEYBOARD_"), extras)
    if device.keyboard == ADB_KEYBOARD and action.startswith("ADB_"):
        return await _common(device, action, extras)
    return 0, None


async def _u2(device: Device, verb: str, extras: dict[str, str]) -> Answer:
    try:
        text = base64.b64decode(extras.get("text", ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return 0, "not base64"
    editing = (await device.screen.window()).editing
    match verb:
        case "HIDE":
            await device.screen.hide_keyboard()
        case "GET_CLIPBOARD":
            return _OK, base64.b64encode(device.clipboard.encode()).decode()
        case _ if not editing:
            return 0, "no input connection"
        case "INPUT_TEXT":
            await device.screen.commit(text)
        case "SET_TEXT":
            await _clear(device)
            await device.screen.commit(text)
        case "CLEAR_TEXT":
            await _clear(device)
        case "SMART_ENTER" | "EDITOR_CODE":
            await device.screen.key(CODES["ENTER"])
        case "INPUT_KEYCODE":
            await device.key(int(extras.get("code", "0")))
        case "SHOW":
            pass
        case _:
            return 0, None
    return _OK, "success"


async def _common(device: Device, action: str, extras: dict[str, str]) -> Answer:
    """ADBKeyBoard sets no result of its own, so the code is always 0."""
    match action:
        case "ADB_INPUT_TEXT":
            await device.screen.commit(extras.get("msg", ""))
        case "ADB_INPUT_B64":
            await device.screen.commit(base64.b64decode(extras.get("msg", "")).decode())
        case "ADB_CLEAR_TEXT":
            await _clear(device)
        case "ADB_EDITOR_CODE":
            await device.screen.key(CODES["ENTER"])
        case "ADB_INPUT_CODE":
            await device.key(int(extras.get("code", "0")))
    return 0, None


async def _clear(device: Device) -> None:
    await device.screen.key(CODES["A"], "ctrl")
    await device.screen.key(CODES["DEL"])
