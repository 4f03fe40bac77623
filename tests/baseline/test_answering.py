"""Questions about one thing that a page names, answered out of what stands with the name."""

from __future__ import annotations

import pytest

from gui_agent.baseline.page import Page
from gui_agent.baseline.policy import decide
from gui_agent.screen import Box, Element
from tests.baseline.screens import after, chosen


def cards(goal: str, *cards: tuple[str, ...], below: float = 0.0) -> Page:
    """Cards below one another: a title, its texts, and a button called as the last says."""
    found: list[Element] = []
    for place, (title, *texts, button) in enumerate(cards):
        top = 0.05 + 0.22 * place
        said = " ".join((title, *texts))
        found.append(Element(None, Box(0.1, top, 0.4, top + 0.03), "text", title))
        for line, text in enumerate(texts, 1):
            box = Box(0.1, top + 0.04 * line, 0.4, top + 0.04 * line + 0.03)
            found.append(Element(None, box, "text", text))
        box = Box(0.6, top, 0.7, top + 0.03)
        found.append(Element(place, box, "button", button, context=said))
    return Page(goal, elements=tuple(found), below=below)


BOATS = (
    ("Grey Heron", "Sloop · 9.5 m", "Sleeps 4 people · €120 a day", "Rent"),
    ("Mallard", "Canal boat · 14 m", "Sleeps 6 people · €95 a day", "Rent"),
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How much does the Mallard cost a day?", "€95"),
        ("How many people does the Grey Heron sleep?", "4"),
        ("What does the Grey Heron cost?", "€120"),
    ],
)
def test_the_value_stands_with_the_name(question: str, answer: str) -> None:
    assert chosen(cards(question, *BOATS)) == {"kind": "answer", "text": answer}


def test_what_else_was_said_has_to_be_accounted_for() -> None:
    question = "How much does the Mallard cost for students?"
    assert chosen(cards(question, *BOATS)).get("success") is False


def test_two_values_are_no_answer() -> None:
    boat = ("Mallard", "€95 a day", "€500 deposit", "Rent")
    assert chosen(cards("How much is the Mallard?", boat)).get("success") is False


@pytest.mark.parametrize(
    ("question", "answer"),
    [("晨读专辑有多长?", "42分钟"), ("晨读专辑能坐几个人?", ""), ("晨读专辑多少钱?", "¥15")],
)
def test_chinese_questions_too(question: str, answer: str) -> None:
    page = cards(
        question, ("晨读专辑", "科技 · 42分钟 · ¥15", "播放"), ("夜谈", "人文 · 9分钟", "播放")
    )
    assert chosen(page).get("text", "") == answer


def test_what_tells_more_of_the_thing_is_opened_and_read() -> None:
    page = cards(
        "How big is the Mallard?", ("Mallard", "blue", "Details"), ("Swan", "red", "Details")
    )
    opened = decide(page)
    assert opened.action == {"kind": "click", "mark": 0}
    text = Element(None, Box(0.1, 0.7, 0.4, 0.73), "text", "Floor area 31 m², built 1999")
    told = after(page, opened)
    told = Page(
        page.goal, history=told.history, memory=told.memory, elements=(*page.elements, text)
    )
    assert chosen(told) == {"kind": "answer", "text": "31 m²"}


def test_what_is_cut_off_below_is_scrolled_up_first() -> None:
    page = Page("How much is Quay House?", below=0.5, elements=(
        Element(None, Box(0.1, 0.95, 0.3, 0.98), "heading", "Quay House"),))  # fmt: skip
    assert chosen(page) == {"kind": "scroll", "direction": "down"}


def test_the_quickest_is_told_by_time_in_any_unit() -> None:
    names = "Noodle House 1 h 5 min · €2", "Piccola 35 min · free", "Falafel Corner 2 h · €1"
    boxes = (Box(0.1, 0.1 * at, 0.5, 0.1 * at + 0.04) for at in range(1, 4))
    radios = (Element(i, b, "radio", n) for i, (n, b) in enumerate(zip(names, boxes, strict=True)))
    page = Page("Which restaurant is the quickest?", elements=tuple(radios))
    assert chosen(page) == {"kind": "answer", "text": "Piccola"}
