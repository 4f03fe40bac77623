"""What the desktop platform costs, on an Xvfb of 1920 × 1080: `python -m benchmarks.desktop`.

Stock pyautogui does the same beside it, with its defaults; whether all text arrived is checked.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import io
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.tables import table
from gui_agent import images, registry, wire
from gui_agent.actions import Click, TypeText
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.platforms.desktop_camera import Camera
from gui_agent.platforms.desktop_virtual import virtual_display
from gui_agent.screen import Observation, Point
from gui_agent.trajectory import Reply, Step, Task, Trajectory
from tests.desktop.conftest import Talker, app, talker

FIELD = Path(__file__).parents[1] / "tests" / "desktop" / "field.py"
WIDTH, HEIGHT = 1920, 1080
INSIDE, OUTSIDE = Point(0.15, 0.2), Point(0.8, 0.1)
"""In the text field, and where only the empty screen is."""
TEXTS = {
    "100 ASCII characters": ("The quick brown fox jumps over the lazy dog. <0123456789> " * 2)[
        :100
    ],
    "100 CJK characters": "".join(chr(0x4E00 + 7 * index) for index in range(100)),
}
GOALS = {
    "picture ready": 60,
    "request with four earlier pictures": 80,
    "click, settled and seen": 120,
    "100 ASCII characters": 500,
    "100 CJK characters": 1000,
}
"""Milliseconds."""
PAUSE = 0.6
"""Seconds between two rounds: clicks at one place would be kept apart."""


@dataclass
class Measured:
    """What one thing took, time after time."""

    seconds: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    """Seconds of processor time, which other work on the machine does not stretch."""
    wrong: str = ""
    """What was not as it should be."""

    @contextmanager
    def once(self) -> Iterator[None]:
        started, used = time.perf_counter(), time.process_time()
        yield
        self.seconds.append(time.perf_counter() - started)
        self.busy.append(time.process_time() - used)

    def __str__(self) -> str:
        said = f"{1000 * median(self.seconds):.0f}" if self.seconds else ""
        return " ".join(filter(None, (said, f"({self.wrong})" if self.wrong else "")))

    def columns(self) -> list[str]:
        figures = min(self.seconds), median(self.busy)
        return [str(self), *(f"{1000 * seconds:.0f}" for seconds in figures)]


async def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.desktop", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, metavar="N")
    rounds = parser.parse_args(arguments).rounds
    async with virtual_display(WIDTH, HEIGHT):
        with talker(FIELD, 100, 100) as box, full_of_text():
            platform = DesktopPlatform(takeover=False)
            await platform.open()
            try:
                found = await ours(platform, box, rounds)
            finally:
                await platform.close()
            beside = await asyncio.to_thread(stock, box, rounds)
    rows = [
        (name, *found[name].columns(), goal, beside.get(name, "")) for name, goal in GOALS.items()
    ]
    print(table(["ms", "median", "min", "processor", "goal", "pyautogui"], rows))


@contextmanager
def full_of_text() -> Iterator[None]:
    """Most of the screen shows text, which is what costs when a picture is encoded."""
    command = "head -c 30000 /usr/share/common-licenses/GPL-3 | fold -w 200; exec sleep 3600"
    with app("xterm", "-geometry", "300x60+0+250", "-e", "sh", "-c", command):
        time.sleep(3)
        yield


async def ours(platform: DesktopPlatform, box: Talker, rounds: int) -> dict[str, Measured]:
    found = await pictures(platform, rounds)
    box.ask("clear")
    click = found["click, settled and seen"] = Measured()
    for _ in range(rounds):
        with click.once():
            await platform.perform(Click(at=OUTSIDE))
            await platform.observe()
        await asyncio.sleep(PAUSE)
    for name, text in TEXTS.items():
        typed = found[name] = Measured()
        for _ in range(rounds):
            await platform.perform(Click(at=INSIDE))
            await platform.observe()
            with typed.once():
                await platform.perform(TypeText(text=text))
            typed.wrong = arrived(box, text) or typed.wrong
            await asyncio.sleep(PAUSE)
    return found


async def pictures(platform: DesktopPlatform, rounds: int) -> dict[str, Measured]:
    """From the screen to the model's picture, and to the whole request of GLM-4.1V.

    The screen is another one every time, so that one earlier picture is new in every request, as
    in a run; the other three were made for the requests before.
    """
    camera, dialect = Camera(None), registry.dialect("glm-4.1v", "desktop")
    trajectory = Trajectory(Task("Write a shopping list and save it."))
    ready, whole = Measured(), Measured()
    try:
        for index in range(rounds + 4):
            await platform.perform(TypeText(text=f"{index} ", at=INSIDE))
            await platform.observe()
            with whole.once():
                with ready.once():
                    shot = camera.grab().screenshot()
                    images.prepare(shot)
                seen = Observation(shot, "Field", "Field")
                json.dumps({"messages": wire.turns(dialect.prompt(trajectory, seen))})
            reply = Reply(Click(at=INSIDE), "I click.", note="I click.", memory="[]")
            trajectory.steps.append(Step(index, seen, reply=reply))
    finally:
        camera.close()
    first = slice(0, 4)  # the history has not four pictures yet
    for measured in (ready, whole):
        del measured.seconds[first], measured.busy[first]
    return {"picture ready": ready, "request with four earlier pictures": whole}


def stock(box: Talker, rounds: int) -> dict[str, Measured]:
    """The same with pyautogui as it comes, its pause of 0.1 s after every call included."""
    import pyautogui

    pyautogui.PAUSE = 0.1

    def picture() -> None:
        buffer = io.BytesIO()
        pyautogui.screenshot().save(buffer, "PNG")
        base64.b64encode(buffer.getvalue())

    def click() -> None:
        pyautogui.click(*OUTSIDE.pixels(WIDTH, HEIGHT))

    found = {"picture ready": attempt(picture, rounds)}
    found["click, settled and seen"] = attempt(click, rounds)
    for name, text in TEXTS.items():
        pyautogui.click(*INSIDE.pixels(WIDTH, HEIGHT))
        typed = found[name] = Measured()
        with typed.once():
            pyautogui.write(text)
        time.sleep(PAUSE)
        typed.wrong = arrived(box, text)
    return found


def attempt(act: Callable[[], None], rounds: int) -> Measured:
    """How long it takes; or what it raises."""
    measured = Measured()
    for _ in range(rounds):
        try:
            with measured.once():
                act()
        except Exception as error:  # noqa: BLE001 - whatever it raises is the finding
            return Measured(wrong=f"raises {type(error).__name__}")
    return measured


def arrived(box: Talker, text: str) -> str:
    """How the field's text differs from this; "" when it does not. The field is empty then."""
    holds = box.ask("text")["text"]
    box.ask("clear")
    same = sum(mine == theirs for mine, theirs in zip(holds, text, strict=False))
    return "" if holds == text else f"{same} of {len(text)} right"


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
