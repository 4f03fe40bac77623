"""Random texts of a grammar, as far as ours go: literals, sets, groups, `|`, `?`, `{m,n}`."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r'\s*(?:"(?P<text>(?:\\.|[^"\\])*)"|\[(?P<set>(?:\\.|[^\]\\])+)\]|(?P<name>[a-z]+)'
    r"|\{(?P<least>\d+),(?P<most>\d+)\}|(?P<sign>[()|?]))"
)
_ESCAPES = {"n": "\n"}
_LETTERS = "aZ 09.,:;-_'\"\\/{}[]()|>é中😀"


@dataclass
class Grammar:
    """Draws texts; each alternative of a rule is as likely as the next."""

    rules: dict[str, list[re.Match[str]]]
    dice: random.Random

    @classmethod
    def of(cls, source: str, seed: int) -> Grammar:
        pairs = (line.split(" ::= ", 1) for line in source.splitlines())
        rules = {name: list(_TOKEN.finditer(body)) for name, body in pairs}
        return cls(rules, random.Random(seed))

    def draw(self, rule: str = "root") -> str:
        tokens = self.rules[rule]
        text, end = self._choice(tokens, 0)
        assert end == len(tokens), f"{rule} is not understood"
        return text

    def _choice(self, tokens: list[re.Match[str]], at: int) -> tuple[str, int]:
        texts = []
        while True:
            text, at = self._row(tokens, at)
            texts.append(text)
            if at == len(tokens) or tokens[at]["sign"] != "|":
                return self.dice.choice(texts), at
            at += 1

    def _row(self, tokens: list[re.Match[str]], at: int) -> tuple[str, int]:
        said = ""
        while at < len(tokens) and tokens[at]["sign"] not in ("|", ")"):
            begun = at
            text, at = self._item(tokens, at)
            if at < len(tokens) and (tokens[at]["most"] or tokens[at]["sign"] == "?"):
                least, most = int(tokens[at]["least"] or 0), int(tokens[at]["most"] or 1)
                times = self.dice.randint(least, min(most, least + 5))
                text = "".join(self._item(tokens, begun)[0] for _ in range(times))
                at += 1
            said += text
        return said, at

    def _item(self, tokens: list[re.Match[str]], at: int) -> tuple[str, int]:
        token = tokens[at]
        if token["sign"] == "(":
            text, end = self._choice(tokens, at + 1)
            return text, end + 1
        if token["set"]:
            return self._letter(token["set"]), at + 1
        if token["name"]:
            return self.draw(token["name"]), at + 1
        return _plain(token["text"] or ""), at + 1

    def _letter(self, letters: str) -> str:
        if letters.startswith("^"):
            return self.dice.choice([c for c in _LETTERS if c not in _plain(letters[1:])])
        ranges = re.findall(r"([^\\])-([^\\])", letters)
        spans = [chr(n) for a, b in ranges for n in range(ord(a), ord(b) + 1)]
        return self.dice.choice(spans or list(_plain(letters)))


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text)
