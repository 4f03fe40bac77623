"""What `gui-agent doctor --platform android` finds on phones with something wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gui_agent.checks import Check, failed
from gui_agent.platforms.android_checks import checks
from gui_agent.platforms.android_checks_text import HELLO
from tests.phone import AdbServer, Phone
from tests.phone.driving import drive
from tests.phone.hierarchy import walk
from tests.phone.packages import ADB_KEYBOARD, U2_KEYBOARD, Package
from tests.phone.phone import free_port
from tests.phone.scripted_adb import scripted

pytestmark = pytest.mark.phone
ROOT = Path(__file__).parents[2]
ROWS = """adb phone system storage power keyboard accessibility network apps automation
screen permission foreground pictures elements clipboard ports""".split()


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
        ("asleep", "screen", "warn", "A run wakes it"),
        ("storage_full", "storage", "fail", "Free some space"),
        ("booting", "system", "fail", "until it shows its home screen"),
        ("dumpsys_timeout", "foreground", "warn", "protected window may not be noticed"),
        ("port_taken", "ports", "warn", "End the program that started it"),
        ("on_lan", "ports", "warn", "answers to everybody in the Wi-Fi, at 127.0.0.1"),
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
    stopped = ROWS[: ROWS.index(row) + 1] if row in ("system", "automation") else ROWS
    assert list(found) == (stopped if verdict == "fail" else ROWS)


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


@pytest.mark.parametrize(
    ("fault", "seconds", "row", "said"),
    [
        ("slow_shell", 0.15, "network", "That is slow. Go nearer to the Wi-Fi"),
        ("slow_rpc", 1.1, "automation", "Close apps, or restart the phone"),
        ("slow_dump", 1.1, "elements", "That is slow. Use elements=False"),
    ],
)
async def test_what_is_slow_is_said(
    phone: Phone, fault: str, seconds: float, row: str, said: str
) -> None:
    phone.reset()
    with phone.fault(fault, seconds=seconds):
        found = (await look(phone))[row]
    assert found.verdict == "warn"
    assert said in f"{found.detail} {found.fix}"


@pytest.mark.parametrize(
    ("level", "plugged", "said"),
    [
        (82, False, "82 %, not charging. The screen goes dark after 60 s. Plug it in"),
        (9, False, "it may go off during a run"),
        (9, True, "9 %, charging"),
    ],
)
async def test_the_battery(phone: Phone, level: int, plugged: bool, said: str) -> None:
    phone.reset()
    phone.device.battery, phone.device.plugged = level, plugged
    row = (await look(phone))["power"]
    assert said in f"{row.detail} {row.fix}"
    assert row.verdict == ("ok" if plugged else "warn")


async def test_an_old_android_is_named(server: AdbServer) -> None:
    with Phone(server=server) as phone:
        phone.device.properties |= {"ro.build.version.release": "6.0", "ro.build.version.sdk": "23"}
        row = (await look(phone))["system"]
    assert (row.verdict, row.fix) == ("warn", "Android 7 or later works better.")


async def test_a_phone_that_lists_no_apps(server: AdbServer) -> None:
    with Phone(server=server) as phone:
        home = phone.device.home
        phone.device.packages = {home: phone.device.packages[home]}
        row = (await look(phone))["apps"]
    assert row.verdict == "warn"
    assert "name them by package" in row.fix


async def test_the_program_that_holds_the_phone_is_named(phone: Phone) -> None:
    phone.reset()
    appium = "app_process /system/bin io.appium.uiautomator2.server.test"
    with phone.fault("already_registered", by=appium):
        row = (await look(phone))["automation"]
    assert row.verdict == "fail"
    assert row.fix == "End Appium (it runs on the phone now), then start again."


async def test_a_picture_of_another_size_than_the_screen(server: AdbServer) -> None:
    with Phone(server=server) as phone:
        phone.break_("screenshot_of", size="1080x1920")
        row = (await look(phone))["pictures"]
    assert (row.verdict, row.fix) == ("warn", "Restart the phone.")
    assert "1080×1920 by the server" in row.detail
    assert "The screen is 1170×2532" in row.detail


async def test_elements_of_an_app_that_is_not_in_front(phone: Phone) -> None:
    phone.reset()
    driver = drive(phone)
    await driver.open()
    await driver.observe()
    await driver.close()
    with phone.fault("stale_tree"):
        phone.launch("com.example.notes")
        row = (await look(phone))["elements"]
    assert row.verdict == "warn"
    assert "com.example.notes is in front" in row.detail
    assert "lags behind" in row.fix


@pytest.mark.parametrize("component", [U2_KEYBOARD, ADB_KEYBOARD])
async def test_a_keyboard_without_keys_is_named(phone: Phone, component: str) -> None:
    phone.reset()
    phone.device.install(Package(component.partition("/")[0], "Keyboard", "键盘"))
    assert f"{component} takes any text" in (await look(phone))["keyboard"].detail
    phone.adb("shell", f"ime enable {component}; ime set {component}")
    row = (await look(phone))["keyboard"]
    assert row.verdict == "warn"
    assert "Choose your own keyboard" in row.fix


async def test_adb_open_to_the_network_is_named(phone: Phone) -> None:
    phone.reset()
    phone.device.properties["service.adb.tcp.port"] = "5555"
    row = (await look(phone))["ports"]
    assert row.verdict == "warn"
    assert "port 5555" in row.detail
    assert f"adb -s {phone.serial} usb" in row.fix


async def test_a_text_goes_into_the_settings_search_and_out_again(chromium: Phone) -> None:
    chromium.reset()
    address = f"127.0.0.1:{chromium.server.port}"
    row = (await checks(chromium.serial, adb=address, text=True))[-1]
    assert row.name == "text"
    assert row.verdict == "ok", row
    assert HELLO in row.detail
    assert chromium.state["foreground"].endswith("nexuslauncher")
    chromium.launch("com.android.settings")
    texts = {node.text for node in walk(chromium.call(chromium.device.nodes()))}
    assert HELLO not in texts


@pytest.mark.parametrize(
    ("faults", "verdict", "said"),
    [
        (("set_text_ignored", "clipboard_denied"), "fail", "keyboard app ADBKeyBoard"),
        (("empty_tree",), "warn", "no field to try it in"),
    ],
)
async def test_a_phone_that_takes_no_text(
    chromium: Phone, faults: tuple[str, ...], verdict: str, said: str
) -> None:
    chromium.reset()
    for fault in faults:
        chromium.break_(fault)
    row = (await checks(chromium.serial, adb=f"127.0.0.1:{chromium.server.port}", text=True))[-1]
    chromium.reset()
    assert (row.name, row.verdict) == ("text", verdict), row
    assert said in f"{row.detail} {row.fix}"


ADB = """#!/bin/sh
echo "Android Debug Bridge version 1.0.{protocol}"
echo "Version {version}"
"""


@pytest.mark.parametrize(
    ("protocol", "version", "verdict", "said"),
    [
        (36, "25.0.3", "warn", "keep one on PATH, and 'adb kill-server'"),
        (41, "29.0.6-debian", "ok", "Only for pairing by Wi-Fi a newer one is needed"),
        (41, "36.0.0-13206524", "ok", "version 36."),
    ],
)
async def test_another_or_an_old_adb_is_named(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    protocol: int,
    version: str,
    verdict: str,
    said: str,
) -> None:
    program = tmp_path / "adb"
    program.write_text(ADB.format(protocol=protocol, version=version))
    program.chmod(0o755)
    monkeypatch.setenv("ADBUTILS_ADB_PATH", str(program))
    async with scripted({"host:devices": ""}) as (adb, _):
        row = (await checks(adb=f"127.0.0.1:{adb.port}"))[0]
    assert (row.name, row.verdict) == ("adb", verdict)
    assert said in f"{row.detail} {row.fix}"


async def test_no_adb_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADBUTILS_ADB_PATH", "/nowhere/adb")
    (row,) = await checks(adb=f"127.0.0.1:{free_port()}")
    assert (row.name, row.verdict) == ("adb", "fail")
    assert "run '/nowhere/adb start-server'" in row.fix


@pytest.mark.parametrize("package", ["adbutils", "uiautomator2"])
async def test_without_the_extra_it_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, phone: Phone, package: str
) -> None:
    phone.reset()
    server_port = phone.server.port if package == "uiautomator2" else free_port()
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delenv("ADBUTILS_ADB_PATH", raising=False)
    if package == "adbutils":
        monkeypatch.setenv("PATH", str(tmp_path))  # nor an adb of the system's
    row = (await checks(phone.serial, adb=f"127.0.0.1:{server_port}"))[-1]
    assert (row.name, row.verdict) == ("adb" if package == "adbutils" else "automation", "fail")
    assert "pip install 'gui-agent[android]'" in f"{row.detail} {row.fix}"


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("R58\toffline\n", "plug it in again"),
        ("R58\tno permissions\n", "udev rule"),
        ("R58\tdevice\nR59\tdevice\n", "choose one, --serial R58 or R59"),
    ],
)
async def test_a_phone_that_can_not_be_chosen(listed: str, said: str) -> None:
    async with scripted({"host:devices": listed}) as (adb, _):
        row = (await checks(adb=f"127.0.0.1:{adb.port}"))[-1]
    assert (row.name, row.verdict) == ("phone", "fail")
    assert said in f"{row.detail} {row.fix}"


async def test_what_the_phone_answers_is_written_without_what_is_private(
    server: AdbServer, tmp_path: Path
) -> None:
    path = tmp_path / "phone.json"
    with Phone("android15-foldable", server=server) as phone:
        phone.device.properties["ro.product.model"] = f"{phone.serial} of ada@example.org"
        address = f"127.0.0.1:{server.port}"
        row = (await checks(phone.serial, adb=address, record=path))[2]
        written = path.read_text("utf-8")
        assert phone.serial not in written
        answers = json.loads(written)
        for line in ("wm size", "dumpsys window displays", "pm list features"):
            assert answers[line].strip() == phone.adb("shell", line).strip()
        refused = (await checks(phone.serial, adb=address, record=tmp_path))[2]
    assert (row.name, row.verdict) == ("record", "ok")
    assert "192.168" not in written
    assert answers["getprop ro.product.model"].strip() == "(left out) of (left out)"
    assert "mCurrentFocus=null" in answers["dumpsys window displays"]
    assert refused.verdict == "fail"
    assert "Is a directory" in refused.detail


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
