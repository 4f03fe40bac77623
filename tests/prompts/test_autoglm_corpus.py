"""Every irregularity known from AutoGLM's answers, one row each, in both languages.

Numbers 1 to 27 concern the envelope of any answer, 91 to 105 AutoGLM's calls, G what the makers'
own client gets wrong: `makers` says how, as observed when running it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gui_agent.actions import (
    Action,
    AskUser,
    Click,
    Finish,
    GoBack,
    GoHome,
    LongPress,
    Note,
    OpenApp,
    PressKeys,
    Swipe,
    TakeOver,
    TypeText,
    Wait,
)
from gui_agent.errors import BadReply
from gui_agent.prompts.autoglm import AutoGlm, english
from gui_agent.screen import Direction
from tests.prompts.screens import at, phone

BB, EB = "<|begin_of_box|>", "<|end_of_box|>"
T = "<think>微信没有打开。</think>"
DIALECTS = [AutoGlm(), english()]
DONE = "parse error, so the task is `finished`: a success"

TAPS = 'do(action="Tap", element=[811,188])'
TAP = Click(at=at(811, 188))
BACKS = 'do(action="Back")'
BACK = GoBack()


def said(call: str) -> str:
    """As trained, and as vLLM returns it: the closing tag is a stop token."""
    return f"{T}<answer>{call}"


def typed(text: str) -> TypeText:
    return TypeText(text=text, clear=True)


def typing(text: str) -> str:
    return said(f'do(action="Type", text={text})')


def swipe(direction: Direction, *path: int) -> Swipe:
    return Swipe(direction=direction, along=(at(path[0], path[1]), at(path[2], path[3])))


def finish(message: str = "", success: bool = True) -> Finish:
    return Finish(success=success, message=message)


@dataclass(frozen=True)
class Row:
    id: str
    text: str
    want: Action | str
    """The action, or what the message to the model must contain."""
    written: str = ""
    """How the history shows the call, where that is worth a look."""
    makers: str = ""
    """What the makers' own client makes of it, where it is known to fail."""


ENVELOPE = [
    Row("1-no-closing-tag", said(TAPS), TAP, TAPS),
    Row("2-closing-tag", said(TAPS) + "</answer>", TAP, TAPS),
    Row("2-then-user-turn", said(TAPS) + f"</answer><|user|>\n{BACKS}", TAP),
    Row("2-then-text", said(TAPS) + f"</answer>\n{BACKS}", TAP),
    Row("2-tag-in-a-text", typing('"use </answer> tag"') + "</answer>", typed("use </answer> tag")),
    Row("3-thinking-cut-off", f"<think>So\n{TAPS}", "thinking"),
    Row("4-answer-quoted-in-thinking", f"<think>I write <answer>{TAPS}", "thinking"),
    Row("4-second-thinking-open", f"{T}<think>{TAPS}", "thinking"),
    Row("5-no-answer-tag", f"{T}{TAPS}", TAP),
    Row("6-no-thinking", f"<answer>{TAPS}", TAP),
    Row("7-prose-then-call", f"好的，我来点击。\n{TAPS}", TAP),
    Row("7-prose-on-the-line", f"好的，我来点击 {TAPS}", TAP),
    Row("7-prose-only", "微信里有三条消息。", "No action was found"),
    Row("7-two-calls-in-prose", f"Either\n{TAPS}\nor rather\n{BACKS}", "two different actions"),
    Row("7-a-call-that-failed", f"{BACKS} did not work.\n{TAPS}", TAP),
    Row("8-thinking-opened-in-prompt", f"It is 3.</think><answer>{TAPS}", TAP),
    Row("9-doubled-think", f"<think><think>a</think><answer>{TAPS}", TAP),
    Row("9-stray-text", f"{T}\n\nOkay.\n<answer>{TAPS}", TAP),
    Row("10-thinking-quotes", f"<think>Not <answer>{BACKS}</answer></think><answer>{TAPS}", TAP),
    Row("12-answer-restated", said(TAPS) + f"</answer><answer>{TAPS}</answer>", TAP),
    Row("12-last-is-torn", said(TAPS) + '</answer><answer>do(action="Ta', TAP),
    Row(
        "12-different-answers",
        said(TAPS) + f"</answer><answer>{BACKS}</answer>",
        "two different actions",
    ),
    Row("14-boxed", said(f"{BB}{TAPS}{EB}"), TAP),
    Row("14-box-left-open", said(f"{BB}{TAPS}"), TAP),
    Row("14-cut-off", said('do(action="Tap", element=[811,1'), "incomplete"),
    Row("14-text-cut-off", said('do(action="Type", text="hello wor'), "incomplete"),
    Row("15-only-the-closing-token", said(f"{TAPS}{EB}"), TAP),
    Row("19-text-around", said(f"I tap.\n{TAPS}\nThat opens it."), TAP),
    Row("22-fenced", said(f"```python\n{TAPS}\n```"), TAP),
    Row("22-backticks", said(f"`{TAPS}`"), TAP),
    Row("25-white-space", said(f"\n  {TAPS}  \n"), TAP),
    Row("26-label", said(f"Action: {TAPS}"), TAP),
    Row("26-bold-label", f"{T}**Action**：{TAPS}", TAP),
    Row("27-empty", "", "empty"),
    Row("27-only-thinking", T, "empty"),
    Row("27-only-tags", f"{T}<answer></answer>", "empty"),
]

CALLS = [
    Row("91-tag", said(TAPS) + "</answer>", TAP),
    Row("92-lines-before", f"{T}I see.\nThe button is there.\n{TAPS}", TAP),
    Row(
        "93-thinking-mentions", f'<think>{BACKS} or finish(message="x")</think><answer>{TAPS}', TAP
    ),
    Row("94-finish-in-text", typing('"a finish(message=b"'), typed("a finish(message=b")),
    Row("94-call-in-text", typing("\"f(x) do(action='Back')\""), typed("f(x) do(action='Back')")),
    Row("95-list-of-parts", f"{T}[{{'Type': 'Type'}}]", "--chat-template-content-format string"),
    Row("95-torn-list", f"{T}[{{'Type', text=\"hello\")", "--chat-template-content-format string"),
    Row("96-no-bracket", said('do(action="Type", text="hello"'), typed("hello")),
    Row("96-no-bracket-tag", said('do(action="Tap", element=[811,188]') + "</answer>", TAP, TAPS),
    Row("96-finish-no-quote", said('finish(message="已完成'), finish("已完成")),
    Row("96-finish-no-quote-tag", said('finish(message="ok</answer>'), finish("ok")),
    Row(
        "97-extra-argument",
        said('do(action="Type", text="hello", element=[1,2])'),
        typed("hello"),
        'do(action="Type", text="hello")',
    ),
    Row("98-inner-quotes", typing('"say "hi" now"'), typed('say "hi" now')),
    Row("98-escaped-quotes", typing(r'"say \"hi\""'), typed('say "hi"')),
    Row("98-escaped-newline", typing(r'"a\nb"'), typed("a\nb"), r'do(action="Type", text="a\nb")'),
    Row("98-raw-newline", typing('"a\nb"'), typed("a\nb"), r'do(action="Type", text="a\nb")'),
    Row("98-single-quotes", said("do(action='Type', text='it's')"), typed("it's")),
    Row("99-two-levels", said('do(action="Tap", element=[[811,188]])'), TAP, TAPS),
    Row("99-parentheses", said('do(action="Tap", element=(811,188))'), TAP, TAPS),
    Row("99-string", said('do(action="Tap", element="[811,188]")'), TAP, TAPS),
    Row("99-box", said('do(action="Tap", element=[1,2,300,400])'), Click(at=at(150.5, 201))),
    Row("99-floats", said('do(action="Tap", element=[811.0, 188.0])'), TAP, TAPS),
    Row("99-leading-zero", said('do(action="Tap", element=[012,34])'), Click(at=at(12, 34))),
    Row("99-x-and-y", said('do(action="Tap", x=811, y=188)'), TAP, TAPS),
    Row("99-placeholder", said('do(action="Tap", element=[x1,y1])'), "two numbers"),
    Row("99-no-place", said('do(action="Tap")'), "two numbers"),
    Row("100-single-quotes", said("do(action='Tap', element=[811,188])"), TAP, TAPS),
    Row("100-spaces", said('do( action = "Tap" , element = [811, 188] )'), TAP, TAPS),
    Row("100-positional", said('do("Tap", [811,188])'), TAP, TAPS),
    Row("100-lower-call", said("tap(811, 188)"), TAP, TAPS),
    Row("100-call", said("Tap(element=[811,188])"), TAP, TAPS),
    Row(
        "100-long-press",
        said('do(action="LongPress", element=[811,188])'),
        LongPress(at=at(811, 188), seconds=3),
        'do(action="Long Press", element=[811,188])',
    ),
    Row(
        "100-lower-long-press",
        said('do(action="long press", element=[811,188])'),
        LongPress(at=at(811, 188), seconds=3),
    ),
    Row(
        "100-double-tap",
        said('do(action="Double_Tap", element=[811,188])'),
        Click(at=at(811, 188), count=2),
        'do(action="Double Tap", element=[811,188])',
    ),
    Row("101-integer", said('do(action="Wait", duration=5)'), Wait(seconds=5)),
    Row("101-one-second", said('do(action="Wait", duration="1 second")'), Wait(seconds=1)),
    Row("101-chinese", said('do(action="Wait", duration="3 秒")'), Wait(seconds=3)),
    Row("101-unit", said('do(action="Wait", duration="3s")'), Wait(seconds=3)),
    Row("101-negative", said('do(action="Wait", duration="-2 seconds")'), Wait(seconds=0.5)),
    Row("101-huge", said('do(action="Wait", duration="9999 seconds")'), Wait(seconds=60)),
    Row("101-placeholder", said('do(action="Wait", duration="x seconds")'), Wait(seconds=1)),
    Row("102-two-lines", said(f"{TAPS}\n{BACKS}"), TAP),
    Row("102-one-line", said(f"{TAPS} {BACKS}"), TAP),
    Row("102-semicolon", said(f"{TAPS}; {BACKS}"), TAP),
    Row("102-texts", said('do(action="Type", text="a") do(action="Type", text="b")'), typed("a")),
    Row("102-untagged", f"{T}{TAPS}\n{BACKS}", TAP),
    Row("103-no-message", said("finish()"), finish(), 'finish(message="")'),
    Row("103-bare", said("finish"), finish()),
    Row("103-positional", said('finish("ok")'), finish("ok"), 'finish(message="ok")'),
    Row("104-pixels", said('do(action="Tap", element=[540,1200])'), "0 to 999"),
    Row("105-full-width-quotes", said("do(action=“Launch”, app=“微信”)"), OpenApp(name="微信")),
    Row("105-full-width-all", said("do（action=“Launch”，app=“微信”）"), OpenApp(name="微信")),
    Row("105-content-stays", typing('"好，走（快）：“对”"'), typed("好，走（快）：“对”")),
]

TRAINED = [
    Row("T-launch", said('do(action="Launch", app="微信")'), OpenApp(name="微信")),
    Row("T-tap", said(TAPS), TAP, TAPS),
    Row(
        "T-tap-to-confirm",
        said('do(action="Tap", element=[811,188], message="重要操作")'),
        Click(at=at(811, 188), confirm="重要操作"),
        'do(action="Tap", element=[811,188], message="重要操作")',
    ),
    Row("T-type", typing('"你好"'), typed("你好"), 'do(action="Type", text="你好")'),
    Row("T-type-nothing", typing('""'), typed("")),
    Row(
        "T-type-name",
        said('do(action="Type_Name", text="张三")'),
        typed("张三"),
        'do(action="Type_Name", text="张三")',
    ),
    Row(
        "T-swipe",
        said('do(action="Swipe", start=[500,800], end=[500,200])'),
        swipe("up", 500, 800, 500, 200),
        'do(action="Swipe", start=[500,800], end=[500,200])',
    ),
    Row(
        "T-swipe-sideways",
        said('do(action="Swipe", start=[100,500], end=[900,520])'),
        swipe("right", 100, 500, 900, 520),
    ),
    Row("T-note", said('do(action="Note", message="True")'), Note(text="True")),
    Row(
        "T-call-api",
        said('do(action="Call_API", instruction="总结")'),
        Note(text="总结"),
        'do(action="Call_API", instruction="总结")',
    ),
    Row(
        "T-take-over",
        said('do(action="Take_over", message="请登录")'),
        TakeOver(reason="请登录"),
        'do(action="Take_over", message="请登录")',
    ),
    Row("T-back", said(BACKS), BACK, BACKS),
    Row("T-home", said('do(action="Home")'), GoHome()),
    Row("T-wait", said('do(action="Wait", duration="2 seconds")'), Wait(seconds=2)),
    Row("T-enter", said('do(action="Enter")'), PressKeys(keys=("enter",))),
    Row("T-finish", said('finish(message="价格是 12 元")'), finish("价格是 12 元")),
    Row(
        "T-gave-up",
        said('finish(message="无法完成：没有网络")'),
        finish("无法完成：没有网络", False),
    ),
    Row(
        "T-failed",
        said('finish(message="The task could not be completed.")'),
        finish("The task could not be completed.", False),
    ),
    Row("T-unknown", said('do(action="Fly")'), "There is no action"),
    Row("T-no-action", said("do()"), "There is no action"),
    Row("T-no-text", said('do(action="Type")'), "needs a text"),
    Row("T-no-app", said('do(action="Launch")'), "needs the name of an app"),
    Row("T-no-end", said('do(action="Swipe", start=[1,2])'), "needs two points"),
    Row("T-nowhere", said('do(action="Swipe", start=[1,2], end=[1,2])'), "somewhere else"),
]

MAKERS = [
    Row("G1", f"{T}<answer>{TAPS}</answer>", TAP, TAPS, DONE),
    Row("G2", typing('"hello"') + "</answer>", typed("hello"), makers='types `hello")</answe`'),
    Row("G3", said('do(action="Type", text="hello"'), typed("hello"), makers="types `hell`"),
    Row(
        "G4",
        said('do(action="Type", text="hello", element=[1,2])'),
        typed("hello"),
        makers='types `hello", element=[1,2`',
    ),
    Row("G5", typing(r'"say \"hi\"\nbye"'), typed('say "hi"\nbye'), makers="types backslashes"),
    Row(
        "G6",
        typing('"a finish(message=b"'),
        typed("a finish(message=b"),
        makers="task finished with empty message",
    ),
    Row(
        "G7",
        f'<think>if done I will finish(message="ok") but now</think><answer>{BACKS}',
        BACK,
        makers="task finished",
    ),
    Row("G8", f'<think>maybe do(action="Home")? no</think><answer>{BACKS}', BACK, makers=DONE),
    Row("G9", 'finish(message="ok")</answer>', finish("ok"), makers='message `ok")</answe`'),
    Row("G9-no-message", "finish()", finish(), makers="message `inish`"),
    Row("G9-bare", "finish", finish(), makers="message `ini`"),
    Row("G10-same-line", f"{TAPS} {BACKS}", TAP, makers=DONE),
    Row("G10-next-line", f"{TAPS}\n{BACKS}", TAP, makers=DONE),
    Row("G10-fenced", f"```\n{TAPS}\n```", TAP, makers=DONE),
    Row("G10-boxed", f"{BB}{TAPS}{EB}", TAP, makers=DONE),
    Row("G10-zero", 'do(action="Tap", element=[012,34])', Click(at=at(12, 34)), makers=DONE),
    Row("G10-quotes", "do(action=“Launch”，app=“微信”)", OpenApp(name="微信"), makers=DONE),
    Row("G10-inner", 'finish(message="已打开"微信"")', finish('已打开"微信"'), makers=DONE),
    Row("G11-refusal", "I cannot do that.", "No action was found", makers="finished, success"),
    Row("G11-empty", "", "empty", makers="finished, success"),
    Row("G11-torn-thinking", "<think>so", "thinking", makers="finished, success"),
    Row("G11-only-thinking", "<think>a</think>", "empty", makers="finished, success"),
    Row("G11-list", "[{'Type': 'Type'}]", "do(action=", makers="finished, success"),
    Row(
        "G12",
        'do("Tap", [1,2])',
        Click(at=at(1, 2)),
        makers="unknown action None, and the model is not told",
    ),
    Row(
        "G13",
        'do(action="LongPress", element=[1,2])',
        LongPress(at=at(1, 2), seconds=3),
        makers="unknown action, and the model is not told",
    ),
    Row(
        "G14-thousand",
        'do(action="Tap", element=[1000,1000])',
        Click(at=at(1000, 1000)),
        makers="taps outside of the screen",
    ),
    Row(
        "G14-outside",
        'do(action="Tap", element=[1500,-3])',
        "0 to 999",
        makers="taps outside of the screen",
    ),
    Row(
        "G15",
        'do(action="Tap", element=[1,2,300,400])',
        Click(at=at(150.5, 201)),
        makers="taps a corner of the box",
    ),
    Row(
        "G16-levels",
        'do(action="Tap", element=[[1,2]])',
        Click(at=at(1, 2)),
        makers="fails, and the model is not told",
    ),
    Row(
        "G16-string",
        'do(action="Tap", element="[1,2]")',
        Click(at=at(1, 2)),
        makers="fails, and the model is not told",
    ),
    Row("G17-integer", 'do(action="Wait", duration=5)', Wait(seconds=5), makers="fails"),
    Row("G17-unit", 'do(action="Wait", duration="3 秒")', Wait(seconds=3), makers="waits 1 s"),
    Row(
        "G17-negative",
        'do(action="Wait", duration="-1 seconds")',
        Wait(seconds=0.5),
        makers="fails",
    ),
    Row("G17-huge", 'do(action="Wait", duration="1e9 seconds")', Wait(seconds=1), makers="waits"),
]

ROWS = ENVELOPE + CALLS + TRAINED + MAKERS


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row(row: Row, dialect: AutoGlm) -> None:
    if isinstance(row.want, str):
        with pytest.raises(BadReply) as caught:
            dialect.parse(row.text, phone())
        assert row.want in str(caught.value)
        assert len(str(caught.value)) < 320
        return
    reply = dialect.parse(row.text, phone())
    assert reply.action == row.want
    if row.written:
        assert reply.note.endswith(f"</think><answer>{row.written}</answer>")


def test_asking_a_person_without_words_is_a_question_in_the_users_language() -> None:
    interact = said('do(action="Interact")')
    chinese, other = (dialect.parse(interact, phone()).action for dialect in DIALECTS)
    assert isinstance(chinese, AskUser)
    assert isinstance(other, AskUser)
    assert "选项" in chinese.question
    assert "options" in other.question


def test_ids_are_unique() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_thinking_is_never_acted_upon(row: Row) -> None:
    """The same answers, still being thought."""
    thought = row.text.replace("</think>", " ").replace("<think>", " ")
    with pytest.raises(BadReply):
        DIALECTS[0].parse(f"<think>{thought}", phone())
    assert not DIALECTS[0].complete(f"<think>{thought}")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_the_history_shows_means_the_same(row: Row) -> None:
    if isinstance(row.want, str) or row.id == "G14-thousand":  # trained positions end at 999
        return
    note = DIALECTS[0].parse(row.text, phone()).note
    assert DIALECTS[0].parse(note, phone()).action == row.want
