"""The loop: observe, ask, parse, review, perform; then the next turn, until there is an ending.

`Agent._step` is one turn. Everything else here starts runs, ends them, or hands them out.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

from pydantic import BaseModel

from gui_agent import effects, registry
from gui_agent.actions import SETTLED, Action, Answer, AskUser, Finish, TakeOver
from gui_agent.answers import AnswerSchema
from gui_agent.errors import (
    ActionFailed,
    BadReply,
    ModelError,
    PersonNeeded,
    PlatformLost,
    RecordError,
    SetupError,
    Stopped,
)
from gui_agent.events import (
    ActionChosen,
    Event,
    ModelAnswered,
    RunEnded,
    RunStarted,
    StepFinished,
    StepStarted,
)
from gui_agent.fitting import Fitting
from gui_agent.guard import Rules
from gui_agent.protocols import (
    Dialect,
    Guard,
    Model,
    Platform,
    Sampling,
    SamplingPolicy,
    Sink,
)
from gui_agent.screen import Observation
from gui_agent.trajectory import (
    Completion,
    Ending,
    EndingKind,
    Outcome,
    Step,
    Task,
    Trajectory,
    Verdict,
)

log = logging.getLogger("gui_agent")

Output = type[BaseModel] | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets of one run; the first that is used up ends it as `out_of_budget`."""

    steps: int = 50
    seconds: float = 3600.0
    tokens: int = 2_000_000
    """Prompt and answer tokens together, as the server counts them."""
    strikes: int = 3
    """Unusable answers, or refused actions, in a row: they end the run as `failed` or `refused`."""


class Agent:
    """A model, a platform, and what is said between them.

    Inside `async with agent:` the platform stays open between runs; otherwise each run opens and
    closes it. The dialect defaults to the one that the served model was trained on.
    """

    def __init__(
        self,
        platform: Platform,
        *,
        model: Model,
        dialect: Dialect | None = None,
        guard: Guard | None = None,
        sinks: Sequence[Sink] = (),
        limits: Limits | None = None,
        policies: Sequence[SamplingPolicy] = (),
    ) -> None:
        self.platform = platform
        self.model = model
        self.dialect = dialect
        self.guard: Guard = guard or Rules()
        self.sinks = tuple(sinks)
        self.limits = limits or Limits()
        self.policies = tuple(policies)
        self._keep_open = False

    async def __aenter__(self) -> Self:
        self._keep_open = True
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._keep_open = False
        await self._close()

    async def run(
        self, goal: str = "", *, output: Output | None = None, resume: Trajectory | None = None
    ) -> Trajectory:
        """Pursue the goal to an ending.

        `output` is a pydantic model or a JSON schema for the answer; the validated answer becomes
        `trajectory.output`. `resume` goes on with a stopped run, which brings its own goal.
        Raises SetupError, ModelError, PlatformLost, PersonNeeded or Stopped if the run can't start,
        RecordError if it can't be written down. Cancelling it records the run as `cancelled`.
        """
        return await self._run(goal, output, resume, self.sinks)

    async def stream(
        self, goal: str = "", *, output: Output | None = None, resume: Trajectory | None = None
    ) -> AsyncIterator[Event]:
        """`run`, but yields every event as it happens; leaving early (`aclose`) stops the run."""
        events: asyncio.Queue[Event | None] = asyncio.Queue()
        sinks = (*self.sinks, events.put_nowait)
        task = asyncio.create_task(self._run(goal, output, resume, sinks))
        task.add_done_callback(lambda _: events.put_nowait(None))
        try:
            while (event := await events.get()) is not None:
                yield event
            await task
        finally:
            task.cancel()
            await asyncio.wait([task])

    def run_sync(
        self, goal: str = "", *, output: Output | None = None, resume: Trajectory | None = None
    ) -> Trajectory:
        """`run` in an event loop of its own, for scripts and the REPL."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(self.run(goal, output=output, resume=resume))
        raise SetupError("An event loop is already running here: use 'await agent.run(…)'.")

    async def _run(
        self, goal: str, output: Output | None, resume: Trajectory | None, sinks: Sequence[Sink]
    ) -> Trajectory:
        if resume is None and not goal.strip():
            raise SetupError("The goal is empty: say what the agent should do.")
        try:
            model = await self.model.identify()
            dialect = self.dialect or registry.dialect_for(model, self.platform.kind)
            answers = AnswerSchema.of(output)
            await self.platform.open()
            first = await self.platform.observe()
            task = Task(goal.strip(), first.where, answers.schema if answers else None)
            run = _Run(resume or Trajectory(task), dialect, answers, sinks)
            run.start(model, self.platform.kind)
            await self._to_the_end(run, first)
            return run.trajectory
        finally:
            if not self._keep_open:
                await self._close()

    async def _close(self) -> None:
        # Shielded: a cancelled run must not leave a browser behind.
        await asyncio.shield(asyncio.gather(self.platform.close(), self.model.close()))

    async def _to_the_end(self, run: _Run, observation: Observation) -> None:
        trajectory = run.trajectory
        try:
            async with asyncio.timeout(self.limits.seconds) as time_budget:
                while trajectory.ending is None:
                    observation = await self._step(run, observation)
                    trajectory.ending = self._ending(run)
        except PlatformLost as error:
            trajectory.ending = Ending(EndingKind.PLATFORM_LOST, str(error))
        except PersonNeeded as error:
            trajectory.ending = Ending(EndingKind.HANDED_OVER, str(error))
        except Stopped as error:
            trajectory.ending = Ending(EndingKind.CANCELLED, str(error))
        except ModelError as error:
            trajectory.ending = Ending(EndingKind.MODEL_ERROR, str(error))
        except TimeoutError:
            if not time_budget.expired():
                raise
            trajectory.ending = _over(f"{self.limits.seconds:g} seconds have passed")
        except asyncio.CancelledError:
            trajectory.ending = Ending(EndingKind.CANCELLED, "the run was stopped")
            raise
        finally:
            run.announce(RunEnded(trajectory))

    async def _step(self, run: _Run, observation: Observation) -> Observation:
        """One turn; returns what the next one looks at."""
        turn = _Turn(
            Step(len(run.trajectory.steps), observation, timings=dict(observation.timings))
        )
        run.announce(StepStarted(turn.step.index, observation))
        try:
            await self._ask(run, turn)
            action = self._parse(run, turn)
            await self._review(run, turn, action)
            return await self._perform(run, turn, action)
        except (BadReply, ActionFailed) as error:
            turn.set(error=str(error))
            return observation
        except (PlatformLost, PersonNeeded, Stopped) as error:
            turn.set(error=str(error))
            raise
        finally:
            if turn.answered:
                run.trajectory.steps.append(turn.step)
                run.announce(StepFinished(turn.step))

    async def _ask(self, run: _Run, turn: _Turn) -> None:
        sampling = _sampling(run.dialect.sampling, run.trajectory)
        for adjust in self.policies:
            sampling = adjust(sampling, run.dialect, run.trajectory, turn.step.observation)
        completion = await self._complete(run, turn, sampling)
        turn.answered = True
        turn.set(completion=completion, timings={**turn.step.timings, **completion.timings})
        run.announce(ModelAnswered(turn.step.index, completion))

    async def _complete(self, run: _Run, turn: _Turn, sampling: Sampling) -> Completion:
        """The answer; when the server says that it was asked too much, to a smaller question."""
        while True:
            with turn.timed("prompt"):
                seen = turn.step.observation
                messages = run.fitting.prompt(run.dialect, run.trajectory, seen)
            fitted = run.fitting.sampling(sampling)
            try:
                with turn.timed("model"):
                    return await self.model.complete(messages, fitted, run.dialect.complete)
            except ModelError as error:
                trajectory, answer = run.trajectory, fitted.max_tokens
                smaller = run.fitting.less(error, trajectory, messages, answer)
                if not smaller:
                    raise
                turn.set(shortened=", then ".join(filter(None, (turn.step.shortened, smaller))))
                log.info("Asking again %s. %s", smaller, error)

    def _parse(self, run: _Run, turn: _Turn) -> Action:
        with turn.timed("parse"):
            reply = run.dialect.parse(turn.step.completion.text, turn.step.observation)
            answer = _answer(reply.action, run.trajectory)
            if run.answers and answer is not None:
                run.trajectory.output = run.answers.validate(answer)
        turn.set(reply=reply)
        return reply.action

    async def _review(self, run: _Run, turn: _Turn, action: Action) -> None:
        with turn.timed("review"):
            verdict = await self._judge(run, action, turn.step.observation)
        turn.set(verdict=verdict)
        run.announce(ActionChosen(turn.step))
        if not verdict.allow:
            raise ActionFailed(f"Not allowed: {verdict.reason}")

    async def _judge(self, run: _Run, action: Action, observation: Observation) -> Verdict:
        try:
            return await self.guard.review(action, observation, run.trajectory.task)
        except Exception as error:  # a broken guard must not let anything pass
            log.exception("the guard failed")
            return Verdict(False, f"the guard failed: {error!r}", stop=True)

    async def _perform(self, run: _Run, turn: _Turn, action: Action) -> Observation:
        before, verdict = turn.step.observation, turn.step.verdict
        if isinstance(action, SETTLED):
            turn.set(outcome=Outcome(None, verdict.reason if verdict else ""))
            return before
        said, failed = "", ""
        with turn.timed("perform"):
            try:
                said = await self.platform.perform(action)
            except ActionFailed as error:
                failed = str(error)
        after = await self._look(run, before)
        changed = effects.changed(before, after)
        turn.set(outcome=Outcome(changed, said or effects.remark(action, changed)), error=failed)
        nudge = effects.nudge(effects.stuck([*run.trajectory.steps, turn.step]))
        if nudge:
            turn.set(outcome=Outcome(changed, f"{turn.step.feedback} {nudge}".strip()), error="")
        return after

    async def _look(self, run: _Run, before: Observation) -> Observation:
        """What is on the screen now; where only a person can go on, once that person has."""
        try:
            return await self.platform.observe()
        except PersonNeeded as error:
            verdict = await self._judge(run, TakeOver(reason=str(error)), before)
            if not (verdict.allow and verdict.reason):
                raise  # nobody is there
        return await self.platform.observe()

    def _ending(self, run: _Run) -> Ending | None:
        """The ending that the last step brought, or None to go on."""
        trajectory, limits = run.trajectory, self.limits
        step = trajectory.steps[-1]
        if step.verdict and not step.verdict.allow:
            if step.verdict.stop or trajectory.refusals >= limits.strikes:
                return Ending(EndingKind.REFUSED, step.verdict.reason)
        elif step.reply is None and trajectory.bad_replies >= limits.strikes:
            last = f"{limits.strikes} answers in a row could not be used. The last: {step.error}"
            return Ending(EndingKind.FAILED, last)
        elif step.reply and (ending := _declared(step.reply.action, step.outcome)):
            return ending
        if effects.stuck(trajectory.steps) is effects.Stuck.STOP:
            return Ending(EndingKind.STUCK, "the same actions led nowhere again and again")
        if len(trajectory.steps) - run.resumed >= limits.steps:
            return _over(f"{limits.steps} steps were taken")
        if trajectory.usage.total >= limits.tokens:
            return _over(f"{trajectory.usage.total:,} tokens were used")
        return None


class _Run:
    """What belongs to one run and not to the agent."""

    def __init__(
        self,
        trajectory: Trajectory,
        dialect: Dialect,
        answers: AnswerSchema | None,
        sinks: Sequence[Sink],
    ) -> None:
        self.trajectory = trajectory
        self.dialect = dialect
        self.answers = answers
        self.resumed = len(trajectory.steps)
        self.fitting = Fitting()
        self._sinks = sinks

    def start(self, model: str, platform: str) -> None:
        self.trajectory.ending = None
        task = self.trajectory.task
        self.announce(RunStarted(task, model, self.dialect.name, platform, self.resumed))

    def announce(self, event: Event) -> None:
        """Tell every sink; only a run that can't be written down is an error."""
        unwritten: RecordError | None = None
        for sink in self._sinks:
            try:
                sink(event)
            except RecordError as error:
                unwritten = error
            except Exception:  # somebody else's code: it can't be allowed to end the run
                log.exception("a sink failed on %s", type(event).__name__)
        if unwritten:
            raise unwritten


@dataclass(slots=True)
class _Turn:
    """A step while it is being made."""

    step: Step
    answered: bool = field(default=False)

    def set(self, **changes: Any) -> None:
        self.step = replace(self.step, **changes)

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            seconds = time.perf_counter() - started
            self.set(timings={**self.step.timings, phase: seconds})


def _sampling(sampling: Sampling, trajectory: Trajectory) -> Sampling:
    """Warmer after a loop or a second unusable answer, when the same words would come back."""
    last = trajectory.steps[-1] if trajectory.steps else None
    looped = last is not None and last.completion.finish_reason == "repetition"
    stuck = effects.stuck(trajectory.steps) >= effects.Stuck.RESAMPLE
    return sampling.warmer(0.7) if looped or stuck or trajectory.bad_replies >= 2 else sampling


def _declared(action: Action, outcome: Outcome | None) -> Ending | None:
    """The ending that the model itself declares with this action."""
    match action:
        case Answer(final=True, text=text):
            return Ending(EndingKind.ANSWERED, text)
        case Finish(success=True, message=message):
            return Ending(EndingKind.SUCCEEDED, message)
        case Finish(message=message):
            return Ending(EndingKind.INFEASIBLE, message)
        case AskUser(question=words) | TakeOver(reason=words):
            answered = outcome is not None and outcome.message
            return None if answered else Ending(EndingKind.HANDED_OVER, words)
    return None


def _answer(action: Action, trajectory: Trajectory) -> str | None:
    """The words that must satisfy the caller's schema; some dialects only have the last message."""
    match action:
        case Answer(text=text):
            return text
        case Finish(success=True, message=text) if trajectory.output is None:
            return text
    return None


def _over(what: str) -> Ending:
    return Ending(EndingKind.OUT_OF_BUDGET, f"the budget is used up: {what}")
