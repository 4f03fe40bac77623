"""Ordinary wording: gists, deeds with details, lists asked for options, questions asked back."""

from __future__ import annotations

import pytest

from gui_agent.baseline.asking import way_out
from gui_agent.baseline.gist import grasp
from gui_agent.baseline.goals import Gist, Order
from gui_agent.baseline.grammar import parse
from gui_agent.baseline.layout import Layout
from gui_agent.baseline.lists import fitting
from gui_agent.baseline.matching import Doubt, Match
from gui_agent.baseline.page import Page
from gui_agent.baseline.policy import decide
from gui_agent.baseline.wording import is_background, requests, rewrite
from gui_agent.screen import Box, Element
from tests.baseline.screens import after, chosen, element, screen


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("I'd like to see the invoices", "see the invoices"),
        ("get rid of the red mug", "remove the red mug"),
        ("stop sending me the newsletter", "turn off the newsletter"),
        ("use the train instead of the bus", "use the train"),
        ("Delete the invoice", "Delete the invoice"),
    ],
)
def test_courtesy_is_taken_away_and_the_request_kept(said: str, meant: str) -> None:
    assert rewrite(said) == meant


def test_a_reason_is_no_request_but_a_stated_value_is() -> None:
    assert requests(["I lost my debit card", "freeze it"]) == ["freeze debit card"]
    assert not is_background("The name is Ada")
    assert requests(["my phone is gone"]) == ["my phone is gone"]


def _grasped(gist: Gist, *elements: Element) -> Match | Doubt:
    page = screen(gist.text, *elements)
    return grasp(gist, page.marked, Layout(page))


def test_a_gist_is_the_one_thing_that_accounts_for_its_words() -> None:
    gist = Gist("my past invoices", ("past", "invoice"))
    found = _grasped(gist, element("Past invoices"), element("Profile"))
    assert isinstance(found, Match)
    assert found.element.name == "Past invoices"


def test_a_gist_abstains_from_equals_deeds_and_what_lacks_a_name() -> None:
    gist = Gist("the invoices", ("invoice",))
    twice = _grasped(gist, element("Invoices"), element("Invoices"))
    assert isinstance(twice, Doubt)
    assert not twice.missing
    assert isinstance(_grasped(gist, element("Delete invoices")), Doubt)
    terms = ("past", "paper", "invoice", "ada")
    named = Gist("the past paper invoices of Ada", terms, vital=("ada",))
    assert isinstance(_grasped(named, element("Past paper invoices")), Doubt)


def test_details_that_are_said_later_belong_to_the_deed_before_them() -> None:
    plan = parse("Book the room. The name is Ada.")
    assert len(plan.clauses) == 1
    order = next(r[0] for r in plan.clauses[0].readings if isinstance(r[0], Order))
    assert order.verb == "book"
    assert len(order.details) == 1


def test_clauses_that_have_nothing_to_do_with_each_other_stay_apart() -> None:
    assert len(parse("Delete the draft, then turn on dark mode").clauses) == 2


def test_an_order_fills_in_its_details_before_it_is_sent_off() -> None:
    goal = "Invite ada@example.org with the role Viewer"
    page = screen(goal, element("Invite"))
    opening = decide(page)
    assert opening.action == {"kind": "click", "mark": 0}
    form = (element("Email", "textbox", value=""), element("Role", "textbox", value="Viewer"))
    page = after(page, opening, *form, element("Send"))
    assert decide(page).action["mark"] == 0
    assert decide(page).action["text"] == "ada@example.org"


def test_an_order_is_not_sent_off_without_a_detail() -> None:
    page = screen("Invite ada@example.org with the role Viewer", element("Invite"))
    form = (element("Email", "textbox", value="ada@example.org"), element("Invite"))
    assert chosen(after(page, decide(page), *form)).get("mark") is None


def test_a_list_offers_only_what_was_said() -> None:
    assert fitting("only part-time jobs", ["Full time", "Part time"]) == ["Part time"]
    assert fitting("only night shifts", ["Full time", "Part time"]) == []


def _beside(*names: str) -> Page:
    boxes = [Box(0.4 + 0.08 * at, 0.5, 0.46 + 0.08 * at, 0.54) for at in range(len(names))]
    buttons = zip(names, boxes, strict=True)
    return Page("", elements=tuple(Element(i, b, "button", n) for i, (n, b) in enumerate(buttons)))


def test_a_page_waits_for_an_answer_where_there_is_a_way_out_and_a_way_on() -> None:
    out = way_out(_beside("Cancel", "Reserve"))
    assert out is not None
    assert out.name == "Cancel"
    assert way_out(_beside("Cancel")) is None
    assert way_out(_beside("Reserve", "Details")) is None


def test_the_menu_of_a_row_is_opened_and_is_not_the_deed() -> None:
    rows = [element(f"Actions for {name}") for name in ("Winter menu", "Summer menu")]
    page = screen("make a copy of the winter menu", *rows)
    first = decide(page)
    assert first.action["mark"] == 0
    items = element("Edit", "menuitem"), element("Duplicate", "menuitem")
    assert chosen(after(page, first, *rows, *items))["mark"] == 3


def test_save_is_not_export() -> None:
    assert chosen(screen("Press Save", element("Export"))).get("mark") is None


def test_a_place_that_was_entered_is_not_left_while_its_form_is_filled_in() -> None:
    menu = element("Overview", "link"), element("Delivery", "link")
    page = screen("In delivery, enter Ada as name and Hill Road 2 as street", *menu)
    opened = decide(page)
    assert opened.action["mark"] == 1
    page = after(page, opened, *menu, element("Name", "textbox"), element("Street", "textbox"))
    typed = decide(page)
    assert (typed.action["mark"], typed.action["text"]) == (2, "Ada")
    form = element("Name", "textbox", value="Ada"), element("Street", "textbox")
    assert chosen(after(page, typed, *menu, *form)).get("text") == "Hill Road 2"


@pytest.mark.parametrize(
    ("goal", "label", "text"),
    [
        ("Enter 15 minutes as pause", "Pause (minutes)", "15"),
        ("休息填15分钟", "休息(分钟)", "15"),
        ("Enter 15 minutes as pause", "Pause", "15 minutes"),
    ],
)
def test_a_unit_that_the_field_names_is_not_typed(goal: str, label: str, text: str) -> None:
    assert chosen(screen(goal, element(label, "textbox")))["text"] == text


@pytest.mark.parametrize(
    ("goal", "label"),
    [
        ("把茶马古道那期排到队列里", "已在队列"),
        ("收藏茶马古道", "已收藏"),
        ("Book the spin class", "Booked ✓"),
    ],
)
def test_what_says_that_it_is_done_already_does_nothing(goal: str, label: str) -> None:
    done = element(label, context="茶马古道 spin class")
    assert chosen(screen(goal, element("茶马古道", "text"), done)).get("mark") is None


def test_a_thing_is_put_into_what_is_called_so() -> None:
    rows = [element("加入队列", context=f"{name} · 55分钟") for name in ("海底电缆", "茶马古道")]
    assert chosen(screen("把茶马古道那期排到队列里", *rows))["mark"] == 1


def test_only_is_said_in_many_ways() -> None:
    chips = element("All", "generic"), element("Yoga", "generic"), element("Boxing", "generic")
    goal = "I'm only interested in yoga, hide everything else."
    assert chosen(screen(goal, *chips))["mark"] == 1
    spicy = element("不辣", "checkbox"), element("快手菜", "checkbox")
    assert chosen(screen("家里有小孩,只给我看不辣的菜", *spicy))["mark"] == 0
