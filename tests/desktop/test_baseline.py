"""The embedded baseline at a desktop: the accessibility bus lists what it uses, OCR confirms it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gui_agent import GLM, Agent, Limits
from gui_agent.baseline.server import BaselineServer
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.trajectory import EndingKind, Trajectory
from tests.desktop.conftest import app, window


async def pursue(goal: str) -> Trajectory:
    platform = DesktopPlatform(takeover=False, elements=True)
    async with BaselineServer() as server:
        agent = Agent(platform, model=GLM(server.base_url), limits=Limits(steps=25))
        run = await agent.run(goal)
    assert run.ending is not None
    assert run.ending.kind is EndingKind.SUCCEEDED, run.ending
    return run


async def test_it_computes(desktop: DesktopPlatform) -> None:
    with app("galculator"):
        await window(desktop, "galculator")
        run = await pursue('Click "7" and click "sqrt"')
    values = [element.value for element in run.steps[-1].observation.elements]
    assert any("2.645" in value for value in values if value), values


async def test_it_writes_and_saves(desktop: DesktopPlatform, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("")
    with app("mousepad", "--disable-server", str(file)):
        await window(desktop, "mousepad")
        await pursue('Type "购物清单：牛奶" into the text field and press Ctrl+S')
        await desktop.observe()
    assert file.read_text("utf-8").strip() == "购物清单：牛奶"


async def test_it_writes_a_chinese_note_and_saves_it_under_a_name(
    desktop: DesktopPlatform, tmp_path: Path
) -> None:
    file, note = tmp_path / "note.txt", "购物清单\n- 牛奶\n- 鸡蛋 × 12\n"
    with app("mousepad", "--disable-server"):
        await window(desktop, "mousepad")
        await pursue(f'Type "{note}" and save it as "{file}"')
    assert file.read_text("utf-8") == note


async def test_it_opens_an_application_by_name_and_closes_it(
    display: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "opened.txt"
    monkeypatch.setenv("HOME", str(tmp_path))
    await pursue(
        f'Open the text editor, write "opened by name", save it as {file} and press Alt+F4'
    )
    assert file.read_text() == "opened by name"


async def test_it_computes_a_sum_and_copies_it_into_the_editor(
    desktop: DesktopPlatform, tmp_path: Path
) -> None:
    file = tmp_path / "sum.txt"
    file.write_text("")
    with app("mousepad", "--disable-server", str(file)):
        # One after the other: the program that starts last comes to the front.
        await window(desktop, "mousepad")
        with app("galculator"):
            await window(desktop, "galculator")
            await pursue(
                "Switch to galculator, calculate 12.5*8+7, copy the result, switch to Mousepad,"
                " paste it and press Ctrl+S"
            )
            await desktop.observe()
    assert file.read_text().strip() == "107"


async def test_it_finds_and_replaces(desktop: DesktopPlatform, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("tea and coffee\n")
    with app("mousepad", "--disable-server", str(file)):
        await window(desktop, "mousepad")
        await pursue(
            'Press Ctrl+R, enter "tea" into "Search for", enter "茶" into "Replace with", tick'
            ' "Replace all in", click "Replace All", click Close and press Ctrl+S'
        )
        await desktop.observe()
    assert file.read_text("utf-8") == "茶 and coffee\n"


async def test_it_uses_a_menu_and_its_dialog(desktop: DesktopPlatform, tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("one\ntwo\nthree\n")
    with app("mousepad", "--disable-server", str(file)):
        await window(desktop, "mousepad")
        await pursue(
            'Open the Search menu, click "Go to...", set the line number to 3, click "Jump to",'
            ' type "number " and press Ctrl+S'
        )
        await desktop.observe()
    assert file.read_text() == "one\ntwo\nnumber three\n"
