"""What one web step costs besides the model: a click on a page with 320 interactive elements.

    python -m benchmarks.web_step
    python -m benchmarks.web_step --browser-use VENV/bin/python    to compare

The model answers at once: in the process, and over HTTP on loopback. Each is measured without the
settle window and with it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import step_page
from benchmarks.pages import serve
from benchmarks.tables import table
from gui_agent import registry
from gui_agent.agent import Agent, Limits
from gui_agent.events import Event, StepFinished
from gui_agent.model import GLM
from gui_agent.platforms.browser import find_browser, launch_args
from gui_agent.platforms.web import WebPlatform
from gui_agent.protocols import Model
from gui_agent.recorder import Recorder
from gui_agent.testing import ScriptedModel
from gui_agent.trajectory import EndingKind, Step
from tests.fake_openai import FakeOpenAI, Say

PHASES = ("perform", "settle", "capture", "marks", "prompt", "model", "parse", "record")
TARGETS = {0.0: 120, 0.3: 450}
"""Settle window in seconds → milliseconds that a step may take."""
WARM_UP = 3
PEER = Path(__file__).with_name("browser_use_step.py")


@dataclass
class Stopwatch:
    """A sink around the recorder: when each step ended, and what writing it down took."""

    recorder: Recorder
    steps: list[Step] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    recorded: list[float] = field(default_factory=list)
    _writing: float = 0.0

    def __call__(self, event: Event) -> None:
        started = time.perf_counter()
        self.recorder(event)
        now = time.perf_counter()
        self._writing += now - started
        if isinstance(event, StepFinished):
            self.steps.append(event.step)
            self.ended.append(now)
            self.recorded.append(self._writing)
            self._writing = 0.0

    def medians(self) -> dict[str, float]:
        """Milliseconds per phase, and in all from the end of one step to the end of the next."""
        spans = [after - before for before, after in zip(self.ended, self.ended[1:], strict=False)]
        split = {
            phase: [step.timings.get(phase, 0.0) for step in self.steps[WARM_UP:]]
            for phase in PHASES
        }
        split["record"] = self.recorded[WARM_UP:]
        split["step"] = spans[WARM_UP - 1 :]
        return {phase: 1000 * median(seconds) for phase, seconds in split.items()}


def clicks(steps: int) -> Iterator[str]:
    """Answers in GLM-4.1V's words, each for another element that is no list."""
    marks = [n for n in range(step_page.ELEMENTS) if not step_page.is_list(n)]
    for n in range(steps):
        mark = marks[n * 37 % len(marks)]
        yield f"Thought: Next.\nAction: Click [{mark}]\nMemory_Updated: {{}}"


async def measure(url: str, model: Model, settle: float, steps: int, runs: Path) -> Stopwatch:
    """One run of clicks. Raises RuntimeError if a step did not do what it should."""
    watch = Stopwatch(Recorder(runs))
    agent = Agent(
        WebPlatform(url=url, settle=settle),
        model=model,
        dialect=registry.dialect("glm-4.1v", "web"),
        sinks=(watch,),
        limits=Limits(steps=steps),
    )
    run = await agent.run("Click on everything")
    failed = [step.feedback for step in run.steps if step.error or not step.outcome]
    seen = len(run.steps[0].observation.marked)
    if failed or run.ending is None or run.ending.kind is not EndingKind.OUT_OF_BUDGET:
        raise RuntimeError(f"{run.ending}; {len(failed)} steps failed: {failed[:1]}")
    if seen < step_page.ELEMENTS:
        raise RuntimeError(f"only {seen} of {step_page.ELEMENTS} elements were found")
    return watch


@asynccontextmanager
async def in_process(steps: int) -> AsyncIterator[Model]:
    """A model that is a list of answers."""
    yield ScriptedModel(*clicks(steps))


@asynccontextmanager
async def over_http(steps: int) -> AsyncIterator[Model]:
    """The same answers through the real client, streamed by a server in this process."""
    async with FakeOpenAI(*(Say(text, chunk=1000) for text in clicks(steps))) as server:
        yield GLM(server.url)


async def ours(url: str, steps: int, runs: Path) -> list[list[object]]:
    """A row for each way to reach the model and each settle window."""
    rows: list[list[object]] = []
    for way, served in (("in process", in_process), ("HTTP", over_http)):
        for settle, target in TARGETS.items():
            async with served(steps) as model:
                found = (await measure(url, model, settle, steps, runs)).medians()
            split = [f"{found[phase]:.1f}" for phase in PHASES]
            rows.append([f"{way}, settle {settle:g} s", f"{found['step']:.0f}", target, *split])
    return rows


def browser_use(python: Path, url: str, steps: int) -> float:
    """The median step of browser-use, in milliseconds; it runs under its own interpreter."""
    browser = find_browser()
    if browser is None:
        raise SystemExit("browser-use is given an installed browser; none was found.")
    command = [str(python), str(PEER), url, str(steps), browser, *launch_args()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise SystemExit(f"browser-use failed:\n{done.stderr.strip()[-2000:]}")
    spans: list[float] = json.loads(done.stdout.splitlines()[-1])
    return median(spans[WARM_UP:])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.web_step", description=__doc__)
    parser.add_argument("--steps", type=int, default=60, metavar="N")
    parser.add_argument(
        "--browser-use", type=Path, metavar="PYTHON", help="compare; the interpreter that has it"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        page = step_page.write(Path(folder))
        with serve(Path(folder)) as base_url:
            url = f"{base_url}/{page.name}"
            rows = asyncio.run(ours(url, options.steps, Path(folder) / "runs"))
            print(table(["ms, median", "step", "target", *PHASES], rows), flush=True)
            if options.browser_use:
                peer = browser_use(options.browser_use, url, options.steps)
                print(f"\nbrowser-use, same page and clicks: {peer:.0f} ms a step")
                print("\n".join(f"  {peer / float(str(row[1])):.1f} × {row[0]}" for row in rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
