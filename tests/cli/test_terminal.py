"""A person at a terminal: asked for goals, and for consent."""

from pathlib import Path

import pytest

from gui_agent import recorder
from gui_agent.cli.exits import Exit
from tests.cli.driving import CLICK, DONE, Terminal, options, runs, titles
from tests.fake_openai import FakeOpenAI

pytestmark = pytest.mark.browser


async def test_one_goal_after_the_other_in_the_same_browser(tmp_path: Path) -> None:
    async with (
        FakeOpenAI(CLICK, DONE, CLICK, DONE) as server,
        Terminal(["run", *options(server, tmp_path)], tmp_path) as terminal,
    ):
        await terminal.sees("What should be done?")
        terminal.types("press it ✓\n")
        await terminal.sees("What should be done?", times=2)
        terminal.types("press it again\n")
        await terminal.sees("What should be done?", times=3)
        terminal.types("\n")
        assert await terminal.code() == 0, terminal.shown
    first, second = runs(tmp_path)
    assert recorder.load(first).task.goal == "press it ✓"
    assert titles(first) == ["untouched", "pressed 1"]
    assert titles(second) == ["pressed 1", "pressed 2"]


@pytest.mark.parametrize(("answer", "pressed"), [("y", True), ("", False)])
async def test_a_person_decides_on_what_is_risky(
    tmp_path: Path, answer: str, pressed: bool
) -> None:
    html = """<button style='position:fixed;inset:0;width:100%'
      onclick='document.title = "gone"'>Delete it</button>"""
    async with FakeOpenAI(CLICK, DONE) as server:
        args = ["run", "go", *options(server, tmp_path, html)]
        async with Terminal(args, tmp_path) as terminal:
            await terminal.sees("Allow? [y/N]")
            terminal.types(f"{answer}\n")
            assert await terminal.code() == 0, terminal.shown
    assert (titles(runs(tmp_path)[0])[-1] == "gone") is pressed


async def test_ctrl_c_at_the_question_ends_it(tmp_path: Path) -> None:
    async with (
        FakeOpenAI(DONE) as server,
        Terminal(["run", *options(server, tmp_path)], tmp_path) as terminal,
    ):
        await terminal.sees("What should be done?")
        terminal.ctrl_c()
        assert await terminal.code() == Exit.INTERRUPTED, terminal.shown
    assert "Traceback" not in terminal.shown
