"""Reads one call such as `CLICK(point=(214, 100), element_info='it's here')` as data.

Pure and quote-aware: a quote ends a string only where an argument or the call can end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

MOST_ARGUMENTS = 12

_NAME = re.compile(r"([A-Za-z_]{1,30})[ \t]{0,4}[(（]")
_SEPARATOR = re.compile(r"[\s,，;；]{0,40}")
_KEYWORD = re.compile(r"([A-Za-z_]\w{0,29})\s{0,4}[=＝]\s{0,4}")
_BARE = re.compile(r"[^\s,，()（）\[\]]{1,80}")
# Without a keyword no long text is meant, and a position has no quotes inside.
_WORD_ALONE = re.compile(r"""(['"])([\w+.-]{1,40})\1(?=\s{0,9}[,，)）])""")
_POSITION = re.compile(
    r"""(['"])(\s{0,9}[\[(][\[\]()\d\s.,，+-]{1,60}[\])]\s{0,9})\1(?=\s{0,9}[,，)）])"""
)
_QUOTES = {"'": "'", '"': '"', "`": "`", "‘": "’", "“": "”"}
_ANY_KEYWORD = r"[A-Za-z_]\w{0,29}"
_ENDS_CALL = r"(?:[)）][)）\]}`\s.;；。]{0,9})?"
_ENDS_LINE = r"(?:$|\n|<|#|(?<=[)）;；\s])[A-Za-z_]{3,24}[(（])"
_ESCAPE = re.compile(r"\\([ntr'\"`\\])")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: dict[str, str]
    """By keyword; positional ones by their number, "0", "1" … Quotes are gone."""
    end: int
    """Where the text after the call begins."""


def read_call(text: str, keywords: str = _ANY_KEYWORD, whole: bool = False) -> Call | None:
    """The call that a text begins with, or None when there is none or it is incomplete.

    `keywords` is a pattern of the argument names that may follow a quoted string. whole: the text
    is one call, so that its last quote closes it, whatever lines and quotes stand before.
    """
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
        simple = _WORD_ALONE.match(text, at)
        if keyword := _KEYWORD.match(text, at):
            name, at = keyword[1].lower(), keyword.end()
            simple = _POSITION.match(text, at)
        if simple:
            arguments[name], at = simple[2], simple.end()
            continue
        value = _value(text, at, keywords, whole)
        if value is None:
            return None
        arguments[name], at = value
    return None


def _value(text: str, at: int, keywords: str, whole: bool) -> tuple[str, int] | None:
    match text[at : at + 1]:
        case quote if quote in _QUOTES:
            return _string(text, at, keywords, whole)
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


def _string(text: str, at: int, keywords: str, whole: bool) -> tuple[str, int] | None:
    """The quoted string at this place: up to the first quote after which the line or another
    argument follows, else up to the first one before a bracket (the only one, in a whole call)."""
    quote = _QUOTES[text[at]]
    argument = rf"[,，]\s{{0,9}}(?:{keywords})\s{{0,4}}[=＝]"
    line = rf"{_ENDS_CALL}(?:#[^\n]{{0,200}})?\Z" if whole else rf"{_ENDS_CALL}{_ENDS_LINE}"
    ending = next(_endings(rf"{quote}(?=\s{{0,9}}(?:{argument}|{line}))", text, at + 1), None)
    if ending is None:
        bracketed = list(islice(_endings(rf"{quote}(?=\s{{0,9}}[)）])", text, at + 1), 2))
        if not bracketed or (whole and len(bracketed) > 1):
            return None
        ending = bracketed[0]
    inside = text[at + 1 : ending.end(1)]
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), inside), ending.end()


def _endings(pattern: str, text: str, at: int) -> Iterator[re.Match[str]]:
    """Where the pattern matches and no backslash escapes it; group 1 is escaped backslashes."""
    return re.compile(rf"(?<!\\)((?:\\\\){{0,99}}){pattern}").finditer(text, at)
