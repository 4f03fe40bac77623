"""Clicks, keys, wheels and drags of the catalogue, as the program below received them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gui_agent.actions import Click
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.platforms.desktop_hands import APART
from gui_agent.platforms.desktop_virtual import VirtualDisplay
from gui_agent.screen import Point
from tests.desktop.catalogue import EVENTS, TYPED, Entry, deviation
from tests.desktop.conftest import SIZE, Talker, talker

PROBE = Path(__file__).parents[1] / "platforms" / "desktop_probe.py"


@pytest.fixture(scope="module")
def probe(display: VirtualDisplay) -> Iterator[Talker]:
    with talker(PROBE, *SIZE) as program:
        yield program


def test_is_large_enough() -> None:
    names = [*(entry.name for entry in EVENTS), *(entry.name for entry in TYPED)]
    assert len(set(names)) == len(names) >= 100


@pytest.mark.parametrize("entry", EVENTS, ids=[entry.name for entry in EVENTS])
async def test_events(entry: Entry, desktop: DesktopPlatform, probe: Talker) -> None:
    probe.events()
    for action in entry.actions:
        await desktop.perform(action)
    assert deviation(entry, probe.events()) == ""


async def test_two_clicks_are_no_double_click(desktop: DesktopPlatform, probe: Talker) -> None:
    probe.events()
    for _ in range(2):
        await desktop.perform(Click(at=Point(0.7, 0.7)))
    first, second = (e["time"] for e in probe.events() if e["kind"] == "press")
    assert second - first >= APART * 1000 - 20
    await desktop.perform(Click(at=Point(0.7, 0.7), count=2))
    first, second = (e["time"] for e in probe.events() if e["kind"] == "press")
    assert second - first < 250, "a double click must be quick"


async def test_drag_and_long_press_take_their_time(desktop: DesktopPlatform, probe: Talker) -> None:
    long = next(e for e in EVENTS if e.name == "long press")
    probe.events()
    await desktop.perform(long.actions[0])
    press, release = (e["time"] for e in probe.events() if e["kind"] in ("press", "release"))
    assert 380 <= release - press < 1000
