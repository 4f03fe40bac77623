"""What the driver's fingers and keys do on the Chromium phone; the phone's state decides."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator

import pytest

from gui_agent.actions import (
    Click,
    Drag,
    GoBack,
    GoHome,
    LongPress,
    Pinch,
    PressKeys,
    Scroll,
    Swipe,
)
from gui_agent.errors import ActionFailed
from gui_agent.platforms.android import AndroidPlatform
from gui_agent.screen import Box, Observation, Point
from tests.phone import Phone
from tests.phone.driving import drive, named, tap

pytestmark = [pytest.mark.phone, pytest.mark.browser]

SWIPES = [{"direction": direction} for direction in ("up", "down", "left", "right")]
SETTINGS, NOTES, FILES = "com.android.settings", "com.example.notes", "com.android.documentsui"


@pytest.fixture
async def driver(chromium: Phone) -> AsyncIterator[AndroidPlatform]:
    chromium.reset()
    platform = drive(chromium)
    await platform.open()
    yield platform
    await platform.close()


async def opened(driver: AndroidPlatform, phone: Phone, package: str) -> Observation:
    phone.launch(package)
    seen = await driver.observe()
    assert seen.where == package
    return seen


def rows(seen: Observation) -> list[str]:
    return [element.name.partition(",")[0] for element in seen.marked]


async def test_a_tap_opens_what_is_under_it(chromium: Phone, driver: AndroidPlatform) -> None:
    seen = await opened(driver, chromium, SETTINGS)
    seen = await tap(driver, seen, "Connected devices, Bluetooth, pairing")
    seen = await tap(driver, seen, "Connection preferences, Bluetooth, NFC")
    switch = named(seen, "Bluetooth", "switch")
    assert "checked" not in switch.states
    seen = await tap(driver, seen, "Bluetooth", "switch")
    assert "checked" in named(seen, "Bluetooth", "switch").states
    assert chromium.state["settings"]["global"]["bluetooth_on"] == "1"


async def test_a_press_is_as_long_as_asked_for(chromium: Phone) -> None:
    chromium.reset()
    driver = drive(chromium, press=0.6, elements=False)
    await driver.open()
    try:
        await opened(driver, chromium, NOTES)
        await driver.perform(Click(at=Point(0.5, 0.2)))
        assert chromium.state["popups"], "a tap of 0.6 s is a long press"
    finally:
        await driver.close()


async def test_a_long_press_opens_the_menu(chromium: Phone, driver: AndroidPlatform) -> None:
    seen = await opened(driver, chromium, NOTES)
    note = next(e for e in seen.marked if e.name.startswith("Book list"))
    await driver.perform(LongPress(at=note.box.center, mark=note.mark, seconds=0.3))
    assert "Rename" in rows(await driver.observe())


async def test_a_double_tap_is_two_quick_presses(chromium: Phone, driver: AndroidPlatform) -> None:
    await driver.observe()
    before = len(chromium.injected)
    await driver.perform(Click(at=Point(0.5, 0.99), count=2))
    phases = [line.split()[0] for line in chromium.injected[before:]]
    assert phases == ["down", "up", "down", "up"]


@pytest.mark.parametrize(
    ("action", "shown"),
    [
        (Swipe(direction="up"), True),
        (Swipe(direction="down"), False),
        (Swipe(direction="up", within=Box(0.1, 0.3, 0.9, 0.9)), True),
        (Scroll(direction="down", amount=1), True),
        (Scroll(direction="up", amount=1), False),
        (Scroll(direction="down", amount=8, unit="notch", at=Point(0.5, 0.6)), True),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
async def test_the_finger_and_the_content_move_in_opposite_directions(
    chromium: Phone, driver: AndroidPlatform, action: Swipe | Scroll, shown: bool
) -> None:
    assert "About phone" not in rows(await opened(driver, chromium, SETTINGS))
    await driver.perform(action)
    assert ("About phone" in rows(await driver.observe())) is shown


async def test_a_swipe_goes_exactly_where_the_model_says(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    await opened(driver, chromium, SETTINGS)
    before = len(chromium.injected)
    path = Point(0.5, 0.75), Point(0.5, 0.25)
    await driver.perform(Swipe(direction="up", along=path))
    assert "About phone" in rows(await driver.observe())
    moved = [line.split() for line in chromium.injected[before:]]
    first, last = ([int(x) for x in line[1:]] for line in (moved[0], moved[-1]))
    assert (first, last) == ([585, 1899], [585, 633])


async def test_a_swipe_up_opens_the_drawer_and_does_not_go_home(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    await driver.observe()
    await driver.perform(Swipe(direction="up"))
    assert "Search apps" in rows(await driver.observe())


async def test_no_swipe_begins_at_an_edge(chromium: Phone, driver: AndroidPlatform) -> None:
    await driver.observe()
    before = len(chromium.injected)
    for swipe in map(Swipe.model_validate, SWIPES):
        await driver.perform(swipe)
    starts = [line.split() for line in chromium.injected[before:] if line.startswith("down")]
    assert len(starts) == 4
    for _, x, y in starts:
        assert 0.08 <= int(x) / 1170 <= 0.92
        assert 0.07 <= int(y) / 2532 <= 0.9
    with pytest.raises(ActionFailed, match="edge"):
        await driver.perform(Swipe(direction="left", within=Box(0, 0.2, 0.05, 0.3)))


async def test_a_slider_is_dragged(chromium: Phone, driver: AndroidPlatform) -> None:
    seen = await opened(driver, chromium, SETTINGS)
    row = next(e for e in seen.marked if e.name.startswith("Display"))
    await driver.perform(Click(at=row.box.center, mark=row.mark))
    slider = next(e for e in (await driver.observe()).marked if e.role == "slider")
    box, y = slider.box, slider.box.center.y
    start = Point(box.left + (box.right - box.left) * 120 / 255, y)
    await driver.perform(Drag(path=(start, Point(box.right - 0.02, y)), mark=slider.mark))
    await driver.observe()
    assert int(chromium.state["settings"]["system"]["screen_brightness"]) > 230


async def test_two_fingers_zoom_a_photo(chromium: Phone, driver: AndroidPlatform) -> None:
    seen = await tap(driver, await opened(driver, chromium, FILES), "▣, DCIM, 1 items")
    seen = await tap(driver, seen, "▤, IMG_0001.jpg, 9 B")
    photo = named(seen, "Photo")
    before = len(chromium.injected)
    await driver.perform(Pinch(direction="out", within=photo.box, mark=photo.mark))
    assert chromium.state["apps"][FILES]["zoom"] > 2
    apart = fingers(chromium, before)
    assert spread(apart, "up") > 4 * spread(apart, "down"), "the fingers moved apart"
    before = len(chromium.injected)
    await driver.observe()
    await driver.perform(Pinch(direction="in"))
    assert chromium.state["apps"][FILES]["zoom"] < 1.5
    together = fingers(chromium, before)
    assert spread(together, "down") > 4 * spread(together, "up"), "the fingers moved together"


def fingers(phone: Phone, since: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Where each of two fingers was put down and lifted: (phase, finger) → x, y."""
    lines = [line.split() for line in phone.injected[since:] if line.startswith(("down", "up"))]
    found = {(phase, *more[1:2]): (int(x), int(y)) for phase, x, y, *more in lines}
    assert len(lines) == len(found) == 4, lines
    return {(phase, more[0] if more else "0"): at for (phase, *more), at in found.items()}


def spread(fingers: dict[tuple[str, str], tuple[int, int]], phase: str) -> float:
    return math.dist(fingers[phase, "0"], fingers[phase, "1"])


async def test_a_pinch_needs_room(driver: AndroidPlatform) -> None:
    await driver.observe()
    with pytest.raises(ActionFailed, match="too small to pinch"):
        await driver.perform(Pinch(direction="out", within=Box(0, 0.2, 0.05, 0.3)))


async def test_back_home_recents_and_chords(chromium: Phone, driver: AndroidPlatform) -> None:
    await opened(driver, chromium, NOTES)
    await opened(driver, chromium, FILES)
    await driver.perform(PressKeys(keys=("recents",)))
    seen = await tap(driver, await driver.observe(), "Notes")
    assert seen.where == NOTES
    await driver.perform(GoHome())
    assert (await driver.observe()).where.endswith("nexuslauncher")
    await opened(driver, chromium, NOTES)
    await driver.perform(GoBack())
    assert (await driver.observe()).where != NOTES
    with pytest.raises(ActionFailed, match="no key"):
        await driver.perform(PressKeys(keys=("hyper",)))
    with pytest.raises(ActionFailed, match="held"):
        await driver.perform(PressKeys(keys=("a", "b")))


async def test_the_size_is_that_of_the_frame_also_when_turned(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    upright = await driver.observe()
    assert (upright.screenshot.width, upright.screenshot.height) == (1170, 2532)
    with chromium.fault("rotated"):
        with pytest.raises(ActionFailed, match="turned"):
            await driver.perform(Click(at=Point(0.5, 0.5)))
        turned = await driver.observe()
        assert (turned.screenshot.width, turned.screenshot.height) == (2532, 1170)
        assert driver.look is not None
        assert driver.look.rotation == 1
        assert (await tap(driver, turned, "Settings")).where == SETTINGS


async def test_a_smaller_picture_is_made_on_the_phone_and_taps_still_hit(chromium: Phone) -> None:
    chromium.reset()
    driver = drive(chromium, scale=0.5, quality=50)
    await driver.open()
    try:
        seen = await driver.observe()
        assert (seen.screenshot.width, seen.screenshot.height) == (585, 1266)
        assert (await tap(driver, seen, "Notes")).where == NOTES
    finally:
        await driver.close()


async def test_what_has_gone_or_is_covered_is_not_tapped(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    seen = await opened(driver, chromium, SETTINGS)
    row = named(seen, "Battery, 82% - charging")
    chromium.say("dialog", "Allow this?")
    with pytest.raises(ActionFailed, match="come to the front"):
        await driver.perform(Click(at=row.box.center, mark=row.mark))
    await tap(driver, await driver.observe(), "Allow")
    seen = await driver.observe()
    row = named(seen, "Battery, 82% - charging")
    await driver.perform(Scroll(direction="down", amount=1))
    with pytest.raises(ActionFailed, match="not there any more"):
        await driver.perform(Click(at=row.box.center, mark=row.mark))


async def test_what_a_phone_cannot_do_is_said(driver: AndroidPlatform) -> None:
    from gui_agent.actions import CloseTab, Hover

    await driver.observe()
    for action, words in ((Hover(at=Point(0.5, 0.5)), "pointer"), (CloseTab(), "no tabs")):
        with pytest.raises(ActionFailed, match=words):
            await driver.perform(action)
