"""Entering text into the field that has the focus: four ways, each proved by reading it back.

ACTION_SET_TEXT replaces what a field holds without any keyboard; a keyboard app that takes
broadcasts types any text; the clipboard is pasted; `input text` knows ASCII only.
"""

from __future__ import annotations

import asyncio
import base64
import re
import shlex
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from gui_agent.errors import ActionFailed
from gui_agent.platforms import android_borrowed as borrowed
from gui_agent.platforms import android_keys as keys
from gui_agent.platforms import android_tree as tree
from gui_agent.platforms.android_link import Link
from gui_agent.platforms.android_server import RpcError

FOCUSED = {
    "mask": 0x020000,
    "focused": True,
    "childOrSibling": [],
    "childOrSiblingSelector": [],
}
"""The selector of what has the focus, as the automation server reads it."""
_READ_SECONDS = 0.6
"""A field shows what was entered by then."""
_POLL_SECONDS = 0.05
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd]")
"""The tree has a dot for each, and two for what lies beyond U+FFFF."""
_SILENT = "com.android.adbkeyboard/.AdbIME"
KEYBOARDS = {
    "com.github.uiautomator/.AdbKeyboard": (
        "ADB_KEYBOARD_CLEAR_TEXT",
        "ADB_KEYBOARD_INPUT_TEXT --es text",
    ),
    _SILENT: ("ADB_CLEAR_TEXT", "ADB_INPUT_B64 --es msg"),
}
"""Keyboard apps → their broadcasts that clear a field and that type; the first says result=-1
when it has done so, the other says nothing."""

Nodes = Callable[[], Awaitable[tuple[tree.Node, ...]]]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is to be entered into which field."""

    text: str
    clear: bool
    field: tree.Node | None
    """None where the tree has a hole and only the keyboard tells that something has the focus."""
    before: str

    @property
    def wanted(self) -> str:
        return self.text if self.clear else self.before + self.text

    @property
    def shown(self) -> str:
        """How the tree writes that."""
        return _UNPRINTABLE.sub(lambda match: ".." if ord(match[0]) > 0xFFFF else ".", self.wanted)


class Typist:
    """Enters text over one link."""

    def __init__(self, link: Link, nodes: Nodes) -> None:
        """`nodes` gives the tree of the window in front."""
        self._link = link
        self._nodes = nodes

    async def enter(self, text: str, *, clear: bool, blind: bool) -> str:
        """Into the focused field; a message for the model, "" when the field reads as wanted.

        `blind`: enter it even if no field can be seen. Raises ActionFailed when the field stays
        as it was.
        """
        field = tree.focused_field(await self._nodes())
        if field is None and not blind:
            raise ActionFailed("No text field has the focus: tap the field first.")
        entry = _Entry(text, clear, field, await self._exact(field, clear))
        for way in (self._set, self._by_keyboard, self._paste, self._by_keys):
            if not await way(entry):
                continue
            if field is None:
                return "The text was entered, but this screen does not let it be read back."
            if (said := await self._outcome(entry)) is not None:
                return said
        raise ActionFailed(
            "The text could not be entered: the field stays as it is. A person can install the"
            " keyboard app ADBKeyBoard, which takes any text."
        )

    async def _exact(self, field: tree.Node | None, clear: bool) -> str:
        """What the field holds, with the characters that the tree writes as dots."""
        if field is None or not field.value or "password" in field.flags:
            return ""
        if clear:
            return field.value
        return str(await self._link.ask("getText", FOCUSED) or "")

    async def _outcome(self, entry: _Entry) -> str | None:
        """A message when the field has changed; None when it stays as it was."""
        assert entry.field is not None
        old, until = entry.field.value, time.monotonic() + _READ_SECONDS
        while True:
            field = tree.focused_field(await self._nodes())
            if field is None:
                return "The field has lost the focus, so what it holds can't be read back."
            if field.value == entry.shown:
                return ""
            if field.value != old and "password" in field.flags:
                return "The text was entered; a password field can't be read back."
            if time.monotonic() > until:
                return None if field.value == old else f'The field now reads "{field.value[:200]}".'
            await asyncio.sleep(_POLL_SECONDS)

    async def _set(self, entry: _Entry) -> bool:
        """ACTION_SET_TEXT. It can't add to what it does not know."""
        if entry.field is None:
            return False
        if "password" in entry.field.flags and entry.field.value and not entry.clear:
            return False
        return bool(await self._try("setText", FOCUSED, entry.wanted, text=entry.wanted))

    async def _by_keyboard(self, entry: _Entry) -> bool:
        """Through a keyboard app that takes broadcasts, where one is installed."""
        installed = (await self._link.shell("ime list -s -a")).split()
        known = next((name for name in KEYBOARDS if name in installed), "")
        if not known or not await borrowed.use_keyboard(self._link.shell, known):
            return False
        clear, insert = KEYBOARDS[known]
        data = base64.b64encode(entry.text.encode()).decode()
        lines = ([clear] if entry.clear else []) + [f"{insert} {data}"]
        line = "; ".join(f"am broadcast -a {part}" for part in lines)
        until = time.monotonic() + _READ_SECONDS
        while True:
            said = await self._link.shell(
                line, repeat=False, shown=f"shell:am broadcast {_hidden(entry.text)}"
            )
            if known == _SILENT or "result=-1" in said:
                return True
            if time.monotonic() > until:
                return False
            await asyncio.sleep(_POLL_SECONDS)  # it has not been bound to the field yet

    async def _paste(self, entry: _Entry) -> bool:
        """Over the clipboard, which gets back what it held."""
        old = await self._try("getClipboard")
        await self._try("setClipboard", None, entry.text, text=entry.text)
        if await self._try("getClipboard") != entry.text:
            return False  # several makers refuse it
        try:
            await self._clear(entry)
            return bool(await self._link.do("pressKeyCode", keys.PASTE))
        finally:
            await self._try("setClipboard", None, old or "", text=old or "")

    async def _by_keys(self, entry: _Entry) -> bool:
        """As key presses, which exist for ASCII only; %s would become a space."""
        text = entry.text
        if not (text.isascii() and text.isprintable()) or "%s" in text:
            return False
        await self._clear(entry)
        line = f"input text {shlex.quote(text.replace(' ', '%s'))}"
        said = await self._link.shell(line, repeat=False, shown=f"shell:input text {_hidden(text)}")
        return "xception" not in said and "Error" not in said

    async def _clear(self, entry: _Entry) -> None:
        if entry.clear:
            await self._try("clearInputText")

    async def _try(self, method: str, *params: Any, text: str = "") -> Any:
        """The call's result, or None where the phone refuses it."""
        try:
            return await self._link.do(method, *params, shown=_hidden(text) if text else "")
        except RpcError:
            return None


def _hidden(text: str) -> str:
    return f"({len(text)} characters)"
