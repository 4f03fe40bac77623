"""The parts of an X11 desktop, connected."""

from __future__ import annotations

import os

from gui_agent.errors import SetupError
from gui_agent.platforms.desktop_atspi import AccessibilityBus
from gui_agent.platforms.desktop_session import Options, Pause, System
from gui_agent.platforms.desktop_x11 import X11Hands, find_display, refuse_xwayland
from gui_agent.platforms.desktop_x11 import connect as connect_x
from gui_agent.platforms.desktop_x11_text import Typist
from gui_agent.platforms.desktop_x11_windows import X11Windows

_served: list[str] = []
"""The display that pyautogui was imported on: it serves no other in this process."""


def connect(options: Options, pause: Pause) -> System:
    """Raises MissingExtra or SetupError."""
    name = find_display(os.environ, options.display)
    if _served and _served != [name]:
        raise SetupError(
            f"This process already drives the display {_served[0]}, and pyautogui can't change to"
            f" {name}. Use another process for a second display."
        )
    display = connect_x(name)
    refuse_xwayland(display)
    os.environ["DISPLAY"] = name  # pyautogui reads nothing else
    hands = X11Hands(pause, display)
    _served[:] = [name]
    typist = Typist(hands, name, pause)
    environment = {**os.environ, "DISPLAY": name}
    reader = AccessibilityBus() if options.elements else None
    return System(hands, X11Windows(display), typist, reader, name, environment)
