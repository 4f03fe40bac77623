"""Each injected fault looks to adb and uiautomator2 the way it looks on a real phone."""

from __future__ import annotations

import http.client
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import uiautomator2 as u2

from tests.phone import AdbServer, Phone
from tests.phone.client import connect, until
from tests.phone.faults import FAULTS
from tests.phone.packages import ADB_KEYBOARD, Package

pytestmark = [
    pytest.mark.phone,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]


@pytest.fixture(autouse=True)
def fresh(phone: Phone) -> None:
    phone.reset()


def test_an_unknown_fault_is_refused_with_the_list(phone: Phone) -> None:
    with pytest.raises(ValueError, match="there are: already_registered"):
        phone.break_("nonsense")
    assert all(FAULTS.values())


def test_a_lost_phone_is_gone_from_the_list_and_comes_back(server: AdbServer) -> None:
    with Phone(server=server) as phone:
        with phone.fault("lost"):
            assert phone.adb_state() == ""
            with pytest.raises(subprocess.CalledProcessError) as failed:
                phone.adb("shell", "echo")
            assert b"not found" in failed.value.output
        assert phone.adb_state() == "device"


def test_a_phone_that_stops_answering_is_offline(server: AdbServer) -> None:
    with Phone(server=server) as phone:
        device = connect(phone)
        with phone.fault("offline"):
            assert until(lambda: phone.adb_state() == "offline")
            with pytest.raises(u2.exceptions.AdbShellError, match="offline"):
                device.shell("echo")
        assert phone.adb_state() == "device"
        assert device.info["sdkInt"] == 34


def test_a_phone_back_on_the_network_has_to_be_connected_again(server: AdbServer) -> None:
    with Phone(server=server) as phone:
        with phone.fault("left_network"):
            assert until(lambda: phone.adb_state() != "device")
            server.run("disconnect", phone.serial)
            assert "failed to connect" in phone.connect()
        assert phone.adb_state() == ""
        assert "connected to" in phone.connect()


def test_a_short_drop_heals_by_itself(server: AdbServer) -> None:
    with Phone(server=server) as phone:
        phone.break_("link_drop")
        assert until(lambda: phone.adb_state() == "device")
        assert until(lambda: "in" in phone.adb("shell", "echo in", check=False))


def test_a_phone_that_forgot_this_computer_is_unauthorized(server: AdbServer) -> None:
    with Phone(server=server) as phone:
        with phone.fault("unauthorized"):
            assert until(lambda: phone.adb_state() == "unauthorized")
        assert phone.adb_state() == "device"


def test_a_slow_shell(phone: Phone) -> None:
    began = time.monotonic()
    with phone.fault("slow_shell", seconds=0.4):
        phone.adb("shell", "echo")
    assert time.monotonic() - began > 0.4


def test_a_killed_server_is_started_again_by_the_next_call(phone: Phone, device: Any) -> None:
    phone.break_("server_killed")
    assert until(lambda: phone.state["u2_port"] is None)
    assert device.info["sdkInt"] == 34
    assert phone.state["u2_port"] == 9008


def test_a_server_that_dies_in_a_call_drops_the_connection(phone: Phone, device: Any) -> None:
    phone.break_("server_dies")
    with pytest.raises(http.client.RemoteDisconnected):
        device.click(5, 1000)
    assert phone.device.injected[-1:] != ["up 5 1000"]
    assert device.info["sdkInt"] == 34


def test_automation_not_connected_is_healed_within_the_call(phone: Phone, device: Any) -> None:
    starts = sum("app_process" in name for name in phone.log)
    phone.break_("automation_lost")
    assert device.info["sdkInt"] == 34
    assert sum("app_process" in name for name in phone.log) == starts + 1


def test_a_rival_holds_uiautomation(server: AdbServer) -> None:
    taken = u2.exceptions.AccessibilityServiceAlreadyRegisteredError
    with (
        Phone(server=server) as phone,
        phone.fault("already_registered"),
        pytest.raises(taken),
    ):
        connect(phone)


def test_a_taken_port_is_left_for_another(server: AdbServer) -> None:
    with Phone(server=server) as phone, phone.fault("port_taken"):
        with pytest.raises(u2.exceptions.LaunchUiAutomationError):
            connect(phone)
        device = connect(phone, port=9123)
        assert device.info["sdkInt"] == 34
        device.stop_uiautomator()


def test_asleep_locked_and_rotated(phone: Phone, device: Any) -> None:
    with phone.fault("asleep"):
        assert "mWakefulness=Asleep" in phone.adb("shell", "dumpsys power")
        device.click(600, 420)
        assert phone.state["foreground"] != "com.android.settings"
    with phone.fault("locked", pin="1234"):
        device.swipe(500, 2000, 500, 800)
        assert phone.state["locked"], "a PIN is not opened by a swipe"
    with phone.fault("rotated"):
        assert device.screenshot().size == (2532, 1170)
    assert device.screenshot().size == (1170, 2532)


def test_u2_and_uiautomator_dump_exclude_each_other(phone: Phone, device: Any) -> None:
    assert device.info
    assert "Killed" in phone.adb("shell", "uiautomator dump", check=False)


def test_a_hanging_rpc_hangs(phone: Phone, device: Any) -> None:
    assert device.info
    with phone.fault("rpc_hangs", only="takeScreenshot"):
        port = int(phone.adb("forward", "tcp:0", "tcp:9008"))
        with socket.create_connection(("127.0.0.1", port), timeout=0.5) as link:
            body = b'{"jsonrpc":"2.0","id":1,"method":"takeScreenshot","params":[1,80]}'
            head = f"POST /jsonrpc/0 HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            link.sendall(head + body)
            with pytest.raises(TimeoutError):
                link.recv(100)
        assert device.info["sdkInt"] == 34
    phone.adb("forward", "--remove-all")


def test_no_screenshot_by_rpc_but_one_by_screencap(phone: Phone, device: Any) -> None:
    with phone.fault("screenshot_null"):
        assert device.jsonrpc.takeScreenshot(1, 80) is None
        assert device.screenshot().size == (1170, 2532)
        assert phone.log[-1].startswith("shell:screencap -p -d 46198")


def test_a_failing_screencap_says_so(phone: Phone) -> None:
    with phone.fault("screencap_fails"):
        printed = phone.adb("shell", "screencap -p", check=False)
    assert printed == "Error: Unable to take screenshot: status -1\n"


def test_a_black_frame_on_a_screen_that_is_on(phone: Phone, device: Any) -> None:
    with phone.fault("black_frame"):
        assert device.screenshot().convert("L").getextrema() == (0, 0)
        assert device.info["screenOn"]
    assert device.screenshot().convert("L").getextrema() != (0, 0)


def test_injection_is_denied_in_androids_words(phone: Phone, device: Any) -> None:
    with phone.fault("inject_denied"):
        assert "INJECT_EVENTS permission" in phone.adb("shell", "input tap 1 1", check=False)
        assert device.shell("input keyevent HOME").exit_code == 255
        with pytest.raises(u2.exceptions.RPCUnknownError) as refused:
            device.click(5, 1000)
        assert "java.lang.SecurityException" in str(refused.value)


def test_full_storage_refuses_files_and_installs(phone: Phone, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    with phone.fault("storage_full"):
        with pytest.raises(subprocess.CalledProcessError) as failed:
            phone.adb("push", str(tmp_path / "a.txt"), "/data/local/tmp/a.txt")
        assert b"No space left on device" in failed.value.output
        assert "100% /data" in phone.adb("shell", "df /data")
    phone.adb("push", str(tmp_path / "a.txt"), "/data/local/tmp/a.txt")


def test_trees_that_are_empty_too_deep_or_slow(phone: Phone, device: Any) -> None:
    with phone.fault("empty_tree"):
        assert device.jsonrpc.dumpWindowHierarchy(False, 50).endswith('<hierarchy rotation="0" />')
    with phone.fault("stack_overflow"), pytest.raises(u2.exceptions.RPCStackOverflowError):
        device.dump_hierarchy()
    began = time.monotonic()
    with phone.fault("slow_dump", seconds=0.4):
        device.dump_hierarchy()
    assert time.monotonic() - began > 0.4


def test_small_refusals(phone: Phone, device: Any) -> None:
    with phone.fault("dumpsys_timeout"):
        assert "DUMP TIMEOUT" in phone.adb("shell", "dumpsys window")
    with phone.fault("monkey_missing"):
        assert "monkey: inaccessible or not found" in phone.adb("shell", "monkey 1", check=False)
    with phone.fault("booting"):
        assert phone.adb("shell", "getprop sys.boot_completed").strip() == ""
    phone.device.install(Package("com.android.adbkeyboard", "ADB Keyboard", "ADB 键盘"))
    with phone.fault("ime_refused"):
        phone.adb("shell", f"ime enable {ADB_KEYBOARD}; ime set {ADB_KEYBOARD}")
    assert phone.state["keyboard"] == phone.device.profile.keyboard
    with phone.fault("rpc_unreadable"), pytest.raises(ValueError, match="Expecting value"):
        device.jsonrpc.deviceInfo()
    with phone.fault("clipboard_denied"), pytest.raises(u2.exceptions.RPCUnknownError):
        device.set_clipboard("x")


def test_old_phones_refuse_the_bank_and_new_ones_black_it_out(server: AdbServer) -> None:
    with Phone("android9", server=server) as old, Phone("android14", server=server) as new:
        for phone in (old, new):
            phone.launch("com.example.bank")
        assert "Error" in old.adb("shell", "screencap -p", check=False)
        frame, secure = new.call(new.device.frame())
        assert secure
        assert frame.image.convert("L").getextrema() == (0, 0)


def test_a_bug_of_the_simulator_is_raised_at_the_end(server: AdbServer) -> None:
    phone = Phone(server=server).__enter__()
    phone.device.packages = None  # type: ignore[assignment]
    phone.adb("shell", "pm list packages", check=False)
    with pytest.raises(AssertionError, match="the simulated phone has a bug"):
        phone.__exit__(None, None, None)
