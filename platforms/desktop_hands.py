"""Pointer and keys through pyautogui, and the gestures made of them.

Everything that goes down is noted and comes up again, whatever happens in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from gui_agent.actions import Button
from gui_agent.errors import ActionFailed, MissingExtra, SetupError, Stopped
from gui_agent.platforms import desktop_keys
from gui_agent.platforms.desktop_geometry import Position, path
from gui_agent.screen import Direction

APART = 0.5
"""Seconds between two clicks at one place that must not become a double click."""
_NEAR = 8
"""Pointer units within which two clicks are at one place."""
_STRIDE = 12.0
_DRAG_SECONDS = 0.3
"""A drag takes at least this long: programs that see one jump take it for a click."""

BRAKE = (
    "Stopped by you: the pointer was put into a corner of the screen, which is the brake. "
    "Move it away from there to start again."
)


class Hands:
    """What pyautogui does right on every system; a system's own module overrides the rest.

    Lives on one thread. `pause` sleeps there and may be interrupted.
    """

    def __init__(self, pause: Callable[[float], None], gui: Any = None) -> None:
        self.pause = pause
        self.gui = gui or load_pyautogui()
        self._down: list[tuple[Callable[[Any], None], Any]] = []
        self._last_click: tuple[float, Button, Position] | None = None

    def position(self) -> Position:
        """Where the pointer is, in pointer units."""
        x, y = self.gui.position()
        return int(x), int(y)

    def move(self, to: Position) -> None:
        with self.braking():
            self.gui.moveTo(*to, _pause=False)

    def button_down(self, button: Button) -> None:
        with self.braking():
            self.gui.mouseDown(button=plain_button(button), _pause=False)

    def button_up(self, button: Button) -> None:
        self._unbraked(lambda: self.gui.mouseUp(button=plain_button(button), _pause=False))

    def notch(self, direction: Direction) -> None:
        """Turn the wheel by one notch; `down` shows what is below."""
        sign = 1 if direction in ("up", "right") else -1
        turn = self.gui.vscroll if direction in ("up", "down") else self.gui.hscroll
        with self.braking():
            turn(sign, _pause=False)

    def key_down(self, key: str) -> None:
        """Press a key by our name (`desktop_keys`) or its character."""
        with self.braking():
            self.gui.keyDown(self._key(key), _pause=False)

    def key_up(self, key: str) -> None:
        self._unbraked(lambda: self.gui.keyUp(self._key(key), _pause=False))

    def arrive(self) -> None:
        """Wait until programs have been handed what the buttons did, so that no key overtakes it.

        Raises ActionFailed when it does not get through. Most systems keep the order themselves.
        """

    def check_brake(self) -> None:
        """Raise Stopped when the user has put the pointer into a corner."""
        with self.braking():
            self.gui.failSafeCheck()

    def leave_corner(self) -> None:
        """Move the pointer off a corner it was in before the run: that isn't the brake yet."""
        if self.position() in self.gui.FAILSAFE_POINTS:
            width, height = self.gui.size()
            self._unbraked(lambda: self.gui.moveTo(width // 2, height // 2, _pause=False))

    def click(self, at: Position, button: Button, count: int, modifiers: Sequence[str]) -> None:
        """`count` quick clicks, apart from an earlier click at the same place."""
        self.keep_apart(at, button)
        with self.holding(modifiers):
            self.move(at)
            for _ in range(count):
                with self.pressing(button):
                    pass
            self.arrive()
        self.clicked(at, button)

    def long_press(self, at: Position, seconds: float) -> None:
        self.move(at)
        with self.pressing("left"):
            self.pause(seconds)
        self.arrive()

    def drag(self, stations: Sequence[Position]) -> None:
        """Press at the first station, move through the others in small steps, release."""
        way = path(stations, _STRIDE)
        self.move(stations[0])
        with self.pressing("left"):
            self.pause(0.03)
            for position in way:
                self.move(position)
                self.pause(max(0.008, _DRAG_SECONDS / len(way)))
            self.pause(0.05)  # what lies below must notice before it is dropped there
        self.arrive()

    def scroll(self, direction: Direction, notches: int, at: Position | None) -> None:
        if at is not None:
            self.move(at)
        for _ in range(notches):
            self.notch(direction)

    def press(self, keys: Sequence[str]) -> None:
        """One chord by our names: pressed in this order, released in the opposite one."""
        with self.holding(keys):
            pass

    @contextmanager
    def holding(self, keys: Sequence[str]) -> Iterator[None]:
        mark = len(self._down)
        try:
            for key in keys:
                self._down.append((self.key_up, key))
                self.key_down(key)
            yield
        finally:
            self._let_go(mark)

    @contextmanager
    def pressing(self, button: Button) -> Iterator[None]:
        mark = len(self._down)
        try:
            self._down.append((self.button_up, button))
            self.button_down(button)
            yield
        finally:
            self._let_go(mark)

    def release(self) -> None:
        """Let go of everything that is still held."""
        self._let_go(0)

    def _let_go(self, mark: int) -> None:
        while len(self._down) > mark:
            up, what = self._down.pop()
            up(what)

    def keep_apart(self, at: Position, button: Button) -> None:
        """Wait until a click here can't be taken for the second half of the last one."""
        if self._last_click is None:
            return
        when, last_button, (x, y) = self._last_click
        near = abs(at[0] - x) <= _NEAR and abs(at[1] - y) <= _NEAR
        wait = when + APART - time.monotonic()
        if near and button == last_button and wait > 0:
            self.pause(wait)

    def clicked(self, at: Position, button: Button) -> None:
        """Remember a click for `keep_apart`."""
        self._last_click = time.monotonic(), button, at

    @contextmanager
    def braking(self) -> Iterator[None]:
        """Turn pyautogui's fail-safe into our words."""
        try:
            yield
        except self.gui.FailSafeException as error:
            raise Stopped(BRAKE) from error

    def _unbraked(self, move: Callable[[], None]) -> None:
        # What is held must come up even while the user pulls the brake.
        self.gui.FAILSAFE = False
        try:
            move()
        finally:
            self.gui.FAILSAFE = True

    def _key(self, key: str) -> str:
        name = desktop_keys.PYAUTOGUI.get(key, key)
        if not self.gui.isValidKey(name):
            raise ActionFailed(f"The key '{key}' can't be pressed on this system.")
        return name


def plain_button(button: Button) -> str:
    """The button as pyautogui names it. Raises ActionFailed for side buttons, which it lacks."""
    if button in ("back", "forward"):
        raise ActionFailed(f"The {button} button of the mouse can't be pressed on this system.")
    return button


def load_pyautogui() -> Any:
    """The module, its globals set. It serves the display it was first imported on.

    Raises MissingExtra, or SetupError when there is no display.
    """
    try:
        import pyautogui
    except ImportError as error:
        raise MissingExtra("desktop", "pyautogui") from error
    except Exception as error:  # Xlib's DisplayConnectionError, KeyError: DISPLAY, and others
        raise SetupError(f"pyautogui can't reach the screen: {error}.") from error
    pyautogui.PAUSE = 0.0  # waiting is the settling's work
    pyautogui.FAILSAFE = True
    pyautogui.MINIMUM_DURATION = 0.0
    width, height = pyautogui.size()
    pyautogui.FAILSAFE_POINTS[:] = [(x, y) for x in (0, width - 1) for y in (0, height - 1)]
    return pyautogui
