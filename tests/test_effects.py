"""Whether something changed is judged from pictures and elements, not from what was asked."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from gui_agent import effects
from gui_agent.actions import Action, Click, Wait
from gui_agent.screen import Box, Element, Observation, Point, Screenshot
from gui_agent.trajectory import Reply, Step


def look(
    *shapes: tuple[int, int, int, int], kind: str = "JPEG", elements: tuple[Element, ...] = ()
) -> Observation:
    image = Image.new("RGB", (640, 480), "white")
    draw = ImageDraw.Draw(image)
    for shape in shapes:
        draw.rectangle(shape, fill="black")
    buffer = io.BytesIO()
    image.save(buffer, kind)
    shot = Screenshot(buffer.getvalue(), 640, 480, f"image/{kind.lower()}")
    return Observation(shot, "https://a.example", elements=elements)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_new_shape_is_a_change_and_a_caret_is_none(kind: str) -> None:
    plain = look(kind=kind)
    assert not effects.changed(plain, look(kind=kind))
    assert effects.changed(plain, look((100, 100, 140, 120), kind=kind))
    assert not effects.changed(plain, look((100, 100, 100, 116), kind=kind))


def test_a_value_or_an_address_is_a_change_although_the_picture_is_the_same() -> None:
    box = Box(0, 0, 0.1, 0.1)
    empty = look(elements=(Element(0, box, "textbox", "Name", value=""),))
    filled = look(elements=(Element(0, box, "textbox", "Name", value="Ada"),))
    assert effects.changed(empty, filled)
    elsewhere = Observation(empty.screenshot, "https://b.example", elements=empty.elements)
    assert effects.changed(empty, elsewhere)


def steps(*turns: tuple[Action, Observation]) -> list[Step]:
    return [Step(i, seen, reply=Reply(action)) for i, (action, seen) in enumerate(turns)]


CLICK, OTHER = Click(at=Point(0.1, 0.1)), Click(at=Point(0.9, 0.9))
HERE, THERE = look(), look((0, 0, 300, 300))


@pytest.mark.parametrize(
    ("turns", "how"),
    [
        ([], effects.Stuck.NO),
        ([(CLICK, HERE)] * 2, effects.Stuck.NO),
        ([(CLICK, HERE)] * 3, effects.Stuck.NUDGE),
        ([(CLICK, HERE)] * 4, effects.Stuck.RESAMPLE),
        ([(CLICK, HERE)] * 5, effects.Stuck.STOP),
        ([(CLICK, HERE), (CLICK, THERE)] * 1 + [(OTHER, HERE)], effects.Stuck.NO),
        ([(OTHER, HERE), *[(CLICK, THERE)] * 2], effects.Stuck.NO),
        ([(CLICK, HERE), (OTHER, THERE)] * 2, effects.Stuck.NUDGE),
        ([(CLICK, HERE), (OTHER, THERE)] * 3, effects.Stuck.RESAMPLE),
        ([(CLICK, HERE), (OTHER, THERE)] * 4, effects.Stuck.STOP),
        ([(Wait(), HERE), (Wait(), THERE), (Wait(), HERE)], effects.Stuck.NUDGE),
        ([*[(CLICK, HERE)] * 4, (OTHER, HERE)], effects.Stuck.NO),
    ],
)
def test_repetition_escalates(turns: list[tuple[Action, Observation]], how: effects.Stuck) -> None:
    assert effects.stuck(steps(*turns)) is how


def test_the_same_click_on_changing_screens_is_progress() -> None:
    screens = [look((0, 0, 40 * n, 40 * n)) for n in range(1, 9)]
    assert effects.stuck(steps(*[(CLICK, seen) for seen in screens])) is effects.Stuck.NO


def test_unusable_answers_are_not_repetition() -> None:
    assert effects.stuck([Step(i, HERE) for i in range(9)]) is effects.Stuck.NO
