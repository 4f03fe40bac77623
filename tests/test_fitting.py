"""A run goes on with less when its server says that it was asked too much."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from gui_agent.actions import Finish
from gui_agent.agent import Agent
from gui_agent.console import ConsoleSink
from gui_agent.errors import ModelError
from gui_agent.fitting import LEAST_ANSWER, Fitting
from gui_agent.images import fit, tokens
from gui_agent.prompts.glm41v import Glm41vDesktop, Glm41vWeb
from gui_agent.protocols import Image, Message, Sampling
from gui_agent.recorder import Recorder, load
from gui_agent.scaled import Scaled
from gui_agent.screen import Observation
from gui_agent.testing import (
    DialectContract,
    FakePlatform,
    FakeScreen,
    LiteralDialect,
    ScriptedModel,
    literal,
)
from gui_agent.trajectory import Outcome, Reply, Step, Task, Trajectory
from tests.prompts.screens import WAIT, picture, screen

FULL = ModelError("The conversation doesn't fit.", "context")
MANY = ModelError("Too many pictures.", "images")


def run_of(steps: int, seen: Observation) -> Trajectory:
    reply = Reply(WAIT, note="note")
    made = [
        Step(
            index,
            seen,
            reply=replace(reply, note=f"note {index}", memory="{}" if index == 1 else ""),
            outcome=Outcome(True),
        )
        for index in range(steps)
    ]
    return Trajectory(Task("Buy a lamp"), made)


def less(fitting: Fitting, error: ModelError, run: Trajectory, answer: int = 0) -> str:
    seen = screen(2)
    messages = fitting.prompt(Glm41vDesktop(), run, seen)
    return fitting.less(error, run, messages, answer)


def test_the_answer_shrinks_first_then_the_oldest_steps_then_the_pictures() -> None:
    fitting, run = Fitting(), run_of(3, screen(2))
    said = [less(fitting, FULL, run, 8192)]
    assert fitting.sampling(Sampling(max_tokens=8192)).max_tokens == LEAST_ANSWER
    assert fitting.sampling(Sampling(max_tokens=64)).max_tokens == 64
    said += [less(fitting, FULL, run, LEAST_ANSWER) for _ in range(5)]
    assert said[0] == "for an answer of 2048 tokens instead of 8192"
    assert said[1:3] == ["without its oldest 2 steps", "without its oldest 3 steps"]
    assert said[-1] == "", "nothing is left to leave out"


def test_the_model_is_told_and_keeps_its_memory() -> None:
    fitting, run, seen = Fitting(), run_of(4, screen(2)), screen(2)
    assert less(fitting, FULL, run)
    [message] = fitting.prompt(Glm41vWeb(), run, seen)
    assert "oldest steps are no longer shown" in message.text
    assert "note 3" in message.text
    assert "note 0" not in message.text
    assert "note 1" in message.text, "the one whose memory is still in use"
    assert "oldest steps" not in Glm41vWeb().prompt(run, seen)[0].text


def sizes(messages: tuple[Message, ...]) -> list[int]:
    return [p.width for message in messages for p in message.parts if isinstance(p, Image)]


def test_too_many_pictures_leave_the_current_one_and_the_newest() -> None:
    seen = [replace(screen(2), screenshot=picture(600 + 10 * n, 300)) for n in range(6)]
    steps = [replace(step, observation=seen[n]) for n, step in enumerate(run_of(5, seen[0]).steps)]
    run, fitting, dialect = Trajectory(Task("x"), steps), Fitting(), Glm41vDesktop()
    everything = sizes(dialect.prompt(run, seen[5]))
    assert len(everything) == 5
    for left in (4, 3, 2, 1):
        messages = fitting.prompt(dialect, run, seen[5])
        assert fitting.less(MANY, run, messages, 0)
        shown = sizes(fitting.prompt(dialect, run, seen[5]))
        assert len(shown) == left
        assert max(everything) in shown
    assert "left out" in fitting.prompt(dialect, run, seen[5])[0].text
    assert not fitting.less(MANY, run, fitting.prompt(dialect, run, seen[5]), 0)


def test_other_errors_are_not_helped_by_less() -> None:
    for kind in ("", "key", "model", "text_only"):
        assert not less(Fitting(), ModelError("no", kind), run_of(3, screen(2)), 8192)


async def test_a_run_survives_a_full_context_and_says_what_was_left_out(tmp_path: Path) -> None:
    go = literal(WAIT)
    model = ScriptedModel(go, go, FULL, FULL, go, literal(Finish(success=True)))
    platform = FakePlatform({"home": FakeScreen({"Save": "home"})})
    shown, recorder = io.StringIO(), Recorder(tmp_path)
    sinks = (recorder, ConsoleSink(Console(file=shown, width=200)))
    agent = Agent(platform, model=model, dialect=LiteralDialect(), sinks=sinks)
    run = await agent.run("Save")
    assert run.succeeded
    assert len(run.steps) == 4
    texts = [asked[0].text for asked in model.asked]
    assert "0: " in texts[1]
    assert "0: " not in texts[-1], "what did not fit is not asked for again"
    said = "without its oldest 1 steps, then without its oldest 2 steps"
    assert recorder.folder
    assert [step.shortened for step in load(recorder.folder).steps] == ["", "", said, ""]
    assert f"refused so long a conversation: asked again {said}" in shown.getvalue()


async def test_a_question_that_can_not_shrink_ends_the_run() -> None:
    model = ScriptedModel(FULL)
    platform = FakePlatform({"home": FakeScreen()})
    run = await Agent(platform, model=model, dialect=LiteralDialect()).run("Save")
    assert run.ending
    assert (run.ending.kind, run.ending.message) == ("model_error", str(FULL))
    assert len(model.asked) == 1


class TestScaled(DialectContract):
    def make(self) -> Any:
        return Scaled(LiteralDialect(), 0.5)

    def answers(self) -> Any:
        return {literal(WAIT): WAIT}


def test_a_smaller_picture_lies_on_the_grid_and_is_always_the_same_bytes() -> None:
    seen = replace(screen(2), screenshot=picture(1080, 2400))
    run = run_of(2, seen)
    [message] = Scaled(Glm41vWeb(), 0.5).prompt(run, seen)
    shown = message.parts[0]
    assert isinstance(shown, Image)
    assert (shown.width, shown.height) == fit(540, 1200)
    assert tokens(shown.width, shown.height) == tokens(540, 1200) == 817
    assert Scaled(Glm41vWeb(), 0.5).prompt(run, seen)[0].parts[0] == shown


def test_a_damaged_recorded_picture_is_left_to_the_dialect() -> None:
    seen = screen(2)
    damaged = replace(seen, screenshot=replace(seen.screenshot, data=b"torn"))
    assert Scaled(Glm41vDesktop(), 0.5).prompt(run_of(1, damaged), seen)


def test_only_a_dialect_with_a_grammar_has_one_when_scaled() -> None:
    seen = screen(2)
    assert Scaled(Glm41vWeb(), 0.5).grammar(seen) == Glm41vWeb().grammar(seen)
    assert Scaled(LiteralDialect(), 0.5).grammar(seen) == ""
