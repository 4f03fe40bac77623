"""Sinks for people and programs: what is going on, in a terminal or as JSON lines."""

from __future__ import annotations

import json
import time
from typing import IO, Any

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from gui_agent import serial
from gui_agent.actions import describe
from gui_agent.events import (
    ActionChosen,
    Event,
    ModelAnswered,
    RunEnded,
    RunStarted,
    StepFinished,
    StepStarted,
)
from gui_agent.trajectory import Step, Trajectory


class ConsoleSink:
    """One line a step: what was done, what came of it, seconds and tokens; and the ending."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._status: Status | None = None
        self._started = time.monotonic()
        self._said = ""
        """What the last step was, in words."""

    def __call__(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._started = time.monotonic()
                self._print(f"[bold]{escape(event.task.goal)}[/]")
                resumed = f", resumed after {event.resumed} steps" if event.resumed else ""
                self._print(f"[dim]{event.model} · {event.dialect} · {event.platform}{resumed}[/]")
            case StepStarted(index=index, observation=observation):
                self._wait(f"step {index + 1} · thinking about {observation.where or 'the screen'}")
            case ActionChosen(step=step) if step.reply:
                self._wait(
                    f"step {step.index + 1} · {describe(step.reply.action, step.observation)}"
                )
            case StepFinished(step=step):
                self.pause()
                self._step(step)
            case RunEnded(trajectory=trajectory):
                self.pause()
                self._end(trajectory)

    def _step(self, step: Step) -> None:
        did = "no usable answer"
        if step.reply:
            did = describe(step.reply.action, step.observation)
        self._said = did
        usage = step.completion.usage
        tokens = f"{usage.prompt_tokens:,} + {usage.completion_tokens:,} tokens"
        cached = f" ({usage.cached_tokens:,} cached)" if usage.cached_tokens else ""
        seconds = time.time() - step.started_at
        self._print(
            f"[bold]{step.index + 1:>3}[/] {escape(did)}  [dim]{seconds:.1f} s"
            + (f" · {tokens}{cached}" if usage.total else "")
            + "[/]"
        )
        if step.shortened:
            said = f"The server refused so long a conversation: asked again {step.shortened}"
            self._print(f"    [yellow]{escape(said)}[/]")
        if step.feedback:
            style = "red" if step.error else "yellow"
            self._print(f"    [{style}]{escape(step.feedback)}[/]")

    def _end(self, trajectory: Trajectory) -> None:
        ending = trajectory.ending
        if ending is None:
            return
        style = "green" if ending.good else "red"
        words = "" if ending.message in self._said else f": {escape(ending.message)}"
        seconds = time.monotonic() - self._started
        self._print(
            f"[bold {style}]{ending.kind.value.replace('_', ' ')}[/]{words}  "
            f"[dim]{len(trajectory.steps)} steps, {seconds:.1f} s, "
            f"{trajectory.usage.total:,} tokens[/]"
        )

    def _wait(self, words: str) -> None:
        if not self._console.is_terminal:
            return
        if self._status is None:
            self._status = self._console.status("")
            self._status.start()
        self._status.update(f"[dim]{escape(words)}[/]")

    def pause(self) -> None:
        """Stop moving, so that a question can be asked on the same terminal."""
        if self._status:
            self._status.stop()
            self._status = None

    def _print(self, text: str) -> None:
        self._console.print(text, highlight=False)


class JsonLinesSink:
    """One JSON object a line for every event; pictures are left out (the recorder keeps them)."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def __call__(self, event: Event) -> None:
        line = {"event": type(event).__name__, "at": time.time(), **_data(event)}
        self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._stream.flush()


def _data(event: Event) -> dict[str, Any]:
    match event:
        case RunStarted():
            return {
                "task": serial.dump_task(event.task),
                "model": event.model,
                "dialect": event.dialect,
                "platform": event.platform,
                "resumed": event.resumed,
            }
        case StepStarted(index=index, observation=observation):
            marks = len(observation.marked)
            return {"index": index, "where": observation.where, "marks": marks}
        case ModelAnswered(index=index, completion=completion):
            return {"index": index, "text": completion.text, "finish": completion.finish_reason}
        case ActionChosen(step=step) | StepFinished(step=step):
            return {"step": serial.dump_step(step)}
        case RunEnded(trajectory=trajectory):
            return {
                "ending": serial.dump_ending(trajectory.ending),
                "answer": trajectory.answer,
                "output": serial.dump_output(trajectory.output),
                "steps": len(trajectory.steps),
                "tokens": trajectory.usage.total,
            }
