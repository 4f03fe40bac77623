"""`gui-agent serve`: the built-in baseline behind an OpenAI-compatible API."""

from __future__ import annotations

import asyncio
import ipaddress
from contextlib import suppress
from typing import Annotated

import typer

from gui_agent.cli import exits
from gui_agent.errors import SetupError

_VLLM = """\
A GLM model is served by vLLM, on a machine with a GPU:

  vllm serve zai-org/GLM-4.1V-9B-Thinking --served-model-name glm-4.1v --port 8000 \\
    --limit-mm-per-prompt '{"image": 8}' --max-num-batched-tokens 8192

Then: gui-agent run "GOAL" --url URL --base-url http://localhost:8000/v1
Without a GPU there is the built-in baseline: gui-agent serve --baseline"""


def serve(
    baseline: Annotated[
        bool, typer.Option("--baseline", help="The built-in baseline: rules + OCR, no GPU.")
    ] = False,
    host: Annotated[str, typer.Option(help="Other than loopback only with --api-key.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    api_key: Annotated[
        str | None,
        typer.Option(envvar="GUI_AGENT_API_KEY", help="Ask clients for this key."),
    ] = None,
) -> None:
    """Serve the built-in baseline as an OpenAI-compatible API until Ctrl-C."""
    if not baseline:
        typer.echo(_VLLM, err=True)
        raise typer.Exit(exits.Exit.SETUP)
    with exits.boundary(), suppress(KeyboardInterrupt):
        if not api_key and not _loopback(host):
            raise SetupError(f"{host} can be reached by other machines: add --api-key.")
        asyncio.run(_serve(host, port, api_key))


async def _serve(host: str, port: int, api_key: str | None) -> None:
    from gui_agent.baseline.server import BaselineServer

    async with BaselineServer(host=host, port=port, api_key=api_key) as server:
        typer.echo(f"The built-in baseline listens at {server.base_url}   (Ctrl-C stops it)")
        typer.echo(f'Use it: gui-agent run "GOAL" --url URL --base-url {server.base_url}')
        await asyncio.Event().wait()


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
