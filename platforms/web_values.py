"""What people write for a date, a time or a number, in the form that an HTML field takes. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time

from PIL import ImageColor

from gui_agent.errors import ActionFailed

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_EXAMPLES = {
    "date": "2026-12-31",
    "time": "14:30",
    "datetime-local": "2026-12-31T14:30",
    "month": "2026-12",
    "week": "2026-W53",
    "color": "#1e90ff",
    "range": "40",
    "number": "12.5",
}


def field_value(kind: str, text: str) -> str:
    """The value for an input of this type. Raises ActionFailed naming the expected form."""
    try:
        return _READERS[kind](text.strip())
    except ValueError as error:
        raise ActionFailed(
            f'"{text}" does not fit this {kind} field: write it like {_EXAMPLES[kind]}.'
        ) from error


def _date(text: str) -> str:
    return _day(text).isoformat()


def _day(text: str) -> date:
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    if re.fullmatch(r"\d{4}([-/.])\d{1,2}\1\d{1,2}", text):
        return date(*numbers)
    if re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", text):
        return date(numbers[2], numbers[1], numbers[0])
    if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", text):
        return _slashed(*numbers)
    month = _month_named(text)
    if month and len(numbers) == 2 and numbers[1] > 31:
        return date(numbers[1], month, numbers[0])
    raise ValueError(text)


def _slashed(first: int, second: int, year: int) -> date:
    """12/31/2026 or 31/12/2026; 03/04/2026 could be either and is refused."""
    if first <= 12 and second <= 12 and first != second:
        raise ValueError("day and month can't be told apart")
    return date(year, second, first) if first > 12 else date(year, first, second)


def _month_named(text: str) -> int:
    """1 to 12 for a text with one English month name, else 0."""
    names = [word[:3].lower() for word in re.findall(r"[A-Za-z]{3,}", text)]
    return _MONTHS.index(names[0]) + 1 if len(names) == 1 and names[0] in _MONTHS else 0


def _time(text: str) -> str:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp])?\.?([Mm]\.?)?", text)
    if not found:
        raise ValueError(text)
    hour, minute, second = (int(part or 0) for part in found.group(1, 2, 3))
    half = (found[4] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError(text)
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return time(hour, minute, second).isoformat("seconds" if second else "minutes")


def _moment(text: str) -> str:
    found = re.fullmatch(r"(.*\d{4}|\d{4}\S*?)(?:[T,\s]+)(\d{1,2}:.*)", text)
    if not found:
        raise ValueError(text)
    return f"{_date(found[1].strip())}T{_time(found[2])}"


def _month(text: str) -> str:
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})", text):
        year, month = int(found[1]), int(found[2])
    elif found := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", text):
        year, month = int(found[2]), int(found[1])
    elif found := re.fullmatch(r"([A-Za-z]+)\.?,? (\d{4})", text):
        year, month = int(found[2]), _month_named(text)
    else:
        return _day(text).isoformat()[:7]
    return date(year, month, 1).isoformat()[:7]


def _week(text: str) -> str:
    if found := re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", text):
        week = datetime.strptime(f"{found[1]} {found[2]} 1", "%G %V %u")
        return f"{week.isocalendar().year}-W{week.isocalendar().week:02d}"
    year, number, _ = _day(text).isocalendar()
    return f"{year}-W{number:02d}"


def _color(text: str) -> str:
    bare = re.fullmatch(r"[0-9a-fA-F]{3}|[0-9a-fA-F]{6}", text)
    red, green, blue = ImageColor.getrgb(f"#{text}" if bare else text)[:3]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return text.removeprefix("+")


_READERS: dict[str, Callable[[str], str]] = {
    "date": _date,
    "time": _time,
    "datetime-local": _moment,
    "month": _month,
    "week": _week,
    "color": _color,
    "range": _number,
    "number": _number,
}
