"""`gui-agent doctor`: will a run work here? What was looked at, what was found, and the cure."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from gui_agent.checks import Check, failed
from gui_agent.cli import exits
from gui_agent.errors import SetupError

EXAMPLES = """\
[bold]Examples[/]
  gui-agent doctor
  gui-agent doctor --platform desktop --picture where.png"""

_SIGNS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


def doctor(
    platform: Annotated[
        str, typer.Option(metavar="NAME", help="The platform to look at.", show_default=True)
    ] = "web",
    browser: Annotated[
        str | None, typer.Option(metavar="PATH", help="web: the program to launch.")
    ] = None,
    headed: Annotated[bool, typer.Option("--headed", help="web: one that shows a window.")] = False,
    display: Annotated[
        str | None, typer.Option(metavar=":N", help="desktop: the X display; else $DISPLAY.")
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="desktop: draw here where a click would land (PNG)."),
    ] = None,
    json_lines: Annotated[
        bool, typer.Option("--json", help="One JSON object a line on stdout.")
    ] = False,
) -> None:
    """Look whether a run would work here, and say how to mend what would not.

    Nothing is clicked and nothing is left behind. Exit code 2 when something would keep a run from
    working.
    """
    with exits.boundary():
        from gui_agent import registry

        given = {
            "browser": browser,
            "headed": headed or None,
            "display": display,
            "picture": picture,
        }
        look = registry.checks(platform)
        rows = asyncio.run(look(**_options(platform, look, given)))
        show(rows, json_lines)
    raise typer.Exit(exits.Exit.SETUP if failed(rows) else exits.Exit.DONE)


def show(rows: list[Check], json_lines: bool) -> None:
    """On stdout: JSON lines for a program, else a line each, and below it what to do."""
    for row in rows:
        if json_lines:
            typer.echo(json.dumps(row._asdict(), ensure_ascii=False))
            continue
        sign, colour = _SIGNS[row.verdict]
        typer.echo(f"{typer.style(sign, fg=colour)} {row.name}: {row.detail}")
        if row.fix:
            typer.echo(f"    → {row.fix}")


def _options(platform: str, look: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, as arguments. Raises SetupError for what this platform does not have."""
    options = {name: value for name, value in given.items() if value is not None}
    for name in options.keys() - inspect.signature(look).parameters.keys():
        raise SetupError(f"The platform '{platform}' has no option '{name}'.")
    return options
