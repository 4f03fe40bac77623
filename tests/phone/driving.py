"""Shortcuts for tests that drive a simulated phone with the Android platform."""

from __future__ import annotations

from typing import Any

from gui_agent.actions import Click
from gui_agent.platforms.android import AndroidPlatform
from gui_agent.screen import Element, Observation
from tests.phone.phone import Phone


def drive(phone: Phone, **options: Any) -> AndroidPlatform:
    """The platform for this phone, on the phone's own adb server; not opened yet."""
    return AndroidPlatform(phone.serial, adb=f"127.0.0.1:{phone.server.port}", **options)


def named(seen: Observation, name: str, role: str = "") -> Element:
    """The one element with this name; fails with the names that are there."""
    found = [e for e in seen.elements if e.name == name and role in ("", e.role)]
    assert len(found) == 1, f"{name!r} among {[e.name for e in seen.elements]}"
    return found[0]


async def tap(driver: AndroidPlatform, seen: Observation, name: str, role: str = "") -> Observation:
    """Tap the element with this name, and look again."""
    element = named(seen, name, role)
    await driver.perform(Click(at=element.box.center, mark=element.mark))
    return await driver.observe()
