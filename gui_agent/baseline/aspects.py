"""What a question is after: how the value may be labelled, and what it looks like. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gui_agent.baseline import words
from gui_agent.baseline.facts import MONEY

_NUMBER = r"\d[\d.,]*"
_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|nights?|weeks?|months?|years?)\b"
DURATION = re.compile(
    rf"\d[\d.,–-]*\s*(?:{_UNIT}|分钟|小时|天|周|个月|年)(?:\s*(?:and\s+)?\d+\s*{_UNIT})*",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
DATE = re.compile(
    rf"(?:\b{_WEEKDAY},?\s+)?\b\d{{1,2}}\.?\s+{_MONTH}\b(?:\s+\d{{4}})?"
    rf"|\b{_MONTH}\s+\d{{1,2}}\b(?:,?\s+\d{{4}})?|\d{{4}}-\d{{2}}-\d{{2}}"
    r"|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}|(?:\d+年)?\d{1,2}月\d{1,2}[日号]",
    re.IGNORECASE,
)
CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}(?:\s*[ap]\.?m\b)?|\b\d{1,2}\s*[ap]\.?m\b", re.IGNORECASE)
_DAY_OR_CLOCK = re.compile(f"{DATE.pattern}|{CLOCK.pattern}", re.IGNORECASE)


def _measure(units: str) -> re.Pattern[str]:
    return re.compile(rf"{_NUMBER}\s*(?:{units})(?![a-z])", re.IGNORECASE)


_TABLE: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (r"how\s+(?:big|large)|what\s+size|多大|面积", "area size surface floor space 面积",
     _measure("m²|m2|㎡|sqm|sq\\.?\\s?(?:m|ft)|square\\s+\\w+|平米|平方米|ha|acres?")),
    (r"how\s+(?:tall|high)|多高", "height elevation 高度",
     _measure("m|cm|ft|met(?:er|re)s?|feet|米|厘米")),
    (r"how\s+heavy|(?:how\s+much|what)\b.*\bweighs?|多重", "weight 重量",
     _measure("kg|g|lbs?|t|公斤|千克|克")),
    (r"how\s+far|多远", "distance 距离", _measure("km|m|mi|miles?|公里|千米|米")),
    (r"how\s+long|多长|多久", "duration length runtime 时长", DURATION),
    (r"how\s+(?:much|expensive)|what\b.*\b(?:costs?|pays?|price|salary|fee|earn)\b|多少钱|什么价",
     "price cost amount pay salary fee paid rent refund 价格 票价", MONEY),
    (r"when\b.*\b(?:bring|take|give|hand|return|due)|(?:归还|还书|到期)",
     "due return until deadline back", DATE),
    (r"what\s+date|what\s+day|(?:on|by)\s+which\s+day|哪天|几月几", "date day due", DATE),
    (r"what\s+time|几点", "time start", CLOCK),
    (r"when\b|什么时候|何时", "date time due when day start deadline until", _DAY_OR_CLOCK),
)  # fmt: skip
"""What a question says → what its answer may be labelled with, and looks like."""

_NAMED: tuple[tuple[str, str], ...] = (
    (r"^where\b|哪里|哪儿", "where location place city venue address room destination to 位置"),
    (r"^who\b|谁", "who name by author teacher trainer guide host speaker owner assignee driver"
     " doctor contact manager 作者 老师 教练 主讲 负责人"),
)  # fmt: skip
_WORDS = re.compile(r".*[^\W\d_].*")
_UNITS = {
    "hour": "hours?|hrs?|h", "minute": "minutes?|mins?|min", "day": "days?", "week": "weeks?",
    "kilometre": "km|kilometres?", "metre": "m|metres?", "gram": "g|grams?", "kilogram": "kg",
    "people": "people|persons?|guests?|seats?|adults?", "person": "people|persons?|guests?",
}  # fmt: skip
_MANY = re.compile(r"how\s+many\s+(?P<what>[a-z]+)", re.IGNORECASE)
_ZH_SEATS = re.compile("几个?人|多少人")
_ZH_NUMBERED = re.compile("几(?P<what>号[\u4e00-\u9fff]|楼|层|座|路|页|集|章|门)")
_ZH_MANY = re.compile("(?:多少|几)(?P<what>[\u4e00-\u9fff])(?!价)")
_ZH_DIGITS = r"(?:\d[\d.,]*|[一二三四五六七八九十]+)"


_SPAN = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(h(?:ours?|rs?)?\b|m(?:in(?:ute)?s?)?\b|days?\b|weeks?\b|小时|分钟|天)",
    re.IGNORECASE,
)
_MINUTES = {"h": 60, "m": 1, "d": 1440, "w": 10080, "小": 60, "分": 1, "天": 1440}


def minutes(text: str) -> float | None:
    """How long a text says that something takes, in minutes; None where it doesn't."""
    spans = _SPAN.findall(text)
    spent = [float(n.replace(",", ".")) * _MINUTES[unit[0].lower()] for n, unit in spans]
    return sum(spent) if spent else None


@dataclass(frozen=True)
class Aspect:
    """What is asked about something."""

    names: frozenset[str]
    """Terms that a label of the value may say."""
    form: re.Pattern[str]
    """What the value looks like."""
    asking: str
    """The part of the question that asks."""
    counts: bool = False
    """Only the number is wanted."""
    named: bool = False
    """It can be told by its label alone."""


def aspect(question: str) -> Aspect | None:
    """What a question asks about its subject; None where that can't be told from its value."""
    if many := _MANY.search(question):
        noun = words.terms(many["what"])[0]
        unit = _UNITS.get(noun, f"{re.escape(noun)}s?|{re.escape(many['what'])}")
        return Aspect(frozenset({noun}), _measure(unit), many[0], counts=True)
    for asked, names, form in _TABLE:
        if found := re.search(asked, question, re.IGNORECASE):
            return Aspect(frozenset(words.terms(names)), form, found[0])
    for asked, names in _NAMED:
        if found := re.search(asked, question, re.IGNORECASE):
            return Aspect(frozenset(words.terms(names)), _WORDS, found[0], named=True)
    if seats := _ZH_SEATS.search(question):
        form = re.compile(rf"{_ZH_DIGITS}\s*(?:人|座|位)(?!份)")
        return Aspect(frozenset(), form, seats[0], counts=True)
    if numbered := _ZH_NUMBERED.search(question):
        form = re.compile(rf"{_ZH_DIGITS}\s*{numbered['what']}")
        return Aspect(frozenset(), form, numbered[0])
    if many := _ZH_MANY.search(question):
        form = re.compile(rf"{_ZH_DIGITS}\s*{many['what']}")
        return Aspect(frozenset(), form, many[0])
    return None
