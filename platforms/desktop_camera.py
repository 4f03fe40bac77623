"""Pictures of the screen through mss, and whether the screen has come to rest.

mss is several times faster than `pyautogui.screenshot()`, which also needs a helper program on
Linux. Lives on the driver's thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops

from gui_agent import images
from gui_agent.errors import MissingExtra, PlatformLost, SetupError
from gui_agent.platforms.desktop_geometry import Area
from gui_agent.screen import Screenshot

_FRAME_SECONDS = 0.025
"""Time between two looks while the screen settles."""
_TILE = 32
"""Changes are counted per tile of this many pixels."""
_DARK = 4
"""Every channel of a black screen is below this, of 255."""
_SPARSE = 4 * 1021
"""Bytes from one sampled pixel to the next; no width that screens have is a multiple of it."""
_BUSY = 6
"""A tile that has changed more often than this is a clock or a film, which never settles."""
_NOTICEABLE = 6
"""A tile counts as changed from this mean difference (of 255) on: a caret or more."""


@dataclass(frozen=True, slots=True)
class Settling:
    """When the screen counts as settled, in seconds."""

    untouched: float = 0.08
    """Nothing has changed since the action for so long."""
    quiet: float = 0.15
    """After a change: nothing more has changed for so long."""
    cap: float = 3.0
    """Look anyway after this time."""


@dataclass(frozen=True, slots=True)
class Frame:
    """An unencoded picture, 4 bytes a pixel."""

    data: bytes
    width: int
    height: int

    def image(self) -> Image.Image:
        return Image.frombuffer("RGB", (self.width, self.height), self.data, "raw", "BGRX", 0, 1)

    @property
    def black(self) -> bool:
        if max(self.data[1::_SPARSE]) >= _DARK:  # one look at a thousandth settles most screens
            return False
        return all(high < _DARK for _, high in self.image().getextrema())  # type: ignore[misc]

    def screenshot(self) -> Screenshot:
        picture = images.encode(self.image())
        return Screenshot(picture.data, picture.width, picture.height, picture.media_type)


class Camera:
    """Takes pictures of one area of the desktop."""

    def __init__(self, display: str | None) -> None:
        self._mss = _open(display)
        self.area = self.monitors()[0]

    def monitors(self) -> list[Area]:
        """All monitors together, then each, in pointer units."""
        return [Area(m["left"], m["top"], m["width"], m["height"]) for m in self._mss.monitors]

    def grab(self) -> Frame:
        """The screen as it is now. On a scaled display it has more pixels than pointer units."""
        area = self.area
        where = {
            "left": area.left,
            "top": area.top,
            "width": area.width,
            "height": area.height,
        }
        try:
            shot = self._mss.grab(where)
        except Exception as error:  # mss has its own errors for each system
            raise PlatformLost(f"The screen can't be captured any more: {error}.") from error
        return Frame(bytes(shot.bgra), shot.width, shot.height)

    def close(self) -> None:
        self._mss.close()


def settle(
    grab: Callable[[], Frame], settling: Settling, pause: Callable[[float], None]
) -> tuple[Frame, bool]:
    """Watch until the screen is quiet; the last frame, and False when it never was."""
    started = last_change = time.monotonic()
    frame, busy, window = grab(), _Busy(), settling.untouched
    while (now := time.monotonic()) - last_change < window:
        if now - started > settling.cap:
            return frame, False
        pause(min(_FRAME_SECONDS, window - (now - last_change)))
        newer = grab()
        if newer.data != frame.data and busy.changed(frame, newer):
            last_change, window = time.monotonic(), settling.quiet
        frame = newer
    return frame, True


class _Busy:
    """Tells changes that matter from tiles that never come to rest."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def changed(self, before: Frame, after: Frame) -> bool:
        if (before.width, before.height) != (after.width, after.height):
            return True
        tiles = ImageChops.difference(before.image(), after.image()).convert("L").reduce(_TILE)
        moved = [i for i, mean in enumerate(tiles.tobytes()) if mean >= _NOTICEABLE]
        for tile in moved:
            self._counts[tile] = self._counts.get(tile, 0) + 1
        return any(self._counts[tile] <= _BUSY for tile in moved)


def _open(display: str | None) -> Any:
    try:
        import mss
    except ImportError as error:
        raise MissingExtra("desktop", "mss") from error
    make = getattr(mss, "MSS", None) or mss.mss  # the old name is deprecated since 10.2
    options = {"display": display} if display else {}
    try:
        return make(**options)
    except Exception as error:  # mss has its own errors for each system
        raise SetupError(f"The screen can't be captured: {error}.") from error
