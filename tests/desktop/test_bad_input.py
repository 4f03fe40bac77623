"""What is wrong with a desktop or an order is said in a sentence, and nothing stays behind."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui_agent import Agent
from gui_agent.actions import OpenApp, TypeText
from gui_agent.errors import ActionFailed, SetupError
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.platforms.desktop_checks import checks
from gui_agent.platforms.desktop_virtual import VirtualDisplay, program
from gui_agent.platforms.desktop_x11 import connect
from gui_agent.prompts.json_actions import JsonActions
from gui_agent.trajectory import EndingKind, Trajectory
from tests.desktop.conftest import SIZE, talker
from tests.desktop.tasks import DONE, Make, Script, View, click, model
from tests.desktop.test_catalogue import PROBE
from tests.desktop.test_platform import held
from tests.desktop.test_typing import copy, pasted

UNMANAGED = """
import asyncio, sys
from pathlib import Path
from gui_agent.actions import TypeText
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.platforms.desktop_checks import checks
from tests.desktop.catalogue import at
from tests.desktop.conftest import talker

async def main():
    print(*[row for row in await checks() if row.verdict != "ok"])
    platform = DesktopPlatform(takeover=False)
    await platform.open()
    with talker(Path(sys.argv[1]), 100, 100) as field:
        await platform.perform(TypeText(text="a <b> 汉", at=at(350, 250)))
        print(field.ask("text")["text"])
    await platform.close()

asyncio.run(main())
"""


@pytest.fixture
def server(display: VirtualDisplay) -> Iterator[Any]:
    """A connection of somebody else."""
    connection = connect(display.name)
    yield connection
    connection.close()


async def follow(script: Make) -> Trajectory:
    platform = DesktopPlatform(takeover=False)
    return await Agent(platform, model=model(script), dialect=JsonActions()).run("Follow it.")


async def test_a_screen_that_gets_locked_ends_the_run(server: Any) -> None:
    def script(see: View) -> Script:
        server.force_screen_saver(1)
        server.sync()
        yield {"kind": "wait", "seconds": 0.1}
        yield click({"at": [500, 500]})

    try:
        run = await follow(script)
        with pytest.raises(SetupError, match="locked or blank"):
            await DesktopPlatform(takeover=False).open()
    finally:
        server.force_screen_saver(0)
        server.sync()
    assert run.ending is not None
    assert run.ending.kind is EndingKind.PLATFORM_LOST
    assert "locked or blank. Unlock it" in run.ending.message
    assert len(run.steps) == 1


async def test_a_place_outside_the_screen_is_explained_and_not_clicked(
    display: VirtualDisplay,
) -> None:
    def script(see: View) -> Script:
        yield click({"at": [1500, 500]})
        yield click({"at": [500, -300]})
        yield DONE

    with talker(PROBE, *SIZE) as probe:
        run = await follow(script)
        events = probe.events()
    assert run.ending is not None
    assert run.ending.kind is EndingKind.SUCCEEDED
    outside, negative, _ = [step.error for step in run.steps]
    assert "1500" in (outside or "")
    assert "-300" in (negative or "")
    assert not [event for event in events if event["kind"] == "press"]


async def test_an_application_without_a_window_is_a_failed_action(display: VirtualDisplay) -> None:
    desktop = DesktopPlatform(takeover=False, apps={"Blind": "sleep 12"})
    await desktop.open()
    try:
        with pytest.raises(ActionFailed, match=r"'blind' was started but has shown no window"):
            await desktop.perform(OpenApp(name="blind"))
    finally:
        await desktop.close()


async def test_a_cancelled_paste_gives_the_clipboard_back(
    desktop: DesktopPlatform, server: Any
) -> None:
    user = copy("what I copied")
    while pasted() != "what I copied":
        pass
    with talker(PROBE, *SIZE):  # it never fetches a paste
        task = asyncio.create_task(desktop.perform(TypeText(text="汉字" * 50)))
        await asyncio.to_thread(user.wait, 5)  # it ends when the clipboard is taken from it
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert held(server) == 0
    assert pasted() == "what I copied"


def test_without_a_window_manager_it_warns_and_works(tmp_path: Path) -> None:
    field = Path(__file__).with_name("field.py")
    # -noreset: or the server starts anew between two of its clients.
    command = ("Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-noreset")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as xvfb:
        try:
            assert xvfb.stdout
            number = xvfb.stdout.readline().decode().strip()
            done = subprocess.run(
                [sys.executable, "-c", UNMANAGED, str(field)],
                env={**os.environ, "DISPLAY": f":{number}", "XAUTHORITY": str(tmp_path / "none")},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            xvfb.terminate()
    assert done.returncode == 0, done.stderr
    warning, typed = done.stdout.splitlines()[:2]
    assert "There is none: keys may go nowhere." in warning
    assert typed == "a <b> 汉"


def test_a_virtual_display_names_what_to_install() -> None:
    with pytest.raises(SetupError, match=r"no-such-manager is missing.*apt-get install"):
        program("no-such-manager")


@pytest.mark.parametrize("name", ["folder/that/is/not/there.png", "cross.odd", "cross"])
async def test_doctor_can_not_write_its_picture(
    name: str, display: VirtualDisplay, tmp_path: Path
) -> None:
    found = {check.name: check for check in await checks(picture=tmp_path / name)}
    assert found["picture"].verdict == "fail"
    assert name in found["picture"].detail
    assert ".png" in found["picture"].fix
    assert found["pointer"].verdict == "ok"
    assert not list(tmp_path.iterdir())
