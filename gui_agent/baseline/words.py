"""Text as comparable terms: case, width, plural, synonym and look-alike folding. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from gui_agent.baseline.vocabulary import CONCEPTS, NEAR, NUMBERS, SOFT, STOP

CJK = "\u3400-\u9fff\uf900-\ufaff"
_LETTER = rf"(?:(?![{CJK}])[^\W\d_])"
_PIECE = re.compile(rf"[{CJK}]+|\d+(?:[.,]\d+)*|{_LETTER}(?:{_LETTER}|\d)*(?:'{_LETTER}+)?|[^\w\s]")
_CJK = re.compile(rf"[{CJK}]")
_LOOK_ALIKES = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1", "s": "5", "b": "8"})
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‑](?=[^\W\d_])")
_NTH = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
_ENDING = re.compile(r"(?<=...)(?:i?ations?|ators?|ions?|ments?|ing|est|ed|er|or|ly|als?|e|s)$")
_DOUBLED = re.compile(r"([bdgmnprt])\1$")
_ORNAMENTS = frozenset("▾▼⌄▿˅▸►▴▲⏷")
"""Drawn beside a name, they are no part of it."""
_EDGES = " \t\n.,:;!?*…。，：；！？、\"'“”‘’「」『』()[]"


def fold(text: str) -> str:
    """Case, width and white space gone, and the punctuation at both ends."""
    return " ".join(_normal(text).split()).strip(_EDGES)


def look_alike(text: str) -> str:
    """Folded further, so that what OCR confuses is equal: O and 0, l and I and 1, S and 5."""
    return fold(text).translate(_LOOK_ALIKES).replace(" ", "")


def is_chinese(text: str) -> bool:
    return bool(_CJK.search(text))


@lru_cache(maxsize=4096)
def terms(text: str) -> tuple[str, ...]:
    """The words of a text in order, each replaced by its concept where the table has one."""
    pieces = list(_pieces(_normal(text)))
    found: list[str] = []
    at = 0
    while at < len(pieces):
        length, concept = _longest(pieces, at)
        found.append(concept or _singular(pieces[at]))
        at += length
    return tuple(found)


@lru_cache(maxsize=4096)
def content(text: str) -> tuple[str, ...]:
    """The terms that carry evidence; all of them where none does (a field called "To")."""
    everything = terms(text)
    kept = tuple(term for term in everything if term not in STOP and is_telling(term))
    return kept or everything


def alike(one: str, other: str) -> float:
    """How well two terms match, 0 to 1."""
    if one == other:
        return 1.0
    if other in _NEAR.get(one, ()) or (
        one.isalnum() and one.translate(_LOOK_ALIKES) == other.translate(_LOOK_ALIKES)
    ):
        return 0.9
    if one[:1] == other[:1] and min(len(one), len(other)) >= 4 and one.isascii():
        slip = min(len(one), len(other)) >= 5 and _one_slip(one, other)
        return 0.85 if slip or (_inflect(one, other) and _stem(one) == _stem(other)) else 0.0
    return 0.0


def _inflect(one: str, other: str) -> bool:
    """May one be a form of the other? `booking` of a known deed `book`, but not its `booked`."""
    known = [word for word in (one, other) if word in CONCEPTS]
    longer = max(one, other, key=len)
    return not known or (len(known) == 1 and not longer.endswith("d"))


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    word = re.sub(r"i(?:est|er|ed|es|ly)$", "y", word)
    return _DOUBLED.sub(r"\1", _ENDING.sub("", word))


def best(term: str, others: Iterable[str]) -> float:
    """How well the term is matched by the best of the others."""
    return max((alike(term, other) for other in others), default=0.0)


def is_state(label: str, said: str) -> bool:
    """Does a label only say that something is so already, `已收藏` or `Booked ✓`, unasked?"""
    plain, asked = label.strip(), said.strip()
    done = plain.startswith("已") and "已" not in asked
    return done or (
        plain.endswith(("✓", "✔", "☑")) and len(plain) > 1 and fold(plain) != fold(asked)
    )


def number(text: str) -> float | None:
    """The number in a short text such as `€ 1,299.00`, `two` or `3 guests`; None if not one."""
    words = [NUMBERS[word] for word in _pieces(_normal(text)) if word in NUMBERS]
    digits = re.findall(r"\d+(?:[.,\u00a0 ]\d+)*", text)
    if len(digits) == 1:
        return _numeral(digits[0])
    return float(words[0]) if len(words) == 1 and not digits else None


def _numeral(digits: str) -> float:
    """`1,299.00`, `1.299,00`, `12,5`, `1 299` as a float."""
    plain = re.sub(r"[\u00a0 ]", "", digits)
    mark = max(plain.rfind("."), plain.rfind(","))
    if mark >= 0 and len(plain) - mark - 1 != 3:
        whole, rest = re.sub(r"[.,]", "", plain[:mark]), plain[mark + 1 :]
        return float(f"{whole}.{rest}")
    if mark >= 0 and plain[mark] == "." and plain.count(".") == 1 and plain.startswith("0."):
        return float(plain)
    return float(re.sub(r"[.,]", "", plain))


def _normal(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("ʼ", "'")
    return _HYPHEN.sub(" ", _NTH.sub(r"\1", plain))


def _pieces(text: str) -> Iterator[str]:
    for piece in _PIECE.findall(text):
        if _CJK.match(piece):
            yield from piece
        elif word := piece.removesuffix("'s").replace("'", ""):
            yield word


def _singular(word: str) -> str:
    if not word.isascii() or len(word) <= 3 or not word.endswith("s") or word == "news":
        return _digits(word)
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


def _digits(word: str) -> str:
    """`1,299.00` as `1299`, `three` as `3`; other words as they are."""
    if word[:1].isdigit():
        return f"{_numeral(word):.10g}" if len(word) < 10 else word
    return str(NUMBERS[word]) if word in NUMBERS and word.isascii() and word != "one" else word


def is_telling(term: str) -> bool:
    """Is it a word, a number, or a symbol that serves as a button's name?"""
    if term in _ORNAMENTS:
        return False
    return (
        term.isalnum()
        or term[0].isdigit()
        or term in "+-<>‹›«»"
        or unicodedata.category(term[0]) in ("So", "Sm")
    )


def _longest(pieces: list[str], at: int) -> tuple[int, str]:
    """How many pieces from here make the longest known phrase, and its concept."""
    for length in range(min(_LONGEST, len(pieces) - at), 0, -1):
        phrase = tuple(map(_singular, pieces[at : at + length]))
        if concept := _PHRASES.get(phrase):
            return length, concept
    return 1, ""


def _one_slip(one: str, other: str) -> bool:
    """Do they differ by one letter changed, missing, added or swapped with its neighbour?"""
    if abs(len(one) - len(other)) > 1 or any(c.isdigit() for c in one + other):
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return False  # one begins the other: `closed` is no slip of `close`
    a, b = one[start:], other[start:]
    swapped = a[:2] == b[1::-1] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped


def _phrases() -> dict[tuple[str, ...], str]:
    table = {tuple(word): word for word in SOFT if is_chinese(word)}
    for concept, names in CONCEPTS.items():
        for name in names.split(","):
            table[tuple(map(_singular, _pieces(_normal(name))))] = concept
    return table


def _near() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for row in NEAR:
        group = row.split()
        for word in group:
            table.setdefault(word, set()).update(other for other in group if other != word)
    return {word: frozenset(others) for word, others in table.items()}


_PHRASES = _phrases()
_LONGEST = max(map(len, _PHRASES))
_NEAR = _near()
