"""What one step on a phone costs besides the model, on the simulated phone over loopback.

    python -m benchmarks.phone
    python -m benchmarks.phone --profile android9 --times 50

Stock uiautomator2 does the same beside it, without settling and without reading text back.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import cycle
from statistics import median

from benchmarks.tables import table
from gui_agent.actions import Click, TypeText
from gui_agent.platforms.android import AndroidPlatform
from gui_agent.screen import Point
from tests.phone import Phone
from tests.phone.client import connect

HELLO = "héllo 你好 😀"
NOTES = "com.example.notes"
NOWHERE = Point(0.5, 0.93)
"""A place of the home screen at which there is nothing to tap."""
WARM_UP = 2
TARGETS = {"connect to first frame": 1000, "step": 200, "text": 500}
"""Milliseconds."""


def driver(phone: Phone, elements: bool) -> AndroidPlatform:
    return AndroidPlatform(phone.serial, adb=f"127.0.0.1:{phone.server.port}", elements=elements)


async def timed(act: Callable[[], Awaitable[object]], times: int) -> float:
    """The median in milliseconds, after a warm-up."""
    taken = []
    for _ in range(times + WARM_UP):
        began = time.perf_counter()
        await act()
        taken.append(time.perf_counter() - began)
    return 1000 * median(taken[WARM_UP:])


async def ours(phone: Phone, times: int, *, elements: bool) -> dict[str, float]:
    """What each thing costs this driver. Raises AssertionError if it was not done."""

    async def first_frame() -> None:
        made = driver(phone, elements)
        await made.open()
        await made.observe()
        taken.append(time.perf_counter() - began)
        await made.close()

    taken: list[float] = []
    for _ in range(WARM_UP + max(3, times // 4)):
        phone.reset()
        began = time.perf_counter()
        await first_frame()
    found = {"connect to first frame": 1000 * median(taken[WARM_UP:])}
    texts = cycle((HELLO, HELLO[::-1]))

    platform = driver(phone, elements)
    await platform.open()
    try:
        await platform.observe()

        async def step() -> None:
            await platform.perform(Click(at=NOWHERE))
            await platform.observe()

        found["step"] = await timed(step, times)
        await _open_field(phone, platform)

        async def text() -> None:
            said = await platform.perform(TypeText(text=next(texts), clear=True))
            assert said == "", said

        found["text"] = await timed(text, times)
    finally:
        await platform.close()
    return found


async def _open_field(phone: Phone, platform: AndroidPlatform) -> None:
    """A new note, its title in focus."""
    phone.launch(NOTES)
    seen = await platform.observe()
    nodes = [e for e in seen.marked if e.name == "New note"]
    at = nodes[0].box.center if nodes else Point(0.9, 0.9)
    await platform.perform(Click(at=at))
    await platform.observe()
    await platform.perform(TypeText(text="x", at=Point(0.5, 0.166)))


def stock(phone: Phone, times: int) -> dict[str, float]:
    """The same with uiautomator2 as it comes."""

    async def first_frame() -> None:
        device = connect(phone)
        device.screenshot()
        taken.append(time.perf_counter() - began)
        device.stop_uiautomator()

    taken: list[float] = []
    for _ in range(WARM_UP + max(3, times // 4)):
        phone.reset()
        began = time.perf_counter()
        asyncio.run(first_frame())
    found = {"connect to first frame": 1000 * median(taken[WARM_UP:])}
    texts = cycle((HELLO, HELLO[::-1]))

    device = connect(phone)
    try:
        x, y = NOWHERE.pixels(1170, 2532)

        async def step() -> None:
            device.click(x, y)
            device.screenshot()
            device.app_current()

        found["step"] = asyncio.run(timed(step, times))
        phone.launch(NOTES)
        device(description="New note").click()
        device(resourceId=f"{NOTES}:id/title", className="android.widget.EditText").click()

        async def text() -> None:
            device.send_keys(next(texts), clear=True)

        found["text"] = asyncio.run(timed(text, times))
    finally:
        device.stop_uiautomator()
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.phone", description=__doc__)
    parser.add_argument("--times", type=int, default=20, metavar="N")
    parser.add_argument("--profile", default="android14")
    options = parser.parse_args(arguments)
    with Phone(options.profile, "chromium") as phone:
        columns = {
            "with elements": asyncio.run(ours(phone, options.times, elements=True)),
            "pictures only": asyncio.run(ours(phone, options.times, elements=False)),
            "uiautomator2": stock(phone, options.times),
        }
    rows = [
        [what, *(f"{found[what]:.0f}" for found in columns.values()), target]
        for what, target in TARGETS.items()
    ]
    print(table(["ms, median", *columns, "target"], rows), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
