"""What a page states: who has which value, read out of tables, lists, labels and fields. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gui_agent.baseline import dates, words
from gui_agent.baseline.layout import FIELDS, Layout, Row, Table
from gui_agent.screen import Element

MONEY = re.compile(
    r"(?:[$€£¥₹]|US\$|CHF|EUR|USD|GBP|kr)\s?\d[\d.,]*|\d[\d.,]*\s?(?:[$€£¥₹]|EUR|USD|GBP|CHF|kr|元|块)"
)
_LABELLED = re.compile(r"^([^:：]{1,40})[:：]\s*(\S.*)$")
_LABEL_THEN_NUMBER = re.compile(r"([^\d]{2,30}?)\s+(\d[\d.,]*\s?%?)")
_NUMBER_THEN_LABEL = re.compile(r"(\d[\d.,]*)\s+([^\d]{2,30})")
_WORDED = frozenset({"radio", "option", "listitem", "row"})
_FIRST_VALUE = re.compile(r"(?<=\S)\s+(?:[·|]|[$€£¥]?\d)")
_PARTS = re.compile(r"\s+[·|•]\s+")
_MARKS = " ,;💬⭐★☆📍🕐⏱✓"
_NUMBER = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True)
class Fact:
    """One value, what it is (`attribute`) and whose it is (`owner`), as terms and as text."""

    owner: tuple[str, ...]
    attribute: tuple[str, ...]
    value: str
    key: str = ""
    """What its owner is called, where the page names it."""
    source: Element | None = None


@dataclass(frozen=True)
class Record:
    """A row of a table, or a card of a list: a name and the values that go with it."""

    key: str
    facts: tuple[Fact, ...]
    terms: tuple[str, ...]
    bottom: float
    """Where it ends, as a fraction of the screen."""
    title: Element | None = None
    """What its name stands on."""


def all_facts(layout: Layout) -> list[Fact]:
    """Everything that can be read with some certainty, each value once per way of reading it."""
    found = [fact for group in records(layout) for record in group for fact in record.facts]
    return [*found, *_labelled(layout), *_fields(layout), *_beside(layout), *_stacked(layout)]


def records(layout: Layout) -> list[tuple[Record, ...]]:
    """The tables and card lists of the page, each as its records."""
    tables = [tuple(_rows(table)) for table in layout.tables]
    cards = tuple(_cards(layout))
    lines = tuple(_lines(layout))
    return [group for group in (*tables, cards, lines) if group]


def amount(text: str) -> float | None:
    """The number to compare a value by: an amount of money, a date, or the only number in it."""
    if money := MONEY.search(text):
        return words.number(money[0])
    if day := dates.day(text):
        return float(day.toordinal())
    return words.number(text)


def _rows(table: Table) -> Iterator[Record]:
    for row in table.rows:
        cells = [(cell, table.column(cell)) for cell in row.cells]
        owner = (*words.content(row.text), *words.content(table.header.text))
        title = next((c for c in row.cells if c.name and not _NUMBER.match(c.name)), None)
        key = title.name if title else ""
        facts = tuple(
            Fact(owner, words.content(head.name), cell.value or cell.name, key, cell)
            for cell, head in cells
            if head is not None and cell.role != "button"
        )
        bottom = max(cell.box.bottom for cell in row.cells)
        yield Record(key, facts, owner, bottom, title)


def _cards(layout: Layout) -> Iterator[Record]:
    """What repeats down or across the page: each from its title to the last thing in it."""
    elements = layout.page.elements
    starts = _title_places(layout)
    ends = [*starts[1:], len(elements)][: len(starts)]
    size = max((end - start for start, end in zip(starts, ends[:-1], strict=False)), default=0)
    for start, end in zip(starts, ends, strict=True):
        title = elements[start]
        body = elements[start + 1 : min(end, start + 1 + max(size, 1))]
        texts = [e for e in body if e.name and e.role != "button"]
        if not texts:
            continue
        owner = words.content(title.name)
        facts = tuple(fact for e in texts for fact in _card_facts(owner, title.name, e))
        said = tuple(term for e in (title, *texts) for term in words.terms(e.name))
        bottom = max(e.box.bottom for e in (title, *texts))
        yield Record(title.name, facts, said, bottom, title)


def _title_places(layout: Layout) -> list[int]:
    """Where repeated things begin: at their headings, or at what comes after a repeated button."""
    elements = layout.page.elements
    tabled = {id(cell) for table in layout.tables for row in table.rows for cell in row.cells}
    free = [e for e in elements if e.role in ("button", "link") and e.name and id(e) not in tabled]
    name, count = Counter(e.name for e in free).most_common(1)[0] if free else ("", 0)
    headings = [i for i, e in enumerate(elements) if e.role == "heading"]
    if count < 2:
        return headings if _are_alike(headings, len(elements)) else []
    twins = [i for i, e in enumerate(elements) if e.name == name and id(e) not in tabled]
    between = [i for i in headings if i < twins[-1]]
    if len(between) >= count:
        return between[-count:]
    starts = [place + 1 for place in twins[:-1]]
    first = _first_like(elements, starts, twins[0])
    return [first, *starts] if first is not None else []


def _are_alike(headings: Sequence[int], end: int) -> bool:
    """Are there about as many elements under each, as with cards, and not with chapters?"""
    sizes = [later - one for one, later in zip(headings, [*headings[1:], end], strict=False)]
    return len(sizes) > 2 and max(sizes[:-1]) <= min(sizes) + 2


def _first_like(elements: Sequence[Element], starts: Sequence[int], end: int) -> int | None:
    """The place before `end` that begins as the others do: the same role, in line with them."""
    model = elements[starts[0]]
    if any(elements[start].role != model.role for start in starts):
        return None
    for place in range(end - 1, -1, -1):
        one = elements[place]
        in_line = (
            abs(one.box.left - model.box.left) < 0.01 or abs(one.box.top - model.box.top) < 0.01
        )
        if one.role == model.role and in_line and one.name:
            return place
    return None


def _lines(layout: Layout) -> Iterator[Record]:
    """Things of one kind whose own words say all about them: `Express 2 days · €9`."""
    alone = [e for e in layout.page.marked if e.role in _WORDED and _FIRST_VALUE.search(e.name)]
    for element in alone if len(alone) > 1 else ():
        at = _FIRST_VALUE.search(element.name)
        key = element.name[: at.start()].strip(" ·|–-,:") if at else ""
        owner = words.content(key)
        if key:
            facts = tuple(_card_facts(owner, key, element))
            yield Record(key, facts, words.terms(element.name), element.box.bottom, element)


def _card_facts(owner: tuple[str, ...], key: str, element: Element) -> Iterator[Fact]:
    """Each part of a text such as `#12 · 3 comments` by itself."""
    whole = element.name.removeprefix(key) if element.role in _WORDED else element.name
    for part in _PARTS.split(whole):
        if text := part.strip(_MARKS):
            yield from _part_facts(owner, key, element, text)


def _part_facts(owner: tuple[str, ...], key: str, element: Element, text: str) -> Iterator[Fact]:
    """`Rating: 4.5`, `Rating 4.5`, `4.5 stars`, `€12`, or words alone."""
    if match := _LABELLED.match(text):
        yield Fact(owner, words.content(match[1]), match[2], key, element)
    elif money := MONEY.search(text):
        yield Fact(owner, ("price", *words.content(text)), money[0], key, element)
    elif match := _LABEL_THEN_NUMBER.fullmatch(text):
        yield Fact(owner, words.content(match[1]), match[2], key, element)
    elif match := _NUMBER_THEN_LABEL.fullmatch(text):
        yield Fact(owner, words.content(match[2]), match[1], key, element)
    elif element.mark is None or element.role in _WORDED:
        yield Fact(owner, words.content(text), text, key, element)


def _labelled(layout: Layout) -> Iterator[Fact]:
    """`Total: 12 €` in one text."""
    for element in layout.page.elements:
        if match := _LABELLED.match(element.name):
            yield Fact(_section(layout, element), words.content(match[1]), match[2], "", element)


def _fields(layout: Layout) -> Iterator[Fact]:
    for element in layout.page.marked:
        if element.role in FIELDS and element.value:
            label = words.content(layout.label(element))
            yield Fact(words.content(element.context), label, element.value, "", element)


def _beside(layout: Layout) -> Iterator[Fact]:
    """A label and the value to its right, alone in their band or next to each other."""
    for row in layout.rows:
        for label, value in _neighbours(row):
            yield Fact(_section(layout, label), words.content(label.name), value.name, "", value)


def _neighbours(row: Row) -> Iterator[tuple[Element, Element]]:
    pairs = zip(row.cells, row.cells[1:], strict=False)
    for label, value in pairs:
        readable = label.mark is None and value.mark is None
        is_value = _NUMBER.match(label.name) or MONEY.search(label.name)
        if readable and label.name and value.name and not is_value:
            yield label, value


def _stacked(layout: Layout) -> Iterator[Fact]:
    """A label and the value right below it, or a figure and what it counts right below it."""
    texts = layout.page.readable
    for upper, lower in pairwise(texts):
        down = lower.box.top - upper.box.bottom
        aligned = abs(upper.box.left - lower.box.left) < 0.01 or (
            abs(upper.box.center.x - lower.box.center.x) < 0.01
        )
        if not aligned or not -0.01 <= down < 0.035 or not upper.name or not lower.name:
            continue
        label, value = (lower, upper) if _NUMBER.match(upper.name) else (upper, lower)
        if len(label.name) <= 40:
            yield Fact(_section(layout, label), words.content(label.name), value.name, "", value)


def _section(layout: Layout, element: Element) -> tuple[str, ...]:
    heading = layout.heading(element) if element.role != "heading" else None
    return words.content(heading.name) if heading else ()
