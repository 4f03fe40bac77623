"""What `doctor` does only when it is asked to: a text into a field and out again."""

from __future__ import annotations

import asyncio
import time

from gui_agent.checks import Check
from gui_agent.errors import ActionFailed
from gui_agent.platforms import android_borrowed as borrowed
from gui_agent.platforms import android_gestures as gestures
from gui_agent.platforms import android_keys as keys
from gui_agent.platforms import android_tree as tree
from gui_agent.platforms.android_link import Link
from gui_agent.platforms.android_look import Eyes, Options
from gui_agent.platforms.android_text import Typist

HELLO = "héllo 你好 😀"
_SEARCH = "am start -a android.settings.APP_SEARCH_SETTINGS"
"""The settings' own search: it keeps nothing of what was typed and not chosen."""
_SECONDS = 3.0
_POLL_SECONDS = 0.1


async def round_trip(link: Link) -> Check:
    """Enter a text with accents, Chinese and an emoji into the settings' search; read it back."""
    eyes = Eyes(link, Options())
    await link.shell(_SEARCH, repeat=False)
    try:
        if not await _focus(link, eyes):
            cure = "Runs may still type: try one that does, and look at what the phone shows."
            return Check("text", "warn", "The phone's settings show no field to try it in.", cure)
        began = time.perf_counter()
        said = await Typist(link, eyes.nodes).enter(HELLO, clear=True, blind=False)
        seconds = time.perf_counter() - began
        await link.do("clearInputText")
    except ActionFailed as error:
        sentence, _, cure = str(error).partition(". ")
        return Check("text", "fail", f"{sentence}.", cure)
    finally:
        await link.do("pressKeyCode", keys.HOME)
        await borrowed.give_back(link.say)
    if said:
        cure = "Install the keyboard app ADBKeyBoard, which takes any text."
        return Check("text", "warn", f"'{HELLO}' was entered. {said}", cure)
    return Check("text", "ok", f"'{HELLO}' was entered and read back in {seconds * 1000:.0f} ms.")


async def _focus(link: Link, eyes: Eyes) -> bool:
    """Tap the first field that comes up, until one has the focus."""
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        nodes = await eyes.nodes()
        if tree.focused_field(nodes) is not None:
            return True
        if (field := next((n for n in tree.walk(nodes) if n.editable), None)) is not None:
            left, top, right, bottom = field.bounds
            for method, arguments in gestures.tap(((left + right) // 2, (top + bottom) // 2), 1):
                await link.do(method, *arguments)
        await asyncio.sleep(_POLL_SECONDS)
    return False
