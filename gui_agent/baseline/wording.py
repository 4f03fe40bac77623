"""From how people talk to what they ask for: courtesy, reasons and pronouns taken away. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gui_agent.baseline import verbs

_ME = r"(?:i|we)(?:'d|’d|\s+would)?\s+(?:really\s+)?"
_WISH = r"(?:like|love|want|need|wish|prefer)"
_REWRITES = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (rf"^{_ME}(?:only|just)\s+{_WISH}\s+(?:to\s+(?:see|view)\s+)?", "show only "),
        (rf"^{_ME}{_WISH}\s+to\s+(?:only|just)\s+(?:see|view)\s+", "show only "),
        (r"^(?:i|we)(?:['’](?:m|re)|\s+am|\s+are)\s+only\s+(?:interested\s+in|looking\s+for|after)\s+",
         "show only "),
        (rf"^{_ME}{_WISH}\s+(?:you\s+)?to\s+", ""),
        (rf"^{_ME}{_WISH}\s+(?=(?:an?|the|my|our|some|this|these|two|three|\d+)\b)", "get "),
        (r"^(?:tell|inform|notify|contact|reach|let)\s+me\s+(?:know\s+)?(by|via|through)\s+",
         r"contact \1 "),
        (r"^(?:let|allow)\s+me\s+(?:to\s+)?", ""),
        (r"^would\s+you\s+mind\s+(\w+?)ing\b", r"\1"),
        (r"^(?:get|bring|take)\s+me\s+(?:back\s+)?to\s+", "go to "),
        (r"^(\w+)\s+me\s+up\b", r"\1 up"),
        (r"^(book|sign|put|check)\s+me\s+(?:in|into|on|onto|for)\s+", r"\1 "),
        (r"^(?:just|only)\s+(show|display|list)\s+(?:me\s+)?", r"\1 only "),
        (r"^(show|display|list)\s+(?:me\s+)?(?:only|just)\s+", r"\1 only "),
        (r"^(show|get|give|find|bring)\s+me\s+", r"\1 "),
        (r"^(show only)\s+(?:what|the ones|those|things|everything|the \w+)\s+"
         r"(?:(?:that|which)\s+)?(?:is|are)\s+", r"\1 "),
        (r"^(?:get\s+rid\s+of|throw\s+(?:away|out))\s+", "remove "),
        (r"^take\s+(.+?)\s+(?:out\s+of|off)\s+", r"remove \1 from "),
        (r"^stop\s+(?:sending|e-?mailing|texting|showing|giving)\s+(?:me\s+)?", "turn off "),
        (r"^keep\s+an\s+eye\s+on\s+", "watch "),
        (r"^set\s+(?:up\s+)?an?\s+(?=reminder\b)", "create a "),
        (r"\s+(?:instead\s+of|rather\s+than)\s+.+$", ""),
        (r"\s+(?:right\s+now|any\s*more|if\s+possible|as\s+soon\s+as\s+possible)$", ""),
    )
)  # fmt: skip
_THE_REST = re.compile(
    r"(?:hide|leave\s+out|drop|skip)\s+(?:everything\s+else|all\s+(?:the\s+)?others?|the\s+(?:rest|others?))",
    re.IGNORECASE,
)
"""After `show only`, the same once more."""
_SUBJECT = re.compile(
    r"^(?:be|i|i['’]m|i['’]ve|i['’]ll|we|we['’]re|my|our|it|it['’]s|he|she|they|there|because|since"
    r"|(?:the|this|that|these|those)\s+.+?\s(?:is|are|was|were|has|have|looks?|seems?))\b",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"(?:(?:the|my|our|its|and)\s+)*[\w -]{2,30}?\s(?:is|are|should be)\s+"
    r"(?:[\ue000-\uf8ff]|\S*[@\d]\S*|(?-i:[A-Z])\S*|on\b|off\b|checked|unchecked|enabled|disabled)",
    re.IGNORECASE,
)
"""`The name is Ada`, `the alarm is on`: a wish, though it has a subject."""
_PRONOUN = re.compile(
    r"(?<=\s)(?:it|them|these|those|this one|that one|one)"
    r"(?=$|,|\s(?:to|in|into|from|out|on|off|as|for|by|with|at|up)\b)",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    rf"^(?:{verbs.ANY}|(?:i|we)\s+(?:\w+n['’]t\s+|\w+\s+)?\w+)\s+(?P<object>.+?)"
    r"(?:\s+(?:to|into|from|as|with|because|so|out|any\s*more)\b.*|,.*)?$",
    re.IGNORECASE,
)

_SEARCH = re.compile(r"(?:search|look|find|locate|read|copy|note|remember)\b", re.IGNORECASE)
"""After these, `it` is what was found, and not what was looked for."""
_COPIED = re.compile(
    r"(?:copy|read|note|remember|calculate|compute|work out|solve)\b", re.IGNORECASE
)
_PASTED = re.compile(r"(?:paste|type|enter|write|insert)\s+(?:it|that)\b", re.IGNORECASE)
_SAVED = re.compile(r"(?:save|store)\s+(?:it|this|that|them)\s+(?:as|under)\b", re.IGNORECASE)
"""All that was made is saved, and not the thing that was last spoken of."""
_SENT = re.compile(r"(?:post|send|submit|save|publish|apply|confirm)\s+(?:it|them|this|that)")


def rewrite(part: str) -> str:
    """A clause in plain words: `I'd like to see the invoices` is `see the invoices`."""
    for pattern, replacement in _REWRITES:
        part = pattern.sub(replacement, part)
    return part.strip()


def requests(parts: Sequence[str]) -> list[str]:
    """The clauses that ask for something, with what `it` and `them` stand for put in.

    What only gives a reason is left out; where nothing else was said, it is the request.
    """
    found: list[str] = []
    thing = ""
    for part in parts:
        pasted = _PASTED.match(part) and any(map(_COPIED.match, found))
        other = pasted or _SENT.fullmatch(part) or _SAVED.match(part)
        if thing and not other and (pronoun := _PRONOUN.search(part)):
            part = f"{part[: pronoun.start()]}{thing}{part[pronoun.end() :]}"
            if found and found[-1] == f"get {thing}":
                found.pop()  # what was wanted: how to get it comes now
        restated = any(one.startswith("show only ") for one in found) and _THE_REST.fullmatch(part)
        if not (restated or is_background(part)):
            found.append(part)
        if (match := _OBJECT.match(part)) and not _SEARCH.match(part):
            thing = match["object"]
    return found or list(parts)


def is_background(part: str) -> bool:
    """Does it only say how things are?"""
    return bool(_SUBJECT.match(part)) and not _STATED.match(part)
