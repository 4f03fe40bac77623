"""Tables of sentence forms: a pattern for a whole clause, and the readings it gives. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from re import Match

from gui_agent.baseline.goals import RECALLED, Fill, Reading, Wish
from gui_agent.baseline.phrases import Quotes, is_quoted, phrase

_PRONOUN = re.compile(
    r"it|that|this|them|(?:that|this) (?:value|text|number|word|name)|result|answer|output"
    r"|它|这个值|该值|答案|结果",
    re.IGNORECASE,
)

Build = Callable[[Match[str], Quotes], list[Reading]]


class Forms:
    """Sentence forms in order; every one that fits a clause contributes its readings."""

    def __init__(self) -> None:
        self._forms: list[tuple[re.Pattern[str], Build]] = []

    def __call__(self, pattern: str) -> Callable[[Build], Build]:
        """Decorator: what a clause of this form may mean. Case is ignored."""

        def register(build: Build) -> Build:
            self._forms.append((re.compile(pattern, re.IGNORECASE), build))
            return build

        return register

    def readings(self, part: str, quotes: Quotes) -> list[Reading]:
        """The readings of a masked clause, likeliest first."""
        found: list[Reading] = []
        for pattern, build in self._forms:
            if match := pattern.fullmatch(part):
                found += build(match, quotes)
        return [reading for reading in dict.fromkeys(found) if reading]


def each(*wishes: Wish) -> list[Reading]:
    """Each wish as a reading of its own."""
    return [(wish,) for wish in wishes]


def is_recalled(value: str) -> bool:
    """Does it stand for what was read or copied before?"""
    return bool(_PRONOUN.fullmatch(re.sub(r"^the\s+", "", value.strip(), flags=re.IGNORECASE)))


def filled(field: str, value: str, quotes: Quotes, literal: bool = True) -> Fill:
    """The wish that a field gets a value; filler around an unquoted one is dropped."""
    value = value.strip(" ,;:：")
    if not is_quoted(value):
        filler = r"^(?:the\s+(?:value|text|word|date|option)\s+|the\s+)"
        value = re.sub(filler, "", value, flags=re.IGNORECASE)
    field = re.sub(r"^(?:the\s+)?(?:number|amount|count)\s+of\s+", "", field, flags=re.IGNORECASE)
    field, every = re.subn(
        r"^(?:both|all|each|every)\s+(?:of\s+)?(?:the\s+)?", "", field, flags=re.I
    )
    if _PRONOUN.fullmatch(value):
        return Fill(phrase(field, quotes), RECALLED, True, bool(every))
    return Fill(phrase(field, quotes), quotes.restore(value), literal, bool(every))
