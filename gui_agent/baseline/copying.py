"""Selecting text, and filling fields with what the page states under their labels. Pure."""

from __future__ import annotations

from itertools import pairwise

from gui_agent.baseline import words
from gui_agent.baseline.goals import Highlight
from gui_agent.baseline.steps import Act, Done, Scene, Step, Stop, place_of
from gui_agent.screen import Element

_FIELDS = frozenset({"textbox", "searchbox", "spinbutton"})


def highlight(wish: Highlight, scene: Scene) -> Step:
    """Three clicks select a paragraph."""
    if scene.did("do"):
        return Done("selected")
    paragraphs = [e for e in scene.page.readable if e.role == "text" and len(e.name.split()) > 1]
    at = wish.what.ordinal - 1 if wish.what.ordinal > 0 else wish.what.ordinal
    if not wish.what.empty or not -len(paragraphs) <= at < len(paragraphs):
        return Stop(f"there is no '{wish.what.text}' here", missing=True)
    if not wish.what.ordinal and len(paragraphs) > 1:
        return Stop(f"there are {len(paragraphs)} paragraphs here", tuple(paragraphs))
    text = paragraphs[at if wish.what.ordinal else 0]
    action = {"kind": "click", "at": place_of(text), "count": 3}
    return Act(action, "do", text, "the only such paragraph")


def copy(scene: Scene) -> Step:
    """The first field that lacks the value stated elsewhere under its label."""
    fields = [e for e in scene.page.marked if e.role in _FIELDS]
    if not fields:
        return Stop("there are no fields here", missing=True)
    for field in fields:
        value = _stated(field, scene)
        if not value:
            return Stop(f"nothing states '{scene.layout.label(field)}'", (field,))
        if field.value != value:
            if any(entry.text == value for entry in scene.entries):
                return Stop(f"the field holds '{field.value}' instead of '{value}'", (field,))
            action = {"kind": "type", "mark": field.mark, "text": value, "clear": True}
            return Act(action, "type", field, "stated under the same label", value)
    return Done("every field holds its value")


def _stated(field: Element, scene: Scene) -> str:
    """What stands to the right of the field's label wherever else that occurs."""
    label = words.fold(scene.layout.label(field))
    pairs = [pair for row in scene.layout.rows for pair in pairwise(row.cells)]
    values = {
        value.name
        for said, value in pairs
        if label and words.fold(said.name) == label and value.mark is None
    }
    return values.pop() if len(values) == 1 else ""
