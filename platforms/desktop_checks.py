"""What `doctor` looks at before a run on the desktop: what can be wrong, and the cure."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from PIL import Image, ImageDraw

from gui_agent.checks import Check
from gui_agent.errors import GuiAgentError
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.platforms.desktop_apps import installed
from gui_agent.screen import Observation, Point

_SLOW_SECONDS = 0.1


async def checks(display: str = "", picture: Path | None = None) -> list[Check]:
    """Open the desktop, look, move the pointer (nothing is clicked), close it.

    `picture` is where to write a screenshot with a cross where a click in the middle would land.
    """
    platform = DesktopPlatform(display=display, takeover=False)
    try:
        await platform.open()
        seen = await platform.observe()
        rows, landed = await platform.check()
        if picture:
            rows.append(await asyncio.to_thread(_picture, seen, landed, picture))
    except GuiAgentError as error:
        sentence, _, cure = str(error).partition(". ")
        return [Check("desktop", "fail", sentence.rstrip(".") + ".", cure)]
    finally:
        await platform.close()
    return [_screen(seen), *rows, await asyncio.to_thread(_applications)]


def _screen(seen: Observation) -> Check:
    shot, seconds = seen.screenshot, seen.timings["capture"]
    detail = f"{shot.width}×{shot.height} pixels, taken in {seconds * 1000:.0f} ms."
    if any("black" in note for note in seen.notes):
        return Check("screen", "warn", f"All black, {detail}", "Unlock or wake the screen.")
    if seconds > _SLOW_SECONDS:
        return Check("screen", "warn", detail, "That is slow: use a smaller screen.")
    return Check("screen", "ok", detail)


def _applications() -> Check:
    count = len(installed())
    if count:
        return Check("applications", "ok", f"{count} can be opened by name.")
    return Check("applications", "warn", "None is installed that could be opened by name.")


def _picture(seen: Observation, landed: Point, picture: Path) -> Check:
    try:
        _draw(seen, landed, picture)
    except (OSError, ValueError) as error:  # ValueError: no picture format has this file ending
        cure = "Name a file ending in .png, in a folder that exists and can be written to."
        return Check("picture", "fail", f"Can't write {picture}: {error}.", cure)
    return Check("picture", "ok", f"{picture} shows where a click would land.")


def _draw(seen: Observation, landed: Point, picture: Path) -> None:
    image = Image.open(io.BytesIO(seen.screenshot.data)).convert("RGB")
    x, y = landed.pixels(*image.size)
    draw = ImageDraw.Draw(image)
    for width, colour in ((7, "white"), (3, "red")):
        draw.line((x - 30, y, x + 30, y), colour, width)
        draw.line((x, y - 30, x, y + 30), colour, width)
    image.save(picture)
