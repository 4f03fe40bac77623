"""The X server: our connection to it, and the pointer buttons and keys that pyautogui gets wrong.

pyautogui types `>` for `<` on a plain X server, keeps the layout it saw when it was imported, drops
unknown keys silently and has no side buttons. Keys go through XTest here, by the layout of now.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from gui_agent.actions import Button
from gui_agent.errors import ActionFailed, MissingExtra, SetupError
from gui_agent.platforms import desktop_keys
from gui_agent.platforms.desktop_hands import Hands

_PRESS, _RELEASE = 2, 3
_BUTTON_PRESS, _BUTTON_RELEASE = 4, 5
_SIDE = {"back": 8, "forward": 9}
_UNICODE = 0x01000000
"""Keysyms from here on are Unicode code points (X protocol, appendix A)."""
_BUTTONS = 0x1F00
"""Bits of the pointer state that are set while a button is down."""
_HELD_SECONDS = 3.0
"""A busy window manager hands a click on within tenths of a second."""
_CAPS_LOCK = 2
"""Bit of the pointer state that is set while Caps Lock is on."""
_KEYPAD_DIGITS = range(0xFFB0, 0xFFBA)
"""They share their keys with arrows, and need Shift while Num Lock is off."""
_SPARE = 32
"""At most so many keys are lent new characters at a time."""

Key = tuple[int, tuple[int, ...]]
"""A key code and the codes of the modifiers that must be held with it."""


def connect(name: str) -> Any:
    """A connection to this display. Raises MissingExtra, or SetupError with what to do."""
    try:
        from Xlib import display, error
    except ImportError as missing:
        raise MissingExtra("desktop", "python-xlib") from missing
    try:
        return display.Display(name)
    except (error.DisplayError, OSError) as refused:
        raise SetupError(
            f"Can't use the X display '{name}' ({refused}). Set DISPLAY (and XAUTHORITY) to a"
            " running X server, or start one of your own: --virtual-display."
        ) from refused


def find_display(env: dict[str, str] | os._Environ[str], wanted: str = "") -> str:
    """The name of the display to use.

    Raises SetupError where there is none, and on Wayland, whose programs X clients can't see.
    """
    if wanted:
        return wanted
    if env.get("WAYLAND_DISPLAY") or env.get("XDG_SESSION_TYPE") == "wayland":
        raise SetupError(
            "This is a Wayland session: programs can neither see nor use the screen there. Log in"
            " to an X11 session ('on Xorg' at the login screen), or use --virtual-display."
        )
    if name := env.get("DISPLAY", ""):
        return name
    raise SetupError(
        "There is no display: DISPLAY is not set. Start this inside a desktop session, set"
        " DISPLAY=:0 for a running one, or use --virtual-display."
    )


def refuse_xwayland(display: Any) -> None:
    """Raises SetupError when the X server is only a guest of a Wayland session."""
    if display.query_extension("XWAYLAND"):
        raise SetupError(
            "This display belongs to a Wayland session (Xwayland): most windows are invisible to"
            " X programs. Log in to an X11 session, or use --virtual-display."
        )


class Keyboard:
    """Presses keys on an X server by the layout that is active now."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._first: int = display.display.info.min_keycode
        self._count: int = display.display.info.max_keycode - self._first + 1
        self._rows: list[list[int]] = []
        self._group = 0
        self._held: dict[str, Key] = {}
        self.caps_lock = False
        self.read_layout()

    def read_layout(self) -> None:
        """Learn the layout, the active group and Caps Lock as they are now."""
        self._rows = [
            list(row) for row in self._display.get_keyboard_mapping(self._first, self._count)
        ]
        state = self._display.screen().root.query_pointer().mask
        self._group = (state >> 13) & 3
        self.caps_lock = bool(state & _CAPS_LOCK)

    def down(self, name: str) -> None:
        """Press a key by our name or its character. Raises ActionFailed when no key has it."""
        key = self._find(name)
        if key is None:
            raise ActionFailed(f"No key of this keyboard layout gives '{name}'; type it instead.")
        held = {code for code, _ in self._held.values()}
        code, modifiers = key
        modifiers = tuple(m for m in modifiers if m not in held)
        self._held[name] = code, modifiers
        for each in (*modifiers, code):
            self._send(_PRESS, each)
        self._display.sync()

    def up(self, name: str) -> None:
        """Release it; nothing happens when it is not held."""
        code, modifiers = self._held.pop(name, (0, ()))
        if code:
            for each in (code, *reversed(modifiers)):
                self._send(_RELEASE, each)
            self._display.sync()

    def types(self, text: str) -> bool:
        """Can all of this be typed as it is: every character on a key, Caps Lock off?"""
        return not self.caps_lock and all(
            c.isprintable() and self._of_character(c) is not None for c in text
        )

    def type(self, text: str) -> None:
        """Type characters that `types` said are there."""
        for character in text:
            self.down(character)
            self.up(character)

    def type_foreign(self, text: str, pause: Callable[[float], None]) -> None:
        """Type any text by lending its characters to keys without any, for programs that refuse
        a paste. The layout is given back."""
        for batch in _batches(text, len(self._spare())):
            self._type_batch(batch, pause)

    def _type_batch(self, batch: str, pause: Callable[[float], None]) -> None:
        spare, empty = self._spare(), [0] * len(self._rows[0])
        foreign = dict.fromkeys(c for c in batch if not self._direct(c))
        lent = dict(zip(foreign, spare, strict=False))
        try:
            for character, code in lent.items():
                keysyms = [_keysym_of(character)] * 2 + empty[2:]
                self._display.change_keyboard_mapping(code, [tuple(keysyms)])
            self._display.sync()
            pause(0.1 if lent else 0)  # programs read the new layout in their own time
            for character in batch:
                self._tap(lent[character] if character in lent else self._direct(character))
            self._display.sync()
            pause(0.15)  # the same, before it changes again
        finally:
            for code in lent.values():
                self._display.change_keyboard_mapping(code, [tuple(empty)])
            self._display.sync()
            self.read_layout()

    def _direct(self, character: str) -> Key | None:
        if named := {"\n": "enter", "\t": "tab"}.get(character):
            return self._find(named)
        return None if self.caps_lock else self._of_character(character)

    def _tap(self, key: int | Key | None) -> None:
        code, modifiers = key if isinstance(key, tuple) else (key or 0, ())
        for each in (*modifiers, code):
            self._send(_PRESS, each)
        for each in (code, *reversed(modifiers)):
            self._send(_RELEASE, each)

    def _spare(self) -> list[int]:
        codes = [self._first + i for i, row in enumerate(self._rows) if not any(row)]
        return codes[-_SPARE:]

    def _find(self, name: str) -> Key | None:
        if len(name) == 1:
            return self._of_character(name) or self._anywhere(_keysym_of(name))
        return self._anywhere(keysym(desktop_keys.X11[name]))

    def _of_character(self, character: str) -> Key | None:
        """The key that gives this character in the active group of the layout."""
        symbol, first = _keysym_of(character), 2 * self._group
        shift, third = self._code("Shift_L"), self._code("ISO_Level3_Shift")
        levels = [(first, ()), (first + 1, (shift,))]
        if self._group == 0:
            levels += [(4, (third,)), (5, (third, shift))]
        for column, modifiers in levels:
            code = self._in_column(symbol, column)
            if code and all(modifiers):
                return code, modifiers
        return None

    def _anywhere(self, symbol: int) -> Key | None:
        """The key that carries this symbol in any column: enough for shortcuts and named keys."""
        width = len(self._rows[0])
        code = next((c for i in range(width) if (c := self._in_column(symbol, i))), 0)
        shifted = symbol in _KEYPAD_DIGITS and not self._in_column(symbol, 0)
        return (code, (self._code("Shift_L"),) if shifted else ()) if code else None

    def _in_column(self, symbol: int, column: int) -> int:
        return next(
            (
                self._first + index
                for index, row in enumerate(self._rows)
                if symbol and column < len(row) and row[column] == symbol
            ),
            0,
        )

    def _code(self, name: str) -> int:
        return self._in_column(keysym(name), 0)

    def _send(self, kind: int, code: int) -> None:
        from Xlib.ext import xtest

        xtest.fake_input(self._display, kind, code)


class X11Hands(Hands):
    """pyautogui's pointer, with keys and side buttons of our own."""

    def __init__(self, pause: Callable[[float], None], display: Any) -> None:
        super().__init__(pause)
        self.keyboard = Keyboard(display)
        self._display = display

    def button_down(self, button: Button) -> None:
        if button in _SIDE:
            self.check_brake()
            self._side(_BUTTON_PRESS, button)
        else:
            super().button_down(button)

    def button_up(self, button: Button) -> None:
        if button in _SIDE:
            self._side(_BUTTON_RELEASE, button)
        else:
            super().button_up(button)

    def key_down(self, key: str) -> None:
        self.check_brake()
        self.keyboard.down(key)

    def key_up(self, key: str) -> None:
        self.keyboard.up(key)

    def arrive(self) -> None:
        # Window managers hold every click back to look at it first; keys go past it meanwhile.
        # Until it is handed on, the server counts the button as down.
        root, until = self._display.screen().root, time.monotonic() + _HELD_SECONDS
        while root.query_pointer().mask & _BUTTONS:
            if time.monotonic() > until:
                raise ActionFailed(
                    "The click has not got through: the window manager does not respond, or"
                    " somebody holds a mouse button down. Wait, then look at the screen again."
                )
            self.pause(0.005)

    def _side(self, kind: int, button: Button) -> None:
        from Xlib.ext import xtest

        xtest.fake_input(self._display, kind, _SIDE[button])
        self._display.sync()


def _keysym_of(character: str) -> int:
    """Latin-1 characters are their own keysyms, others have one by their code point."""
    point = ord(character)
    return point if point < 0x100 else _UNICODE | point


@lru_cache
def keysym(name: str) -> int:
    """The number of a key symbol; 0 when there is none of this name."""
    from Xlib import XK

    for group in ("xkb", "xf86"):  # python-xlib knows only the oldest names by itself
        XK.load_keysym_group(group)
    found: int = XK.string_to_keysym(name.replace("XF86", "XF86_"))
    return found


def _batches(text: str, room: int) -> Iterable[str]:
    """Pieces of the text with at most `room` different characters each."""
    if room == 0:
        raise ActionFailed("The keyboard layout has no free keys to type this text with.")
    start = 0
    for index in range(len(text)):
        if len(set(text[start : index + 1])) > room:
            yield text[start:index]
            start = index
    yield text[start:]
