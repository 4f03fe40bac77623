"""Finding a browser: the order of choice, and words that help when there is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gui_agent.errors import SetupError
from gui_agent.platforms import browser

FIND = """
import sys
from gui_agent.errors import SetupError
from gui_agent.platforms.browser import find_browser
try:
    print(find_browser(headless=sys.argv[1] == "headless"))
except SetupError as error:
    print("SetupError:", error)
"""


def find(env: dict[str, str], headless: bool = True) -> str:
    """What `find_browser` says in a process with this environment."""
    mode = "headless" if headless else "headed"
    done = subprocess.run(
        [sys.executable, "-c", FIND, mode],
        env={"HOME": "/nonexistent", "PYTHONPATH": os.pathsep.join(sys.path), **env},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return done.stdout.strip()


def program(path: Path, mode: int = 0o755) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return path


def downloaded(folder: Path, name: str) -> None:
    """Leave in `folder` what `playwright install` leaves when it is done."""
    revision = subprocess.run(
        [sys.executable, "-m", "playwright", "install", "--dry-run", "chromium"],
        env={**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    target = next(
        Path(line.split(":", 1)[1].strip())
        for line in revision.splitlines()
        if "Install location" in line and f"{name}-" in line
    )
    target.mkdir(parents=True)
    (target / "INSTALLATION_COMPLETE").touch()


def test_an_explicit_path_wins(tmp_path: Path) -> None:
    mine = program(tmp_path / "my browser")
    assert browser.find_browser(str(mine)) == str(mine)


def test_an_explicit_name_is_looked_up(tmp_path: Path) -> None:
    name = Path(sys.executable).name
    found = browser.find_browser(sys.executable)
    assert found is not None
    assert Path(found).name == name


@pytest.mark.parametrize("mode", [None, 0o644], ids=["missing", "not executable"])
def test_an_explicit_path_that_cannot_run(tmp_path: Path, mode: int | None) -> None:
    path = tmp_path / "chrome"
    if mode:
        program(path, mode)
    with pytest.raises(SetupError, match=r"chrome' is missing or can't be run"):
        browser.find_browser(str(path))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere browsers have fixed places")
def test_none_at_all_says_what_to_run(tmp_path: Path) -> None:
    said = find({"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)})
    assert said.startswith("SetupError: No Chrome, Chromium or Edge was found. Run: ")
    assert "-m playwright install chromium" in said


def test_installed_browsers_are_found_on_the_path(tmp_path: Path) -> None:
    env = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    chromium = program(tmp_path / "chromium")
    assert find(env) == str(chromium)
    chrome = program(tmp_path / "google-chrome")
    assert find(env) == str(chrome)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere browsers have fixed places")
def test_a_headless_shell_has_no_window(tmp_path: Path) -> None:
    env = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    shell = program(tmp_path / "chromium-headless-shell")
    assert find(env) == str(shell)
    assert find(env, headless=False).startswith("SetupError")


def test_playwrights_own_comes_before_an_installed_one(tmp_path: Path) -> None:
    env = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "own")}
    chromium = program(tmp_path / "chromium")
    downloaded(tmp_path / "own", "chromium_headless_shell")
    assert find(env) == "None"
    assert find(env, headless=False) == str(chromium), "its headless build shows no window"
    downloaded(tmp_path / "own", "chromium")
    assert find(env, headless=False) == "None"


def test_half_a_download_does_not_count(tmp_path: Path) -> None:
    env = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    chromium = program(tmp_path / "chromium")
    downloaded(tmp_path, "chromium_headless_shell")
    next(tmp_path.glob("*/INSTALLATION_COMPLETE")).unlink()
    assert find(env) == str(chromium)


def test_places_on_a_mac_and_on_windows() -> None:
    mac = browser.candidates(True, "darwin", {"HOME": "/Users/me", "PATH": ""})
    assert mac[0] == "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    assert "/Users/me/Applications/Chromium.app/Contents/MacOS/Chromium" in mac
    windows = browser.candidates(True, "win32", {"PROGRAMFILES": r"C:\Programs", "PATH": ""})
    assert windows == [
        r"C:\Programs\Google\Chrome\Application\chrome.exe",
        r"C:\Programs\Chromium\Application\chrome.exe",
        r"C:\Programs\Microsoft\Edge\Application\msedge.exe",
    ]


DEBIAN = {"ID": "debian"}
UBUNTU = {"ID": "ubuntu", "ID_LIKE": "debian"}
MINT = {"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}


@pytest.mark.parametrize(
    ("system", "release", "root", "command"),
    [
        ("linux", DEBIAN, True, "apt-get install -y chromium fonts-noto-cjk"),
        ("linux", DEBIAN, False, "sudo apt-get install -y chromium fonts-noto-cjk"),
        ("linux", MINT, False, "sudo apt-get install -y chromium fonts-noto-cjk"),
        ("linux", {"ID": "fedora"}, False, "sudo dnf install -y chromium"),
        ("darwin", {}, False, "brew install --cask google-chrome"),
        ("win32", {}, False, "winget install -e --id Google.Chrome"),
    ],
)
def test_the_command_for_each_system(
    system: str, release: dict[str, str], root: bool, command: str
) -> None:
    said = browser.how_to_install(system, release, root)
    assert said.startswith(f"Run: {command}")
    assert said.endswith("playwright install chromium)")


@pytest.mark.parametrize("release", [UBUNTU, {}], ids=["ubuntu's chromium is a snap", "unknown"])
def test_only_playwrights_where_the_system_has_none(release: dict[str, str]) -> None:
    said = browser.how_to_install("linux", release, root=False)
    assert said == f"Run: {sys.executable} -m playwright install chromium"


def test_the_sandbox_is_given_up_only_as_root() -> None:
    assert ("--no-sandbox" in browser.launch_args()) == (os.geteuid() == 0)
