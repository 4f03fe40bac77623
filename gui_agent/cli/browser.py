"""`gui-agent browser`: which browser would be used, and how to get one."""

from __future__ import annotations

from typing import Annotated

import typer

from gui_agent.cli import exits
from gui_agent.errors import SetupError


def browser(
    headed: Annotated[bool, typer.Option("--headed", help="One that can show a window.")] = False,
    install: Annotated[
        bool, typer.Option("--install", help="As root on Debian: install one if there is none.")
    ] = False,
) -> None:
    """Say which browser would be used."""
    with exits.boundary():
        typer.echo(ensured(headless=not headed) if install else _found(None, headless=not headed))


def ensured(explicit: str | None = None, *, headless: bool) -> str:
    """A browser's path, after installing one where that is possible. Raises SetupError."""
    from gui_agent.platforms import browser as browsers

    try:
        return _found(explicit, headless=headless)
    except SetupError:
        if explicit or not browsers.can_install():
            raise
    typer.secho("No browser was found; installing Debian's Chromium.", err=True)
    browsers.install_browser(lambda line: typer.secho(line, err=True))
    return _found(None, headless=headless)


def _found(explicit: str | None, *, headless: bool) -> str:
    from gui_agent.platforms.browser import find_browser

    return find_browser(explicit, headless=headless) or "Playwright's own Chromium"
