"""The embedded baseline at a desktop: the accessibility bus lists what it uses, OCR confirms it."""

from __future__ import annotations

from pathlib import Path

from gui_agent import GLM, Agent, Limits
from gui_agent.baseline.server import BaselineServer
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.trajectory import EndingKind, Trajectory
from tests.desktop.conftest import app, window


async def pursue(goal: str) -> Trajectory:
    platform = DesktopPlatform(takeover=False, elements=True)
    async with BaselineServer() as server:
        agent = Agent(platform, model=GLM(server.base_url), limits=Limits(steps=15))
        run = await agent.run(goal)
    assert run.ending is not None
    assert run.ending.kind is EndingKind.SUCCEEDED, run.ending
    assert [step.error for step in run.steps if step.error] == []
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
