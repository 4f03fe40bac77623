"""What the desktop dialects of GLM-4.1V and GLM-4.5V share: pictures, history, parsing. Pure.

One user message, never several turns: the current screenshot, some earlier ones at half size, and
text. The answer explains itself, names its action by a call, and ends with a memory.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import ClassVar

from gui_agent.actions import Finish
from gui_agent.images import half, prepare
from gui_agent.prompts import glm
from gui_agent.prompts.desktop_grammar import desktop_grammar
from gui_agent.prompts.desktop_syntax import DesktopSyntax, write_action
from gui_agent.prompts.parsing import mask, neutralise, plain_tokens, shorten
from gui_agent.prompts.rendering import render
from gui_agent.protocols import Image, Message, Part
from gui_agent.screen import Observation
from gui_agent.trajectory import Reply, Step, Trajectory

MOST_PICTURES = 4
"""Earlier screenshots shown, as trained. The cached layout shows up to seven and drops four at
once: dropping one at each step would make all that follows new."""
_AT_ONCE = 10
"""Steps that the cached layout leaves out together, when the history has become too long."""

_MEMORY_TAG = re.compile(r"^[ \t]{0,8}(?=<memory>)", re.MULTILINE)


class GlmDesktop(ABC):
    """A desktop dialect of the GLM-V family; a subclass lays out its message."""

    name: ClassVar[str]
    sampling = glm.SAMPLING

    def __init__(self, layout: glm.Layout = "trained") -> None:
        self.layout = layout

    def prompt(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        """One user message of text and pictures."""
        if self.layout == "trained":
            return self.trained(trajectory, observation)
        known, steps = values(trajectory, observation), answered(trajectory)
        head = render("glm_desktop_cached.md.j2", **known)
        tail = "\n" + render("glm_desktop_cached_end.md.j2", **known)
        shown = glm.first_shown(len(steps), MOST_PICTURES)
        history = pictured(*told(steps, _AT_ONCE), steps, shown)
        return (Message("user", joined([head, *history, tail, prepare(observation.screenshot)])),)

    @abstractmethod
    def trained(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        """The message in the makers' order."""

    @abstractmethod
    def note(self, thought: str, call: str) -> str:
        """How a step reads in the history."""

    def parse(self, text: str, observation: Observation) -> Reply:
        """The one action of the answer. Raises BadReply with words for the model."""
        found = glm.understand(_label_memory(text), DesktopSyntax())
        action = found.action
        if isinstance(action, Finish) and not action.message:
            action = action.model_copy(update={"message": found.thought})
        note = self.note(neutralise(shorten(found.thought, 1000)), write_action(action))
        return Reply(action, found.thought, found.thinking, note, found.memory)

    def complete(self, text: str) -> bool:
        """True once the box is closed and the memory after it is a whole list, or at the closing
        tag."""
        tail = glm.after_box(text)
        return tail is not None and glm.memory_closed(tail, "[")

    def grammar(self, observation: Observation) -> str:
        """EBNF of an answer with an action that exists."""
        return desktop_grammar(self.sampling.opening)


def _label_memory(text: str) -> str:
    """The answer with a label before a memory that stands in tags only."""
    places = [match.end() for match in _MEMORY_TAG.finditer(mask(text))][-5:]
    for at in reversed(places):
        text = f"{text[:at]}Memory: {text[at:]}"
    return text


def answered(trajectory: Trajectory) -> list[Step]:
    """The steps that the history tells: those with an action."""
    return [step for step in trajectory.steps if step.reply is not None]


def values(trajectory: Trajectory, observation: Observation) -> dict[str, object]:
    """What both templates need."""
    alone = replace(observation, tabs=())  # here they are windows, and no action switches them
    return {
        "task": plain_tokens(trajectory.task.goal),
        "memory": plain_tokens(trajectory.memory or "[]"),
        "answer_schema": glm.answer_schema(trajectory.task),
        "remarks": glm.remarks(trajectory, alone),
    }


def told(steps: Sequence[Step], at_once: int = 1) -> tuple[str, dict[int, str]]:
    """A line in place of steps that no longer fit, so many at a time, and the others by their
    number, from 1."""
    entries = [_entry(step) for step in steps]
    first = -(-glm.left_out(entries) // at_once) * at_once
    gap = f"\n(The first {first} steps are left out.)" if first else ""
    return gap, dict(enumerate(entries[first:], first + 1))


def _entry(step: Step) -> str:
    """The step as it was told, and what came of it if that was not just success."""
    note = step.reply.note if step.reply else ""
    said = glm.result(step)
    return note if said == glm.SUCCESS else f"{note}\nResult: {said}"


def picture(step: Step) -> Image | None:
    """The half-size picture; None when a resumed run's file is damaged."""
    try:
        return half(step.observation.screenshot)
    except (OSError, SyntaxError):  # Pillow's errors for a file that is no picture
        return None


def pictured(
    gap: str, entries: dict[int, str], steps: Sequence[Step], shown: int
) -> Iterator[Part]:
    """The history with the half-size pictures of all but the first `shown` steps in their
    places."""
    yield gap
    for number, entry in entries.items():
        yield f"\nstep {number}: Screenshot:"
        seen = picture(steps[number - 1]) if number > shown else None
        yield seen or "(Omitted in context.)"
        yield f" {entry}"


def joined(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts with neighbouring texts made one."""
    made: list[Part] = []
    for kind, run in groupby(parts, type):
        if kind is str:
            made.append("".join(part for part in run if isinstance(part, str)))
        else:
            made += run
    return tuple(made)
