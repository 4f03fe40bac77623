"""Of several buttons or cards alike, the one with the least or greatest figure. Pure.

`Book for $130` and `Book for $155` are alike: apart from their figures they have the same name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gui_agent.baseline import words
from gui_agent.baseline.facts import MONEY
from gui_agent.baseline.goals import Phrase
from gui_agent.baseline.matching import Match
from gui_agent.baseline.steps import Scene, signed
from gui_agent.baseline.vocabulary import NEAR, SOFT
from gui_agent.screen import Element

_FIGURE = re.compile(r"[-−]?\d[\d.,]*")
_DURATION = re.compile(r"(?:(\d+)\s*h(?:ours?|rs?)?\b)?\s*(?:(\d+)\s*m(?:in(?:ute)?s?)?\b)?")
_TIMES = frozenset({"duration", "time", "flight", "trip", "way", "long", "journey"})
_PRICES = frozenset({"price", "cost", "fare"})
_MEASURES = _TIMES | _PRICES | {"number", "value", "one"}


def extreme_control(what: Phrase, verb: str, scene: Scene) -> Match | None:
    """The one of a group of like controls whose figure is the least or greatest; None where there
    is no such group, or two are equal."""
    named = [t for t in what.must if t not in _MEASURES and t not in SOFT]
    groups = [g for g in _groups(scene.page.marked) if _says(g[0], verb)]
    if named or len(groups) != 1:
        return None
    way, _, attribute = what.extreme.partition(":")
    figures = _figures(groups[0], what, attribute, scene)
    if any(figure is None for figure in figures):
        return None
    ranked = sorted(((figure or 0.0, i) for i, figure in enumerate(figures)), reverse=way == "max")
    if ranked[0][0] == ranked[1][0]:
        return None
    return Match(groups[0][ranked[0][1]], 0.9, f"{what.extreme} {ranked[0][0]:g}")


def _groups(marked: Sequence[Element]) -> list[list[Element]]:
    """Controls that differ in the figures of their names only."""
    by_form: dict[tuple[str, str], list[Element]] = {}
    for element in marked:
        if _FIGURE.search(element.name) and element.role in ("button", "link", "generic"):
            form = (_FIGURE.sub("#", element.name), element.role)
            by_form.setdefault(form, []).append(element)
    return [group for group in by_form.values() if len(group) > 1]


def _says(element: Element, verb: str) -> bool:
    """Is the deed on it; or, where the goal names none, is there nothing but the figure?"""
    if not verb:
        return signed(element.name) is not None
    near = {verb, *(term for row in NEAR if verb in row.split() for term in row.split())}
    return bool(near & set(words.terms(element.name)))


def _figures(
    group: Sequence[Element], what: Phrase, attribute: str, scene: Scene
) -> list[float | None]:
    said = {*words.terms(what.text), attribute}
    if said & _PRICES:
        return [_price(element.name) for element in group]
    if said & _TIMES:
        return [_minutes(texts) for texts in _cards(group, scene)]
    return [signed(element.name) for element in group]


def _price(text: str) -> float | None:
    money = MONEY.search(text)
    return words.number(money[0]) if money else None


def _cards(group: Sequence[Element], scene: Scene) -> list[list[str]]:
    """The words that lead up to each of the controls, from the one before it."""
    cards: list[list[str]] = []
    texts: list[str] = []
    for element in scene.page.elements:
        texts.append(element.name)
        if element in group:
            cards.append(texts)
            texts = []
    return cards


def _minutes(texts: Sequence[str]) -> float | None:
    """The only duration among the texts."""
    found = [match for text in texts if (match := _DURATION.fullmatch(text.strip())) and match[0]]
    if len(found) != 1:
        return None
    return 60.0 * int(found[0][1] or 0) + int(found[0][2] or 0)
