"""Which element a phrase means: a score out of name, surroundings, role and order. Pure.

Every term the goal uses has to be accounted for; what is not is a reason to give up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gui_agent.baseline import words
from gui_agent.baseline.goals import Phrase
from gui_agent.baseline.layout import Layout, gap
from gui_agent.baseline.vocabulary import CONTROLS, RISKY, ROLE_CLASSES
from gui_agent.screen import Element

THRESHOLD = 0.6
MARGIN = 0.05

DEEDS = frozenset(
    """
    login logout signup add create delete edit save submit send confirm ok cancel close search
    filter sort download export upload import share reply forward archive pay buy placeorder
    checkout book subscribe unsubscribe apply accept decline approve enable disable expand
    collapse show hide view print copy refresh reset rename publish like follow play pause
    open details select choose move more assign mark star flag pin retweet
    """.split()
)
DOING = DEEDS - frozenset(
    "login logout signup search filter sort expand collapse show hide view open details".split()
)
"""Those that change something: a menu's entry of that name only leads to where it was done."""
_CHANGERS = frozenset({"all", "not", "dont", "no", "without", "except", "cancel", "never", "other"})
"""Words that, when the goal doesn't say them, make a name mean something else."""

_NAME, _CONTEXT, _NEAR, _PAGE = 1.0, 0.95, 0.85, 0.7


@dataclass(frozen=True)
class Match:
    """An element and how well it fits; `why` is part of the evidence trace."""

    element: Element
    score: float
    why: str


@dataclass(frozen=True)
class Doubt:
    """No element can be chosen; `close` are those that came into question."""

    reason: str
    close: tuple[Element, ...] = ()
    missing: bool = True
    """Nothing fits here, so it may be elsewhere; False: several fit, or it can't be used."""


def choose(
    phrase: Phrase, among: Sequence[Element], layout: Layout, verb: str = ""
) -> Match | Doubt:
    """The element that a phrase means, when one fits well enough and better than any other."""
    found = rank(phrase, among, layout, verb)
    if phrase.ordinal and not (found and _says(found[0].element, phrase.text)):
        return _nth(phrase, found)
    if not found or found[0].score < THRESHOLD:
        return Doubt(f"nothing here is called '{phrase.text}'", _elements(found[:3]))
    best = found[0]
    rivals = [m for m in found[1:] if m.score > best.score - MARGIN and not _twins(best, m, layout)]
    if rivals:
        equals = [best, *rivals]
        terms = (*phrase.must, *(t for text in phrase.quoted for t in words.content(text)))
        told = _told_apart(phrase, equals, verb) or by_own_words(terms, equals, layout)
        if told := told or _anchored(phrase, equals, layout):
            return told
        close = (best.element, *_elements(rivals[:3]))
        return Doubt(f"'{phrase.text}' fits {len(rivals) + 1} things", close, missing=False)
    if "disabled" in best.element.states:
        return Doubt(f"'{best.element.name}' is disabled", (best.element,), missing=False)
    return best


def _says(element: Element, text: str) -> bool:
    return words.fold(element.name) == words.fold(text)


def rank(phrase: Phrase, among: Iterable[Element], layout: Layout, verb: str = "") -> list[Match]:
    """All elements that account for the whole phrase, the best first, else in reading order."""
    matches = [match for e in among if (match := score(phrase, e, layout, verb))]
    return sorted(matches, key=lambda match: -match.score)


def score(phrase: Phrase, element: Element, layout: Layout, verb: str = "") -> Match | None:
    """How well an element fits, or None when some part of the phrase is not accounted for."""
    kind_only = phrase.empty and not verb and set(phrase.soft) <= CONTROLS
    called_so = bool(phrase.name) and words.fold(phrase.name) == words.fold(element.name)
    if kind_only and phrase.role and not called_so:
        fits = _has_role(phrase, element)
        return Match(element, _kind(phrase, element), "its kind") if fits else None
    label = layout.label(element) or element.context
    name = words.content(label)
    caption = layout.caption(element) if element.role in ("link", "generic") else ""
    name = (*name, *words.content(caption)) if caption else name
    if not name:
        return None
    if element.role != "tab" and words.is_state(element.name, phrase.text):
        return None
    exact = _exact(phrase, label, verb)
    if exact and not element.name and element.role == "generic":
        exact *= 0.9  # known by its surroundings only
    if exact:
        return Match(element, _with_role(exact, phrase, element), "name")
    grades = _grades(phrase, element, label, name, layout, verb)
    if grades is None or min(grades, default=0.0) == 0.0:
        return None
    precision, changed = _precision(phrase, name, verb)
    if not caption and _stands_for_its_row(phrase, element, name, verb):
        precision, changed = 0.8, False
    risky = RISKY & set(name)
    if risky and (precision < 1 or min(grades) < _PAGE or not risky <= {verb, *phrase.must}):
        return None
    value = (0.95 if precision == 1 else 0.62 + 0.3 * precision) * sum(grades) / len(grades)
    where = "name" if min(grades) == _NAME else "name and surroundings"
    return Match(element, _with_role(value - 0.3 * changed, phrase, element), where)


def _kind(phrase: Phrase, element: Element) -> float:
    """`The text field` is a line before it is an area."""
    return 0.8 if phrase.role == "field" and "multiline" in element.states else 0.9


def _stands_for_its_row(phrase: Phrase, element: Element, name: Sequence[str], verb: str) -> bool:
    """`The message from Carla`: a link or row that names no deed, known by what stands around."""
    named = verb or phrase.head or phrase.quoted or phrase.role
    plain = element.role in ("link", "generic", "row", "listitem") and not DEEDS & set(name)
    return not named and bool(phrase.soft) and plain


def _exact(phrase: Phrase, label: str, verb: str) -> float:
    """1 when the name is what the goal says, letter by letter; a little less when only alike."""
    if verb and verb not in words.terms(phrase.text):
        return 0.0
    wanted = [phrase.text, phrase.name]
    if len(phrase.quoted) == 1 and not (verb or phrase.must):
        wanted += phrase.quoted
    for text in filter(None, wanted):
        if not words.fold(text):  # a sign, such as the point among a calculator's keys
            if text.strip() == label.strip():
                return 1.0
            continue
        if words.fold(text) == words.fold(label):
            return 1.0
        if words.look_alike(text) == words.look_alike(label):
            return 0.98
    return 0.0


def _grades(
    phrase: Phrase, element: Element, label: str, name: Sequence[str], layout: Layout, verb: str
) -> list[float] | None:
    """Where each part of the phrase is found; None when the name lacks what it must itself say."""
    risky = bool(RISKY & set(name))
    context, around = layout.context(element), layout.near(element, band=not risky)
    near = tuple(term for text in around for term in words.terms(text))

    # A thing named without its surroundings isn't known by the page's title.
    headline = layout.headline if verb or phrase.head != phrase.must else ()

    def found(term: str) -> float:
        return max(
            words.best(term, name),
            words.best(term, context) * _CONTEXT,
            words.best(term, near) * _NEAR,
            words.best(term, headline) * _PAGE,
        )

    grades = [found(term) for term in phrase.must]
    if verb:
        said = words.best(verb, name)
        grades.append(said if said >= 0.9 else 0.0)
    own = ((label, _NAME), (layout.belongs(element), _CONTEXT))
    places = own if risky else (*own, *((text, _NEAR) for text in around))
    grades += [
        max(grade if _has(text, place) else 0.0 for place, grade in places)
        for text in phrase.quoted
    ]
    named = [t for t in (*phrase.head, *phrase.soft) if words.best(t, name) > 0]
    own_quote = any(_has(text, label) for text in phrase.quoted)
    if not verb and not named and not own_quote and (phrase.head or phrase.quoted):
        return None
    if not grades:
        grades = [words.best(term, name) for term in phrase.soft]
    return grades


def _precision(phrase: Phrase, name: Sequence[str], verb: str) -> tuple[float, bool]:
    """The share of the name's words that the goal says, and whether an unsaid one changes it."""
    said = {verb, *phrase.must, *phrase.soft, *words.terms(phrase.text)}
    said |= {term for text in phrase.quoted for term in words.terms(text)}
    unsaid = [term for term in name if words.best(term, said) == 0]
    return 1 - len(unsaid) / len(name), any(term in _CHANGERS for term in unsaid)


def _has(text: str, place: str) -> bool:
    """Is the text in the place, as whole words?"""
    wanted, there = words.fold(text), words.fold(place)
    if wanted and f" {wanted} " in f" {there} ":
        return True
    return words.look_alike(text) in words.look_alike(place) and len(wanted) >= 3


def _with_role(value: float, phrase: Phrase, element: Element) -> float:
    if not phrase.role or _has_role(phrase, element):
        return value
    return value * (0.9 if element.role == "generic" else 0.75)


def _has_role(phrase: Phrase, element: Element) -> bool:
    if phrase.role == "area" and "multiline" not in element.states:
        return False
    return element.role == phrase.role or element.role in ROLE_CLASSES.get(phrase.role, ())


def _nth(phrase: Phrase, found: list[Match]) -> Match | Doubt:
    """The one that an ordinal picks among those that fit equally well."""
    if not found:
        return Doubt(f"nothing here is called '{phrase.text}'")
    equal = [m for m in found if m.score > found[0].score - MARGIN]
    equal.sort(key=lambda match: match.element.mark or 0)
    at = phrase.ordinal - 1 if phrase.ordinal > 0 else phrase.ordinal
    if not -len(equal) <= at < len(equal):
        return Doubt(f"there are only {len(equal)} of '{phrase.text}' here", _elements(equal))
    return equal[at]


def _told_apart(phrase: Phrase, rivals: Sequence[Match], verb: str) -> Match | None:
    """Of equals, the only one in the goal's own order of words, or without a deed nobody asked for:
    `low to high` is not `High to low`, and `the basket` is not `Add to basket`."""
    said = {verb, *words.terms(phrase.text)}
    ordered = [m for m in rivals if _in_order(words.terms(phrase.text), m.element.name)]
    idle = [m for m in rivals if not (DEEDS & set(words.terms(m.element.name))) - said]
    for few, why in ((ordered, "in this order"), (idle, "no deed")):
        if len(few) == 1:
            return replace(few[0], why=why)
    return None


def by_own_words(terms: Sequence[str], equals: Sequence[Match], layout: Layout) -> Match | None:
    """Of equals with one name, the one whose own row or card says all that any other's says of
    the goal's words, and more."""
    if len({words.content(match.element.name) for match in equals}) > 1:
        return None
    said = [
        {term for term in terms if words.best(term, layout.context(match.element)) >= 0.9}
        for match in equals
    ]
    most = max(said, key=len)
    others = [there for there in said if there is not most]
    if len(others) == len(equals) - 1 and all(there < most for there in others):
        return replace(equals[said.index(most)], why="its own surroundings")
    return None


def _in_order(terms: Sequence[str], name: str) -> bool:
    said = [term for term in terms if words.is_telling(term)]
    there = iter(words.terms(name))
    return len(said) > 1 and all(term in there for term in said)


def _anchored(phrase: Phrase, rivals: Sequence[Match], layout: Layout) -> Match | None:
    """Of equals, the one that stands by the only thing that is called just what the goal says."""
    wanted = {*phrase.must, *(t for text in phrase.quoted for t in words.content(text))}
    taken = {id(match.element) for match in rivals}
    anchors = [
        e
        for e in layout.page.elements
        if id(e) not in taken and e.name and wanted and set(words.content(e.name)) == wanted
    ]
    if not anchors or any(gap(anchors[0], e) > 0.05 for e in anchors):
        return None
    near = sorted(rivals, key=lambda match: gap(anchors[0], match.element))
    first, second = (gap(anchors[0], match.element) for match in near[:2])
    return replace(near[0], why="standing by it") if second > 1.2 * first + 0.01 else None


def _twins(one: Match, other: Match, layout: Layout) -> bool:
    """Two links of one name in one place lead to one page: a picture and its title. And where the
    goal gives the name, and nothing on the page tells two buttons apart, either is meant."""
    a, b = one.element, other.element
    if a.role != b.role or a.name != b.name or a.context != b.context:
        return False
    if a.role == "link":
        return True
    exact = one.why == other.why == "name" and one.score >= 0.98
    return (
        exact
        and a.role == "button"
        and not (a.context or RISKY & set(words.content(a.name)))
        and layout.near(a) == layout.near(b)
    )


def _elements(matches: Sequence[Match]) -> tuple[Element, ...]:
    return tuple(match.element for match in matches)
