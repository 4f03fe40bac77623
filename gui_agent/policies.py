"""How a step is sampled, by what kind of step it is: thinking budgets, grammars. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from gui_agent.actions import Scroll, TypeText, Wait
from gui_agent.protocols import Dialect, Sampling
from gui_agent.screen import Observation
from gui_agent.trajectory import Step, Trajectory

_ROUTINE = (Scroll, TypeText, Wait)


@dataclass(frozen=True, slots=True)
class ThinkingBudget:
    """Tokens of thinking for each kind of step.

    The defaults are steps of about 0.8, 2.7 and 6.8 s for GLM-4.1V-9B alone on one H100, in bf16.
    """

    routine: int = 64
    """After typing, scrolling or waiting that worked: usually more of the same."""
    normal: int = 300
    after_failure: int = 800
    """After an error, an unusable answer, or an action that changed nothing."""

    def __call__(
        self, sampling: Sampling, dialect: Dialect, trajectory: Trajectory, observation: Observation
    ) -> Sampling:
        return replace(sampling, thinking=self._of(trajectory.steps))

    def _of(self, steps: list[Step]) -> int:
        if not steps:
            return self.normal
        last = steps[-1]
        if last.error or last.reply is None or (last.outcome and last.outcome.changed is False):
            return self.after_failure
        return self.routine if isinstance(last.reply.action, _ROUTINE) else self.normal


@runtime_checkable
class HasGrammar(Protocol):
    """A dialect that can state what its answers look like on a screen."""

    def grammar(self, observation: Observation) -> str:
        """EBNF of the answer after the thinking; only what can be done on this screen."""


class HoldToGrammar:
    """Makes an answer that can't be parsed impossible, where dialect and server can.

    It also forbids what a parser would have understood in other words. Whether that costs a model
    successes was not measured, so it is off unless asked for.
    """

    def __call__(
        self, sampling: Sampling, dialect: Dialect, trajectory: Trajectory, observation: Observation
    ) -> Sampling:
        if isinstance(dialect, HasGrammar):
            return replace(sampling, grammar=dialect.grammar(observation))
        return sampling
