"""The stock adb programs against the simulated adbd: nothing of the client is replaced."""

from __future__ import annotations

import hashlib
import io
import socket
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.phone import AdbServer, Phone
from tests.phone.client import until
from tests.phone.profiles import PROFILES

pytestmark = pytest.mark.phone


@pytest.fixture(scope="module")
def each_phone(each_server: AdbServer) -> Iterator[Phone]:
    with Phone(server=each_server) as phone:
        yield phone


def test_adb_lists_the_phone_with_its_model(each_phone: Phone) -> None:
    listed = each_phone.server.run("devices", "-l")
    assert f"{each_phone.serial} " in listed
    assert "device product:shiba model:Pixel_8 device:shiba" in listed
    assert "emulator-" not in listed


def test_the_shell_keeps_both_channels_and_the_exit_status(each_phone: Phone) -> None:
    done = subprocess.run(
        [each_phone.server.adb, "-s", each_phone.serial, "shell", "echo out; nonsense; exit 7"],
        env=each_phone.server.env,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 7
    assert done.stdout == "out\n"
    assert done.stderr == "/system/bin/sh: nonsense: inaccessible or not found\n"


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("echo 'a  b' \"c\" d\\ e", "a  b c d e"),
        ("false && echo no || echo yes", "yes"),
        ("false; echo $?; true; echo $?", "1\n0"),
        ("wm size | grep -o x; echo '你好 😀'", "Physical size: 1170x2532\n你好 😀"),
        ("echo one > /sdcard/t; echo two >> /sdcard/t; cat /sdcard/t; rm /sdcard/t", "one\ntwo"),
        ("nonsense 2>/dev/null; echo $?", "127"),
        ("nonsense 2>&1 | wc -l", "1"),
        ("/system/bin/getprop ro.product.model", "Pixel 8"),
        ("echo 'open", "/system/bin/sh: no closing quote"),
        ("cat /nowhere", "cat: /nowhere: No such file or directory"),
        ("input text é; echo $?", "255"),
    ],
)
def test_the_shell_reads_a_line_as_sh_does(phone: Phone, line: str, printed: str) -> None:
    assert phone.adb("shell", line, check=False).strip().endswith(printed)


def test_an_interactive_shell_answers_until_exit(phone: Phone) -> None:
    done = subprocess.run(
        [phone.server.adb, "-s", phone.serial, "shell"],
        env=phone.server.env,
        input="getprop ro.product.device\nexit\n",
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert "shiba" in done.stdout


def test_files_go_there_and_back_unchanged(each_phone: Phone, tmp_path: Path) -> None:
    data = bytes(range(256)) * 5000
    (tmp_path / "up.bin").write_bytes(data)
    each_phone.adb("push", str(tmp_path / "up.bin"), "/data/local/tmp/up.bin")
    each_phone.adb("pull", "/data/local/tmp/up.bin", str(tmp_path / "down.bin"))
    assert (tmp_path / "down.bin").read_bytes() == data
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    assert digest in each_phone.adb("shell", "toybox md5sum /data/local/tmp/up.bin")
    assert "1280000" in each_phone.adb("shell", "ls -l /data/local/tmp")


def test_a_folder_is_pushed_listed_and_pulled(each_phone: Phone, tmp_path: Path) -> None:
    (tmp_path / "box" / "inner").mkdir(parents=True)
    (tmp_path / "box" / "inner" / "a.txt").write_text("a")
    each_phone.adb("push", str(tmp_path / "box"), "/sdcard/Download/")
    assert "a.txt" in each_phone.adb("ls", "/sdcard/Download/box/inner")
    each_phone.adb("pull", "/storage/emulated/0/Download/box", str(tmp_path / "back"))
    assert (tmp_path / "back" / "inner" / "a.txt").read_text() == "a"


def test_pulling_what_is_not_there_fails_as_on_a_phone(phone: Phone, tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        phone.adb("pull", "/sdcard/none", str(tmp_path / "none"))
    assert b"No such file or directory" in failed.value.output


def test_exec_out_screencap_is_a_png_and_raw_pixels(each_phone: Phone) -> None:
    def out(*args: str) -> bytes:
        return subprocess.check_output(
            [each_phone.server.adb, "-s", each_phone.serial, "exec-out", *args],
            env=each_phone.server.env,
            timeout=20,
        )

    picture = Image.open(io.BytesIO(out("screencap", "-p")))
    assert picture.size == (1170, 2532)
    raw = out("screencap")
    assert raw[:8] == (1170).to_bytes(4, "little") + (2532).to_bytes(4, "little")
    assert raw[16:] == picture.convert("RGBA").tobytes()


def apk(path: Path, package: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("AndroidManifest.xml", package.encode("utf-16-le"))
    return path


def test_install_and_uninstall(each_phone: Phone, tmp_path: Path) -> None:
    assert "Success" in each_phone.adb(
        "install", str(apk(tmp_path / "com.a.game.apk", "com.a.game"))
    )
    assert "package:com.a.game" in each_phone.adb("shell", "pm list packages -3")
    assert "Success" in each_phone.adb("uninstall", "com.a.game")
    assert "com.a.game" not in each_phone.state["packages"]


def test_what_is_no_apk_is_refused_in_androids_words(phone: Phone, tmp_path: Path) -> None:
    (tmp_path / "x.apk").write_bytes(b"text")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        phone.adb("install", str(tmp_path / "x.apk"))
    assert b"INSTALL_PARSE_FAILED_NOT_APK" in failed.value.output


def test_forward_and_reverse_are_kept_and_removed(each_phone: Phone) -> None:
    port = each_phone.adb("forward", "tcp:0", "tcp:9008").strip()
    assert f"tcp:{port} tcp:9008" in each_phone.adb("forward", "--list")
    each_phone.adb("forward", "--remove-all")
    assert port not in each_phone.adb("forward", "--list")
    each_phone.adb("reverse", "tcp:8100", "tcp:8200")
    assert "tcp:8100 tcp:8200" in each_phone.adb("reverse", "--list")
    each_phone.adb("reverse", "--remove-all")
    assert "8100" not in each_phone.adb("reverse", "--list")


def test_logcat_streams_until_it_is_ended(phone: Phone) -> None:
    phone.adb("shell", "input tap 10 10")
    assert "down 10 10" in phone.adb("logcat", "-d")
    command = [phone.server.adb, "-s", phone.serial, "logcat"]
    with subprocess.Popen(command, env=phone.server.env, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"--------- beginning of main\n"
        process.terminate()


def test_a_key_is_unknown_then_accepted_then_remembered(each_server: AdbServer) -> None:
    with Phone(server=each_server, authorize="ask", connect=False) as phone:
        answer = phone.connect()
        assert "failed to authenticate" in answer
        assert phone.adb_state() == "unauthorized"
        assert until(lambda: phone.adbd.asked is not None)
        phone.allow()
        assert until(lambda: phone.adb_state() == "device")
        each_server.run("disconnect", phone.serial)
        assert "connected to" in phone.connect()
        assert phone.adb("shell", "echo in").strip() == "in"


def test_a_refused_key_stays_out(server: AdbServer) -> None:
    with Phone(server=server, authorize="refuse", connect=False) as phone:
        phone.connect()
        assert phone.adb_state() == "unauthorized"
        with pytest.raises(subprocess.CalledProcessError) as failed:
            phone.adb("shell", "echo in")
        assert b"device unauthorized" in failed.value.output


def test_two_phones_on_one_server(server: AdbServer) -> None:
    with Phone(server=server) as one, Phone("miui", server=server) as two:
        assert one.adb("shell", "getprop ro.product.brand").strip() == "google"
        assert two.adb("shell", "getprop ro.product.brand").strip() == "Xiaomi"
        assert one.adb_state() == two.adb_state() == "device"


def test_an_adb_server_of_its_own_leaves_nothing() -> None:
    with Phone() as phone:
        ports = (phone.server.port, phone.port)
        home = Path(phone.server.env["HOME"])
        assert (home / ".android" / "adbkey").exists()
    assert not home.exists()
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=2).close()


async def test_a_phone_in_an_async_test_does_not_block_the_loop(server: AdbServer) -> None:
    async with Phone(server=server) as phone:
        assert phone.adb("shell", "echo hi").strip() == "hi"
        assert phone.state["awake"] is True


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_every_profile_says_who_it_is_and_what_is_in_front(server: AdbServer, name: str) -> None:
    profile = PROFILES[name]
    with Phone(name, server=server) as phone:
        phone.launch("com.example.notes")
        properties = phone.adb("shell", "getprop")
        assert f"[ro.build.version.sdk]: [{profile.sdk}]" in properties
        dump = phone.adb("shell", "dumpsys window displays")
        last = [line for line in dump.splitlines() if "mCurrentFocus" in line][-1]
        assert f"u{profile.user} com.example.notes/com.example.notes.MainActivity" in last
        windows = phone.adb("shell", "dumpsys window windows")
        assert ("mCurrentFocus" in windows) is profile.focus_in_windows
