"""Elements of the active window from Windows' UI Automation; optional, never required.

Through the package `uiautomation`. Never run by our tests on a real Windows; the reading is tested
on a made-up tree.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from gui_agent.platforms.desktop_elements import number
from gui_agent.platforms.desktop_geometry import Area
from gui_agent.screen import Element

log = logging.getLogger("gui_agent")

MISSING = "There are no elements without the package 'uiautomation': pip install 'gui-agent[uia]'"
MOST = 300
_ROLES = {
    "ButtonControl": "push button",
    "SplitButtonControl": "push button",
    "CheckBoxControl": "check box",
    "RadioButtonControl": "radio button",
    "ComboBoxControl": "combo box",
    "EditControl": "entry",
    "DocumentControl": "text",
    "HyperlinkControl": "link",
    "MenuItemControl": "menu item",
    "TabItemControl": "page tab",
    "ListItemControl": "list item",
    "DataItemControl": "table cell",
    "TreeItemControl": "tree item",
    "SliderControl": "slider",
    "SpinnerControl": "spin button",
    "TextControl": "label",
    "StatusBarControl": "status bar",
}
"""UI Automation's control type → AT-SPI's role."""
_FIELDS = ("entry", "text", "password text")
_VALUE, _EXPANDS, _SELECTS, _TOGGLES = 10002, 10005, 10010, 10015
"""Identifiers of control patterns, from UIAutomationClient.h."""


def connect(hung: Callable[[int], bool]) -> UiAutomation | None:
    """The reader for this thread; None, and a warning, where its package is missing.

    `hung` tells whether the window with this handle answers nobody.
    """
    try:
        import uiautomation
        from comtypes import COMError
    except ImportError:
        log.warning(MISSING)
        return None
    return UiAutomation(uiautomation, COMError, hung)


class UiAutomation:
    """Reads the active window; lives on the driver's thread, as COM wants it."""

    def __init__(self, library: Any, gone: type[Exception], hung: Callable[[int], bool]) -> None:
        self._library = library
        self._gone = gone
        self._hung = hung
        self._initialised = library.UIAutomationInitializerInThread()

    def elements(self, area: Area, seconds: float) -> tuple[tuple[Element, ...], bool]:
        """What shows in the active window, as far as it has been read by then; and whether that
        is all."""
        handle = self._library.GetForegroundWindow()
        if not handle or self._hung(handle):  # a question to a hung program takes many seconds
            return (), True
        until = time.monotonic() + seconds
        rows: list[list[Any]] = []
        waiting = [self._library.ControlFromHandle(handle)]
        while waiting and len(rows) < MOST and time.monotonic() < until:
            control = waiting.pop(0)
            try:
                if control is not None and not control.IsOffscreen:
                    rows += self._row(control)
                    waiting[:0] = control.GetChildren()
            except self._gone:  # it has been closed meanwhile
                continue
        return number(rows, area), not waiting

    def close(self) -> None:
        self._initialised.Uninitialize()

    def _row(self, control: Any) -> list[list[Any]]:
        role = _ROLES.get(control.ControlTypeName)
        if role is None:
            return []
        if role == "entry" and control.IsPassword:
            role = "password text"
        value, states = self._held(control, role)
        box = control.BoundingRectangle
        size = box.right - box.left, box.bottom - box.top
        return [[role, control.Name, box.left, box.top, *size, value, states]]

    def _held(self, control: Any, role: str) -> tuple[str | None, list[str]]:
        """Its text, and the states it is in."""
        ask = control.GetPattern
        value, expands = ask(_VALUE), ask(_EXPANDS)
        selects, toggles = ask(_SELECTS), ask(_TOGGLES)
        states = {
            "FOCUSED": control.HasKeyboardFocus,
            "DISABLED": not control.IsEnabled,
            "READ_ONLY": role in _FIELDS and value is not None and value.IsReadOnly,
            "EXPANDED": expands is not None and expands.ExpandCollapseState == 1,
            "SELECTED": selects is not None and selects.IsSelected,
            "CHECKED": toggles is not None and toggles.ToggleState == 1,
        }
        secret = value is None or role == "password text"
        return None if secret else value.Value[:200], [name for name, on in states.items() if on]
