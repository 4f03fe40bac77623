"""GLM-4.5V's dialects. Pure."""

from __future__ import annotations

from gui_agent.images import prepare
from gui_agent.prompts.glm_desktop import (
    MOST_PICTURES,
    GlmDesktop,
    answered,
    joined,
    pictured,
    told,
    values,
)
from gui_agent.prompts.glm_phone import GlmPhone
from gui_agent.prompts.glm_web import GlmWeb
from gui_agent.prompts.rendering import render
from gui_agent.protocols import Message
from gui_agent.screen import Observation
from gui_agent.trajectory import Trajectory


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

    def trained(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        """One user message: text and pictures in turn."""
        known = values(trajectory, observation)
        head = render("glm45v_desktop.md.j2", **known)
        tail = "\n" + render("glm45v_desktop_end.md.j2", **known) + "\n"
        steps = answered(trajectory)
        history = pictured(*told(steps), steps, len(steps) - MOST_PICTURES)
        return (Message("user", joined([head, *history, tail, prepare(observation.screenshot)])),)

    def note(self, thought: str, call: str) -> str:
        return f"Thought: {thought}\nAction: {call}"
