"""What people write for dates, times, colours and addresses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui_agent.errors import ActionFailed
from gui_agent.platforms.web_navigate import web_address
from gui_agent.platforms.web_values import field_value

KINDS = ("date", "time", "datetime-local", "month", "week", "color", "range", "number")


@pytest.mark.parametrize(("kind", "text", "value"), [
    ("date", "2026-02-03", "2026-02-03"), ("date", "2026/2/3", "2026-02-03"),
    ("date", "3.2.2026", "2026-02-03"), ("date", "02/13/2026", "2026-02-13"),
    ("date", "13/02/2026", "2026-02-13"), ("date", "4/4/2026", "2026-04-04"),
    ("date", "February 3, 2026", "2026-02-03"), ("date", " 3 Feb 2026 ", "2026-02-03"),
    ("date", "Feb 3rd, 2026", "2026-02-03"),
    ("time", "9:05", "09:05"), ("time", "09:05:30", "09:05:30"), ("time", "12:00 am", "00:00"),
    ("time", "12:30 PM", "12:30"), ("time", "11:59 p.m.", "23:59"),
    ("datetime-local", "2026-02-03T09:05", "2026-02-03T09:05"),
    ("datetime-local", "Feb 3, 2026 9:05 PM", "2026-02-03T21:05"),
    ("datetime-local", "3.2.2026, 21:05", "2026-02-03T21:05"),
    ("month", "2026-2", "2026-02"), ("month", "02/2026", "2026-02"),
    ("month", "Feb 2026", "2026-02"), ("month", "2026-02-03", "2026-02"),
    ("week", "2026-W5", "2026-W05"), ("week", "2026-02-03", "2026-W06"),
    ("color", "#0AF", "#00aaff"), ("color", "00aaff", "#00aaff"), ("color", "Tomato", "#ff6347"),
    ("range", "+7", "7"), ("number", "-1.5e3", "-1.5e3"), ("number", ".5", ".5"),
])  # fmt: skip
def test_understood(kind: str, text: str, value: str) -> None:
    assert field_value(kind, text) == value


@pytest.mark.parametrize(("kind", "text"), [
    ("date", "03/04/2026"), ("date", "2026-02-30"), ("date", "tomorrow"), ("date", "2026"),
    ("date", "3 Foo 2026"), ("date", "Jan Feb 3 2026"), ("date", "3.2.26"), ("date", ""),
    ("time", "25:00"), ("time", "13:00 pm"), ("time", "noon"), ("time", "9"),
    ("datetime-local", "2026-02-03"), ("datetime-local", "9:05"), ("month", "2026-13"),
    ("month", "Foo 2026"), ("week", "2026-W54"), ("week", "next"), ("color", "reddish"),
    ("color", "#12"), ("range", "half"), ("number", "1,5"), ("number", "12 apples"),
])  # fmt: skip
def test_refused_with_an_example(kind: str, text: str) -> None:
    with pytest.raises(ActionFailed, match="write it like"):
        field_value(kind, text)


@given(kind=st.sampled_from(KINDS), text=st.text(max_size=30))
def test_any_text_is_understood_or_refused(kind: str, text: str) -> None:
    try:
        assert field_value(kind, text)
    except ActionFailed:
        return


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_as_people_write_it(day: date) -> None:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y"):
        assert field_value("date", day.strftime(form)) == day.isoformat()


@pytest.mark.parametrize(("text", "address"), [
    ("example.com", "https://example.com"), (" example.com/a?b#c ", "https://example.com/a?b#c"),
    ("localhost:8000/x", "http://localhost:8000/x"), ("127.0.0.1", "http://127.0.0.1"),
    ("http://a.b/c%20d", "http://a.b/c%20d"), ("about:blank", "about:blank"),
    ("data:text/html,a b", "data:text/html,a b"), ("https://bücher.example", "https://bücher.example"),
])  # fmt: skip
def test_addresses(text: str, address: str) -> None:
    assert web_address(text) == address


@pytest.mark.parametrize("text", [
    "", "words", "two words.com", "javascript:alert(1)", "JavaScript:alert(1)", "file:///etc/passwd",
    "chrome://version", "view-source:http://a.b", "http://", "https:///x", "http://a b.c", "http://[::1",
])  # fmt: skip
def test_no_addresses(text: str) -> None:
    with pytest.raises(ValueError, match=r"address|IPv6"):
        web_address(text)


def test_files_only_where_allowed() -> None:
    assert web_address("file:///tmp/x.html", files=True) == "file:///tmp/x.html"
