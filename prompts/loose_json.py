"""Reads JSON the way models write it: single quotes, Python words, trailing commas, raw newlines.

Pure, and bounded for hostile text: linear time, limited depth and length, nothing is evaluated.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

LONGEST = 20_000
"""Characters of malformed JSON that are looked at; well-formed JSON may be longer."""
DEEPEST = 32
"""Levels of nesting."""
ATTEMPTS = 6
"""Opening braces tried in one text before giving up."""

_STRICT = json.JSONDecoder(strict=False, parse_constant=lambda _: None)
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"[^\s,，:：{}\[\]()\"'“”]{1,100}")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "none": None, "nan": None}
_INTEGER = re.compile(r"[+-]?[0-9]{1,64}")
_FLOAT = re.compile(r"[+-]?(?:[0-9]{1,64}\.[0-9]{0,64}|\.[0-9]{1,64})(?:[eE][+-]?[0-9]{1,3})?")
_PAIR = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CLOSING = {'"': '"', "'": "'", "“": "”"}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}

# What may follow the quote that ends a string; any other quote is one the model forgot to escape.
_KEY = r"(?:\"[^\"\n]{0,80}\"|'[^'\n]{0,80}'|“[^”\n]{0,80}”|\w{1,80})\s{0,20}[:：]"
_AFTER_KEY = r"(?=\s{0,20}[:：])"
_AFTER_VALUE = rf"(?=\s{{0,20}}(?:[}}\]]|$|[,，]\s{{0,20}}(?:{_KEY}|[}}\]])))"
_AFTER_ITEM = r"(?=\s{0,20}(?:[,，\])]|$))"


def read(text: str, start: int = 0) -> tuple[Any, int]:
    """The value that begins at `start`, made of JSON types only, and where it ends.

    Raises ValueError when there is none.
    """
    start = _skip(text, start)
    try:
        value, end = _STRICT.raw_decode(text, start)
    except (ValueError, RecursionError):
        value, end = _Reader(text[start : start + LONGEST]).whole()
        end += start
    return plain(value), end


def objects(text: str) -> Iterator[tuple[dict[str, Any], int]]:
    """The outermost objects found in a text, each with where it ends."""
    position = 0
    for _ in range(ATTEMPTS):
        position = text.find("{", position)
        if position < 0:
            return
        try:
            value, end = read(text, position)
        except ValueError:
            position += 1
            continue
        position = end
        if isinstance(value, dict):
            yield value, end


def plain(value: Any, depth: int = 0) -> Any:
    """The same value with printable strings and finite numbers. Raises ValueError when too deep."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    match value:
        case str():
            return printable(value)
        case float():
            return value if math.isfinite(value) else None
        case int() if abs(value) >= 10**64:
            raise ValueError("a number of more than 64 digits")
        case list():
            return [plain(item, depth + 1) for item in value]
        case dict():
            return {printable(key): plain(item, depth + 1) for key, item in value.items()}
    return value


def printable(text: str) -> str:
    """The text with halves of surrogate pairs joined or replaced: they can't be written down."""
    try:
        text.encode()
    except UnicodeEncodeError:
        joined = _PAIR.sub(
            lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text
        )
        return _SURROGATE.sub("\ufffd", joined)
    return text


def _skip(text: str, position: int) -> int:
    return _SPACE.match(text, position).end()  # type: ignore[union-attr]  # it matches nothing too


class _Reader:
    """One pass over a malformed value."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def whole(self) -> tuple[Any, int]:
        return self._value(0, _AFTER_ITEM), self.at

    def _value(self, depth: int, after: str) -> Any:
        if depth > DEEPEST:
            raise ValueError("nested too deeply")
        match self._peek():
            case "{":
                return self._object(depth)
            case "[" | "(" as bracket:
                return self._array(depth, "]" if bracket == "[" else ")")
            case quote if quote in _CLOSING:
                return self._string(after)
            case _:
                return self._word()

    def _object(self, depth: int) -> Any:
        self.at += 1
        if self._peek() == "{":  # {{…}}, a template's escape that leaked into a prompt
            inner = self._value(depth + 1, _AFTER_VALUE)
            self._expect("}")
            return inner
        found: dict[str, Any] = {}
        while self._peek() != "}":
            key = self._string(_AFTER_KEY) if self._peek() in _CLOSING else self._name()
            self._expect(":：")
            found[key] = self._value(depth + 1, _AFTER_VALUE)
            self._comma("}")
        self.at += 1
        return found

    def _array(self, depth: int, closing: str) -> list[Any]:
        self.at += 1
        found = []
        while self._peek() != closing:
            found.append(self._value(depth + 1, _AFTER_ITEM))
            self._comma(closing)
        self.at += 1
        return found

    def _string(self, after: str) -> str:
        quote = _CLOSING[self.text[self.at]]
        ending = re.compile(rf"(?<!\\)(?:\\\\)*({quote}){after}").search(self.text, self.at + 1)
        if ending is None:
            self._fail()
        inside = self.text[self.at + 1 : ending.start(1)]
        self.at = ending.end()
        return _ESCAPE.sub(_unescape, inside)

    def _word(self) -> Any:
        word = self._name()
        if word.lower() in _WORDS:
            return _WORDS[word.lower()]
        if _INTEGER.fullmatch(word):
            return int(word)
        return float(word) if _FLOAT.fullmatch(word) else word

    def _name(self) -> str:
        found = _WORD.match(self.text, self.at)
        if found is None:
            self._fail()
        self.at = found.end()
        return found[0]

    def _comma(self, closing: str) -> None:
        if self._peek() != closing:
            self._expect(",，")

    def _expect(self, characters: str) -> None:
        if not (found := self._peek()) or found not in characters:
            self._fail()
        self.at += 1

    def _peek(self) -> str:
        self.at = _skip(self.text, self.at)
        return self.text[self.at : self.at + 1]

    def _fail(self) -> NoReturn:
        raise ValueError(f"not JSON at character {self.at}")


def _unescape(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    known = _ESCAPES.get(match[2])
    if known is not None:
        return known
    return match[2] if match[2] in "\"'\\/\n" else match[0]
