"""From words to a `Phrase`: quotes, ordinals, roles, superlatives. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gui_agent.baseline import words
from gui_agent.baseline.goals import Phrase
from gui_agent.baseline.vocabulary import CONTROLS, NUMBERS, ORDINALS, ROLES, SOFT, STOP

_QUOTES = re.compile(
    r'"([^"]+)"|“([^”]+)”|«([^»]+)»|「([^」]+)」|『([^』]+)』|《([^》]+)》|`([^`]+)`'
    r"|‘([^’]+)’(?!\w)|(?<![\w'])'([^']+(?:'\w[^']*)*)'(?!\w)"
)
_FIRST = 0xE000
_MASKS = re.compile("[\ue000-\uf8ff]")

_OUTER = re.compile(
    r"\s(?:in|inside|within|of|for|from|on|under|below|above|next to|beside|near|at|by|with"
    r"|belonging to|whose|that|which|where|called|named|titled|about)\s",
    re.IGNORECASE,
)
_OWNER = re.compile(r"(\S+)['’]s\s", re.IGNORECASE)
_ROLE = re.compile(
    r"(?<!\w)(?:" + "|".join(sorted(map(re.escape, ROLES), key=len, reverse=True)) + r")s?(?!\w)",
    re.IGNORECASE,
)
_ZH_ROLE = re.compile("(?:" + "|".join(r for r in ROLES if words.is_chinese(r)) + ")$")
_ORDINAL = re.compile(
    r"(?<!\w)(?:the\s+)?(second[- ]to[- ]last|last but one|" + "|".join(ORDINALS) + r")(?!\w)",
    re.IGNORECASE,
)
_ZH_ORDINAL = re.compile(
    r"(倒数)?第\s*([一二两三四五六七八九十]|\d+)\s*[个条行项封篇件位款张页]?|最(后|末)一?[个条行项封篇件位款张]"
)
_ARTICLES = frozenset(
    ["the", "a", "an", "it", "this", "that", "them", "of", "is", "的", "一", "个", "那", "这", "它"]
)
_EXTREMES = {
    "cheapest": "min:price",
    "least expensive": "min:price",
    "lowest priced": "min:price",
    "most expensive": "max:price",
    "priciest": "max:price",
    "dearest": "max:price",
    "highest rated": "max:rating",
    "best rated": "max:rating",
    "top rated": "max:rating",
    "lowest rated": "min:rating",
    "worst rated": "min:rating",
    "quickest": "min:duration",
    "fastest": "min:duration",
    "newest": "max:date",
    "latest": "max:date",
    "most recent": "max:date",
    "oldest": "min:date",
    "earliest": "min:date",
    "largest": "max:",
    "biggest": "max:",
    "greatest": "max:",
    "highest": "max:",
    "most": "max:",
    "longest": "max:",
    "heaviest": "max:weight",
    "soonest": "min:date",
    "tallest": "max:height",
    "smallest": "min:",
    "lowest": "min:",
    "fewest": "min:",
    "least": "min:",
    "shortest": "min:",
    "lightest": "min:weight",
    "最便宜": "min:price",
    "最贵": "max:price",
    "价格最低": "min:price",
    "价格最高": "max:price",
    "评分最高": "max:rating",
    "评分最低": "min:rating",
    "最新": "max:date",
    "最早": "min:date",
    "最大": "max:",
    "最多": "max:",
    "最高": "max:",
    "最小": "min:",
    "最少": "min:",
    "最低": "min:",
}
_EXTREME = re.compile(
    "|".join(
        rf"\b{name}\b" if name.isascii() else name
        for name in sorted(_EXTREMES, key=len, reverse=True)
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Quotes:
    """The strings that a goal quotes; in its masked text each is one private-use character."""

    strings: tuple[str, ...] = ()

    def restore(self, text: str) -> str:
        """The text with the quoted strings put back, without their quotes; one alone, exactly."""
        if is_quoted(text):
            return self.strings[ord(text.strip()) - _FIRST]
        return _MASKS.sub(lambda mask: self.strings[ord(mask[0]) - _FIRST], text).strip()

    def of(self, text: str) -> tuple[str, ...]:
        """The strings quoted in this part of the masked text."""
        return tuple(self.strings[ord(mask) - _FIRST] for mask in _MASKS.findall(text))


def mask(goal: str) -> tuple[str, Quotes]:
    """The goal with each quoted string replaced by one character, and the strings."""
    found: list[str] = []

    def keep(match: re.Match[str]) -> str:
        found.append(next(group for group in match.groups() if group is not None))
        return f"{chr(_FIRST + len(found) - 1)}"

    return _QUOTES.sub(keep, _MASKS.sub("", goal)), Quotes(tuple(found))


def is_quoted(text: str) -> bool:
    """Is this part of a masked goal nothing but one quoted string?"""
    return len(text.strip()) == 1 and bool(_MASKS.match(text.strip()))


def phrase(text: str, quotes: Quotes) -> Phrase:
    """Read a noun phrase of a masked goal."""
    text = re.sub(r"^(?:the|a|an|my|your|this|that|any)\s+", "", text.strip(), flags=re.IGNORECASE)
    plain = re.sub("[这那]一?[个条封件位项张篇间款名期集首本部场家种道辆]?", "", text)
    extreme = _EXTREME.search(plain)
    if extreme:
        plain = plain.replace(extreme[0], " ")
    plain, ordinal = _ordinal(plain)
    role, plain = _role(plain)
    name = " ".join(quotes.restore(plain).split()).strip(" .,:;!?。，")
    plain = _MASKS.sub(" ", plain)
    inner, outer = _inner(plain)
    found = words.terms(plain)
    kept = tuple(term for term in found if term not in STOP and words.is_telling(term))
    said = [term for term in kept if term not in CONTROLS]
    if not (said or role or ordinal or extreme or quotes.of(text)):
        kept = tuple(term for term in found if term not in _ARTICLES)
    must = tuple(term for term in kept if term not in SOFT)
    return Phrase(
        text=quotes.restore(text).strip(" .,:;!?。，"),
        name=name,
        must=must,
        soft=tuple(term for term in kept if term in SOFT),
        quoted=quotes.of(text),
        head=tuple(term for term in must if term in words.terms(inner)) if outer else must,
        role=role,
        ordinal=ordinal,
        extreme=_EXTREMES[extreme[0].lower()] if extreme else "",
    )


def _ordinal(text: str) -> tuple[str, int]:
    if match := _ZH_ORDINAL.search(text):
        place = -1 if match[3] else NUMBERS.get(match[2]) or int(match[2])
        return text.replace(match[0], " "), -place if match[1] else place
    match = _ORDINAL.search(text)
    if not match or re.match(r"\s*(?:name|\d)", text[match.end() :]):
        return text, 0
    if match[1][0].isdigit() and not text.replace(match[0], "").strip():
        return text, 0  # "the 3rd" alone is a day
    said = match[1].lower()
    if said in ("top", "bottom", "final") and not _kind_follows(text[match.end() :]):
        return text, 0
    return text.replace(match[0], " ", 1), ORDINALS.get(said, -2)


def _kind_follows(text: str) -> bool:
    return any(term in SOFT for term in words.terms(text)[:1])


def _role(text: str) -> tuple[str, str]:
    """The kind of control that is named last before any `in`, `of`, `for`; and the other words."""
    inner, _ = _inner(text)
    found = [*_ROLE.finditer(inner)] or [*_ZH_ROLE.finditer(inner.strip())]
    if not found:
        return "", text
    said = found[-1][0].lower()
    role = ROLES.get(said) or ROLES[said.removesuffix("s")]
    return role, text.replace(found[-1][0], " ", 1)


def _inner(text: str) -> tuple[str, str]:
    """`Delete button in the row of Alice` → (`Delete button`, `row of Alice`)."""
    if words.is_chinese(text):
        outer, of, inner = text.rpartition("的")
        return (inner, outer) if of else (text, "")
    if owner := _OWNER.match(text):
        return text[owner.end() :], owner[1]
    parts = _OUTER.split(f" {text}", maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 else (text, "")
