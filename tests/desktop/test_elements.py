"""Elements from the accessibility bus: there when they are asked for, never required."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gui_agent.actions import Click
from gui_agent.errors import ActionFailed
from gui_agent.platforms import desktop_session
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.platforms.desktop_elements import number
from gui_agent.platforms.desktop_geometry import Area
from gui_agent.platforms.desktop_virtual import VirtualDisplay
from gui_agent.screen import Element
from tests.desktop.conftest import app, window


@pytest.fixture
async def reader(display: VirtualDisplay) -> AsyncIterator[DesktopPlatform]:
    """A platform that lists elements."""
    platform = DesktopPlatform(takeover=False, elements=True)
    await platform.open()
    try:
        yield platform
    finally:
        await platform.close()


async def named(reader: DesktopPlatform, name: str) -> Element:
    seen = await reader.observe()
    return next(e for e in seen.marked if e.name == name)


async def test_buttons_are_found_and_hit(reader: DesktopPlatform) -> None:
    with app("galculator"):
        await window(reader, "galculator")
        for key in "789":
            button = await named(reader, key)
            await reader.perform(Click(at=button.box.center, mark=button.mark))
        values = {e.value for e in (await reader.observe()).elements}
    assert any("789" in value for value in values if value), values


async def test_an_element_that_has_gone_is_not_clicked(reader: DesktopPlatform) -> None:
    with app("galculator"):
        await window(reader, "galculator")
        button = await named(reader, "7")
    with pytest.raises(ActionFailed, match="not there any more"):
        await reader.perform(Click(at=button.box.center, mark=button.mark))
    with pytest.raises(ActionFailed, match="not there any more"):
        await reader.perform(Click(at=button.box.center, mark=99))


async def test_elements_that_take_too_long_are_said_to_be_missing(
    reader: DesktopPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app("galculator"):
        await window(reader, "galculator")
        await named(reader, "7")
        monkeypatch.setattr(desktop_session, "_ELEMENT_SECONDS", 0.0)
        seen = await reader.observe()
        assert "7" not in [element.name for element in seen.elements]
        assert any("Not every element could be listed" in note for note in seen.notes)
        monkeypatch.undo()
        assert await named(reader, "7")


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
