"""One opened desktop, on the driver's thread: the parts of its system, and each action on them."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gui_agent.actions import Action, Click, Drag, Hover, LongPress, PressKeys, Scroll, TypeText
from gui_agent.checks import Check
from gui_agent.errors import ActionFailed, PlatformLost, SetupError
from gui_agent.platforms import desktop_keys
from gui_agent.platforms.desktop_camera import Camera, Settling, settle
from gui_agent.platforms.desktop_geometry import Area, Position, choose, off_the_corner
from gui_agent.platforms.desktop_hands import Hands
from gui_agent.platforms.desktop_windows import Windows
from gui_agent.screen import Element, Observation, Point

PAGE = 10
"""Notches that a page counts for: programs move about three lines a notch."""
_STRAY = 3
"""Pointer units by which a pointer may be off without the user having moved it."""
_SUBMITTING = Settling(untouched=0.3, quiet=0.3, cap=1.5)
"""Forms look at what was entered before they take Enter: GTK's file dialog for up to 0.3 s."""
_FOCUS_SECONDS = 0.3
_ANSWER_SECONDS = 1.0
_ELEMENT_SECONDS = 2.0
"""Elements that have not been read by then are left out; most programs need a tenth of it."""

Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What a `DesktopPlatform` was asked for."""

    display: str = ""
    monitor: int = 1
    settling: Settling = field(default_factory=Settling)
    elements: bool = False


class Typist(Protocol):
    """Enters text into what has the focus; `app` is the program it belongs to."""

    def enter(self, text: str, app: str, submit: bool) -> None:
        """`submit`: Enter will follow, so nothing may complete the text."""

    def clear(self, app: str) -> None: ...

    def checks(self) -> list[Check]: ...

    def close(self) -> None: ...


class Reader(Protocol):
    """Reads the elements of the active window from the system's accessibility service."""

    def elements(self, area: Area, seconds: float) -> tuple[tuple[Element, ...], bool]:
        """What has been read by then, and whether that is all."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class System:
    """What differs between X11, Windows and macOS."""

    hands: Hands
    windows: Windows
    typist: Typist
    reader: Reader | None
    display: str = ""
    environment: Mapping[str, str] | None = None
    """What programs are started with; None: the same as ours."""


def start(options: Options, pause: Pause) -> Session:
    """Connect to the desktop of this system. Raises MissingExtra or SetupError."""
    if sys.platform == "win32":
        from gui_agent.platforms.desktop_win32 import connect
    elif sys.platform == "darwin":
        from gui_agent.platforms.desktop_macos import connect
    else:
        from gui_agent.platforms.desktop_linux import connect
    system = connect(options, pause)
    if trouble := system.windows.trouble():
        raise SetupError(f"{trouble} Unlock it, then start again.")
    return Session(system, Camera(system.display or None), options, pause)


class Session:
    """A screen that is being used. Not for more than one thread."""

    def __init__(self, system: System, camera: Camera, options: Options, pause: Pause) -> None:
        self.hands = system.hands
        self.windows = system.windows
        self.environment = system.environment
        self._typist = system.typist
        self._reader = system.reader
        self._camera = camera
        self._settling = options.settling
        self._pause = pause
        monitors = camera.monitors()
        self._desktop = monitors[0]
        camera.area = choose(monitors, options.monitor)
        self.hands.leave_corner()
        self._pointer = self.hands.position()
        self._listed: tuple[Element, ...] = ()

    def observe(self) -> Observation:
        """Look once the screen is quiet."""
        if trouble := self.windows.trouble():
            raise PlatformLost(f"{trouble} Unlock it, then start again.")
        started = time.perf_counter()
        answering = self.windows.ping(_ANSWER_SECONDS)
        frame, quiet = settle(self._camera.grab, self._settling, self._pause)
        settled = time.perf_counter()
        shot = frame.screenshot()
        captured = time.perf_counter()
        active, windows = self.windows.active(), self.windows.all()
        titles = tuple(window.title or window.app for window in windows)
        self._listed, whole = self._elements()
        return Observation(
            shot,
            where=(active.app or active.title) if active else "",
            title=active.title if active else "",
            elements=self._listed,
            notes=tuple(_notes(quiet, answering, frame.black, whole)),
            tabs=titles if len(titles) > 1 else (),
            tab=next((i for i, w in enumerate(windows) if active and w.id == active.id), 0),
            timings={
                "settle": settled - started,
                "capture": captured - settled,
                "marks": time.perf_counter() - captured,
            },
        )

    def perform(self, action: Action) -> str:
        """Carry out one action of pointer or keyboard. Raises ActionFailed or Stopped."""
        self.hands.check_brake()
        try:
            self._act(action)
        finally:
            self.hands.release()
            self._pointer = self.hands.position()
        return ""

    def pointer_strayed(self) -> bool:
        """Is the pointer elsewhere than we left it? Then the user has moved it."""
        self.hands.check_brake()
        x, y = self.hands.position()
        return abs(x - self._pointer[0]) > _STRAY or abs(y - self._pointer[1]) > _STRAY

    def accept_pointer(self) -> None:
        """The user has put the pointer where it is now."""
        self._pointer = self.hands.position()

    def checks(self) -> tuple[list[Check], Point]:
        """What `doctor` reports, and where the pointer is when it was sent to the middle."""
        area, monitors = self._camera.area, self._camera.monitors()[1:]
        frame = self._camera.grab()
        scale = frame.width / area.width
        rows = [
            Check("monitors", "ok", f"{len(monitors)}; this one at ({area.left}, {area.top})."),
            Check("scale", "ok", f"{scale:g} pixels of the picture per unit of the pointer."),
        ]
        missed = []
        for target in (Point(0.1, 0.1), Point(0.9, 0.9), Point(0.5, 0.5)):
            wanted = area.position(target)
            self.hands.move(wanted)
            if math.dist(self.hands.position(), wanted) > 1:
                missed.append(f"{wanted} became {self.hands.position()}")
        landed = area.point(self.hands.position())
        if missed:
            cure = "Something else moves the pointer, or the screen's scale is wrong."
            rows.append(Check("pointer", "fail", f"It misses: {'; '.join(missed)}.", cure))
        else:
            rows.append(Check("pointer", "ok", "It goes where it is sent."))
        self._pointer = self.hands.position()
        return [*rows, *self.windows.checks(), *self._typist.checks()], landed

    def close(self) -> None:
        """Let go of everything; the clipboard is the user's again."""
        self.hands.release()
        self._typist.close()
        if self._reader:
            self._reader.close()
        self._camera.close()
        self.windows.close()

    def _act(self, action: Action) -> None:
        match action:
            case Click(at=at, button=button, count=count, modifiers=modifiers):
                self.hands.click(self._position(at, action.mark), button, count, modifiers)
                self.windows.focus_clicked(_FOCUS_SECONDS)
            case LongPress(at=at, seconds=seconds):
                self.hands.long_press(self._position(at, action.mark), seconds)
            case Hover(at=at):
                self.hands.move(self._position(at, action.mark))
            case Drag(path=path, mark=mark):
                first, *others = path
                self.hands.drag([self._position(first, mark), *map(self._position, others)])
            case Scroll(direction=direction, at=at):
                where = self._position(at or Point(0.5, 0.5), action.mark)
                self.hands.scroll(direction, _notches(action), where)
            case TypeText():
                self._type(action)
            case PressKeys(keys=keys):
                self.hands.press(desktop_keys.chord(keys))
            case _:
                raise ActionFailed(_IMPOSSIBLE.get(action.kind, _USE_POINTER).format(action.kind))

    def _type(self, action: TypeText) -> None:
        if action.at is not None:
            self.hands.click(self._position(action.at, action.mark), "left", 1, ())
            self.windows.focus_clicked(_FOCUS_SECONDS)
        # What came before must have been dealt with, such as a copy to the clipboard.
        self.windows.ping(_FOCUS_SECONDS)
        active = self.windows.active()
        app = active.app if active else ""
        if action.clear:
            self._typist.clear(app)
        self._typist.enter(action.text, app, action.submit)
        if action.submit:
            settle(self._camera.grab, _SUBMITTING, self._pause)
            self.hands.press(("enter",))

    def _position(self, at: Point, mark: int | None = None) -> Position:
        if mark is not None:
            self._check(mark, at)
        return off_the_corner(self._camera.area.position(at), self._desktop)

    def _elements(self) -> tuple[tuple[Element, ...], bool]:
        if self._reader is None:
            return (), True
        return self._reader.elements(self._camera.area, _ELEMENT_SECONDS)

    def _check(self, mark: int, at: Point) -> None:
        """Raise ActionFailed unless the element listed with this mark still covers this point."""
        listed = next((e for e in self._listed if e.mark == mark), None)
        if listed is None or not any(_same(listed, e, at) for e in self._elements()[0]):
            raise ActionFailed(f"Element {mark} is not there any more. Look at the screen again.")


_IMPOSSIBLE = {
    "back": "There is no general way back on a desktop: press alt+left, or click a button.",
    "home": "There is no home screen on a desktop: switch to a window or open an application.",
    "close_tab": "Close it with its own button, or press ctrl+w or alt+F4.",
    "select": "Lists open by a click here: click it, then click the option.",
    "upload": "Use the program's own file dialog: click the button, then type the path.",
    "swipe": "There is no finger on a desktop: use scroll or drag.",
    "pinch": "There are no fingers on a desktop: to zoom, press ctrl+plus or ctrl+minus.",
}
_USE_POINTER = "'{}' is not possible on a desktop."


def _same(listed: Element, now: Element, at: Point) -> bool:
    alike = (listed.role, listed.name) == (now.role, now.name)
    return alike and now.mark is not None and now.box.contains(at)


def _notches(action: Scroll) -> int:
    amount = action.amount if action.unit == "notch" else action.amount * PAGE
    return max(1, round(amount))


def _notes(quiet: bool, answering: bool | None, black: bool, whole: bool) -> list[str]:
    notes = []
    if not quiet:
        notes.append("The screen was still changing when this picture was taken.")
    if answering is False:
        notes.append("The active program does not respond; it may be busy.")
    if black:
        notes.append("The screen is all black: it may be locked, asleep or without any window.")
    if not whole:
        notes.append("Not every element could be listed; use the picture for the others.")
    return notes
