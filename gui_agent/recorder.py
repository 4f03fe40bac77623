"""A sink that writes a run down so that nothing is lost, and `load`, which reads it back.

    runs/<time>-<slug>/run.json       task, model, versions, ending (replaced in one move)
                       steps.jsonl    one line per stage of a step, on disk before the next begins
                       images/NNN.jpg what was seen

Readable after a kill at any moment: an action is written down before it is carried out, so a
reader knows when one may have happened without its outcome being known.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import gui_agent
from gui_agent import serial
from gui_agent.errors import RecordError
from gui_agent.events import (
    ActionChosen,
    Event,
    RunEnded,
    RunStarted,
    StepFinished,
    StepStarted,
)
from gui_agent.trajectory import Step, Trajectory

INTERRUPTED = (
    "The run was interrupted while this action was carried out: it may or may not have happened."
)


class Recorder:
    """Writes every run it hears of into a folder of its own under `root`."""

    def __init__(
        self,
        root: str | Path = "runs",
        *,
        settings: Mapping[str, Any] | None = None,
        resume: str | Path | None = None,
    ) -> None:
        """`settings` are kept in run.json as they are, so leave secrets out of them. `resume` is
        the folder of the run that goes on there."""
        self.root = Path(root)
        self.folder: Path | None = Path(resume) if resume else None
        """Where the current run is written; None before the first one."""
        self._settings = dict(settings or {})
        self._resume = bool(resume)
        self._run: dict[str, Any] = {}

    def __call__(self, event: Event) -> None:
        """Raises RecordError when the disk says no."""
        try:
            self._write(event)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise RecordError(
                f"The run can't be written to {self.folder or self.root}: {why}. "
                "Free some space or choose another folder with --run-dir."
            ) from error

    def _write(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._start(event)
            case StepStarted(index=index, observation=observation):
                shot = observation.screenshot
                self._picture(serial.picture_name(index, shot.suffix), shot.data)
            case ActionChosen(step=step):
                self._append("chosen", step)
            case StepFinished(step=step):
                self._append("done", step)
            case RunEnded(trajectory=trajectory):
                self._end(trajectory)

    def _start(self, event: RunStarted) -> None:
        if not self._resume:
            self.folder = _new_folder(self.root, event.task.goal)
        self._resume = False
        (self._here() / "images").mkdir(exist_ok=True)
        self._end_torn_line()
        self._run = {
            "schema": serial.SCHEMA,
            "version": gui_agent.__version__,
            "task": serial.dump_task(event.task),
            "model": event.model,
            "dialect": event.dialect,
            "platform": event.platform,
            "started_at": time.time(),
            "settings": self._settings,
            "ending": None,
        }
        self._save_run()

    def _end_torn_line(self) -> None:
        """What a resumed run writes must not join the line in which it was killed."""
        path = self._here() / "steps.jsonl"
        if path.exists() and not path.read_bytes().endswith(b"\n"):
            with path.open("ab") as file:
                file.write(b"\n")

    def _picture(self, name: str, data: bytes) -> None:
        with (self._here() / name).open("wb") as file:
            file.write(data)
            _to_disk(file)

    def _append(self, stage: str, step: Step) -> None:
        line = {"stage": stage, **serial.dump_step(step)}
        with (self._here() / "steps.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            _to_disk(file)

    def _end(self, trajectory: Trajectory) -> None:
        usage = trajectory.usage
        self._run |= {
            "ending": serial.dump_ending(trajectory.ending),
            "answer": trajectory.answer,
            "output": serial.dump_output(trajectory.output),
            "steps": len(trajectory.steps),
            "tokens": {"prompt": usage.prompt_tokens, "completion": usage.completion_tokens},
            "ended_at": time.time(),
        }
        self._save_run()

    def _save_run(self) -> None:
        folder = self._here()
        draft = folder / "run.json.new"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(self._run, file, ensure_ascii=False, indent=2)
            _to_disk(file)
        draft.replace(folder / "run.json")

    def _here(self) -> Path:
        assert self.folder is not None, "RunStarted comes first"
        return self.folder


def load(folder: str | Path) -> Trajectory:
    """The run recorded in this folder, however it ended. Raises RecordError."""
    folder = Path(folder)
    try:
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        if run["schema"] > serial.SCHEMA:
            raise RecordError(f"{folder} was written by a newer gui-agent ({run['version']}).")
        steps = _read_steps(folder)
        return Trajectory(
            serial.load_task(run["task"]), steps, serial.load_ending(run.get("ending"))
        )
    except FileNotFoundError as error:
        raise RecordError(
            f"{folder} holds no recorded run: {error.filename} is missing."
        ) from error
    except (OSError, ValueError, KeyError) as error:
        raise RecordError(f"The run in {folder} can't be read: {error}.") from error


def _read_steps(folder: Path) -> list[Step]:
    path = folder / "steps.jsonl"
    stages: dict[int, dict[str, Any]] = {}
    # As bytes: a kill can tear a character, and texts hold other characters that end lines.
    for line in path.read_bytes().split(b"\n") if path.exists() else ():
        if (data := _whole(line)) is not None:
            stages[data["index"]] = data
    return [_load(stages[index], folder) for index in sorted(stages)]


def _whole(line: bytes) -> dict[str, Any] | None:
    """The line's data; None for the torn last line of a run that was killed while writing it."""
    try:
        data: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return data


def _load(data: dict[str, Any], folder: Path) -> Step:
    unfinished = data.pop("stage") == "chosen" and data["verdict"]["allow"]
    if unfinished:
        data["error"] = INTERRUPTED
    return serial.load_step(data, lambda name: (folder / name).read_bytes())


def _new_folder(root: Path, goal: str) -> Path:
    slug = re.sub(r"\W+", "-", goal.lower()).strip("-")[:40].strip("-") or "run"
    name = time.strftime("%Y%m%d-%H%M%S-") + slug
    for suffix in ("", *(f"-{n}" for n in range(2, 1000))):
        folder = root / (name + suffix)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(f"{root / name} and its numbered neighbours all exist")


def _to_disk(file: IO[Any]) -> None:
    file.flush()
    os.fsync(file.fileno())
