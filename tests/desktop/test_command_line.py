"""`gui-agent run` and `doctor` with `--platform desktop`, as a user starts them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gui_agent import recorder
from gui_agent.platforms.desktop_virtual import VirtualDisplay
from gui_agent.platforms.desktop_x11 import connect
from tests.cli.driving import CLICK, DONE, LITERAL, gui_agent, runs
from tests.desktop.conftest import SIZE, talker
from tests.desktop.test_catalogue import PROBE
from tests.fake_openai import FakeOpenAI


def desktop(server: FakeOpenAI) -> list[str]:
    known = ["--base-url", server.url, "--dialect", LITERAL, "--yes"]
    return ["run", "Press the middle", "--platform", "desktop", *known]


@pytest.mark.usefixtures("display")  # it also says which programs are missing
async def test_a_virtual_display_is_announced_used_and_ended(tmp_path: Path) -> None:
    async with FakeOpenAI(CLICK, DONE) as server:
        ended = await gui_agent(*desktop(server), "--virtual-display", cwd=tmp_path)
    assert ended.code == 0, ended.err
    said = re.search(r"The virtual display is :(\d+).*x11vnc -localhost -display :\1 ", ended.err)
    assert said, ended.err
    run = recorder.load(runs(tmp_path)[0])
    assert not any(step.error for step in run.steps)
    shot = run.steps[0].observation.screenshot
    assert (shot.width, shot.height) == (1920, 1080)
    assert not Path(f"/tmp/.X11-unix/X{said[1]}").exists()


@pytest.mark.parametrize("takeover", [True, False])
async def test_the_user_s_own_movement_stops_an_action_unless_that_is_turned_off(
    takeover: bool, display: VirtualDisplay, tmp_path: Path
) -> None:
    user = connect(display.name)

    def meanwhile(request: Any) -> str:
        user.screen().root.warp_pointer(200, 300)
        user.sync()
        return CLICK

    option = "--takeover" if takeover else "--no-takeover"
    try:
        with talker(PROBE, *SIZE) as probe:
            async with FakeOpenAI(meanwhile, DONE) as server:
                ended = await gui_agent(*desktop(server), option, cwd=tmp_path)
            pressed = [event for event in probe.events() if event["kind"] == "press"]
    finally:
        user.close()
    assert ended.code == 0, ended.err
    first = recorder.load(runs(tmp_path)[0]).steps[0]
    assert len(pressed) == (0 if takeover else 1)
    assert ("the user was using the mouse" in (first.error or "")) is takeover
    assert ("the user was using the mouse" in ended.err) is takeover


async def test_a_display_that_lets_nobody_in_is_named_with_a_cure(
    display: VirtualDisplay, tmp_path: Path
) -> None:
    keyless = {"XAUTHORITY": str(tmp_path / "none")}
    ended = await gui_agent("doctor", "--platform", "desktop", "--json", cwd=tmp_path, env=keyless)
    assert ended.code == 2
    row = json.loads(ended.out)
    assert (row["name"], row["verdict"]) == ("desktop", "fail")
    assert f"Can't use the X display '{display.name}'" in row["detail"]
    assert "XAUTHORITY" in row["fix"]
