"""GLM-4.5V's dialects. Pure."""

from __future__ import annotations

from gui_agent.prompts.glm_phone import GlmPhone
from gui_agent.prompts.glm_web import GlmWeb


class Glm45vWeb(GlmWeb):
    """GLM-4.5V on the web: as GLM-4.1V, in sections, told the time, without answer tags."""

    name = "glm-4.5v"
    template = "glm45v_web.md.j2"


class Glm45vPhone(GlmPhone):
    """GLM-4.5V on a phone: as GLM-4.1V, in sections, without answer tags."""

    name = "glm-4.5v"
    template = "glm45v_phone.md.j2"
