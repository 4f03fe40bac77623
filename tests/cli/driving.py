"""Drives the real `gui-agent` process, alone or on a terminal of its own."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import sync_playwright

from gui_agent import recorder
from gui_agent.platforms.browser import find_browser, launch_args
from tests.fake_openai import FakeOpenAI

LITERAL = "gui_agent.testing:LiteralDialect"
"""A dialect in which the model answers with an action's own JSON."""
SECONDS = 60


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on stderr that begins with our name."""
        lines = [line for line in self.err.splitlines() if line.startswith("gui-agent: ")]
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


def action(kind: str, **fields: Any) -> str:
    """A model's answer in the literal dialect."""
    return json.dumps({"kind": kind, **fields})


CLICK = action("click", at={"x": 0.5, "y": 0.5})
DONE = action("finish", success=True, message="all done")

PAGE = """<!doctype html><title>untouched</title>
<button style="position:fixed;inset:0;width:100%;height:100%" onclick="
  document.title = 'pressed ' + ++window.count">Press here</button>
<script>window.count = 0</script>"""


def options(server: FakeOpenAI, folder: Path, html: str = PAGE) -> list[str]:
    """A page to begin at, the server, and the literal dialect."""
    return ["--url", page(folder, html), "--base-url", server.url, "--dialect", LITERAL]


def page(folder: Path, html: str = PAGE) -> str:
    """The URL of a page whose one button fills the window and counts in the title."""
    path = folder / "page.html"
    path.write_text(html, "utf-8")
    return path.as_uri()


def environment(folder: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without settings of its user, and with folders of its own."""
    mine = {k: v for k, v in os.environ.items() if not k.startswith(("GUI_AGENT_", "OPENAI_"))}
    own = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "STATE")}
    # Scripted servers answer what a test asks them, and no examination.
    own["GUI_AGENT_CHECK_SERVER"] = "false"
    return {**mine, **own, "COLUMNS": "200", **(extra or {})}


async def start(
    *args: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdout: int = asyncio.subprocess.PIPE,
) -> asyncio.subprocess.Process:
    """`gui-agent ARGS` in a process group of its own, with nobody at its stdin."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "gui_agent",
        *args,
        cwd=cwd,
        env=environment(cwd, env),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=stdout,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )


async def ended(process: asyncio.subprocess.Process) -> Ended:
    """How it ended; killed when it takes too long."""
    try:
        async with asyncio.timeout(SECONDS):
            out, err = await process.communicate()
    except TimeoutError:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    assert process.returncode is not None
    return Ended(process.returncode, (out or b"").decode(), err.decode())


async def gui_agent(*args: str, cwd: Path, env: Mapping[str, str] | None = None) -> Ended:
    return await ended(await start(*args, cwd=cwd, env=env))


def ctrl_c(process: asyncio.subprocess.Process) -> None:
    """What a terminal does: everything in the foreground group gets the signal."""
    os.killpg(process.pid, signal.SIGINT)


def runs(folder: Path) -> list[Path]:
    """The recorded runs, oldest first."""
    return sorted((folder / "runs").iterdir(), key=lambda run: run.stat().st_ctime_ns)


def titles(run: Path) -> list[str]:
    """The page's title at each step."""
    return [step.observation.title for step in recorder.load(run).steps]


def ending(run: Path) -> str:
    recorded = recorder.load(run).ending
    assert recorded is not None
    return recorded.kind


class Chromium:
    """A browser of somebody else, with a debugging port: `with Chromium(profile) as browser`."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile

    def __enter__(self) -> Self:
        switches = [*launch_args(), "--headless", "--remote-debugging-port=0"]
        self._process = subprocess.Popen(
            [_program(), *switches, f"--user-data-dir={self._profile}"],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.options = ["--cdp-url", f"http://127.0.0.1:{self._port()}"]
        """What `gui-agent run` needs to attach."""
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._process.wait()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _port(self) -> str:
        """Written by the browser as soon as it listens."""
        path, deadline = self._profile / "DevToolsActivePort", time.monotonic() + SECONDS
        while not (path.exists() and (lines := path.read_text("ascii").split())):
            assert self._process.poll() is None, "the browser did not start"
            assert time.monotonic() < deadline, "the browser does not listen"
            time.sleep(0.02)
        return lines[0]


def _program() -> str:
    with sync_playwright() as playwright:
        return find_browser() or playwright.chromium.executable_path


class Terminal:
    """A person's terminal with `gui-agent` in it: `async with Terminal(args, cwd) as terminal`."""

    def __init__(
        self, args: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None
    ) -> None:
        self._args, self._cwd, self._env = args, cwd, env
        self._news, self._over = asyncio.Event(), False
        self.shown = ""
        """Everything that appeared on the screen, echoed input included."""

    async def __aenter__(self) -> Terminal:
        self._mine, theirs = pty.openpty()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "gui_agent",
            *self._args,
            cwd=self._cwd,
            env={**environment(self._cwd, self._env), "TERM": "xterm"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        asyncio.get_running_loop().add_reader(self._mine, self._read)
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._mine)
        os.close(self._mine)
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()

    def _read(self) -> None:
        try:
            data = os.read(self._mine, 65_536)
        except OSError:  # the other side is closed
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._mine)
            self._over = True
        self.shown += data.decode(errors="replace")
        self._news.set()

    async def sees(self, text: str, times: int = 1) -> None:
        """Waits until the text has appeared so many times."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS):
                while self.shown.count(text) < times and not self._over:
                    self._news.clear()
                    await self._news.wait()
        assert self.shown.count(text) >= times, f"never saw {text!r} in:\n{self.shown}"

    def types(self, text: str) -> None:
        os.write(self._mine, text.encode())

    def ctrl_c(self) -> None:
        os.killpg(self._process.pid, signal.SIGINT)

    async def code(self) -> int:
        async with asyncio.timeout(SECONDS):
            return await self._process.wait()
