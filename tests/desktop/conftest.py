"""One virtual display for the whole session: pyautogui serves one display per process.

What is missing on this machine fails here, with the command that installs it.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.platforms.desktop_virtual import VirtualDisplay, virtual_display
from gui_agent.platforms.desktop_x11 import connect
from gui_agent.platforms.desktop_x11_windows import X11Windows
from tests.desktop.programs import missing

SIZE = (1280, 800)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.desktop)


@pytest.fixture(scope="session")
def display() -> Iterator[VirtualDisplay]:
    """The screen that all tests here share, with a window manager."""
    if packages := missing():
        pytest.fail(f"apt-get install -y --no-install-recommends {' '.join(packages)}", False)
    started, over = threading.Event(), threading.Event()
    found: list[VirtualDisplay] = []
    thread = threading.Thread(target=lambda: asyncio.run(_serve(found, started, over)))
    thread.start()
    started.wait(30)
    try:
        _import_pyautogui()
        yield found[0]
    finally:
        over.set()
        thread.join(20)


def _import_pyautogui() -> None:
    """It leaves files open when it is imported, which is an error in these tests otherwise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        import_module("pyautogui")
        gc.collect()


async def _serve(
    found: list[VirtualDisplay], started: threading.Event, over: threading.Event
) -> None:
    async with virtual_display(*SIZE) as display:
        found.append(display)
        started.set()
        await asyncio.to_thread(over.wait)


@pytest.fixture(scope="session")
def onlooker(display: VirtualDisplay) -> Iterator[X11Windows]:
    """Sees which windows are open, from outside."""
    windows = X11Windows(connect(display.name))
    yield windows
    windows.close()


@pytest.fixture(autouse=True)
def _leaves_no_window(onlooker: X11Windows) -> Iterator[None]:
    """A window that stays open fails the test that opened it, not a later one."""
    before = {window.id for window in onlooker.all()}
    yield
    until = time.monotonic() + 5
    while left := [window for window in onlooker.all() if window.id not in before]:
        assert time.monotonic() < until, f"left open: {left}"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def desktop(display: VirtualDisplay) -> Iterator[DesktopPlatform]:
    """A platform on the shared screen; it outlives the event loop of each test."""
    platform = DesktopPlatform(takeover=False)
    asyncio.run(platform.open())
    try:
        yield platform
    finally:
        asyncio.run(platform.close())


class Talker:
    """A program that prints JSON lines and takes commands."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._heard: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def hear(self, seconds: float = 5.0) -> dict[str, Any]:
        """The next line; {} when there is none for so long."""
        try:
            return self._heard.get(timeout=seconds)
        except Empty:
            return {}

    def ask(self, command: str) -> dict[str, Any]:
        self._say(command)
        return self.hear()

    def events(self) -> list[dict[str, Any]]:
        """What the probe has written down since the last time."""
        self._say("mark")
        events: list[dict[str, Any]] = []
        while (line := self.hear()).get("kind") != "mark":
            assert line, "the probe does not answer"
            events.append(line)
        return events

    def _say(self, command: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._heard.put(json.loads(line))

    def close(self) -> None:
        end(self.process)
        self._thread.join(5)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


@contextmanager
def talker(script: Path, *arguments: object) -> Iterator[Talker]:
    """The script, running and ready."""
    process = subprocess.Popen(
        [sys.executable, str(script), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    program = Talker(process)
    try:
        assert program.hear(20), "the program does not start"
        yield program
    finally:
        program.close()


@contextmanager
def app(*command: str, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """An application with a home and a process group of its own, ended with all its children.

    Its settings live in its memory: the service that would write them has another home.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        process = subprocess.Popen(
            command,
            env={**os.environ, "HOME": home, "GSETTINGS_BACKEND": "memory", **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            end(process)


@contextmanager
def stopped_manager() -> Iterator[int]:
    """The window manager, which runs as a child of this process, does nothing meanwhile."""
    stats = (path.read_text() for path in Path("/proc").glob("[0-9]*/stat"))
    children = (stat.split() for stat in stats)
    manager = next(int(c[0]) for c in children if c[1:4:2] == ["(openbox)", str(os.getpid())])
    os.kill(manager, signal.SIGSTOP)
    try:
        yield manager
    finally:
        os.kill(manager, signal.SIGCONT)


def end(process: subprocess.Popen[Any]) -> None:
    """End it, softly first."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


async def window(desktop: DesktopPlatform, app: str, seconds: float = 15.0) -> None:
    """Wait until a window of this program is the active one."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        seen = await desktop.observe()
        if app.casefold() in seen.where.casefold():
            return
    raise AssertionError(f"no window of {app} came to the front; in front is {seen.where!r}")
