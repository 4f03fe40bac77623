"""Points of the picture and positions on the desktop: monitors, offsets, scales, paths."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui_agent.errors import SetupError
from gui_agent.platforms.desktop_geometry import Area, choose, off_the_corner, path
from gui_agent.screen import Point

LOADED = settings(deadline=None)
"""The machine may be busy; nothing here is about time."""
SIDES = st.integers(min_value=2, max_value=8000)
OFFSETS = st.integers(min_value=-8000, max_value=8000)
AREAS = st.builds(Area, OFFSETS, OFFSETS, SIDES, SIDES)
FRACTIONS = st.floats(min_value=0, max_value=1)
POINTS = st.builds(Point, FRACTIONS, FRACTIONS)


@LOADED
@given(AREAS, POINTS)
def test_every_point_lies_on_its_monitor(area: Area, point: Point) -> None:
    x, y = area.position(point)
    assert area.left <= x < area.left + area.width
    assert area.top <= y < area.top + area.height


@LOADED
@given(AREAS, st.data())
def test_every_position_comes_back_from_its_own_point(area: Area, data: st.DataObject) -> None:
    x = data.draw(st.integers(area.left, area.left + area.width - 1))
    y = data.draw(st.integers(area.top, area.top + area.height - 1))
    assert area.position(area.point((x, y))) == (x, y)


def test_the_scale_of_the_picture_does_not_matter() -> None:
    retina = Area(0, 0, 1440, 900)  # its picture has 2880 × 1800 pixels
    assert retina.position(Point.of(2001, 1001, 2880, 1800)) == (1000, 500)


def test_a_monitor_left_of_the_first_has_negative_positions() -> None:
    left = Area(-1920, -200, 1920, 1080)
    assert left.position(Point(0.5, 0.5)) == (-960, 340)
    assert left.point((-1920, -200)).x < 0.001


def test_a_monitor_is_chosen_by_its_number() -> None:
    both, first, second = Area(0, 0, 3200, 1080), Area(0, 0, 1920, 1080), Area(1920, 0, 1280, 1024)
    monitors = [both, first, second]
    assert [choose(monitors, n) for n in (0, 1, 2)] == monitors
    with pytest.raises(SetupError, match=r"no monitor 3.*1: 1920×1080.*2: 1280×1024 at \(1920, 0"):
        choose(monitors, 3)
    with pytest.raises(SetupError):
        choose(monitors, -1)


@LOADED
@given(AREAS, AREAS, POINTS)
def test_the_agent_never_points_at_a_corner(desktop: Area, monitor: Area, point: Point) -> None:
    position = monitor.position(point)
    moved = off_the_corner(position, desktop)
    if min(desktop.width, desktop.height) > 2:
        assert moved not in desktop.corners
    assert max(abs(moved[0] - position[0]), abs(moved[1] - position[1])) <= 1
    if position not in desktop.corners:
        assert moved == position


STATIONS = st.lists(st.tuples(OFFSETS, OFFSETS), min_size=2, max_size=5)


@LOADED
@given(STATIONS, st.floats(min_value=5, max_value=50))
def test_a_path_leads_through_every_station_in_small_steps(
    stations: list[tuple[int, int]], stride: float
) -> None:
    way = [stations[0], *path(stations, stride)]
    assert all(math.dist(a, b) <= stride + 2 for a, b in pairwise(way))
    trail = iter(way)
    assert all(station in trail for station in stations)
    assert way[-1] == stations[-1]


def test_boxes_are_clipped_to_the_area() -> None:
    area = Area(100, 100, 200, 100)
    box = area.box(50, 150, 100, 1000)
    assert box is not None
    assert (box.left, box.top, box.right, box.bottom) == (0, 0.5, 0.25, 1)
    assert area.box(0, 0, 100, 100) is None
    assert area.box(150, 150, 0, 10) is None
