"""Movements that take several steps, on hand-written screens that react as a page would."""

from __future__ import annotations

import pytest

from gui_agent.baseline.page import Page
from gui_agent.baseline.policy import decide
from gui_agent.baseline.sums import solution
from gui_agent.screen import Box, Element
from tests.baseline.screens import after, chosen, element, screen


def placed(
    name: str, left: float, top: float, role: str = "text", mark: int | None = None
) -> Element:
    return Element(mark, Box(left, top, left + 0.03, top + 0.03), role, name)


def at(goal: str, *elements: Element) -> dict[str, object]:
    return chosen(Page(goal, elements=elements))


def message(goal: str, *elements: Element) -> str:
    action = at(goal, *elements)
    assert action["kind"] == "finish"
    assert action["success"] is False
    return str(action["message"])


LIST = tuple(placed(name, 0.1, 0.1 * (i + 1)) for i, name in enumerate(("Ann", "Bo", "Cy", "Di")))
GRID = tuple(
    placed(name, 0.2 * (i % 3), 0.2 * (i // 3))
    for i, name in enumerate("a1 b1 c1 a2 b2 c2 a3 b3 c3".split())
)


def ends(action: dict[str, object]) -> list[list[int]]:
    assert action["kind"] == "drag"
    return action["path"]  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("goal", "source", "target"),
    [
        ("Drag Di to the 2nd position", 3, 1),
        ("Drag Ann to the bottom", 0, 3),
        ("Drag Cy up by one position", 2, 1),
        ("Drag Ann down by two places", 0, 2),
    ],
)
def test_dragging_to_a_place_of_a_list(goal: str, source: int, target: int) -> None:
    path = ends(at(goal, *LIST))
    assert [point[1] for point in path] == [100 * (i + 1) + 15 for i in (source, target)]


@pytest.mark.parametrize(
    ("goal", "target"),
    [
        ("Drag a1 to the center", (215, 215)),
        ("Drag a1 to the bottom right", (415, 415)),
        ("Drag a1 to the top center", (215, 15)),
        ("Drag a1 right by one", (215, 15)),
        ("Drag c1 down by 2", (415, 415)),
    ],
)
def test_dragging_in_a_grid(goal: str, target: tuple[int, int]) -> None:
    assert tuple(ends(at(goal, *GRID))[1]) == target


def test_a_list_ends_somewhere() -> None:
    assert "4 places" in message("Drag Ann up by one position", *LIST)


def test_the_only_thing_without_a_name_is_dragged_the_way_that_is_said() -> None:
    ball = placed("", 0.4, 0.4, "generic", 0)
    assert ends(at("Drag the ball left", ball, element("Submit", mark=1))) == [
        [415, 415],
        [265, 415],
    ]
    assert message("Drag the ball left", ball, placed("", 0.6, 0.6, "generic", 1))


def test_numbers_are_dragged_into_order_one_after_the_other() -> None:
    def column(*numbers: str) -> tuple[Element, ...]:
        return tuple(placed(name, 0.1, 0.1 * (i + 1)) for i, name in enumerate(numbers))

    goal = "Sort the numbers in increasing order"
    assert ends(at(goal, *column("56", "-90", "6"))) == [[115, 215], [115, 115]]
    assert ends(at(goal, *column("-90", "56", "6"))) == [[115, 315], [115, 215]]
    assert at(goal, *column("-90", "6", "56"))["success"] is True


def test_numbers_are_clicked_in_order_and_each_once() -> None:
    numbers = tuple(placed(n, 0.1 * i, 0.1, "generic", i) for i, n in enumerate(("5", "-2", "30")))
    page = Page("Click on the numbers in descending order", elements=numbers)
    clicked = []
    for _ in numbers:
        reply = decide(page)
        clicked.append(reply.action["mark"])
        page = after(page, reply)
        page = Page(page.goal, history=page.history, memory=page.memory, elements=numbers)
    assert clicked == [2, 0, 1]
    assert chosen(page)["success"] is True


def test_numbers_that_vanish_are_no_success() -> None:
    numbers = tuple(placed(n, 0.1 * i, 0.1, "generic", i) for i, n in enumerate(("1", "2")))
    page = Page("Click on the numbers in ascending order", elements=numbers)
    assert chosen(after(page, decide(page)))["success"] is False


class Slider:
    """A bare handle that runs from 0.1 to 0.9 of the screen for the figures -20 to 20."""

    def __init__(self, value: int, vertical: bool) -> None:
        self.value, self.vertical = value, vertical

    @property
    def elements(self) -> tuple[Element, ...]:
        along = 0.1 + (self.value + 20) / 50
        left, top = (0.3, along) if self.vertical else (along, 0.3)
        return placed("", left - 0.015, top - 0.015, "generic", 0), placed(
            str(self.value), 0.5, 0.95
        )

    def perform(self, action: dict[str, object]) -> None:
        if action["kind"] == "keys":
            self.value += 1 if action["keys"] == ["right"] else -1
        else:
            moved = ends(action)[1][1 if self.vertical else 0] / 1000 - 0.1
            self.value = round(min(max(moved, 0.0), 0.8) * 50) - 20


@pytest.mark.parametrize("vertical", [False, True])
@pytest.mark.parametrize(("start", "wanted"), [(0, 13), (20, -20), (-20, -19), (5, 5)])
def test_a_slider_is_moved_until_it_shows_the_value(
    start: int, wanted: int, vertical: bool
) -> None:
    slider = Slider(start, vertical)
    page = Page(f"Select {wanted} with the slider", elements=slider.elements)
    for _ in range(12):
        reply = decide(page)
        if reply.action["kind"] == "finish":
            break
        slider.perform(dict(reply.action))
        page = after(page, reply)
        page = Page(page.goal, history=page.history, memory=page.memory, elements=slider.elements)
    assert slider.value == wanted
    assert reply.action["success"] is True


def test_a_spinner_that_refuses_typing_gets_arrow_keys() -> None:
    def spinner(value: str) -> Element:
        return element("Guests", "spinbutton", value=value)

    page = screen("Select -2 with the spinner", spinner("0"))
    typing = decide(page)
    assert typing.action["kind"] == "type"
    page = after(page, typing, spinner("0"), result="The field does not hold what was typed")
    assert chosen(page) == {"kind": "keys", "keys": ["down"]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7 + 2 =", "9"), ("3 − 8 = ?", "-5"), ("x + 7 = 5", "-2"), ("4 - x = 1", "3"),
        ("x * 3 = 12", "4"), ("12 / x = 4", "3"), ("6 × 7 =", "42"), ("1 / 0 =", ""),
        ("x + y = 3", ""), ("Total = 5", ""), ("2 + 2 = 4", ""),
    ],
)  # fmt: skip
def test_sums(text: str, value: str) -> None:
    assert solution(text) == value


def test_a_sum_is_solved_and_the_answer_typed() -> None:
    field = element("", "textbox", value="")
    goal = "Solve the math problem and type your answer into the textbox"
    page = screen(goal, element("7 + 2 =", "text"), field)
    noting = decide(page)
    assert noting.action == {"kind": "note", "text": "9"}
    assert chosen(after(page, noting, element("7 + 2 =", "text"), field))["text"] == "9"


PRICES = tuple(
    placed(f"Book for ${n}", 0.1, 0.1 * i, "button", i) for i, n in enumerate((90, 41, 130))
)


def test_of_like_buttons_the_one_with_the_least_figure_is_meant() -> None:
    assert at("Book the cheapest flight", *PRICES)["mark"] == 1
    assert at("Book the most expensive flight", *PRICES)["mark"] == 2
    assert message("Cancel the cheapest flight", *PRICES)
    assert message("Book the cheapest blue flight", *PRICES)
    assert message(
        "Book the cheapest flight", PRICES[0], placed("Book for $90", 0.1, 0.5, "button", 1)
    )


def test_durations_are_compared_in_the_words_before_each_button() -> None:
    times = ("2h 5m", "58 min", "11h")
    cards = [
        e
        for time, button in zip(times, PRICES, strict=True)
        for e in (placed(time, 0.1, button.box.top), button)
    ]
    assert at("Book the shortest flight", *cards)["mark"] == 1
    assert at("Book the flight with the longest duration", *cards)["mark"] == 2


def test_paragraphs_are_selected_by_three_clicks() -> None:
    texts = (placed("One two three.", 0.1, 0.1), placed("Four five six.", 0.1, 0.3))
    assert at("Highlight the text in the second paragraph", *texts) == {
        "kind": "click", "at": [115, 315], "count": 3,
    }  # fmt: skip
    assert "2 paragraphs" in message("Highlight the text in the paragraph", *texts)


def test_fields_get_what_is_stated_under_their_labels() -> None:
    def page(value: str) -> tuple[Element, ...]:
        stated = (placed("City", 0.1, 0.1), placed("Lund", 0.3, 0.1))
        field = Element(0, Box(0.2, 0.3, 0.5, 0.33), "textbox", value=value)
        return (
            *stated,
            placed("Name", 0.1, 0.2),
            placed("Ada", 0.3, 0.2),
            placed("City:", 0.1, 0.3),
            field,
        )

    goal = "Enter the value that corresponds with each label into the form"
    assert at(goal, *page(""))["text"] == "Lund"
    assert at(goal, *page("Lund"))["success"] is True
