"""Text on X11 that arrives exactly as written, whatever it is and whatever takes it.

Short text that the keyboard has is typed. Everything else is pasted, which is proved by the program
fetching it; a program that does not fetch it gets it through keys that are lent its characters.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from gui_agent.checks import Check
from gui_agent.platforms.desktop_apps import let_go
from gui_agent.platforms.desktop_x11 import X11Hands

_SHORT = 30
"""Text of at most so many characters is typed, if it can be: calculators and programs in a terminal
tell a paste from typing."""
_FETCH_SECONDS = 1.0
"""A program that has not fetched the text by then refuses to be pasted into."""
_QUIET_SECONDS = 0.05
"""Some programs fetch twice; the clipboard is given back once they have been quiet so long."""
_ANSWER_SECONDS = 3.0
_TERMINALS = ("term", "konsole", "kitty", "alacritty", "tilix", "guake", "yakuake", "urxvt", "foot")


class Typist:
    """Enters text into whatever has the keyboard focus of an X server."""

    def __init__(self, hands: X11Hands, display: str, pause: Callable[[float], None]) -> None:
        self._hands = hands
        self._pause = pause
        self._clipboard = Clipboard(display, pause)

    def enter(self, text: str, app: str, submit: bool) -> None:
        """Enter the text; `app` is the class of the window that has the focus."""
        self._hands.keyboard.read_layout()
        terminal = is_terminal(app)
        body = text.rstrip("\n") if terminal else text
        # Fields complete what is typed, not what is pasted, and Enter would take the completion.
        keys = terminal or not submit
        if keys and len(body) <= _SHORT and self._hands.keyboard.types(body):
            self._hands.keyboard.type(body)
        elif not self._paste(body, terminal):
            self._hands.keyboard.type_foreign(body, self._pause)
        # A shell takes a pasted line end for text; the one that runs the command is a key.
        for _ in range(len(text) - len(body)):
            self._hands.press(("enter",))

    def clear(self, app: str) -> None:
        """Remove what the field holds (in a terminal: the line)."""
        if is_terminal(app):
            self._hands.press(("ctrl", "e"))
            self._hands.press(("ctrl", "u"))
        else:
            self._hands.press(("ctrl", "a"))
            self._hands.press(("delete",))

    def checks(self) -> list[Check]:
        """The keyboard layout, and whether the clipboard can be lent and given back."""
        keyboard = self._hands.keyboard
        keyboard.read_layout()
        ascii_ = [chr(code) for code in range(33, 127)]
        lacking = "".join(c for c in ascii_ if not keyboard.types(c))
        said = (
            f"The layout lacks {lacking}; they are pasted." if lacking else "It has all of ASCII."
        )
        rows = [Check("keyboard", "ok", said)]
        if keyboard.caps_lock:
            rows = [Check("keyboard", "warn", "Caps Lock is on; all text is pasted.")]
        if self._clipboard.answers():
            return [*rows, Check("clipboard", "ok", "It can be lent and given back.")]
        cure = "Copy something else in the program that holds the clipboard, or close it."
        return [*rows, Check("clipboard", "fail", "What is in it can't be kept.", cure)]

    def close(self) -> None:
        self._clipboard.close()

    def _paste(self, text: str, terminal: bool) -> bool:
        # Terminals paste PRIMARY; elsewhere taking it would undo the selection in the window.
        selections = ["CLIPBOARD", "PRIMARY"] if terminal else ["CLIPBOARD"]
        return self._clipboard.lend(
            text, selections, lambda: self._hands.press(("shift", "insert"))
        )


class Clipboard:
    """The keeper process, which owns the selections for as long as a paste takes."""

    def __init__(self, display: str, pause: Callable[[float], None]) -> None:
        self._pause = pause
        self._rest = b""
        # Its errors would end up in the terminal of the run, long after it perhaps.
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-m", "gui_agent.platforms.desktop_x11_clipboard", display],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def lend(self, text: str, selections: list[str], paste: Callable[[], None]) -> bool:
        """Offer the text, paste, give the clipboard back. False: nobody has fetched it."""
        try:
            if not self._ask({"offer": text, "selections": selections}, "offered"):
                return False
            paste()
            return self._fetched()
        finally:
            self._ask({"restore": True}, "restored")

    def answers(self) -> bool:
        """Can it be lent and given back?"""
        try:
            return bool(self._ask({"offer": "", "selections": ["CLIPBOARD"]}, "offered"))
        finally:
            self._ask({"restore": True}, "restored")

    def read(self, selection: str = "CLIPBOARD") -> str:
        """The text that the user (or the agent) has copied."""
        return str(self._ask({"read": selection}, "text") or "")

    def close(self) -> None:
        """Part from the process: it stays for as long as it keeps something for the user."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        try:
            self._process.wait(0.5)
        except subprocess.TimeoutExpired:
            let_go(self._process)
        self._process.stdout.close()

    def _fetched(self) -> bool:
        until, fetched = time.monotonic() + _FETCH_SECONDS, False
        while (left := until - time.monotonic()) > 0:
            if "fetched" in self._hear(left):
                fetched, until = True, time.monotonic() + _QUIET_SECONDS
        return fetched

    def _ask(self, command: dict[str, Any], answer: str) -> Any:
        """Send a command; the value of its answer, None when there is none in time."""
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return None
        until = time.monotonic() + _ANSWER_SECONDS
        while (left := until - time.monotonic()) > 0:
            heard = self._hear(left)
            if answer in heard:
                return heard[answer]
        return None

    def _hear(self, seconds: float) -> dict[str, Any]:
        """The next thing it says, {} when it says nothing for so long."""
        assert self._process.stdout
        descriptor = self._process.stdout.fileno()
        while b"\n" not in self._rest:
            with selectors.DefaultSelector() as selector:
                selector.register(descriptor, selectors.EVENT_READ)
                if not selector.select(seconds):
                    return {}
            read = os.read(descriptor, 1 << 16)
            if not read:
                self._pause(seconds)
                return {}
            self._rest += read
        line, _, self._rest = self._rest.partition(b"\n")
        heard: dict[str, Any] = json.loads(line)
        return heard


def is_terminal(app: str) -> bool:
    """Is a window of this class a terminal?"""
    return any(name in app.lower() for name in _TERMINALS)
