"""An English goal, split into clauses at the boundaries before verbs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gui_agent.baseline.verbs import ANY, CHOOSING, FILLING, OFF, ON, TYPING, alternatives
from gui_agent.baseline.wording import rewrite

_FILLER = re.compile(
    r"^(?:please|kindly|now|then|first|firstly|next|finally|lastly|also|just|after that"
    r"|afterwards|secondly|go ahead and|make sure to|make sure that|make sure|be sure to"
    r"|try to|i want you to|i want to|i would like to|i'd like to|i'd like you to|i need to"
    r"|i need you to|can you|could you|would you|will you|help me to|help me|let's|let us"
    r"|you should|you need to|you must|in order to|to|and|do|for me)\b[,:]?\s*",
    re.IGNORECASE,
)
_TRAILER = re.compile(
    r"[\s,]+(?:for me|please|thanks|thank you|when (?:you are |you're )?(?:done|finished))$",
    re.IGNORECASE,
)
_LINK = r"(?:and\s+then|and\s+also|and\s+finally|and|then|after\s+that|afterwards|finally)"
_NEXT = (
    r"(?!(?:how|what|when|which|who|where)\b[\w ]*:)"
    rf"(?!(?:start|end|return|play)\w*\s+(?:at\s+|on\s+)?\d){ANY}"
)
"""The verb of a new clause; `start 09:30` is none."""
_SPLIT = re.compile(
    rf"(?:\s*[,;.]\s*|\s+){_LINK},?\s+(?:please\s+|then\s+|finally\s+|also\s+)?(?={_NEXT})"
    rf"|\s+(?=(?:hit|press|click)\s+submit\W*$)"
    rf"|,?\s+so\s+(?:please\s+)?(?=(?:please\s+|only\s+|just\s+)*{_NEXT})"
    rf"|\s*[,;]\s*(?:please\s+)?(?=(?:only\s+|just\s+)?{_NEXT})|\s*[;\n]+\s*|(?<=[^\s.])(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bSt)(?<!\bNo)\.(?:\s+|$)|[!?](?:\s+|$)",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    rf"^(?P<first>(?P<verb>{ANY})\s+(?:the|an?|another)\s+(?P<noun>\w+)\b.+?)"
    r"(?:,|\s+and|,?\s+then|,?\s+and\s+then)\s+(?P<rest>(?:the|an?|another)\s+(?P=noun)\b.+)$",
    re.IGNORECASE,
)
_LOOKING = re.compile(
    rf"(?P<to>,?\s+(?:in\s+order\s+)?to\s+)?\b(?:find|locate|look\s+for)\s+and\s+(?={ANY})",
    re.IGNORECASE,
)
"""`Find and click` is to click: what doesn't show is looked for anyway."""
_PURPOSE = re.compile(
    r",?\s+(?:in order\s+)?to\s+(?:mark|delete|remove|archive|open|close|see|view|star|flag)\s+"
    r"(?:it|them|that|this)\b.*$",
    re.IGNORECASE,
)
"""`Click the star icon to mark it as important`: why, which is the user's business."""
_ELABORATED = re.compile(rf"^(?P<head>{ANY}[^.:;]*:)\s+(?={ANY}\s)", re.IGNORECASE)
"""`Tidy up: delete the draft`: what follows the colon says what to do."""
_INNER = alternatives(TYPING, CHOOSING, FILLING, ON, OFF, "press|click|tap|set|change|switch")
_PLACED = re.compile(
    rf"^(?P<place>(?:in|on|under|within|inside)\s+\S+(?:\s+\S+){{0,3}}?)"
    rf"\s+(?P<rest>{_INNER}\s+(?!{_INNER}).+)$",
    re.IGNORECASE,
)
"""`In the order form enter …`, without the comma."""
_MEANS = re.compile(r"^.+?,?\s+by\s+(click|press|tapp?|select|choos|us)ing\s+(.+)$", re.IGNORECASE)
_PLACE = re.compile(
    r"^(?P<link>in|on|under|within|from|inside|at|for)\s+(?!what\b|which\b|how\b)(?P<place>.+)$",
    re.IGNORECASE,
)
_TIME_OF = re.compile(r"\s+at\s+(?=\d{1,2}(?::\d\d|\s*[ap]\.?m))", re.IGNORECASE)
_UNCLEAR = re.compile(
    r"\b(?:unless|except|without|other than|do not|don't|never|if|whenever|as long as|at least"
    r"|at most|more than|less than|fewer than|cheaper than|avoid|instead of|but not"
    r"|between(?! the (?:tabs|pages|sections))"
    r"|not|until|either|under(?=\s*[$€£]?\d)|over(?=\s*[$€£]?\d)|below(?=\s*[$€£]?\d)"
    r"|above(?=\s*[$€£]?\d)|while|no more|(?:before|after)(?=\s+(?:you|it|that|the|\w+ing)\b))\b",
    re.IGNORECASE,
)


def split(masked: str) -> Iterator[str]:
    """The clauses of a masked goal, politeness and connectives removed.

    Where something is to be done is a clause of its own, `in my profile`; what only leads up to the
    others ends in a colon.
    """
    masked = re.sub(r"\bonly (show|display|list)\b", r"\1 only", masked, flags=re.IGNORECASE)
    masked = _LOOKING.sub(lambda match: ", " if match["to"] else "", masked)
    for piece in (one for several in _pieces(masked) for one in _repeated(several)):
        if head := _ELABORATED.match(piece.strip()):
            yield f"{rewrite(_strip(head['head']))}:"
        part = rewrite(_strip(piece.strip()[head.end() if head else 0 :]))
        if placed := _PLACED.match(part):
            yield placed["place"]
            part = placed["rest"]
        if part:
            yield part


def _repeated(piece: str) -> Iterator[str]:
    """`Add the item A, then the item B` is said twice, with the verb only once."""
    said = _AGAIN.match(piece.strip())
    if not said:
        yield piece
        return
    yield said["first"]
    yield from _repeated(f"{said['verb']} {said['rest']}")


def place_of(part: str) -> tuple[str, bool]:
    """Where the next clause is to be done, if that is all a clause says; and is it a place to be
    gone to, or (`for Ada`) only what the next clause is about?"""
    match = _PLACE.match(part)
    return (match["place"], match["link"].lower() not in ("at", "for")) if match else ("", False)


def condition(text: str) -> str:
    """The first condition, negation or comparison in a clause, or ""."""
    match = _UNCLEAR.search(text)
    return match[0].lower() if match else ""


def segments(text: str) -> list[str]:
    """A list such as `A, B and C`, taken apart."""
    parts = re.split(r"\s*,\s*(?:and\s+|then\s+)?|\s+and\s+|\s+&\s+", text)
    return [part.strip() for part in parts if part.strip()]


def choices(text: str) -> list[str]:
    """Several things to be chosen: `by phone, Wed 2 Dec at 10:40` is the day first, then a time."""
    return [one for part in segments(text) for one in _TIME_OF.split(part)]


def _pieces(masked: str) -> Iterator[str]:
    """Split, except inside a capitalised name: `click Save and Close` is one clause."""
    start = 0
    for match in _SPLIT.finditer(masked):
        before, after = masked[start : match.start()], masked[match.end() :]
        inside_name = re.search(r"\s[A-Z]\w*$", before) and re.match(r"[A-Z]", after)
        if inside_name and match[0].strip().lower() == "and":
            continue
        yield before
        start = match.end()
    yield masked[start:]


def _strip(text: str) -> str:
    text = _PURPOSE.sub("", _TRAILER.sub("", text.strip(" ,;:!?.")))
    text = _MEANS.sub(r"click \2", text)
    while (match := _FILLER.match(text)) and match.end() < len(text):
        text = text[match.end() :].strip()
    return text
