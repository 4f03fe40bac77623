"""Finds a Chromium-family browser on this machine, or says exactly how to get one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from platform import freedesktop_os_release

from gui_agent.errors import SetupError

_NAMES = (
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chrome",
    "msedge",
)
_MAC_APPS = ("Google Chrome", "Chromium", "Microsoft Edge")
_WINDOWS_PROGRAMS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
)
_PACKAGES = ("chromium", "fonts-noto-cjk")
"""Debian's Chromium, and the fonts without which Chinese, Japanese and Korean text is boxes."""
_APT_SECONDS = 900


def find_browser(explicit: str | None = None, *, headless: bool = True) -> str | None:
    """The browser to launch; None stands for the one that Playwright downloaded itself.

    Raises SetupError when `explicit` can't be run, or when this machine has no browser.
    """
    if explicit:
        return _checked(explicit)
    if _bundled(headless, os.environ):
        return None
    found = next((path for path in candidates(headless) if _runnable(path)), None)
    if found is None:
        raise SetupError(f"No Chrome, Chromium or Edge was found. {how_to_install()}")
    return found


def launch_args() -> list[str]:
    """Chromium's switches for a browser that an agent drives; no sandbox only where root needs
    it."""
    switches = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--deny-permission-prompts",  # they show outside the page, where nobody could answer
    ]
    return [*switches, "--no-sandbox"] if _root() else switches


def candidates(
    headless: bool, system: str = sys.platform, env: Mapping[str, str] = os.environ
) -> list[str]:
    """Where Chrome, Chromium and Edge are installed on this kind of system, in order of choice."""
    names = (*_NAMES, "chromium-headless-shell") if headless else _NAMES
    found = [shutil.which(name, path=env.get("PATH")) for name in names]
    on_path = [path for path in found if path]
    if system == "darwin":
        roots = ("/Applications", f"{env.get('HOME', '')}/Applications")
        return on_path + [f"{r}/{app}.app/Contents/MacOS/{app}" for r in roots for app in _MAC_APPS]
    if system == "win32":
        keys = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        homes = [env[key] for key in keys if env.get(key)]
        return on_path + [rf"{home}\{program}" for program in _WINDOWS_PROGRAMS for home in homes]
    return on_path


def how_to_install(
    system: str = sys.platform, release: Mapping[str, str] | None = None, root: bool | None = None
) -> str:
    """The commands that get a browser on this system."""
    own = f"{sys.executable} -m playwright install chromium"
    native = _native_command(system, _os_release() if release is None else release)
    if not native:
        return f"Run: {own}"
    needs_root = native.startswith(("apt-get", "dnf"))
    sudo = "sudo " if needs_root and not (_root() if root is None else root) else ""
    return f"Run: {sudo}{native}   (or: {own})"


def can_install() -> bool:
    """May `install_browser` do it? Only as root on a system with Debian's packages."""
    return _root() and _debian(_os_release()) and shutil.which("apt-get") is not None


def install_browser(say: Callable[[str], None]) -> None:
    """Install Debian's Chromium, saying each command first. Raises SetupError with what failed."""
    if not can_install():
        raise SetupError(f"A browser can't be installed from here. {how_to_install()}")
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", *_PACKAGES],
    ):
        say("$ " + " ".join(command))
        _apt(command)


def _apt(command: list[str]) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=env, timeout=_APT_SECONDS, capture_output=True, text=True, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SetupError(f"'{' '.join(command)}' did not finish: {error}") from error
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise SetupError(f"'{' '.join(command)}' failed: {' '.join(last)}")


def _native_command(system: str, release: Mapping[str, str]) -> str:
    if system == "darwin":
        return "brew install --cask google-chrome"
    if system == "win32":
        return "winget install -e --id Google.Chrome"
    if _debian(release):
        return f"apt-get install -y {' '.join(_PACKAGES)}"
    if "fedora" in _family(release):
        return "dnf install -y chromium google-noto-sans-cjk-fonts"
    return ""


def _debian(release: Mapping[str, str]) -> bool:
    """Does apt have a real `chromium`? Ubuntu itself has only a pointer to its snap."""
    return "debian" in _family(release) and release.get("ID") != "ubuntu"


def _family(release: Mapping[str, str]) -> set[str]:
    return {release.get("ID", ""), *release.get("ID_LIKE", "").split()}


def _os_release() -> Mapping[str, str]:
    try:
        return freedesktop_os_release()
    except OSError:  # not Linux, or a Linux without the file
        return {}


def _root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _checked(explicit: str) -> str:
    path = shutil.which(os.path.expanduser(explicit))
    if path is None:
        raise SetupError(f"The browser '{explicit}' is missing or can't be run: check the path.")
    return path


def _runnable(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def _bundled(headless: bool, env: Mapping[str, str]) -> bool:
    """Did `playwright install` finish for the build that this Playwright launches?"""
    spec = find_spec("playwright")
    if spec is None or spec.origin is None:
        return False
    package = Path(spec.origin).parent / "driver" / "package"
    name = "chromium-headless-shell" if headless else "chromium"
    try:
        builds = json.loads((package / "browsers.json").read_text("utf-8"))["browsers"]
        revision = next(build["revision"] for build in builds if build["name"] == name)
    except (OSError, ValueError, KeyError, StopIteration):
        return False  # another layout than the one known here: look for an installed browser
    folder = _downloads(env, package) / f"{name.replace('-', '_')}-{revision}"
    return (folder / "INSTALLATION_COMPLETE").exists()


def _downloads(env: Mapping[str, str], package: Path) -> Path:
    """Where Playwright keeps its browsers; the rule is Playwright's own."""
    chosen = env.get("PLAYWRIGHT_BROWSERS_PATH")
    if chosen == "0":
        return package / ".local-browsers"
    if chosen:
        return Path(chosen).absolute()
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "ms-playwright"
    if sys.platform == "win32":
        return Path(env.get("LOCALAPPDATA") or home / "AppData" / "Local") / "ms-playwright"
    return Path(env.get("XDG_CACHE_HOME") or home / ".cache") / "ms-playwright"
