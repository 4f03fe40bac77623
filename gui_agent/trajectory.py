"""What happened so far: the only state of a run. The agent appends, everyone else reads."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile
from typing import Any

from gui_agent.actions import Action, Answer
from gui_agent.screen import Observation


class EndingKind(StrEnum):
    SUCCEEDED = "succeeded"
    ANSWERED = "answered"
    FAILED = "failed"
    """Three answers in a row could not be used."""
    INFEASIBLE = "infeasible"
    """The model says that the task can't be done."""
    REFUSED = "refused"
    """The guard ended the run."""
    STUCK = "stuck"
    OUT_OF_BUDGET = "out_of_budget"
    HANDED_OVER = "handed_over"
    """A person must go on: a login, a captcha, a question nobody answered."""
    PLATFORM_LOST = "platform_lost"
    MODEL_ERROR = "model_error"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a run ended; a value, never an exception that looks like success."""

    kind: EndingKind
    message: str = ""

    @property
    def good(self) -> bool:
        return self.kind in (EndingKind.SUCCEEDED, EndingKind.ANSWERED)


@dataclass(frozen=True, slots=True)
class Task:
    goal: str
    """The user's words."""
    start: str = ""
    """The URL or app the run began at, or ""."""
    answer_schema: Mapping[str, Any] | None = None
    """JSON schema that the final answer must satisfy, or None."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer, understood: exactly one action, and what the dialect wants to read back
    later."""

    action: Action
    thought: str = ""
    """The explanation in the answer itself (not the private thinking)."""
    thinking: str = ""
    """The private thinking, or ""."""
    note: str = ""
    """How this turn reads in the dialect's own history."""
    memory: str = ""
    """The dialect's memory after this turn, in its own format; "" leaves it as it was."""


@dataclass(frozen=True, slots=True)
class Usage:
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0

    @property
    def total(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
        )


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model server sent back, verbatim."""

    text: str
    """Thinking and answer merged, special tokens kept."""
    finish_reason: str = ""
    """As the server says it; `complete` when the client stopped reading because the answer was
    complete,
    `repetition` when it stopped a loop."""
    stop_reason: str | int | None = None
    usage: Usage = Usage()
    model: str = ""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds: first_token, thinking, answer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard says about an action."""

    allow: bool
    reason: str = ""
    """Why not, for the model; or a person's answer to its question."""
    stop: bool = False
    """End the run instead of letting the model try something else."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action did."""

    changed: bool | None
    """Did the screen change? None where nothing could be compared."""
    message: str = ""
    """For the model: a warning, what changed behind the picture, a person's answer; "" when all is
    well."""


@dataclass(frozen=True, slots=True)
class Step:
    """One turn. Without a reply the answer could not be used; without an outcome nothing was
    performed."""

    index: int
    observation: Observation
    completion: Completion = Completion("")
    reply: Reply | None = None
    verdict: Verdict | None = None
    outcome: Outcome | None = None
    error: str = ""
    """What went wrong, in the words that the model reads next turn."""
    shortened: str = ""
    """What the model was shown less of from this step on, because its server refused more."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds per phase: settle, capture, marks, prompt, first_token, thinking, answer, perform,
    …"""
    started_at: float = field(default_factory=time.time)

    @property
    def feedback(self) -> str:
        """What the next prompt says of this step: the error, else the outcome's message, else
        ""."""
        return self.error or (self.outcome.message if self.outcome else "")


@dataclass(slots=True)
class Trajectory:
    """A task, the steps taken and how it ended."""

    task: Task
    steps: list[Step] = field(default_factory=list)
    ending: Ending | None = None
    output: Any = None
    """The answer as an instance of the caller's pydantic model, when one was given."""

    @property
    def answer(self) -> str:
        """The latest answer the model gave, or ""."""
        actions = (s.reply.action for s in reversed(self.steps) if s.reply and not s.error)
        return next((a.text for a in actions if isinstance(a, Answer)), "")

    @property
    def memory(self) -> str:
        """The dialect's memory after the last step that set one, or ""."""
        return next(
            (s.reply.memory for s in reversed(self.steps) if s.reply and s.reply.memory), ""
        )

    @property
    def usage(self) -> Usage:
        return sum((s.completion.usage for s in self.steps), Usage())

    @property
    def succeeded(self) -> bool:
        return self.ending is not None and self.ending.good

    @property
    def bad_replies(self) -> int:
        """How many answers in a row, up to now, could not be used."""
        return sum(1 for _ in takewhile(lambda step: step.reply is None, reversed(self.steps)))

    @property
    def refusals(self) -> int:
        """How many actions in a row, up to now, the guard refused."""
        return sum(1 for _ in takewhile(_refused, reversed(self.steps)))


def _refused(step: Step) -> bool:
    return step.verdict is not None and not step.verdict.allow
