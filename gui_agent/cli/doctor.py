"""`gui-agent doctor`: will a run work here? What was looked at, what was found, and the cure."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gui_agent.checks import Check, failed
from gui_agent.cli import exits
from gui_agent.errors import SetupError

if TYPE_CHECKING:
    from gui_agent.model import GLM

EXAMPLES = """\
[bold]Examples[/]
  gui-agent doctor
  gui-agent doctor --base-url http://localhost:8000/v1
  gui-agent doctor --platform desktop --picture where.png
  gui-agent doctor --platform android"""

_SIGNS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


def doctor(
    platform: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The platform to look at; else web, or the server only."),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="The model server to look at.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="Its model; else the first it lists.")
    ] = None,
    api_key: Annotated[
        str | None,
        typer.Option(
            metavar="KEY", help="Its key.", envvar=["GUI_AGENT_API_KEY", "OPENAI_API_KEY"]
        ),
    ] = None,
    local_media: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="As for run: may the server read pictures here?"),
    ] = None,
    browser: Annotated[
        str | None, typer.Option(metavar="PATH", help="web: the program to launch.")
    ] = None,
    headed: Annotated[bool, typer.Option("--headed", help="web: one that shows a window.")] = False,
    display: Annotated[
        str | None, typer.Option(metavar=":N", help="desktop: the X display; else $DISPLAY.")
    ] = None,
    serial: Annotated[
        str | None, typer.Option(metavar="SERIAL", help="android: which phone; else the only one.")
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="desktop: draw here where a click would land (PNG)."),
    ] = None,
    text: Annotated[
        bool, typer.Option("--text", help="android: also try a text in the settings' search.")
    ] = False,
    record: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="android: write what the phone answers, for a report."),
    ] = None,
    json_lines: Annotated[
        bool, typer.Option("--json", help="One JSON object a line on stdout.")
    ] = False,
) -> None:
    """Look whether a run would work here, and say how to mend what would not.

    Nothing is clicked, except with --text, and nothing is left behind. Exit code 2 when something
    would keep a run from working.
    """
    with exits.boundary():
        from gui_agent import registry

        given = {
            "browser": browser,
            "headed": headed or None,
            "display": display,
            "serial": serial,
            "picture": picture,
            "text": text or None,
            "record": record,
        }
        rows = []
        if platform or not base_url:
            look = registry.checks(platform or "web")
            rows += asyncio.run(look(**_options(platform or "web", look, given)))
        if base_url:
            from gui_agent.model import GLM

            glm = GLM(
                base_url, model, api_key=api_key, timeout=120, retries=1, local_media=local_media
            )
            rows += asyncio.run(_server(glm, platform or "web"))
        show(rows, json_lines)
    raise typer.Exit(exits.Exit.SETUP if failed(rows) else exits.Exit.DONE)


async def _server(glm: GLM, platform: str) -> list[Check]:
    """Every check of the model server."""
    from gui_agent.cli.servers import pictures
    from gui_agent.serving.checks import checks

    try:
        return await checks(glm, pictures(platform))
    finally:
        await glm.close()


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
