"""GLM-4.5V's dialects. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from gui_agent.images import prepare
from gui_agent.prompts.glm_desktop import (
    MOST_PICTURES,
    GlmDesktop,
    answered,
    picture,
    told,
    values,
)
from gui_agent.prompts.glm_phone import GlmPhone
from gui_agent.prompts.glm_web import GlmWeb
from gui_agent.prompts.rendering import render
from gui_agent.protocols import Message, Part
from gui_agent.screen import Observation
from gui_agent.trajectory import Step, Trajectory


class Glm45vWeb(GlmWeb):
    """GLM-4.5V on the web: as GLM-4.1V, in sections, told the time, without answer tags."""

    name = "glm-4.5v"
    template = "glm45v_web.md.j2"


class Glm45vPhone(GlmPhone):
    """GLM-4.5V on a phone: as GLM-4.1V, in sections, without answer tags."""

    name = "glm-4.5v"
    template = "glm45v_phone.md.j2"


class Glm45vDesktop(GlmDesktop):
    """GLM-4.5V at a desktop: each earlier picture in its place in the history, the current one
    last."""

    name = "glm-4.5v"

    def prompt(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        """One user message: text and pictures in turn."""
        known = values(trajectory, observation)
        head = render("glm45v_desktop.md.j2", **known)
        tail = "\n" + render("glm45v_desktop_end.md.j2", **known) + "\n"
        history = _history(answered(trajectory))
        parts = _joined([head, *history, tail, prepare(observation.screenshot)])
        return (Message("user", tuple(parts)),)

    def note(self, thought: str, call: str) -> str:
        return f"Thought: {thought}\nAction: {call}"


def _history(steps: Sequence[Step]) -> Iterator[Part]:
    gap, entries = told(steps)
    yield gap
    for number, entry in entries.items():
        yield f"\nstep {number}: Screenshot:"
        recent = number > len(steps) - MOST_PICTURES
        shown = picture(steps[number - 1]) if recent else None
        yield shown or "(Omitted in context.)"
        yield f" {entry}"


def _joined(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts with neighbouring texts made one."""
    for kind, run in groupby(parts, type):
        if kind is str:
            yield "".join(part for part in run if isinstance(part, str))
        else:
            yield from run
