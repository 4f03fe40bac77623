"""What `it`, `that email` and `their address` stand for: what was to be found before. Pure.

`Find the email by Ann and delete it` is to delete the email by Ann.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_FOUND = re.compile(
    r"(?:find|locate|look for|pull up)\s+(?!.*\b(?:word|number|value|answer)\b)"
    r"(?P<what>[^,;]+?)"
    r"(?:\s+in\s+(?:the|my|your)\s+(?:\w+\s+)?(?:book|list|table|inbox|directory|index))?",
    re.IGNORECASE,
)
_NOUN = (
    r"(?:e-?mail|message|mail|post|tweet|item|entry|row|record|contact|person|product|article|task"
    r"|file|folder|ticket|issue|order)"
)
_IT = re.compile(
    rf"\b(?:(?:that|this)\s+{_NOUN}|the\s+{_NOUN}(?=\s+(?:to|with)\b|$)|it|them|him|her)(?![\w'-])",
    re.IGNORECASE,
)
_ITS = re.compile(r"\b(?:their|its|his|her)\s+(?P<part>[\w -]+?)(?=\s*$)", re.IGNORECASE)
_ITS_BUTTON = re.compile(
    r"(?P<deed>(?:click|press|tap|hit|push)(?:\s+on)?)\s+the\s+(?P<part>[^\s]+(?:\s\w+)?"
    r"\s+(?:icon|button|link))",
    re.IGNORECASE,
)


def resolve(parts: Iterable[str]) -> Iterator[str]:
    """The clauses of a masked goal, with what was found put in the place of words that mean it."""
    found, kept = "", ""
    for part in parts:
        if match := _FOUND.fullmatch(part):
            if kept:
                yield kept
            found, kept = match["what"], part
            continue
        meant = _meant(part, found) if found else part
        if kept and meant == part:
            yield kept
        kept = ""
        yield meant
    if kept:
        yield kept


def _meant(part: str, found: str) -> str:
    if button := _ITS_BUTTON.fullmatch(part):
        return f"{button['deed']} the {button['part']} in {found}"
    if owned := _ITS.search(part):
        return f"{part[: owned.start()]}the {owned['part']} of {found}"
    return _IT.sub(lambda _: found, part, count=1)
