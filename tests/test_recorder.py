"""A run on disk is readable whatever happened to the process that wrote it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gui_agent.actions import Click, Finish, TypeText
from gui_agent.agent import Agent, Limits
from gui_agent.errors import RecordError
from gui_agent.protocols import Sink
from gui_agent.recorder import INTERRUPTED, Recorder, load
from gui_agent.screen import Box
from gui_agent.testing import (
    FakePlatform,
    FakeScreen,
    LiteralDialect,
    ScriptedModel,
    SinkContract,
    literal,
)
from gui_agent.trajectory import EndingKind

SAVE = Click(at=Box.of(20, 20, 220, 50, 400, 300).center, mark=0)
NAME = TypeText(text="Ada 你好\u2028😀\x85", at=Box.of(20, 60, 220, 90, 400, 300).center, mark=1)


def make(recorder: Recorder, *answers: str, limits: Limits | None = None) -> Agent:
    screens = {"form": FakeScreen({"Save": "saved"}, ("Name",)), "saved": FakeScreen()}
    return Agent(
        FakePlatform(screens, "form"),
        model=ScriptedModel(*answers),
        dialect=LiteralDialect(),
        sinks=[recorder],
        limits=limits,
    )


async def test_what_is_read_is_what_happened(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, settings={"viewport": [400, 300]})
    done = literal(Finish(success=True, message="ok"))
    result = await make(recorder, "hm", literal(NAME), literal(SAVE), done).run("Save: 保存!")
    assert recorder.folder is not None
    read = load(recorder.folder)
    assert read.task == result.task
    assert read.ending == result.ending
    assert read.steps == result.steps
    run = json.loads((recorder.folder / "run.json").read_text())
    assert run["settings"] == {"viewport": [400, 300]}
    assert run["steps"] == 4
    assert recorder.folder.name.endswith("save-保存")


async def test_two_runs_at_once_have_two_folders(tmp_path: Path) -> None:
    done = literal(Finish(success=True))
    recorders = [Recorder(tmp_path) for _ in range(3)]
    await asyncio.gather(*(make(r, done).run("Same goal") for r in recorders))
    assert len({r.folder for r in recorders}) == 3


async def test_a_resumed_run_goes_on_in_its_folder(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    await make(recorder, literal(NAME), limits=Limits(steps=1)).run("Save")
    assert recorder.folder is not None
    stopped = load(recorder.folder)
    again = Recorder(resume=recorder.folder)
    await make(again, literal(SAVE), literal(Finish(success=True))).run(resume=stopped)
    read = load(recorder.folder)
    assert [step.index for step in read.steps] == [0, 1, 2]
    assert read.ending is not None
    assert read.ending.kind is EndingKind.SUCCEEDED
    assert len(list(tmp_path.iterdir())) == 1


VICTIM = """
import asyncio, sys
from gui_agent.actions import Wait
from gui_agent.testing import FakePlatform, FakeScreen, LiteralDialect, ScriptedModel, literal
from gui_agent.agent import Agent, Limits
from gui_agent.recorder import Recorder

class Slow(FakePlatform):
    async def perform(self, action):
        if len(self.performed) == 2 and sys.argv[2] == "in the middle of an action":
            print("now", flush=True)
            await asyncio.sleep(60)
        if len(self.performed) == 40:
            print("now", flush=True)
        return await super().perform(action)

screens = {"home": FakeScreen({"Go": "home"}, texts=tuple("abcd"))}
model = ScriptedModel(*[literal(Wait(seconds=1 + n / 100)) for n in range(5000)])
agent = Agent(Slow(screens), model=model, dialect=LiteralDialect(),
              sinks=[Recorder(sys.argv[1])], limits=Limits(steps=5000))
agent.run_sync("Wait")
"""


@pytest.mark.parametrize("moment", ["in the middle of an action", "at any moment"])
def test_a_killed_run_can_be_read(tmp_path: Path, moment: str) -> None:
    victim = subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(tmp_path), moment], stdout=subprocess.PIPE
    )
    assert victim.stdout is not None
    assert victim.stdout.readline() == b"now\n"
    if moment == "at any moment":
        time.sleep(int.from_bytes(os.urandom(1)) / 2000)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    victim.stdout.close()
    read = load(next(tmp_path.iterdir()))
    assert read.ending is None
    assert [step.index for step in read.steps] == list(range(len(read.steps)))
    assert all(step.observation.screenshot.data for step in read.steps)
    if moment == "at any moment":
        assert len(read.steps) >= 40
    else:
        assert len(read.steps) == 3
        assert [step.error for step in read.steps] == ["", "", INTERRUPTED]


async def test_a_run_torn_at_any_byte_can_be_read(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    await make(recorder, literal(NAME), literal(Finish(success=True))).run("Save")
    assert recorder.folder is not None
    steps = recorder.folder / "steps.jsonl"
    whole = steps.read_bytes()
    first = whole.index(b"\n")
    for size in range(len(whole)):
        steps.write_bytes(whole[:size])
        read = load(recorder.folder).steps
        assert len(read) <= 2
        assert bool(read) is (size >= first)


async def test_a_torn_run_loses_nothing_more_when_it_goes_on(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    await make(recorder, literal(NAME), literal(SAVE), limits=Limits(steps=2)).run("Save")
    assert recorder.folder is not None
    steps = recorder.folder / "steps.jsonl"
    steps.write_bytes(steps.read_bytes()[:-40])
    torn = load(recorder.folder)
    again = Recorder(resume=recorder.folder)
    await make(again, literal(Finish(success=True))).run(resume=torn)
    read = load(recorder.folder).steps
    assert [step.index for step in read] == [0, 1, 2]
    assert read[1].error == INTERRUPTED
    *_, chosen, done = steps.read_bytes().splitlines()
    assert [json.loads(line)["stage"] for line in (chosen, done)] == ["chosen", "done"]


async def test_a_full_disk_ends_the_run_with_one_clear_error(tmp_path: Path) -> None:
    class Full(Recorder):
        def _picture(self, name: str, data: bytes) -> None:
            with Path("/dev/full").open("wb") as file:
                file.write(data)

    recorder = Full(tmp_path)
    agent = make(recorder, literal(SAVE))
    with pytest.raises(RecordError, match=r"No space left on device.*--run-dir"):
        await agent.run("Save")
    assert recorder.folder is not None
    assert load(recorder.folder).task.goal == "Save"


async def test_a_root_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("not a folder")
    with pytest.raises(RecordError, match="can't be written"):
        await make(Recorder(tmp_path / "runs"), literal(SAVE)).run("Save")


@pytest.mark.parametrize("content", [None, "{", '{"schema": 1}', '{"schema": 99, "version": "9"}'])
def test_what_is_no_run_is_a_clear_error(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "run.json").write_text(content)
    with pytest.raises(RecordError):
        load(tmp_path)


class TestRecorder(SinkContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def make(self) -> Sink:
        return Recorder(self.folder)
