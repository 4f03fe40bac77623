"""Every irregularity known from GLM's phone answers, one row each, for both phone dialects.

Numbers 1 to 27 concern the envelope of any answer, 28 to 57 the phone's JSON, P what the makers'
own parser gets wrong: `makers` says how, as observed when running it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gui_agent.actions import (
    Action,
    Answer,
    Click,
    Finish,
    GoBack,
    GoHome,
    LongPress,
    OpenApp,
    PressKeys,
    Swipe,
    TypeText,
    Wait,
)
from gui_agent.errors import BadReply
from gui_agent.prompts.glm41v import Glm41vPhone
from gui_agent.prompts.glm45v import Glm45vPhone
from gui_agent.prompts.glm_phone import GlmPhone
from gui_agent.screen import Box, Direction
from tests.prompts.screens import at, screen

BB, EB = "<|begin_of_box|>", "<|end_of_box|>"
T = "<think>The clock is open.</think>"
DIALECTS = [Glm41vPhone(), Glm45vPhone()]
CRASH = "JSONDecodeError"
SILENT = "no action, silently"

WAITS = '{"action_type": "wait"}'
WAIT = Wait(seconds=1)
CLICKS = '{"action_type": "click", "box_2d": [[38,115,960,141]]}'
CLICK = Click(at=at(499, 128))


def full(action: str, memory: str = "None", reason: str = "I see it.") -> str:
    """The layout that GLM-4.1V was trained to give, as vLLM returns it."""
    return f"{T}<answer>Memory: {memory}\nReason: {reason}\nAction: {action}"


def boxed(action: str, memory: str = "None") -> str:
    return full(f"{BB}{action}{EB}", memory)


def click(box: str) -> str:
    return boxed(f'{{"action_type": "click", "box_2d": {box}}}')


def typed(text: str, clear: bool = False) -> TypeText:
    return TypeText(text=text, at=at(499, 128), clear=clear, submit=True)


def typing(text: str, rest: str = "") -> str:
    data = f'"action_type": "input_text", "text": {text}, "box_2d": [[38,115,960,141]]{rest}'
    return boxed(f"{{{data}}}")


def swipe(direction: Direction, *edges: int) -> Swipe:
    within = Box.of(edges[0], edges[1], edges[2], edges[3], 1000, 1000) if edges else None
    return Swipe(direction=direction, within=within)


@dataclass(frozen=True)
class Row:
    id: str
    text: str
    want: Action | str
    """The action, or what the message to the model must contain."""
    memory: str | None = None
    reason: str | None = None
    makers: str = ""
    """What the makers' own parser makes of it, where it is known to fail."""


ENVELOPE = [
    Row("1-no-closing-tag", boxed(CLICKS, "a: 1"), CLICK, "a: 1", "I see it."),
    Row("2-closing-tag", boxed(CLICKS) + "</answer>", CLICK, "None"),
    Row("2-then-user-turn", boxed(CLICKS) + f"</answer><|user|>\nAction: {WAITS}", CLICK),
    Row("2-then-text", boxed(CLICKS) + f"</answer>\nAction: {WAITS}", CLICK),
    Row("3-thinking-cut-off", f"<think>So\nAction: {CLICKS}", "thinking"),
    Row("4-answer-quoted-in-thinking", f"<think>I write <answer>Action: {CLICKS}", "thinking"),
    Row("4-second-thinking-open", f"{T}<think>Action: {CLICKS}", "thinking"),
    Row("5-no-answer-tag", f"{T}Memory: m\nReason: r\nAction: {BB}{CLICKS}{EB}", CLICK, "m", "r"),
    Row("6-no-thinking", f"<answer>Reason: r\nAction: {BB}{CLICKS}{EB}", CLICK, "None", "r"),
    Row("7-prose-then-action", f"I open it.\n{CLICKS}", CLICK),
    Row("7-two-actions-in-prose", f"Either {CLICKS} or {WAITS}.", "several actions"),
    Row("7-prose-only", "The clock shows three alarms.", "No action was found"),
    Row("7-the-first-step-of-a-plan", f"{T}<answer>Action: {CLICKS}\nAction: {WAITS}", CLICK),
    Row("7-a-box-after-it", f"{T}<answer>Action: {CLICKS}\n{BB}{WAITS}{EB}", CLICK),
    Row("8-thinking-opened-in-prompt", f"It is 3.</think>Action: {BB}{CLICKS}{EB}", CLICK),
    Row("9-doubled-think", f"<think><think>a</think>{BB}{CLICKS}{EB}", CLICK),
    Row("9-stray-text", f"{T}\n\nOkay.\n<answer>Action: {BB}{CLICKS}{EB}", CLICK),
    Row(
        "10-thinking-quotes-the-format",
        f"<think>I write <answer>Action: {BB}{WAITS}{EB}</answer></think>"
        f"<answer>Action: {BB}{CLICKS}{EB}",
        CLICK,
    ),
    Row(
        "11-labels-in-thinking",
        f"<think>Memory: no\nReason: no\nAction: {BB}{WAITS}{EB}</think>"
        f"Memory: m\nReason: r\nAction: {BB}{CLICKS}{EB}",
        CLICK,
        "m",
        "r",
    ),
    Row("12-answer-restated", boxed(CLICKS) + f"</answer><answer>{BB}{CLICKS}{EB}", CLICK),
    Row("12-last-complete-counts", boxed(CLICKS) + "</answer><answer>Memory: I", CLICK, "None"),
    Row(
        "12-different-answers",
        boxed(CLICKS) + f"</answer><answer>Action: {BB}{WAITS}{EB}",
        "two different actions",
    ),
    Row("13-box-tokens-stripped", full(CLICKS, "m"), CLICK, "m", "I see it."),
    Row("14-box-left-open", full(f"{BB}{CLICKS}"), CLICK),
    Row("14-cut-off", full(f'{BB}{{"action_type": "input_text", "text": "he'), "not a whole JSON"),
    Row(
        "14-cut-off-in-a-box",
        full(f'{BB}{{"action_type": "click", "box_2d": [[38,1'),
        "not a whole",
    ),
    Row("15-only-the-closing-token", full(f"{CLICKS}{EB}"), CLICK),
    Row("16-prose-in-the-first-box", full(f"{BB}It is a clock.{EB} {BB}{CLICKS}{EB}"), CLICK),
    Row("17-two-boxes-two-actions", full(f"{BB}{CLICKS}{EB}\n{BB}{WAITS}{EB}"), CLICK),
    Row("18-other-spelling", full(f"<|start_of_box|>{CLICKS}{EB}"), CLICK),
    Row("18-double-brackets", full(f"[[{CLICKS}]]"), CLICK),
    Row("18-parentheses", full(f"({CLICKS})"), CLICK),
    Row("18-angle-brackets", full(f"<{CLICKS}>"), CLICK),
    Row("18-boxed-macro", full(rf"\boxed{{{CLICKS}}}"), CLICK),
    Row("19-text-around-the-box", f"{T}I do it.\n{BB}{CLICKS}{EB}\nThat opens it.", CLICK),
    Row("22-fenced-outside", full(f"\n```json\n{BB}{CLICKS}{EB}\n```"), CLICK),
    Row("22-fenced-inside", boxed(f"```json\n{CLICKS}\n```"), CLICK),
    Row("22-fenced-naked", full(f"\n```json\n{CLICKS}\n```"), CLICK),
    Row(
        "24-full-width",
        "</think>Memory：无\nReason：看到了\nAction：{“action_type”：“click”，“box_2d”：[[38，115，960，141]]}",
        CLICK,
        "无",
        "看到了",
    ),
    Row("24-content-stays", typing('"好，走（快）：“对”"'), typed("好，走（快）：“对”")),
    Row("25-white-space", boxed(f"\n \t{CLICKS} \n"), CLICK),
    Row(
        "26-bold-labels", f"{T}**Memory**: m\n**Reason:** r\n**Action**: {CLICKS}", CLICK, "m", "r"
    ),
    Row("26-lower-case", f"{T}memory: m\nreason: r\naction: {CLICKS}", CLICK, "m", "r"),
    Row("26-numbered", f"{T}1. Memory: m\n2. Reason: r\n3. Action: {CLICKS}", CLICK, "m", "r"),
    Row("27-empty", "", "empty"),
    Row("27-only-thinking", T, "empty"),
    Row("27-only-tags", f"{T}<answer></answer>", "empty"),
]

PHONE = [
    Row("28-single-quotes", boxed("{'action_type': 'wait'}"), WAIT),
    Row("29-python-true", typing('"a"', ', "override": True'), typed("a", clear=True)),
    Row("29-python-false", typing('"a"', ', "override": False'), typed("a")),
    Row("29-python-none", typing('"a"', ', "override": None'), typed("a")),
    Row("30-mixed-quotes", typing('"a"', ", 'override': true"), typed("a", clear=True)),
    Row("31-trailing-comma", boxed('{"action_type": "wait",}'), WAIT),
    Row("32-leading-zeros", click("[[038,115,960,141]]"), CLICK),
    Row("33-one-level", click("[38,115,960,141]"), CLICK),
    Row("34-three-levels", click("[[[38,115,960,141]]]"), CLICK),
    Row("34-as-a-string", click('"[[38,115,960,141]]"'), CLICK),
    Row("34-parentheses", click("(38,115,960,141)"), CLICK),
    Row("35-two-numbers", click("[[499,128]]"), CLICK),
    Row("35-point", click("[499,128]"), CLICK),
    Row("36-floats", click("[[38.0, 115.0, 960.0, 141.0]]"), CLICK),
    Row("36-fractions", click("[[0.038,0.115,0.960,0.141]]"), CLICK),
    Row("36-corner-box-is-no-fraction", click("[[0,0,1,1]]"), Click(at=at(0.5, 0.5))),
    Row("37-a-thousand", click("[[1000,1000,1000,1000]]"), Click(at=at(1000, 1000))),
    Row("37-slightly-more", click("[[998,998,1010,1010]]"), Click(at=at(999, 999))),
    Row("38-pixels", click("[[38,1115,960,1341]]"), "thousandths of the picture, 0 to 999"),
    Row("39-inverted", click("[[960,141,38,115]]"), CLICK),
    Row("40-doubled-braces", boxed('{{"action_type": "wait"}}'), WAIT),
    Row("41-copied-placeholder", click("[[xmin,ymin,xmax,ymax]]"), "not"),
    Row("41-copied-commas", click("[[,,,]]"), "Fill in the numbers of box_2d"),
    Row(
        "41-copied-optional",
        boxed('{"action_type": "swipe", "direction": "up", "box_2d": [[,,,]](optional)}'),
        "leave it out where it is optional",
    ),
    Row("41-no-box", boxed('{"action_type": "click"}'), 'click needs "box_2d"'),
    Row("42-raw-newline", typing('"a\nb"'), typed("a\nb")),
    Row("42-raw-tab", typing('"a\tb"'), typed("a\tb")),
    Row("42-escaped-newline", typing(r'"a\nb"'), typed("a\nb")),
    Row("43-inner-quotes", typing('"say "hi" now"'), typed('say "hi" now')),
    Row("43-inner-quote-at-the-end", typing('"say "hi""'), typed('say "hi"')),
    Row("44-text-after", full(f"{CLICKS} to let it load"), CLICK),
    Row("44-tag-after", full(f"{CLICKS}</answer>"), CLICK),
    Row("45-prose-before", full(f"click it {CLICKS}"), CLICK),
    Row("45-other-object-before", full(f'{{"note": 1}} {CLICKS}'), CLICK),
    Row("46-two-objects", boxed(f"{CLICKS}\n{WAITS}"), CLICK),
    Row("46-array", boxed(f"[{CLICKS}, {WAITS}]"), CLICK),
    Row(
        "47-parameters",
        boxed('{"name": "click", "parameters": {"box_2d": [[38,115,960,141]]}}'),
        CLICK,
    ),
    Row(
        "47-arguments",
        boxed('{"name": "click", "arguments": {"box_2d": [[38,115,960,141]]}}'),
        CLICK,
    ),
    Row("48-action", boxed('{"action": "click", "box_2d": [[38,115,960,141]]}'), CLICK),
    Row("48-type", boxed('{"type": "click", "box_2d": [[38,115,960,141]]}'), CLICK),
    Row("48-upper-case", boxed('{"action_type": "CLICK", "box_2d": [[38,115,960,141]]}'), CLICK),
    Row("48-upper-case-key", boxed('{"Action_Type": "wait"}'), WAIT),
    Row("48-spaces", boxed('{"action_type": "navigate back"}'), GoBack()),
    Row(
        "49-one-object",
        f'{T}{{"Memory": "m", "Reason": "r", "Action": {CLICKS}}}',
        CLICK,
        "m",
        "r",
    ),
    Row("50-memory-last", f"{T}Action: {BB}{CLICKS}{EB}\nMemory: m", CLICK, "m"),
    Row("50-reason-first", f"{T}Reason: r\nMemory: m\nAction: {CLICKS}", CLICK, "m", "r"),
    Row("50-no-memory", f"{T}Reason: r\nAction: {CLICKS}", CLICK, "None", "r"),
    Row("50-only-action", f"{T}Action: {CLICKS}", CLICK, "None"),
    Row("51-scroll-down", boxed('{"action_type": "scroll", "direction": "down"}'), swipe("up")),
    Row("51-scroll-left", boxed('{"action_type": "scroll", "direction": "left"}'), swipe("right")),
    Row(
        "51-double-tap",
        boxed('{"action_type": "double_tap", "box_2d": [[38,115,960,141]]}'),
        Click(at=at(499, 128), count=2),
    ),
    Row("51-press-back", boxed('{"action_type": "press_back"}'), GoBack()),
    Row("51-press-home", boxed('{"action_type": "Home"}'), GoHome()),
    Row("51-finish", boxed('{"action_type": "finish", "status": "success"}'), Finish(success=True)),
    Row("51-type", boxed('{"action_type": "type", "text": "a"}'), TypeText(text="a", submit=True)),
    Row("52-call", boxed("click(box_2d=[[38,115,960,141]])"), CLICK),
    Row("52-autoglm", boxed('do(action="Tap", element=[499,128])'), CLICK),
    Row("52-autoglm-launch", full('do(action="Launch", app="Chrome")'), OpenApp(name="Chrome")),
    Row("52-autoglm-finish", full('finish(message="done")'), Finish(success=True)),
    Row("53-no-goal-status", boxed('{"action_type": "status"}'), '"goal_status": "complete" or'),
    Row(
        "53-period",
        boxed('{"action_type": "status", "goal_status": "complete."}'),
        Finish(success=True),
    ),
    Row(
        "53-success",
        boxed('{"action_type": "status", "goal_status": "Success"}'),
        Finish(success=True),
    ),
    Row(
        "53-failed",
        boxed('{"action_type": "status", "goal_status": "failed"}'),
        Finish(success=False),
    ),
    Row("53-other", boxed('{"action_type": "status", "goal_status": "so-so"}'), "goal_status"),
    Row(
        "54-answer-then-status",
        boxed(
            '{"action_type": "answer", "text": "5"}'
            '{"action_type": "status", "goal_status": "complete"}'
        ),
        Answer(text="5", final=False),
    ),
    Row("55-number", typing("5"), typed("5")),
    Row(
        "55-number-answer",
        boxed('{"action_type": "answer", "text": 5.5}'),
        Answer(text="5.5", final=False),
    ),
    Row(
        "56-app", boxed('{"action_type": "open_app", "app_name": "Chrome"}'), OpenApp(name="Chrome")
    ),
    Row("57-prefix-in-the-box", boxed(f"Action: {CLICKS}"), CLICK),
]

TRAINED = [
    Row(
        "T-complete",
        boxed('{"action_type": "status", "goal_status": "complete"}'),
        Finish(success=True),
    ),
    Row(
        "T-infeasible",
        boxed('{"action_type": "status", "goal_status": "infeasible"}'),
        Finish(success=False),
    ),
    Row(
        "T-answer", boxed('{"action_type": "answer", "text": "42"}'), Answer(text="42", final=False)
    ),
    Row("T-click", boxed(CLICKS), CLICK),
    Row(
        "T-long-press",
        boxed('{"action_type": "long_press", "box_2d": [[38,115,960,141]]}'),
        LongPress(at=at(499, 128)),
    ),
    Row("T-input-text", typing('"a b"', ', "override": true'), typed("a b", clear=True)),
    Row("T-input-nothing", typing('""', ', "override": true'), typed("", clear=True)),
    Row("T-enter", boxed('{"action_type": "keyboard_enter"}'), PressKeys(keys=("enter",))),
    Row("T-home", boxed('{"action_type": "navigate_home"}'), GoHome()),
    Row("T-back", boxed('{"action_type": "navigate_back"}'), GoBack()),
    Row("T-swipe", boxed('{"action_type": "swipe", "direction": "up"}'), swipe("up")),
    Row(
        "T-swipe-in-a-box",
        boxed('{"action_type": "swipe", "direction": "left", "box_2d": [[0,500,999,700]]}'),
        swipe("left", 0, 500, 999, 700),
    ),
    Row(
        "T-open-app", boxed('{"action_type": "open_app", "app_name": "设置"}'), OpenApp(name="设置")
    ),
    Row("T-wait", boxed(WAITS), WAIT),
    Row("T-unknown", boxed('{"action_type": "explode"}'), "There is no action_type"),
    Row("T-no-text", boxed('{"action_type": "answer"}'), 'answer needs "text"'),
    Row("T-no-app", boxed('{"action_type": "open_app"}'), 'open_app needs "app_name"'),
    Row("T-no-input", boxed('{"action_type": "input_text"}'), 'input_text needs "text"'),
    Row("T-no-direction", boxed('{"action_type": "swipe"}'), 'needs "direction"'),
]

DOUBTS = 'Memory: should note. Reason: maybe. Action: {"action_type":"navigate_back"}'
A = "<answer>Memory: None\nReason: r\nAction: "
MAKERS = [
    Row("P1", f"{T}{A}{WAITS}</answer>", WAIT, makers=f"{CRASH}: extra data"),
    Row("P2", f"{T}{A}{BB}{{'action_type':'wait'}}{EB}", WAIT, makers=CRASH),
    Row("P3", typing('"a"', ', "override":True'), typed("a", clear=True), makers=CRASH),
    Row("P4", f'{T}{A}{{"action_type":"wait",}}', WAIT, makers=CRASH),
    Row("P5", click("[[038,115,960,141]]"), CLICK, makers=CRASH),
    Row("P6", f"{T}{A}{BB}{WAITS}", WAIT, makers="ValueError: substring not found"),
    Row("P7", f"{T}{A}{WAITS}{EB}", WAIT, makers=CRASH),
    Row("P8", f"{T}{A}{BB}{CLICKS}{EB} then {BB}{WAITS}{EB}", CLICK, makers=CRASH),
    Row("P9-fenced", f"{T}{A}{BB}```json\n{WAITS}\n```{EB}", WAIT, makers=SILENT),
    Row("P9-newline", f"{T}{A}{BB}\n {WAITS}{EB}", WAIT, makers=SILENT),
    Row("P10", f"{T}{A}click it {WAITS}", WAIT, makers=SILENT),
    Row("P11", f"{T}{A}{WAITS} to let it load", WAIT, makers=CRASH),
    Row("P12-no-memory", f"{T}<answer>Reason: r\nAction: {WAITS}", WAIT, "None", "r", SILENT),
    Row(
        "P12-order",
        f"{T}<answer>Reason: r\nMemory: m\nAction: {WAITS}",
        WAIT,
        "m",
        "r",
        SILENT,
    ),
    Row("P12-only-the-box", f"{T}{BB}{WAITS}{EB}", WAIT, makers=SILENT),
    Row("P12-lower-case", f"{T}memory: m\nreason: r\naction: {WAITS}", WAIT, "m", "r", SILENT),
    Row(
        "P12-bold", f"{T}**Memory:** m\n**Reason:** r\n**Action:** {WAITS}", WAIT, "m", "r", SILENT
    ),
    Row("P12-full-width", f"{T}Memory：m\nReason：r\nAction：{WAITS}", WAIT, "m", "r", SILENT),
    Row(
        "P13",
        f"<think>{DOUBTS} is risky.</think>{A}{BB}{WAITS}{EB}",
        WAIT,
        "None",
        "r",
        "memory and reason out of the thinking",
    ),
    Row(
        "P14",
        f"<think>{DOUBTS} is risky.</think>{A}{WAITS}",
        WAIT,
        "None",
        "r",
        CRASH,
    ),
    Row(
        "P15",
        f"{T}<answer>Memory: m\nReason: last Action: failed so retry.\nAction: {WAITS}",
        WAIT,
        "m",
        "last Action: failed so retry.",
        "the action is `failed so retry.`",
    ),
    Row(
        "P15-boxed",
        f"{T}<answer>Memory: m\nReason: last Action: failed so retry.\nAction: {BB}{WAITS}{EB}",
        WAIT,
        "m",
        "last Action: failed so retry.",
        "the reason is cut to `last`",
    ),
    Row("P16-newline", typing('"a\nb"'), typed("a\nb"), makers=CRASH),
    Row("P16-quotes", typing('"say "hi" now"'), typed('say "hi" now'), makers=CRASH),
    Row("P17-braces", f'{T}{A}{{{{"action_type":"wait"}}}}', WAIT, makers=CRASH),
    Row("P17-placeholder", click("[[,,,]](optional)"), "Fill in the numbers", makers=CRASH),
    Row("P17-curly-quotes", f"{T}{A}{{“action_type”：“wait”}}", WAIT, makers=CRASH),
    Row("P18", "", "empty", makers="TypeError, because the content is null"),
    Row("P19", f"<think>so {WAITS}", "did not come to an end", makers="no action, no retry"),
    Row("P20-one-level", click("[1,2,3,4]"), Click(at=at(2, 3)), makers="passed on unchecked"),
    Row(
        "P20-unknown", boxed('{"action_type":"fly"}'), "There is no action_type", makers="unchecked"
    ),
    Row("P20-keys-missing", boxed('{"action_type":"click"}'), "needs", makers="unchecked"),
    Row("P20-outside", click("[[1500,1,1600,2]]"), "0 to 999", makers="unchecked"),
    Row("P20-floats", click("[[1.5,2.5,2.5,3.5]]"), Click(at=at(2, 3)), makers="unchecked"),
]

ROWS = ENVELOPE + PHONE + TRAINED + MAKERS


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row(row: Row, dialect: GlmPhone) -> None:
    if isinstance(row.want, str):
        with pytest.raises(BadReply) as caught:
            dialect.parse(row.text, screen())
        assert row.want in str(caught.value)
        assert len(str(caught.value)) < 320
        return
    reply = dialect.parse(row.text, screen())
    assert reply.action == row.want
    if row.memory is not None:
        assert f"Memory: {row.memory}\n" in reply.note
    if row.reason is not None:
        assert reply.thought == row.reason


def test_ids_are_unique() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_thinking_is_never_acted_upon(row: Row) -> None:
    """The same answers, still being thought."""
    thought = row.text.replace("</think>", " ").replace("<think>", " ")
    with pytest.raises(BadReply):
        DIALECTS[0].parse(f"<think>{thought}", screen())
    assert not DIALECTS[0].complete(f"<think>{thought}")
