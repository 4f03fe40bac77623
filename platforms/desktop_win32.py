"""The parts of a Windows desktop.

pyautogui there has no side buttons, scrolls by 1/120 of a notch, scrolls vertically when asked to
scroll sideways, and types what the layout has. Text goes in as Unicode input events instead, which
needs no clipboard. Never run by our tests on a real Windows; the pure parts are tested anywhere.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from pathlib import PureWindowsPath
from typing import Any

from gui_agent.actions import Button
from gui_agent.checks import Check
from gui_agent.errors import PlatformLost
from gui_agent.platforms import desktop_uia
from gui_agent.platforms.desktop_hands import Hands
from gui_agent.platforms.desktop_session import Options, Pause, System
from gui_agent.platforms.desktop_windows import Window
from gui_agent.screen import Direction

_WHEEL, _HWHEEL, _X_DOWN, _X_UP = 0x0800, 0x1000, 0x0080, 0x0100
_NOTCH = 120
_SIDE = {"back": 1, "forward": 2}
_KEYBOARD, _KEY_UP, _UNICODE = 1, 0x0002, 0x0004
_RETURN, _TAB = 0x0D, 0x09
_QUERY_PROCESS = 0x1000
_BATCH, _BATCH_SECONDS = 50, 0.01
"""Programs drop input events when their queue is full."""

_WINDOWS: Any = ctypes
"""The same module: half of it exists on Windows only."""

Stroke = tuple[int, int, int]
"""Virtual key, UTF-16 unit, flags of one input event."""


def connect(options: Options, pause: Pause) -> System:
    """Raises MissingExtra or SetupError."""
    user32 = _library("user32")
    hands = WindowsHands(pause, user32)
    reader = desktop_uia.connect(_hung(user32)) if options.elements else None
    return System(hands, DesktopWindows(user32), Typist(hands, user32, pause), reader)


def _hung(user32: Any) -> Callable[[int], bool]:
    return lambda handle: bool(user32.IsHungAppWindow(handle))


def _library(name: str) -> Any:
    return getattr(_WINDOWS.windll, name)


class WindowsHands(Hands):
    """pyautogui, with a wheel and side buttons of our own."""

    def __init__(self, pause: Pause, user32: Any) -> None:
        super().__init__(pause)
        self._user32 = user32

    def notch(self, direction: Direction) -> None:
        self.check_brake()
        flag = _WHEEL if direction in ("up", "down") else _HWHEEL
        turn = _NOTCH if direction in ("up", "right") else -_NOTCH
        self._user32.mouse_event(flag, 0, 0, turn, 0)

    def button_down(self, button: Button) -> None:
        if button in _SIDE:
            self.check_brake()
            self._user32.mouse_event(_X_DOWN, 0, 0, _SIDE[button], 0)
        else:
            super().button_down(button)

    def button_up(self, button: Button) -> None:
        if button in _SIDE:
            self._user32.mouse_event(_X_UP, 0, 0, _SIDE[button], 0)
        else:
            super().button_up(button)


class Typist:
    """Enters text as Unicode input events; nothing is pasted."""

    def __init__(self, hands: Hands, user32: Any, pause: Pause) -> None:
        self._hands = hands
        self._user32 = user32
        self._pause = pause

    def enter(self, text: str, app: str, submit: bool) -> None:
        events = list(strokes(text))
        for start in range(0, len(events), _BATCH):
            batch = events[start : start + _BATCH]
            inputs = (_Input * len(batch))(*(_input(stroke) for stroke in batch))
            sent = self._user32.SendInput(len(batch), inputs, ctypes.sizeof(_Input))
            if sent != len(batch):
                raise PlatformLost("Windows refuses input: the active window has more rights.")
            self._pause(_BATCH_SECONDS)

    def clear(self, app: str) -> None:
        self._hands.press(("ctrl", "a"))
        self._hands.press(("delete",))

    def checks(self) -> list[Check]:
        return []

    def close(self) -> None:
        """Nothing is held."""


class DesktopWindows:
    """The top-level windows."""

    def __init__(self, user32: Any) -> None:
        self._user32 = user32

    def active(self) -> Window | None:
        handle = self._user32.GetForegroundWindow()
        return self._describe(handle) if handle else None

    def all(self) -> tuple[Window, ...]:
        handles: list[int] = []

        def collect(handle: int, _: int) -> bool:
            handles.append(handle)
            return True

        kind = _WINDOWS.WINFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p)
        self._user32.EnumWindows(kind(collect), 0)
        shown = [h for h in handles if self._user32.IsWindowVisible(h)]
        return tuple(w for h in shown if (w := self._describe(h)).title)

    def focus(self, window: Window) -> None:
        if self._user32.IsIconic(window.id):
            self._user32.ShowWindow(window.id, 9)  # SW_RESTORE
        self._user32.SetForegroundWindow(window.id)

    def focus_clicked(self, seconds: float) -> None:
        """The system sees to it before it hands out the next key."""

    def ping(self, seconds: float) -> bool | None:
        """WM_NULL comes back once the window has read the messages before it."""
        handle = self._user32.GetForegroundWindow()
        if not handle:
            return None
        abort_if_hung = 0x0002
        milliseconds = int(seconds * 1000)
        result = ctypes.c_size_t()
        return bool(
            self._user32.SendMessageTimeoutW(
                handle, 0, 0, 0, abort_if_hung, milliseconds, ctypes.byref(result)
            )
        )

    def checks(self) -> list[Check]:
        return []

    def trouble(self) -> str:
        switch_desktop = 0x0100
        desktop = self._user32.OpenInputDesktop(0, False, switch_desktop)
        if not desktop:
            return "The screen is locked, or asks for an administrator's consent."
        self._user32.CloseDesktop(desktop)
        return ""

    def close(self) -> None:
        """Nothing is held."""

    def _describe(self, handle: int) -> Window:
        title = ctypes.create_unicode_buffer(512)
        self._user32.GetWindowTextW(handle, title, 512)
        return Window(handle, title.value, self._program(handle))

    def _program(self, handle: int) -> str:
        kernel32 = _library("kernel32")
        number = ctypes.c_ulong()
        self._user32.GetWindowThreadProcessId(handle, ctypes.byref(number))
        process = kernel32.OpenProcess(_QUERY_PROCESS, False, number.value)
        if not process:
            return ""
        path, size = ctypes.create_unicode_buffer(1024), ctypes.c_ulong(1024)
        kernel32.QueryFullProcessImageNameW(process, 0, path, ctypes.byref(size))
        kernel32.CloseHandle(process)
        return PureWindowsPath(path.value).stem


def strokes(text: str) -> Iterator[Stroke]:
    """Each character as its UTF-16 units, down and up; line ends and tabs as their keys."""
    for character in text:
        key = {"\n": _RETURN, "\t": _TAB}.get(character)
        if key:
            yield from ((key, 0, 0), (key, 0, _KEY_UP))
            continue
        units = character.encode("utf-16-le")
        for low, high in zip(units[::2], units[1::2], strict=True):
            unit = low | high << 8
            yield from ((0, unit, _UNICODE), (0, unit, _UNICODE | _KEY_UP))


class _KeyboardInput(ctypes.Structure):
    _fields_ = (
        ("key", ctypes.c_ushort),
        ("unit", ctypes.c_ushort),
        ("flags", ctypes.c_ulong),
        ("time", ctypes.c_ulong),
        ("extra", ctypes.c_size_t),
    )


class _Union(ctypes.Union):
    # The mouse's part is the largest; its size decides where the next input begins.
    _fields_ = (("keyboard", _KeyboardInput), ("mouse", ctypes.c_byte * 32))


class _Input(ctypes.Structure):
    _fields_ = (("kind", ctypes.c_ulong), ("union", _Union))


def _input(stroke: Stroke) -> _Input:
    key, unit, flags = stroke
    return _Input(_KEYBOARD, _Union(keyboard=_KeyboardInput(key, unit, flags, 0, 0)))
