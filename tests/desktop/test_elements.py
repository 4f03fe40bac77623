"""Elements from the accessibility bus: there when they are asked for, never required."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gui_agent.platforms.desktop_atspi import number
from gui_agent.platforms.desktop_geometry import Area
from gui_agent.platforms.desktop_virtual import VirtualDisplay

SCRIPT = """
import asyncio, subprocess, sys
from gui_agent.actions import Click
from gui_agent.platforms.desktop import DesktopPlatform
async def main():
    desktop = DesktopPlatform(takeover=False, elements=True, apps={"Calc": "galculator"})
    await desktop.open()
    from gui_agent.actions import OpenApp
    await desktop.perform(OpenApp(name="Calc"))
    for key in "789":
        seen = await desktop.observe()
        button = next(e for e in seen.marked if e.name == key)
        await desktop.perform(Click(at=button.box.center, mark=button.mark))
    seen = await desktop.observe()
    print(sorted({e.value for e in seen.elements if e.value}), len(seen.marked))
    await desktop.close()
asyncio.run(main())
"""


def test_buttons_are_found_and_hit(display: VirtualDisplay, tmp_path: Path) -> None:
    if not Path("/usr/share/gir-1.0/Atspi-2.0.gir").exists() and not list(
        Path("/usr/lib").glob("*/girepository-1.0/Atspi-2.0.typelib")
    ):
        pytest.fail("apt-get install -y at-spi2-core python3-gi gir1.2-atspi-2.0", False)
    assert shutil.which("dbus-run-session"), "apt-get install -y dbus"
    done = subprocess.run(
        ["dbus-run-session", sys.executable, "-c", SCRIPT],
        env={**os.environ, "HOME": str(tmp_path), "NO_AT_BRIDGE": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "789" in done.stdout, done.stdout + done.stderr


def test_rows_become_elements() -> None:
    area = Area(100, 0, 1000, 500)
    rows = [
        ["push button", "OK", 200, 100, 50, 20, None, []],
        ["push button", "Off", 300, 100, 50, 20, None, ["DISABLED"]],
        ["password text", "", 200, 200, 100, 20, "secret", ["FOCUSED"]],
        ["panel", "everything", 100, 0, 1000, 500, None, []],
        ["label", "Name", 110, 10, 40, 20, None, []],
        ["push button", "elsewhere", 0, 0, 50, 20, None, []],
    ]
    elements = number(rows, area)
    assert [(e.mark, e.role, e.name) for e in elements] == [
        (0, "button", "OK"),
        (None, "button", "Off"),
        (1, "textbox", ""),
        (None, "text", "Name"),
    ]
    assert elements[2].value is None
    assert elements[2].states == {"focused", "password"}
    assert elements[0].box.left == 0.1
