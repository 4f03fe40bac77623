"""What of a run its model is shown: less once the server has said that it is too much. Pure."""

from __future__ import annotations

from dataclasses import replace

from gui_agent.errors import ModelError
from gui_agent.protocols import Dialect, Image, Message, Sampling
from gui_agent.screen import Observation
from gui_agent.trajectory import Step, Trajectory

LEAST_ANSWER = 2048
"""Tokens that an answer with its thinking keeps, whatever else must go."""
_LEFT_OUT = "[An earlier screenshot was left out.]"
_FORGOTTEN = "The oldest steps are no longer shown: the conversation had become too long."


class Fitting:
    """One run's share of its server's limits; it only ever shrinks."""

    def __init__(self) -> None:
        self._forgotten = 0
        """So many of the oldest steps are not shown."""
        self._pictures: int | None = None
        self._answer: int | None = None

    def prompt(
        self, dialect: Dialect, trajectory: Trajectory, observation: Observation
    ) -> tuple[Message, ...]:
        """The dialect's prompt, within the limits met so far; the model is told what is missing."""
        if self._forgotten:
            trajectory = replace(trajectory, steps=_latest(trajectory.steps, self._forgotten))
            observation = replace(observation, notes=(*observation.notes, _FORGOTTEN))
        messages = dialect.prompt(trajectory, observation)
        return messages if self._pictures is None else _with_last(messages, self._pictures)

    def sampling(self, sampling: Sampling) -> Sampling:
        if self._answer is None:
            return sampling
        return replace(sampling, max_tokens=min(sampling.max_tokens, self._answer))

    def less(
        self, error: ModelError, trajectory: Trajectory, messages: tuple[Message, ...], answer: int
    ) -> str:
        """Show less from now on because of this error; says what, or "" when nothing helps.

        `answer` is how many tokens the refused request left for one.
        """
        shown = sum(isinstance(part, Image) for message in messages for part in message.parts)
        steps = len(trajectory.steps) - self._forgotten
        match error.kind:
            case "context" if answer > LEAST_ANSWER:
                self._answer = LEAST_ANSWER
                return f"for an answer of {LEAST_ANSWER} tokens instead of {answer}"
            case "context" if steps > 0:
                self._forgotten += (steps + 1) // 2
                return f"without its oldest {self._forgotten} steps"
            case "context" | "images" if shown > 1:
                self._pictures = shown - 1
                return f"with {self._pictures} of its {shown} screenshots"
        return ""


def _latest(steps: list[Step], forgotten: int) -> list[Step]:
    """All but the oldest steps; of those only the one that holds what the model remembers."""
    older, newer = steps[:forgotten], steps[forgotten:]
    remembers = [step for step in older if step.reply and step.reply.memory]
    return [*remembers[-1:], *newer]


def _with_last(messages: tuple[Message, ...], count: int) -> tuple[Message, ...]:
    """The same with a remark in the place of the oldest pictures.

    The current screenshot stays: the largest, which may stand before older ones at half size, or
    the last of the largest.
    """
    pictures = [part for message in messages for part in message.parts if isinstance(part, Image)]
    current = max(reversed(pictures), key=lambda one: one.width * one.height, default=None)
    others = [picture for picture in pictures if picture is not current]
    dropped = {id(picture) for picture in others[: max(0, len(pictures) - count)]}
    return tuple(
        replace(
            message,
            parts=tuple(_LEFT_OUT if id(part) in dropped else part for part in message.parts),
        )
        for message in messages
    )
