"""Which model a benchmark measures: the embedded baseline, or any OpenAI-compatible server."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from gui_agent.baseline.server import BaselineServer
from gui_agent.model import GLM


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that `served` reads."""
    parser.add_argument("--base-url", help="an OpenAI-compatible server; without it the baseline")
    parser.add_argument("--model", help="the served model's name; without it the server's first")
    parser.add_argument("--api-key")


@asynccontextmanager
async def served(options: argparse.Namespace) -> AsyncIterator[Callable[[], GLM]]:
    """Makes clients of the server that was asked for, or of a baseline started for the while."""
    if options.base_url:
        yield lambda: GLM(options.base_url, model=options.model, api_key=options.api_key)
        return
    async with BaselineServer() as baseline:
        yield lambda: GLM(baseline.base_url)
