"""What the driver does when things go wrong on the way, and what it leaves behind."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

import pytest

from gui_agent.actions import Click, GoHome, Wait
from gui_agent.errors import ActionFailed, PersonNeeded, PlatformLost, SetupError
from gui_agent.platforms.android import AndroidPlatform
from gui_agent.screen import Point
from tests.phone import AdbServer, Phone
from tests.phone.client import until
from tests.phone.driving import drive, named, tap
from tests.phone.packages import U2_KEYBOARD, Package

pytestmark = [pytest.mark.phone, pytest.mark.slow]

BANK, NOTES = "com.example.bank", "com.example.notes"
SOMEWHERE = Click(at=Point(0.5, 0.9))


@pytest.fixture
async def driver(phone: Phone) -> AsyncIterator[AndroidPlatform]:
    phone.reset()
    platform = drive(phone)
    await platform.open()
    yield platform
    await platform.close()


@contextmanager
def later(seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """Something happens to the phone while the driver is at work."""
    timer = threading.Timer(seconds, act)
    timer.start()
    try:
        yield
    finally:
        timer.join()


def downs(phone: Phone) -> int:
    return sum(line.startswith("down") for line in phone.injected)


# Pictures


async def test_a_protected_window_is_handed_over(phone: Phone, driver: AndroidPlatform) -> None:
    phone.launch(BANK)
    with pytest.raises(PersonNeeded, match=r"com\.example\.bank is protected from pictures"):
        await driver.observe()
    phone.launch(NOTES)
    assert (await driver.observe()).where == NOTES


async def test_where_even_a_black_picture_is_refused_it_is_handed_over(server: AdbServer) -> None:
    with Phone("android9", server=server) as phone:
        driver = drive(phone, protected=True)
        await driver.open()
        try:
            phone.launch(BANK)
            with pytest.raises(PersonNeeded, match="gives no picture"):
                await driver.observe()
        finally:
            await driver.close()


async def test_by_its_elements_alone_when_the_user_allows_it(phone: Phone) -> None:
    phone.reset()
    driver = drive(phone, protected=True)
    await driver.open()
    try:
        phone.launch(BANK)
        seen = await driver.observe()
        assert any("protected" in note for note in seen.notes)
        assert named(seen, "Text", "textbox")
        assert driver.look is not None
        assert driver.look.secure
        assert driver.look.frame.blank
    finally:
        await driver.close()


async def test_without_the_servers_picture_screencap_gives_one(
    phone: Phone, driver: AndroidPlatform
) -> None:
    with phone.fault("screenshot_null"):
        seen = await driver.observe()
    assert (seen.screenshot.media_type, seen.screenshot.width) == ("image/png", 1170)
    assert driver.look is not None
    assert driver.look.frame.source == "screencap"
    assert (await driver.observe()).screenshot.media_type == "image/jpeg"


async def test_no_picture_is_never_a_black_one(phone: Phone, driver: AndroidPlatform) -> None:
    with (
        phone.fault("screenshot_null"),
        phone.fault("screencap_fails"),
        pytest.raises(PlatformLost, match="Unable to take screenshot"),
    ):
        await driver.observe()


async def test_a_black_picture_of_a_screen_that_is_on_is_noted(
    phone: Phone, driver: AndroidPlatform
) -> None:
    with phone.fault("black_frame"):
        assert any("one colour" in note for note in (await driver.observe()).notes)


async def test_a_picture_that_hangs_costs_its_deadline_once(
    phone: Phone, driver: AndroidPlatform
) -> None:
    with phone.fault("rpc_hangs", only="takeScreenshot"):
        began = time.monotonic()
        assert (await driver.observe()).screenshot.media_type == "image/png"
        assert 5 <= time.monotonic() - began < 15
        began = time.monotonic()
        await driver.observe()
        assert time.monotonic() - began < 4


async def test_without_a_tree_the_picture_must_do(phone: Phone, driver: AndroidPlatform) -> None:
    for fault in ("empty_tree", "stack_overflow"):
        with phone.fault(fault):
            seen = await driver.observe()
            assert seen.elements == ()
            assert any("no elements" in note for note in seen.notes)
    assert (await driver.observe()).elements


async def test_a_slow_tree_is_not_waited_for_again(phone: Phone, driver: AndroidPlatform) -> None:
    with phone.fault("slow_dump", seconds=30):
        assert (await driver.observe()).elements == ()
        began = time.monotonic()
        await driver.perform(GoHome())
        await driver.observe()
        assert time.monotonic() - began < 2


async def test_a_short_message_is_told_once(phone: Phone, driver: AndroidPlatform) -> None:
    phone.say("toast", "Saved!")
    assert any('"Saved!"' in note for note in (await driver.observe()).notes)
    assert not (await driver.observe()).notes


# Sleep and lock


async def test_a_sleeping_phone_is_woken_and_unlocked(
    phone: Phone, driver: AndroidPlatform
) -> None:
    phone.break_("asleep")
    seen = await driver.observe()
    assert seen.where.endswith("nexuslauncher")
    assert phone.state["awake"]
    assert not phone.state["locked"]


async def test_a_phone_that_fell_asleep_is_not_tapped(
    phone: Phone, driver: AndroidPlatform
) -> None:
    await driver.observe()
    before = downs(phone)
    with phone.fault("asleep"), pytest.raises(ActionFailed, match="dark"):
        await driver.perform(SOMEWHERE)
    assert downs(phone) == before


async def test_a_lock_with_a_pin_is_handed_over(phone: Phone, driver: AndroidPlatform) -> None:
    with phone.fault("locked", pin="1234"):
        with pytest.raises(PersonNeeded, match="unlock it"):
            await driver.observe()
        assert phone.state["locked"]
    assert (await driver.observe()).elements


# Connecting


async def test_no_phone_none_of_this_name_and_several(server: AdbServer) -> None:
    with AdbServer() as empty:
        lonely = AndroidPlatform(adb=f"127.0.0.1:{empty.port}")
        with pytest.raises(SetupError, match="No phone is connected"):
            await lonely.open()
    with Phone(server=server) as one, Phone(server=server) as two:
        with pytest.raises(SetupError, match=f"(?s)several phones.*{one.serial}"):
            await AndroidPlatform(adb=f"127.0.0.1:{server.port}").open()
        with pytest.raises(SetupError, match=f"(?s)no phone 'X1'.*{two.serial}"):
            await AndroidPlatform("X1", adb=f"127.0.0.1:{server.port}").open()


@pytest.mark.parametrize(
    ("fault", "words"), [("unauthorized", "accept the question"), ("offline", "does not answer")]
)
async def test_a_phone_that_is_listed_and_unusable(
    server: AdbServer, fault: str, words: str
) -> None:
    with Phone(server=server) as phone, phone.fault(fault):
        assert until(lambda: phone.adb_state() == fault)
        with pytest.raises(SetupError, match=words):
            await drive(phone).open()


async def test_a_phone_on_wifi_is_dialled(server: AdbServer) -> None:
    with Phone(server=server, connect=False) as phone:
        driver = drive(phone)
        await driver.open()
        assert (await driver.observe()).elements
        await driver.close()


async def test_the_adb_server_is_started(phone: Phone) -> None:
    server = AdbServer()
    driver = AndroidPlatform(adb=f"127.0.0.1:{server.port}")
    try:
        with pytest.raises(SetupError, match="No phone is connected"):
            await driver.open()
        assert "List of devices" in server.run("devices")
    finally:
        server.run("kill-server", check=False)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("storage_full", "storage is full"),
        ("already_registered", "Another program holds"),
        ("server_quits", "no window manager"),
        ("inject_denied", r"USB debugging \(Security settings\)"),
    ],
)
async def test_a_phone_that_refuses_says_what_to_do(
    server: AdbServer, fault: str, words: str
) -> None:
    with Phone(server=server) as phone, phone.fault(fault):
        with pytest.raises(SetupError, match=words):
            await drive(phone).open()
        assert phone.state["u2_port"] is None


async def test_a_phone_that_is_starting_is_waited_for(server: AdbServer) -> None:
    with Phone(server=server) as phone:
        phone.break_("booting")
        with later(0.5, lambda: phone.mend("booting")):
            driver = drive(phone)
            await driver.open()
        assert "booting" not in phone.device.faults
        await driver.close()


async def test_a_port_that_is_taken_does_not_matter(server: AdbServer) -> None:
    with Phone(server=server) as phone, phone.fault("port_taken"):
        driver = drive(phone)
        await driver.open()
        assert phone.state["u2_port"] != 9008
        await driver.close()


# Trouble on the way


@pytest.mark.parametrize("fault", ["server_killed", "automation_lost", "link_drop"])
async def test_what_heals_is_healed_and_the_tap_happens_once(
    phone: Phone, driver: AndroidPlatform, fault: str
) -> None:
    await driver.observe()
    before = downs(phone)
    phone.break_(fault)
    await driver.perform(SOMEWHERE)
    assert downs(phone) == before + 1
    assert (await driver.observe()).elements


async def test_what_may_have_happened_is_not_repeated(server: AdbServer) -> None:
    with Phone(server=server) as phone:
        driver = drive(phone)
        await driver.open()
        try:
            await driver.observe()
            for fault, options in (("server_dies", {}), ("rpc_hangs", {"only": "click"})):
                clicks = phone.log.count("rpc:click")
                # The check before the tap asks deviceInfo, which must not use the fault up.
                with armed(phone, fault, options), pytest.raises(ActionFailed, match="or not"):
                    await driver.perform(SOMEWHERE)
                assert phone.log.count("rpc:click") == clicks + 1
                assert (await driver.observe()).elements
        finally:
            await driver.close()


@contextmanager
def armed(phone: Phone, fault: str, options: dict[str, str]) -> Iterator[None]:
    """The fault is in force from the moment a click begins."""
    if fault == "server_dies":
        click = threading.Thread(target=lambda: until(lambda: _die_in_click(phone)))
        click.start()
        yield
        click.join()
    else:
        with phone.fault(fault, **options):
            yield


def _die_in_click(phone: Phone) -> bool:
    if phone.log[-1] != "rpc:click":
        return False
    phone.break_("server_killed")
    return True


@pytest.mark.parametrize("fault", ["lost", "left_network", "offline"])
async def test_a_phone_that_comes_back_is_used_again(server: AdbServer, fault: str) -> None:
    with Phone(server=server) as phone:
        driver = drive(phone)
        await driver.open()
        try:
            await driver.observe()
            phone.break_(fault)
            with later(1.0, lambda: phone.mend(fault)):
                assert (await driver.observe()).elements
            before = downs(phone)
            await driver.perform(SOMEWHERE)
            assert downs(phone) == before + 1
        finally:
            await driver.close()


async def test_a_phone_that_stays_away_is_lost_and_closing_is_quick(server: AdbServer) -> None:
    with Phone(server=server) as phone:
        driver = drive(phone)
        await driver.open()
        with phone.fault("unauthorized"):
            with pytest.raises(PlatformLost, match="accept the question"):
                await driver.observe()
            began = time.monotonic()
            await driver.close()
            assert time.monotonic() - began < 10


async def test_taps_forbidden_on_the_way_end_the_run(phone: Phone, driver: AndroidPlatform) -> None:
    await driver.observe()
    with phone.fault("inject_denied"), pytest.raises(PlatformLost, match="permission monitoring"):
        await driver.perform(SOMEWHERE)


async def test_answers_that_are_none_end_the_run(phone: Phone, driver: AndroidPlatform) -> None:
    with phone.fault("rpc_unreadable"), pytest.raises(PlatformLost, match="captive portal"):
        await driver.observe()


async def test_a_cancelled_step_leaves_the_phone_usable(
    phone: Phone, driver: AndroidPlatform
) -> None:
    await driver.observe()
    with phone.fault("rpc_hangs", only="click"):
        task = asyncio.create_task(driver.perform(SOMEWHERE))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert (await driver.observe()).elements
    await driver.perform(Wait(seconds=0.01))


# What is left


async def test_nothing_is_left_but_the_servers_file(server: AdbServer) -> None:
    with Phone(server=server) as phone:
        settings, keyboards = phone.state["settings"], list(phone.device.enabled_keyboards)
        driver = drive(phone)
        await driver.open()
        await driver.observe()
        assert phone.state["settings"]["global"]["stay_on_while_plugged_in"] == "7"
        await driver.close()
        assert phone.state["u2_port"] is None
        assert phone.state["settings"] == settings
        assert phone.device.enabled_keyboards == keyboards
        assert phone.adb("forward", "--list").strip() == ""
        assert phone.adb("shell", "ls /data/local/tmp").split() == ["u2.jar"]
        assert await drive(phone).reset() == ()
        assert phone.adb("shell", "ls /data/local/tmp").split() == []


CRASHING = """
import asyncio, sys
from gui_agent.actions import TypeText
from gui_agent.platforms.android import AndroidPlatform

async def main():
    driver = AndroidPlatform(sys.argv[1], adb=sys.argv[2])
    await driver.open()
    await driver.observe()
    await driver.perform(TypeText(text="left behind", at=(await field(driver))))
    print("typed", flush=True)
    await asyncio.sleep(60)

async def field(driver):
    return next(e for e in (await driver.observe()).marked if e.role == "textbox").box.center

asyncio.run(main())
"""


def crash(phone: Phone) -> None:
    """Another process types with a keyboard of its own, and is killed."""
    crashed = subprocess.Popen(
        [sys.executable, "-c", CRASHING, phone.serial, f"127.0.0.1:{phone.server.port}"],
        stdout=subprocess.PIPE,
        text=True,
    )
    with crashed:
        assert crashed.stdout is not None
        assert crashed.stdout.readline() == "typed\n"
        crashed.kill()


@pytest.mark.parametrize("cure", ["reset", "open"])
async def test_after_a_kill_the_next_start_or_a_reset_puts_the_phone_right(
    server: AdbServer, cure: str
) -> None:
    with Phone(server=server) as phone:
        phone.device.install(Package(U2_KEYBOARD.partition("/")[0], "Keyboard", "键盘"))
        phone.launch(NOTES)
        settings = phone.state["settings"]
        with phone.fault("set_text_ignored"):
            crash(phone)
        assert phone.state["keyboard"] == U2_KEYBOARD
        assert until(lambda: phone.state["u2_port"] is None), "its server died with it"
        driver = drive(phone)
        if cure == "reset":
            assert any("ime set" in line for line in await driver.reset())
            assert phone.state["settings"] == settings
        else:
            await driver.open()
            assert phone.state["keyboard"] == settings["secure"]["default_input_method"]
            await driver.close()
        assert phone.state["settings"] == settings
        assert U2_KEYBOARD not in phone.device.enabled_keyboards


async def test_two_phones_at_once(server: AdbServer) -> None:
    with Phone(server=server) as one, Phone("android12", server=server) as two:
        drivers = [drive(one), drive(two)]
        await asyncio.gather(*(driver.open() for driver in drivers))
        try:
            first, second = await asyncio.gather(*(driver.observe() for driver in drivers))
            await asyncio.gather(
                tap(drivers[0], first, "Notes"), tap(drivers[1], second, "Calculator")
            )
            assert one.state["foreground"] == NOTES
            assert two.state["foreground"] == "com.android.calculator2"
        finally:
            await asyncio.gather(*(driver.close() for driver in drivers))
