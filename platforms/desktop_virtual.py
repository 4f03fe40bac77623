"""A screen of its own for the agent: Xvfb, a session bus and a window manager, started and ended
here."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import socket
import struct
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gui_agent.errors import SetupError
from gui_agent.platforms.desktop_x11 import connect
from gui_agent.platforms.desktop_x11_windows import X11Windows

MANAGERS = ("openbox", "xfwm4", "metacity", "marco", "kwin_x11", "icewm", "fluxbox", "twm")
"""Window managers that do without a whole desktop, in order of choice."""
_SECONDS = 20.0
_GREY = 0x5A6570
"""An empty screen is grey, so that a black picture means that something is wrong."""
_COOKIE = b"MIT-MAGIC-COOKIE-1"
_FAMILY_LOCAL, _FAMILY_WILD = 256, 65535


@dataclass(frozen=True, slots=True)
class VirtualDisplay:
    """Where it is; to watch it: `x11vnc -localhost -display NAME -auth AUTHORITY`."""

    name: str
    """Such as `:5`."""
    authority: Path
    """The file with its key: only this user's programs can connect."""


@asynccontextmanager
async def virtual_display(width: int = 1920, height: int = 1080) -> AsyncIterator[VirtualDisplay]:
    """An X server without a monitor, and a window manager on it, for as long as the block lasts.

    DISPLAY and XAUTHORITY point to it meanwhile, and DBUS_SESSION_BUS_ADDRESS to a bus of its own.
    Raises SetupError with the package to install.
    """
    server, manager = program("Xvfb"), program(*MANAGERS)
    async with AsyncExitStack() as stack:
        folder = tempfile.TemporaryDirectory(prefix="gui-agent-display-")
        authority = Path(stack.enter_context(folder), "Xauthority")
        await asyncio.to_thread(authority.write_bytes, _authority(secrets.token_bytes(16)))
        # Xvfb chooses a free number itself and writes it once it takes connections.
        screen = ("-displayfd", "1", "-screen", "0", f"{width}x{height}x24")
        command = (server, *screen, "-nolisten", "tcp", "-auth", str(authority))
        xvfb = await stack.enter_async_context(_running(*command, stdout=PIPE))
        display = VirtualDisplay(await _number(xvfb), authority)
        stack.enter_context(_environment(_place(display)))
        bus = await stack.enter_async_context(_session_bus(authority.with_name("bus")))
        stack.enter_context(_environment({"DBUS_SESSION_BUS_ADDRESS": bus}))
        await stack.enter_async_context(_running(manager))
        await _prepare(display.name)
        yield display


def program(*names: str) -> str:
    """The first of these programs that is installed. Raises SetupError."""
    for name in names:
        if path := shutil.which(name):
            return path
    raise SetupError(
        f"{names[0]} is missing. On Debian and Ubuntu: apt-get install -y xvfb openbox"
    )


@asynccontextmanager
async def _session_bus(socket: Path) -> AsyncIterator[str]:
    """The address of a session bus for the programs on this screen.

    On the user's own bus a program that runs already would open its window on the user's screen.
    """
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        yield "disabled:"
        return
    address = f"unix:path={socket}"
    async with _running(daemon, "--session", "--nofork", "--nopidfile", f"--address={address}"):
        await _until(socket.exists, "The session bus of the virtual display does not start.")
        yield address


@asynccontextmanager
async def _running(*command: str, stdout: int = DEVNULL) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=stdout, stderr=DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        await _end(process)


async def _number(xvfb: Process) -> str:
    assert xvfb.stdout
    try:
        line = await asyncio.wait_for(xvfb.stdout.readline(), _SECONDS)
    except TimeoutError as error:
        raise SetupError(f"Xvfb has not started within {_SECONDS:g} s.") from error
    if not line.strip():
        raise SetupError("Xvfb ended at once; is the size of the screen possible?")
    return f":{line.decode().strip()}"


async def _until(true: Callable[[], bool], complaint: str) -> None:
    """Poll for what nobody announces. Raises SetupError with the complaint."""
    try:
        async with asyncio.timeout(_SECONDS):
            while not true():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    except TimeoutError as error:
        raise SetupError(complaint) from error


async def _prepare(name: str) -> None:
    """Wait for the window manager and give the empty screen a colour."""
    display = connect(name)
    try:
        windows = X11Windows(display)
        complaint = "The window manager does not start on the virtual display."
        await _until(lambda: windows.managed, complaint)
        _paint(display)
    finally:
        display.close()


def _paint(display: Any) -> None:
    root = display.screen().root
    root.change_attributes(background_pixel=_GREY)
    root.clear_area()
    display.sync()


def _place(display: VirtualDisplay) -> dict[str, str | None]:
    return {
        "DISPLAY": display.name,
        "XAUTHORITY": str(display.authority),
        "XDG_SESSION_TYPE": "x11",
        "WAYLAND_DISPLAY": None,
    }


@contextmanager
def _environment(changed: Mapping[str, str | None]) -> Iterator[None]:
    """These variables as given (None: not set) within the block, then as they were."""
    before = {name: os.environ.get(name) for name in changed}
    _set(changed)
    try:
        yield
    finally:
        _set(before)


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.communicate(), 5)
    except TimeoutError:
        process.kill()
        await process.communicate()


def _authority(key: bytes) -> bytes:
    """An Xauthority file with one key for every display of this host (number left empty)."""
    families = ((_FAMILY_LOCAL, socket.gethostname().encode()), (_FAMILY_WILD, b""))
    entries = [
        struct.pack(">H", family) + b"".join(map(_counted, (address, b"", _COOKIE, key)))
        for family, address in families
    ]
    return b"".join(entries)


def _counted(value: bytes) -> bytes:
    return struct.pack(">H", len(value)) + value
