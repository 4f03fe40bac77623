"""Every irregularity known from GLM's web answers, one row each, for both web dialects.

Numbers 1 to 27 concern the envelope of any answer, 77 to 90 the web's action syntax, W what the
makers' own parser gets wrong, V what their reward code gets wrong, N the newer syntax with points.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gui_agent.actions import Action, Click, PressKeys, Scroll, TypeText
from gui_agent.errors import BadReply
from gui_agent.prompts.glm41v import Glm41vWeb
from gui_agent.prompts.glm45v import Glm45vWeb
from gui_agent.prompts.glm_web import GlmWeb
from tests.prompts.screens import (
    BACK,
    BING,
    ENTER,
    SEARCH,
    WAIT,
    answer,
    at,
    click,
    screen,
    scroll,
    typed,
)

BB, EB = "<|begin_of_box|>", "<|end_of_box|>"
T = "<think>The page shows a cart.</think>"
DIALECTS = [Glm41vWeb(search_url=SEARCH), Glm45vWeb(search_url=SEARCH)]


def full(action: str, memory: str = '{"a": "b"}') -> str:
    """The layout that GLM-4.1V was trained to give, as vLLM returns it."""
    return f"{T}<answer>Thought: I see it.\nAction: {action}\nMemory_Updated: {memory}"


def boxed(action: str, memory: str = '{"a": "b"}') -> str:
    return full(f"{BB}{action}{EB}", memory)


@dataclass(frozen=True)
class Row:
    id: str
    text: str
    want: Action | str
    """The action, or what the message to the model must contain."""
    memory: str | None = None
    thought: str | None = None


ENVELOPE = [
    Row("1-no-closing-tag", boxed("Click [9]"), click(9), '{"a": "b"}', "I see it."),
    Row("2-closing-tag", boxed("Click [9]") + "</answer>", click(9), '{"a": "b"}'),
    Row("2-then-user-turn", boxed("Click [9]") + "</answer><|user|>\nAction: Click [1]", click(9)),
    Row("2-user-turn-without-tag", boxed("Click [9]") + "<|user|>Action: Click [1]", click(9)),
    Row("2-then-text", boxed("Click [9]") + "</answer>\nAction: Click [1]", click(9)),
    Row("3-thinking-cut-off", "<think>I will Click [3], so\nAction: Click [3]", "thinking"),
    Row("4-answer-quoted-in-thinking", "<think>I write <answer>Action: Click [3]", "thinking"),
    Row("4-second-thinking-open", f"{T}<think>Action: Click [3]", "thinking"),
    Row("4-thinking-inside-answer", f"{T}<answer><think>Action: Click [3]", "thinking"),
    Row("5-no-answer-tag", f"{T}Thought: a\nAction: {BB}Click [9]{EB}", click(9)),
    Row("6-no-thinking", f"<answer>Thought: a\nAction: {BB}Click [9]{EB}", click(9)),
    Row("7-prose-then-action", "I need the cart.\nClick [9]", click(9)),
    Row("7-two-actions-in-prose", "First\nClick [9]\nthen\nClick [3]", "two different actions"),
    Row("7-prose-only", "The page shows a cart with three things in it.", "No action was found"),
    Row("7-prose-begins-like-an-action", "Wait for the page to load.\nClick [9]", click(9)),
    Row("7-prose-about-a-label", "Click [3] failed before.\nClick [9]", click(9)),
    Row("7-prose-begins-like-an-answer", "Answer: there is a cart.", "ANSWER; <content>"),
    Row(
        "7-action-told-in-a-sentence", f"{T}My last Action: Click [3] failed.", "alone on its line"
    ),
    Row("8-thinking-opened-in-prompt", f"It is 3.</think>Action: {BB}Click [9]{EB}", click(9)),
    Row("9-doubled-think", f"<think><think>a</think>{BB}Click [9]{EB}", click(9)),
    Row("9-stray-text", f"{T}\n\nOkay.\n<answer>Action: {BB}Click [9]{EB}", click(9)),
    Row(
        "10-thinking-quotes-the-format",
        f"<think>I will write <answer>Action: {BB}Click [1]{EB}</answer></think>"
        f"<answer>Action: {BB}Click [9]{EB}",
        click(9),
    ),
    Row(
        "11-labels-in-thinking",
        f"<think>Thought: maybe\nAction: {BB}Click [1]{EB}\nMemory_Updated: {{}}</think>"
        f"Action: {BB}Click [9]{EB}\nMemory_Updated: {{}}",
        click(9),
        "{}",
    ),
    Row("11-two-thoughts", f"<think>a</think>b</think>Action: {BB}Click [9]{EB}", click(9)),
    Row("12-answer-restated", boxed("Click [9]") + f"</answer><answer>{BB}Click [9]{EB}", click(9)),
    Row(
        "12-last-complete-one-counts",
        boxed("Click [9]") + "</answer><answer>Thought: I",
        click(9),
        '{"a": "b"}',
    ),
    Row(
        "12-different-answers",
        boxed("Click [9]") + f"</answer><answer>Action: {BB}Wait{EB}</answer>",
        'two different actions, "Click [9]" and "Wait"',
    ),
    Row("13-box-tokens-stripped", full("Click [9]"), click(9), '{"a": "b"}'),
    Row("14-box-left-open", f"{T}<answer>Thought: a\nAction: {BB}Click [9]", click(9)),
    Row("14-box-left-open-memory", full(f"{BB}Click [9]"), click(9), '{"a": "b"}'),
    Row("14-text-cut-off", f"{T}Action: {BB}Type [2]; [hello wor", "cut off"),
    Row("14-answer-cut-off", f"{T}Action: {BB}ANSWER; <content>It is 4", "cut off"),
    Row("14-label-cut-off", f"{T}Action: {BB}Click [1", "in brackets"),
    Row("15-only-the-closing-token", full(f"Click [9]{EB}"), click(9)),
    Row(
        "16-prose-in-the-first-box",
        f"{T}Thought: {BB}The cart is full.{EB}\nAction: {BB}Click [9]{EB}",
        click(9),
    ),
    Row(
        "17-two-boxes-two-actions",
        f"{T}Action: {BB}Click [9]{EB}\nAction: {BB}Click [3]{EB}",
        "two different actions",
    ),
    Row("17-two-boxes-same-action", f"{T}{BB}Click [9]{EB} {BB}click 9{EB}", click(9)),
    Row("18-other-spelling", full(f"<|start_of_box|>Click [9]{EB}"), click(9)),
    Row("18-desktop-tokens", full("<|box_start|>Click [9]<|box_end|>"), click(9)),
    Row("18-double-brackets", full("[[Click [9]]]"), click(9)),
    Row("18-parentheses", full("(Click [9])"), click(9)),
    Row("18-angle-brackets", full("<Click [9]>"), click(9)),
    Row("18-boxed-macro", full(r"\boxed{Click [9]}"), click(9)),
    Row("18-type-in-brackets", full("[[Type [2]; [hello]]]"), typed(2, "hello")),
    Row(
        "19-text-around-the-box",
        f"{T}I click.\n{BB}Click [9]{EB}\nThat opens it.\nMemory_Updated: {{}}",
        click(9),
        "{}",
    ),
    Row("22-fenced-outside", f"{T}Action:\n```\n{BB}Click [9]{EB}\n```", click(9)),
    Row("22-fenced-inside", boxed("```text\nClick [9]\n```"), click(9)),
    Row("22-fenced-naked", full("\n```\nClick [9]\n```"), click(9)),
    Row("22-backticks", full("`Click [9]`"), click(9)),
    Row(
        "24-full-width-punctuation",
        f"{T}Thought：好的\nAction：Type 【2】；【价格：5，元】\nMemory_Updated：{{“a”：“b”}}",
        typed(2, "价格：5，元"),
        '{"a": "b"}',
        "好的",
    ),
    Row("24-full-width-parentheses", full("Click（9）"), click(9)),
    Row("25-whitespace-in-the-box", boxed("\n  Click [9]\n "), click(9)),
    Row("25-carriage-returns", boxed("Click [9]").replace("\n", "\r\n"), click(9), '{"a": "b"}'),
    Row(
        "26-labels-in-other-case",
        f"{T}THOUGHT: a\nACTION: Click [9]\nmemory_updated: {{}}",
        click(9),
        "{}",
        "a",
    ),
    Row(
        "26-bold-labels",
        f"{T}**Thought**: a\n**Action:** Click [9]\n**Memory_Updated:** {{}}",
        click(9),
        "{}",
        "a",
    ),
    Row("26-space-before-the-colon", f"{T}Thought : a\nAction : Click [9]", click(9), "", "a"),
    Row("26-numbered", f"{T}1. Thought: a\n2. Action: Click [9]\n3) Memory: {{}}", click(9), "{}"),
    Row("26-heading", f"{T}### Thought: a\n### Action: Click [9]", click(9), "", "a"),
    Row("27-empty", "", "empty"),
    Row("27-empty-after-thinking", f"{T}<answer>\n</answer>", "empty"),
    Row("57-label-inside-the-box", boxed("Action: Click [9]"), click(9)),
    Row("one-line", f"{T}Thought: I see. Action: Click [9] Memory_Updated: {{}}", click(9), "{}"),
    Row(
        "one-line-boxed",
        f'{T}Thought: I see. Action: {BB}Click [9]{EB} Memory_Updated: {{"a": 1}}',
        click(9),
        '{"a": 1}',
        "I see.",
    ),
    Row(
        "one-line-like-the-history",
        f"{T}0.Thought:I see.    Action:Type [2]; [a b]   Observation:Success",
        typed(2, "a b"),
        "",
        "I see.",
    ),
    Row("too-long", f"{T}Action: Click [9]\n" + "la " * 30_000, "far too long"),
]

WEB = [
    Row("77-click-naked", full("Click 3"), click(3)),
    Row("77-click-lower", full("click [3]"), click(3)),
    Row("77-click-no-space", full("Click[3]"), click(3)),
    Row("77-click-period", full("Click [3]."), click(3)),
    Row("77-click-quoted-text", full('Click [3] "Search"'), click(3)),
    Row("77-click-double-bracket", full("Click [[3]]"), click(3)),
    Row("77-click-parenthesis", full("Click (3)"), click(3)),
    Row("77-click-label-word", full("Click [Numerical_Label 3]"), click(3)),
    Row("78-scroll-no-direction", full("Scroll [6]"), "Scroll needs one direction"),
    Row("78-scroll-two-directions", full("Scroll [6]; [up or down]"), "Scroll needs one direction"),
    Row("79-scroll-no-space", full("Scroll [6];[up]"), scroll("up", 6)),
    Row("79-scroll-window-naked", full("Scroll WINDOW down"), scroll("down")),
    Row("79-scroll-no-target", full("Scroll; [down]"), scroll("down")),
    Row("79-scroll-other-case", full("Scroll [window]; [Down]"), scroll("down")),
    Row("79-scroll-word", full("scroll down"), scroll("down")),
    Row("79-scroll-trailing-prose", full("Scroll [6]; [down] to see more."), scroll("down", 6)),
    Row("79-scroll-label-last", full("Scroll [up]; [6]"), scroll("up", 6)),
    Row("80-type-inner-bracket", full("Type [2]; [a]b]"), typed(2, "a]b")),
    Row("80-type-open-inner-bracket", full("Type [2]; [a[b]"), typed(2, "a[b")),
    Row("80-type-double-bracket", full("Type [2]; [[x]]"), typed(2, "[x]")),
    Row("80-type-empty", full("Type [2]; []"), typed(2, "")),
    Row("80-type-no-brackets", full("Type [2]; hello world"), typed(2, "hello world")),
    Row("80-type-no-closing-bracket", full("Type [2]; [hello"), typed(2, "hello")),
    Row("80-type-newline", boxed("Type [2]; [one\ntwo]"), typed(2, "one\ntwo")),
    Row("80-type-colon", full("Type [2]: [x]"), typed(2, "x")),
    Row("80-type-comma", full("Type [2], [x]"), typed(2, "x")),
    Row("80-type-no-sign", full("Type [2] [x]"), typed(2, "x")),
    Row("80-type-quotes", full('Type [2]; "x y"'), typed(2, "x y")),
    Row("80-type-keeps-inner-quotes", full('Type [2]; ["x y"]'), typed(2, '"x y"')),
    Row("80-type-then-prose", full("Type [2]; [x]. It will search."), typed(2, "x")),
    Row("80-type-then-label", full("Type [2]; [x] and then see [3]"), typed(2, "x")),
    Row("80-type-no-text", full("Type [2]"), "Type needs a label and a text"),
    Row("80-type-semicolon-in-text", full("Type [2]; [a; b]"), typed(2, "a; b")),
    Row("81-type-says-click", boxed("Type [2]; [Click [5] now]"), typed(2, "Click [5] now")),
    Row("81-type-says-click-naked", full("Type [2]; [a\nClick [5]]"), typed(2, "a\nClick [5]")),
    Row("82-answer-unclosed", boxed("ANSWER; <content>Guatemala"), answer("Guatemala")),
    Row("82-answer-unclosed-naked", f"{T}Action: ANSWER; <content>42</answer>", answer("42")),
    Row("82-answer-colon", full("ANSWER: 42"), answer("42")),
    Row("82-answer-bare", full("ANSWER; Guatemala"), answer("Guatemala")),
    Row("82-answer-brackets", full("Answer; [x]"), answer("x")),
    Row("82-answer-lines", boxed("ANSWER; one\ntwo"), answer("one\ntwo")),
    Row("82-answer-period", full("ANSWER; <content>42</content>."), answer("42")),
    Row("82-answer-json", boxed('ANSWER; <content>{"a": [1]}</content>'), answer('{"a": [1]}')),
    Row("82-answer-empty", boxed("ANSWER; <content> </content>"), "no content"),
    Row("83-answer-key", boxed("ANSWER; <content>Key West</content>"), answer("Key West")),
    Row(
        "83-answer-with-labels",
        full("ANSWER; <content>Thought: a\nAction: Wait\nMemory: b</content>"),
        answer("Thought: a\nAction: Wait\nMemory: b"),
        '{"a": "b"}',
    ),
    Row(
        "83-answer-with-tag",
        full("ANSWER; <content>use </answer> and <think> here</content>"),
        answer("use </answer> and <think> here"),
    ),
    Row("84-wait", full("Wait"), WAIT),
    Row("84-wait-period", full("Wait."), WAIT),
    Row("84-wait-lower", full("  wait"), WAIT),
    Row("84-wait-argument", full("Wait; [5]"), WAIT),
    Row("84-go-back-two-words", full("Go Back"), BACK),
    Row("84-goback-period", full("GoBack."), BACK),
    Row("84-google", full("Google"), BING),
    Row("84-bing", boxed("Bing"), BING),
    Row("85-key-enter", full("Key; [Enter]"), ENTER),
    Row("85-key-no-sign", full("Key [Return]"), ENTER),
    Row("85-press", full("Press Enter"), ENTER),
    Row("85-press-the-key", full("Press the Enter key."), ENTER),
    Row("85-other-key", full("Key; [Page Down]"), PressKeys(keys=("page_down",))),
    Row("85-chord", full("Key; [Ctrl+A]"), PressKeys(keys=("ctrl", "A"))),
    Row("85-unknown-key", full("Key; [Anykey]"), 'no key "Anykey"'),
    Row(
        "86-no-such-label",
        full("Click [57]"),
        "no label [57] on this screen; the labels are 0 to 12",
    ),
    Row("86-type-no-such-label", full("Type [13]; [x]"), "the labels are 0 to 12"),
    Row("86-scroll-no-such-label", full("Scroll [13]; [up]"), "the labels are 0 to 12"),
    Row("86-click-window", full("Click [WINDOW]"), "WINDOW can only be scrolled"),
    Row("86-type-window", full("Type [WINDOW]; [x]"), "WINDOW can only be scrolled"),
    Row("86-several-labels", full("Click [3], [4]"), "Click takes one label"),
    Row("86-several-labels-and", full("Click [3] and [4]"), "Click takes one label"),
    Row("86-several-labels-one-bracket", full("Click [3, 4]"), "Click takes one label"),
    Row("86-label-in-words", full("Click the search button"), "needs the number of a label"),
    Row("86-number-in-words", full("Click 3 times on it"), "brackets"),
    Row("86-label-range", full("Click [3-5]"), "needs the number of a label"),
    Row("87-memory-none", boxed("Wait", "None"), WAIT, ""),
    Row("87-memory-empty", boxed("Wait", "{}"), WAIT, "{}"),
    Row("87-memory-list", boxed("Wait", "[]"), WAIT, ""),
    Row(
        "87-memory-single-quotes",
        boxed("Wait", "{'a': True, 'b': 'it's'}"),
        WAIT,
        '{"a": true, "b": "it\'s"}',
    ),
    Row("87-memory-explained", boxed("Wait", '{"a": 1} (updated)'), WAIT, '{"a": 1}'),
    Row("87-memory-boxed", boxed("Wait", f'{BB}{{"a": 1}}{EB}'), WAIT, '{"a": 1}'),
    Row("87-memory-fenced", boxed("Wait", '\n```json\n{"a": 1}\n```'), WAIT, '{"a": 1}'),
    Row("87-memory-doubled-braces", boxed("Wait", '{{"a": 1}}'), WAIT, '{"a": 1}'),
    Row("87-memory-many-lines", boxed("Wait", '{\n "a": "x\ny",\n}'), WAIT, '{"a": "x\\ny"}'),
    Row("87-memory-broken", boxed("Wait", '{"a": '), WAIT, ""),
    Row("87-memory-missing", f"{T}Thought: a\nAction: Wait", WAIT, ""),
    Row("87-memory-other-label", f"{T}Action: Wait\nMemory: {{'a': 1}}", WAIT, '{"a": 1}'),
    Row(
        "88-made-up-observation",
        boxed("Click [9]")
        + "\nObservation: done\nThought: b\nAction: Click [3]\nMemory_Updated: {}",
        click(9),
        '{"a": "b"}',
    ),
    Row(
        "88-made-up-observation-boxed",
        boxed("Click [9]") + f"\nObservation: done\nAction: {BB}Click [3]{EB}",
        click(9),
    ),
    Row("88-observation-first", f"{T}Observation: a cart\nAction: Click [9]", click(9)),
    Row(
        "89-action-first",
        f"{T}Action: Click [9]\nThought: a\nMemory_Updated: {{}}",
        click(9),
        "{}",
        "a",
    ),
    Row("89-no-thought", f"{T}Action: Click [9]", click(9), "", ""),
    Row("89-two-thoughts", f"{T}Thought: a\nThought: b\nAction: Wait", WAIT, "", "a"),
    Row("89-several-action-labels", f"{T}Action: Click [1]\nAction: Click [9]", click(9)),
    Row("89-last-action-is-prose", f"{T}Action: Click [9]\nAction: as said above", click(9)),
    Row(
        "90-click-point",
        boxed("CLICK(point=(214, 100), box=[[198,92,229,107]], element_info='Dinners')"),
        Click(at=at(214, 100)),
    ),
    Row("90-floats", boxed("CLICK(point=(214.5, 100.25))"), Click(at=at(214.5, 100.25))),
    Row("90-bracketed-point", boxed("CLICK(point=[214, 100])"), Click(at=at(214, 100))),
    Row("two-actions-in-a-box", boxed("Click [3]\nType [2]; [x]"), "two different actions"),
    Row("action-in-words-then-right", full("click the cart.\nClick [9]"), click(9)),
    Row("restored-token", boxed("Type [2]; [<\u200b|user|>]"), typed(2, "<|user|>")),
]

NEWER = [
    Row("N-naked", full("CLICK(point=(214, 100))"), Click(at=at(214, 100))),
    Row("N-only-box", boxed("CLICK(box=[[100,200,300,400]])"), Click(at=at(200, 300))),
    Row("N-positional", boxed("CLICK(214, 100)"), Click(at=at(214, 100))),
    Row("N-lower-case", boxed("click(point=(1000, 0))"), Click(at=at(1000, 0))),
    Row("N-fractions", boxed("CLICK(point=(0.5, 0.25))"), Click(at=at(500, 250))),
    Row("N-pixels", boxed("CLICK(point=(1500, 100))"), "thousandths"),
    Row("N-no-point", boxed("CLICK(element_info='x')"), "point"),
    Row("N-cut-off", f"{T}{BB}CLICK(point=(214, 1", "incomplete"),
    Row(
        "N-type",
        boxed("TYPE(point=(10, 20), text='a, b=(c)', element_info='Search')"),
        TypeText(text="a, b=(c)", at=at(10, 20), clear=True, submit=True),
    ),
    Row("N-type-without-point", boxed("TYPE(text='abc')"), "point"),
    Row("N-key", boxed("KEY_PRESS(key='Enter')"), ENTER),
    Row("N-key-double-quotes", full('KEY_PRESS(key="Return")'), ENTER),
    Row(
        "N-scroll-down",
        boxed(
            "SCROLL_DOWN(point=(214, 100), box=[[198,92,229,107]], distance=0.75, element_info='a')"
        ),
        Scroll(direction="down", amount=0.75, at=at(214, 100)),
    ),
    Row(
        "N-scroll-up",
        boxed("SCROLL_UP(point=(500, 500), distance=50)"),
        Scroll(direction="up", at=at(500, 500)),
    ),
    Row("N-scroll-zero", boxed("SCROLL_DOWN(distance=0)"), scroll("down")),
    Row("N-answer", boxed("ANSWER(content='It's (almost) 5')"), answer("It's (almost) 5")),
    Row("N-wait", boxed("WAIT()"), WAIT),
]

MAKERS = [
    Row("W1-perfect-answer-from-vllm", boxed("Click [9]"), click(9), '{"a": "b"}', "I see it."),
    Row(
        "W2-no-answer-tags",
        f'{T}\nThought: I see it.\nAction: {BB}Click [9]{EB}\nMemory_Updated: {{"a": "b"}}',
        click(9),
        '{"a": "b"}',
        "I see it.",
    ),
    Row("W3-box-tokens-in-action", boxed("Click [9]") + "</answer>", click(9)),
    Row("W4-memory-none", boxed("Click [9]", "None"), click(9), ""),
    Row("W4-memory-python", boxed("Click [9]", "{'a':1}"), click(9), '{"a": 1}'),
    Row("W4-memory-boxed", boxed("Click [9]", f'{BB}{{"a":1}}{EB}'), click(9), '{"a": 1}'),
    Row("W4-memory-explained", boxed("Click [9]", '{"a":1} (updated)'), click(9), '{"a": 1}'),
    Row(
        "W4-memory-observation", boxed("Click [9]", '{"a":1}\nObservation: x'), click(9), '{"a": 1}'
    ),
    Row("W5-memory-label", f'{T}Action: Click [9]\nMemory: {{"a":1}}', click(9), '{"a": 1}'),
    Row("W5-no-memory-label", f"{T}<answer>Thought: a\nAction: Click [9]</answer>", click(9), ""),
    Row(
        "W6-action-in-thought",
        f"{T}Thought: The last Action: Click failed\nAction: Wait\nMemory_Updated: {{}}",
        WAIT,
        "{}",
        "The last Action: Click failed",
    ),
    Row(
        "W7-label-in-answer",
        full('ANSWER; <content>Title is "A Thought: B"</content>', "{}"),
        answer('Title is "A Thought: B"'),
        "{}",
    ),
    Row(
        "W8-tag-in-answer",
        full("ANSWER; <content>use </answer> tag</content>") + "</answer>",
        answer("use </answer> tag"),
        '{"a": "b"}',
    ),
    Row(
        "W9-example-in-thinking",
        "<think>Such as <answer>Thought: t\nAction: Click [1]\nMemory_Updated: {}</answer></think>"
        "<answer>Thought: t\nAction: Click [9]\nMemory_Updated: {}</answer>",
        click(9),
    ),
    Row(
        "W10-action-before-thought",
        f"{T}<answer>Action: Click [9]\nThought: because\nMemory_Updated: {{}}</answer>",
        click(9),
        "{}",
        "because",
    ),
    Row("W11-memory-list", boxed("Click [9]", "[]") + "</answer>", click(9), ""),
    Row("V1-no-box", full("Click [9]"), click(9)),
    Row("V2-type-says-click", boxed("Type [2]; [Click [5] now]"), typed(2, "Click [5] now")),
    Row("V3-answer-key", boxed("ANSWER; <content>Key West</content>"), answer("Key West")),
    Row(
        "V4-answer-click",
        boxed("ANSWER; <content>Click 5 to buy</content>"),
        answer("Click 5 to buy"),
    ),
    Row("V5-empty", boxed("Type [2]; []"), typed(2, "")),
    Row("V5-inner", boxed("Type [2]; [a]b]"), typed(2, "a]b")),
    Row("V5-double", boxed("Type [2]; [[x]]"), typed(2, "[x]")),
    Row("V6-type-no-space", boxed("Type[2]; [x]"), typed(2, "x")),
    Row("V6-type-colon", boxed("Type [2]: [x]"), typed(2, "x")),
    Row("V6-type-comma", boxed("Type [2], [x]"), typed(2, "x")),
    Row("V6-click-lower", boxed("click [3]"), click(3)),
    Row("V6-click-no-space", boxed("Click[3]"), click(3)),
    Row("V6-wait-space", boxed(" Wait"), WAIT),
    Row("V6-wait-lower", boxed("wait"), WAIT),
    Row("V6-go-back", boxed("Go Back"), BACK),
    Row("V6-answer-bare", boxed("ANSWER; Guatemala"), answer("Guatemala")),
    Row("V6-answer-colon", boxed("ANSWER: <content>42</content>"), answer("42")),
    Row("V6-answer-unclosed", boxed("ANSWER; <content>42"), answer("42")),
    Row("V6-scroll-no-direction", boxed("Scroll [6]"), "Scroll needs one direction"),
    Row(
        "V7-box-before-text",
        boxed("TYPE(point=(1,2), box=[[1,2,3,4]], text='abc')"),
        TypeText(text="abc", at=at(1, 2), clear=True, submit=True),
    ),
    Row("V7-float", boxed("CLICK(point=(1.5, 2))"), Click(at=at(1.5, 2))),
    Row("V7-brackets", boxed("CLICK(point=[1,2])"), Click(at=at(1, 2))),
    Row("V7-quote", boxed("CLICK(point=(1,2), element_info='it's')"), Click(at=at(1, 2))),
]

ROWS = ENVELOPE + WEB + NEWER + MAKERS


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row(row: Row, dialect: GlmWeb) -> None:
    if isinstance(row.want, str):
        with pytest.raises(BadReply) as caught:
            dialect.parse(row.text, screen())
        assert row.want in str(caught.value)
        assert len(str(caught.value)) < 320
        return
    reply = dialect.parse(row.text, screen())
    assert reply.action == row.want
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
