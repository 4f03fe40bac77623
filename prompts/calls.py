"""Reads one call such as `CLICK(point=(214, 100), element_info='it's here')` as data.

Pure and quote-aware: a quote ends a string only where an argument or the call can end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_ARGUMENTS = 12

_NAME = re.compile(r"([A-Za-z_]{1,30})[ \t]{0,4}[(（]")
_SEPARATOR = re.compile(r"[\s,，;；]{0,40}")
_KEYWORD = re.compile(r"([A-Za-z_]\w{0,29})\s{0,4}[=＝]\s{0,4}")
_BARE = re.compile(r"[^\s,，()（）\[\]]{1,80}")
_QUOTES = {"'": "'", '"': '"', "`": "`", "‘": "’", "“": "”"}
_ENDS_ARGUMENT = r"[,，]\s{0,9}[A-Za-z_]\w{0,29}\s{0,4}[=＝]"
_ENDS_LINE = r"(?:[)）][)）\]}`\s.;。]{0,9})?(?:$|\n|<)"
_ESCAPE = re.compile(r"\\([ntr'\"`\\])")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: dict[str, str]
    """By keyword; positional ones by their number, "0", "1" … Quotes are gone."""
    end: int
    """Where the text after the call begins."""


def read_call(text: str) -> Call | None:
    """The call that a text begins with, or None when there is none or it is incomplete."""
    opening = _NAME.match(text)
    if opening is None:
        return None
    arguments: dict[str, str] = {}
    at = opening.end()
    for position in range(MOST_ARGUMENTS):
        at += len(_SEPARATOR.match(text, at)[0])  # type: ignore[index]  # it matches nothing too
        if at == len(text) or text[at] in ")）":
            return Call(opening[1], arguments, min(at + 1, len(text)))
        name = str(position)
        if keyword := _KEYWORD.match(text, at):
            name, at = keyword[1].lower(), keyword.end()
        value = _value(text, at)
        if value is None:
            return None
        arguments[name], at = value
    return None


def _value(text: str, at: int) -> tuple[str, int] | None:
    match text[at : at + 1]:
        case quote if quote in _QUOTES:
            return _string(text, at)
        case "[" | "(" | "（":
            return _group(text, at)
    found = _BARE.match(text, at)
    return (found[0], found.end()) if found else None


def _group(text: str, at: int) -> tuple[str, int] | None:
    """The bracketed group that begins here, such as `[[198,92,229,107]]`."""
    depth = 0
    for end, character in enumerate(text[at : at + 200], at + 1):
        depth += (character in "[(（") - (character in "])）")
        if depth == 0:
            return text[at:end], end
    return None


def _string(text: str, at: int) -> tuple[str, int] | None:
    """The quoted string at this place: up to the first quote after which the line or another
    argument follows, else up to the first one before a bracket."""
    quote = _QUOTES[text[at]]
    ending = _search(rf"{quote}(?=\s{{0,9}}(?:{_ENDS_ARGUMENT}|{_ENDS_LINE}))", text, at + 1)
    ending = ending or _search(rf"{quote}(?=\s{{0,9}}[)）])", text, at + 1)
    if ending is None:
        return None
    inside = text[at + 1 : ending.start()]
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), inside), ending.end()


def _search(pattern: str, text: str, at: int) -> re.Match[str] | None:
    return re.compile(rf"(?<!\\){pattern}").search(text, at)
