"""The platform on a real X server: what it sees and refuses, and what it never leaves behind."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from gui_agent.actions import (
    Click,
    Drag,
    GoBack,
    LongPress,
    OpenApp,
    OpenUrl,
    Pinch,
    PressKeys,
    Swipe,
    SwitchTab,
    TypeText,
    Wait,
)
from gui_agent.errors import ActionFailed, SetupError, Stopped
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.platforms.desktop_checks import checks
from gui_agent.platforms.desktop_virtual import VirtualDisplay
from gui_agent.platforms.desktop_x11 import connect
from gui_agent.protocols import Platform
from gui_agent.screen import Point
from gui_agent.testing import PlatformContract
from tests.desktop.catalogue import at
from tests.desktop.conftest import SIZE, Talker, app, stopped_manager, talker, window
from tests.desktop.test_catalogue import PROBE
from tests.desktop.test_typing import FIELD

MIDDLE = Point(0.5, 0.5)


@pytest.fixture
def probe(display: VirtualDisplay) -> Iterator[Talker]:
    with talker(PROBE, *SIZE) as program:
        program.events()
        yield program


@pytest.fixture
def server(display: VirtualDisplay) -> Iterator[Any]:
    """A connection of somebody else: the user's hand, or a look from outside."""
    connection = connect(display.name)
    yield connection
    connection.close()


def move(server: Any, x: int, y: int) -> None:
    server.screen().root.warp_pointer(x, y)
    server.sync()


def held(server: Any) -> int:
    """Buttons and modifiers that are down (Num Lock aside)."""
    mask: int = server.screen().root.query_pointer().mask
    return mask & ~0x10


async def pressed(server: Any) -> None:
    while not held(server):
        await asyncio.sleep(0.01)


@pytest.mark.usefixtures("display")
class TestContract(PlatformContract):
    def make(self) -> Platform:
        return DesktopPlatform(takeover=False)


async def test_the_picture_is_the_whole_screen(desktop: DesktopPlatform, probe: Talker) -> None:
    seen = await desktop.observe()
    picture = Image.open(io.BytesIO(seen.screenshot.data))
    assert picture.size == SIZE
    red, green, blue = picture.convert("RGB").getpixel((640, 400))  # type: ignore[misc]
    assert (abs(red - 0xDF), abs(green - 0xE8), abs(blue - 0xF0)) < (4, 4, 4)
    assert {"settle", "capture", "marks"} <= set(seen.timings)


async def test_where_is_the_program_with_the_focus(desktop: DesktopPlatform) -> None:
    with talker(FIELD, 50, 50) as _, app("xterm", "-T", "a shell", "-e", "cat"):
        await window(desktop, "xterm")
        seen = await desktop.observe()
        assert (seen.where, seen.title) == ("XTerm", "a shell")
        assert seen.tabs == ("Field", "a shell")
        assert seen.tab == 1
        await desktop.perform(SwitchTab(index=0))
        assert (await desktop.observe()).where == "Field"
        with pytest.raises(ActionFailed, match="no window 7; there are 2"):
            await desktop.perform(SwitchTab(index=7))


async def test_an_application_opens_by_name_and_comes_to_the_front(display: VirtualDisplay) -> None:
    apps = {"Cat": "xterm -T kitten -e cat", "broken": "false"}
    desktop = DesktopPlatform(takeover=False, apps=apps)
    await desktop.open()
    try:
        assert await desktop.perform(OpenApp(name="cat")) == ""
        await window(desktop, "xterm")
        with talker(FIELD, 500, 50):
            await window(desktop, "field")
            assert "open already" in await desktop.perform(OpenApp(name="kitten"))
            assert (await desktop.observe()).title == "kitten"
        await desktop.perform(PressKeys(keys=("ctrl", "d")))
        with pytest.raises(ActionFailed, match="no application 'Nonesuch'"):
            await desktop.perform(OpenApp(name="Nonesuch"))
        with pytest.raises(ActionFailed, match="ended at once with exit code 1"):
            await desktop.perform(OpenApp(name="broken"))
    finally:
        await desktop.close()


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (GoBack(), "no general way back"),
        (Swipe(direction="up"), "no finger on a desktop"),
        (Pinch(direction="out"), "to zoom, press ctrl"),
        (OpenUrl(url="file:///etc"), "Only http"),
    ],
)
async def test_what_a_desktop_has_not_is_explained(
    action: GoBack | Swipe | Pinch | OpenUrl, words: str, desktop: DesktopPlatform
) -> None:
    with pytest.raises(ActionFailed, match=words):
        await desktop.perform(action)


async def test_an_unknown_key_presses_nothing(desktop: DesktopPlatform, probe: Talker) -> None:
    with pytest.raises(ActionFailed, match="no key 'nonsuch'"):
        await desktop.perform(PressKeys(keys=("ctrl", "nonsuch")))
    with pytest.raises(ActionFailed, match="No key of this keyboard layout gives '汉'"):
        await desktop.perform(PressKeys(keys=("ctrl", "汉")))
    keys = [(e["kind"], e["key"]) for e in probe.events() if e["kind"] != "move"]
    assert keys == [("key", "Control_L"), ("key_up", "Control_L")]


@pytest.mark.parametrize(
    "action",
    [
        LongPress(at=at(300, 300), seconds=8),
        Drag(path=tuple(at(100 + 400 * (i % 2), 100 + i) for i in range(80))),
    ],
)
async def test_a_cancelled_action_lets_go(
    action: LongPress | Drag, desktop: DesktopPlatform, probe: Talker, server: Any
) -> None:
    task = asyncio.create_task(desktop.perform(action))
    await pressed(server)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert held(server) == 0
    kinds = [e["kind"] for e in probe.events() if e["kind"] != "move"]
    assert kinds == ["press", "release"]


async def test_a_click_with_modifiers_leaves_none_held(
    desktop: DesktopPlatform, probe: Talker, server: Any
) -> None:
    await desktop.perform(Click(at=MIDDLE, modifiers=("ctrl", "alt", "shift", "meta")))
    assert held(server) == 0


async def test_a_corner_is_the_users_brake(
    desktop: DesktopPlatform, probe: Talker, server: Any
) -> None:
    await desktop.observe()
    for corner in ((0, 0), (1279, 0), (0, 799), (1279, 799)):
        move(server, *corner)
        with pytest.raises(Stopped, match=r"Stopped by you.*corner"):
            await desktop.perform(Click(at=MIDDLE))
    assert not [e for e in probe.events() if e["kind"] != "move"]
    move(server, 600, 400)
    await desktop.perform(Click(at=MIDDLE))
    assert [e["kind"] for e in probe.events() if e["kind"] != "move"] == ["press", "release"]


async def test_the_brake_works_in_the_middle_of_a_drag(
    desktop: DesktopPlatform, probe: Talker, server: Any
) -> None:
    way = tuple(at(100 + 400 * (i % 2), 100 + i) for i in range(80))
    task = asyncio.create_task(desktop.perform(Drag(path=way)))
    await pressed(server)
    while not task.done():
        move(server, 0, 0)
        await asyncio.sleep(0.002)
    with pytest.raises(Stopped, match="Stopped by you"):
        await task
    assert held(server) == 0
    move(server, 600, 400)


async def test_a_pointer_left_in_a_corner_before_the_run_is_no_brake(
    display: VirtualDisplay, server: Any
) -> None:
    move(server, 0, 0)
    platform = DesktopPlatform()
    await platform.open()
    try:
        await platform.perform(Click(at=Point(0.9, 0.9)))
    finally:
        await platform.close()


async def test_it_stands_back_while_the_user_moves_the_mouse(
    display: VirtualDisplay, probe: Talker, server: Any
) -> None:
    platform = DesktopPlatform()
    await platform.open()
    try:
        await platform.perform(Click(at=MIDDLE))
        probe.events()
        move(server, 300, 200)
        started = time.monotonic()
        task = asyncio.create_task(platform.perform(Click(at=MIDDLE)))
        await asyncio.sleep(0.5)
        move(server, 310, 200)
        with pytest.raises(ActionFailed, match="the user was using the mouse"):
            await task
        assert time.monotonic() - started >= 3.4
        assert not [e for e in probe.events() if e["kind"] == "press"]
        await platform.perform(Click(at=MIDDLE))
        assert [e for e in probe.events() if e["kind"] == "press"]
    finally:
        await platform.close()


async def test_a_wait_can_be_cancelled(desktop: DesktopPlatform) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await desktop.perform(Wait(seconds=30))


async def test_one_process_drives_one_display(desktop: DesktopPlatform) -> None:
    other = DesktopPlatform(display=":987")
    with pytest.raises(SetupError, match="already drives the display"):
        await other.open()
    await other.close()


async def test_a_black_screen_is_said_to_be_black(
    display: VirtualDisplay, desktop: DesktopPlatform, server: Any
) -> None:
    screen = server.screen()
    cover = screen.root.create_window(
        *(0, 0, *SIZE, 0, screen.root_depth), background_pixel=0, override_redirect=True
    )
    cover.map()
    server.sync()
    seen = await desktop.observe()
    cover.destroy()
    server.sync()
    assert any("all black" in note for note in seen.notes)
    assert not any("all black" in note for note in (await desktop.observe()).notes)


async def test_a_program_that_hangs_is_noticed(desktop: DesktopPlatform) -> None:
    with app("galculator") as program:
        await window(desktop, "galculator")
        program.send_signal(signal.SIGSTOP)
        try:
            seen = await desktop.observe()
        finally:
            program.send_signal(signal.SIGCONT)
        assert any("does not respond" in note for note in seen.notes)
        assert not (await desktop.observe()).notes


async def test_a_picture_that_never_rests_is_said_to_change(desktop: DesktopPlatform) -> None:
    noise = "while :; do head -c 4000 /dev/urandom | base64; sleep 0.02; done"
    with app("xterm", "-geometry", "120x40", "-e", "sh", "-c", noise):
        await window(desktop, "xterm")
        started = time.monotonic()
        await desktop.observe()
        assert time.monotonic() - started < 5


async def test_nothing_is_left_behind(display: VirtualDisplay, tmp_path: Path) -> None:
    code = (
        "import asyncio; from gui_agent.platforms.desktop import DesktopPlatform as D;"
        "from gui_agent.actions import *\n"
        "async def main():\n"
        " d = D(takeover=False); await d.open(); await d.perform(TypeText(text='x' * 99));"
        " await d.close()\n"
        "asyncio.run(main())"
    )
    with talker(FIELD, 50, 50):
        await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", code], check=True, timeout=30, cwd=tmp_path
        )


async def test_text_goes_where_it_was_pointed(desktop: DesktopPlatform) -> None:
    with talker(FIELD, 50, 50) as first, talker(FIELD, 650, 50) as second:
        await desktop.perform(TypeText(text="一", at=at(300, 200)))
        await desktop.perform(TypeText(text="two", at=at(900, 200)))
        await desktop.perform(TypeText(text=" 三", at=at(300, 200)))
        assert (first.ask("text")["text"], second.ask("text")["text"]) == ("一 三", "two")


async def test_no_key_overtakes_a_click_that_the_window_manager_still_holds(
    desktop: DesktopPlatform,
) -> None:
    with talker(FIELD, 50, 50) as first, talker(FIELD, 650, 50) as second:
        await desktop.perform(TypeText(text="two", at=at(900, 200)))
        for place in (at(300, 200), at(655, 80)):  # another window; the start of the text
            with stopped_manager() as manager:
                task = asyncio.create_task(desktop.perform(TypeText(text="1 ", at=place)))
                await asyncio.sleep(0.8)
                os.kill(manager, signal.SIGCONT)
                await task
        assert (first.ask("text")["text"], second.ask("text")["text"]) == ("1 ", "1 two")


async def test_a_click_that_does_not_get_through_is_said_and_nothing_is_typed(
    desktop: DesktopPlatform,
) -> None:
    with talker(FIELD, 50, 50) as field:
        with stopped_manager(), pytest.raises(ActionFailed, match="window manager does not resp"):
            await desktop.perform(TypeText(text="lost", at=at(300, 200)))
        await desktop.perform(TypeText(text="found", at=at(300, 200)))
        assert field.ask("text")["text"] == "found"


async def test_doctor_says_what_works(display: VirtualDisplay, tmp_path: Path) -> None:
    picture = tmp_path / "cross.png"
    found = {check.name: check for check in await checks(picture=picture)}
    names = {"screen", "monitors", "scale", "pointer", "window manager", "keyboard", "clipboard"}
    assert {*names, "applications", "picture"} <= set(found)
    screen = found.pop("screen")
    assert "1280×800 pixels" in screen.detail  # on a busy machine it also says that this was slow
    assert {check.verdict for check in found.values()} == {"ok"}, found
    red = Image.open(picture).getpixel((SIZE[0] // 2, SIZE[1] // 2))
    assert red == (255, 0, 0)


async def test_doctor_says_what_does_not_work(desktop: DesktopPlatform) -> None:
    (only,) = await checks(display=":987")
    assert only.verdict == "fail"
    assert "already drives" in only.detail
    assert "another process" in only.fix
