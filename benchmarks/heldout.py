"""Runs the held-out tasks through the real loop; counts solved, declined, given up and wrong.

python -m benchmarks.heldout                           the embedded baseline
python -m benchmarks.heldout --base-url URL --model M  any model, on the same tasks
python -m benchmarks.heldout --check                   no model: are the pages and checks sound?
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from benchmarks.endpoint import add_options, served
from benchmarks.pages import serve
from benchmarks.rehearsal import SIZE, look, rehearse
from benchmarks.tables import table
from benchmarks.tasks import FOLDER, HeldoutTask, Result, changed, judge, load
from gui_agent.agent import Agent, Limits
from gui_agent.errors import GuiAgentError
from gui_agent.platforms.browser import find_browser, launch_args
from gui_agent.platforms.web import WebPlatform
from gui_agent.protocols import Model
from gui_agent.trajectory import Ending

PARALLEL = 2
LIMITS = Limits(steps=25, seconds=300)


@dataclass(frozen=True, slots=True)
class Score:
    """How one run of a task went."""

    task: HeldoutTask
    result: Result
    ending: Ending
    answer: str
    touched: tuple[str, ...]
    """The keys of the page's `lasting` that the run changed."""
    steps: int
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.task.id,
            "page": self.task.page,
            "lang": self.task.lang,
            "kind": self.task.kind,
            "goal": self.task.goal,
            "result": self.result,
            "ending": self.ending.kind,
            "message": self.ending.message,
            "answer": self.answer,
            "touched": self.touched,
            "steps": self.steps,
            "seconds": round(self.seconds, 3),
        }


async def attempt(task: HeldoutTask, base_url: str, model: Model, limits: Limits = LIMITS) -> Score:
    """Run one task in a browser of its own and judge what it left."""
    platform = WebPlatform(url=f"{base_url}/{task.page}", viewport=(SIZE["width"], SIZE["height"]))
    async with Agent(platform, model=model, limits=limits) as agent:
        await platform.open()
        page = platform.page
        before = await look(page, task)
        started = time.perf_counter()
        run = await agent.run(task.goal)
        seconds = time.perf_counter() - started
        after = await look(page, task)
    ending = run.ending
    assert ending is not None  # `run` returns only ended trajectories
    result = judge(task, ending, run.answer, before, after)
    touched = tuple(sorted(changed(before.lasting, after.lasting)))
    return Score(task, result, ending, run.answer, touched, len(run.steps), seconds)


async def measure(
    tasks: Sequence[HeldoutTask],
    make_model: Callable[[], Model],
    limits: Limits,
    folder: Path = FOLDER,
) -> list[Score]:
    """All tasks, two at a time; prints a line as each one ends."""
    turn = asyncio.Semaphore(PARALLEL)

    async def one(task: HeldoutTask, base_url: str) -> Score:
        async with turn:
            score = await attempt(task, base_url, make_model(), limits)
        print(f"{score.result:9} {score.steps:3} steps {score.seconds:6.1f} s  {task.id}")
        return score

    with serve(folder) as base_url:
        return await asyncio.gather(*(one(task, base_url) for task in tasks))


def report(scores: Sequence[Score]) -> str:
    """The tables by page, language and kind of goal, then each wrong run in a line."""
    parts = [
        _table("page", scores, lambda score: score.task.page.removesuffix(".html")),
        _table("language", scores, lambda score: score.task.lang),
        _table("kind of goal", scores, lambda score: score.task.kind),
    ]
    wrong = [score for score in scores if score.result is Result.WRONG]
    if wrong:
        parts.append("Wrong:\n" + "\n".join(_wrong(score) for score in wrong))
    return "\n\n".join(parts)


def _table(what: str, scores: Sequence[Score], key: Callable[[Score], str]) -> str:
    groups: dict[str, list[Score]] = {}
    for score in scores:
        groups.setdefault(key(score), []).append(score)
    head = [what, "goals", *Result, "wrong %", "steps", "ms/step"]
    rows = [_row(name, group) for name, group in groups.items()]
    return table(head, [*rows, _row("all", scores)])


def _row(name: str, scores: Sequence[Score]) -> list[object]:
    counts = Counter(score.result for score in scores)
    steps = sum(score.steps for score in scores)
    return [
        name,
        len(scores),
        *(counts[result] for result in Result),
        f"{100 * counts[Result.WRONG] / len(scores):.1f}",
        f"{steps / len(scores):.1f}",
        f"{1000 * sum(score.seconds for score in scores) / max(steps, 1):.0f}",
    ]


def _wrong(score: Score) -> str:
    said = score.answer or score.ending.message
    line = f'  {score.task.id}: "{score.task.goal}" ended as {score.ending.kind}: {said}'
    return line + (f" (changed: {', '.join(score.touched)})" if score.touched else "")


async def check(tasks: Iterable[HeldoutTask], folder: Path = FOLDER) -> int:
    """Rehearse the tasks without any model; how many are unsound."""
    from playwright.async_api import async_playwright

    unsound = 0
    with serve(folder) as base_url:
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(
                executable_path=find_browser(), args=launch_args()
            )
            for task in tasks:
                errors = await rehearse(task, base_url, browser)
                unsound += bool(errors)
                print(f"{task.id}: {'; '.join(errors) or 'sound'}")
            await browser.close()
    return unsound


def chosen(pattern: str, folder: Path = FOLDER) -> list[HeldoutTask]:
    """The folder's tasks whose id or page (without its ending) matches the glob pattern."""
    return [
        task
        for task in load(folder)
        if fnmatchcase(task.id, pattern) or fnmatchcase(Path(task.page).stem, pattern)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.heldout", description=__doc__)
    parser.add_argument("--only", default="*", metavar="GLOB", help="task ids or pages")
    parser.add_argument("--pages", type=Path, default=FOLDER, metavar="DIR", help="other goals")
    parser.add_argument("--list", action="store_true", help="print the goals and stop")
    parser.add_argument("--check", action="store_true", help="rehearse the tasks, no model")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every score here")
    parser.add_argument("--max-steps", type=int, default=LIMITS.steps, metavar="N")
    add_options(parser)
    options = parser.parse_args(arguments)
    tasks = chosen(options.only, options.pages)
    if not tasks:
        parser.error(f"no task matches '{options.only}'; --list shows them")
    if options.list:
        print(table(["task", "kind", "goal"], [(t.id, t.kind, t.goal) for t in tasks]))
        return 0
    if options.check:
        return 1 if asyncio.run(check(tasks, options.pages)) else 0
    try:
        scores = asyncio.run(_measured(tasks, options))
    except GuiAgentError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n" + report(scores))
    if options.json:
        options.json.write_text(json.dumps([score.as_dict() for score in scores], indent=1))
    return 0


async def _measured(tasks: Sequence[HeldoutTask], options: argparse.Namespace) -> list[Score]:
    limits = Limits(steps=options.max_steps, seconds=LIMITS.seconds)
    async with served(options) as make_model:
        return await measure(tasks, make_model, limits, options.pages)


if __name__ == "__main__":
    sys.exit(main())
