"""The whole catalogue, several times, each time on a display of its own:
`python -m tests.desktop.conformance --rounds 3` prints how often each entry passed.

Apart from pytest and its fixtures, so that it also judges those.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys

from benchmarks.tables import table
from gui_agent.actions import Click
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.platforms.desktop_virtual import virtual_display
from tests.desktop.catalogue import EVENTS, HEIGHT, TYPED, WIDTH, at, deviation
from tests.desktop.conftest import Talker, talker
from tests.desktop.test_catalogue import PROBE
from tests.desktop.test_typing import FIELD


async def play() -> dict[str, str]:
    """One round: entry → what was wrong, "" when it passed."""
    async with virtual_display(WIDTH, HEIGHT):
        platform = DesktopPlatform(takeover=False)
        await platform.open()
        try:
            with talker(PROBE, WIDTH, HEIGHT) as probe:
                found = await _events(platform, probe)
            with talker(FIELD, 100, 100) as field:
                return found | await _typed(platform, field)
        finally:
            await platform.close()


async def _events(platform: DesktopPlatform, probe: Talker) -> dict[str, str]:
    found = {}
    for entry in EVENTS:
        probe.events()
        for action in entry.actions:
            await platform.perform(action)
        found[entry.name] = deviation(entry, probe.events())
    return found


async def _typed(platform: DesktopPlatform, field: Talker) -> dict[str, str]:
    found = {}
    for entry in TYPED:
        field.ask("clear")
        await platform.perform(Click(at=at(350, 250)))
        for action in entry.actions:
            await platform.perform(action)
        holds = field.ask("text")["text"]
        found[entry.name] = "" if holds == entry.holds else f"holds {holds!r}"
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", action="store_true", help="play one round and print its faults")
    options = parser.parse_args()
    if options.one:
        for name, fault in asyncio.run(play()).items():
            print(f"{name}\t{fault}")  # noqa: T201 - read by the process that started this one
        return
    rounds = [_in_a_process() for _ in range(options.rounds)]
    passed = {name: sum(not played[name] for played in rounds) for name in rounds[0]}
    print(table(["entry", f"passed of {len(rounds)}"], passed.items()))  # noqa: T201 - the report
    faults = [f"{name}: {fault}" for played in rounds for name, fault in played.items() if fault]
    good = sum(count == len(rounds) for count in passed.values())
    print(f"\n{good} of {len(passed)} entries passed every time.", *faults, sep="\n")  # noqa: T201
    sys.exit(bool(faults))


def _in_a_process() -> dict[str, str]:
    """One round; pyautogui serves one display per process."""
    command = [sys.executable, "-m", "tests.desktop.conformance", "--one"]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=300)
    lines = (line.partition("\t") for line in said.stdout.splitlines())
    return {name: fault for name, tab, fault in lines if tab}


if __name__ == "__main__":
    main()
