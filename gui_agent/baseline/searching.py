"""Searching: by a search field, or by a form whose fields the goal's words tell apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gui_agent.baseline import words
from gui_agent.baseline.goals import Search
from gui_agent.baseline.layout import gap
from gui_agent.baseline.matching import Doubt, Match, choose, rank
from gui_agent.baseline.phrases import Quotes, phrase
from gui_agent.baseline.steps import Act, Done, Scene, Step, Stop, click
from gui_agent.screen import Element

_SEARCH = phrase("search", Quotes())
_LINKS = r"by|from|in|of|at|with|is|called|named|the"
_SENDING = frozenset({"search", "submit", "find", "go"})


def search(wish: Search, scene: Scene) -> Step:
    """Type into the search field, then send it off by its button or the Enter key."""
    if scene.did("do"):
        return Done("searched")
    fields = [e for e in scene.page.marked if e.role in ("searchbox", "textbox", "combobox")]
    named = [e for e in fields if e.role == "searchbox" or "search" in words.terms(e.name)]
    if not named and (step := _by_form(wish, fields, scene)):
        return step
    if not named:
        named = _beside_search_button(fields, scene)
    if len(named) > 1:
        return Stop(f"there are {len(named)} search fields", tuple(named))
    if len(fields) > 1 and not named:
        return Stop(
            f"the goal doesn't say which of {len(fields)} fields to search by", tuple(fields)
        )
    if not named:
        return _open_search(scene)
    field = named[0]
    if words.fold(field.value or "") != words.fold(wish.text):
        if scene.did("type"):
            return Done("searched; the field has been emptied")
        action = {"kind": "type", "mark": field.mark, "text": wish.text, "clear": True}
        return Act(action, "type", field, "the search field")
    buttons = rank(_SEARCH, [e for e in scene.page.marked if e.role == "button"], scene.layout)
    beside = [match for match in buttons if gap(match.element, field) < 0.12]
    if len(beside) == 1 and "disabled" not in beside[0].element.states:
        return click(beside[0].element, beside[0])
    if "focused" not in field.states and not scene.did("type"):
        return click(field, did="type")
    return Act({"kind": "keys", "keys": ["enter"]}, "do", None, "no search button beside the field")


def _beside_search_button(fields: list[Element], scene: Scene) -> list[Element]:
    """A field that isn't called so, but stands right beside the only button that is."""
    buttons = [e for e in scene.page.marked if e.role == "button"]
    found = choose(_SEARCH, buttons, scene.layout)
    if isinstance(found, Doubt):
        return []
    near = [e for e in fields if gap(e, found.element) < 0.03]
    return [e for e in near if len(fields) == 1 or not scene.layout.label(e)]


def _open_search(scene: Scene) -> Step:
    if not scene.did("open"):
        opener = choose(_SEARCH, scene.page.marked, scene.layout)
        if isinstance(opener, Match):
            return click(opener.element, opener, did="open")
    return Stop("there is no search field", missing=True, wanted=("search",))


def _by_form(wish: Search, fields: Sequence[Element], scene: Scene) -> Step | None:
    """`Drama films directed by Hale from year 1984`: each field gets the words that are its own."""
    values = shared_out(wish.text, [scene.layout.label(field) for field in fields])
    if len(fields) < 2 or not values:
        return None
    for field, value in zip(fields, values, strict=True):
        if value and field.value != value:
            if any(entry.text == value for entry in scene.entries):
                return Stop(f"a field holds '{field.value}' instead of '{value}'", (field,))
            action = {"kind": "type", "mark": field.mark, "text": value, "clear": True}
            why = f"what belongs to '{scene.layout.label(field)}'"
            return Act(action, "type", field, why, value)
    sending = [
        e
        for e in scene.page.marked
        if e.role in ("button", "generic") and e.name and set(words.content(e.name)) <= _SENDING
    ]
    if len(sending) != 1:
        return Stop(f"there are {len(sending)} buttons to search with", tuple(sending))
    return click(sending[0], Match(sending[0], 0.9, "the form's only button"))


def shared_out(text: str, labels: Sequence[str]) -> list[str]:
    """The text's words by the labels that they belong to, "" where none do; [] when that isn't
    clear.

    The words after one like the label are its value (`directed by Hale`: Director); what leads the
    text belongs to the only label that is left.
    """
    values = [""] * len(labels)
    rest = text
    for place, label in enumerate(labels):
        name = next(iter(words.content(label)), "")
        said = next((w for w in re.findall(r"\w+", rest) if words.alike(name, w.lower()) > 0), "")
        value = re.search(rf"\b{said}\b\s+(?:(?:{_LINKS})\s+)*(.+?)(?=\s+(?:{_LINKS})\s|$)", rest)
        if said and value:
            values[place] = value[1]
            rest = rest.replace(value[0], "")
    lead = re.sub(rf"(?:\s+(?:{_LINKS}))+\s*$", "", rest.strip()).split()
    unnamed = [place for place, value in enumerate(values) if not value]
    if len(labels) - len(unnamed) == 0 or not all(labels):
        return []
    if len(unnamed) == 1 and len(lead) > 1:
        values[unnamed[0]] = " ".join(lead[:-1])
        lead = lead[-1:]
    return values if len(lead) <= 1 else []
