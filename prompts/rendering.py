"""Prompt templates: read from the package, filled in one pass, so values are never expanded."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import jinja2


def render(template: str, **values: object) -> str:
    """The template of this file name with its values filled in; a missing value is an error."""
    return _environment().get_template(template).render(values).strip()


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(_source),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # a prompt is text, not HTML
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _source(name: str) -> str:
    return files("gui_agent.prompts").joinpath("templates", name).read_text("utf-8")
