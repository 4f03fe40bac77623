"""`gui-agent serve`: a GLM model behind vLLM, or the built-in baseline, until Ctrl-C."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import secrets
import shlex
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from gui_agent.cli import exits
from gui_agent.errors import SetupError

if TYPE_CHECKING:
    from gui_agent.serving.command import Options
    from gui_agent.serving.models import ServedModel

_VLLM = "vLLM"


def _option(help: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=help, rich_help_panel=_VLLM, show_default=False, **more)


def serve(
    model: Annotated[
        str | None,
        typer.Argument(
            metavar="MODEL",
            help="glm-4.1v (the default), glm-4.5v, autoglm-phone-9b, a repository or a folder.",
        ),
    ] = None,
    baseline: Annotated[
        bool, typer.Option("--baseline", help="The built-in baseline: rules + OCR, no GPU.")
    ] = False,
    host: Annotated[str, typer.Option(help="0.0.0.0 lets other machines in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    api_key: Annotated[
        str | None,
        typer.Option(envvar="GUI_AGENT_API_KEY", help="Ask clients for this key."),
    ] = None,
    dry_run: Annotated[bool, _option("Only print the command.", "--dry-run")] = False,
    profile: Annotated[
        str, _option("throughput (the default), latency or small-gpu.", metavar="NAME")
    ] = "throughput",
    images: Annotated[int, _option("Pictures in one request; else 10.", min=1)] = 10,
    max_model_len: Annotated[
        int | None, _option("Tokens of one conversation.", min=4096, metavar="N")
    ] = None,
    quantization: Annotated[str | None, _option("Such as fp8.", metavar="NAME")] = None,
    tensor_parallel: Annotated[
        int | None, _option("GPUs that share the model.", min=1, metavar="N")
    ] = None,
    pipeline_parallel: Annotated[
        int, _option("Groups of GPUs that share its layers.", min=1, metavar="N")
    ] = 1,
    data_parallel: Annotated[int, _option("Copies of the model.", min=1, metavar="N")] = 1,
    ray: Annotated[
        bool, _option("The GPUs of a Ray cluster of several machines.", "--ray")
    ] = False,
    local_media: Annotated[
        Path | None, _option("The server may read pictures from here.", metavar="FOLDER")
    ] = None,
    vllm_python: Annotated[
        str, _option("The Python that has vLLM; else this one.", metavar="PATH")
    ] = sys.executable,
    log: Annotated[Path, _option("Where vLLM's output goes; else vllm.log.", metavar="FILE")] = (
        Path("vllm.log")
    ),
    ready_within: Annotated[
        float, _option("How long a start may take; else 1800.", min=1, metavar="SECONDS")
    ] = 1800.0,
    further: Annotated[
        list[str] | None, typer.Argument(metavar="-- VLLM_OPTIONS", help="Handed to vLLM.")
    ] = None,
) -> None:
    """Serve a GLM model with vLLM, set up right, until Ctrl-C; or the built-in baseline."""
    with exits.boundary():
        if baseline:
            if model:
                raise SetupError("--baseline serves no other model: leave its name out.")
            _serve_baseline(host, port, api_key)
            return
        if model and model.startswith("-"):
            raise SetupError("Name the model first: gui-agent serve glm-4.1v -- --seed 3")
        from gui_agent.serving import command, models, process

        if profile not in get_args(command.Profile):
            known = ", ".join(get_args(command.Profile))
            raise SetupError(f"There is no profile '{profile}'. Known: {known}.")
        if local_media and not local_media.is_dir():
            raise SetupError(f"There is no folder {local_media} for --local-media.")
        served = models.known(model or "glm-4.1v")
        options = command.Options(
            profile=profile,  # type: ignore[arg-type]  # checked above
            host=host,
            port=port if dry_run else process.free_port(host, port),
            images=images,
            context=max_model_len,
            quantization=quantization,
            tensor_parallel=tensor_parallel,
            pipeline_parallel=pipeline_parallel,
            data_parallel=data_parallel,
            ray=ray,
            local_media=local_media,
            further=tuple(further or ()),
        )
        key = _Key.chosen(api_key, host)
        typer.echo(command.shell(served, options, key.shown))
        typer.echo("\n".join(command.explain(served, options)), err=True)
        if not dry_run:
            with suppress(KeyboardInterrupt):
                _run(served, options, key, vllm_python, log, ready_within)


@dataclass(frozen=True, slots=True)
class _Key:
    """What clients must bring, or ""; and how it is written on the screen."""

    value: str = ""
    shown: str = ""

    @classmethod
    def chosen(cls, given: str | None, host: str) -> _Key:
        """The given key, which is not shown; a new one where other machines could come in."""
        if given:
            return cls(given, '"$GUI_AGENT_API_KEY"')
        made = "" if _loopback(host) else secrets.token_urlsafe(24)
        return cls(made, made)


def _run(
    served: ServedModel, options: Options, key: _Key, python: str, log: Path, seconds: float
) -> None:
    from gui_agent.serving import command, process

    installed = process.find(python)
    typer.echo(f"Starting vLLM {installed.version}; its output goes to {log}", err=True)
    signal.signal(signal.SIGTERM, _stop)
    with process.VllmServer(
        installed,
        command.command(served, options),
        host=options.host,
        port=options.port,
        log=log,
        env={**os.environ, **({"VLLM_API_KEY": key.value} if key.value else {})},
    ) as server:
        server.wait_ready(seconds, lambda phase: typer.echo(f"  {phase}", err=True))
        typer.echo(f"{served.name} listens at {server.base_url}   (Ctrl-C stops it)")
        keyed = f" --api-key {key.shown}" if key.value else ""
        folder = options.local_media.expanduser().resolve() if options.local_media else None
        here = f" --local-media {shlex.quote(str(folder))}" if folder else ""
        url = f"{server.base_url}{keyed}{here}"
        typer.echo(f'Use it: gui-agent run "GOAL" --url URL --base-url {url}')
        typer.echo(f"Check it: gui-agent doctor --base-url {url}")
        server.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    """A polite kill ends it as Ctrl-C does."""
    raise KeyboardInterrupt


def _serve_baseline(host: str, port: int, api_key: str | None) -> None:
    with suppress(KeyboardInterrupt):
        if not api_key and not _loopback(host):
            raise SetupError(f"{host} can be reached by other machines: add --api-key.")
        asyncio.run(_listen(host, port, api_key))


async def _listen(host: str, port: int, api_key: str | None) -> None:
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
