"""The parts of the desktop platform that need no screen."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui_agent.errors import ActionFailed, SetupError
from gui_agent.platforms import desktop_apps, desktop_macos, desktop_win32
from gui_agent.platforms.desktop_camera import Frame, Settling, settle
from gui_agent.platforms.desktop_windows import Window, match
from gui_agent.platforms.desktop_x11 import connect, find_display, refuse_xwayland
from gui_agent.platforms.desktop_x11_text import is_terminal

QUICK = Settling(untouched=0.02, quiet=0.05, cap=1.0)
SIDE = 128


# python-xlib leaves its sockets open when nobody answers.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_without_a_display_it_says_what_to_set() -> None:
    with pytest.raises(SetupError, match="DISPLAY is not set"):
        find_display({})
    with pytest.raises(SetupError, match=r"Can't use the X display ':987'.*--virtual-display"):
        connect(":987")


@pytest.mark.parametrize(
    "env", [{"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, {"XDG_SESSION_TYPE": "wayland"}]
)
def test_wayland_is_refused_unless_a_display_is_named(env: dict[str, str]) -> None:
    with pytest.raises(SetupError, match="Wayland session"):
        find_display(env)
    assert find_display(env, ":7") == ":7"


def test_an_x_server_that_is_a_guest_of_wayland_is_refused() -> None:
    with pytest.raises(SetupError, match=r"Xwayland.*--virtual-display"):
        refuse_xwayland(SimpleNamespace(query_extension=lambda name: name == "XWAYLAND"))
    refuse_xwayland(SimpleNamespace(query_extension=lambda name: name == "XTEST"))


def frame(*lit: tuple[int, int], shade: int = 255) -> Frame:
    """A black picture with some 32-pixel tiles lit."""
    data = bytearray(4 * SIDE * SIDE)
    for column, row in lit:
        for y in range(32 * row, 32 * row + 32):
            start = 4 * (SIDE * y + 32 * column)
            data[start : start + 4 * 32] = bytes([shade]) * 4 * 32
    return Frame(bytes(data), SIDE, SIDE)


class Film:
    """Frames shown one after the other; the last one stays."""

    def __init__(self, frames: Iterator[Frame]) -> None:
        self._frames = frames
        self._last = next(frames)
        self.shown = 0

    def grab(self) -> Frame:
        self.shown += 1
        self._last = next(self._frames, self._last)
        return self._last


def wait(seconds: float) -> None:
    time.sleep(seconds / 5)


def test_a_still_screen_settles_at_once() -> None:
    film = Film(iter([frame()]))
    assert settle(film.grab, QUICK, wait) == (frame(), True)


def test_it_waits_for_the_last_change() -> None:
    films = iter([frame(), *(frame((i % 4, i // 4)) for i in range(8)), frame((3, 3))])
    assert settle(Film(films).grab, QUICK, wait) == (frame((3, 3)), True)


def test_a_clock_does_not_keep_it_waiting() -> None:
    def clock() -> Iterator[Frame]:
        while True:
            yield frame((0, 0))
            yield frame()

    assert settle(Film(clock()).grab, QUICK, wait)[1] is True


def test_a_screen_that_changes_everywhere_is_said_to_be_unquiet() -> None:
    def noise() -> Iterator[Frame]:
        for number in range(10_000):
            yield frame((number % 4, number // 4 % 4), shade=40 + number % 200)

    assert settle(Film(noise()).grab, Settling(0.05, 0.5, 0.2), wait)[1] is False


def test_black_is_noticed_and_colours_keep_their_order() -> None:
    assert frame().black
    assert not frame((1, 1), shade=30).black
    blue = Frame(bytes([255, 0, 0, 0]) * 4, 2, 2)
    assert blue.image().getpixel((0, 0)) == (0, 0, 255)


def entry(folder: Path, name: str, text: str) -> None:
    (folder / "applications").mkdir(parents=True, exist_ok=True)
    (folder / "applications" / f"{name}.desktop").write_text(f"[Desktop Entry]\n{text}")


def test_applications_are_found_by_every_name_they_have(tmp_path: Path) -> None:
    tool = tmp_path / "bin" / "ed-it"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\n")
    tool.chmod(tool.stat().st_mode | stat.S_IEXEC)
    names = "Name=Editor One\nName[zh_CN]=编辑器\nGenericName=Text Editor"
    entry(tmp_path, "org.example.One", f"Type=Application\n{names}\nExec={tool} --new %U\n")
    entry(tmp_path, "hidden", f"Type=Application\nName=Hidden\nNoDisplay=true\nExec={tool}\n")
    entry(tmp_path, "gone", "Type=Application\nName=Gone\nExec=/no/such/program\n")
    entry(tmp_path, "broken", "Name=\x00[[[\n")
    env = {"XDG_DATA_HOME": str(tmp_path), "XDG_DATA_DIRS": str(tmp_path / "none")}
    apps = desktop_apps.installed(env, "linux")
    assert [app.command for app in apps] == [(str(tool), "--new")]
    for name in ("Editor One", "editor one", "编辑器", "Text Editor", "ed-it", "editor"):
        assert desktop_apps.find(name, apps) is apps[0]
    with pytest.raises(ActionFailed, match=r"no application 'Editor Two'.*Editor One"):
        desktop_apps.find("Editor Two", apps)
    with pytest.raises(ActionFailed):
        desktop_apps.find(f"{tool}; rm -rf /", apps)


def test_applications_of_other_systems(tmp_path: Path) -> None:
    menu = tmp_path / "Microsoft/Windows/Start Menu/Programs/Tools"
    menu.mkdir(parents=True)
    (menu / "Note Pad.lnk").touch()
    found = desktop_apps.installed({"APPDATA": str(tmp_path)}, "win32")
    assert ("Note Pad",) in [app.names for app in found]
    (tmp_path / "Applications" / "Text Edit.app").mkdir(parents=True)
    found = desktop_apps.installed({"HOME": str(tmp_path)}, "darwin")
    assert found[0].names == ("Text Edit",)
    assert found[0].command[:2] == ("open", "-a")


def test_a_program_that_does_not_start_is_a_failed_action() -> None:
    with pytest.raises(ActionFailed, match="'ghost' does not start"):
        desktop_apps.start(desktop_apps.own({"ghost": "/no/such/program"})[0])


def test_a_window_is_matched_by_its_program_first() -> None:
    files = Window(1, "mousepad notes", "Pcmanfm")
    old, new = Window(2, "a.txt", "Mousepad"), Window(3, "b.txt", "Mousepad")
    assert match((files, old, new), "mousepad") == new
    assert match((files, old, new), "NOTES") == files
    assert match((files,), "xterm") is None
    assert match((files,), " ") is None


def test_terminals_are_known() -> None:
    terminals = ("XTerm", "Gnome-terminal", "kitty", "konsole", "Alacritty", "Xfce4-terminal")
    assert all(map(is_terminal, terminals))
    assert not any(map(is_terminal, ("Mousepad", "Chromium", "", "Gnumeric")))


@settings(deadline=None)
@given(st.text(max_size=60))
def test_windows_gets_every_unit_down_and_up(text: str) -> None:
    strokes = list(desktop_win32.strokes(text))
    assert [s[2] & 2 for s in strokes] == [0, 2] * (len(strokes) // 2)
    keys = {0x0D: "\n", 0x09: "\t"}
    units = b"".join(
        (keys[key].encode("utf-16-le") if key else unit.to_bytes(2, "little"))
        for key, unit, flags in strokes
        if not flags & 2
    )
    assert units.decode("utf-16-le", "surrogatepass") == text


@settings(deadline=None)
@given(st.text(max_size=200))
def test_macos_gets_pieces_that_fit_into_an_event(text: str) -> None:
    pieces = list(desktop_macos.pieces(text))
    assert "".join(pieces) == text
    assert all(len(p.encode("utf-16-le")) <= 40 for p in pieces)
    assert all(p in ("\n", "\t") or not {"\n", "\t"} & set(p) for p in pieces)


def test_choosing_a_system_imports_no_driver() -> None:
    code = (
        "import sys, gui_agent.platforms.desktop as d; d.DesktopPlatform();"
        "print({'pyautogui', 'mss', 'Xlib'} & set(sys.modules))"
    )
    env = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert done.stdout.strip() == "set()"
