"""Tasks on the Chromium phone through the real loop: a scripted model, then the baseline.

What the phone holds afterwards decides, never what the model says.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from gui_agent import registry
from gui_agent.agent import Agent, Limits
from gui_agent.baseline.server import BaselineServer
from gui_agent.model import GLM
from gui_agent.platforms.android import AndroidPlatform
from gui_agent.prompts.json_actions import JsonActions
from gui_agent.testing import ScriptedModel
from gui_agent.trajectory import EndingKind, Trajectory
from tests.phone import Phone
from tests.phone.driving import drive
from tests.phone.scripts import (
    Line,
    act,
    answer,
    at,
    enter,
    finish,
    heard,
    open_app,
    press,
)

pytestmark = [pytest.mark.phone, pytest.mark.browser, pytest.mark.slow]

CONTACTS, CLOCK, SHOP = "com.android.contacts", "com.android.deskclock", "com.example.shop"
MESSAGES, NOTES, BANK = "com.android.messaging", "com.example.notes", "com.example.bank"
CALCULATOR, FILES = "com.android.calculator2", "com.android.documentsui"

State = dict[str, Any]


@pytest.fixture
async def driver(chromium: Phone) -> AsyncIterator[AndroidPlatform]:
    chromium.reset()
    platform = drive(chromium)
    await platform.open()
    yield platform
    await platform.close()


@dataclass(frozen=True)
class Scripted:
    """A task, how a model does it, and what is true of the phone afterwards."""

    goal: str
    lines: tuple[Line, ...]
    holds: Callable[[State], bool]
    ending: EndingKind = EndingKind.SUCCEEDED
    answer: str = ""


def key(*names: str) -> tuple[Line, ...]:
    return tuple(press(name) for name in names)


TASKS = {
    "contact": Scripted(
        "Add 王芳 with the number 139 1234 5678 to the contacts",
        (
            open_app("Contacts"),
            press("Create contact"),
            enter("Name", "王芳"),
            enter("Phone", "139 1234 5678"),
            press("Save"),
            finish(),
        ),
        lambda state: (
            (last := state["apps"][CONTACTS]["contacts"][-1])["name"] == "王芳"
            and last["phone"] == "139 1234 5678"
        ),
    ),
    "alarm": Scripted(
        "Set an alarm for 06:30 called Train",
        (
            open_app("Clock"),
            press("Add alarm"),
            enter("Hour", "06"),
            enter("Minute", "30"),
            enter("Label", "Train"),
            press("Save"),
            finish(),
        ),
        lambda state: (
            (last := state["apps"][CLOCK]["alarms"][-1])["time"] == "06:30"
            and last["label"] == "Train"
            and last["on"]
        ),
    ),
    "switch": Scripted(
        "Turn Bluetooth on",
        (
            open_app("Settings"),
            press("Connected devices"),
            press("Connection preferences"),
            press("Bluetooth", "switch"),
            finish(),
        ),
        lambda state: state["settings"]["global"]["bluetooth_on"] == "1",
    ),
    "message": Scripted(
        "Reply to 张伟 that seven is fine",
        (
            open_app("Messages"),
            press("张, 张伟"),
            enter("Text message", "好的，7点见 😀"),
            press("Send"),
            finish(),
        ),
        lambda state: (
            state["apps"][MESSAGES]["threads"][0]["messages"][-1]
            == {"from": "me", "text": "好的，7点见 😀"}
        ),
    ),
    "compute": Scripted(
        "How much is (12+3)×4?",
        (
            open_app("Calculator"),
            *key("left parenthesis", "1", "2", "plus", "3", "right parenthesis"),
            *key("multiply", "4", "equals"),
            answer(lambda texts: next(text for text in texts if text == "60")),
        ),
        lambda state: state["apps"][CALCULATOR]["history"] == ["(12+3)×4=60"],
        EndingKind.ANSWERED,
        "60",
    ),
    "cart": Scripted(
        "Put honey and dark chocolate in the cart, but do not order",
        (
            open_app("Corner Shop"),
            enter("Search products", "honey"),
            press("Honey"),
            press("Add to cart"),
            heard("Added to cart", act("back")),
            enter("Search products", "dark"),
            press("Dark chocolate"),
            press("Add to cart"),
            finish(),
        ),
        lambda state: (
            [line["id"] for line in state["apps"][SHOP]["cart"]] == [6, 5]
            and not state["apps"][SHOP]["orders"]
        ),
    ),
    "note": Scripted(
        "Rename the note Book list to 书单",
        (
            open_app("Notes"),
            at("long_press", "Book list"),
            press("Rename"),
            enter("Title", "书单"),
            press("OK"),
            finish(),
        ),
        lambda state: state["apps"][NOTES]["notes"][1]["title"] == "书单",
    ),
    "bank": Scripted(
        "Transfer 10 euros to Alice",
        (open_app("Harbour Bank"),),
        lambda state: not state["apps"][BANK]["open"] and state["foreground"] == BANK,
        EndingKind.HANDED_OVER,
    ),
    "wrong app": Scripted(
        "Write down a note titled 周末",
        (
            open_app("WeChat"),
            heard("No app called 'WeChat' is installed", open_app("Calculator")),
            act("home"),
            press("Notes"),
            press("New note"),
            enter("Title", "周末"),
            press("Save"),
            finish(),
        ),
        lambda state: state["apps"][NOTES]["notes"][0]["title"] == "周末",
    ),
    "question": Scripted(
        "Which seat is on my train ticket?",
        (
            open_app("Files"),
            press("▣, Documents"),
            press("▤, tickets.txt"),
            answer(lambda texts: next(t for t in texts if "seat" in t).rpartition("seat ")[2]),
        ),
        lambda state: state["foreground"] == FILES,
        EndingKind.ANSWERED,
        "61",
    ),
    "far down": Scripted(
        "What Android version is this?",
        (
            open_app("Settings"),
            act("scroll", direction="down", amount=1),
            press("About phone"),
            answer(lambda texts: texts[texts.index("Android version") + 1]),
        ),
        lambda state: state["screen"] == "about",
        EndingKind.ANSWERED,
        "14",
    ),
}


@pytest.mark.parametrize("name", TASKS)
async def test_a_scripted_model_does_it(
    chromium: Phone, driver: AndroidPlatform, name: str
) -> None:
    task = TASKS[name]
    run = await Agent(driver, model=ScriptedModel(*task.lines), dialect=JsonActions()).run(
        task.goal
    )
    assert run.ending is not None
    assert run.ending.kind is task.ending, _told(run)
    assert task.holds(chromium.state), _told(run)
    assert (run.answer or "") == task.answer


def _told(run: Trajectory) -> str:
    """What was done and what came of it, for a test that fails."""
    notes = (step.reply.note if step.reply else step.completion.text for step in run.steps)
    return "\n".join(
        f"{note} → {step.feedback}" for note, step in zip(notes, run.steps, strict=True)
    )


async def test_glm_does_it_in_its_own_dialect(chromium: Phone, driver: AndroidPlatform) -> None:
    """The picture alone, and boxes in thousandths of it."""
    steps: list[dict[str, Any]] = [
        {"action_type": "open_app", "app_name": "Settings"},
        {"action_type": "click", "box_2d": [[40, 250, 900, 290]]},
        {"action_type": "swipe", "direction": "up", "box_2d": [[0, 200, 1000, 900]]},
        {"action_type": "navigate_back"},
        {"action_type": "status", "goal_status": "complete"},
    ]
    answers = [f"Memory: \nReason: next\nAction: {json.dumps(step)}" for step in steps]
    dialect = registry.dialect("glm-4.1v", "android")
    run = await Agent(driver, model=ScriptedModel(*answers), dialect=dialect).run("Look around")
    assert run.succeeded, _told(run)
    assert not any(step.error for step in run.steps), _told(run)
    assert [step.observation.where for step in run.steps][1] == "com.android.settings"


GOALS: dict[str, tuple[str, Callable[[State], bool]]] = {
    "contact": (
        "Open Contacts, click Create contact, type 'Ada Byron' into Name, click Save",
        lambda state: state["apps"][CONTACTS]["contacts"][-1]["name"] == "Ada Byron",
    ),
    "switch": (
        "Open Settings, open Connected devices, open Connection preferences, turn on Bluetooth",
        lambda state: state["settings"]["global"]["bluetooth_on"] == "1",
    ),
    "cart": (
        "Open Corner Shop, click Honey, click Add to cart",
        lambda state: [line["id"] for line in state["apps"][SHOP]["cart"]] == [6],
    ),
    "alarm": (
        "Open Clock, click Add alarm, type '06' into Hour, click Save",
        lambda state: state["apps"][CLOCK]["alarms"][-1]["time"] == "06:00",
    ),
    "note": (
        "Open Notes, click New note, type '周末' into Title, click Save",
        lambda state: state["apps"][NOTES]["notes"][0]["title"] == "周末",
    ),
}
"""Goals for the baseline, and what is true of the phone afterwards."""


@pytest.mark.ocr
@pytest.mark.parametrize("name", GOALS)
async def test_the_baseline_does_it(chromium: Phone, driver: AndroidPlatform, name: str) -> None:
    goal, holds = GOALS[name]
    async with BaselineServer() as server:
        run = await Agent(driver, model=GLM(server.base_url), limits=Limits(steps=12)).run(goal)
    assert holds(chromium.state), _told(run)
    assert run.succeeded, _told(run)
