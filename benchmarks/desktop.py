"""What the desktop platform costs, on an Xvfb of 1920 × 1080: `python -m benchmarks.desktop`."""

from __future__ import annotations

import asyncio
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from benchmarks.tables import table
from gui_agent import images
from gui_agent.actions import Action, Click, TypeText
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.platforms.desktop_virtual import virtual_display
from gui_agent.screen import Point

FIELD = Path(__file__).parents[1] / "tests" / "desktop" / "field.py"
ROUNDS = 20
ASCII = "The quick brown fox jumps over the lazy dog. <0123456789> " * 2
HAN = "".join(chr(0x4E00 + 7 * index) for index in range(100))
GOALS = {
    "picture ready for the model": 60,
    "click and settle, quiet screen": 120,
    "100 ASCII characters": 500,
    "100 CJK characters": 1000,
}
"""Milliseconds."""


async def main() -> None:
    async with virtual_display(1920, 1080):
        field = await asyncio.create_subprocess_exec(
            sys.executable, str(FIELD), "100", "100", stdin=PIPE, stdout=PIPE
        )
        platform = DesktopPlatform(takeover=False)
        try:
            assert field.stdout
            await field.stdout.readline()
            await platform.open()
            await measure(platform)
        finally:
            await platform.close()
            await field.communicate(b"quit\n")


async def measure(platform: DesktopPlatform) -> None:
    inside, outside = Point(0.15, 0.2), Point(0.8, 0.8)

    async def ready() -> float:
        seen = await platform.observe()
        started = time.perf_counter()
        images.prepare(seen.screenshot)
        return seen.timings["capture"] + time.perf_counter() - started

    async def click() -> float:
        started = time.perf_counter()
        await platform.perform(Click(at=outside))
        await platform.observe()
        return time.perf_counter() - started

    def entering(text: str) -> Callable[[], Awaitable[float]]:
        async def enter() -> float:
            await platform.perform(Click(at=inside))
            await platform.observe()
            return await timed(platform, TypeText(text=text[:100]))

        return enter

    rows = {
        "picture ready for the model": ready,
        "click and settle, quiet screen": click,
        "100 ASCII characters": entering(ASCII),
        "100 CJK characters": entering(HAN),
    }
    results = []
    for name, measurement in rows.items():
        seconds = []
        for _ in range(ROUNDS):
            seconds.append(await measurement())
            await asyncio.sleep(0.6)  # two clicks at one place would be kept apart
        results.append((name, *(f"{s * 1000:.0f}" for s in (median(seconds), min(seconds)))))
    goals = [(*row, GOALS[row[0]]) for row in results]
    print(table(["", "median ms", "min ms", "goal ms"], goals))


async def timed(platform: DesktopPlatform, action: Action) -> float:
    started = time.perf_counter()
    await platform.perform(action)
    return time.perf_counter() - started


if __name__ == "__main__":
    asyncio.run(main())
