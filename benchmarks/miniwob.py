"""MiniWoB++: all 130 pages of the `miniwob` package, list mode, through the real loop.

    pip install --no-deps miniwob
    python -m benchmarks.miniwob --seeds 5

The pages lie in the package and are read from there; the package itself is never imported. The
goal is the page's own utterance. Success is a raw reward of 1, without the discount for time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.endpoint import add_options, served
from benchmarks.pages import serve
from benchmarks.tables import table
from gui_agent.actions import Action
from gui_agent.agent import Agent, Limits
from gui_agent.errors import GuiAgentError, PlatformLost
from gui_agent.platforms.web import WebPlatform
from gui_agent.protocols import Model, PlatformKind
from gui_agent.screen import Observation
from gui_agent.trajectory import Ending

if TYPE_CHECKING:
    from playwright.async_api import Page

PARALLEL = 2
LIMITS = Limits(steps=20, seconds=120)
VIEWPORT = (500, 320)
"""As the package opens its pages: the task is 160 × 210, pop-ups need the rest."""

START = """(seed) => {
  Math.seedrandom(seed);
  core.EPISODE_MAX_TIME = 2e9;
  core.startEpisodeReal();
  core.clearTimer();
  document.getElementById("reward-display").style.display = "none";
}"""
"""The time limit is lifted: it was set for programs that answer within milliseconds."""
UTTERANCE = "() => { const u = core.getUtterance(); return u.utterance ?? u; }"
REWARD = "() => WOB_DONE_GLOBAL ? WOB_RAW_REWARD_GLOBAL : null"


class End(StrEnum):
    SOLVED = "solved"
    PARTIAL = "partial reward"
    WRONG_ACT = "wrong act"
    """The page ended the episode and paid nothing."""
    STOPPED_SHORT = "stopped short"
    """Success was claimed before the page saw any."""
    GAVE_UP = "gave up"


@dataclass(frozen=True, slots=True)
class Episode:
    task: str
    seed: int
    end: End
    reward: float
    steps: int
    message: str


class Judged:
    """The web platform, ended by the page's own verdict: it is read before anything else happens,
    because the page then offers a new episode that a further click would begin."""

    kind: PlatformKind = "web"

    def __init__(self, web: WebPlatform, page: Page) -> None:
        self.web, self.page = web, page
        self.reward: float | None = None
        """The raw reward once the page has ended the episode."""

    async def open(self) -> None:
        await self.web.open()

    async def observe(self) -> Observation:
        seen = await self.web.observe()
        await self._judge()
        return seen

    async def perform(self, action: Action) -> str:
        said = await self.web.perform(action)
        await self._judge()
        return said

    async def close(self) -> None:
        """The browser goes on to the next seed."""

    async def _judge(self) -> None:
        self.reward = await self.page.evaluate(REWARD)
        if self.reward is not None:
            raise PlatformLost("the episode is over")


async def play(task: str, seeds: range, url: str, model: Model) -> list[Episode]:
    """One task with every seed, in a browser of its own."""
    web = WebPlatform(url=url, viewport=VIEWPORT)
    try:
        await web.open()
        return [await _episode(task, seed, url, web, model) for seed in seeds]
    finally:
        await web.close()
        await model.close()


async def _episode(task: str, seed: int, url: str, web: WebPlatform, model: Model) -> Episode:
    page = web.page
    await page.goto(url)
    await page.wait_for_function("() => core.cover_div")
    await page.evaluate(START, str(seed))
    await page.wait_for_function("() => WOB_TASK_READY")
    judged = Judged(web, page)
    run = await Agent(judged, model=model, limits=LIMITS).run(await page.evaluate(UTTERANCE))
    assert run.ending is not None  # `run` returns only ended trajectories
    end = how_it_ended(judged.reward, run.ending)
    return Episode(task, seed, end, judged.reward or 0.0, len(run.steps), run.ending.message)


def how_it_ended(reward: float | None, ending: Ending) -> End:
    """From the raw reward (None while the episode went on) and the run's own ending."""
    if reward is None:
        return End.STOPPED_SHORT if ending.good else End.GAVE_UP
    if reward >= 1:
        return End.SOLVED
    return End.PARTIAL if reward > 0 else End.WRONG_ACT


async def measure(
    folder: Path, tasks: Sequence[str], seeds: range, make_model: Callable[[], Model]
) -> list[Episode]:
    """Every task with every seed, two browsers at a time; prints a line as each task ends."""
    turn = asyncio.Semaphore(PARALLEL)

    async def one(task: str, base_url: str) -> list[Episode]:
        async with turn:
            episodes = await play(task, seeds, f"{base_url}/miniwob/{task}.html", make_model())
        print(f"{task}: {_solved(episodes)} of {len(episodes)}", flush=True)
        return episodes

    with serve(folder) as base_url:
        played = await asyncio.gather(*(one(task, base_url) for task in tasks))
    return [episode for episodes in played for episode in episodes]


def report(episodes: Sequence[Episode]) -> str:
    """Success per task, how the episodes ended, and the mean over the tasks."""
    tasks: dict[str, list[Episode]] = {}
    for episode in episodes:
        tasks.setdefault(episode.task, []).append(episode)
    rows = [_row(task, group) for task, group in tasks.items()]
    mean = sum(_solved(group) / len(group) for group in tasks.values()) / len(tasks)
    return (
        table(["task", *End, "steps"], [*rows, _row("all", episodes)])
        + f"\n\nStrict success, mean over {len(tasks)} tasks: {100 * mean:.1f} %"
    )


def _row(task: str, episodes: Sequence[Episode]) -> list[object]:
    ends = Counter(episode.end for episode in episodes)
    steps = sum(episode.steps for episode in episodes) / len(episodes)
    return [task, *(ends[end] for end in End), f"{steps:.1f}"]


def _solved(episodes: Sequence[Episode]) -> int:
    return sum(episode.end is End.SOLVED for episode in episodes)


def folder() -> Path:
    """Where the package keeps its pages. Ends the program when it is not installed."""
    spec = find_spec("miniwob")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("The pages are missing. Run: pip install --no-deps miniwob")
    return Path(spec.submodule_search_locations[0]) / "html"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.miniwob", description=__doc__)
    parser.add_argument("--only", default="*", metavar="GLOB", help="task names")
    parser.add_argument("--seeds", type=int, default=5, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every episode here")
    add_options(parser)
    options = parser.parse_args(arguments)
    html = folder()
    names = sorted(page.stem for page in (html / "miniwob").glob("*.html"))
    tasks = [name for name in names if fnmatchcase(name, options.only)]
    if not tasks:
        parser.error(f"no task matches '{options.only}'")
    try:
        episodes = asyncio.run(_measured(html, tasks, options))
    except GuiAgentError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n" + report(episodes))
    if options.json:
        options.json.write_text(json.dumps([asdict(episode) for episode in episodes], indent=1))
    return 0


async def _measured(html: Path, tasks: Sequence[str], options: argparse.Namespace) -> list[Episode]:
    async with served(options) as make_model:
        return await measure(html, tasks, range(options.seeds), make_model)


if __name__ == "__main__":
    sys.exit(main())
