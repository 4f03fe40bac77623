"""Geometry: fractions in, device pixels out, and back to the same element."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui_agent.screen import Box, Element, Observation, Point, Screenshot

sides = st.integers(1, 5000)
fractions = st.floats(0, 1)


@st.composite
def css_boxes(draw: st.DrawFn) -> tuple[int, int, float, float, float, float]:
    """A viewport and a box of at least 4 × 4 CSS pixels in it."""
    width, height = draw(st.integers(200, 4000)), draw(st.integers(200, 4000))
    left = draw(st.floats(0, width - 4))
    top = draw(st.floats(0, height - 4))
    right = draw(st.floats(left + 4, width))
    bottom = draw(st.floats(top + 4, height))
    return width, height, left, top, right, bottom


@given(css_boxes(), st.sampled_from([1.0, 1.25, 1.5, 2.0, 2.625, 3.0]))
def test_the_centre_of_a_box_stays_in_it_at_any_pixel_ratio(
    case: tuple[int, int, float, float, float, float], ratio: float
) -> None:
    width, height, left, top, right, bottom = case
    box = Box.of(left, top, right, bottom, width, height)
    device = round(width * ratio), round(height * ratio)
    x, y = box.center.pixels(*device)
    assert left - 1 <= x / ratio <= right + 1
    assert top - 1 <= y / ratio <= bottom + 1


@given(css_boxes(), st.sampled_from([1000, 999]))
def test_a_centre_told_in_thousandths_comes_back_to_its_element(
    case: tuple[int, int, float, float, float, float], units: int
) -> None:
    width, height, left, top, right, bottom = case
    box = Box.of(left, top, right, bottom, width, height)
    told = round(box.center.x * units), round(box.center.y * units)
    back = Point.of(*told, units, units)
    slack_x, slack_y = width / units, height / units
    assert left - slack_x <= back.x * width <= right + slack_x
    assert top - slack_y <= back.y * height <= bottom + slack_y


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), sides, sides)
def test_any_position_is_clamped_into_the_frame(x: float, y: float, w: int, h: int) -> None:
    column, row = Point.of(x, y, w, h).pixels(w, h)
    assert 0 <= column < w
    assert 0 <= row < h


@given(fractions, fractions, fractions, fractions)
def test_inverted_boxes_are_sorted(a: float, b: float, c: float, d: float) -> None:
    box = Box.of(a, b, c, d, 1, 1)
    assert box == Box.of(c, d, a, b, 1, 1)
    assert box.contains(box.center)


@pytest.mark.parametrize("where", [(-0.1, 0), (0, 1.01), (float("nan"), 0)])
def test_points_outside_the_screen_do_not_exist(where: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        Point(*where)


def test_elements_are_found_by_mark() -> None:
    box = Box(0, 0, 1, 1)
    text, button = Element(None, box, "text", "Hi"), Element(0, box, "button", "Go")
    seen = Observation(Screenshot(b"", 1, 1), elements=(text, button))
    assert seen.element(0) is button
    assert seen.element(1) is None
    assert seen.marked == (button,)
