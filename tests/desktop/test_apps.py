"""Selecting words with the pointer in a real editor; judged by what it then copies."""

from __future__ import annotations

import asyncio
from pathlib import Path

from gui_agent.actions import Action, Click, Drag, PressKeys
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.screen import Point
from tests.desktop.catalogue import at
from tests.desktop.conftest import app, window
from tests.desktop.test_typing import pasted


async def do(desktop: DesktopPlatform, *actions: Action) -> None:
    """As the loop does: look after every action."""
    for action in actions:
        await desktop.perform(action)
        await desktop.observe()


def keys(*names: str) -> PressKeys:
    return PressKeys(keys=names)


async def copied(before: str) -> str:
    """What the program has copied, once that is something else than before."""
    async with asyncio.timeout(10):
        while (text := await asyncio.to_thread(pasted) or "") == before:
            await asyncio.sleep(0.05)
    return text


async def test_words_are_selected_by_double_click_and_by_drag(
    desktop: DesktopPlatform, tmp_path: Path
) -> None:
    file = tmp_path / "words.txt"
    file.write_text("one two three\n" * 60)
    with app("mousepad", "--disable-server", str(file)):
        await window(desktop, "mousepad")
        await do(desktop, Click(at=Point(0.5, 0.5)), keys("ctrl", "home"), keys("ctrl", "c"))
        frame = Point(0.5, 0.5)
        await do(desktop, Click(at=frame, count=3), keys("ctrl", "c"))
        line = await copied("")
        await do(desktop, Drag(path=(at(500, 350), at(500, 450))), keys("ctrl", "c"))
        dragged = await copied(line)
    assert line.strip() == "one two three"
    assert dragged.count("\n") >= 3
