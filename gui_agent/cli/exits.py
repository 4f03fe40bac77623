"""How the command line ends: one exit code for each kind of ending, one line for each error."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path

import typer

from gui_agent.errors import GuiAgentError, ModelError, PersonNeeded, PlatformLost, Stopped


class Exit(IntEnum):
    """What a calling program learns."""

    DONE = 0
    BROKEN = 1
    SETUP = 2
    INFEASIBLE = 3
    FAILED = 4
    BUDGET = 5
    PERSON = 6
    MODEL = 7
    PLATFORM = 8
    INTERRUPTED = 130


MEANINGS = {
    Exit.DONE: "done, or answered",
    Exit.BROKEN: "a bug in gui-agent",
    Exit.SETUP: "wrong usage, or something is missing or can't be written",
    Exit.INFEASIBLE: "the model says that it can't be done",
    Exit.FAILED: "unusable answers, or stuck",
    Exit.BUDGET: "out of steps, seconds or tokens",
    Exit.PERSON: "refused by the guard, or a person must go on",
    Exit.MODEL: "the model server refused or could not be reached",
    Exit.PLATFORM: "the browser or the screen is gone",
    Exit.INTERRUPTED: "stopped by you (Ctrl-C; on a desktop the pointer in a corner)",
}

ENDINGS: dict[str, Exit] = {
    "succeeded": Exit.DONE,
    "answered": Exit.DONE,
    "failed": Exit.FAILED,
    "infeasible": Exit.INFEASIBLE,
    "refused": Exit.PERSON,
    "stuck": Exit.FAILED,
    "out_of_budget": Exit.BUDGET,
    "handed_over": Exit.PERSON,
    "platform_lost": Exit.PLATFORM,
    "model_error": Exit.MODEL,
    "cancelled": Exit.INTERRUPTED,
}
"""By the value of an `EndingKind`; importing that here would slow `--help` down."""


@contextmanager
def boundary(verbose: bool = False) -> Iterator[None]:
    """Turns whatever leaves a command into one line on stderr and an exit code."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(Exit.INTERRUPTED) from None
    except GuiAgentError as error:
        complain(str(error))
        raise typer.Exit(_code(error)) from error
    except typer.Exit:
        raise
    except Exception as error:
        if verbose:
            raise
        complain(f"This is a bug in gui-agent: {error!r}. The details are in {_log(error)}.")
        raise typer.Exit(Exit.BROKEN) from error


def complain(text: str) -> None:
    """One line on stderr."""
    typer.secho(f"gui-agent: {' '.join(text.split())}", fg="red", err=True)


def log_to_stderr(verbose: bool) -> None:
    """Log lines without tracebacks; everything, with them, when `verbose`."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s") if verbose else _OneLine())
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, handlers=[handler])
    if not verbose:  # what is left behind by a second Ctrl-C concerns nobody
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        return f"gui-agent: {record.getMessage()}" + (f": {error}" if error else "")


def _code(error: GuiAgentError) -> Exit:
    match error:
        case ModelError():
            return Exit.MODEL
        case PersonNeeded():
            return Exit.PERSON
        case PlatformLost():
            return Exit.PLATFORM
        case Stopped():
            return Exit.INTERRUPTED
    return Exit.SETUP


def _log(error: Exception) -> str:
    from platformdirs import user_log_path

    text = "".join(traceback.format_exception(error))
    try:
        path = user_log_path("gui-agent", appauthor=False, ensure_exists=True) / "last-error.txt"
        Path(path).write_text(text, "utf-8")
    except OSError:
        print(text, file=sys.stderr)  # noqa: T201 - nowhere else to keep it
        return "the lines above"
    return str(path)
