"""Goals of several parts on forms: where they are done, what fills which field, how they end."""

from __future__ import annotations

import pytest

from gui_agent.baseline.goals import Enter, Order, Press
from gui_agent.baseline.grammar import parse
from gui_agent.baseline.layout import Layout, seems_to_offer
from gui_agent.baseline.page import Page
from gui_agent.baseline.placing import labelled
from gui_agent.baseline.policy import decide
from gui_agent.baseline.splitting import split
from gui_agent.baseline.steps import Scene
from gui_agent.screen import Box, Element
from tests.baseline.screens import after, chosen, element, screen


def test_a_place_said_first_is_gone_to_and_the_rest_is_done_there() -> None:
    goal = "In the order form enter Porto as the city"
    page = screen(goal, element("Order form", "tab"), element("Help", "tab"))
    assert chosen(page) == {"kind": "click", "mark": 0}
    field = element("City", "textbox", value="")
    inside = after(page, decide(page), element("Order form", "tab", states=["selected"]), field)
    assert chosen(inside)["text"] == "Porto"


def test_a_place_whose_heading_shows_need_not_be_gone_to() -> None:
    goal = "In the order form enter Porto as the city"
    heading, field = element("Order form", "heading"), element("City", "textbox", value="")
    assert chosen(screen(goal, heading, field))["text"] == "Porto"


def test_a_button_that_does_something_is_no_place() -> None:
    page = screen("In submit, choose Red", element("Submit"), element("Blue", "radio"))
    assert chosen(page).get("mark") != 0


def test_a_part_that_leads_up_to_others_is_pressed_where_it_opens_their_form() -> None:
    goal = "Report a fault: choose Broken and press Report"
    assert list(split("Report a fault: choose Broken")) == ["Report a fault:", "choose Broken"]
    page = screen(goal, element("Report a fault"))
    opening = decide(page)
    assert opening.action == {"kind": "click", "mark": 0}
    form = (element("Broken", "radio"), element("Report"))
    assert chosen(after(page, opening, *form)) == {"kind": "click", "mark": 0}
    assert chosen(screen(goal, *form)) == {"kind": "click", "mark": 0}


def test_a_heading_for_what_follows_is_passed_over_where_nothing_is_called_so() -> None:
    page = screen("Finish this up: delete the draft", element("Delete draft"))
    assert chosen(page) == {"kind": "click", "mark": 0}


def test_a_form_that_the_goal_sends_off_itself_is_not_sent_off_before() -> None:
    plan = parse("Add the task Paint with the owner Ada, then press Save")
    orders = [r[0] for r in plan.clauses[0].readings if isinstance(r[0], Order)]
    assert orders
    assert not any(order.sends for order in orders)
    alone = parse("Add the task Paint with the owner Ada")
    assert all(r[0].sends for r in alone.clauses[0].readings if isinstance(r[0], Order))


def test_the_details_after_a_colon_belong_to_the_deed_before_it() -> None:
    plan = parse("Create a project: name Boathouse, colour Green")
    order = next(r[0] for r in plan.clauses[0].readings if isinstance(r[0], Order))
    assert [getattr(d, "text", "") for d in order.details] == ["name Boathouse", "colour Green"]


def test_the_same_noun_again_is_the_same_deed_again() -> None:
    said = list(split("add the item A worth 8, then the item B worth 9"))
    assert said == ["add the item A worth 8", "add the item B worth 9"]


def test_a_field_and_its_value_after_a_colon_are_no_question() -> None:
    plan = parse("Create an alert for tin, how often: weekly")
    assert len(plan.clauses) == 1


def test_the_place_of_a_clause_comes_before_all_its_ways_to_be_meant() -> None:
    plan = parse("Under Orders, cancel the mug")
    first, other = plan.clauses[0].readings[0], plan.clauses[0].readings[-1]
    assert isinstance(first[0], Enter)
    assert isinstance(first[1], Press)
    assert not isinstance(other[0], Enter)


@pytest.mark.parametrize(
    ("goal", "label", "value"),
    [
        ("use size Medium", "Size", "Medium"),
        ("use a weight of 3.5 kg", "Weight (kg)", "3.5"),
        ("use 2.5 hours", "Hours", "2.5"),
        ("use Viewer as the role", "Role", "Viewer"),
        ("use how often: weekly", "How often", "weekly"),
        ('use "a, b" in the details', "Details:", "a, b"),
        ("use the blue bin by the gate", "Gate", None),
        ("use the parcel from Ada that was sent to Bo", "Parcel number", None),
    ],
)
def test_the_pages_labels_are_looked_for_in_the_words(
    goal: str, label: str, value: str | None
) -> None:
    page = screen(goal, element(label, "textbox", value=""), element("Notes", "textbox", value=""))
    put = next(r[0] for r in parse(goal).clauses[0].readings if type(r[0]).__name__ == "Put")
    slot = labelled(put.detail, Scene(page, Layout(page)))  # type: ignore[union-attr]
    assert (slot.value if slot else None) == value
    assert slot is None or slot.field.element.name == label


def test_two_labels_that_are_said_alike_leave_the_field_open() -> None:
    goal = "use name Ada"
    fields = [element(name, "textbox", value="") for name in ("First name", "Last name")]
    assert chosen(screen(goal, *fields))["kind"] == "finish"


def test_an_option_is_known_by_the_last_of_the_words_about_it() -> None:
    page = screen("collect from Mill Road", element("Mill Road", "radio"), element("Hill", "radio"))
    assert chosen(page) == {"kind": "click", "mark": 0}
    deed = screen("collect from Mill Road", element("Mill Road"))
    assert chosen(deed)["kind"] == "finish"


def test_a_day_is_chosen_before_its_time() -> None:
    goal = "Choose Wed 2 Dec at 10:40"
    page = screen(goal, element("Tue 1 Dec"), element("Wed 2 Dec"))
    assert chosen(page) == {"kind": "click", "mark": 1}
    times = (element("10:20"), element("10:40"))
    assert chosen(after(page, decide(page), *times)) == {"kind": "click", "mark": 1}


def test_the_next_part_of_a_form_is_turned_to_once_this_one_is_filled_in() -> None:
    goal = "Enter Ada as the name and enter Porto as the city"
    name, onward = element("Name", "textbox", value=""), element("Continue")
    page = screen(goal, name, onward)
    typed = after(page, decide(page), element("Name", "textbox", value="Ada"), onward)
    assert chosen(typed) == {"kind": "click", "mark": 1}
    second = after(typed, decide(typed), element("City", "textbox", value=""), onward)
    assert chosen(second)["text"] == "Porto"
    untouched = screen("Enter Porto as the city", name, onward)
    assert chosen(untouched)["kind"] == "finish"


def test_a_built_list_that_opens_by_typing_is_typed_into() -> None:
    box = element("Project", "combobox", states=["collapsed", "haspopup"])
    page = screen("Enter Orchard as the project", box)
    opened = after(page, decide(page), box)
    assert chosen(opened)["text"] == "Orchard"


def test_what_stands_in_a_nameless_lists_own_name_is_chosen_there() -> None:
    nameless = element("At homeAt workAway", "combobox", value="At home")
    named = element("At home", "combobox", value="At home")
    assert seems_to_offer(nameless, "At work")
    assert not seems_to_offer(named, "At home")
    assert chosen(screen('pick "At work"', nameless)) == {
        "kind": "select", "mark": 0, "option": "At work"
    }  # fmt: skip


def test_a_label_far_to_the_left_is_the_fields_where_the_page_says_so() -> None:
    label = Element(None, Box(0.1, 0.3, 0.2, 0.33), "text", "Policy number *")
    step = Element(None, Box(0.3, 0.25, 0.4, 0.28), "text", "Details")
    box = Box(0.35, 0.3, 0.5, 0.33)
    field = Element(0, box, "textbox", "", value="", context="Policy number *")
    page = Page("", elements=(step, label, field))
    assert Layout(page).label(field) == "Policy number *"


def test_an_arrow_is_no_part_of_a_menus_name() -> None:
    page = screen("Open the account menu", element("Account ▾"), element("Account settings"))
    assert chosen(page) == {"kind": "click", "mark": 0}


def test_a_place_where_one_already_is_need_not_be_gone_to() -> None:
    goal = "Go to Contact details and set the postcode to LS6"
    shown = (element("Contact details", "heading"), element("Postcode", "textbox", value=""))
    assert chosen(screen(goal, *shown))["text"] == "LS6"


def test_a_form_that_a_deed_opens_is_no_question_about_it() -> None:
    goal = "Edit the note, then set the title to Tin"
    page = screen(goal, element("Edit note"))
    form = (element("Title", "textbox", value=""), element("Cancel"), element("Save"))
    assert chosen(after(page, decide(page), *form))["text"] == "Tin"


def test_the_menus_entry_for_this_very_page_is_not_the_button_at_its_end() -> None:
    entry = element("Book an appointment", "link", states=["selected"])
    assert chosen(screen("Press Book appointment", entry, below=1.0))["kind"] == "scroll"
    exact = element("Book appointment", "link", states=["selected"])
    assert chosen(screen("Press Book appointment", exact))["kind"] == "click"


@pytest.mark.parametrize("ending", ["", ", then press Save"])
def test_what_a_form_wants_twice_is_typed_twice(ending: str) -> None:
    def form(new: str, again: str) -> tuple[Element, ...]:
        return (
            element("New password", "textbox", value=new),
            element("Repeat new password", "textbox", value=again),
            element("Save"),
        )

    page = screen(f"Change my password. The new password is tide-7{ending}", *form("", ""))
    typed = after(page, decide(page), *form("tide-7", ""))
    again = decide(typed)
    assert again.action == {"kind": "type", "mark": 1, "text": "tide-7", "clear": True}
    assert chosen(after(typed, again, *form("tide-7", "tide-7"))) == {"kind": "click", "mark": 2}


def test_another_field_is_not_given_the_value_of_the_one_before() -> None:
    def form(name: str) -> tuple[Element, ...]:
        return (
            element("Name", "textbox", value=name),
            element("Confirm the rules", "textbox", value=""),
            element("Save"),
        )

    page = screen("Set the name to Ada, then press Save", *form(""))
    assert chosen(after(page, decide(page), *form("Ada"))) == {"kind": "click", "mark": 2}


def test_equal_buttons_are_told_apart_by_what_their_own_rows_say() -> None:
    heading = element("Requests", "heading")
    ada = element("Approve", context="Ada Moor leave · Requests")
    tom = element("Approve", context="Tom Berg training · Requests")
    leave = element("Approve", context="Tom Berg leave · Requests")
    one = screen("Approve Tom Berg's request", heading, ada, tom)
    assert chosen(one) == {"kind": "click", "mark": 1}
    # Here each row says something of the goal that the other does not.
    either = screen("Approve Ada's training request", heading, ada, tom)
    assert chosen(either).get("mark") is None
    same = screen("Approve Tom Berg's request", heading, tom, leave)
    assert chosen(same).get("mark") is None


def test_a_plural_that_owns_something_can_be_read() -> None:
    assert parse("Book a parents' evening with Ada Moor").clauses


def test_what_goes_into_the_cart_is_done_before_the_form_that_follows() -> None:
    goal = "Add the Fern to the cart, type ada@example.com into E-mail and click Place order"
    said = [clause.text for clause in parse(goal).clauses]
    assert said == ["Add the Fern to the cart", "type ada@example.com into E-mail",
                    "click Place order"]  # fmt: skip


def test_a_comment_is_sent_and_not_only_typed() -> None:
    goal = "Comment: Fixed in build 91"
    empty = (element("Leave a comment", "textbox", value=""), element("Comment"))
    page = screen(goal, *empty)
    typing = decide(page)
    assert typing.action["text"] == "Fixed in build 91"
    typed = element("Leave a comment", "textbox", value="Fixed in build 91")
    page = after(page, typing, typed, element("Comment"))
    sending = decide(page)
    assert sending.action == {"kind": "click", "mark": 1}
    assert chosen(after(page, sending, *empty))["kind"] == "finish"
