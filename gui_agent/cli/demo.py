"""`gui-agent demo`: the built-in baseline does a real task on a page that ships with the
project."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gui_agent.cli import exits
from gui_agent.cli.browser import ensured

if TYPE_CHECKING:
    from gui_agent.cli.shop import Order

GOAL = (
    "Add the Monstera to the cart, type guest@example.com into E-mail, select Express as the "
    "delivery, tick Gift wrap and click Place order"
)
_NEXT = """\
Every step, with its picture, is in that folder. Try next:
  {us} demo --headed
  {us} run "Type lighthouse into Search and press Enter" --baseline --url https://en.wikipedia.org
  {us} run "A goal in your own words" --url URL --base-url http://localhost:8000/v1"""


def demo(
    headed: Annotated[bool, typer.Option("--headed", help="Show the browser's window.")] = False,
    browser: Annotated[str | None, typer.Option(help="The program to launch.")] = None,
    run_dir: Annotated[str, typer.Option(help="Where the run is recorded.")] = "runs",
) -> None:
    """Watch the built-in baseline (rules + OCR, no GPU) order a plant in a small shop."""
    with exits.boundary():
        ensured(browser, headless=not headed)
        code = _order_a_plant(headed, browser, run_dir)
    raise typer.Exit(code)


def _order_a_plant(headed: bool, browser: str | None, run_dir: str) -> int:
    from gui_agent import settings
    from gui_agent.cli import session
    from gui_agent.cli.shop import Shop

    exits.log_to_stderr(verbose=False)
    with Shop() as shop:
        flags = {
            "url": shop.url,
            "base_url": settings.BASELINE,
            "headed": headed,
            "browser": browser,
            "run_dir": run_dir,
            "ask": False,  # it is our own shop, and the goal says to order
        }
        code = asyncio.run(session.pursue(settings.load(flags, env={}), GOAL))
        return verdict(shop.orders) or int(code)


def verdict(orders: list[Order]) -> int:
    """What the shop itself received decides, whatever the run says."""
    from gui_agent.cli.shop import Order

    wanted = Order(("Monstera",), "guest@example.com", "Express", True)
    if orders != [wanted]:
        received = orders or "no order"
        exits.complain(f"The demo failed: the shop received {received} instead of {wanted}.")
        return exits.Exit.FAILED
    typer.secho("The shop received exactly the order that was asked for.", fg="green")
    typer.echo(_NEXT.format(us=_command()))
    return exits.Exit.DONE


def _command() -> str:
    """How to call this program from here: by its name, or by its path in the environment."""
    script = Path(sys.executable).with_name("gui-agent")
    return os.path.relpath(script) if shutil.which("gui-agent") is None else "gui-agent"
