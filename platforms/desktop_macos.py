"""The parts of a macOS desktop, through Quartz, which pyautogui brings along there.

pyautogui's moves don't drag there, its separate presses are no double click, and it types what the
layout has. Text goes in as Unicode key events instead, which needs no clipboard. Never run by our
tests on a real Mac; the pure parts are tested anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gui_agent.actions import Button
from gui_agent.checks import Check
from gui_agent.errors import MissingExtra, SetupError
from gui_agent.platforms.desktop_geometry import Position
from gui_agent.platforms.desktop_hands import Hands, plain_button
from gui_agent.platforms.desktop_session import Options, Pause, System
from gui_agent.platforms.desktop_windows import Window
from gui_agent.screen import Direction

_UNITS = 20
"""A key event carries at most so many UTF-16 units."""
_LINES = 3
"""Lines that a notch of a mouse wheel moves."""
_PERMISSION = (
    "macOS does not let this terminal {0}: allow it in System Settings, Privacy & Security,"
    " {1}, then start the terminal again."
)


def connect(options: Options, pause: Pause) -> System:
    """Raises MissingExtra, or SetupError that names the permission that is missing."""
    try:
        import ApplicationServices  # type: ignore[import-not-found]
        import Quartz  # type: ignore[import-not-found]
    except ImportError as error:
        raise MissingExtra("desktop", "pyobjc-framework-Quartz") from error
    if not Quartz.CGPreflightScreenCaptureAccess():
        raise SetupError(_PERMISSION.format("see the screen", "Screen & System Audio Recording"))
    if not ApplicationServices.AXIsProcessTrusted():
        raise SetupError(_PERMISSION.format("use pointer and keyboard", "Accessibility"))
    hands = MacHands(pause)
    return System(hands, MacWindows(Quartz), Typist(hands, Quartz, pause), None)


class MacHands(Hands):
    """pyautogui, with clicks that are counted and moves that drag."""

    _dragging: Button | None = None

    def click(self, at: Position, button: Button, count: int, modifiers: Sequence[str]) -> None:
        plain = plain_button(button)
        self.keep_apart(at, button)
        with self.holding(modifiers), self.braking():
            self.gui.click(*at, clicks=count, button=plain, _pause=False)
        self.clicked(at, button)

    def move(self, to: Position) -> None:
        if self._dragging is None:
            super().move(to)
            return
        with self.braking():
            self.gui.dragTo(*to, button=self._dragging, mouseDownUp=False, _pause=False)

    def button_down(self, button: Button) -> None:
        super().button_down(button)
        self._dragging = button

    def button_up(self, button: Button) -> None:
        self._dragging = None
        super().button_up(button)

    def notch(self, direction: Direction) -> None:
        # In Quartz the positive directions are up and left.
        sign = 1 if direction in ("up", "left") else -1
        turn = self.gui.vscroll if direction in ("up", "down") else self.gui.hscroll
        with self.braking():
            turn(sign * _LINES, _pause=False)


class Typist:
    """Enters text as key events that carry Unicode; nothing is pasted."""

    def __init__(self, hands: Hands, quartz: Any, pause: Pause) -> None:
        self._hands = hands
        self._quartz = quartz
        self._pause = pause

    def enter(self, text: str, app: str, submit: bool) -> None:
        for piece in pieces(text):
            if piece in "\n\t":
                self._hands.press(("enter",) if piece == "\n" else ("tab",))
                continue
            for down in (True, False):
                event = self._quartz.CGEventCreateKeyboardEvent(None, 0, down)
                units = len(piece.encode("utf-16-le")) // 2
                self._quartz.CGEventKeyboardSetUnicodeString(event, units, piece)
                self._quartz.CGEventPost(self._quartz.kCGHIDEventTap, event)
            self._pause(0.01)  # programs drop key events that come all at once

    def clear(self, app: str) -> None:
        self._hands.press(("meta", "a"))
        self._hands.press(("delete",))

    def checks(self) -> list[Check]:
        return []

    def close(self) -> None:
        """Nothing is held."""


class MacWindows:
    """The windows that are on the screen; their titles need the screen recording permission."""

    def __init__(self, quartz: Any) -> None:
        self._quartz = quartz

    def active(self) -> Window | None:
        front = self._listed()
        return front[0] if front else None

    def all(self) -> tuple[Window, ...]:
        return tuple(sorted(self._listed(), key=lambda window: window.id))

    def focus(self, window: Window) -> None:
        from AppKit import NSRunningApplication  # type: ignore[import-not-found]

        owner = next(
            (w["kCGWindowOwnerPID"] for w in self._raw() if w["kCGWindowNumber"] == window.id), 0
        )
        application = NSRunningApplication.runningApplicationWithProcessIdentifier_(owner)
        if application:
            application.activateWithOptions_(2)  # NSApplicationActivateIgnoringOtherApps

    def focus_clicked(self, seconds: float) -> None:
        """The system sees to it before it hands out the next key."""

    def ping(self, seconds: float) -> bool | None:
        """There is no such question on macOS."""
        return None

    def checks(self) -> list[Check]:
        return []

    def trouble(self) -> str:
        session = self._quartz.CGSessionCopyCurrentDictionary() or {}
        return "The screen is locked." if session.get("CGSSessionScreenIsLocked") else ""

    def close(self) -> None:
        """Nothing is held."""

    def _listed(self) -> list[Window]:
        """Ordinary windows, the front one first."""
        return [
            Window(w["kCGWindowNumber"], w.get("kCGWindowName", ""), w["kCGWindowOwnerName"])
            for w in self._raw()
            if w.get("kCGWindowLayer") == 0
        ]

    def _raw(self) -> Any:
        on_screen_without_desktop = 1 | 16
        return self._quartz.CGWindowListCopyWindowInfo(on_screen_without_desktop, 0) or []


def pieces(text: str) -> Iterator[str]:
    """Line ends and tabs alone, and in between pieces that fit into one key event."""
    piece = ""
    for character in text:
        units = len((piece + character).encode("utf-16-le")) // 2
        if piece and (character in "\n\t" or units > _UNITS):
            yield piece
            piece = ""
        if character in "\n\t":
            yield character
        else:
            piece += character
    if piece:
        yield piece
