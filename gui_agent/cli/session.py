"""One browser or screen, and the goals that are pursued on it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from gui_agent import recorder
from gui_agent.agent import Agent
from gui_agent.cli import assembly, terminal
from gui_agent.cli.exits import ENDINGS, Exit
from gui_agent.errors import ModelError
from gui_agent.recorder import Recorder
from gui_agent.settings import BASELINE, NAMES, Settings
from gui_agent.trajectory import Trajectory

_FORGOTTEN = {"api_key", "proxy", "cdp_url", "json_lines", "quiet"}
"""Settings that aren't recorded: they may hold passwords, or belong to one terminal."""


def remembered(folder: str) -> dict[str, Any]:
    """The settings a recorded run was made with, on the web beginning at the page it had reached.

    Raises RecordError.
    """
    steps = recorder.load(folder).steps
    run = json.loads((Path(folder) / "run.json").read_text("utf-8"))
    settings = {name: value for name, value in run.get("settings", {}).items() if name in NAMES}
    on_the_web = settings.get("platform", "web") == "web"
    return settings | ({"url": steps[-1].observation.where} if steps and on_the_web else {})


async def pursue(settings: Settings, goal: str | None, resume: str | None = None) -> Exit:
    """Pursue this goal, or that of the resumed run, or without either ask for one after the other.

    Raises SetupError, ModelError or RecordError when a run can't start or be written down.
    """
    console = Console(stderr=True, quiet=settings.quiet)
    if settings.base_url == BASELINE:
        console.print(assembly.BANNER, style="dim")
    earlier = recorder.load(resume) if resume else None
    record = Recorder(
        settings.run_dir,
        settings=settings.model_dump(mode="json", exclude_defaults=True, exclude=_FORGOTTEN),
        resume=resume,
    )
    schema = assembly.answer_schema(settings)
    async with assembly.agent(settings, os.environ, record, console) as agent:
        session = _Session(agent, settings, record, console, schema)
        if earlier:
            return await session.pursue(earlier.task.goal, earlier)
        return await (session.converse() if goal is None else session.pursue(goal))


@dataclass(frozen=True, slots=True)
class _Session:
    agent: Agent
    settings: Settings
    recorder: Recorder
    console: Console
    schema: Mapping[str, Any] | None

    async def converse(self) -> Exit:
        code = Exit.DONE
        while goal := await terminal.ask("What should be done? (an empty line ends)"):
            code = await self.pursue(goal)
            if code is Exit.PLATFORM:
                break
        return code

    async def pursue(self, goal: str, earlier: Trajectory | None = None) -> Exit:
        try:
            run = await self.agent.run(goal, output=self.schema, resume=earlier)
        except ModelError as error:
            raise assembly.hint(error, self.settings) from error
        finally:
            if self.recorder.folder:
                self.console.print(
                    f"Recorded in {self.recorder.folder}", style="dim", soft_wrap=True
                )
        if not self.settings.json_lines and (self.settings.quiet or not sys.stdout.isatty()):
            _print_answer(run)
        assert run.ending is not None
        return ENDINGS[run.ending.kind]


def _print_answer(run: Trajectory) -> None:
    """On stdout, for a pipe; progress went to stderr."""
    if run.output is not None:
        typer.echo(json.dumps(run.output, ensure_ascii=False))
    elif run.answer:
        typer.echo(run.answer)
