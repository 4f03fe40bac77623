"""Where things stand: rows, columns, labels and headings, from the boxes alone. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gui_agent.baseline import words
from gui_agent.baseline.page import Page
from gui_agent.screen import Element

FIELDS = frozenset(
    {"textbox", "searchbox", "spinbutton", "combobox", "listbox", "slider", "radiogroup"}
)


@dataclass(frozen=True)
class Row:
    """Elements side by side, from left to right."""

    cells: tuple[Element, ...]

    @property
    def top(self) -> float:
        return min(cell.box.top for cell in self.cells)

    @property
    def text(self) -> str:
        return " ".join(filter(None, (cell.name for cell in self.cells)))


@dataclass(frozen=True)
class Table:
    """Rows whose cells stand under the same headings."""

    header: Row
    rows: tuple[Row, ...]

    def column(self, cell: Element) -> Element | None:
        """The heading that a cell stands under."""
        return max(self.header.cells, key=lambda head: _shared_width(head, cell), default=None)

    def cell(self, row: Row, heading: Element) -> Element | None:
        """The row's cell under a heading."""
        under = [cell for cell in row.cells if self.column(cell) is heading]
        return under[0] if under else None


class Layout:
    """What the places of a page's elements tell about each other."""

    def __init__(self, page: Page, entered: str = "") -> None:
        self.page = page
        self.entered = words.terms(entered)
        """The words of what was just opened, which what shows now belongs to."""

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every element with words, in bands from top to bottom."""
        bands: list[list[Element]] = []
        for element in sorted(self.page.elements, key=lambda e: (_middle(e), e.box.left)):
            if not element.name and not element.value:
                continue
            if bands and _same_band(bands[-1], element):
                bands[-1].append(element)
            else:
                bands.append([element])
        return tuple(Row(tuple(sorted(band, key=lambda e: e.box.left))) for band in bands)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Runs of at least two rows that line up under a row of three-letter-or-longer words."""
        found = []
        start = 0
        while start < len(self.rows):
            header = self.rows[start]
            body = self._body(header, self.rows[start + 1 :]) if _is_header(header) else ()
            form = len(body) == 1 and any(cell.role in FIELDS for cell in body[0].cells)
            if len(body) >= 2 or (body and len(header.cells) > 2 and not form):
                found.append(Table(header, body))
                start += len(body)
            start += 1
        return tuple(found)

    def _body(self, header: Row, below: Sequence[Row]) -> tuple[Row, ...]:
        body: list[Row] = []
        for row in below:
            above = body[-1] if body else header
            if len(row.cells) < 2 or not _lines_up(header, row) or _is_card_row(row):
                break
            if row.top - above.top > 0.12:
                break
            body.append(row)
        return tuple(body)

    def row(self, element: Element) -> Row | None:
        """The band an element stands in."""
        return self._row_of.get(id(element))

    def row_at(self, element: Element) -> Row | None:
        """The band that something without words stands in."""
        middle = _middle(element)
        bands = (row for row in self.rows if any(_reaches(cell, middle) for cell in row.cells))
        return next(bands, None)

    def heading(self, element: Element) -> Element | None:
        """The last heading before an element, in the order of the document."""
        return self._heading_of.get(id(element))

    @cached_property
    def _row_of(self) -> dict[int, Row]:
        return {id(cell): row for row in self.rows for cell in row.cells}

    @cached_property
    def _heading_of(self) -> dict[int, Element]:
        found, last = {}, None
        for element in self.page.elements:
            if last:
                found[id(element)] = last
            if element.role == "heading":
                last = element
        return found

    def belongs(self, element: Element) -> str:
        """The text that tells an element from its twins; an open menu's is that of its opener."""
        opener = self._opener(element) if element.role in ("menuitem", "option") else None
        if opener is None:
            return element.context
        return " ".join((element.context, opener.name, opener.context, *self._over(opener)))

    def _over(self, element: Element) -> list[str]:
        """The words in line with an element and right above it: the title of its card."""
        box = element.box
        return [
            text.name
            for text in self.page.readable
            if abs(text.box.left - box.left) < 0.02 and 0 <= box.top - text.box.bottom < 0.08
        ]

    def _opener(self, entry: Element) -> Element | None:
        """What opened the menu that an entry stands in: the open one right beside it."""
        opened = [e for e in self.page.marked if {"expanded", "haspopup"} <= e.states]
        nearest = min(opened, key=lambda e: gap(e, entry), default=None)
        return nearest if nearest and gap(nearest, entry) < 0.15 else None

    def context(self, element: Element) -> tuple[str, ...]:
        """The terms around an element that tell it apart; the names of its buttons are no part."""
        text = f" {words.fold(self.belongs(element))} "
        for name in self._buttons:
            text = text.replace(f" {name} ", " ")
        return words.terms(text) + (() if self.has_twins(element) else self.entered)

    def has_twins(self, element: Element) -> bool:
        """Do others that can be acted on have the same name, as in every row of a list?"""
        return bool(element.name) and self._names[element.name] > 1

    def is_place(self, element: Element) -> bool:
        """Is it an entry of the page's own menu, which leads somewhere and does nothing itself?"""
        alike = (e for e in self.page.marked if e.role == element.role and len(e.name) <= 24)
        beside = [e for e in alike if abs(e.box.left - element.box.left) < 0.01]
        return element.role in ("generic", "link") and element.box.left < 0.15 and len(beside) > 2

    @cached_property
    def _names(self) -> Counter[str]:
        return Counter(e.name for e in self.page.marked)

    def near(self, element: Element, band: bool = True) -> tuple[str, ...]:
        """The words in the element's band, its table's header and the heading above it.

        A band that holds another element of the same name says nothing about either.
        """
        said: list[str] = []
        row, heading = self.row(element), self.heading(element)
        if band and row and not any(e is not element and e.name == element.name for e in row.cells):
            said.append(row.text)
        said += [table.header.text for table in self.tables if row in table.rows]
        return (*said, heading.name) if heading else tuple(said)

    @cached_property
    def _buttons(self) -> tuple[str, ...]:
        names = {words.fold(e.name) for e in self.page.marked if e.role in ("button", "menuitem")}
        return tuple(sorted((n for n in names if 0 < len(n) <= 30), key=len, reverse=True))

    def label(self, field: Element) -> str:
        """What a field is called: its name, else the words to its left or right above it."""
        if field.name and not _is_of_options(field):
            return field.name
        own = [e for e in self.page.readable if _is_named_by(e, field)]
        if own:
            return own[0].name
        if word := self._own_word(field):
            return word
        beside = [e for e in self.page.readable if _is_beside(e, field) or _is_above(e, field)]
        names = sorted(beside, key=lambda e: (not _is_label(e, field), _distance(e, field)))
        return names[0].name if names else ""

    def caption(self, element: Element) -> str:
        """The label right before something that isn't a field: `Phone:` before its number."""
        row = self.row(element)
        before = [e for e in row.cells if _is_label(e, element)] if row else []
        return min(before, key=lambda e: _distance(e, element)).name if before else ""

    def _own_word(self, field: Element) -> str:
        """Its word of a text that runs on around several fields: `From [ ] To [ ]`."""
        for text in self.page.readable:
            if not (text.box.left <= field.box.left and field.box.left < text.box.right + 0.1):
                continue
            band = [e for e in self.page.marked if e.role in FIELDS and _shares_line(e, text)]
            inside = [e for e in band if text.box.left <= e.box.left < text.box.right + 0.1]
            said = text.name.split()
            if len(inside) > 1 and len(said) == len(inside) and _shares_line(field, text):
                return said[sorted(inside, key=lambda e: e.box.left).index(field)]
        return ""

    @cached_property
    def headline(self) -> tuple[str, ...]:
        """The terms that say which page this is: title, first heading, selected tabs and links."""
        said = [self.page.title, *(e.name for e in self.page.elements if "selected" in e.states)]
        said += [e.name for e in self.page.elements if e.role == "heading"][:1]
        return tuple(term for text in said for term in words.content(text))


def _is_of_options(field: Element) -> bool:
    """Is the name of a list nothing but its options in one word, its value among them?"""
    if field.role not in ("combobox", "listbox") or not field.value:
        return False
    at = field.name.find(field.value)
    end = at + len(field.value)
    return at >= 0 and (field.name[at - 1 : at].isalnum() or field.name[end : end + 1].isalnum())


def seems_to_offer(field: Element, option: str) -> bool:
    """Does the name of a nameless list, its options run together, have this one in it?"""
    return bool(option.strip()) and _is_of_options(field) and option.strip() in field.name


def gap(one: Element, other: Element) -> float:
    """How far apart two elements are, edge to edge, as a fraction of the screen."""
    a, b = one.box, other.box
    across = max(a.left - b.right, b.left - a.right, 0.0)
    down = max(a.top - b.bottom, b.top - a.bottom, 0.0)
    return across + down


def _middle(element: Element) -> float:
    return (element.box.top + element.box.bottom) / 2


def _reaches(element: Element, height: float) -> bool:
    return element.box.top <= height <= element.box.bottom


def _same_band(band: Sequence[Element], element: Element) -> bool:
    """Does the element's middle lie within the last band, and the band's within the element?"""
    top = min(e.box.top for e in band)
    bottom = max(e.box.bottom for e in band)
    small = min(bottom - top, element.box.bottom - element.box.top)
    shared = min(bottom, element.box.bottom) - max(top, element.box.top)
    return shared > 0.5 * small and element.box.bottom - element.box.top < 0.15


def _shared_width(one: Element, other: Element) -> float:
    shared = min(one.box.right, other.box.right) - max(one.box.left, other.box.left)
    return shared if shared > 0 else -gap_across(one, other)


def gap_across(one: Element, other: Element) -> float:
    return max(one.box.left - other.box.right, other.box.left - one.box.right, 0.0)


def _is_card_row(row: Row) -> bool:
    """Do two of its controls have the same name? Then these are cards side by side."""
    names = [cell.name for cell in row.cells if cell.mark is not None]
    return len(set(names)) < len(names)


def _is_header(row: Row) -> bool:
    words_only = [c for c in row.cells if c.name and not any(ch.isdigit() for ch in c.name)]
    if _is_card_row(row) or any(cell.role == "heading" for cell in row.cells):
        return False
    return len(row.cells) >= 2 and len(words_only) >= len(row.cells) - 1


def _lines_up(header: Row, row: Row) -> bool:
    """Do most cells start or end where a heading does?"""
    aligned = [
        cell
        for cell in row.cells
        if any(
            abs(cell.box.left - head.box.left) < 0.012
            or abs(cell.box.right - head.box.right) < 0.012
            or abs(cell.box.center.x - head.box.center.x) < 0.012
            for head in header.cells
        )
    ]
    return len(aligned) >= 2 and len(aligned) >= len(row.cells) / 2


def _shares_line(one: Element, other: Element) -> bool:
    return min(one.box.bottom, other.box.bottom) > max(one.box.top, other.box.top)


def _is_beside(text: Element, field: Element) -> bool:
    overlap = min(text.box.bottom, field.box.bottom) - max(text.box.top, field.box.top)
    is_box = field.role in ("checkbox", "radio", "switch")
    right = text.box.left >= field.box.right - 0.01 and text.box.left - field.box.right < 0.05
    left = text.box.right <= field.box.left + 0.01 and field.box.left - text.box.right < 0.15
    return overlap > 0 and (right if is_box else left)


def _is_named_by(text: Element, field: Element) -> bool:
    """Is this, close by, the only text that the page puts together with the field?"""
    named = field.role in FIELDS and bool(text.name) and text.name == field.context
    before = _shares_line(text, field) and text.box.right <= field.box.left + 0.01
    return named and (gap(text, field) < 0.06 or before)


def _is_label(text: Element, field: Element) -> bool:
    """`City:` right before a field can be nothing else."""
    return text.name.endswith((":", "：")) and _is_beside(text, field)


def _is_above(text: Element, field: Element) -> bool:
    shared = min(text.box.right, field.box.right) - max(text.box.left, field.box.left)
    below = field.box.top - text.box.bottom
    is_box = field.role in ("checkbox", "radio", "switch")
    return not is_box and shared > 0 and -0.01 <= below < 0.05


def _distance(text: Element, field: Element) -> float:
    return gap(text, field)
