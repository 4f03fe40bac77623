"""English clauses that take several movements: dragging, sliding, ordering, marking text. Pure."""

from __future__ import annotations

import re
from re import Match

from gui_agent.baseline import words
from gui_agent.baseline.forms import Forms, each, filled
from gui_agent.baseline.goals import (
    RECALLED,
    Arrange,
    Copy,
    Fill,
    Highlight,
    Place,
    Press,
    PressInOrder,
    Reading,
    Shift,
    Solve,
)
from gui_agent.baseline.phrases import Quotes, phrase
from gui_agent.baseline.vocabulary import ORDINALS, ROLES
from gui_agent.screen import Direction

FORMS = Forms()

_DRAG = r"(?P<verb>drag|move)"
_WAY = r"(?P<way>up|down|left|right)(?:wards?)?"
_ONE = r"\s+by\s+(?P<n>one|two|three|\d)(?:\s+(?:position|place|row|step|spot|cell)s?)?"
_WAYS: dict[str, Direction] = {way: way for way in ("up", "down", "left", "right")}
_RISING = r"(?P<way>ascending|increasing|rising|descending|decreasing|falling)"
_FALLING = frozenset({"descending", "decreasing", "falling"})
_NTH = rf"(?P<nth>{'|'.join(ORDINALS)}|\d+(?:st|nd|rd|th))"


# dragging


@FORMS(rf"{_DRAG}\s+(?P<what>.+?)\s+(?:to\s+the\s+)?{_WAY}(?:{_ONE})?")
def _shift(match: Match[str], quotes: Quotes) -> list[Reading]:
    places = int(words.number(match["n"]) or 1) if match["n"] else 0
    way = _WAYS[match["way"].lower()]
    return [*_button(match, quotes), (Shift(phrase(match["what"], quotes), way, places),)]


@FORMS(
    rf"{_DRAG}\s+(?P<what>.+?)\s+to\s+the\s+(?:{_NTH}\s+(?:position|place|spot|row)"
    r"|(?P<end>(?:very\s+)?(?:top|bottom|start|end)(?:\s+of\s+the\s+list)?)"
    r"|(?P<cell>(?:top|center|middle|bottom)?\s?(?:left|center|middle|right)))"
)
def _place(match: Match[str], quotes: Quotes) -> list[Reading]:
    what = phrase(match["what"], quotes)
    if match["cell"]:
        place = Place(what, cell=match["cell"].lower().replace("middle", "center"))
    elif match["nth"]:
        place = Place(what, _ordinal(match["nth"]))
    else:
        place = Place(what, 1 if re.search("top|start", match["end"]) else -1)
    return [*_button(match, quotes), (place,)]


def _button(match: Match[str], quotes: Quotes) -> list[Reading]:
    """`Move it up` may have a button of its own."""
    if match["verb"].lower() == "drag":
        return []
    return each(Press(phrase(match[0].removeprefix(match["verb"]), quotes), verb="move"))


def _ordinal(said: str) -> int:
    return ORDINALS.get(said.lower()) or int(re.sub(r"\D", "", said))


@FORMS(
    rf"(?:sort|order|arrange|put)\s+the\s+(?P<what>\w+)\s+(?:in|into)\s+{_RISING}\s+order"
    r"(?:,?\s+(?:starting\s+)?with\s+the\s+(?:lowest|smallest|highest|largest|greatest)\s.+)?"
)
def _arrange(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Arrange(match["way"].lower() in _FALLING))


@FORMS(rf"(?:click|press|tap)(?:\s+on)?\s+the\s+numbers\s+in\s+{_RISING}\s+order")
def _press_in_order(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(PressInOrder(match["way"].lower() in _FALLING))


# sliding


@FORMS(
    r"(?:select|set|choose|pick)\s+(?P<value>[-−]?\d+(?:\.\d+)?)\s+(?:with|on|using)\s+the\s+"
    r"(?P<field>.*(?:slider|spinner|stepper))"
)
def _slide(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(filled(match["field"], match["value"].replace("−", "-"), quotes))


@FORMS(r"(?:set|move|adjust)\s+the\s+sliders\s+to\s+(?:the\s+\w+\s+)?\[?(?P<values>[-\d., ]+)\]?")
def _slide_each(match: Match[str], quotes: Quotes) -> list[Reading]:
    values = re.findall(r"-?\d+(?:\.\d+)?", match["values"])
    names = [phrase(f"the {name} slider", quotes) for name, at in ORDINALS.items() if at > 0]
    return [tuple(Fill(name, value) for name, value in zip(names[::2], values, strict=False))]


# many


@FORMS(
    r"(?:click|press|tap)(?:\s+on)?\s+(?P<what>.+?)\s+(?:on|of|for|in|from)\s+"
    r"(?P<n>\d+|one|two|three|four|five|all|every|each)(?:\s+of)?(?:\s+the)?\s+(?P<rest>[a-z].+)"
)
def _on_many(match: Match[str], quotes: Quotes) -> list[Reading]:
    what = phrase(f"{match['what']} in {match['rest']}", quotes)
    return each(Press(what, every=True, most=int(words.number(match["n"]) or 0)))


# text


@FORMS(
    r"(?:highlight|select|mark)\s+(?:all\s+)?the\s+text\s+(?:in|of)\s+(?P<what>.+?)(?:\s+below)?"
)
def _highlight(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Highlight(phrase(match["what"], quotes)))


@FORMS(
    r"(?:type|enter|write|input)\s+(?P<text>[\ue000-\uf8ff])\s+in\s+(?:all\s+)?"
    r"(?P<case>upper|lower|capital)[- ]?(?:case)?(?:\s+letters)?(?:\s+(?:in|into)\s+(?P<field>.+))?"
)
def _in_case(match: Match[str], quotes: Quotes) -> list[Reading]:
    text = quotes.restore(match["text"])
    text = text.lower() if match["case"].lower() == "lower" else text.upper()
    return each(Fill(phrase(match["field"], quotes) if match["field"] else None, text))


@FORMS(
    r"solve\s+(?:the\s+)?(?:math|maths|equation|problem|sum|calculation|for\s+\w$).*"
    r"|(?:calculate|work out)\s+the\s+(?:result|sum|answer|total).*"
)
def _solve(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Solve())


@FORMS(
    r"(?:type|enter|write|put|input)\s+(?:your|the)\s+(?:answer|result|solution)"
    r"(?:\s+(?:in|into)\s+(?P<field>.+))?"
)
def _enter_answer(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Fill(phrase(match["field"], quotes) if match["field"] else None, RECALLED))


@FORMS(
    r"(?:enter|type|copy|fill in)\s+the\s+values?\s+that\s+"
    r"(?:corresponds?\s+(?:with|to)|belongs?\s+to)\s+each\s+(?:label|field)(?:\s+(?:in|into)\s+.+)?"
)
def _copy_each(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Copy())


# kinds


@FORMS(
    r"(?:click|tap|press)(?:\s+on)?\s+(?:a|an|any)\s+(?P<kind>[\ue000-\uf8ff]|\w+)\s+"
    r"(?:widget|element|control)"
)
def _any_of_kind(match: Match[str], quotes: Quotes) -> list[Reading]:
    kind = quotes.restore(match["kind"]).lower()
    return each(Press(phrase(f"first {kind}", Quotes()))) if kind in ROLES else []
