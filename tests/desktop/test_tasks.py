"""Whole tasks through the real loop, in real applications; judged by what was saved or shown."""

from __future__ import annotations

import asyncio
import gzip
import math
import os
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gui_agent import Agent, Limits
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.platforms.desktop_virtual import VirtualDisplay
from gui_agent.platforms.desktop_x11 import connect
from gui_agent.platforms.desktop_x11_windows import X11Windows
from gui_agent.prompts.json_actions import JsonActions
from gui_agent.trajectory import EndingKind, Trajectory
from tests.desktop.conftest import app, talker
from tests.desktop.tasks import (
    DONE,
    Make,
    Script,
    View,
    click,
    enter,
    keys,
    listed,
    model,
    titled,
    until,
)
from tests.desktop.test_typing import FIELD


async def follow(script: Make, apps: Mapping[str, str] | None = None) -> Trajectory:
    """Run the script to its end; every step of it must have gone through."""
    platform = DesktopPlatform(takeover=False, elements=True, apps=apps)
    agent = Agent(platform, model=model(script), dialect=JsonActions(), limits=Limits(steps=40))
    run = await agent.run("Follow the script.")
    assert run.ending is not None
    assert run.ending.kind in (EndingKind.SUCCEEDED, EndingKind.ANSWERED), run.ending
    assert [step.error for step in run.steps if step.error] == []
    return run


def saved(see: View, path: Path) -> Script:
    """Save what is new in the editor under this name."""
    see = yield keys("ctrl", "s")
    see = yield from titled(see, "Save")
    see = yield enter(str(path), clear=True, submit=True)
    yield from titled(see, str(path))


def stored(see: View) -> Script:
    """Save a file that has a name; the editor's title loses its star."""
    see = yield keys("ctrl", "s")
    yield from until(see, lambda seen: bool(seen.title) and not seen.title.startswith("*"))


async def test_a_chinese_note_is_written_and_saved(tmp_path: Path) -> None:
    file, note = tmp_path / "note.txt", "购物清单\n- 牛奶\n- 鸡蛋 × 12\n"

    def script(see: View) -> Script:
        see = yield from titled(see, "Mousepad")
        see = yield enter(note, **see.on("", "textbox"))
        yield from saved(see, file)
        yield DONE

    with app("mousepad", "--disable-server"):
        await follow(script)
    assert file.read_text("utf-8") == note


async def test_a_sum_is_computed_and_copied_into_the_editor(tmp_path: Path) -> None:
    file = tmp_path / "sum.txt"
    file.write_text("")

    def script(see: View) -> Script:
        see = yield from until(see, lambda seen: len(seen.screen.get("tabs", ())) == 2)
        see = yield {"kind": "switch_tab", "index": see.screen["tabs"].index("galculator")}
        see = yield from titled(see, "galculator")
        for key in "12.5*8+7=":
            see = yield from listed(see, key)
            see = yield click(see.on(key, "button"))
        see = yield keys("ctrl", "c")
        editor = next(i for i, title in enumerate(see.screen["tabs"]) if "sum.txt" in title)
        see = yield {"kind": "switch_tab", "index": editor}
        see = yield from titled(see, "sum.txt")
        see = yield keys("ctrl", "v")
        yield from stored(see)
        yield DONE

    with app("mousepad", "--disable-server", str(file)), app("galculator"):
        await follow(script)
    assert file.read_text().strip() == "107"


async def test_a_file_is_renamed(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("kept")

    def script(see: View) -> Script:
        see = yield from until(see, lambda seen: seen.reads("old.txt"))
        name = see.line("old.txt")
        middle = see.at((name.left + name.right) / 2, (name.top + name.bottom) / 2)
        see = yield click({"at": middle})
        see = yield keys("F2")
        see = yield from titled(see, "Rename")
        see = yield enter("新 <名>.txt", clear=True, submit=True)
        yield from until(see, lambda seen: "Rename" not in seen.title)
        yield DONE

    with app("pcmanfm", "--no-desktop", str(tmp_path)):
        await follow(script)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [
        ("新 <名>.txt", "kept")
    ]


async def test_find_and_replace(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("tea, tea and coffee\n")

    def script(see: View) -> Script:
        see = yield from titled(see, "list.txt")
        see = yield keys("ctrl", "r")
        see = yield from titled(see, "Find and Replace")
        see = yield enter("tea", **see.on("Search for:", "textbox"), clear=True)
        see = yield enter("茶", **see.on("Replace with:", "textbox"), clear=True)
        see = yield click(see.on("Replace all in:", "checkbox"))
        see = yield from listed(see, "2 occurrences")
        see = yield from listed(see, "Replace All")
        see = yield click(see.on("Replace All", "button"))
        see = yield from listed(see, "0 occurrences")
        see = yield click(see.on("Close", "button"))
        see = yield from titled(see, "list.txt")
        yield from stored(see)
        yield DONE

    with app("mousepad", "--disable-server", str(file)):
        await follow(script)
    assert file.read_text("utf-8") == "茶, 茶 and coffee\n"


async def test_a_column_of_a_spreadsheet_is_filled_and_saved(tmp_path: Path) -> None:
    file = tmp_path / "sums.gnumeric"

    def script(see: View) -> Script:
        see = yield from titled(see, "Gnumeric")
        for value in ("12", "30", "总计", "=A1+A2"):
            see = yield enter(value)
            see = yield keys("enter")
        see = yield keys("ctrl", "s")
        see = yield from titled(see, "Save")
        see = yield enter(str(file), clear=True, submit=True)
        yield from titled(see, "sums.gnumeric")
        yield DONE

    with app("gnumeric", "--no-splash"):
        await follow(script)
    assert cells(file) == {"A1": "12", "A2": "30", "A3": "总计", "A4": "=A1+A2"}


def cells(file: Path) -> dict[str, str]:
    """What a Gnumeric file holds in its first column."""
    with gzip.open(file) as unzipped:
        root = ElementTree.parse(unzipped).getroot()
    found = root.iter("{http://www.gnumeric.org/v10.dtd}Cell")
    return {f"A{int(c.get('Row', '')) + 1}": c.text or "" for c in found if c.get("Col") == "0"}


async def test_a_pointer_pushed_into_a_corner_ends_the_run_as_stopped(
    display: VirtualDisplay,
) -> None:
    server = connect(display.name)

    def script(see: View) -> Script:
        yield {"kind": "wait", "seconds": 0.1}
        server.screen().root.warp_pointer(0, 0)
        server.sync()
        yield click({"at": [500, 500]})

    agent = Agent(DesktopPlatform(), model=model(script), dialect=JsonActions())
    try:
        run = await agent.run("Follow the script.")
    finally:
        server.screen().root.warp_pointer(600, 400)
        server.sync()
        server.close()
    assert run.ending is not None
    assert run.ending.kind is EndingKind.CANCELLED
    assert "Stopped by you" in run.ending.message
    assert run.steps[-1].error == run.ending.message


async def test_a_command_is_run_and_its_output_is_the_answer(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the code is 73150948\n")

    def script(see: View) -> Script:
        see = yield from until(see, lambda seen: seen.reads("ready"))
        see = yield enter(f"cut -d' ' -f4 < {tmp_path}/secret.txt\n")
        see = yield from until(see, lambda seen: bool(codes(seen)))
        yield {"kind": "answer", "text": codes(see)[0]}

    def codes(see: View) -> list[str]:
        return [line.text for line in see.lines if line.text.isdigit()]

    shell = ("bash", "--norc", "-i")
    with app(
        "xterm", "-u8", "-fa", "Monospace", "-fs", "16", "-e", *shell, env={"PS1": "ready $ "}
    ):
        run = await follow(script)
    assert run.answer == "73150948"


def corner(windows: X11Windows, title: str) -> tuple[int, int]:
    """Where the window of this title begins."""
    server = connect(os.environ["DISPLAY"])
    try:
        found = next(window.id for window in windows.all() if window.title == title)
        inside = server.create_resource_object("window", found)
        origin = server.screen().root.translate_coords(inside, 0, 0)
        return origin.x, origin.y
    finally:
        server.close()


async def until_open(windows: X11Windows, title: str) -> tuple[int, int]:
    async with asyncio.timeout(10):
        while title not in [window.title for window in windows.all()]:
            await asyncio.sleep(0.05)
    return corner(windows, title)


async def test_a_window_is_moved_and_another_one_written_into(onlooker: X11Windows) -> None:
    def script(see: View) -> Script:
        see = yield from until(see, lambda seen: seen.reads("kitten"))
        bar = see.line("kitten")
        x, y = (bar.left + bar.right) / 2, (bar.top + bar.bottom) / 2
        see = yield {"kind": "drag", "path": [see.at(x, y), see.at(x + 200, y + 120)]}
        see = yield {"kind": "switch_tab", "index": see.screen["tabs"].index("Field")}
        see = yield from titled(see, "Field")
        yield enter("moved ✓")
        yield DONE

    with talker(FIELD, 50, 50) as field, app("xterm", "-T", "kitten", "-e", "cat"):
        x, y = await until_open(onlooker, "kitten")
        await follow(script)
        moved = corner(onlooker, "kitten")
        assert field.ask("text")["text"] == "moved ✓"
    assert math.dist(moved, (x + 200, y + 120)) <= 2, (x, y, moved)


async def test_text_is_selected_by_a_drag_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("the first line\nanother one\nthe last line\n")

    def script(see: View) -> Script:
        see = yield from titled(see, "lines.txt")
        see = yield from until(see, lambda seen: seen.reads("another"))
        line = see.line("another")
        y = (line.top + line.bottom) / 2
        left = see.box("textbox")[0] + 1
        path = [[left, see.at(0, y)[1]], see.at(line.right + 40, y)]
        see = yield {"kind": "drag", "path": path}
        see = yield enter("第二行")
        yield from stored(see)
        yield DONE

    with app("mousepad", "--disable-server", str(file)):
        await follow(script)
    assert file.read_text("utf-8") == "the first line\n第二行\nthe last line\n"


async def test_a_menu_and_its_dialog_are_used_by_mouse(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("one\ntwo\nthree\n")

    def script(see: View) -> Script:
        see = yield from titled(see, "lines.txt")
        see = yield click(see.on("Search", "menuitem"))
        see = yield from listed(see, "Go to...")
        see = yield click(see.on("Go to..."))
        see = yield from titled(see, "Go To")
        see = yield enter("3", **see.on("Line number:", "spinbutton"), clear=True)
        see = yield click(see.on("Jump to", "button"))
        see = yield from titled(see, "lines.txt")
        see = yield enter("number ")
        yield from stored(see)
        yield DONE

    with app("mousepad", "--disable-server", str(file)):
        await follow(script)
    assert file.read_text() == "one\ntwo\nnumber three\n"


async def test_emoji_and_right_to_left_text_are_saved_to_the_byte(tmp_path: Path) -> None:
    file, text = tmp_path / "exact.txt", "👨‍👩‍👧‍👦 🏳️‍🌈 שלום עולם مرحبا e\u0301 <&>\ta\u200db\n"

    def script(see: View) -> Script:
        see = yield from titled(see, "Mousepad")
        see = yield enter(text, **see.on("", "textbox"))
        yield from saved(see, file)
        yield DONE

    with app("mousepad", "--disable-server"):
        await follow(script)
    assert file.read_bytes() == text.encode()


async def test_an_application_is_opened_by_name_and_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "opened.txt"
    monkeypatch.setenv("HOME", str(tmp_path))

    def script(see: View) -> Script:
        see = yield {"kind": "open_app", "name": "mousepad"}
        see = yield from titled(see, "Mousepad")
        see = yield enter("opened by name\n", **see.on("", "textbox"))
        yield from saved(see, file)
        see = yield keys("ctrl", "q")
        yield from until(see, lambda seen: "Mousepad" not in seen.title)
        yield DONE

    await follow(script)
    assert file.read_text() == "opened by name\n"
