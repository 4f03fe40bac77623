"""Any dialect, shown smaller screenshots: fewer tokens and quicker steps for finer print lost."""

from __future__ import annotations

from dataclasses import replace

from gui_agent.images import smaller
from gui_agent.policies import HasGrammar
from gui_agent.protocols import Dialect, Message, Sampling
from gui_agent.screen import Observation
from gui_agent.trajectory import Reply, Trajectory

_SHOWN = 16
"""Steps whose pictures may be shown again; the dialects show up to seven."""


class Scaled:
    """A dialect whose pictures are scaled down before anything is drawn on them.

    Positions are fractions of the picture, so the answers mean the same. Half the size costs a
    quarter of the tokens; what that costs in accuracy was not measured.
    """

    def __init__(self, dialect: Dialect, scale: float) -> None:
        """`scale`: the share of width and height that is left, at most 1."""
        self._dialect = dialect
        self._scale = scale

    @property
    def name(self) -> str:
        return self._dialect.name

    @property
    def sampling(self) -> Sampling:
        return self._dialect.sampling

    def prompt(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        """The dialect's prompt, as if the screen had fewer pixels."""
        older, newer = trajectory.steps[:-_SHOWN], trajectory.steps[-_SHOWN:]
        newer = [replace(step, observation=self._smaller(step.observation)) for step in newer]
        shown = replace(trajectory, steps=[*older, *newer])
        return self._dialect.prompt(shown, self._smaller(observation))

    def parse(self, text: str, observation: Observation) -> Reply:
        return self._dialect.parse(text, observation)

    def complete(self, text: str) -> bool:
        return self._dialect.complete(text)

    def grammar(self, observation: Observation) -> str:
        """The dialect's own, or ""."""
        return self._dialect.grammar(observation) if isinstance(self._dialect, HasGrammar) else ""

    def _smaller(self, observation: Observation) -> Observation:
        try:
            return replace(observation, screenshot=smaller(observation.screenshot, self._scale))
        except OSError:  # a recorded picture is damaged: dialects leave such a one out
            return observation
