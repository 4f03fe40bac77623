"""`gui-agent run --platform android`: whole runs, and what the user reads when one can't be."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from gui_agent import recorder
from gui_agent.agent import Agent
from gui_agent.cli.exits import Exit
from gui_agent.prompts.json_actions import JsonActions
from gui_agent.protocols import Message
from gui_agent.recorder import Recorder
from gui_agent.testing import Script, ScriptedModel
from gui_agent.trajectory import EndingKind, Trajectory
from tests.cli.driving import LITERAL, action, ending, gui_agent, runs
from tests.fake_openai import FakeOpenAI
from tests.phone import AdbServer, Phone
from tests.phone.client import until
from tests.phone.driving import drive
from tests.phone.scripts import Line, act, finish, press

pytestmark = [pytest.mark.phone, pytest.mark.slow]

OPEN = action("open_app", name="Notes")
DONE = action("finish", success=True, message="all done")
HOME = act("home")


async def test_a_run_from_the_command_line(phone: Phone, tmp_path: Path) -> None:
    phone.reset()
    async with FakeOpenAI(OPEN, DONE) as model:
        done = await gui_agent(
            *("run", "open the notes", "--platform", "android", "--serial", phone.serial),
            *("--base-url", model.url, "--dialect", LITERAL),
            cwd=tmp_path,
            env=phone.env,
        )
    assert done.code == Exit.DONE, done.err
    assert phone.state["foreground"] == "com.example.notes"
    assert phone.state["u2_port"] is None
    (run,) = runs(tmp_path)
    assert [step.observation.where for step in recorder.load(run).steps][1] == "com.example.notes"


async def refused(*options: str, env: dict[str, str], folder: Path) -> str:
    """The one line that a run on the phone ends with before it has begun."""
    async with FakeOpenAI(OPEN, DONE) as model:
        done = await gui_agent(
            *("run", "open the notes", "--platform", "android", *options),
            *("--base-url", model.url, "--dialect", LITERAL),
            cwd=folder,
            env=env,
        )
    assert done.code == Exit.SETUP, done.err
    return done.complaint


async def test_no_phone_no_adb_and_a_wrong_name(tmp_path: Path) -> None:
    with AdbServer() as server:
        env = server.env
        no_adb = {**env, "ADBUTILS_ADB_PATH": "/nowhere/adb", "ANDROID_ADB_SERVER_PORT": "9"}
        wrong = {**env, "ANDROID_ADB_SERVER_PORT": "five"}
        none, unknown, without, word = await asyncio.gather(
            refused(env=env, folder=tmp_path),
            refused("--serial", "X1", env=env, folder=tmp_path),
            refused(env=no_adb, folder=tmp_path),
            refused(env=wrong, folder=tmp_path),
        )
    assert "USB debugging" in none
    assert "There is no phone 'X1'" in unknown
    assert "/nowhere/adb start-server" in without
    assert "must be a number, not 'five'" in word


async def test_unauthorized_offline_and_several(server: AdbServer, tmp_path: Path) -> None:
    with Phone(server=server) as phone:
        for fault, words in (("unauthorized", "accept the question"), ("offline", "plug it in")):
            phone.break_(fault)
            assert until(lambda wanted=fault: phone.adb_state() == wanted)  # type: ignore[misc]
            said = await refused("--serial", phone.serial, env=dict(phone.env), folder=tmp_path)
            assert words in said
            phone.mend(fault)
        with Phone(server=server):
            assert "--serial" in await refused(env=dict(phone.env), folder=tmp_path)


async def test_a_full_phone_and_one_that_forbids_taps(server: AdbServer, tmp_path: Path) -> None:
    for fault, words in (("storage_full", "free a few"), ("inject_denied", "Security settings")):
        with Phone("miui", server=server) as phone, phone.fault(fault):
            said = await refused("--serial", phone.serial, env=dict(phone.env), folder=tmp_path)
            assert words in said


async def run(phone: Phone, folder: Path, *script: Script | Line) -> tuple[Trajectory, Trajectory]:
    """A scripted run, as it was and as it lies in its folder."""
    agent = Agent(
        drive(phone, patience=3),
        model=ScriptedModel(*script),
        dialect=JsonActions(),
        sinks=[Recorder(folder / "runs")],
    )
    done = await agent.run("Look around")
    (recorded,) = runs(folder)
    return done, recorder.load(recorded)


def breaking(happens: Callable[[], object], then: Line) -> Line:
    """While the model thinks, something happens to the phone."""

    def line(messages: tuple[Message, ...]) -> str:
        happens()
        return then(messages)

    return line


@pytest.mark.parametrize(
    ("faults", "options", "kind", "words"),
    [
        (["lost"], {}, EndingKind.PLATFORM_LOST, "is gone: check the cable or the Wi-Fi"),
        (["left_network"], {}, EndingKind.PLATFORM_LOST, "is gone: check the cable or the Wi-Fi"),
        (["unauthorized"], {}, EndingKind.PLATFORM_LOST, "accept the question"),
        (["inject_denied"], {}, EndingKind.PLATFORM_LOST, "USB debugging (Security settings)"),
        (
            ["already_registered", "server_killed"],
            {},
            EndingKind.PLATFORM_LOST,
            "Another program holds the phone's UiAutomation",
        ),
        (
            ["screenshot_null", "screencap_fails"],
            {},
            EndingKind.PLATFORM_LOST,
            "gives no picture of its screen",
        ),
        (["locked"], {"pin": "1234"}, EndingKind.HANDED_OVER, "unlock it"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
async def test_a_phone_lost_on_the_way_ends_the_run_and_keeps_its_folder(
    server: AdbServer,
    tmp_path: Path,
    faults: list[str],
    options: dict[str, str],
    kind: EndingKind,
    words: str,
) -> None:
    with Phone(server=server) as phone:

        def break_() -> None:
            for fault in faults:
                phone.break_(fault, **options)

        script = (HOME, breaking(break_, press("Notes")))
        done, recorded = await run(phone, tmp_path, *script)
        assert done.ending is not None
        assert done.ending.kind is kind
        assert words in done.ending.message
        assert recorded.ending == done.ending
        assert len(recorded.steps) == len(done.steps) > 0
        assert all(step.observation.screenshot.data for step in recorded.steps)
        for fault in faults:
            phone.mend(fault)


@pytest.mark.parametrize("fault", ["lost", "left_network", "link_drop", "offline"])
async def test_a_phone_lost_in_a_step_and_back_goes_on(
    server: AdbServer, tmp_path: Path, fault: str
) -> None:
    with Phone(server=server) as phone:

        def drop() -> None:
            phone.break_(fault)
            if fault != "link_drop":
                threading.Timer(1.0, lambda: phone.mend(fault)).start()

        script = (HOME, breaking(drop, press("Notes")), finish())
        done, recorded = await run(phone, tmp_path, *script)
        assert done.succeeded, done.ending
        assert recorded.steps[-1].observation.where == "com.example.notes"
        taps = [line for line in phone.injected if line.startswith("down")]
        assert len(taps) == 1, "it was tapped once"


async def test_asleep_on_the_way_is_woken_and_looked_at_again(phone: Phone, tmp_path: Path) -> None:
    phone.reset()
    script = (HOME, breaking(lambda: phone.break_("asleep"), press("Notes")), press("Notes"))
    done, _ = await run(phone, tmp_path, *script, finish())
    assert done.succeeded
    assert "dark" in done.steps[1].feedback
    assert phone.state["foreground"] == "com.example.notes"
    phone.mend("asleep")


async def test_the_command_line_hands_over_at_the_bank(phone: Phone, tmp_path: Path) -> None:
    phone.reset()
    async with FakeOpenAI(action("open_app", name="Harbour Bank"), DONE) as model:
        done = await gui_agent(
            *("run", "pay", "--platform", "android", "--serial", phone.serial),
            *("--base-url", model.url, "--dialect", LITERAL),
            cwd=tmp_path,
            env=phone.env,
        )
    assert done.code == Exit.PERSON, done.err
    assert ending(runs(tmp_path)[0]) == EndingKind.HANDED_OVER
    assert "protected from pictures" in done.err
