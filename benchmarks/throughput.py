"""What a step costs on a GPU with our client, loop and prompts, for one agent and for many.

    python -m benchmarks.throughput --base-url http://127.0.0.1:8000/v1 --agents 1 8 32

The server holds GLM-4.1V at its true size; weights may be dummies (`--load-format dummy`), which
cost the same and answer nonsense, so how long an answer is and what it says are given here. All
agents live in this one process. Screens are drawn before the clock starts, and are all different.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import random
import re
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from math import isnan, nan
from pathlib import Path
from statistics import mean, median
from typing import Any

import PIL.Image
from PIL import ImageDraw

from benchmarks.tables import table
from gui_agent import registry
from gui_agent.actions import Action
from gui_agent.agent import Agent, Limits
from gui_agent.events import Event, StepFinished
from gui_agent.model import GLM
from gui_agent.protocols import Dialect, Message, PlatformKind, Sampling
from gui_agent.scaled import Scaled
from gui_agent.screen import Box, Element, Observation, Screenshot
from gui_agent.trajectory import EndingKind, Reply, Step, Trajectory

SIZES: dict[PlatformKind, tuple[int, int]] = {
    "web": (1280, 720),
    "android": (1080, 2400),
    "desktop": (1920, 1080),
}
SHORT = 64
_ELEMENTS = 56
_APPS = "Settings Contacts Messages Phone Camera Clock Calendar Files Maps Music Notes Browser"
_WORDS = "report invoice travel window garden silver market review winter planet bridge letter"
ANSWERS: dict[PlatformKind, str] = {
    "web": (
        "<answer>Thought: The list shows entry {n}, which is what the task names, so I open it."
        "\nAction: <|begin_of_box|>Click [{n}]<|end_of_box|>"
        '\nMemory_Updated: {{"opened": "{n}"}}'
    ),
    "android": (
        "<answer>Memory: Entry {n} was opened.\nReason: The list shows entry {n}, so I tap on it."
        '\nAction: {{"action_type": "click", "box_2d": [[{n}0, 200, {n}9, 260]]}}</answer>'
    ),
    "desktop": (
        "<answer>The list shows entry {n}, which is what the task names, so I open it."
        "\nAction: <|begin_of_box|>left_click(start_box='[{n}0,200]', element_info='entry {n}')"
        '<|end_of_box|>\nMemory:\n["entry {n}"]'
    ),
}


@dataclass(frozen=True, slots=True)
class Series:
    """One row: who works on what, and how long the model writes."""

    kind: PlatformKind
    agents: int
    layout: str = "trained"
    scale: float = 1.0
    tokens: int = SHORT
    steps: int = 8
    """Of each agent; the later half is reported, when they no longer start all at once."""
    stops: bool | None = None
    """Does the client stop at the end of an answer behind which the model writes on? None where
    the length of every answer is forced instead."""

    @property
    def name(self) -> str:
        width, height = (round(side * self.scale) for side in SIZES[self.kind])
        stop = {None: "", True: ", early stop", False: ", no early stop"}[self.stops]
        kind = "phone" if self.kind == "android" else self.kind
        return f"{kind}, {self.layout}, {width}×{height}{stop}"


class Assumed:
    """A dialect whose prompts are real and whose answers are taken as given."""

    def __init__(self, dialect: Dialect, series: Series) -> None:
        self._dialect = dialect
        self._series = series
        self._answered = 0

    @property
    def name(self) -> str:
        return self._dialect.name

    @property
    def sampling(self) -> Sampling:
        tokens, extra = self._series.tokens, dict[str, Any]()
        if self._series.stops is None:
            extra = {"ignore_eos": True, "min_tokens": tokens}
        else:
            extra = {"structured_outputs": {"regex": _written_on(self._answer())}}
        # Warm: dummy weights would repeat one token, which the client takes for a loop.
        return replace(self._dialect.sampling, temperature=1.0, max_tokens=tokens, extra=extra)

    def prompt(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        return self._dialect.prompt(trajectory, observation)

    def parse(self, text: str, observation: Observation) -> Reply:
        answer = self._answer()
        self._answered += 1
        return self._dialect.parse(answer, observation)

    def complete(self, text: str) -> bool:
        return bool(self._series.stops) and self._dialect.complete(text)

    def _answer(self) -> str:
        return ANSWERS[self._series.kind].format(n=10 + self._answered % 40)


def _written_on(answer: str) -> str:
    """A regular expression: the answer, then prose without an end."""
    literal = "".join(f"\\{c}" if c in r"\.^$*+?()[]{}|" else c for c in answer)
    return literal.replace("\n", "\\n") + "[a-z ]{2000,}"


class Screens:
    """A platform that shows one prepared screen after the other, whatever is done."""

    def __init__(self, kind: PlatformKind, screens: Sequence[Observation]) -> None:
        self.kind: PlatformKind = kind
        self._screens = iter(screens)

    async def open(self) -> None:
        """There is nothing to open."""

    async def observe(self) -> Observation:
        return next(self._screens)

    async def perform(self, action: Action) -> str:
        return ""

    async def close(self) -> None:
        """There is nothing to close."""


def screens(kind: PlatformKind, count: int, chance: random.Random) -> list[Observation]:
    """Screens of which no two are the same to a cache."""
    width, height = SIZES[kind]
    base = PIL.Image.new("RGB", (width, height), (245, 245, 245))
    draw = ImageDraw.Draw(base)
    for _ in range(60):
        x, y = chance.randrange(width - 60), chance.randrange(height - 30)
        draw.rectangle((x, y, x + 60, y + 30), fill=_colour(chance))
    return [_screen(kind, base.copy(), chance) for _ in range(count)]


def _screen(kind: PlatformKind, picture: PIL.Image.Image, chance: random.Random) -> Observation:
    draw, (width, height) = ImageDraw.Draw(picture), picture.size
    for _ in range(20):
        x, y = chance.randrange(width - 200), chance.randrange(height - 60)
        draw.rectangle((x, y, x + 200, y + 60), fill=_colour(chance))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    shot = Screenshot(buffer.getvalue(), width, height)
    elements = tuple(_elements(chance, width, height)) if kind == "web" else ()
    apps = tuple(_APPS.split()) if kind == "android" else ()
    return Observation(shot, "https://shop.example/list", elements=elements, apps=apps)


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(255), chance.randrange(255), chance.randrange(255)


def _elements(chance: random.Random, width: int, height: int) -> Iterator[Element]:
    for mark in range(_ELEMENTS):
        x, y = 40 + 300 * (mark % 4), 20 + 48 * (mark // 4)
        text = " ".join(chance.choices(_WORDS.split(), k=5))
        box = Box.of(x, y, x + 260, y + 36, width, height)
        yield Element(mark, box, "link", text, tag="a", text=text)


@dataclass
class Watch:
    """A sink: when each step of one agent ended."""

    steps: list[Step] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        if isinstance(event, StepFinished):
            self.steps.append(event.step)
            self.ended.append(time.perf_counter())


@dataclass(frozen=True, slots=True)
class Served:
    """What vLLM's own clock says of the requests so far."""

    requests: float
    seconds: float

    def __sub__(self, other: Served) -> Served:
        return Served(self.requests - other.requests, self.seconds - other.seconds)


def served(base_url: str) -> Served:
    """Requests and the seconds they took from their arrival to their last token; zeros where the
    server tells no such thing."""
    url = base_url.rstrip("/").removesuffix("/v1") + "/metrics"
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            text = response.read().decode()
    except OSError:
        return Served(0.0, 0.0)
    name = "vllm:e2e_request_latency_seconds"
    return Served(*(_metric(text, f"{name}_{part}") for part in ("count", "sum")))


def _metric(text: str, name: str) -> float:
    found = re.findall(rf"^{re.escape(name)}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE)
    return sum(map(float, found))


@dataclass(frozen=True)
class Measured:
    """What one series showed; milliseconds unless the name says otherwise."""

    name: str
    agents: int
    tokens: int
    steps_per_second: float
    step: float
    prompt: float
    client: float
    """What a request takes longer here than the server says it did; mean."""
    cpu: float
    """Processor time of this process for each step."""
    prompt_tokens: float
    cached_tokens: float
    written_tokens: float


async def measure(base_url: str, series: Series) -> Measured:
    """All agents of a series, side by side. Raises RuntimeError if one did not go its way."""
    chance = random.Random()  # not the same twice: the server's cache outlives a run
    shown = [
        screens(series.kind, series.steps + 1, random.Random(chance.random()))
        for _ in range(series.agents)
    ]
    watches = [Watch() for _ in shown]
    before = served(base_url)
    cpu = time.process_time()
    model = GLM(base_url)
    await asyncio.gather(
        *(
            _run(model, series, own, watch, f"{chance.random()}")
            for own, watch in zip(shown, watches, strict=True)
        )
    )
    cpu = time.process_time() - cpu
    inside = served(base_url) - before
    steps = [step for watch in watches for step in watch.steps]
    late = [step for watch in watches for step in watch.steps[series.steps // 2 :]]
    spans = [
        after - before
        for watch in watches
        for before, after in list(pairwise(watch.ended))[series.steps // 2 - 1 :]
    ]
    asked = sum(step.timings["model"] for step in steps)
    used = [step.completion.usage for step in late]
    return Measured(
        series.name,
        series.agents,
        series.tokens,
        steps_per_second=series.agents / mean(spans),
        step=1000 * median(spans),
        prompt=1000 * median(step.timings["prompt"] for step in late),
        client=1000 * (asked - inside.seconds) / len(steps) if inside.requests else nan,
        cpu=1000 * cpu / len(steps),
        prompt_tokens=median(usage.prompt_tokens for usage in used),
        cached_tokens=median(usage.cached_tokens for usage in used),
        written_tokens=mean(usage.completion_tokens for usage in used),
    )


async def _run(
    model: GLM, series: Series, shown: Sequence[Observation], watch: Watch, name: str
) -> None:
    agent = Agent(
        Screens(series.kind, shown),
        model=model,
        dialect=Assumed(_dialect(series), series),
        sinks=(watch,),
        limits=Limits(steps=series.steps),
    )
    run = await agent.run(f"Open the entries that have to do with {name}, one after the other.")
    if run.ending is None or run.ending.kind is not EndingKind.OUT_OF_BUDGET:
        raise RuntimeError(f"{series.name}: {run.ending}")


def _dialect(series: Series) -> Dialect:
    options = {"layout": series.layout} if series.layout != "trained" else {}
    dialect = registry.dialect("glm-4.1v", series.kind, **options)
    return Scaled(dialect, series.scale) if series.scale < 1 else dialect


SETS: dict[str, tuple[Series, ...]] = {
    "layouts": (
        Series("web", 1),
        Series("web", 1, "cached"),
        Series("android", 1),
        Series("android", 1, "cached"),
        Series("android", 1, "cached", 0.5),
        Series("desktop", 1),
        Series("desktop", 1, "cached"),
    ),
    "thinking": tuple(Series("web", 1, "cached", tokens=tokens) for tokens in (300, 800)),
    "stops": tuple(Series("web", 1, "cached", tokens=300, stops=on) for on in (False, True)),
    "extremes": (
        Series("web", 1),
        Series("web", 1, "cached"),
        Series("android", 1),
        Series("android", 1, "cached", 0.5),
    ),
}
HEAD = (
    *("series", "agents", "tokens", "steps/s", "step ms", "prompt ms", "client ms", "CPU ms"),
    *("prompt tokens", "cached", "written"),
)


def row(found: Measured) -> list[object]:
    """A line of the table."""
    return [
        *(found.name, found.agents, found.tokens, f"{found.steps_per_second:.2f}"),
        *(f"{value:.0f}" for value in (found.step, found.prompt)),
        "–" if isnan(found.client) else f"{found.client:.0f}",
        f"{found.cpu:.0f}",
        *(f"{value:.0f}" for value in (found.prompt_tokens, found.cached_tokens)),
        f"{found.written_tokens:.0f}",
    ]


async def _all(options: argparse.Namespace) -> list[Measured]:
    # The first requests compile and warm up what the others then use.
    await measure(options.base_url, Series("web", 2, tokens=16))
    results = []
    for agents in options.agents:
        for name in options.sets:
            for series in SETS[name]:
                try:
                    series = replace(series, agents=agents, steps=options.steps)
                    found = await measure(options.base_url, series)
                except RuntimeError as error:
                    print(f"not measured: {error}", flush=True)
                    continue
                results.append(found)
                print(*row(found), sep=" | ", flush=True)
    return results


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="benchmarks.throughput",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--base-url", default="http://127.0.0.1:8000/v1")
    parser.add_argument("--agents", type=int, nargs="+", default=[1, 8, 32], metavar="N")
    parser.add_argument("--sets", nargs="+", default=["layouts"], choices=sorted(SETS))
    parser.add_argument("--steps", type=int, default=8, metavar="N", help="of each agent")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args(arguments)
    results = asyncio.run(_all(options))
    print(table(HEAD, map(row, results)))
    if options.json:
        options.json.write_text(json.dumps([asdict(found) for found in results], indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
