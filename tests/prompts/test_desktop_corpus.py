"""Every irregularity known from GLM's desktop answers, one row each, for both desktop dialects.

Numbers 1 to 27 concern the envelope of any answer, 58 to 76 the desktop's calls, D and E what the
makers' own parsers for GLM-4.1V and GLM-4.5V get wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gui_agent.actions import (
    Action,
    Answer,
    Click,
    Drag,
    Finish,
    Hover,
    PressKeys,
    Scroll,
    TypeText,
    Wait,
)
from gui_agent.errors import BadReply
from gui_agent.prompts.glm41v import Glm41vDesktop
from gui_agent.prompts.glm45v import Glm45vDesktop
from gui_agent.prompts.glm_desktop import GlmDesktop
from gui_agent.screen import Direction, Point
from tests.prompts.screens import WAIT, at, screen

BB, EB = "<|begin_of_box|>", "<|end_of_box|>"
T = "<think>The editor is open.</think>"
DIALECTS: list[GlmDesktop] = [Glm41vDesktop(), Glm45vDesktop()]

CALL = "left_click(start_box='[376,465]')"
CLICK = Click(at=at(376, 465))
ENTER = PressKeys(keys=("enter",))
COPY = PressKeys(keys=("ctrl", "c"))
KEPT = '[{"a": "b"}]'


def full(action: str, memory: str = KEPT) -> str:
    """The layout that GLM-4.1V was trained to give, as vLLM returns it."""
    return f"{T}<answer>I see it.\n{action}\nMemory:\n{memory}"


def boxed(action: str, memory: str = KEPT) -> str:
    return full(f"{BB}{action}{EB}", memory)


def typed(text: str) -> TypeText:
    return TypeText(text=text)


def keys(*names: str) -> PressKeys:
    return PressKeys(keys=names)


def scroll(direction: Direction, notches: int = 5, where: Point | None = None) -> Scroll:
    return Scroll(direction=direction, amount=notches, unit="notch", at=where or at(500, 300))


def finish(success: bool = True, message: str = "I see it.") -> Finish:
    return Finish(success=success, message=message)


@dataclass(frozen=True)
class Row:
    id: str
    text: str
    want: Action | str
    """The action, or what the message to the model must contain."""
    memory: str | None = None
    thought: str | None = None


ENVELOPE = [
    Row("1-no-closing-tag", boxed(CALL), CLICK, KEPT, "I see it."),
    Row("2-closing-tag", boxed(CALL) + "</answer>", CLICK, KEPT),
    Row("2-then-user-turn", boxed(CALL) + "</answer><|user|>\nDONE()", CLICK),
    Row("2-user-turn-without-tag", boxed(CALL) + "<|user|>DONE()", CLICK),
    Row("2-then-text", boxed(CALL) + "</answer>\nDONE()", CLICK),
    Row("3-thinking-cut-off", f"<think>I will {CALL}, so\n{CALL}", "thinking"),
    Row("4-answer-quoted-in-thinking", f"<think>I write <answer>{CALL}", "thinking"),
    Row("4-second-thinking-open", f"{T}<think>{CALL}", "thinking"),
    Row("5-no-answer-tag", f"{T}I do it.\n{BB}{CALL}{EB}", CLICK, "", "I do it."),
    Row("6-no-thinking", f"<answer>I do it.\n{BB}{CALL}{EB}", CLICK, "", "I do it."),
    Row("7-prose-then-call", f"I need the editor.\n{CALL}", CLICK, "", "I need the editor."),
    Row("7-prose-on-the-line", f"I need the editor. {CALL}", CLICK, "", "I need the editor."),
    Row("7-two-calls-in-prose", f"First\n{CALL}\nthen\nkey(keys='enter')", "two different actions"),
    Row("7-prose-only", "The editor shows an empty page.", "No action was found"),
    Row("8-thinking-opened-in-prompt", f"It is there.</think>{BB}{CALL}{EB}", CLICK),
    Row("9-doubled-think", f"<think><think>a</think>{BB}{CALL}{EB}", CLICK),
    Row("9-stray-text", f"{T}\n\nOkay.\n<answer>{BB}{CALL}{EB}", CLICK),
    Row(
        "10-thinking-quotes-the-format",
        f"<think>I will write <answer>{BB}DONE(){EB}</answer></think><answer>{BB}{CALL}{EB}",
        CLICK,
    ),
    Row(
        "11-labels-in-thinking",
        f"<think>Memory:\n[1]\n{BB}DONE(){EB}</think>I do it.\n{BB}{CALL}{EB}\nMemory:\n[2]",
        CLICK,
        "[2]",
        "I do it.",
    ),
    Row("12-answer-restated", boxed(CALL) + f"</answer><answer>{BB}{CALL}{EB}", CLICK),
    Row("12-last-complete-one-counts", boxed(CALL) + "</answer><answer>I see", CLICK, KEPT),
    Row(
        "12-different-answers",
        boxed(CALL) + f"</answer><answer>{BB}DONE(){EB}</answer>",
        "two different actions",
    ),
    Row("13-box-tokens-stripped", full(CALL), CLICK, KEPT, "I see it."),
    Row("14-box-left-open", f"{T}<answer>I do it.\n{BB}{CALL}", CLICK, "", "I do it."),
    Row("14-box-left-open-memory", full(f"{BB}{CALL}"), CLICK, KEPT),
    Row("14-text-cut-off", f"{T}{BB}type(content='hello wor", "incomplete"),
    Row("14-bracket-cut-off", f"{T}{BB}key(keys='ctrl'", "cut off"),
    Row("14-number-cut-off", f"{T}{BB}scroll(direction='down', step=1", "cut off"),
    Row("15-only-the-closing-token", full(f"{CALL}{EB}"), CLICK),
    Row("16-prose-in-the-first-box", f"{T}{BB}The page is full.{EB}\n{BB}{CALL}{EB}", CLICK),
    Row("17-two-boxes-two-actions", f"{T}{BB}{CALL}{EB}\n{BB}DONE(){EB}", "two different actions"),
    Row("17-two-boxes-same-action", f"{T}{BB}{CALL}{EB} {BB}{CALL}{EB}", CLICK),
    Row("18-other-spelling", full(f"<|start_of_box|>{CALL}{EB}"), CLICK),
    Row("18-special-tokens", full(f"<|box_start|>{CALL}<|box_end|>"), CLICK),
    Row("18-double-brackets", full(f"[[{CALL}]]"), CLICK),
    Row("18-parentheses", full(f"({CALL})"), CLICK),
    Row("18-angle-brackets", full(f"<{CALL}>"), CLICK),
    Row("18-boxed-macro", full(rf"\boxed{{{CALL}}}"), CLICK),
    Row("18-type-in-brackets", boxed("[[type(content='it's')]]"), typed("it's")),
    Row("19-text-around", f"{T}I do it.\n{BB}{CALL}{EB}\nThat opens it.\nMemory:\n[]", CLICK, "[]"),
    Row("22-fenced-outside", f"{T}\n```\n{BB}{CALL}{EB}\n```", CLICK),
    Row("22-fenced-inside", boxed(f"```python\n{CALL}\n```"), CLICK),
    Row("22-fenced-naked", full(f"```python\n{CALL}\n```"), CLICK),
    Row("22-backticks", full(f"`{CALL}`"), CLICK),
    Row(
        "24-full-width-punctuation",
        f"{T}好的\n{BB}type（content＝“价格：5，元”）{EB}\nMemory：\n[{{“a”：“b”}}]",
        typed("价格：5，元"),
        KEPT,
        "好的",
    ),
    Row("24-full-width-point", boxed("left_click（start_box='[376，465]'）"), CLICK),
    Row("25-whitespace-in-the-box", boxed(f"\n  {CALL}\n "), CLICK),
    Row("25-carriage-returns", boxed(CALL).replace("\n", "\r\n"), CLICK, KEPT),
    Row("26-labels-in-other-case", f"{T}THOUGHT: a\nACTION: {CALL}\nmemory: []", CLICK, "[]", "a"),
    Row(
        "26-bold-labels", f"{T}**Thought**: a\n**Action:** {CALL}\n**Memory:** []", CLICK, "[]", "a"
    ),
    Row("26-numbered", f"{T}1. Thought: a\n2. Action: {CALL}\n3. Memory: []", CLICK, "[]", "a"),
    Row("27-empty", "", "empty"),
    Row("27-empty-after-thinking", f"{T}<answer>\n</answer>", "empty"),
    Row("label-inside-the-box", boxed(f"Action: {CALL}"), CLICK),
    Row("like-the-history", f"{T} Thought: a\nAction: {CALL}\nMemory:\n[]", CLICK, "[]", "a"),
    Row("one-line", f"{T}Thought: a. Action: {CALL}", CLICK, "", "a."),
    Row("too-long", f"{T}{CALL}\n" + "la " * 30_000, "far too long"),
]

CALLS = [
    Row("58-real-newline", boxed("type(content='line1\nline2')"), typed("line1\nline2")),
    Row(
        "59-escapes",
        boxed(r"""type(content='a\nb\tc\'d\"e\\f\gh')"""),
        typed("a\nb\tc'd\"e\\f\\gh"),
    ),
    Row("59-escaped-backslash-ends", boxed(r"type(content='C:\\')"), typed("C:\\")),
    Row("60-parentheses", boxed("type(content='print(1)')"), typed("print(1)")),
    Row(
        "60-call-in-text",
        boxed("type(content='f(x) = left_click(y)')"),
        typed("f(x) = left_click(y)"),
    ),
    Row("61-escaped-quote", boxed(r"type(content='don\'t')"), typed("don't")),
    Row("61-inner-quote", boxed("type(content='don't')"), typed("don't")),
    Row("61-inner-quotes", boxed("type(content='it's Bob's')"), typed("it's Bob's")),
    Row("61-quotes-before-brackets", boxed("type(content='f('x')')"), typed("f('x')")),
    Row(
        "61-quotes-on-two-lines",
        boxed("type(content='print('a')\nprint('b')')"),
        typed("print('a')\nprint('b')"),
    ),
    Row("61-two-lines-unboxed", full("type(content='f('a')\nf('b')')"), "unclear where the text"),
    Row("61-text-after-quotes", boxed("type(content='f('x')') as in f('x') there"), "unclear"),
    Row("61-keyword-in-text", boxed("type(content='d(a='1', b='2')')"), typed("d(a='1', b='2')")),
    Row("62-double-quotes", boxed('type(content="hi")'), typed("hi")),
    Row("62-double-quoted-point", boxed('left_click(start_box="[376,465]")'), CLICK),
    Row("63-no-quotes", boxed("left_click(start_box=[376,465])"), CLICK),
    Row("63-no-brackets", boxed("left_click(start_box='376,465')"), CLICK),
    Row("63-parentheses", boxed("left_click(start_box='(376,465)')"), CLICK),
    Row("63-spaces", boxed("left_click(start_box='[ 376 , 465 ]')"), CLICK),
    Row("63-positional", boxed("left_click([376,465])"), CLICK),
    Row("63-two-positional", boxed("left_click(376, 465)"), CLICK),
    Row("63-x-and-y", boxed("left_click(x=376, y=465)"), CLICK),
    Row("64-box", boxed("left_click(start_box='[366,455,386,475]')"), CLICK),
    Row("64-nested-box", boxed("left_click(start_box='[[366,455,386,475]]')"), CLICK),
    Row("65-tokens", boxed("left_click(start_box='<|box_start|>(376,465)<|box_end|>')"), CLICK),
    Row("66-floats", boxed("left_click(start_box='[37.5,46.5]')"), Click(at=at(37.5, 46.5))),
    Row("66-fractions", boxed("left_click(start_box='[0.376,0.465]')"), CLICK),
    Row("66-edge", boxed("left_click(start_box='[1000,1003]')"), Click(at=at(1000, 1000))),
    Row("66-negative", boxed("left_click(start_box='[-2,465]')"), Click(at=at(0, 465))),
    Row("66-pixels", boxed("left_click(start_box='[1720,465]')"), "thousandths"),
    Row("67-keys", boxed("key(keys='ctrl+c')"), COPY),
    Row("67-key", boxed("key(key='ctrl+c')"), COPY),
    Row("67-hotkey", boxed("hotkey('ctrl', 'c')"), COPY),
    Row("67-press", boxed("press('enter')"), ENTER),
    *(
        Row(f"68-{written}", boxed(f"key(keys={written})"), keys(*want))
        for written, want in {
            "'ctrl-c'": ("ctrl", "c"),
            "'ctrl + c'": ("ctrl", "c"),
            "'control+C'": ("ctrl", "C"),
            "'Return'": ("enter",),
            "'enter'": ("enter",),
            "'page_down'": ("page_down",),
            "'Page Down'": ("page_down",),
            "'super'": ("meta",),
            "['ctrl','c']": ("ctrl", "c"),
            "'ctrl c'": ("ctrl", "c"),
            "'ctrl, c'": ("ctrl", "c"),
            "'ctrl++'": ("ctrl", "+"),
            "'ctrl+-'": ("ctrl", "-"),
            "'-'": ("-",),
            "'KP_Enter'": ("kp_enter",),
            "'PrintScreen'": ("print_screen",),
            "'ctrl+alt+Delete'": ("ctrl", "alt", "delete"),
        }.items()
    ),
    Row("68-one-after-another", boxed("key(keys='Down Down')"), "one key or one combination"),
    Row("68-unknown", boxed("key(keys='hyperspace')"), 'no key "hyperspace"'),
    Row("68-none", boxed("key(keys='')"), "Name the key"),
    Row("69-no-point", boxed("scroll(direction='down', step=3)"), scroll("down", 3, at(500, 500))),
    Row("69-no-step", boxed("scroll(start_box='[500,300]', direction='up')"), scroll("up")),
    Row(
        "69-quoted-step",
        boxed("scroll(start_box='[500,300]', direction='down', step='7')"),
        scroll("down", 7),
    ),
    Row(
        "69-negative-step",
        boxed("scroll(start_box='[500,300]', direction='down', step=-3)"),
        scroll("up", 3),
    ),
    Row("69-step-k", boxed("scroll(start_box='[5,3]', direction='down', step=k)"), "number of"),
    Row("69-step-zero", boxed("scroll(direction='down', step=0)"), "number of wheel clicks"),
    Row("69-step-huge", boxed("scroll([500,300], 'down', 9000)"), scroll("down", 50)),
    Row("69-both", boxed("scroll(start_box='[5,3]', direction='down/up')"), "one direction"),
    Row("69-no-direction", boxed("scroll(start_box='[5,3]', step=5)"), "one direction"),
    Row("69-sideways", boxed("scroll(start_box='[500,300]', direction='left')"), scroll("left")),
    Row("70-wait", boxed("WAIT"), WAIT),
    Row("70-done", boxed("DONE"), finish()),
    Row("70-fail", boxed("FAIL"), finish(success=False)),
    Row("70-lower", boxed("wait()"), WAIT),
    Row("70-lower-word", boxed("done"), finish()),
    Row("70-nothing-but-a-lower-word", f"{T}<answer>wait", WAIT),
    Row("70-period", boxed("DONE()."), finish()),
    Row("70-finished", boxed("finished(content='All saved.')"), finish(message="All saved.")),
    Row("70-seconds", boxed("WAIT(3)"), Wait(seconds=3)),
    Row("70-unboxed", full("DONE"), finish()),
    Row("70-done-in-a-sentence", full("The work is DONE soon."), "No action was found"),
    Row("71-comment", boxed(f"{CALL} # the icon"), CLICK),
    Row("71-period", boxed(f"{CALL}."), CLICK),
    Row("71-assignment", boxed(f"action = {CALL}"), CLICK),
    Row("71-comment-after-quotes", boxed("type(content='f('x')') # code"), typed("f('x')")),
    Row("71-pyautogui", boxed("pyautogui.click(376, 465)"), "No action was found"),
    Row("72-brackets-in-prose", full(f"The button(s) and open(File) key(s).\n{CALL}"), CLICK),
    Row("73-newline", boxed(f"{CALL}\nkey(keys='enter')"), "two different actions"),
    Row("73-semicolon", boxed(f"{CALL}; key(keys='enter')"), "two different actions"),
    Row("73-typed", boxed("type(content='a'); key(keys='enter')"), "two different actions"),
    Row("73-clicks", boxed(f"{CALL}; left_click(start_box='[1,2]')"), "two different actions"),
    Row("73-no-brackets", boxed("left_click('1,2') left_click('3,4')"), "two different actions"),
    Row("73-the-second-is-broken", boxed(f"{CALL}\nscroll(step=k)"), "one direction"),
    Row("73-the-first-is-broken", boxed("scroll(step=k)\nDONE()"), "one direction"),
    Row("74-in-content", boxed("type(content='Memory: 8GB')"), typed("Memory: 8GB"), KEPT),
    Row("74-on-its-line", boxed("type(content='\nMemory:\n8GB')"), typed("\nMemory:\n8GB"), KEPT),
    Row("74-in-passing", f"{T}Its Memory: 8GB.\n{BB}{CALL}{EB}\nMemory:\n[1]", CLICK, "[1]"),
    Row("74-before", f"{T}\nMemory: 8GB is enough.\n{BB}{CALL}{EB}\nMemory:\n[1]", CLICK, "[1]"),
    *(
        Row(f"75-{memory}", boxed(CALL, memory), CLICK, want)
        for memory, want in {
            "<memory>[]</memory>": "[]",
            "<memory></memory>": "[]",
            "None": "",
            "": "",
            "['a', \"b\"]": '["a", "b"]',
            "[{'k': 'it's'}]": '[{"k": "it\'s"}]',
            "[{{'a': 1}}]": '[{"a": 1}]',
            "```json\n[1]\n```": "[1]",
            "[\n  1,\n  2\n]": "[1, 2]",
            '{"a": 1}': '[{"a": 1}]',
            "[1, 2": "",
            "[1] is all I need": "[1]",
        }.items()
    ),
    Row("75-tags-only", f"{T}I do it.\n{BB}{CALL}{EB}\n<memory>[1]</memory>", CLICK, "[1]"),
    Row("75-missing", f"{T}I do it.\n{BB}{CALL}{EB}", CLICK, ""),
    Row(
        "76-element-info",
        boxed("""left_click(start_box='[376,465]', element_info='the "Save (all)" [x]=1')"""),
        CLICK,
    ),
    Row(
        "76-element-info-quote",
        boxed("left_click(start_box='[376,465]', element_info='it's (here)')"),
        CLICK,
    ),
]

ACTIONS = [
    Row("right", boxed("right_click(start_box='[376,465]')"), Click(at=CLICK.at, button="right")),
    Row(
        "middle", boxed("middle_click(start_box='[376,465]')"), Click(at=CLICK.at, button="middle")
    ),
    Row("double", boxed("left_double_click(start_box='[376,465]')"), Click(at=CLICK.at, count=2)),
    Row("hover", boxed("hover(start_box='[376,465]')"), Hover(at=CLICK.at)),
    Row(
        "drag",
        boxed("left_drag(start_box='[1,2]', end_box='[3,4]', element_info='file')"),
        Drag(path=(at(1, 2), at(3, 4))),
    ),
    Row("drag-positional", boxed("left_drag([1,2], [3,4])"), Drag(path=(at(1, 2), at(3, 4)))),
    Row("drag-nowhere", boxed("left_drag(start_box='[1,2]')"), "end_box"),
    Row("click-nowhere", boxed("left_click()"), "needs start_box"),
    Row("click-placeholder", boxed("left_click(start_box='[x,y]')"), "two numbers"),
    Row("type-unquoted", boxed("type(content=hello world)"), "in quotes"),
    Row("type-nothing", boxed("type()"), "in quotes"),
    Row("answer", boxed("answer(content='42 files')"), Answer(text="42 files")),
]

MAKERS = [
    Row("D1-memory-on-the-next-line", boxed(CALL), CLICK, KEPT),
    Row("D1-with-closing-tag", boxed(CALL) + "</answer>", CLICK, KEPT),
    Row("D2-memory-before-closing-tag", f"{T}{BB}{CALL}{EB}\nMemory: [1]\n</answer>", CLICK, "[1]"),
    Row("D3-box-tokens-in-the-history", boxed(CALL), CLICK, None, "I see it."),
    Row("D4-lines-in-the-box", boxed("type(content='f(x)\nb')"), typed("f(x)\nb")),
    Row("D5-brackets-unboxed", full("type(content='print(1)')"), typed("print(1)")),
    Row("D6-call-like-thought", f"<think>maybe open(File) menu</think>{CALL}", CLICK),
    Row("D7-call-like-prose", full(f"The button(s) are visible.\n{CALL}"), CLICK),
    Row("D8-fail-in-thinking", f"<think>or {BB}FAIL(){EB}</think>{BB}{CALL}{EB}", CLICK),
    Row("D9-unfinished-thinking", f"<think>I could {CALL} or", "thinking"),
    Row("D10-done", boxed("DONE"), finish()),
    Row("D11-no-answer-tag", f"{T}I do it.\n{BB}{CALL}{EB}\nMemory:\n[]", CLICK, "[]", "I do it."),
    Row("D12-memory-in-content", boxed("type(content='Memory: 8GB')"), typed("Memory: 8GB"), KEPT),
    Row("D12-unboxed", full("type(content='Memory: 8GB')"), typed("Memory: 8GB"), KEPT),
    Row("D13-two-actions", boxed(f"{CALL}\nkey(keys='enter')"), "two different actions"),
    Row("D14-memory-tags", boxed(CALL, "<memory>[]</memory>"), CLICK, "[]", "I see it."),
    Row("E1-answer-tags", boxed(CALL) + "</answer>", CLICK, KEPT, "I see it."),
    Row("E2-no-memory", f"{T}I do it.\n{BB}{CALL}{EB}", CLICK, "", "I do it."),
    Row("E3-prose-only", f"{T}I am not sure what to do.", "No action was found"),
    Row(
        "E4-memory-in-thinking",
        f"<think>Memory: nothing</think>I do it.\n{BB}{CALL}{EB}\nMemory:\n[1]",
        CLICK,
        "[1]",
        "I do it.",
    ),
    Row("E5-memory-in-content", boxed("type(content='Memory: 8GB')"), typed("Memory: 8GB"), KEPT),
    Row("E6-two-memories", boxed(CALL, "[1]\nMemory:\n[2]"), CLICK, "[2]"),
]

ROWS = ENVELOPE + CALLS + ACTIONS + MAKERS


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row(row: Row, dialect: GlmDesktop) -> None:
    if isinstance(row.want, str):
        with pytest.raises(BadReply) as caught:
            dialect.parse(row.text, screen())
        assert row.want in str(caught.value)
        assert len(str(caught.value)) < 320
        return
    reply = dialect.parse(row.text, screen())
    assert reply.action == row.want
    assert "_box|>" not in reply.note
    if row.memory is not None:
        assert reply.memory == row.memory
    if row.thought is not None:
        assert reply.thought == row.thought


def test_ids_are_unique() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_thinking_is_never_acted_upon(row: Row) -> None:
    """The same answers, still being thought."""
    thought = row.text.replace("</think>", " ").replace("<think>", " ")
    with pytest.raises(BadReply):
        DIALECTS[0].parse(f"<think>{thought}", screen())
    assert not DIALECTS[0].complete(f"<think>{thought}")
