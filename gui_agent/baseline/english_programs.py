"""English clauses about programs: opened, used to work something out, saved from. Pure."""

from __future__ import annotations

import re
from re import Match

from gui_agent.baseline.forms import Forms, each
from gui_agent.baseline.goals import Launch, Press, Reading, SaveAs
from gui_agent.baseline.phrases import Quotes, phrase

FORMS = Forms()

_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-"})
_MOST_KEYS = 40


@FORMS(
    r"(?:open up|open|start|launch|run|fire up|bring up|switch(?: over| back)? to|go(?: back)? to"
    r"|use|activate)\s+(?:the\s+|an?\s+|my\s+)?(?P<name>(?!(?:it|them|that|this)$).+?)"
    r"(?:\s+(?:app|application|program|window))?"
)
def _launch(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Launch(quotes.restore(match["name"])))


@FORMS(
    r"(?:save|store)\s+(?:(?:it|this|that|everything|(?:the|my|this)\s+[\w -]+?)\s+)?"
    r"(?:as|under|to|in)\s+(?:(?:the|a)\s+)?(?:(?:file|name|path)\s+)?(?:(?:called|named)\s+)?"
    r"(?P<path>[\ue000-\uf8ff]|\S*\w[./~]\S+)"
)
def _save_as(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(SaveAs(quotes.restore(match["path"])))


@FORMS(
    r"(?:calculate|compute|work out|evaluate)\s+(?P<sum>[-\d.,()+*/×÷−–\s]*\d)(?:\s*=)?"
    r"(?:\s+(?:with|in|on|using)\s+the\s+calculator)?"
)
def _calculate(match: Match[str], quotes: Quotes) -> list[Reading]:
    """The keys of a calculator, one after the other."""
    keys = re.sub(r"[\s,]", "", match["sum"]) + "="
    if len(keys) > _MOST_KEYS:
        return []
    typed = keys.translate(_SIGNS)
    return [tuple(_key(key) for key in written) for written in dict.fromkeys((keys, typed))]


def _key(name: str) -> Press:
    return Press(phrase("\ue000", Quotes((name,))))
