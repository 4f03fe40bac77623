"""Applications by name: what is installed, and how to start it.

Only installed applications can be started, never a command line of the model's making.
"""

from __future__ import annotations

import itertools
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from configparser import ConfigParser, Error
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from gui_agent.errors import ActionFailed


@dataclass(frozen=True, slots=True)
class App:
    """An installed application and the command that starts it."""

    names: tuple[str, ...]
    """What people call it: its name in every language, its generic name, its file's name."""
    command: tuple[str, ...]
    purpose: str = ""
    """What it is for, such as "Text Editor"; one of its names."""

    @property
    def program(self) -> str:
        """The command's own name, in lower case."""
        return Path(self.command[0]).name.casefold()


def installed(env: Mapping[str, str] = os.environ, system: str = sys.platform) -> list[App]:
    """The applications of this system; those of the user come first."""
    if system == "darwin":
        return list(_bundles(env))
    if system == "win32":
        return list(_shortcuts(env))
    return list(_entries(env))


def own(commands: Mapping[str, str]) -> list[App]:
    """Applications that the caller names: name → command line."""
    return [App((name,), tuple(shlex.split(line))) for name, line in commands.items()]


def titles(apps: Sequence[App]) -> tuple[str, ...]:
    """Names to choose from, each one once: what the applications are called, and are for."""
    names = [app.names[0] for app in apps] + [app.purpose for app in apps]
    return tuple(dict.fromkeys(filter(None, names)))


def find(name: str, apps: Sequence[App]) -> App:
    """The application of this name. Raises ActionFailed with the nearest names."""
    wanted = name.casefold().strip()
    called = (app for app in apps if wanted in map(str.casefold, app.names))
    # Of several entries that start one program the plainest is the program itself.
    started = sorted((app for app in apps if app.program == wanted), key=lambda a: len(a.command))
    worded = (app for app in apps if any(wanted in n.casefold().split() for n in app.names))
    if app := next(itertools.chain(called, started, worded), None):
        return app
    known = {app.names[0] for app in apps}
    close = get_close_matches(name, known, n=3, cutoff=0.5) or sorted(known)[:8]
    hint = f" Installed are, among others: {', '.join(close)}." if close else ""
    raise ActionFailed(f"There is no application '{name}'.{hint}")


def start(app: App, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start it in a session of its own, so that it outlives the agent as it would a menu."""
    try:
        return subprocess.Popen(
            app.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=env,
            start_new_session=True,
            cwd=Path.home(),
        )
    except OSError as error:
        raise ActionFailed(f"'{app.names[0]}' does not start: {error}.") from error


def let_go(process: subprocess.Popen[bytes]) -> None:
    """It is on its own from here; without this Python complains that nobody has waited for it."""
    if process.poll() is None:
        process.returncode = 0


def _entries(env: Mapping[str, str]) -> Iterator[App]:
    """Desktop entries (freedesktop.org's specification)."""
    home = env.get("XDG_DATA_HOME") or f"{env.get('HOME', '')}/.local/share"
    shared = env.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    for folder in (home, *shared.split(":")):
        for file in sorted(Path(folder, "applications").glob("**/*.desktop")):
            if app := _entry(file):
                yield app


def _entry(file: Path) -> App | None:
    parser = ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names are case-sensitive
    try:
        parser.read(file, encoding="utf-8")
        entry = dict(parser["Desktop Entry"])
        words = shlex.split(entry.get("Exec", ""))
    except (Error, KeyError, UnicodeDecodeError, ValueError):
        return None
    command = [word.replace("%%", "%") for word in words if not _is_field(word)]
    hidden = entry.get("NoDisplay") == "true" or entry.get("Hidden") == "true"
    if entry.get("Type") != "Application" or hidden or not command:
        return None
    if not shutil.which(command[0]):
        return None
    if entry.get("Terminal") == "true":
        command = ["x-terminal-emulator", "-e", *command]
    kinds = ("Name", "GenericName")
    names = [v for k, v in entry.items() if k.split("[")[0] in kinds]
    spoken = [entry.get("Name", file.stem), *names, file.stem]
    return App(tuple(dict.fromkeys(spoken)), tuple(command), entry.get("GenericName", ""))


def _is_field(word: str) -> bool:
    """%f, %U and so on stand for files, of which there are none."""
    return len(word) == 2 and word[0] == "%" and word[1] != "%"


def _bundles(env: Mapping[str, str]) -> Iterator[App]:
    home = env.get("HOME", "")
    for folder in (f"{home}/Applications", "/Applications", "/System/Applications"):
        for bundle in sorted(Path(folder).glob("**/*.app")):
            yield App((bundle.stem,), ("open", "-a", str(bundle)))


def _shortcuts(env: Mapping[str, str]) -> Iterator[App]:
    for root in ("APPDATA", "PROGRAMDATA"):
        menu = Path(env.get(root, ""), "Microsoft/Windows/Start Menu/Programs")
        for link in sorted(menu.glob("**/*.lnk")):
            yield App((link.stem,), ("explorer.exe", str(link)))
