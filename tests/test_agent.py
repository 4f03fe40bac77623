"""The loop, driven by a scripted model on a platform in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from pydantic import BaseModel

from gui_agent.actions import (
    Action,
    Answer,
    AskUser,
    Click,
    Finish,
    GoBack,
    OpenUrl,
    TypeText,
    Wait,
)
from gui_agent.agent import Agent, Limits
from gui_agent.errors import ModelError, PersonNeeded, SetupError, Stopped
from gui_agent.events import Event, RunEnded, StepStarted
from gui_agent.guard import AskPerson
from gui_agent.protocols import Sink
from gui_agent.screen import Box, Observation, Point
from gui_agent.testing import (
    FakePlatform,
    FakeScreen,
    LiteralDialect,
    Script,
    ScriptedModel,
    literal,
)
from gui_agent.trajectory import Completion, EndingKind, Task, Usage, Verdict

SAVE = Click(at=Box.of(20, 20, 220, 50, 400, 300).center, mark=0)
NAME = TypeText(text="Ada", at=Box.of(20, 60, 220, 90, 400, 300).center, mark=1, clear=True)
NOWHERE = Click(at=Point(0.99, 0.99))
DONE = literal(Finish(success=True, message="saved"))


def form() -> FakePlatform:
    screens = {"form": FakeScreen({"Save": "saved"}, ("Name",)), "saved": FakeScreen()}
    return FakePlatform(screens, "form")


def agent(
    platform: FakePlatform,
    *script: Script | Action,
    sinks: Sequence[Sink] = (),
    limits: Limits | None = None,
) -> Agent:
    model = ScriptedModel(*(x if _is_script(x) else literal(x) for x in script))  # type: ignore[arg-type]
    return Agent(platform, model=model, dialect=LiteralDialect(), sinks=sinks, limits=limits)


def _is_script(item: Script | Action) -> bool:
    return isinstance(item, str | Completion | Exception) or not hasattr(item, "kind")


def scripted(made: Agent) -> ScriptedModel:
    assert isinstance(made.model, ScriptedModel)
    return made.model


async def test_acts_until_the_model_is_done() -> None:
    platform = form()
    result = await agent(platform, NAME, SAVE, DONE).run("Save the name Ada")
    assert platform.typed == {"Name": "Ada"}
    assert platform.path == ["form", "saved"]
    assert result.ending is not None
    assert (result.ending.kind, result.ending.message) == (EndingKind.SUCCEEDED, "saved")
    assert result.succeeded
    assert [step.outcome.changed for step in result.steps if step.outcome] == [True, True, None]


async def test_each_step_sees_what_the_last_one_left() -> None:
    result = await agent(form(), SAVE, DONE).run("Save")
    assert [step.observation.where for step in result.steps] == ["fake://form", "fake://saved"]


async def test_the_goal_and_the_past_reach_the_model() -> None:
    made = agent(form(), NOWHERE, DONE)
    await made.run("  Save  ")
    last = scripted(made).asked[-1][0].text
    assert "Goal: Save\n" in last
    assert "There is nothing at this place." in last


async def test_an_action_without_effect_is_reported() -> None:
    made = agent(form(), TypeText(text="", at=NAME.at, mark=1), DONE)
    result = await made.run("Do nothing")
    assert result.steps[0].outcome is not None
    assert result.steps[0].outcome.changed is False
    assert "nothing changed" in scripted(made).asked[-1][0].text


async def test_an_answer_ends_the_run() -> None:
    result = await agent(form(), Answer(text="42")).run("How many?")
    assert result.answer == "42"
    assert result.ending is not None
    assert result.ending.kind is EndingKind.ANSWERED


async def test_giving_up_is_not_success() -> None:
    result = await agent(form(), Finish(success=False, message="no such page")).run("Go")
    assert result.ending is not None
    assert result.ending.kind is EndingKind.INFEASIBLE
    assert not result.succeeded


async def test_three_unusable_answers_end_the_run_as_failed() -> None:
    platform = form()
    made = agent(platform, "hm", "hm", "hm")
    result = await made.run("Save")
    assert result.ending is not None
    assert result.ending.kind is EndingKind.FAILED
    assert platform.performed == []
    assert "That is not an action" in scripted(made).asked[1][0].text
    assert [s.temperature for s in scripted(made).sampled] == [0.0, 0.0, 0.7]


async def test_a_good_answer_resets_the_strikes() -> None:
    result = await agent(form(), "hm", "hm", SAVE, "hm", "hm", DONE).run("Save")
    assert result.succeeded


async def test_a_repetition_loop_is_resampled_at_once() -> None:
    made = agent(form(), Completion("a a a", "repetition"), DONE)
    await made.run("Save")
    assert scripted(made).sampled[-1].temperature == 0.7


async def test_the_same_action_again_and_again_is_nudged_resampled_and_stopped() -> None:
    made = agent(form(), *[GoBack()] * 5)
    result = await made.run("Save")
    assert result.ending is not None
    assert result.ending.kind is EndingKind.STUCK
    assert len(result.steps) == 5
    assert "repeating yourself" in result.steps[2].feedback
    assert "no page to go back" in result.steps[2].feedback
    assert [s.temperature for s in scripted(made).sampled] == [0, 0, 0, 0, 0.7]


async def test_two_screens_taking_turns_are_stuck() -> None:
    screens = {"a": FakeScreen({"There": "b"}), "b": FakeScreen({"Back": "a"})}
    to_and_fro = [OpenUrl(url="fake://b"), OpenUrl(url="fake://a")] * 4
    made = agent(FakePlatform(screens, "a"), *to_and_fro)
    made.guard = Yes()
    result = await made.run("Go")
    assert result.ending is not None
    assert result.ending.kind is EndingKind.STUCK
    assert len(result.steps) == 8


async def test_waiting_forever_is_stuck() -> None:
    result = await agent(form(), *[Wait(seconds=1)] * 7).run("Wait")
    assert result.ending is not None
    assert result.ending.kind is EndingKind.STUCK


@pytest.mark.parametrize(
    ("limits", "steps"),
    [(Limits(steps=2), 2), (Limits(tokens=250), 3)],
)
async def test_budgets_end_the_run(limits: Limits, steps: int) -> None:
    screens = {name: FakeScreen({"Next": chr(ord(name) + 1)}) for name in "abcdefgh"}
    made = agent(FakePlatform(screens, "a"), *[SAVE] * 6, limits=limits)
    result = await made.run("Go on")
    assert result.ending is not None
    assert result.ending.kind is EndingKind.OUT_OF_BUDGET
    assert len(result.steps) == steps


async def test_the_time_budget_ends_even_a_model_that_never_answers() -> None:
    made = agent(form(), SAVE, limits=Limits(seconds=0.1))
    scripted(made).delay = 600
    result = await made.run("Save")
    assert result.ending is not None
    assert result.ending.kind is EndingKind.OUT_OF_BUDGET
    assert result.steps == []


async def test_a_lost_platform_keeps_the_step_it_was_lost_in() -> None:
    platform = FakePlatform({"form": FakeScreen({"Save": "form"})}, "form", lost_after=1)
    result = await agent(platform, SAVE, DONE).run("Save")
    assert result.ending is not None
    assert result.ending.kind is EndingKind.PLATFORM_LOST
    assert len(result.steps) == 1
    assert "lost" in result.steps[0].error
    assert platform.closed == 1


class Braked(FakePlatform):
    async def perform(self, action: Action) -> str:
        raise Stopped("Stopped by you: the pointer is in a corner.")


async def test_a_brake_pulled_by_the_user_cancels_the_run() -> None:
    platform = Braked({"form": FakeScreen({"Save": "form"})}, "form")
    result = await agent(platform, SAVE, DONE).run("Save")
    assert result.ending is not None
    assert result.ending.kind is EndingKind.CANCELLED
    assert "Stopped by you" in result.ending.message
    assert [step.error for step in result.steps] == [result.ending.message]
    assert platform.closed == 1


async def test_a_model_that_stays_down_ends_the_run() -> None:
    result = await agent(form(), SAVE, ModelError("The server does not answer.")).run("Save")
    assert result.ending is not None
    assert result.ending.kind is EndingKind.MODEL_ERROR
    assert len(result.steps) == 1


async def test_an_empty_goal_is_refused() -> None:
    with pytest.raises(SetupError, match="goal is empty"):
        await agent(form(), DONE).run("  ")


class Yes:
    async def review(self, action: Action, observation: Observation, task: Task) -> Verdict:
        return Verdict(True)


class No:
    def __init__(self, *, stop: bool = False) -> None:
        self.stop = stop

    async def review(self, action: Action, observation: Observation, task: Task) -> Verdict:
        return Verdict(False, "not on my watch", self.stop)


class Broken:
    async def review(self, action: Action, observation: Observation, task: Task) -> Verdict:
        raise RuntimeError("oops")


async def test_a_refused_action_is_not_performed_and_the_model_hears_why() -> None:
    platform = form()
    made = agent(platform, SAVE, SAVE, SAVE)
    made.guard = No()
    result = await made.run("Save")
    assert platform.performed == []
    assert "not on my watch" in scripted(made).asked[1][0].text
    assert result.ending is not None
    assert result.ending.kind is EndingKind.REFUSED
    assert len(result.steps) == 3


async def test_a_guard_can_end_the_run() -> None:
    made = agent(form(), SAVE)
    made.guard = No(stop=True)
    result = await made.run("Save")
    assert result.ending is not None
    assert (result.ending.kind, result.ending.message) == (EndingKind.REFUSED, "not on my watch")


async def test_a_broken_guard_lets_nothing_pass() -> None:
    platform = form()
    made = agent(platform, SAVE)
    made.guard = Broken()
    result = await made.run("Save")
    assert platform.performed == []
    assert result.ending is not None
    assert result.ending.kind is EndingKind.REFUSED


async def test_a_question_goes_to_the_person_and_the_answer_to_the_model() -> None:
    async def ask(question: str) -> str:
        assert question == "Which one?"
        return "the blue one"

    made = agent(form(), AskUser(question="Which one?"), DONE)
    made.guard = AskPerson(ask)
    assert (await made.run("Save")).succeeded
    assert "the blue one" in scripted(made).asked[1][0].text


async def test_a_question_nobody_answers_hands_over() -> None:
    result = await agent(form(), AskUser(question="Which one?")).run("Save")
    assert result.ending is not None
    assert (result.ending.kind, result.ending.message) == (EndingKind.HANDED_OVER, "Which one?")


class Vault(FakePlatform):
    """A form behind whose button lies a screen that nobody but a person may pass."""

    async def observe(self) -> Observation:
        if self.path[-1] == "saved":
            raise PersonNeeded("The screen is protected.")
        return await super().observe()


def vault() -> Vault:
    return Vault(form().screens, "form")


async def test_a_protected_screen_is_handed_over() -> None:
    result = await agent(vault(), SAVE).run("Save")
    assert result.ending is not None
    assert result.ending.kind is EndingKind.HANDED_OVER
    assert result.ending.message == result.steps[-1].error == "The screen is protected."


async def test_a_person_passes_the_protected_screen_and_the_run_goes_on() -> None:
    platform = vault()

    async def ask(question: str) -> str:
        assert question.startswith("The screen is protected.")
        platform.path.append("form")
        return "done"

    made = agent(platform, SAVE, DONE)
    made.guard = AskPerson(ask)
    assert (await made.run("Save")).succeeded


class Price(BaseModel):
    amount: int
    currency: str


GOOD = Answer(text='{"amount": 3, "currency": "EUR"}')


async def test_an_answer_becomes_the_callers_model() -> None:
    made = agent(form(), Answer(text='{"amount": "many"}'), GOOD)
    result = await made.run("What does it cost?", output=Price)
    assert result.output == Price(amount=3, currency="EUR")
    assert result.answer == GOOD.text
    assert "amount" in result.steps[0].error
    assert "currency" in result.steps[0].error


async def test_a_last_message_stands_for_the_answer_where_none_was_given() -> None:
    wanting = Finish(success=True, message="done")
    made = agent(form(), wanting, Finish(success=True, message=GOOD.text))
    result = await made.run("What does it cost?", output=Price)
    assert result.output == Price(amount=3, currency="EUR")
    assert [bool(step.error) for step in result.steps] == [True, False]
    early = Answer(text=GOOD.text, final=False)
    result = await agent(form(), early, wanting).run("What does it cost?", output=Price)
    assert result.output == Price(amount=3, currency="EUR")
    assert result.ending
    assert result.ending.kind is EndingKind.SUCCEEDED


async def test_an_answer_is_checked_against_a_json_schema() -> None:
    schema = {"type": "object", "required": ["amount", "currency"]}
    made = agent(form(), Answer(text="3 EUR"), Answer(text='{"amount": 3}'), GOOD)
    result = await made.run("What does it cost?", output=schema)
    assert result.output == {"amount": 3, "currency": "EUR"}
    assert [bool(step.error) for step in result.steps] == [True, True, False]
    with pytest.raises(SetupError, match="schema"):
        await agent(form(), GOOD).run("What?", output={"type": "nonsense"})


async def test_events_come_in_order_and_sinks_cannot_break_the_run() -> None:
    heard: list[Event] = []

    def broken(event: Event) -> None:
        raise RuntimeError("a sink's own bug")

    result = await agent(form(), SAVE, DONE, sinks=[broken, heard.append]).run("Save")
    assert result.succeeded
    kinds = [type(e).__name__ for e in heard]
    turn = ["StepStarted", "ModelAnswered", "ActionChosen", "StepFinished"]
    assert kinds == ["RunStarted", *turn, *turn, "RunEnded"]


async def test_a_stream_yields_the_same_events() -> None:
    seen = [event async for event in agent(form(), SAVE, DONE).stream("Save")]
    assert isinstance(seen[-1], RunEnded)
    assert seen[-1].trajectory.succeeded


async def test_leaving_a_stream_stops_the_run_and_closes_the_platform() -> None:
    platform = form()
    made = agent(platform, SAVE, DONE)
    stream = made.stream("Save")
    async for event in stream:
        if isinstance(event, StepStarted):
            break
    await stream.aclose()  # type: ignore[attr-defined]
    assert platform.performed == []
    assert platform.closed == 1


async def test_a_stream_raises_what_keeps_the_run_from_starting() -> None:
    with pytest.raises(SetupError):
        _ = [event async for event in agent(form(), DONE).stream("")]


async def test_cancelling_records_the_run_and_closes_the_platform() -> None:
    heard: list[Event] = []
    asking = asyncio.Event()

    def listen(event: Event) -> None:
        heard.append(event)
        if isinstance(event, StepStarted):
            asking.set()

    platform = form()
    made = agent(platform, SAVE, DONE, sinks=[listen])
    scripted(made).delay = 10
    task = asyncio.create_task(made.run("Save"))
    await asking.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert isinstance(heard[-1], RunEnded)
    assert heard[-1].trajectory.ending is not None
    assert heard[-1].trajectory.ending.kind is EndingKind.CANCELLED
    assert platform.closed == 1


async def test_the_platform_stays_open_between_runs_inside_a_with_block() -> None:
    platform = form()
    async with agent(platform, SAVE, DONE, DONE) as made:
        await made.run("Save")
        assert platform.closed == 0
        again = await made.run("And again")
    assert platform.closed == 1
    assert again.task.start == "fake://saved"


async def test_a_stopped_run_goes_on_where_it_was() -> None:
    platform = form()
    first = await agent(platform, NAME, limits=Limits(steps=1)).run("Save the name Ada")
    assert first.ending is not None
    assert first.ending.kind is EndingKind.OUT_OF_BUDGET
    made = agent(platform, SAVE, DONE, limits=Limits(steps=2))
    result = await made.run(resume=first)
    assert result.succeeded
    assert [step.index for step in result.steps] == [0, 1, 2]
    assert '"Ada"' in scripted(made).asked[0][0].text


def test_run_sync_works_outside_a_loop() -> None:
    assert agent(form(), DONE).run_sync("Save").succeeded


async def test_run_sync_says_so_inside_a_loop() -> None:
    with pytest.raises(SetupError, match="await"):
        agent(form(), DONE).run_sync("Save")


async def test_timings_and_usage_are_kept() -> None:
    result = await agent(form(), SAVE, DONE).run("Save")
    assert {"prompt", "model", "parse", "review", "perform"} <= set(result.steps[0].timings)
    assert result.usage == Usage(200, 20)
