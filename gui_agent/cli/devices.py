"""`gui-agent devices`: the phones that can be driven, and how to reach one by Wi-Fi."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import gui_agent
from gui_agent.cli import exits
from gui_agent.errors import SetupError

if TYPE_CHECKING:
    from gui_agent.platforms.android_adb import Adb
    from gui_agent.platforms.android_devices import Device

EXAMPLES = """\
[bold]Examples[/]
  gui-agent devices
  gui-agent devices tcpip
  gui-agent devices connect 192.168.1.57
  gui-agent devices --simulate"""

app = typer.Typer(rich_markup_mode="rich", epilog=EXAMPLES)

_Serial = Annotated[str, typer.Option(metavar="SERIAL", help="Which phone; else the only one.")]


@app.callback(invoke_without_command=True)
def devices(
    context: typer.Context,
    json_lines: Annotated[
        bool, typer.Option("--json", help="One JSON object a line on stdout.")
    ] = False,
    simulate: Annotated[
        bool, typer.Option("--simulate", help="Start a simulated phone, until Ctrl+C.")
    ] = False,
) -> None:
    """List the phones, their state, and what to do about those that can't be used."""
    if context.invoked_subcommand:
        return
    with exits.boundary():
        if simulate:
            raise typer.Exit(_simulate())
        from gui_agent.platforms import android_devices as phones

        found = asyncio.run(phones.devices(_adb()))
        _show(found, json_lines)
    raise typer.Exit(exits.Exit.DONE if any(d.fix == "" for d in found) else exits.Exit.SETUP)


@app.command()
def connect(address: Annotated[str, typer.Argument(metavar="HOST[:PORT]")]) -> None:
    """Reach a phone on Wi-Fi, after `tcpip` or `pair`."""
    with exits.boundary():
        from gui_agent.platforms import android_devices as phones

        serial = asyncio.run(phones.connect(_adb(), address))
        typer.echo(f"{serial} is connected.")
        typer.secho(phones.OPEN_PORT, err=True, fg="yellow")


@app.command()
def pair(
    address: Annotated[str, typer.Argument(metavar="HOST:PORT", help="As the phone shows it.")],
    code: Annotated[str, typer.Argument(help="The six digits that the phone shows.")],
) -> None:
    """Make this computer known to a phone with wireless debugging (Android 11 and later)."""
    with exits.boundary():
        from gui_agent.platforms import android_devices as phones

        typer.echo(asyncio.run(phones.pair(_adb(), address, code)))
        typer.echo("Now: gui-agent devices connect HOST:PORT, with the port of the page before.")


@app.command()
def tcpip(serial: _Serial = "") -> None:
    """Let the phone on the cable be reached by Wi-Fi."""
    with exits.boundary():
        from gui_agent.platforms import android_devices as phones

        address = asyncio.run(phones.over_wifi(_adb(), serial))
        typer.echo(f"Unplug the phone, then: gui-agent devices connect {address}")
        typer.secho(phones.OPEN_PORT, err=True, fg="yellow")


@app.command()
def nearby() -> None:
    """List the phones in this network that announce wireless debugging."""
    with exits.boundary():
        from gui_agent.platforms import android_devices as phones

        found = asyncio.run(phones.nearby(_adb()))
        for phone in found:
            verb = "pair" if phone.pairing else "connect"
            typer.echo(f"{phone.name}: gui-agent devices {verb} {phone.address}")
        if not found:
            typer.echo("None: turn on Developer options > Wireless debugging on the phone.")


@app.command()
def reset(serial: _Serial = "") -> None:
    """Give a phone back what a crashed run has borrowed: its keyboard, its screen time-out."""
    with exits.boundary():
        from gui_agent.platforms.android import AndroidPlatform

        undone = asyncio.run(AndroidPlatform(serial).reset())
        typer.echo("\n".join(undone) or "Nothing was borrowed.")


def _adb() -> Adb:
    from gui_agent.platforms.android_adb import Adb

    return Adb.at("", os.environ)


def _show(found: Iterable[Device], json_lines: bool) -> None:
    """On stdout: JSON lines for a program, else a line each, and below it what to do."""
    rows = list(found)
    if json_lines:
        for phone in rows:
            row = {**asdict(phone), "wifi": phone.wifi, "fix": phone.fix}
            typer.echo(json.dumps(row, ensure_ascii=False))
        return
    width = max((len(phone.serial) for phone in rows), default=0)
    for phone in rows:
        android = f"Android {phone.android}" if phone.android else phone.state
        way = "Wi-Fi" if phone.wifi else "cable"
        typer.echo(f"{phone.serial:{width}}  {phone.model or '?'}, {android}, {way}")
        if phone.fix:
            typer.echo(f"    → {phone.fix}")
    if not rows:
        typer.echo(
            "No phone. Plug one in with USB debugging on, reach one by Wi-Fi with 'gui-agent"
            " devices connect HOST:PORT', or try 'gui-agent devices --simulate'."
        )


def _simulate() -> int:
    """Run the repository's simulated phone here; its exit code. Raises SetupError without it."""
    root = Path(gui_agent.__file__).resolve().parents[1]
    if not (root / "tests" / "phone" / "__main__.py").exists():
        raise SetupError(
            "The simulated phone is part of gui-agent's source, not of the installed package: get"
            " the source and run 'python -m tests.phone' in it."
        )
    return subprocess.run([sys.executable, "-m", "tests.phone"], cwd=root, check=False).returncode
