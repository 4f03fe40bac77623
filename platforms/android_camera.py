"""Pictures of a phone's screen, each with the evidence of where it came from.

Two ways: a JPEG of the automation server, else screencap's PNG. Where both fail there is no
picture: a black one is never made up.
"""

from __future__ import annotations

import base64
import binascii
import io
import time
from dataclasses import dataclass
from typing import Literal

from PIL import Image

from gui_agent.platforms.android_adb import AdbError, Unanswered
from gui_agent.platforms.android_link import Link
from gui_agent.platforms.android_server import RpcError
from gui_agent.screen import Screenshot

_SHOT_SECONDS = 5.0
_PNG = b"\x89PNG\r\n\x1a\n"
_SHADES = 3
"""Grey values this close together are one colour to a JPEG."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture as it came from the phone."""

    screenshot: Screenshot
    source: Literal["server", "screencap"]
    display: tuple[int, int]
    """Width and height of the screen in its own pixels, as it was held then."""
    arrived: float
    """When it was here, on the monotonic clock."""
    seconds: float
    """How long taking it took."""
    blank: bool
    """Is all between the bars one colour, as in pictures of protected windows and dark screens?"""


class NoPicture(Exception):
    """The phone gives no picture in either way; the text says what it said."""


class Camera:
    """Takes pictures over one link."""

    def __init__(self, link: Link, scale: float, quality: int) -> None:
        """`scale` and `quality` (1 to 100): of the JPEG, made smaller on the phone."""
        self._link = link
        self._scale = scale
        self._quality = quality
        self._server_failed = False
        """It hung once: every further try would cost its whole deadline."""

    async def take(self, last: Frame | None = None) -> Frame:
        """The screen as it is now; `last` itself when not a byte has changed since.

        Raises NoPicture, AdbError or PlatformLost.
        """
        began = time.monotonic()
        failures = []
        if not self._server_failed:
            try:
                return _frame(await self._served(), "server", self._scale, began, last)
            except Unanswered as error:
                self._server_failed = True
                failures.append(str(error))
            except (RpcError, AdbError, NoPicture) as error:
                failures.append(str(error))
        try:
            return _frame(await self._captured(), "screencap", 1.0, began, last)
        except NoPicture as error:
            raise NoPicture("; ".join([*failures, str(error)])) from error

    async def _served(self) -> bytes:
        said = await self._link.once(
            "takeScreenshot", self._scale, self._quality, seconds=_SHOT_SECONDS
        )
        try:
            return base64.b64decode(said or "", validate=True)
        except (binascii.Error, TypeError, ValueError) as error:
            raise NoPicture(f"takeScreenshot answered {said!r:.40}") from error

    async def _captured(self) -> bytes:
        said = await self._link.run("exec:screencap -p", seconds=2 * _SHOT_SECONDS)
        # Phones with several displays print a warning in front of the picture.
        start = said.find(_PNG)
        if start < 0:
            raise NoPicture(said.decode("utf-8", "replace").strip()[:200] or "screencap is silent")
        return said[start:]


def _frame(
    data: bytes,
    source: Literal["server", "screencap"],
    scale: float,
    began: float,
    last: Frame | None,
) -> Frame:
    arrived = time.monotonic()
    if last and data == last.screenshot.data:
        return last  # decoding it once more would cost a step some milliseconds
    try:
        with Image.open(io.BytesIO(data)) as image:
            (width, height), kind = image.size, Image.MIME[image.format or ""]
            image.draft("L", (width // 8, height // 8))
            low, high = _between_bars(image.convert("L")).getextrema()
    except (OSError, SyntaxError, KeyError, ValueError) as error:
        raise NoPicture(f"{source} sent {len(data)} bytes that are no picture") from error
    return Frame(
        Screenshot(data, width, height, kind),
        source,
        (round(width / scale), round(height / scale)),
        arrived,
        time.monotonic() - began,
        blank=float(high) - float(low) <= _SHADES,  # type: ignore[arg-type]
    )


def _between_bars(image: Image.Image) -> Image.Image:
    return image.crop((0, image.height // 10, image.width, image.height * 7 // 8))
