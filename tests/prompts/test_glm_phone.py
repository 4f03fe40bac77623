"""What the GLM phone dialects tell the model, and when they have heard enough."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gui_agent.actions import Answer, Click, Finish, OpenApp, TypeText
from gui_agent.agent import Agent
from gui_agent.prompts.glm41v import Glm41vPhone
from gui_agent.prompts.glm45v import Glm45vPhone
from gui_agent.prompts.glm_phone import GlmPhone, app_list
from gui_agent.protocols import Image
from gui_agent.screen import Observation
from gui_agent.testing import FakePlatform, FakeScreen, ScriptedModel
from gui_agent.trajectory import EndingKind, Outcome, Reply, Step, Task, Trajectory
from tests.prompts.screens import at, phone

BB, EB = "<|begin_of_box|>", "<|end_of_box|>"
T = "<think>hm</think>"
DIALECTS = [Glm41vPhone(), Glm45vPhone()]
WAIT = f'{BB}{{"action_type": "wait"}}{EB}'
NAKED = '{"action_type": "wait"}'


def text_of(dialect: GlmPhone, trajectory: Trajectory, seen: Observation | None = None) -> str:
    return dialect.prompt(trajectory, seen or phone())[0].text


def run(*notes: str, goal: str = "Set an alarm.") -> Trajectory:
    steps = [
        Step(i, phone(), reply=Reply(Click(at=at(1, 2)), note=note), outcome=Outcome(True))
        for i, note in enumerate(notes)
    ]
    return Trajectory(Task(goal), steps)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_one_user_message_the_untouched_picture_first(dialect: GlmPhone) -> None:
    seen = phone()
    (message,) = dialect.prompt(run(), seen)
    image, text = message.parts
    assert (message.role, type(image), type(text)) == ("user", Image, str)
    assert isinstance(image, Image)
    assert image.data == seen.screenshot.data


GLM41V = """operates an Android phone | the history of what | "goal_status": "complete"
 | "goal_status": "infeasible" | "answer", "text" | only one answer per command | "click", "box_2d"
 | "long_press" | "input_text", "text" | "keyboard_enter" | "navigate_home" | "navigate_back"
 | "swipe", "direction" | "open_app", "app_name" | Clock,设置 | "wait" | Set an alarm. | Step 0:
 | The current screenshot | General: | Text: | Actions: | Memory: What | Reason: Why | Action: One
 | Memory: ... | Reason: ... | Action: {"action_type":...}"""
GLM45V = """(0-999) | # Task: | Set an alarm. | # Task Platform | Mobile | # Action Space
 | ### status | ### answer | ### click | ### long_press | ### input_text | ### keyboard_enter
 | ### navigate_home | ### navigate_back | ### swipe | ### open_app | Clock,设置 | ### wait
 | # Historical Actions and Current Memory | Step 0: | # Output Format | Memory: What
 | Memory: ... | Action: {"action_type":...} | # Some Additional Notes | General:"""


@pytest.mark.parametrize(
    ("dialect", "order"), [(DIALECTS[0], GLM41V), (DIALECTS[1], GLM45V)], ids=["4.1v", "4.5v"]
)
def test_parts_stand_in_the_trained_order(dialect: GlmPhone, order: str) -> None:
    text = text_of(dialect, run("a"))
    places = [text.find(part.strip()) for part in order.split(" | ")]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_trained_action_is_offered_as_it_is_written(dialect: GlmPhone) -> None:
    text = text_of(dialect, run())
    box = '"box_2d": [[xmin,ymin,xmax,ymax]]'
    for literal in (
        '{"action_type": "answer", "text": "<answer_text>"}',
        f'{{"action_type": "click", {box}}}',
        f'{{"action_type": "long_press", {box}}}',
        f'{{"action_type": "input_text", "text": "<text_input>", {box}, "override": true/false}}',
        '{"action_type": "keyboard_enter"}',
        '{"action_type": "navigate_home"}',
        '{"action_type": "navigate_back"}',
        f", {box}(optional)}}",
        '{"action_type": "open_app", "app_name": "<name>"}',
        '{"action_type": "wait"}',
    ):
        assert literal in text


def test_schemas_of_glm45v_are_json() -> None:
    lines = text_of(DIALECTS[1], run()).split("\n")
    schemas = [json.loads(line) for line in lines if line.startswith('{"name"')]
    assert len(schemas) == 11
    for schema in schemas:
        parameters = schema["parameters"]
        assert set(parameters["required"]) <= set(parameters["properties"])
        assert parameters["properties"]["action_type"] == {"const": schema["name"]}


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_history_is_every_step_numbered_from_zero(dialect: GlmPhone) -> None:
    note = "Memory: None\nReason: r\nAction: {'action_type': 'wait'}"
    text = text_of(dialect, run(note, note.replace("None", "m")))
    assert f"Step 0:\n{note}\n\nStep 1:\n{note.replace('None', 'm')}\n\n" in text
    assert "just started" not in text
    assert "just started" in text_of(dialect, run())


def test_a_long_history_says_what_is_left_out() -> None:
    text = text_of(Glm41vPhone(history=2), run("a", "b", "c", "d"))
    assert "(Steps 0 to 1 are left out.)\n\nStep 2:\nc\n\nStep 3:\nd\n\n" in text


def test_the_note_is_three_harmless_lines() -> None:
    text = (
        f"{T}<answer>Memory: code 1\n- and <|image|>\nReason: I press **Action: x**\nso\n"
        f'Action: {BB}{{"text": "Memory: 8 GB\\n你", "override": True, "box_2d": [[1,2,3,4]],'
        f"'action_type': \"type\"}}{EB}"
    )
    reply = DIALECTS[0].parse(text, phone())
    assert reply.action == TypeText(text="Memory: 8 GB\n你", at=at(2, 3), clear=True, submit=True)
    assert reply.note.split("\n") == [
        "Memory: code 1 - and <\u200b|image|>",
        "Reason: I press **Action\u200b: x** so",
        "Action: {'action_type': 'input_text', 'text': 'Memory\u200b: 8 GB\\n你', 'override': True,"
        " 'box_2d': [[1, 2, 3, 4]]}",
    ]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_what_went_wrong_stands_below_its_step(dialect: GlmPhone) -> None:
    trajectory = run("a", "b", "c", "d")
    steps = trajectory.steps
    steps[0] = replace(steps[0], error="The guard\nsaid no.")
    steps[1] = replace(steps[1], outcome=Outcome(False))
    steps[2] = replace(steps[2], outcome=Outcome(True, "The keyboard was closed."))
    assert (
        "Step 0:\na\nResult: The guard said no.\n\n"
        "Step 1:\nb\nResult: Nothing on the screen changed.\n\n"
        "Step 2:\nc\nResult: The keyboard was closed.\n\n"
        "Step 3:\nd\n\n"
    ) in text_of(dialect, trajectory)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_notes_and_an_unusable_answer_are_told_last(dialect: GlmPhone) -> None:
    seen = replace(phone(), notes=("The keyboard was hidden.",))
    trajectory = run("a")
    trajectory.steps.append(Step(1, seen, error='A swipe needs "direction".'))
    tail = text_of(dialect, trajectory, seen).partition("Observation: {The current screenshot}\n")
    assert tail[2].split("\n") == [
        "- The keyboard was hidden.",
        '- Your last answer could not be used. A swipe needs "direction".',
    ]
    assert "Observation" not in text_of(dialect, run("a"))


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_schema_is_asked_for_only_when_there_is_one(dialect: GlmPhone) -> None:
    task = Task("How much?", answer_schema={"type": "object"})
    assert '{"type": "object"}.' not in text_of(dialect, run())
    assert 'schema: {"type": "object"}' in text_of(dialect, Trajectory(task))


def test_apps_are_those_of_the_phone() -> None:
    assert (
        app_list(replace(phone(), apps=("A, B", "<|user|>", "C\nD"))) == "A  B,<\u200b|user|>,C D"
    )
    assert "The apps are" not in text_of(DIALECTS[0], run(), replace(phone(), apps=()))
    many = replace(phone(), apps=tuple(f"App {n}" for n in range(1000)))
    assert len(app_list(many)) < 2_000


HEAD = f"{T}<answer>Memory: None\nReason: r\nAction: "


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("", False),
        (f"{HEAD}{WAIT}", True),
        (f"{HEAD}{WAIT} and more", True),
        (f"{HEAD}{BB}{NAKED}", False),
        (f"{HEAD}{NAKED}", True),
        (f'{HEAD}{{"action_type": "answer", "text": "a}}', False),
        (f'{HEAD}{BB}{{"action_type": "answer", "text": "</answer>"}}', False),
        (f"{HEAD}{{}}", False),
        (f"{HEAD}wait", False),
        (f"{T}Memory: None\nReason: {BB}a{EB}\nAction: {BB}", False),
        (f"{T}Action: {WAIT}", False),
        (f"{T}Action: {WAIT}\nMemory: m", False),
        (f"{T}<answer>Action: {WAIT}</answer>", True),
        (f"<answer>Memory: None\nAction: {WAIT}", True),
        (f"Memory: None\nAction: {WAIT}", False),
        (f"<think>Memory: None\nAction: {WAIT}</answer>", False),
        (f"{T}<think>Memory: None\nAction: {WAIT}", False),
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_complete(dialect: GlmPhone, text: str, whole: bool) -> None:
    assert dialect.complete(text) is whole


def said(action: str, memory: str = "None") -> str:
    return f"{T}<answer>Memory: {memory}\nReason: r\nAction: {BB}{action}{EB}"


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
async def test_a_run_answers_and_ends(dialect: GlmPhone) -> None:
    screens = {"home": FakeScreen({"Clock": "clock"}), "clock": FakeScreen(texts=("7:00",))}
    platform = FakePlatform(screens, kind="android")
    model = ScriptedModel(
        said('{"action_type": "open_app", "app_name": "Clock"}'),
        said('{"action_type": "click", "box_2d": [[100,100,500,100]]}'),
        said('{"action_type": "answer", "text": "7:00"}', "The alarm is at 7:00."),
        said('{"action_type": "status", "goal_status": "complete"}'),
    )
    trajectory = await Agent(platform, model=model, dialect=dialect).run("When is the alarm?")
    assert [step.reply.action for step in trajectory.steps if step.reply] == [
        OpenApp(name="Clock"),
        Click(at=at(300, 100)),
        Answer(text="7:00", final=False),
        Finish(success=True),
    ]
    assert trajectory.ending
    assert trajectory.ending.kind is EndingKind.SUCCEEDED
    assert trajectory.answer == "7:00"
    assert "Result: 'open_app' is not possible here." in model.asked[1][0].text
    last = model.asked[3][0].text
    assert "Step 2:\nMemory: The alarm is at 7:00.\nReason: r\nAction: {'action_type'" in last


async def test_a_run_says_that_the_task_is_infeasible() -> None:
    model = ScriptedModel(said('{"action_type": "status", "goal_status": "infeasible"}'))
    platform = FakePlatform({"home": FakeScreen()}, kind="android")
    trajectory = await Agent(platform, model=model, dialect=DIALECTS[0]).run("Fly.")
    assert trajectory.ending
    assert trajectory.ending.kind is EndingKind.INFEASIBLE
