"""Which field or option of the page something said is for: the page's labels are looked for in the
words, not the words on the page. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gui_agent.baseline import dates, words
from gui_agent.baseline.choosing import OPTIONS
from gui_agent.baseline.facts import MONEY
from gui_agent.baseline.fields import BOXES, give, tick
from gui_agent.baseline.goals import Commit, Detail, Fill, Put
from gui_agent.baseline.layout import FIELDS
from gui_agent.baseline.lists import from_lists
from gui_agent.baseline.matching import Doubt, Match, choose
from gui_agent.baseline.phrases import Quotes, phrase
from gui_agent.baseline.sending import commit
from gui_agent.baseline.steps import Done, Scene, Step, stop
from gui_agent.baseline.vocabulary import STOP
from gui_agent.screen import Element

_FILLER = frozenset("the a an of is are be to at as my its : = number".split())
"""Between what a field is called and its value."""
_BEFORE_LABEL = r"as|for|in|into|under|on|to"
_BOUND = r"(?:at least|at most|no more than|no less than|up to|min(?:imum)?|max(?:imum)?|from)"
_COUNTED = re.compile(
    rf"(?P<bound>{_BOUND}\s+)?(?P<number>[$€£]?\d[\d.,]*)\s+(?P<unit>[^\W\d].*)", re.IGNORECASE
)
"""`2.5 hours`, `at least 2 bedrooms`: the unit names the field."""
_LED = re.compile(
    r"(?:\S+\s+){1,3}?(?:from|by|with|to|in|at|as|via|for|on|through)\s+(?:the\s+)?(?P<rest>.+)"
)
"""`collect from Mill Road`, `tell me by e-mail`: how an option is spoken of."""
_MAIL = re.compile(r"\S+@\S+\.\S+")
_DESCRIBES = re.compile(r"(?:from|that|which|whose|about|with|in|on)\s", re.IGNORECASE)
"""`The parcel from Ada`: this says which one is meant, and is no value."""
_MOST_WORDS = 3
"""Of a value beside which only a part of the label was said."""
_CHOICES = BOXES | OPTIONS
_SPOKEN = frozenset("comment reply respond answer post message".split())
"""Deeds of words: typed only, they have not been done."""


@dataclass(frozen=True)
class Slot:
    """A field, and what it is to hold."""

    field: Match
    value: str


def put(wish: Put, scene: Scene) -> Step:
    """The next step towards a form that holds what was said."""
    if scene.did("pick"):
        return Done("chosen")
    detail = wish.detail
    verb = words.terms(detail.text)[0] if wish.deed else ""
    if verb in _SPOKEN and scene.did("do"):
        return Done("sent off")
    if slot := labelled(detail, scene) or of_kind(detail, scene):
        step = fill_in(slot, scene)
        spoken = isinstance(step, Done) and verb in _SPOKEN
        return commit(Commit(verb, phrase("", Quotes())), scene) if spoken else step
    if scene.did("do", "type"):
        return Done("the field was filled in and has gone")
    found = option(detail, scene, choices_only=wish.deed)
    if isinstance(found, Match):
        return tick(found, scene)
    listed = from_lists(detail.text, scene) if found.missing and not wish.deed else None
    return listed or stop(found, words.content(detail.text)[1 if wish.deed else 0 :])


def fill_in(slot: Slot, scene: Scene) -> Step:
    """The next step towards a field that holds its value."""
    named = phrase(slot.field.element.name, Quotes())
    return give(Fill(named, slot.value, literal=False), slot.field, scene)


def option(detail: Detail, scene: Scene, choices_only: bool = False) -> Match | Doubt:
    """The option that something said means: by all of its words, or by the last of them alone."""
    among = [
        e for e in scene.page.marked
        if e.role in _CHOICES or not (choices_only or e.role in FIELDS)
    ]  # fmt: skip
    found = choose(phrase(detail.text, Quotes()), among, scene.layout)
    if isinstance(found, Match) or not found.missing:
        return found
    led = _LED.fullmatch(detail.text)
    exact = [
        e for e in among
        if led and e.role in _CHOICES and words.fold(e.name) == words.fold(led["rest"])
    ]  # fmt: skip
    return Match(exact[0], 0.8, "the only such option") if len(exact) == 1 else found


def fields(scene: Scene) -> list[Element]:
    return [e for e in scene.page.marked if e.role in FIELDS]


def labelled(detail: Detail, scene: Scene, enough: float = 0.5) -> Slot | None:
    """`the role Viewer`, `Viewer as the role` and `2.5 hours` name the field themselves; the one
    whose label they say the most of, if there is just one and they say so much of it."""
    found = []
    for field in fields(scene):
        full = words.terms(scene.layout.label(field))
        if (label := label_terms(field, scene)) and (said := _split(detail, label, full)):
            named, value = said
            found.append((len(named), len(named) / len(label), field, value))
    found.sort(key=lambda slot: slot[:2], reverse=True)
    if not found or (len(found) > 1 and found[0][:2] == found[1][:2]):
        return None
    _, share, field, value = found[0]
    spelled = detail.quoted or ": " in detail.text
    if share < 1 and not spelled and len(value.split()) > _MOST_WORDS:
        return None
    return Slot(Match(field, 0.9, "its label"), value) if share >= enough else None


def label_terms(field: Element, scene: Scene) -> tuple[str, ...]:
    return tuple(t for t in words.content(scene.layout.label(field)) if t not in STOP)


def _split(
    detail: Detail, label: Sequence[str], full: Sequence[str]
) -> tuple[set[str], str] | None:
    """Which of the label's terms the detail says, and the value that it says beside them."""
    if detail.quoted:
        rest = detail.text.replace(detail.quoted, " ", 1).split()
        named = _named(re.sub(rf"^(?:{_BEFORE_LABEL})\s+", "", " ".join(rest)), label, full)
        return (named, detail.quoted) if named else None
    text = re.sub(r"\s*[:=]\s+", " ", detail.text)
    if (counted := _COUNTED.fullmatch(text)) and (
        named := _named(f"{counted['bound'] or ''} {counted['unit']}", label, full)
    ):
        return named, counted["number"]
    said = text.split()
    for size in range(len(said) - 1, 0, -1):
        if named := _named(" ".join(said[:size]), label, full):
            value = _without_filler(said[size:], label)
            return (named, value) if value and not _DESCRIBES.match(value) else None
    for at in range(1, len(said) - 1):
        if re.fullmatch(_BEFORE_LABEL, said[at], re.IGNORECASE):
            named = _named(" ".join(said[at + 1 :]), label, full)
            if named:
                return named, " ".join(said[:at])
    return None


def _named(text: str, label: Sequence[str], full: Sequence[str]) -> set[str]:
    """The telling terms of a label in a text that says nothing else; else none."""
    said = [t for t in words.terms(text) if t not in _FILLER and words.is_telling(t)]
    named = {term for term in label if words.best(term, said) >= 0.85}
    strange = [t for t in said if words.best(t, (*label, *full)) < 0.85]
    return set() if strange else named


def _without_filler(said: list[str], label: Sequence[str]) -> str:
    """The value; the field's own unit at its end is left out: `3.5 kg` where it counts kg."""
    while said and said[0].lower() in _FILLER:
        said = said[1:]
    if len(said) == 2 and re.fullmatch(r"[$€£]?\d[\d.,]*", said[0]):
        unit = words.terms(said[1])
        if unit and all(words.best(term, label) >= 0.85 for term in unit):
            return said[0]
    return " ".join(said)


def of_kind(detail: Detail, scene: Scene) -> Slot | None:
    """A date goes into the only date field, an address into the field for one, and so on."""
    text = detail.text
    if dates.day(text) and not MONEY.search(text):
        wanted = {"date", "day", "when"}
    elif _MAIL.fullmatch(text):
        wanted = {"email", "to", "recipient"}
    elif MONEY.fullmatch(text) or re.fullmatch(r"[\d.,]+\s*(?:euros?|dollars?|pounds?)", text):
        wanted, text = {"amount", "sum", "price", "total", "value"}, re.sub(r"[^\d.,]", "", text)
    else:
        return None
    fitting = [e for e in fields(scene) if wanted & set(words.terms(scene.layout.label(e)))]
    return Slot(Match(fitting[0], 0.9, "its kind"), text) if len(fitting) == 1 else None
