"""Runs that are stopped: by Ctrl-C, by a browser that dies; and how they go on."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from gui_agent import recorder
from gui_agent.cli.exits import Exit
from tests.cli.driving import (
    CLICK,
    DONE,
    Chromium,
    ctrl_c,
    ended,
    ending,
    gui_agent,
    options,
    runs,
    start,
    titles,
)
from tests.fake_openai import Body, FakeOpenAI, Hang

pytestmark = pytest.mark.browser


def processes_with(text: str) -> list[str]:
    """Command lines of running processes that mention this text."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # it ended meanwhile
            continue
    return [line for line in lines if text in line]


@pytest.fixture
def short_folder() -> Iterator[str]:
    """Short enough for the sockets that a browser makes in its temporary folder."""
    with TemporaryDirectory(prefix="ga-") as folder:
        yield folder


async def test_ctrl_c_keeps_the_run_and_it_can_go_on(tmp_path: Path, short_folder: str) -> None:
    thinking = asyncio.Event()

    def hang(_: Body) -> Hang:
        thinking.set()
        return Hang()

    async with FakeOpenAI(CLICK, hang) as server:
        args = [*options(server, tmp_path), "--save-storage-state", "cookies.json"]
        process = await start("run", "go", *args, cwd=tmp_path, env={"TMPDIR": short_folder})
        await asyncio.wait_for(thinking.wait(), 30)
        ctrl_c(process)
        stopped = await ended(process)
    run = runs(tmp_path)[0]
    assert stopped.code == Exit.INTERRUPTED
    assert f"Recorded in runs/{run.name}" in stopped.err
    assert "Traceback" not in stopped.err
    assert ending(run) == "cancelled"
    assert titles(run) == ["untouched"]
    assert "cookies" in json.loads((tmp_path / "cookies.json").read_text("utf-8"))
    assert processes_with(short_folder) == [], "a browser was left behind"

    async with FakeOpenAI(CLICK, DONE) as server:
        resumed = await gui_agent(
            "run", "--resume", f"runs/{run.name}", "--base-url", server.url, cwd=tmp_path
        )
    assert resumed.code == 0, resumed.err
    assert len(runs(tmp_path)) == 1
    assert [step.index for step in recorder.load(run).steps] == [0, 1, 2]
    assert ending(run) == "succeeded"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chromium]:
    with Chromium(tmp_path / "theirs") as running:
        yield running


async def test_a_browser_that_dies_ends_the_run_by_its_name(
    tmp_path: Path, browser: Chromium
) -> None:
    def after_killing(_: Body) -> str:
        browser.kill()
        return CLICK

    async with FakeOpenAI(after_killing) as server:
        args = [*options(server, tmp_path), *browser.options]
        done = await gui_agent("run", "go", *args, cwd=tmp_path)
    assert done.code == Exit.PLATFORM, done.err
    assert ending(runs(tmp_path)[0]) == "platform_lost"
    assert "Traceback" not in done.err
