"""GLM-4.1V's dialects. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gui_agent.images import prepare
from gui_agent.prompts import glm
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
from gui_agent.protocols import Image, Message
from gui_agent.screen import Observation
from gui_agent.trajectory import Step, Trajectory

SAMPLING = replace(glm.SAMPLING, opening="<answer>")


class Glm41vWeb(GlmWeb):
    """GLM-4.1V on the web: thinks, then answers in `<answer>` tags, the action in box tokens."""

    name = "glm-4.1v"
    template = "glm41v_web.md.j2"
    sampling = SAMPLING


class Glm41vPhone(GlmPhone):
    """GLM-4.1V on a phone: thinks, then answers in `<answer>` tags, the action in box tokens."""

    name = "glm-4.1v"
    template = "glm41v_phone.md.j2"
    sampling = SAMPLING


class Glm41vDesktop(GlmDesktop):
    """GLM-4.1V at a desktop: all pictures first, the current one in front, then all text."""

    name = "glm-4.1v"
    sampling = SAMPLING

    def trained(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        """One user message: the current picture, the earlier ones from old to new, the text."""
        steps = answered(trajectory)
        earlier = _pictures(steps)
        gap, entries = told(steps)
        text = render(
            "glm41v_desktop.md.j2",
            history=gap + "".join(f"\nstep {n}: {entry}" for n, entry in entries.items()),
            pictures=len(earlier),
            **values(trajectory, observation),
        )
        return (Message("user", (prepare(observation.screenshot), *earlier, text)),)

    def note(self, thought: str, call: str) -> str:
        return f"{thought}\n{call}".strip()


def _pictures(steps: Sequence[Step]) -> list[Image]:
    """Those of the last steps, from old to new; none from before a damaged one."""
    found: list[Image] = []
    for step in reversed(steps[-MOST_PICTURES:]):
        if (shown := picture(step)) is None:
            break
        found.insert(0, shown)
    return found
