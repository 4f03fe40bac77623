"""Working through lists, pages, trees, forms and mail, on hand-written screens."""

from __future__ import annotations

import pytest

from gui_agent.baseline.grammar import parse
from gui_agent.baseline.page import Page
from gui_agent.baseline.policy import decide
from gui_agent.baseline.searching import shared_out
from gui_agent.screen import Box, Element
from tests.baseline.screens import after, chosen, element, screen


def placed(
    name: str, left: float, top: float, role: str = "text", mark: int | None = None, **more: object
) -> Element:
    return Element(mark, Box(left, top, left + 0.03, top + 0.03), role, name, **more)  # type: ignore[arg-type]


def at(goal: str, *elements: Element) -> dict[str, object]:
    return chosen(Page(goal, elements=elements))


def then(page: Page, *elements: Element, result: str = "ok", **more: object) -> Page:
    """The page after the policy's next step, showing these elements."""
    new = after(page, decide(page), result=result)
    return Page(page.goal, history=new.history, memory=new.memory, elements=elements, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("goal", "clauses"),
    [
        ("Find the email by Ann and delete it", ["delete the email by Ann"]),
        ("Find the mail by Ann and forward that email to Bo", ["forward the mail by Ann to Bo"]),
        (
            "Find Ann in the contact book and click on their address",
            ["click on the address of Ann"],
        ),
        (
            "Find the note by Ann and click the star icon",
            ["click the star icon in the note by Ann"],
        ),
        (
            "Find the last word of the text, type it into Name",
            ["Find the last word of the text", "type it into Name"],
        ),
        ("Find the email by Ann and press Save", ["Find the email by Ann", "press Save"]),
        ("Search for 'wool' and open it", ["Search for wool", "open it"]),
    ],
)
def test_what_was_to_be_found_is_what_it_stands_for(goal: str, clauses: list[str]) -> None:
    assert [clause.text for clause in parse(goal).clauses] == clauses


MAIL = (
    placed("Ann", 0.1, 0.1, "generic", 0),
    Element(1, Box(0.5, 0.1, 0.52, 0.13), "generic", "star", context="Ann Lunch?"),
    placed("Bo", 0.1, 0.3, "generic", 2),
    Element(3, Box(0.5, 0.3, 0.52, 0.33), "generic", "star", context="Bo Plans"),
)


def test_a_mail_is_opened_where_its_button_does_not_show() -> None:
    assert at("Find the email by Bo and click the star icon", *MAIL)["mark"] == 3
    page = Page('Find the email by Bo and reply to it with "Yes"', elements=MAIL)
    opening = decide(page)
    assert opening.action == {"kind": "click", "mark": 2}
    pressing = after(page, opening, element("Reply"), element("Forward"))
    assert chosen(pressing) == {"kind": "click", "mark": 0}
    writing = after(
        pressing,
        decide(pressing),
        element("send"),
        element("", "textbox", states=["multiline"], value=""),
    )
    assert chosen(writing)["text"] == "Yes"


def posts(*authors: str) -> tuple[Element, ...]:
    return tuple(
        placed("like", 0.1, 0.1 * i, "generic", i, context=f"{who} post {i}")
        for i, who in enumerate(authors)
    )


def test_every_post_of_one_author_is_liked_also_below() -> None:
    page = Page(
        "Click the like button on all posts by Ann", elements=posts("Ann", "Bo", "Ann"), below=1.0
    )
    page = then(page, *posts("Ann", "Bo", "Ann"), below=1.0)
    assert chosen(page) == {"kind": "click", "mark": 2}
    page = then(page, *posts("Ann", "Bo", "Ann"), below=1.0)
    assert chosen(page) == {"kind": "scroll", "direction": "down"}
    page = then(page, *posts("Bo"))
    assert chosen(page)["success"] is True


def test_so_many_posts_and_no_more() -> None:
    page = Page("Click the like button on 2 posts by Ann", elements=posts("Ann", "Ann", "Ann"))
    page = then(page, *posts("Ann", "Ann", "Ann"))
    page = then(page, *posts("Ann", "Ann", "Ann"))
    assert [past.action["mark"] for past in page.history] == [0, 1]
    assert chosen(page)["success"] is True
    short = Page("Click the like button on 2 posts by Ann", elements=posts("Ann"))
    assert chosen(then(short, *posts("Ann")))["success"] is False


def results(*names: str) -> tuple[Element, ...]:
    """Links over texts, and the numbers of the pages with an arrow."""
    found = [
        e
        for i, name in enumerate(names)
        for e in (placed(name, 0.1, 0.1 * i, "link", i), placed("about it", 0.1, 0.1 * i + 0.03))
    ]
    marks = len(names)
    pages = [
        placed(text, 0.1 + 0.04 * i, 0.9, "link", marks + i)
        for i, text in enumerate(("1", "2", ">"))
    ]
    return (*found, *pages)


def test_the_nth_result_is_counted_over_the_pages() -> None:
    page = Page("Click the 5th search result", elements=results("a", "b", "c"))
    assert chosen(page)["mark"] == 5
    assert chosen(then(page, *results("d", "e")))["mark"] == 1


def test_what_is_missing_may_be_overleaf() -> None:
    page = Page("Click the link Zoe", elements=results("a", "b"))
    assert chosen(page) == {"kind": "click", "mark": 4}
    assert chosen(then(page, *results("y", "Zoe")))["mark"] == 1


def test_the_arrows_of_a_calendar_turn_no_pages() -> None:
    days = (
        placed("March 2025", 0.1, 0.8),
        placed("1", 0.1, 0.85, "button", 0),
        placed(">", 0.15, 0.85, "button", 1),
    )
    assert at("Click the link Zoe", *days)["kind"] == "finish"


def test_branches_of_a_tree_are_unfolded_by_their_twisties() -> None:
    def branch(name: str, top: float, mark: int) -> tuple[Element, Element]:
        twisty = Element(mark, Box(0.1, top, 0.13, top + 0.03), "generic", "", context=name)
        return twisty, Element(mark + 1, Box(0.135, top, 0.4, top + 0.03), "generic", name)

    page = Page(
        'Click on the file named "notes"',
        elements=(*branch("docs", 0.1, 0), *branch("music", 0.2, 2)),
    )
    assert chosen(page)["mark"] == 0
    page = then(page, *branch("docs", 0.1, 0), *branch("music", 0.2, 2))
    assert chosen(page)["mark"] == 2
    page = then(
        page,
        *branch("docs", 0.1, 0),
        *branch("music", 0.2, 2),
        placed("notes", 0.2, 0.3, "generic", 4),
    )
    assert chosen(page)["mark"] == 4


def test_the_menu_of_the_right_card_is_opened() -> None:
    cards = (
        placed("more", 0.5, 0.1, "generic", 0, context="Ann Hello"),
        placed("more", 0.5, 0.3, "generic", 1, context="Bo Hi"),
    )
    page = Page("For the user Bo, click on Mute", elements=cards)
    assert chosen(page)["mark"] == 1
    assert chosen(then(page, *cards, placed("Mute Bo", 0.5, 0.35, "link", 2)))["mark"] == 2


def test_a_value_is_found_by_the_label_before_it() -> None:
    card = (
        placed("Phone:", 0.1, 0.1),
        placed("555-0101", 0.14, 0.1, "link", 0, context="Ann"),
        placed("Email:", 0.1, 0.2),
        placed("a@b.org", 0.14, 0.2, "link", 1, context="Ann"),
    )
    assert at("Click on the phone number of Ann", *card)["mark"] == 0
    assert at("Click on the email of Ann", *card)["mark"] == 1
    assert at("Click on the email of Bo", *card)["kind"] == "finish"


@pytest.mark.parametrize(
    ("text", "labels", "values"),
    [
        (
            "drama films directed by Hale from year 1984",
            ["Year", "Director", "Genre"],
            ["1984", "Hale", "drama"],
        ),
        ("red shoes", ["Name", "Email"], []),
        ("films directed by Hale", ["Director", "Year"], ["Hale", ""]),
        ("old long films by Hale", ["Genre", "Year"], []),
    ],
)
def test_a_search_is_shared_out_among_labelled_fields(
    text: str, labels: list[str], values: list[str]
) -> None:
    assert shared_out(text, labels) == values


def test_a_form_is_no_search_field() -> None:
    def form(*values: str) -> tuple[Element, ...]:
        fields = [
            element(name, "textbox", value=value)
            for name, value in zip(("Maker", "Year"), values, strict=True)
        ]
        return (*fields, element("Search"))

    page = screen("Search for brass lamps from year 1984", *form("", ""))
    assert chosen(page)["text"] == "brass"
    page = after(page, decide(page), *form("brass", ""))
    assert chosen(page)["text"] == "1984"
    page = after(page, decide(page), *form("brass", "1984"))
    assert chosen(page) == {"kind": "click", "mark": 2}
    vague = screen("Search for lamps", *form("", ""))
    assert chosen(vague)["kind"] == "finish"


def test_pressing_login_may_mean_the_only_button_that_sends_off() -> None:
    filled = (element("Name", "textbox", value="ada"), element("OK"))
    page = screen(
        "Set the name to ada and press login", element("Name", "textbox", value=""), element("OK")
    )
    assert chosen(after(page, decide(page), *filled)) == {"kind": "click", "mark": 1}
    assert chosen(screen("Press login", *filled))["kind"] == "finish"
    two = (*filled, element("Submit"))
    assert chosen(after(page, decide(page), *two))["kind"] == "wait"


def test_a_question_in_the_way_is_declined() -> None:
    off = element("Name", "textbox", value="", states=["disabled"])
    page = screen(
        "Set the name to ada",
        off,
        element("Leave the page?", "text"),
        element("OK"),
        element("Cancel"),
    )
    assert chosen(page) == {"kind": "click", "mark": 2}
    assert chosen(screen("Set the name to ada", off, element("Cancel")))["kind"] == "finish"


def test_a_list_without_roles_hangs_below_its_opener() -> None:
    opener = Element(0, Box(0.1, 0.1, 0.4, 0.15), "generic", "▾")
    entries = tuple(
        Element(i, Box(0.1, 0.1 + 0.05 * i, 0.4, 0.15 + 0.05 * i), "generic", name)
        for i, name in ((1, "5 ft"), (2, "6 ft"))
    )
    page = Page("Choose 6 ft from the dropdown", elements=(opener,))
    assert chosen(page)["mark"] == 0
    assert chosen(then(page, opener, *entries))["mark"] == 2


def test_equal_buttons_that_nothing_tells_apart_are_one_and_the_same() -> None:
    assert (
        at("Click No", placed("No", 0.1, 0.1, "button", 0), placed("No", 0.1, 0.3, "button", 1))[
            "mark"
        ]
        == 0
    )
    rows = (
        placed("No", 0.1, 0.1, "button", 0, context="Lunch"),
        placed("No", 0.1, 0.3, "button", 1, context="Tea"),
    )
    assert at("Click No", *rows)["kind"] == "finish"
    assert (
        at(
            "Click Send",
            placed("Send", 0.1, 0.1, "button", 0),
            placed("Send", 0.1, 0.3, "button", 1),
        )["kind"]
        == "finish"
    )


def test_scrolling_to_an_end_stops_there() -> None:
    area = placed(
        "", 0.1, 0.1, "textbox", 0, states=frozenset({"multiline", "disabled"}), value="Terms"
    )
    page = Page("Scroll to the bottom of the text area", elements=(area,))
    assert chosen(page) == {"kind": "scroll", "direction": "down", "amount": 20.0, "mark": 0}
    page = then(page, area, result="Nothing here scrolls further down: this is already the end.")
    assert chosen(page)["success"] is True


def test_a_swatch_in_a_sentence_is_not_called_by_the_sentence() -> None:
    sentence = Element(None, Box(0.1, 0.1, 0.5, 0.13), "text", "Click on the coloured box.")
    swatch = placed("", 0.3, 0.1, "generic", 0, context="Click on the coloured box.")
    boxes = (placed("", 0.1, 0.3, "generic", 1), placed("", 0.3, 0.3, "generic", 2))
    assert at("Click on the white coloured box", sentence, swatch, *boxes)["kind"] == "finish"
