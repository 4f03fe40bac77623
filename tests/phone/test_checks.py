"""What `gui-agent doctor --platform android` finds on phones with something wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gui_agent.checks import Check, failed
from gui_agent.platforms.android_checks import checks
from tests.phone import AdbServer, Phone

pytestmark = pytest.mark.phone
ROOT = Path(__file__).parents[2]
ROWS = """adb phone system storage power permission keyboard accessibility network apps automation
screen foreground pictures elements clipboard""".split()


async def look(phone: Phone) -> dict[str, Check]:
    rows = await checks(phone.serial, adb=f"127.0.0.1:{phone.server.port}")
    return {row.name: row for row in rows}


async def test_a_good_phone(chromium: Phone) -> None:
    chromium.reset()
    chromium.device.clipboard = "mine"
    found = await look(chromium)
    assert list(found) == ROWS
    assert not failed(found.values())
    assert [name for name, row in found.items() if row.verdict == "warn"] == ["network"]
    assert "google Pixel 8, Android 14 (SDK 34)" in found["system"].detail
    assert "1170×2532 by the server" in found["pictures"].detail
    assert "nexuslauncher" in found["foreground"].detail
    assert chromium.state["clipboard"] == "mine"
    assert chromium.state["u2_port"] is None, "the automation server was left running"
    assert chromium.injected[-1] == "key 224", "more than the harmless key was pressed"


@pytest.mark.parametrize(
    ("fault", "row", "verdict", "said"),
    [
        ("inject_denied", "permission", "fail", "second switch of USB debugging"),
        ("clipboard_denied", "clipboard", "warn", "other ways"),
        ("screenshot_null", "pictures", "ok", "by the screencap"),
        ("black_frame", "pictures", "warn", "All one colour"),
        ("empty_tree", "elements", "warn", "the picture has to do"),
        ("stack_overflow", "elements", "warn", "StackOverflowError"),
        ("already_registered", "automation", "fail", "Another program holds"),
        ("server_quits", "automation", "fail", "automation server"),
        ("locked", "screen", "warn", "Unlock it"),
    ],
)
async def test_what_is_wrong_is_named_with_its_cure(
    phone: Phone, fault: str, row: str, verdict: str, said: str
) -> None:
    phone.reset()
    phone.device.clipboard = "mine"
    with phone.fault(fault):
        found = await look(phone)
    assert found[row].verdict == verdict, found[row]
    assert said in f"{found[row].detail} {found[row].fix}"
    assert (found[row].fix != "") == (verdict != "ok")
    assert list(found) == ROWS[: ROWS.index("automation") + 1] or list(found) == ROWS


async def test_no_picture_in_either_way(phone: Phone) -> None:
    phone.reset()
    with phone.fault("screenshot_null"), phone.fault("screencap_fails"):
        row = (await look(phone))["pictures"]
    assert row.verdict == "fail"
    assert "allows no pictures" in row.fix


async def test_a_maker_s_own_switch_is_named(server: AdbServer) -> None:
    with Phone("miui", server=server) as phone, phone.fault("inject_denied"):
        row = (await look(phone))["permission"]
    assert row.fix == "Turn on Developer options > USB debugging (Security settings)."


async def test_what_a_crashed_run_left_is_found(phone: Phone) -> None:
    phone.reset()
    phone.adb("shell", "echo stay_on=0 >> /data/local/tmp/gui-agent-borrowed")
    row = (await look(phone))["keyboard"]
    phone.adb("shell", "rm /data/local/tmp/gui-agent-borrowed")
    assert row.verdict == "warn"
    assert "gui-agent devices reset" in row.fix


async def test_services_that_a_run_suspends_are_named(phone: Phone) -> None:
    phone.reset()
    phone.adb("shell", "settings put secure enabled_accessibility_services com.passwords/.Fill")
    row = (await look(phone))["accessibility"]
    assert row.verdict == "warn"
    assert "com.passwords" in row.detail


async def test_without_a_phone_it_stops_there() -> None:
    with Phone(connect=False, authorize="refuse") as phone:
        address = f"127.0.0.1:{phone.server.port}"
        rows = await checks(adb=address)
        assert [row.name for row in rows] == ["adb", "phone"]
        assert "No phone is connected" in rows[-1].detail
        assert "USB debugging" in rows[-1].fix
        phone.connect()
        rows = await checks(adb=address)
        assert rows[-1].verdict == "fail"
        assert "accept the question on its screen" in rows[-1].fix


def test_from_the_command_line(phone: Phone) -> None:
    phone.reset()
    command = "-m gui_agent doctor --platform android --json --serial".split()
    done = subprocess.run(
        [sys.executable, *command, phone.serial],
        cwd=ROOT,
        env=phone.env,
        timeout=60,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["name"] for row in rows] == ROWS
