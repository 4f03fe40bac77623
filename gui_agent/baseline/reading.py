"""Answering questions out of what a page states; only where one answer stands out. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gui_agent.baseline import words
from gui_agent.baseline.answering import about_one
from gui_agent.baseline.aspects import DURATION, minutes
from gui_agent.baseline.facts import MONEY, Fact, Record, all_facts, amount, records
from gui_agent.baseline.fields import BOXES
from gui_agent.baseline.goals import Ask, Phrase
from gui_agent.baseline.layout import Layout
from gui_agent.baseline.matching import Match, choose
from gui_agent.baseline.steps import Act, Done, Scene, Step, Stop
from gui_agent.baseline.vocabulary import CONTROLS
from gui_agent.screen import Element

_TIME = re.compile(
    r"\d{1,2}[:.]\d{2}|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}|\b(?:am|pm|noon|today|tomorrow|yesterday|"
    r"mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\d{1,2}月|周|星期|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_AMOUNTS = frozenset(["price", "balance", "amount", "pay", "spend", "total", "cost"])
"""Words that an amount of money answers to without being labelled so."""
_RESULTS = frozenset({"result", "answer", "output", "calculation", "display"})
_EDGE = 0.03
"""Of a screen: more than this below or above means that a list may go on there."""


def answer(ask: Ask, scene: Scene) -> Step:
    """The answer to a question, as a step; or why the page doesn't give one."""
    if scene.did("answer"):
        return Done("answered")
    about = about_one(ask, scene) if ask.kind != "whether" and not ask.about.extreme else None
    if isinstance(about, Act):
        return about
    found: str | Stop
    match ask.kind:
        case _ if about is not None:
            found = about
        case "count":
            found = _count(ask, scene)
        case "which":
            found = _which(ask, scene)
        case "whether":
            found = _whether(ask, scene)
        case _:
            found = _value(ask, scene)
    if isinstance(found, Stop):
        return found
    return Act({"kind": "note", "text": found}, "answer", None, "read from the page", found)


def extreme_name(what: Phrase, scene: Scene) -> str:
    """The name of the row or card that is the cheapest, newest …, or "" when that is unclear."""
    found = _extreme(what, scene)
    return found[0].key if found else ""


def text_of(what: Phrase, scene: Scene) -> str:
    """What a field, a labelled value or the only longer text holds, or ""."""
    fields = [e for e in scene.page.marked if e.value]
    found = choose(what, fields, scene.layout)
    if isinstance(found, Match):
        return found.element.value or ""
    if result := _result(what, fields):
        return result
    if what.empty:
        return _only([e.name for e in scene.page.readable if len(e.name.split()) > 2])
    facts = [fact for fact in all_facts(scene.layout) if _covers(fact, what, scene.layout)]
    return _only([fact.value for fact in _closest(facts, what)])


def _result(what: Phrase, fields: Sequence[Element]) -> str:
    """What the only field holds, where `the result` or `the output` is asked for."""
    said = {*what.must, *what.soft}
    values = {(e.value or "").strip() for e in fields}
    return values.pop() if said and said <= _RESULTS and len(values) == 1 else ""


def word_of(text: str, place: int) -> str:
    """The word of a text at this place, counted from 1, or from the end if negative."""
    found = [word.strip(".,:;!?\"'()") for word in text.split()]
    at = place - 1 if place > 0 else place
    return found[at] if -len(found) <= at < len(found) else ""


def in_schema(text: str, schema: Mapping[str, Any] | None) -> str:
    """The answer as JSON where the task asks for it and the shape is plain; else as it is."""
    if not schema:
        return text
    properties = schema.get("properties")
    if schema.get("type") == "object" and isinstance(properties, Mapping) and len(properties) == 1:
        name, inner = next(iter(properties.items()))
        return json.dumps({name: _typed(text, inner)}, ensure_ascii=False)
    return json.dumps(_typed(text, schema), ensure_ascii=False)


def _typed(text: str, schema: Any) -> Any:
    kind = schema.get("type") if isinstance(schema, Mapping) else None
    value = words.number(text) if (money := MONEY.search(text)) is None else words.number(money[0])
    if kind in ("number", "integer") and value is not None:
        return int(value) if kind == "integer" else value
    if kind == "boolean" and text.lower() in ("yes", "no", "是", "否"):
        return text.lower() in ("yes", "是")
    return text


# values


def _value(ask: Ask, scene: Scene) -> str | Stop:
    about = ask.about
    if about.extreme:
        return _which(ask, scene)
    if about.empty and not about.soft:
        return Stop("the question names nothing that could be looked up")
    if result := _result(about, [e for e in scene.page.marked if e.value]):
        return result
    facts = [fact for fact in all_facts(scene.layout) if _covers(fact, about, scene.layout, ask)]
    facts = [fact for fact in facts if _fits(fact.value, ask.wants) and _adds(fact, about)]
    facts = facts or _in_record(ask, scene.layout)
    closest = _closest(facts, about)
    if value := _only([fact.value for fact in closest]):
        return _trim(value, ask.wants)
    if not closest and ask.wants != "any":
        told = [f.value for f in _sentences(about, scene.layout) if _fits(f.value, ask.wants)]
        if value := _only(told):
            return _trim(value, ask.wants)
    if closest:
        said = " / ".join(dict.fromkeys(fact.value for fact in closest[:4]))
        return Stop(f"the page gives several answers: {said}")
    return Stop(f"nothing here states '{about.text}'", missing=True, wanted=about.must)


def _covers(fact: Fact, about: Phrase, layout: Layout, ask: Ask | None = None) -> bool:
    """Is every word of the question in what the value is, whose it is, or which page this is?"""
    own = (*fact.attribute, *fact.owner)
    needed = [*about.must, *(t for text in about.quoted for t in words.content(text))]
    if not needed:
        needed = list(about.soft)
    named = [t for t in (*needed, *about.soft) if words.best(t, fact.attribute) > 0]
    money = bool(MONEY.search(fact.value)) and not {*needed}.isdisjoint(_AMOUNTS)
    price = money or (ask is not None and ask.wants == "amount" and "price" in fact.attribute)
    if money:
        needed = [term for term in needed if term not in _AMOUNTS] or needed
    if not named and not price:
        return False
    return all(words.best(t, own) > 0 or words.best(t, layout.headline) >= 1 for t in needed)


_ASPECTS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"^who\b|谁", frozenset(
        "trainer author teacher contact owner assignee name by sender doctor driver guide host"
        " speaker manager".split())),
    (r"^where\b|哪里|哪儿", frozenset(
        "destination where to location city place address venue room gate office".split())),
    (r"^when\b|什么时候|几点", frozenset("date time due when day start deadline until".split())),
)  # fmt: skip
"""What a column or label may be called that a question word asks for."""


def _in_record(ask: Ask, layout: Layout) -> list[Fact]:
    """The value of the asked kind in the only row or card that the question is about."""
    about = ask.about
    needed = [*about.must, *(t for text in about.quoted for t in words.content(text))]
    needed = [t for t in needed if t not in _AMOUNTS] or needed
    fitting = [
        record
        for group in records(layout)
        for record in group
        if needed and all(words.best(t, (*record.terms, *layout.headline)) > 0 for t in needed)
        and any(words.best(t, record.terms) > 0 for t in needed)
    ]  # fmt: skip
    if len({record.key for record in fitting}) != 1:
        return []
    facts = [f for record in fitting for f in record.facts]
    for pattern, names in _ASPECTS:
        if re.search(pattern, ask.question, re.IGNORECASE):
            named = [f for f in facts if names & set(f.attribute)]
            facts = named or [f for f in facts if not re.search(r"\d", f.value)]
            break
    facts = [f for f in facts if _fits(f.value, ask.wants) and _adds(f, about)]
    return facts if ask.wants != "any" and len({f.value for f in facts}) == 1 else []


def _adds(fact: Fact, about: Phrase) -> bool:
    """Does the value say more than the question?"""
    asked = (*about.must, *about.soft)
    return any(words.best(term, asked) == 0 for term in words.content(fact.value))


def _fits(value: str, wants: str) -> bool:
    match wants:
        case "amount":
            return bool(MONEY.search(value) or re.fullmatch(r"[\s\d.,]*\d[\s\d.,]*", value))
        case "time":
            return bool(_TIME.search(value) or DURATION.search(value))
        case "duration":
            return bool(DURATION.search(value))
        case "words":
            return bool(re.search(r"[^\W\d_]", value)) and not MONEY.search(value)
    return bool(value.strip())


def _sentences(about: Phrase, layout: Layout) -> list[Fact]:
    """Single texts that hold all the words of the question, and so the value as well."""
    needed = [*about.must, *(t for text in about.quoted for t in words.content(text))]
    return [
        Fact((), words.content(e.name), e.name, "", e)
        for e in layout.page.elements
        if needed and all(words.best(t, words.content(e.name)) > 0 for t in needed)
    ]


def _closest(facts: Sequence[Fact], about: Phrase) -> list[Fact]:
    """The facts whose own label says most of the question, and least else."""

    def closeness(fact: Fact) -> tuple[float, float]:
        said = [t for t in (*about.must, *about.soft) if words.best(t, fact.attribute) > 0]
        extra = [t for t in fact.attribute if words.best(t, (*about.must, *about.soft)) == 0]
        owned = [t for t in about.must if words.best(t, fact.owner) > 0]
        return (len(said) + len(owned), -len(extra))

    top = max(map(closeness, facts), default=None)
    return [fact for fact in facts if closeness(fact) == top]


def _trim(value: str, wants: str) -> str:
    form = {"amount": MONEY, "duration": DURATION}.get(wants)
    if form and (found := form.search(value)):
        return found[0]
    return value


def _only(values: Sequence[str]) -> str:
    different = {words.fold(value): value for value in values if value.strip()}
    return next(iter(different.values())) if len(different) == 1 else ""


# counting, comparing, deciding


def _count(ask: Ask, scene: Scene) -> str | Stop:
    about = ask.about
    stated = _stated_count(about, scene.layout)
    if stated:
        return stated
    needed = [t for t in about.must if t not in CONTROLS]
    counted = []
    for group in records(scene.layout):
        fitting = [r for r in group if all(words.best(t, r.terms) > 0 for t in needed)]
        if fitting and len(group) > 1:
            counted.append((len(fitting), group))
    if len(counted) != 1:
        return Stop(f"nothing here says how many '{about.text}' there are", missing=True,
                    wanted=about.must)  # fmt: skip
    if _goes_on(counted[0][1], scene):
        return Stop("the list goes on beyond what shows, and can't be counted at a glance")
    return str(counted[0][0])


def _stated_count(about: Phrase, layout: Layout) -> str:
    """A number that the page itself puts to the thing: `3 unread messages`, `Inbox (3)`."""
    needed = about.must or about.soft
    found = []
    for element in layout.page.elements:
        said = words.content(element.name)
        numbers = [term for term in said if term.isdigit()]
        if len(numbers) == 1 and len(said) <= 5 and not MONEY.search(element.name):
            extra = [
                t
                for t in said
                if not t.isdigit() and words.best(t, (*about.must, *about.soft)) == 0
            ]
            if all(words.best(t, said) > 0 for t in needed) and len(extra) <= 1:
                found.append(numbers[0])
    facts = [f for f in all_facts(layout) if f.value.strip().isdigit() and not f.key]
    found += [f.value.strip() for f in facts
              if all(words.best(t, f.attribute) > 0 for t in needed)]  # fmt: skip
    return _only(found) if needed else ""


def _which(ask: Ask, scene: Scene) -> str | Stop:
    if not ask.about.extreme:
        return _which_has(ask, scene)
    found = _extreme(ask.about, scene)
    if not found:
        return Stop(f"nothing here can be compared for '{ask.about.text}'", missing=True,
                    wanted=ask.about.must)  # fmt: skip
    record, fact = found
    noun = {*ask.about.must, *ask.about.soft}
    about_value = noun and all(words.best(t, fact.attribute) > 0 for t in noun)
    return fact.value if about_value and ask.wants != "words" else record.key


def _which_has(ask: Ask, scene: Scene) -> str | Stop:
    """The only row or card that states what the question says of it; else a value as usual."""
    needed = [t for t in ask.about.must if t not in CONTROLS]
    for group in records(scene.layout):
        stating = [r for r in group if needed and all(words.best(t, r.terms) > 0 for t in needed)]
        if len(stating) == 1 and stating[0].key and not _goes_on(group, scene):
            own = words.content(stating[0].key)
            if not all(words.best(t, own) > 0 for t in needed):
                return stating[0].key
    return _value(ask, scene)


def _extreme(what: Phrase, scene: Scene) -> tuple[Record, Fact] | None:
    """The record with the least or greatest value of the attribute in question, if there is one."""
    way, _, attribute = what.extreme.partition(":")
    candidates = []
    for group in records(scene.layout):
        terms = (attribute,) if attribute else (*what.must, *what.soft)
        column = [(r, f) for r in group if (f := _measured(r, terms)) is not None]
        if len(column) >= 2 and not _goes_on(group, scene):
            candidates.append(column)
    if len(candidates) != 1:
        return None
    size = _span if attribute == "duration" else _amount
    values = [(size(fact) or 0.0, record, fact) for record, fact in candidates[0]]
    best = (min if way == "min" else max)(value for value, _, _ in values)
    winners = [(record, fact) for value, record, fact in values if value == best]
    return winners[0] if len(winners) == 1 and winners[0][0].key else None


def _measured(record: Record, terms: Sequence[str]) -> Fact | None:
    """The record's comparable value of an attribute; with no attribute named, its only one."""
    if tuple(terms) == ("duration",):
        lasting = [fact for fact in record.facts if _span(fact) is not None]
        return lasting[0] if len(lasting) == 1 else None
    comparable = [fact for fact in record.facts if amount(fact.value) is not None]
    if terms:
        named = [f for f in comparable if any(words.best(t, f.attribute) > 0 for t in terms)]
        if named:
            return named[0]
        if not _AMOUNTS.isdisjoint(terms):
            comparable = [fact for fact in comparable if MONEY.search(fact.value)]
            return comparable[0] if len(comparable) == 1 else None
        return None
    return comparable[0] if len(comparable) == 1 else None


def _amount(fact: Fact) -> float | None:
    return amount(fact.value)


def _span(fact: Fact) -> float | None:
    """How long something takes, in minutes, by its value or by the unit it is labelled with."""
    return minutes(fact.value) or minutes(f"{fact.value} {' '.join(fact.attribute)}")


def _goes_on(group: Sequence[Record], scene: Scene) -> bool:
    """May the list have more entries above or below what shows?"""
    at_bottom = max(record.bottom for record in group) > 0.9
    return (at_bottom and scene.page.below > _EDGE) or scene.page.above > _EDGE


def _whether(ask: Ask, scene: Scene) -> str | Stop:
    """Yes or no, for the state of a box; other statements are not judged."""
    boxes = [e for e in scene.page.marked if e.role in BOXES]
    asked = {
        "enable",
        "disable",
        "on",
        "off",
        "check",
        "checked",
        "unchecked",
        "selected",
        "ticked",
    }
    state = [t for t in words.terms(ask.question) if t in asked]
    about = replace(ask.about, must=tuple(t for t in ask.about.must if t not in asked))
    found = choose(about, boxes, scene.layout) if state else None
    if not isinstance(found, Match):
        return Stop("this baseline answers yes or no only about check boxes and switches")
    on = ("checked" in found.element.states) != (state[-1] in ("disable", "off", "unchecked"))
    chinese = words.is_chinese(ask.question)
    return ("是" if on else "否") if chinese else ("yes" if on else "no")
