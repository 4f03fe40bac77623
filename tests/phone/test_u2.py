"""The unmodified uiautomator2 on the Pillow screen: its protocol, its errors, its own repairs."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.phone import AdbServer, Phone
from tests.phone.client import connect

pytestmark = [
    pytest.mark.phone,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]


@pytest.fixture(autouse=True)
def fresh(phone: Phone) -> None:
    phone.update(awake=True, locked=False, rotation=0, size_override=None)
    phone.call(phone.device.screen.clear_app("com.example.notes"))
    phone.call(phone.device.screen.home())


def test_the_server_lives_as_long_as_its_shell_stream(server: AdbServer) -> None:
    with Phone(server=server) as phone:
        device = connect(phone)
        assert phone.state["u2_port"] == 9008
        assert phone.device.automation_held
        device.stop_uiautomator()
        assert phone.state["u2_port"] is None
        assert not phone.device.automation_held
        connect(phone, port=9123).stop_uiautomator()
        assert sum(name.startswith("sync:") for name in phone.log) == 3, "the jar is pushed once"


def test_it_is_told_what_the_phone_is(phone: Phone, device: Any) -> None:
    assert device.info["displayWidth"] == 1170
    assert device.info["sdkInt"] == 34
    assert device.window_size() == (1170, 2532)
    assert device.device_info["model"] == "Pixel 8"
    assert device.serial == phone.serial
    assert device.wlan_ip == "192.168.1.57"
    assert device.screenshot().size == (1170, 2532)


def test_it_finds_what_is_in_front_on_every_version(server: AdbServer) -> None:
    for name in ("android9", "android12", "android14", "android15-foldable", "miui"):
        with Phone(name, server=server) as phone:
            device = connect(phone)
            device.app_start("com.example.shop", wait=True)
            assert device.app_current()["package"] == "com.example.shop"
            device.stop_uiautomator()


def test_taps_reach_what_is_drawn_there(phone: Phone, device: Any) -> None:
    device(text="Notes").click()
    assert phone.state["foreground"] == "com.example.notes"
    left, top, right, bottom = device(text="Row 3").bounds()
    device.click((left + right) // 2, (top + bottom) // 2)
    assert phone.state["apps"]["com.example.notes"]["tapped"] == ["Row 3"]
    device.swipe(500, 2000, 500, 900)
    assert not device(text="Row 3").exists
    device.press("back")
    assert phone.state["foreground"].endswith("nexuslauncher")


def test_a_click_is_as_long_as_it_was_asked_to_be(device: Any) -> None:
    began = time.monotonic()
    device.long_click(5, 1000, duration=0.4)
    assert 0.4 <= time.monotonic() - began < 2


def test_the_dump_is_uiautomators_xml(phone: Phone, device: Any) -> None:
    phone.launch("com.example.notes")
    device(className="android.widget.EditText").set_text("a😀")
    whole = device.dump_hierarchy()
    assert whole.startswith("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>")
    assert 'resource-id="com.example.notes:id/edit"' in whole
    assert 'text="a.."' in whole, "each half of an emoji is a dot"
    assert "com.google.android.inputmethod.latin" in whole
    front = device.dump_hierarchy(root_in_active=True)
    assert "com.google.android.inputmethod.latin" not in front
    assert device.xpath("//android.widget.EditText").exists


def test_text_by_clipboard_and_by_selector(phone: Phone, device: Any) -> None:
    phone.launch("com.example.notes")
    device(className="android.widget.EditText").click()
    assert phone.state["keyboard_shown"]
    device.send_keys("héllo 你好 😀")
    assert device(focused=True).get_text() == "héllo 你好 😀"
    device.send_keys("new", clear=True)
    assert device(focused=True).get_text() == "new"
    device(focused=True).set_text("替换")
    assert phone.state["apps"]["com.example.notes"]["text"] == "替换"
    assert phone.state["clipboard"] == "new"


def test_a_refused_clipboard_makes_it_install_its_keyboard_and_keep_it(server: AdbServer) -> None:
    with Phone("miui", server=server) as phone:
        phone.mend("install_refused")
        device = connect(phone)
        phone.launch("com.example.notes")
        device(className="android.widget.EditText").click()
        device.send_keys("héllo 你好 😀")
        assert phone.state["apps"]["com.example.notes"]["text"] == "héllo 你好 😀"
        assert phone.state["keyboard"] == "com.github.uiautomator/.AdbKeyboard"
        device.send_keys("x", clear=True)
        assert phone.state["apps"]["com.example.notes"]["text"] == "x"
        device.stop_uiautomator()


def test_the_common_keyboard_types_base64(phone: Phone) -> None:
    import base64

    from tests.phone.packages import ADB_KEYBOARD, Package

    phone.device.install(Package("com.android.adbkeyboard", "ADB Keyboard", "ADB 键盘"))
    assert ADB_KEYBOARD in phone.adb("shell", "ime list -s -a")
    before = phone.adb("shell", "settings get secure default_input_method").strip()
    phone.adb("shell", f"ime enable {ADB_KEYBOARD}; ime set {ADB_KEYBOARD}")
    phone.launch("com.example.notes")
    phone.adb("shell", "input tap 300 380")
    encoded = base64.b64encode("你好 😀".encode()).decode()
    phone.adb("shell", f"am broadcast -a ADB_INPUT_B64 --es msg {encoded}")
    assert phone.state["apps"]["com.example.notes"]["text"] == "你好 😀"
    phone.adb("shell", f"ime set {before}")
    assert phone.state["keyboard"] == before


def test_power_and_the_lock(phone: Phone, device: Any) -> None:
    device.screen_off()
    assert device.info["screenOn"] is False
    assert device.screenshot().getextrema() == ((0, 0), (0, 0), (0, 0))
    device.screen_on()
    assert phone.state["locked"]
    assert "mDreamingLockscreen=true" not in phone.adb("shell", "dumpsys window policy")
    assert "isKeyguardShowing=true" in phone.adb("shell", "dumpsys window policy")
    device.swipe(500, 2000, 500, 800)
    assert not phone.state["locked"]


def test_rotation_turns_the_frame(phone: Phone, device: Any) -> None:
    device.set_orientation("left")
    assert device.screenshot().size == (2532, 1170)
    assert device.window_size() == (2532, 1170)
    assert device.info["displayRotation"] == 1
    device.set_orientation("natural")


def test_apps_are_started_listed_and_stopped(phone: Phone, device: Any) -> None:
    device.app_start("com.android.deskclock", wait=True)
    assert "com.android.deskclock" in device.app_list_running()
    device.app_stop("com.android.deskclock")
    assert "com.android.deskclock" not in device.app_list_running()
    assert device.app_info("com.example.shop") == {"versionName": "1.0.4", "versionCode": 1004}
    assert "com.example.bank" in device.app_list("-3")
    aborted = device.shell(
        ["monkey", "-p", "com.none", "-c", "android.intent.category.LAUNCHER", "1"]
    )
    assert aborted.exit_code == 252
    assert "No activities found to run" in aborted.output
    listed = device.shell(
        "cmd package query-activities --brief -a android.intent.action.MAIN"
        " -c android.intent.category.LAUNCHER"
    ).output
    assert "com.example.bank/.MainActivity" in listed
    assert device.shell("am start -n com.none/.X").output.endswith("does not exist.\n")


def test_a_toast_can_be_read_as_text(phone: Phone, device: Any) -> None:
    device.toast.show("Saved!")
    assert device.toast.get_message(0) == "Saved!"
    device.toast.reset()
    assert device.toast.get_message(0, default="none") == "none"
