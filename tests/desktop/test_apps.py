"""Real applications, used through the platform; judged by the files they saved."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from gui_agent.actions import Action, Click, Drag, PressKeys, TypeText
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


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """A program saves in its own time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it has not happened"
        await asyncio.sleep(0.05)


def keys(*names: str) -> PressKeys:
    return PressKeys(keys=names)


async def test_a_chinese_note_is_written_and_saved(
    desktop: DesktopPlatform, tmp_path: Path
) -> None:
    note = "购物清单\n- 牛奶 🥛\n- <b>\n"
    with app("mousepad", "--disable-server"):
        await window(desktop, "mousepad")
        await do(desktop, TypeText(text=note), keys("ctrl", "s"))
        await do(desktop, TypeText(text=f"{tmp_path}/note.txt", clear=True, submit=True))
        await until((tmp_path / "note.txt").exists)
    assert (tmp_path / "note.txt").read_text() == note


async def test_find_and_replace(desktop: DesktopPlatform, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("tea, tea and coffee\n")
    with app("mousepad", "--disable-server", str(file)):
        await window(desktop, "mousepad")
        await do(desktop, keys("ctrl", "a"), TypeText(text="tea 茶 and coffee"), keys("ctrl+s"))
        await until(lambda: "茶" in file.read_text())
    assert file.read_text().strip() == "tea 茶 and coffee"


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
        line = await asyncio.to_thread(pasted)
        await do(desktop, Drag(path=(at(500, 350), at(500, 450))), keys("ctrl", "c"))
        dragged = await asyncio.to_thread(pasted)
    assert line
    assert line.strip() == "one two three"
    assert dragged
    assert dragged.count("\n") >= 3


async def test_a_sum_is_computed_and_copied(desktop: DesktopPlatform) -> None:
    with app("galculator"):
        await window(desktop, "galculator")
        await do(desktop, TypeText(text="12.5*8+7"), keys("enter"), keys("ctrl", "c"))
        copied = await asyncio.to_thread(pasted)
    assert copied == "107"


async def test_a_file_is_renamed(desktop: DesktopPlatform, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("kept")
    with app("pcmanfm", "--no-desktop", str(tmp_path)):
        await window(desktop, "pcmanfm")
        await do(desktop, keys("ctrl", "a"), keys("F2"))
        await do(desktop, TypeText(text="新 <名>.txt", clear=True, submit=True))
        await until((tmp_path / "新 <名>.txt").exists)
    assert (tmp_path / "新 <名>.txt").read_text() == "kept"
    assert not (tmp_path / "old.txt").exists()


async def test_a_command_is_run_in_a_shell(desktop: DesktopPlatform, tmp_path: Path) -> None:
    with app("xterm", "-u8", "-e", "bash", "--norc", "-i", env={"LC_ALL": "C.UTF-8"}):
        await window(desktop, "xterm")
        command = f"echo '你好 <a>' \"$((6*7))\" > {tmp_path}/out.txt\n"
        await do(desktop, TypeText(text=command))
        await until(lambda: (tmp_path / "out.txt").exists())
        await do(desktop, TypeText(text="wrong"), TypeText(text="exit 3\n", clear=True))
    assert (tmp_path / "out.txt").read_text() == "你好 <a> 42\n"
