"""`gui-agent devices`, as a user runs it, on simulated phones."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.phone import Phone

pytestmark = pytest.mark.phone
ROOT = Path(__file__).parents[2]


def run(phone: Phone, *args: str, seconds: float = 60.0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gui_agent", "devices", *args],
        cwd=ROOT,
        env={**phone.env, "NO_COLOR": "1"},
        timeout=seconds,
        capture_output=True,
        text=True,
        check=False,
    )


def test_lists_phones_for_people_and_for_programs(phone: Phone) -> None:
    shown = run(phone)
    assert shown.returncode == 0
    assert shown.stdout == f"{phone.serial}  google Pixel 8, Android 14, Wi-Fi\n"
    row = json.loads(run(phone, "--json").stdout)
    assert row == {
        "serial": phone.serial,
        "state": "device",
        "model": "google Pixel 8",
        "android": "14",
        "wifi": True,
        "fix": "",
    }


def test_says_what_to_do_about_a_phone_that_can_t_be_used() -> None:
    with Phone(authorize="refuse") as phone:
        shown = run(phone)
        assert shown.returncode == 2
        assert f"{phone.serial}  ?, unauthorized, Wi-Fi\n    → it has not allowed" in shown.stdout


def test_no_phone_then_connecting_one() -> None:
    with Phone(connect=False) as phone:
        shown = run(phone)
        assert shown.returncode == 2
        assert shown.stdout.startswith("No phone. Plug one in")
        connected = run(phone, "connect", phone.serial)
        assert connected.stdout == f"{phone.serial} is connected.\n"
        assert "Whoever is on the same Wi-Fi" in connected.stderr
        assert phone.adb_state() == "device"
    refused = run(phone, "connect", "127.0.0.1:1")
    assert refused.returncode == 2


def test_tcpip_names_the_next_command_and_warns(phone: Phone) -> None:
    shown = run(phone, "tcpip", "--serial", phone.serial)
    assert shown.stdout == "Unplug the phone, then: gui-agent devices connect 192.168.1.57:5555\n"
    assert "port 5555" in shown.stderr
    assert phone.services.restarts[-1] == "tcpip:5555"


def test_pair_says_what_it_needs(phone: Phone) -> None:
    shown = run(phone, "pair", "192.168.1.57:37123", "12")
    assert shown.returncode == 2
    assert "six digits" in shown.stderr


def test_reset_gives_back_what_a_crashed_run_borrowed(phone: Phone) -> None:
    phone.adb("shell", "settings put global stay_on_while_plugged_in 7")
    phone.adb("shell", "echo stay_on=0 >> /data/local/tmp/gui-agent-borrowed")
    assert run(phone, "reset").stdout == "settings put global stay_on_while_plugged_in 0\n"
    assert phone.adb("shell", "settings get global stay_on_while_plugged_in").strip() == "0"
    assert run(phone, "reset").stdout == "Nothing was borrowed.\n"


def test_simulate_starts_a_phone_that_can_be_reached(phone: Phone) -> None:
    command = [sys.executable, "-m", "gui_agent", "devices", "--simulate"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as started:
        try:
            assert started.stdout is not None
            said = ""
            while "Ctrl+C" not in said and (line := started.stdout.readline()):
                said += line
            env = dict(re.findall(r"^export (\w+)=(\S+)$", said, re.MULTILINE))
            shown = phone.server.run("-P", env["ANDROID_ADB_SERVER_PORT"], "devices")
            assert f"{env['ANDROID_SERIAL']}\tdevice" in shown
        finally:
            started.communicate(timeout=60)
    assert started.returncode == 0, "it ends with its standard input"
