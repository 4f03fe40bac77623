"""What these tests need beside Python: `python -m tests.desktop.programs` prints the packages."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

PROGRAMS = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xterm": "xterm",
    "mousepad": "mousepad",
    "galculator": "galculator",
    "pcmanfm": "pcmanfm",
    "gnumeric": "gnumeric",
    "xclip": "xclip",
    "dbus-daemon": "dbus-daemon",
}
FILES = {
    "libexec/at-spi-bus-launcher": "at-spi2-core",
    "lib/python3/dist-packages/gi/__init__.py": "python3-gi",
    "lib/*/girepository-1.0/Atspi-2.0.typelib": "gir1.2-atspi-2.0",
}
"""Below /usr; what no PATH leads to."""


def missing() -> list[str]:
    """The Debian packages that are to be installed."""
    programs = [package for name, package in PROGRAMS.items() if not shutil.which(name)]
    files = [package for name, package in FILES.items() if not list(Path("/usr").glob(name))]
    return programs + files + ([] if find_spec("tkinter") else ["python3-tk"])


if __name__ == "__main__":
    print(*missing())  # noqa: T201 - read by make and .ci/run
