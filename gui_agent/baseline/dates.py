"""Days and times in the forms that people write them. Pure."""

from __future__ import annotations

import re
from datetime import date

ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAME = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_FORMS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]?"),
    re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_NAME},?\s+(?P<y>\d{{4}})"),
    re.compile(rf"{_NAME}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})"),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"),
    re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})"),
)
_CLOCK = re.compile(r"(?P<h>\d{1,2})(?:[:.](?P<min>\d{2}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)?")


def day(text: str) -> date | None:
    """The day that the whole text names, or None."""
    for form in _FORMS:
        if match := form.fullmatch(text.strip().lower()):
            parts = match.groupdict()
            month = _MONTHS.index(parts["month"]) + 1 if parts.get("month") else int(parts["m"])
            try:
                return date(int(parts["y"]), month, int(parts["d"]))
            except ValueError:
                return None
    return None


def month(text: str) -> tuple[int, int] | None:
    """Year and month out of a calendar's heading such as `March 2025` or `2025年3月`."""
    if match := re.search(rf"\b{_NAME}\s+(?P<y>\d{{4}})", text.lower()):
        return int(match["y"]), _MONTHS.index(match["month"]) + 1
    if match := re.search(r"(\d{4})\s*年\s*(\d{1,2})\s*月", text):
        return int(match[1]), int(match[2])
    return None


def time(text: str) -> str:
    """A clock time as HH:MM, or ""."""
    match = _CLOCK.fullmatch(text.strip().lower())
    if not match or not (match["min"] or match["half"]):
        return ""
    hour = int(match["h"]) % 12 if match["half"] else int(match["h"])
    hour += 12 if match["half"] and match["half"].startswith("p") else 0
    return f"{hour:02}:{match['min'] or '00'}"
