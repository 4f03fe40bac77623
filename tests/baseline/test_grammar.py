"""What goals are understood to ask for, and which are refused as a whole."""

from __future__ import annotations

import pytest

from gui_agent.baseline.goals import Ask, Commit, Fill, Pick, Press, Reading, Search, Toggle, Wish
from gui_agent.baseline.grammar import parse


def said(wish: Wish) -> tuple[object, ...]:
    """A wish in short: its kind, and the words that matter."""
    match wish:
        case Press():
            return ("press", wish.verb, *wish.what.must, *wish.what.quoted)
        case Fill():
            field = wish.field
            return ("fill", field.text if field else None, wish.value)
        case Pick():
            return ("pick", wish.option.text)
        case Toggle():
            return ("toggle", wish.what.text, wish.on)
        case Search():
            return ("search", wish.text)
        case Commit():
            return ("commit", wish.verb)
        case Ask():
            return ("ask", wish.kind, wish.about.text)
    return (type(wish).__name__.lower(),)


def first(goal: str) -> list[tuple[object, ...]]:
    """The likeliest reading of every clause, one after the other."""
    plan = parse(goal)
    assert not plan.problem, plan.problem
    readings: list[Reading] = [clause.readings[0] for clause in plan.clauses]
    return [said(wish) for reading in readings for wish in reading]


@pytest.mark.parametrize(
    ("goal", "wishes"),
    [
        ("Add the blue mug to the cart", [("press", "add", "blue", "mug", "cart")]),
        ('Close the issue "Typo"', [("press", "close", "Typo")]),
        ("Please sign in", [("press", "login")]),
        ("Click Save and Close", [("press", "", "save", "close")]),
        (
            "Set the full name to Ada and email to a@b.org, then click Save",
            [("fill", "full name", "Ada"), ("fill", "email", "a@b.org"), ("press", "", "save")],
        ),
        (
            'Enter "Porto" as the destination, choose 3 guests and show the rooms',
            [("fill", "destination", "Porto"), ("fill", "guests", "3"), ("press", "show")],
        ),
        (
            "Log in as ada with password secret1",
            [("fill", "user name", "ada"), ("fill", "password", "secret1"), ("commit", "login")],
        ),
        ("Turn off the newsletter", [("toggle", "newsletter", False)]),
        ("Make sure that the alarm is on", [("toggle", "alarm", True)]),
        ("Search for 'wool' and open it", [("search", "wool"), ("press", "")]),
        ("What is the price of the lamp?", [("ask", "value", "price of the lamp")]),
        ("How many open issues are there?", [("ask", "count", "open issues")]),
    ],
)
def test_english(goal: str, wishes: list[tuple[object, ...]]) -> None:
    assert first(goal) == wishes


@pytest.mark.parametrize(
    ("goal", "wishes"),
    [
        ("点击登录按钮", [("press", "", "login")]),
        ("把数量改为3，然后点击保存", [("fill", "数量", "3"), ("press", "", "save")]),
        ("在搜索框中输入“耳机”", [("fill", "搜索框", "耳机")]),
        ("选择“德语”作为语言", [("fill", "语言", "德语")]),
        ("取消勾选邮件通知", [("toggle", "邮件通知", False)]),
        ("城市选择上海", [("fill", "城市", "上海")]),
        ("搜索键盘", [("search", "键盘")]),
        (
            "使用用户名admin和密码123456登录",
            [("fill", "用户名", "admin"), ("fill", "密码", "123456"), ("commit", "login")],
        ),
        ("性别选女", [("fill", "性别", "女")]),
    ],
)
def test_chinese(goal: str, wishes: list[tuple[object, ...]]) -> None:
    assert first(goal) == wishes


@pytest.mark.parametrize(
    "goal",
    [
        "If the box is unchecked, check it",
        "Select everything except the last one",
        "Do not delete the file",
        "Open a room under $100",
        "如果没有登录就点击登录",
        "不要删除张三",
    ],
)
def test_conditions_are_refused(goal: str) -> None:
    assert "can't follow conditions" in parse(goal).problem


def test_words_that_stand_for_a_value_are_never_typed_as_they_are() -> None:
    typed = [
        wish.value
        for clause in parse("Type the total number of blocks into the textbox").clauses
        for reading in clause.readings
        for wish in reading
        if isinstance(wish, Fill)
    ]
    assert typed == []


def test_an_ordinal_and_a_kind_are_no_part_of_the_name() -> None:
    press = parse("Click the second Delete button in the row of Alice").clauses[0].readings[0][0]
    assert isinstance(press, Press)
    assert (press.what.ordinal, press.what.role) == (2, "button")
    assert press.what.must == ("delete", "alice")
    assert press.what.head == ("delete",)


def test_first_name_is_no_ordinal() -> None:
    fill = parse("Set the first name to Ada").clauses[0].readings[0][0]
    assert isinstance(fill, Fill)
    assert fill.field is not None
    assert fill.field.ordinal == 0
