"""A run can be stopped wherever it waits; what was begun is recorded, and nothing stays open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from gui_agent import recorder
from gui_agent.actions import Action, Click
from gui_agent.agent import Agent
from gui_agent.protocols import Message, Sampling
from gui_agent.recorder import Recorder
from gui_agent.screen import Observation, Point
from gui_agent.testing import FakePlatform, FakeScreen, LiteralDialect, ScriptedModel
from gui_agent.trajectory import Completion, EndingKind, Task, Verdict

PRESS = Click(at=Point(0.5, 0.5)).model_dump_json()


class Gate:
    """Holds whoever comes to this place, for ever."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.reached = asyncio.Event()

    async def __call__(self, place: str) -> None:
        if place == self.place:
            self.reached.set()
            await asyncio.Event().wait()


class HeldPlatform(FakePlatform):
    def __init__(self, gate: Gate) -> None:
        super().__init__({"home": FakeScreen({"Go": "home"})})
        self.gate, self.looks = gate, 0

    async def open(self) -> None:
        await super().open()
        await self.gate("opening")

    async def observe(self) -> Observation:
        self.looks += 1
        await self.gate(f"look {self.looks}")
        return await super().observe()

    async def perform(self, action: Action) -> str:
        await self.gate("acting")
        return ""


class HeldModel(ScriptedModel):
    def __init__(self, gate: Gate) -> None:
        super().__init__(PRESS)
        self.gate = gate

    async def identify(self) -> str:
        await self.gate("naming")
        return await super().identify()

    async def complete(
        self,
        messages: tuple[Message, ...],
        sampling: Sampling,
        until: Callable[[str], bool] | None = None,
    ) -> Completion:
        await self.gate("answering")
        return await super().complete(messages, sampling, until)


class HeldGuard:
    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    async def review(self, action: Action, observation: Observation, task: Task) -> Verdict:
        await self.gate("reviewing")
        return Verdict(True)


@pytest.mark.parametrize(
    ("place", "steps"),
    [
        ("naming", None),
        ("opening", None),
        ("look 1", None),
        ("answering", 0),
        ("reviewing", 1),
        ("acting", 1),
        ("look 2", 1),
    ],
)
async def test_a_run_is_stopped_wherever_it_waits(
    tmp_path: Path, place: str, steps: int | None
) -> None:
    """`steps`: how many are on disk afterwards; None before there is anything to record."""
    gate = Gate(place)
    platform, model, record = HeldPlatform(gate), HeldModel(gate), Recorder(tmp_path)
    agent = Agent(
        platform, model=model, dialect=LiteralDialect(), guard=HeldGuard(gate), sinks=[record]
    )
    running = asyncio.create_task(agent.run("Press it"))
    await gate.reached.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (platform.closed, model.closed) == (1, True)
    if steps is None:
        assert record.folder is None
        return
    assert record.folder is not None
    recorded = recorder.load(record.folder)
    assert len(recorded.steps) == steps
    assert recorded.ending is not None
    assert recorded.ending.kind is EndingKind.CANCELLED
