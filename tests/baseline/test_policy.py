"""What is done on a screen: the right thing, the next thing, or nothing with a reason."""

from __future__ import annotations

import pytest

from gui_agent.baseline.policy import decide
from gui_agent.screen import Element
from tests.baseline.screens import after, chosen, element, screen

ROWS = (
    element("Delete", context="Alice alice@example.org Delete"),
    element("Delete", context="Bob bob@example.org Delete"),
)


class Blind:
    """Eyes that see nothing drawn anywhere."""

    def confirm(self, page: object, element: Element) -> tuple[bool, str]:
        return False, f"nothing is drawn where '{element.name}' should be"


def gave_up(goal: str, *elements: Element) -> str:
    action = chosen(screen(goal, *elements))
    assert action["kind"] == "finish"
    assert action["success"] is False
    return str(action["message"])


def test_equal_things_are_told_apart_by_their_row() -> None:
    assert chosen(screen("Delete Bob", *ROWS))["mark"] == 1
    assert chosen(screen("Click the Delete button in the row of Alice", *ROWS))["mark"] == 0


def test_an_ordinal_chooses_among_equals() -> None:
    assert chosen(screen("Click the second Delete button", *ROWS))["mark"] == 1
    assert chosen(screen("Click the last Delete button", *ROWS))["mark"] == 1


def test_two_equal_candidates_are_a_reason_to_stop() -> None:
    message = gave_up("Click Delete", *ROWS)
    assert "fits 2 things" in message
    assert "candidates: 'Delete', 'Delete'" in message


@pytest.mark.parametrize(
    ("goal", "name"),
    [
        ("Delete the file", "Delete all files"),  # a risky name with a word nobody said
        ("Delete the file", "Send"),
        ("Click Publish", "Publish and notify everyone"),
        ("Frobnicate the valve", "Open the valve"),  # the verb is on nothing
        ("Archive the letter", "Archived letters"),
        ("Add the green mug to the cart", "Add to cart"),  # which mug?
    ],
)
def test_what_is_not_quite_it_is_not_pressed(goal: str, name: str) -> None:
    assert gave_up(goal, element(name))


@pytest.mark.parametrize("named", ['"Update logo"', "Update logo"])
def test_a_neighbour_does_not_say_whose_something_irrevocable_is(named: str) -> None:
    """Found in the wild: `Delete` of an open menu, with another card's title in the same band."""
    title = element("Update logo", "text", at=(0.1, 0.1), mark=None)
    page = screen(f"Delete the ticket {named}", title, element("Delete", "menuitem"))
    beside = tuple(
        Element(e.mark, title.box if e.name == "Update logo" else e.box, e.role, e.name)
        for e in page.elements
    )
    assert chosen(screen(page.goal, *beside)).get("mark") is None


def test_a_disabled_button_is_named_as_the_reason() -> None:
    assert "is disabled" in gave_up("Click Save", element("Save", states=["disabled"]))


def test_a_synonym_and_another_language_are_understood() -> None:
    assert chosen(screen("Log in", element("Sign in")))["mark"] == 0
    assert chosen(screen("点击登录", element("Help"), element("Sign in")))["mark"] == 1


def test_a_switch_that_is_right_already_is_left_alone() -> None:
    on = element("Dark mode", "switch", states=["checked"])
    assert chosen(screen("Turn on dark mode", on)) == {
        "kind": "finish",
        "success": True,
        "message": "nothing was left to do",
    }
    assert chosen(screen("Turn off dark mode", on))["kind"] == "click"


def test_a_switch_that_does_not_turn_is_no_success() -> None:
    off = element("Dark mode", "switch")
    page = screen("Turn on dark mode", off)
    reply = decide(page)
    assert reply.action["kind"] == "click"
    assert chosen(after(page, reply, off))["success"] is False


def test_the_place_in_the_plan_follows_from_history_and_memory() -> None:
    fields = (element("Full name", "textbox", value=""), element("Save"))
    page = screen("Set the full name to Ada and click Save", *fields)
    typing = decide(page)
    assert typing.action == {"kind": "type", "mark": 0, "text": "Ada", "clear": True}

    filled = (element("Full name", "textbox", value="Ada"), element("Save"))
    page = after(page, typing, *filled)
    pressing = decide(page)
    assert pressing.action == {"kind": "click", "mark": 1}
    assert chosen(after(page, pressing, *filled))["success"] is True


def test_a_refused_step_does_not_count_as_done() -> None:
    page = screen("Click Save", element("Save"))
    reply = decide(page)
    again = after(page, reply, element("Save"), result="!Not allowed: no")
    assert chosen(again)["kind"] == "click"
    for _ in range(2):
        reply = decide(again)
        again = after(again, reply, element("Save"), result="!Not allowed: no")
    assert "Not allowed" in str(chosen(again)["message"])


def test_a_field_that_holds_something_else_is_no_success() -> None:
    page = screen("Set the city to Lund", element("City", "textbox", value=""))
    reply = decide(page)
    assert chosen(after(page, reply, element("City", "textbox", value="Lun")))["success"] is False


def test_exploring_opens_sections_and_presses_no_deeds() -> None:
    page = screen(
        "Turn on security alerts",
        element("Delete account"),
        element("Subscribe"),
        element("Security", "tab"),
    )
    assert chosen(page)["mark"] == 2
    assert chosen(screen("Turn on security alerts", element("Subscribe")))["kind"] == "finish"


def test_exploring_leaves_the_entries_of_an_open_menu_alone() -> None:
    """An entry acts: only one that unfolds a further menu may be tried."""
    status = element("Bug fixed", "menuitem")
    assert chosen(screen("Show the bug report", status))["kind"] == "finish"
    unfolds = element("Bug tools", "menuitem", states=["haspopup"])
    assert chosen(screen("Show the bug report", unfolds)) == {"kind": "click", "mark": 0}


def test_a_close_button_of_a_row_is_no_way_out_of_a_pop_up() -> None:
    """Found in the wild: it closed the ticket of that row."""
    assert chosen(screen("Reopen ticket 7", element("Close")))["kind"] == "click"
    row = element("Close", context="Slow search #398 Assign")
    assert chosen(screen("Reopen ticket 7", row))["kind"] == "finish"


def test_of_equals_the_one_in_the_goals_order_is_meant() -> None:
    orders = (element("From high price to low"), element("From low price to high"))
    assert chosen(screen("Click low price to high", *orders))["mark"] == 1


def test_of_equals_the_one_without_a_deed_of_its_own_is_meant() -> None:
    adding = (element("Add to basket"), element("Add to basket"))
    page = screen("Open the basket", *adding, element("Basket 1", "link"))
    assert chosen(page)["mark"] == 2
    assert gave_up("Open the basket", *adding)


def test_what_is_not_in_the_picture_is_not_clicked() -> None:
    action = chosen(screen("Click Save", element("Save")), Blind())
    assert action["kind"] == "finish"
    assert "nothing is drawn" in action["message"]


def test_an_answer_needs_one_value() -> None:
    total = element("Total: 12 €", "text")
    assert chosen(screen("What is the total?", total)) == {"kind": "answer", "text": "12 €"}
    assert gave_up("What is the total?", total, element("Total: 15 €", "text"))
    assert gave_up("Who is the mayor?", total)


def test_a_price_is_money_or_a_bare_number() -> None:
    assert chosen(screen("毛巾多少钱?", element("毛巾: 12.50", "text")))["text"] == "12.50"
    assert gave_up("毛巾多少钱?", element("毛巾: 已售8100件", "text"))


def test_an_answer_takes_the_shape_that_the_task_wants() -> None:
    schema = {"type": "object", "properties": {"total": {"type": "number"}}}
    page = screen("What is the total?", element("Total: 12 €", "text"), schema=schema)
    assert chosen(page)["text"] == '{"total": 12.0}'


def test_the_evidence_names_the_part_the_match_and_its_score() -> None:
    thought = decide(screen("Click Save", element("Save"))).thought
    assert "part 1 of 1" in thought
    assert "score 1.00 by name" in thought


@pytest.mark.parametrize("question", ["Delete notes.txt?", "Are you sure?"])
def test_a_deed_that_the_page_still_asks_about_is_not_done(question: str) -> None:
    """Found in the wild: success was claimed while the dialog stood there."""
    page = screen("Delete notes.txt", element("Delete notes.txt"))
    dialog = (element(question, "text"), element("Bin it"), element("Keep it"))
    assert chosen(after(page, decide(page), *dialog))["success"] is False
    assert chosen(after(page, decide(page), element("Gone", "text")))["success"] is True


MENU = tuple(element(name, "generic") for name in ("Inbox", "Sent", "Archive"))


def test_a_deed_is_not_done_by_the_menus_entry_that_is_called_after_it() -> None:
    """Found in the wild: the folder Archive was opened, and that counted as having archived."""
    head = element("Rail Pass newsletter", "heading", mark=None)
    page = screen("Archive the Rail Pass newsletter", head, *MENU)
    assert chosen(page).get("mark") != 2
    tool = screen("Archive the Rail Pass newsletter", head, *MENU, element("Archive"))
    assert chosen(tool) == {"kind": "click", "mark": 3}
    assert chosen(screen("Go to Archive", *MENU)) == {"kind": "click", "mark": 2}


def test_the_page_about_closing_an_account_does_not_close_it() -> None:
    menu = tuple(element(name, "generic") for name in ("基本资料", "消息通知", "账号注销"))
    assert chosen(screen("注销我的账号", *menu)).get("mark") != 2
    button = element("注销账号")
    assert chosen(screen("注销我的账号", *menu, button)) == {"kind": "click", "mark": 3}


def test_a_month_that_shows_already_is_no_deed_on_one_of_its_days() -> None:
    month = (element("May 2026", "heading"), element("Next month"))
    assert chosen(screen("Go to May 2026", *month))["success"] is True
    goal = 'Create an event called "Dentist" on 14 May 2026, start 09:30, in the Home calendar.'
    assert gave_up(goal, *month)
