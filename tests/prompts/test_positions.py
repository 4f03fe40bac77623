"""Positions beside the picture, in every dialect: a near miss is the edge, anything else is said.

Models that answer in pixels, or copy the placeholders of a prompt, mean no place at all.
"""

from __future__ import annotations

import pytest

from gui_agent.actions import Action, Click, Drag, Swipe
from gui_agent.errors import BadReply
from gui_agent.prompts.autoglm import AutoGlm
from gui_agent.prompts.glm41v import Glm41vDesktop, Glm41vPhone, Glm41vWeb
from gui_agent.prompts.glm45v import Glm45vDesktop, Glm45vPhone, Glm45vWeb
from gui_agent.prompts.json_actions import JsonActions
from gui_agent.protocols import Dialect
from gui_agent.screen import Point
from tests.prompts.screens import screen

BB, EB = "<|begin_of_box|>", "<|end_of_box|>"
DESKTOP = f"I click.\n{BB}left_click(start_box='[{{0}},{{1}}]'){EB}\nMemory:\n[]"
PHONE = f'Action: {BB}{{{{"action_type": "click", "box_2d": [[{{0}},{{1}}]]}}}}{EB}'
WEB = f"Thought: I click.\nAction: {BB}CLICK(point=({{0}}, {{1}})){EB}\nMemory_Updated: {{{{}}}}"
CLICKS: list[tuple[Dialect, str]] = [
    (Glm41vDesktop(), f"<answer>{DESKTOP}"),
    (Glm45vDesktop(), DESKTOP),
    (Glm41vPhone(), f"<answer>{PHONE}"),
    (Glm45vPhone(), PHONE),
    (Glm41vWeb(), f"<answer>{WEB}"),
    (Glm45vWeb(), WEB),
    (AutoGlm(), '<answer>do(action="Tap", element=[{0},{1}])'),
    (JsonActions(), '{{"action": {{"kind": "click", "at": [{0}, {1}]}}}}'),
]
LINES: list[tuple[Dialect, str]] = [
    (
        Glm41vDesktop(),
        f"<answer>{BB}left_drag(start_box='[5,5]', end_box='[{{0}},{{1}}]'){EB}\nMemory:\n[]",
    ),
    (AutoGlm(), '<answer>do(action="Swipe", start=[5,5], end=[{0},{1}])'),
    (JsonActions(), '{{"action": {{"kind": "drag", "path": [[5, 5], [{0}, {1}]]}}}}'),
    (
        JsonActions(),
        '{{"action": {{"kind": "swipe", "direction": "up", "within": [5, 5, {0}, {1}]}}}}',
    ),
]
_IDS = [f"{type(dialect).__name__}-{number}" for number, (dialect, _) in enumerate(CLICKS)]
_LINE_IDS = [f"{type(dialect).__name__}-{number}" for number, (dialect, _) in enumerate(LINES)]
BESIDE = [(1500, 500), (500, -300), (1021, 500), (500, -21), (640.5, 2400)]
NEAR = [(-3, 500, 0, 0.5), (500, 1000, 0.5, 1), (1020, -20, 1, 0), (999.6, 0, 0.9996, 0)]


def action(dialect: Dialect, answer: str, x: object, y: object) -> Action:
    return dialect.parse("<think>So.</think>" + answer.format(x, y), screen()).action


@pytest.mark.parametrize(("dialect", "answer"), CLICKS + LINES, ids=_IDS + _LINE_IDS)
@pytest.mark.parametrize(("x", "y"), BESIDE)
def test_a_place_outside_the_picture_is_refused_with_the_range(
    dialect: Dialect, answer: str, x: float, y: float
) -> None:
    with pytest.raises(BadReply, match=rf"thousandths of the picture, 0 to 999.*{x:g}.*{y:g}"):
        action(dialect, answer, x, y)


@pytest.mark.parametrize(("dialect", "answer"), CLICKS, ids=_IDS)
@pytest.mark.parametrize(("x", "y", "across", "down"), NEAR)
def test_a_near_miss_is_the_edge(
    dialect: Dialect, answer: str, x: float, y: float, across: float, down: float
) -> None:
    clicked = action(dialect, answer, x, y)
    assert isinstance(clicked, Click)
    assert (clicked.at.x, clicked.at.y) == pytest.approx((across, down), abs=0.001)


@pytest.mark.parametrize(("dialect", "answer"), LINES, ids=_LINE_IDS)
def test_a_line_ends_at_the_edge_that_it_just_misses(dialect: Dialect, answer: str) -> None:
    found = action(dialect, answer, 1003, 500)
    match found:
        case Drag(path=path):
            assert path[-1] == Point(1, 0.5)
        case Swipe(along=(_, end)):
            assert end == Point(1, 0.5)
        case Swipe(within=box):
            assert box is not None
            assert (box.right, box.bottom) == (1, 0.5)
        case _:
            pytest.fail(f"{found} is no line")


@pytest.mark.parametrize(("dialect", "answer"), CLICKS + LINES, ids=_IDS + _LINE_IDS)
@pytest.mark.parametrize(("x", "y"), [("x1", "y1"), ("x", "y"), ("xmin1", "ymin1")])
def test_a_copied_placeholder_is_no_place(dialect: Dialect, answer: str, x: str, y: str) -> None:
    with pytest.raises(BadReply):
        action(dialect, answer, x, y)
