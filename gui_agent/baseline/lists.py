"""Native lists whose options nobody has seen yet: asked for one that can't be, they tell what they
have. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gui_agent.baseline import words
from gui_agent.baseline.choosing import is_option, listed
from gui_agent.baseline.steps import Act, Done, Scene, Step
from gui_agent.baseline.vocabulary import SOFT
from gui_agent.screen import Element

_MOST_TRIES = 2


def from_lists(text: str, scene: Scene) -> Step | None:
    """Choose what a clause says, out of the native list that offers just that; None if none does.

    A list is asked for the clause itself, which it refuses by naming what it has: nothing changes.
    """
    if chosen := scene.did("do"):
        return Done(f"chosen in '{chosen.on}'")
    lists = [e for e in scene.page.marked if e.role == "combobox" and e.value is not None]
    for element in lists:
        if element.value and fitting(text, [element.value]):
            return Done(f"'{scene.layout.label(element)}' shows '{element.value}'")
    tried = [entry for entry in scene.entries if entry.did.startswith("try ")]
    for entry in tried:
        offered = fitting(text, listed(entry.result))
        asked = [e for e in lists if f"try {e.mark}" == entry.did]
        if len(offered) == 1 and asked:
            return _select(asked[0], offered[0], "do", "the only list that offers it")
    been = {entry.did for entry in tried}
    left = [e for e in _likeliest(text, lists, scene) if f"try {e.mark}" not in been]
    if left and len(tried) < _MOST_TRIES:
        return _select(left[0], text, f"try {left[0].mark}", "to hear what it offers")
    return None


def fitting(text: str, options: Sequence[str]) -> list[str]:
    """The options that say nothing but what the text says; the fullest, where some say less."""
    said = words.terms(text)
    fit = [
        option
        for option in options
        if (terms := words.content(option)) and not set(terms) <= SOFT
        and all(words.best(term, said) >= 0.85 for term in terms)
    ]  # fmt: skip
    most = max((len(words.content(o)) for o in fit), default=0)
    return [o for o in fit if len(words.content(o)) == most and is_option(o, text)] or fit


def _likeliest(text: str, lists: Sequence[Element], scene: Scene) -> list[Element]:
    """Lists that have to do with the text, the most first; any, where it has a name or number."""
    said = words.content(text)
    named = re.search(r"\d|(?<=\s)[A-Z]", text)

    def related(element: Element) -> float:
        around = words.terms(f"{scene.layout.label(element)} {element.context}")
        near = words.terms(" ".join(scene.layout.near(element)))
        return sum(words.best(term, (*around, *near)) for term in said)

    return sorted((e for e in lists if named or related(e)), key=lambda e: -related(e))


def _select(element: Element, option: str, did: str, why: str) -> Act:
    action = {"kind": "select", "mark": element.mark, "option": option}
    return Act(action, did, element, why)
