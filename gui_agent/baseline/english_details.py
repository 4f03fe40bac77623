"""English clauses about deeds with details, and any clause as its mere gist. Pure."""

from __future__ import annotations

import re
from re import Match

from gui_agent.baseline import verbs, words
from gui_agent.baseline.forms import Forms, each
from gui_agent.baseline.goals import Detail, Gist, Move, Order, Pick, Put, Reading
from gui_agent.baseline.phrases import Quotes, is_quoted, phrase
from gui_agent.baseline.splitting import choices, segments
from gui_agent.baseline.vocabulary import RISKY, STOP

FORMS = Forms()

_NAMED = dict.fromkeys(("named", "titled", "called"), "called") | dict.fromkeys(
    ("saying", "reading", "says"), "saying"
)
_LINK = (
    r"called|named|titled|saying|reading|that says|with|using|to|for|in|into|on|at|as|from|starting"
    r"|start|of"
)
_CUT = re.compile(rf"\s*,\s*(?:and\s+)?|\s+and\s+|\s+(?=(?:{_LINK})\s)", re.IGNORECASE)
_LED = re.compile(rf"(?P<link>{_LINK})\s+(?P<text>.+)", re.IGNORECASE)
_BOUND = frozenset({"of"})
"""Links that tie a piece to the one before it."""
_VALUE = re.compile(r"\S+@\S+\.\w+|[$€£]?\d[\d.,]*(?:\s*(?:euros?|dollars?|pounds?|[$€£]))?", re.I)
_COMPANY = r"(?:a|an|the|my|our|me|us)\s+"
_DEED = verbs.alternatives(
    verbs.DEEDS, verbs.SETTING, verbs.OTHER, "compose|write|report|rename|name"
)
_FORM = verbs.alternatives(
    verbs.TYPING, verbs.CHOOSING, verbs.FILLING, verbs.SETTING, verbs.ON, "use"
)
_FREE = frozenset(
    """open show view see go switch choose select set turn make get want display list look
    pick visit find use have give only enable check jump change bring read keep filter disable
    hide let take start display details""".split()
)
"""Verbs that say how to get there, and need not be on what is clicked."""
_BARE = frozenset(
    """delete wipe purge erase deactivate terminate refund discard uninstall unsubscribe logout
    close archive open""".split()
)
"""Deeds that take no details: what is said with them says what they are done to."""
_OFF = frozenset("hide disable stop off deactivate uncheck mute no not without remove".split())
_CAPITAL = re.compile(r"(?<=\s)[A-Z]\w+|\b\w*\d[\w.-]*")


@FORMS(rf"(?P<verb>{_DEED})\s+(?P<what>[^:,]+):\s+(?P<details>.+)")
def _spelled_out(match: Match[str], quotes: Quotes) -> list[Reading]:
    """`Create a project: name Boathouse, colour Green`."""
    verb = words.terms(match["verb"])[0]
    details = tuple(_said(part, quotes) for part in segments(match["details"]))
    return each(Order(verb, phrase(match["what"], quotes), details))


@FORMS(rf"(?P<verb>{_DEED})\s+(?P<rest>.+)")
def _order(match: Match[str], quotes: Quotes) -> list[Reading]:
    """Where the object ends is not known: the shortest is tried first."""
    verb = words.terms(match["verb"])[0]
    pieces = _pieces(match["rest"]) if verb not in _BARE else []
    found: list[Reading] = []
    first = pieces[0][1] if pieces else ""
    if is_quoted(first) or _VALUE.fullmatch(first) or (pieces and pieces[0][0] == "to"):
        details = [Detail(quotes.restore(text), link) for link, text in pieces]
        found.append((Order(verb, phrase("", quotes), tuple(details)),))
    for size in (1, 2):
        if len(pieces) > size:
            what = " ".join(f"{link} {text}".strip() for link, text in pieces[:size])
            details = [Detail(quotes.restore(text), link) for link, text in pieces[size:]]
            found.append((Order(verb, phrase(what, quotes), tuple(details)),))
    return found


@FORMS(rf"(?:{_FORM}(?::|\s+that)?\s+)?(?P<rest>.+)")
def _of_the_form(match: Match[str], quotes: Quotes) -> list[Reading]:
    """What fits no other form, piece by piece; after a verb of deeds as one piece."""
    rest = match["rest"]
    if RISKY & set(words.terms(rest)[:1]):
        return []
    deed = re.match(verbs.ANY, rest, re.IGNORECASE)
    parts = [rest] if deed else choices(rest)
    return [tuple(Put(_said(part, quotes), bool(deed)) for part in parts)]


def _said(part: str, quotes: Quotes) -> Detail:
    quoted = quotes.of(part)
    return Detail(quotes.restore(part), quoted=quoted[0] if len(quoted) == 1 else "")


@FORMS(r"give\s+.+?\s+(?:the|an?)\s+(?P<detail>.+)")
def _give(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Pick(phrase(match["detail"], quotes)))


@FORMS(r"move\s+(?P<what>.+?)\s+(?:into|in|onto|on|to)\s+(?P<onto>.+)")
def _move(match: Match[str], quotes: Quotes) -> list[Reading]:
    """By hand, where nothing on the page is there to move it with."""
    return each(Move(phrase(match["what"], quotes), phrase(match["onto"], quotes)))


def _pieces(rest: str) -> list[tuple[str, str]]:
    """`an event called X on May 4` as (link, text) pairs, the object first and without a link."""
    found: list[tuple[str, str]] = []
    for part in filter(None, map(str.strip, _CUT.split(rest))):
        led = _LED.fullmatch(part)
        link, text = (led["link"].lower(), led["text"]) if led else ("", part)
        if link in _BOUND and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {link} {text}")
            continue
        text = re.sub(rf"^{_COMPANY}", "", text, flags=re.IGNORECASE)
        found.append((_NAMED.get(link, link), text))
        quoted = re.fullmatch(r"(?:the\s+)?(?P<f>[a-z ]+)\s(?P<v>[\ue000-\uf8ff])", text)
        if quoted and len(found) == 1:
            found[-1:] = [("", quoted["f"]), ("called", quoted["v"])]
    return found


def gist(part: str, quotes: Quotes) -> Reading:
    """What a clause says, as a bag of words; () where it says nothing that could be found."""
    terms = words.terms(quotes.restore(part))
    verb = terms[0] if terms and re.match(verbs.ANY, part, re.IGNORECASE) else ""
    deed = "" if verb in _FREE or not verb else verb
    kept = tuple(t for t in terms if t not in STOP and t not in _FREE and t != deed
                 and words.is_telling(t))  # fmt: skip
    capitals = words.terms(" ".join(_CAPITAL.findall(f" {part}")))
    quoted = (t for text in quotes.of(part) for t in words.content(text))
    vital = tuple(t for t in (*capitals, *quoted) if t in kept)
    on = not _OFF & set(terms)
    if not kept:
        return ()
    free = tuple(t for t in terms if t in _FREE)
    return (Gist(quotes.restore(part), kept, deed, on, vital, free),)
