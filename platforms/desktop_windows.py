"""Windows of the desktop: what is open, and what has the focus. Each system has its own file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gui_agent.checks import Check


@dataclass(frozen=True, slots=True)
class Window:
    id: int
    title: str
    app: str
    """The program: the window class on X11, the executable's name elsewhere."""


class Windows(Protocol):
    """What a system tells about its windows; lives on the driver's thread."""

    def active(self) -> Window | None:
        """The window that gets the keys."""

    def all(self) -> tuple[Window, ...]:
        """The ordinary windows, in the order they were opened."""

    def focus(self, window: Window) -> None:
        """Bring it to the front and give it the keyboard."""

    def focus_clicked(self, seconds: float) -> None:
        """Wait until the window that was clicked has the keyboard."""

    def ping(self, seconds: float) -> bool | None:
        """Has the active program dealt with all input so far? None: it can't be asked."""

    def trouble(self) -> str:
        """Why nothing on this screen can be used, such as a lock; "" when all is well."""

    def checks(self) -> list[Check]:
        """What `doctor` should say about this system's windows."""

    def close(self) -> None: ...


def match(windows: tuple[Window, ...], name: str) -> Window | None:
    """The latest window of this program, else the latest with these words in its title."""
    wanted = name.casefold().strip()
    latest = windows[::-1]
    by_app = (w for w in latest if w.app.casefold() == wanted)
    by_title = (w for w in latest if wanted and wanted in w.title.casefold())
    return next(by_app, None) or next(by_title, None)
