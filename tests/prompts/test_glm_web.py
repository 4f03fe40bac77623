"""What the GLM web dialects tell the model, and when they have heard enough."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import PIL.Image
import pytest

from gui_agent.actions import Action, Click, PressKeys, Scroll, TypeText
from gui_agent.prompts.glm41v import Glm41vWeb
from gui_agent.prompts.glm45v import Glm45vWeb
from gui_agent.prompts.glm_web import GlmWeb, beijing_time, element_list
from gui_agent.prompts.web_syntax import write_action
from gui_agent.protocols import Image
from gui_agent.screen import Box, Element, Observation
from gui_agent.trajectory import Outcome, Reply, Step, Task, Trajectory
from tests.prompts.screens import (
    BACK,
    BING,
    ENTER,
    WAIT,
    answer,
    at,
    click,
    picture,
    screen,
    scroll,
    typed,
)

BB, EB = "<|begin_of_box|>", "<|end_of_box|>"
DIALECTS = [Glm41vWeb(), Glm45vWeb()]
T = "<think>hm</think>"


def text_of(dialect: GlmWeb, trajectory: Trajectory, seen: Observation | None = None) -> str:
    return dialect.prompt(trajectory, seen or screen())[0].text


def run(*notes: str, goal: str = "Buy it.") -> Trajectory:
    steps = [
        Step(i, screen(), reply=Reply(click(1), note=note), outcome=Outcome(True))
        for i, note in enumerate(notes)
    ]
    return Trajectory(Task(goal, "https://shop.test/"), steps)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_one_user_message_the_marked_picture_first(dialect: GlmWeb) -> None:
    (message,) = dialect.prompt(run(), screen())
    image, text = message.parts
    assert (message.role, type(image), type(text)) == ("user", Image, str)
    assert isinstance(image, Image)
    marked = PIL.Image.open(io.BytesIO(image.data)).convert("RGB")
    assert len(marked.getcolors(1 << 24) or ()) > 2, "nothing was drawn"


GLM41V = """mission | 8. Answer | A. The final | B. An Action | C. So far | 0.a | D. The | Memory:{}
 | E. Here | [0]:  | * Rules for actions | * Rules for browsing | Thought: { | Action: {
 | Memory_Updated: { | Observation: {"""
GLM45V = """# Task: | in Beijing is 2025-07-26, 10:00 AM. | # Task Platform | Web | # Action Space
 | # Historical Actions and Current Memory | 0.a | Memory:{} | # Output Format | Thought: {
 | Action: { | Memory_Updated: { | # Some Additional Notes | [0]:  | * Rules for actions
 | * Rules for browsing"""


@pytest.mark.parametrize(
    ("dialect", "order"), [(DIALECTS[0], GLM41V), (DIALECTS[1], GLM45V)], ids=["4.1v", "4.5v"]
)
def test_parts_stand_in_the_trained_order(dialect: GlmWeb, order: str) -> None:
    text = text_of(dialect, run("a"))
    places = [text.find(part.strip()) for part in order.split(" | ")]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_trained_action_is_offered(dialect: GlmWeb) -> None:
    text = text_of(dialect, run())
    for literal in (
        *("Click [Numerical_Label]", "Type [Numerical_Label]; [The input content]", "Wait."),
        *("Scroll [Numerical_Label or WINDOW]; [up or down]", "GoBack.", "Bing."),
        *("ANSWER; <content>The content of the answer</content>", "Key; [The key name]"),
    ):
        assert f"    - {literal}" in text


def test_history_is_the_last_fifteen_numbered_from_zero() -> None:
    text = text_of(DIALECTS[0], run(*(f"Thought:{i}    Action:Wait" for i in range(20))))
    assert "0.Thought:5    Action:Wait   Observation:Success\n" in text
    assert "14.Thought:19    Action:Wait   Observation:Success\n" in text
    assert "Thought:4 " not in text
    assert "Thought:19 " not in text_of(Glm41vWeb(history=0), run("Thought:19    Action:Wait"))


def test_what_went_wrong_stands_in_the_observation() -> None:
    trajectory = run("a", "b", "c")
    first, second, third = trajectory.steps
    trajectory.steps[:] = [
        replace(first, error="The guard\nsaid no."),
        replace(second, outcome=Outcome(False)),
        replace(third, outcome=Outcome(True, "A tab opened.")),
    ]
    text = text_of(DIALECTS[0], trajectory)
    assert "0.a   Observation:The guard said no.\n" in text
    assert "1.b   Observation:Success, but nothing on the screen changed.\n" in text
    assert "2.c   Observation:A tab opened.\n" in text


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_notes_tabs_and_an_unusable_answer_are_told_last(dialect: GlmWeb) -> None:
    seen = replace(screen(), notes=("A dialog was closed.",), tabs=("Cart", "Help"), tab=1)
    trajectory = run("a")
    trajectory.steps.append(Step(1, seen, error="Scroll needs one direction."))
    tail = text_of(dialect, trajectory, seen).partition("Observation: {A labeled screenshot}\n")[2]
    assert tail.split("\n") == [
        "- A dialog was closed.",
        '- Open tabs: "Cart", this page',
        "- Your last answer could not be used. Scroll needs one direction.",
    ]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_schema_is_asked_for_only_when_there_is_one(dialect: GlmWeb) -> None:
    schema = {"type": "object", "properties": {"price": {"type": "number"}}}
    task = Task("How much?", answer_schema=schema)
    assert json.dumps(schema) in text_of(dialect, Trajectory(task))
    assert "JSON schema" not in text_of(dialect, run())


def test_without_a_start_the_first_page_is_named() -> None:
    assert "https://shop.test/cart" in text_of(DIALECTS[0], Trajectory(Task("Buy it.")))


def listed(**fields: str) -> str:
    known = {"role": "x", **fields}
    element = Element(4, Box(0, 0, 1, 1), **known)  # type: ignore[arg-type]
    return element_list(Observation(picture(), elements=(element,)))


@pytest.mark.parametrize(
    ("fields", "entry"),
    [
        ({"tag": "a", "text": "Log In"}, '[4]: "Log In";'),
        ({"tag": "a", "text": "Log In", "label": "Log In"}, '[4]: "Log In";'),
        ({"tag": "a", "text": "Shop", "label": "Visit"}, '[4]: "Shop", "Visit";'),
        ({"tag": "div", "text": "two\nlines"}, '[4]: "two\nlines";'),
        ({"tag": "button", "text": "Go"}, '[4]: <button> "Go";'),
        ({"tag": "button", "text": "Go", "label": "Search"}, '[4]: <button> "Go", "Search";'),
        ({"tag": "input", "type": "search"}, '[4]: <input> "";'),
        ({"tag": "input", "type": "email", "label": "Mail"}, '[4]: <input> "Mail";'),
        ({"tag": "input"}, '[4]: <input> "";'),
        ({"tag": "textarea"}, '[4]: <textarea> "";'),
        ({"tag": "button", "type": "submit", "label": "Go"}, '[4]: <button> "Go";'),
        ({"tag": "button"}, '[4]: <button> "";'),
        ({"tag": "button", "type": "reset"}, ""),
        ({"tag": "input", "type": "checkbox", "label": "Agree"}, ""),
        ({"tag": "a", "label": "Icon"}, ""),
        ({"tag": "a", "text": "x" * 199}, f'[4]: "{"x" * 199}";'),
        ({"tag": "a", "text": "x" * 200}, ""),
        ({"tag": "a", "text": '<img src="a">'}, ""),
    ],
    ids=str,
)
def test_element_entries(fields: dict[str, str], entry: str) -> None:
    assert listed(**fields) == entry


def test_only_marked_elements_are_listed_joined_by_tabs() -> None:
    assert element_list(screen(2)) == '[0]: "Link 0";\t[1]: "Link 1";'


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1753495200, "2025-07-26, 10:00 AM"),
        (1753495200 + 3599, "2025-07-26, 10:00 AM"),
        (1753495200 + 2 * 3600, "2025-07-26, 12:00 PM"),
        (1753495200 + 13 * 3600, "2025-07-26, 11:00 PM"),
        (1753495200 + 14 * 3600, "2025-07-27, 12:00 AM"),
    ],
)
def test_beijing_time(seconds: float, text: str) -> None:
    assert beijing_time(seconds) == text


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (click(3), "Click [3]"),
        (typed(2, "a b"), "Type [2]; [a b]"),
        (typed(2, "gMASK]b"), "Type [2]; [\u200bgMASK]b]"),
        (scroll("up", 6), "Scroll [6]; [up]"),
        (scroll("down"), "Scroll [WINDOW]; [down]"),
        (WAIT, "Wait"),
        (BACK, "GoBack"),
        (BING, "Bing"),
        (ENTER, "Key; [Return]"),
        (PressKeys(keys=("ctrl", "a")), "Key; [ctrl+a]"),
        (answer("42"), "ANSWER; <content>42</content>"),
        (answer("a <|user|>"), "ANSWER; <content>a <\u200b|user|></content>"),
        (Click(at=at(214, 100)), "CLICK(point=(214, 100))"),
        (
            TypeText(text="a", at=at(1, 2), clear=True, submit=True),
            "TYPE(point=(1, 2), text='a')",
        ),
        (Scroll(direction="up", at=at(1, 2)), "SCROLL_UP(point=(1, 2))"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_actions_are_written_as_trained_and_can_be_read_again(action: Action, text: str) -> None:
    assert write_action(action) == text
    dialect = Glm41vWeb(search_url="https://search.test/")
    assert dialect.parse(f"{BB}{text}{EB}", screen()).action == action


def test_text_in_the_history_is_short_and_on_one_line() -> None:
    assert write_action(typed(2, "a\n" + "b" * 1000)) == f"Type [2]; [a {'b' * 497}…]"


def test_the_note_is_one_harmless_line() -> None:
    text = f"{T}Thought: I see <|image|>\nand Action: go.\nAction: {BB}click 3.{EB}"
    reply = DIALECTS[0].parse(text, screen())
    assert reply.thinking == "hm"
    assert reply.thought == "I see <|image|>\nand Action: go."
    assert reply.note == ("Thought:I see <\u200b|image|> and Action\u200b: go.    Action:Click [3]")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("", False),
        (f"{T}Thought: a\nAction: {BB}Wait{EB}", False),
        (f"{T}Action: {BB}Wait{EB}\nMemory_Updated: {{", False),
        (f'{T}Action: {BB}Wait{EB}\nMemory_Updated: {{"a": {{"b": 1}}', False),
        (f'{T}Action: {BB}Wait{EB}\nMemory_Updated: {{"a": {{"b": 1}}}}', True),
        (f'{T}Action: {BB}Wait{EB}\nMemory_Updated: {{"a": "}}', False),
        (f"{T}Action: {BB}Wait{EB}\nMemory_Updated: {{}}", True),
        (f"{T}Action: {BB}Wait{EB}\nMemory: {{}} and more", True),
        (f"{T}Action: {BB}Wait{EB}\nMemory_Updated: None", False),
        (f"{T}<answer>Action: {BB}Wait{EB}</answer>", True),
        (f"{T}<answer>Action: {BB}ANSWER; <content></answer></content>", False),
        (f"{T}Memory_Updated: {{}}\nAction: {BB}Wait{EB}", False),
        (f"<answer>Action: {BB}Wait{EB}\nMemory_Updated: {{}}", True),
        (f"<think>Action: {BB}Wait{EB}\nMemory_Updated: {{}}</answer>", False),
        (f"{T}<think>Action: {BB}Wait{EB}\nMemory_Updated: {{}}", False),
        (f"Action: {BB}Wait{EB}\nMemory_Updated: {{}}", False),
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_complete(dialect: GlmWeb, text: str, whole: bool) -> None:
    assert dialect.complete(text) is whole


def test_sampling_is_greedy_and_explicit() -> None:
    for dialect in DIALECTS:
        assert (dialect.sampling.temperature, dialect.sampling.max_tokens) == (0.0, 8192)
