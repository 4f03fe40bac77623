"""A screen of its own for the agent: Xvfb and a window manager, started and ended here."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import socket
import struct
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
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

    DISPLAY and XAUTHORITY point to it meanwhile. Raises SetupError with the package to install.
    """
    server, manager = program("Xvfb"), program(*MANAGERS)
    with tempfile.TemporaryDirectory(prefix="gui-agent-display-") as folder:
        authority = Path(folder, "Xauthority")
        await asyncio.to_thread(authority.write_bytes, _authority(secrets.token_bytes(16)))
        # Xvfb chooses a free number itself and writes it once it takes connections.
        screen = ("-displayfd", "1", "-screen", "0", f"{width}x{height}x24")
        xvfb = await _start(server, *screen, "-nolisten", "tcp", "-auth", str(authority))
        try:
            display = VirtualDisplay(await _number(xvfb), authority)
            with _environment(display):
                wm = await _start(manager)
                try:
                    await _prepare(display.name)
                    yield display
                finally:
                    await _end(wm)
        finally:
            await _end(xvfb)


def program(*names: str) -> str:
    """The first of these programs that is installed. Raises SetupError."""
    for name in names:
        if path := shutil.which(name):
            return path
    raise SetupError(
        f"{names[0]} is missing. On Debian and Ubuntu: apt-get install -y xvfb openbox"
    )


async def _start(*command: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, start_new_session=True
    )


async def _number(xvfb: Process) -> str:
    assert xvfb.stdout
    try:
        line = await asyncio.wait_for(xvfb.stdout.readline(), _SECONDS)
    except TimeoutError as error:
        raise SetupError(f"Xvfb has not started within {_SECONDS:g} s.") from error
    if not line.strip():
        raise SetupError("Xvfb ended at once; is the size of the screen possible?")
    return f":{line.decode().strip()}"


async def _prepare(name: str) -> None:
    """Wait for the window manager and give the empty screen a colour."""
    display = connect(name)
    try:
        windows = X11Windows(display)
        async with asyncio.timeout(_SECONDS):
            while not windows.managed:  # noqa: ASYNC110 - only the server knows
                await asyncio.sleep(0.02)
        _paint(display)
    except TimeoutError as error:
        raise SetupError("The window manager does not start on the virtual display.") from error
    finally:
        display.close()


def _paint(display: Any) -> None:
    root = display.screen().root
    root.change_attributes(background_pixel=_GREY)
    root.clear_area()
    display.sync()


@contextmanager
def _environment(display: VirtualDisplay) -> Iterator[None]:
    changed = {"DISPLAY": display.name, "XAUTHORITY": str(display.authority)}
    changed["XDG_SESSION_TYPE"] = "x11"
    before = {name: os.environ.get(name) for name in (*changed, "WAYLAND_DISPLAY")}
    os.environ.update(changed)
    os.environ.pop("WAYLAND_DISPLAY", None)
    try:
        yield
    finally:
        for name, value in before.items():
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
