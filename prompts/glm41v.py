"""GLM-4.1V's dialects. Pure."""

from __future__ import annotations

from gui_agent.prompts.glm_phone import GlmPhone
from gui_agent.prompts.glm_web import GlmWeb


class Glm41vWeb(GlmWeb):
    """GLM-4.1V on the web: thinks, then answers in `<answer>` tags, the action in box tokens."""

    name = "glm-4.1v"
    template = "glm41v_web.md.j2"


class Glm41vPhone(GlmPhone):
    """GLM-4.1V on a phone: thinks, then answers in `<answer>` tags, the action in box tokens."""

    name = "glm-4.1v"
    template = "glm41v_phone.md.j2"
