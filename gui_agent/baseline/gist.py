"""What a clause comes to on this page where no sentence form fits: its words, weighed against all
that can be acted on. A clear winner that accounts for what was said, or none. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gui_agent.baseline import words
from gui_agent.baseline.goals import Gist
from gui_agent.baseline.layout import FIELDS, Layout
from gui_agent.baseline.matching import DEEDS, Doubt, Match, by_own_words
from gui_agent.baseline.vocabulary import RISKY, SOFT
from gui_agent.screen import Element

_ENOUGH = 0.7
_ENOUGH_FOR_A_DEED = 0.95
_MARGIN = 0.08
_IN_NAME, _IN_CONTEXT, _NEARBY = 1.0, 0.95, 0.8
_BY_THE_WAY = 0.15
"""The weight of words for kinds of things, as against the names of things."""
_ABSENT = 0.5
"""The weight of a word that the page doesn't use at all."""


@dataclass(frozen=True)
class _Word:
    term: str
    weight: float
    vital: bool
    """A number or a capitalised name: what lacks it is something else."""


def grasp(gist: Gist, among: Sequence[Element], layout: Layout) -> Match | Doubt:
    """The element that a clause is about, if one stands out."""
    spoken = _weighed(gist, layout)
    matches = [m for e in among if (m := _fit(gist, spoken, e, layout))]
    matches.sort(key=lambda match: -match.score)
    if not matches:
        return Doubt(f"nothing here answers to '{gist.text}'")
    best = matches[0]
    rivals = [m for m in matches[1:] if m.score > best.score - _MARGIN and not _same(best, m)]
    if rivals:
        if told := by_own_words(gist.terms, [best, *rivals], layout):
            return told
        close = (best.element, *(m.element for m in rivals[:3]))
        return Doubt(f"'{gist.text}' fits {len(rivals) + 1} things", close, missing=False)
    if "disabled" in best.element.states:
        return Doubt(f"'{best.element.name}' is disabled", (best.element,), missing=False)
    return best


def _same(one: Match, other: Match) -> bool:
    a, b = one.element, other.element
    return a.role == b.role == "link" and a.name == b.name


def _weighed(gist: Gist, layout: Layout) -> list[_Word]:
    page = {term for e in layout.page.elements for term in words.terms(f"{e.name} {e.value or ''}")}
    return [
        _Word(term, _weight(term, page), term in gist.vital or term.isdigit())
        for term in dict.fromkeys(gist.terms)
    ]


def _weight(term: str, page: set[str]) -> float:
    if term in SOFT:
        return _BY_THE_WAY
    return 1.0 if words.best(term, page) > 0 else _ABSENT


def _fit(gist: Gist, spoken: Sequence[_Word], element: Element, layout: Layout) -> Match | None:
    """How well an element accounts for the words, by its name and by what stands around it."""
    name = words.content(layout.label(element))
    if not name or element.role in FIELDS or words.is_state(element.name, gist.text):
        return None
    context = layout.context(element)
    risky = bool(RISKY & set(name))
    near = () if risky else tuple(t for text in layout.near(element) for t in words.terms(text))
    own = {word.term: words.best(word.term, name) for word in spoken}
    if gist.deed:
        own[gist.deed] = words.best(gist.deed, name)
        if own[gist.deed] < 0.85:
            return None
    if not any(own.values()):
        return None
    found = [
        max(own[w.term] * _IN_NAME, words.best(w.term, context) * _IN_CONTEXT,
            words.best(w.term, near) * _NEARBY)
        for w in spoken
    ]  # fmt: skip
    if any(word.vital and not score for word, score in zip(spoken, found, strict=True)):
        return None
    total = sum(word.weight for word in spoken) or 1.0
    covered = sum(w.weight * f for w, f in zip(spoken, found, strict=True)) / total
    said = (gist.deed, *gist.terms, *gist.free)
    unsaid = [term for term in name if words.best(term, said) == 0 and term not in SOFT]
    acts = (DEEDS | RISKY) & set(name) - {gist.deed}
    if acts & set(unsaid) or (risky and unsaid):
        return None
    enough = _ENOUGH_FOR_A_DEED if gist.deed or acts else _ENOUGH
    if covered < enough * (1 if not gist.deed else 0.85):
        return None
    precision = 1 - len(unsaid) / len(name)
    return Match(element, covered * (0.75 + 0.25 * precision), "what was said of it")
