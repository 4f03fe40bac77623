"""The command line. Every command imports what it needs when it runs, so `--help` is quick."""

from __future__ import annotations

from typing import Annotated

import typer

import gui_agent
from gui_agent.cli import browser, demo, devices, doctor, exits, run, serve

_EXAMPLES = """\
[bold]Examples[/]
  gui-agent demo
  gui-agent run "Find the cheapest tent" --url https://shop.example
  gui-agent run "Click Contact" --url https://shop.example --baseline --headed
  gui-agent run "How much is it?" --url https://shop.example --output-schema s.json
  gui-agent run "Write a shopping list in the editor" --platform desktop --virtual-display"""

_CODES = "\n".join(f"[bold]{code.value:>5}[/]  {exits.MEANINGS[code]}" for code in exits.Exit)

app = typer.Typer(
    name="gui-agent",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gui-agent {gui_agent.__version__}")
        raise typer.Exit


@app.callback(
    help="A vision-language model operates a browser, a desktop or a phone for you.",
    epilog=_EXAMPLES,
)
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Nothing to do before a command."""


app.command(epilog=f"{_EXAMPLES}\n\n[bold]Exit codes[/]\n{_CODES}")(run.run)
app.command()(demo.demo)
app.command()(serve.serve)
app.command(epilog=doctor.EXAMPLES)(doctor.doctor)
app.add_typer(devices.app, name="devices")
app.command()(browser.browser)


def main() -> None:
    """Where `gui-agent` and `python -m gui_agent` begin."""
    app()
