"""What `doctor` looks at before a run on a phone: what can be wrong, and the cure."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from gui_agent.checks import Check
from gui_agent.errors import PlatformLost, SetupError
from gui_agent.platforms import android_checks_server as server
from gui_agent.platforms import android_checks_shell as shell
from gui_agent.platforms.android_adb import Adb, AdbError, Unanswered, find_adb
from gui_agent.platforms.android_checks_text import round_trip
from gui_agent.platforms.android_devices import choose
from gui_agent.platforms.android_journal import Journal
from gui_agent.platforms.android_link import Link
from gui_agent.platforms.android_record import write
from gui_agent.platforms.android_server import RpcError

_PAIRS = 30
"""The first adb that can pair."""
_VERSION = re.compile(r"^Version (\d+)\S*", re.MULTILINE)
_PROTOCOL = re.compile(r"version 1\.0\.(\d+)")
_NEEDED = ("system", "automation")
"""Without these nothing that comes after them can be looked at."""

Probe = Callable[[Link], Awaitable[Check]]


async def checks(
    serial: str = "", adb: str = "", text: bool = False, record: Path | None = None
) -> list[Check]:
    """Connect, look at everything once, and leave; nothing on the screen is touched.

    `serial`: which phone; "" takes the only one. `adb`: the adb server, `host:port`.
    `text`: also enter a text into a field of the phone's, and take it out again.
    `record`: also write what the phone answers to this file.
    """
    rows = []
    try:
        computer = Adb.at(adb, os.environ)
        await computer.start()
        rows.append(await _program(computer))
        chosen = await choose(computer, serial)
    except (SetupError, AdbError) as error:
        name = "phone" if rows else "adb"
        return [*rows, _failure(name, str(error))]
    rows.append(Check("phone", "ok", f"{chosen} is ready."))
    link = Link(computer, chosen, Journal())
    by_server = _BY_SERVER | ({"text": round_trip} if text else {})
    by_shell = [*_BY_SHELL.items(), ("automation", server.automation)]
    if record is not None:
        by_shell.insert(0, ("record", partial(write, path=record)))
    try:
        for name, probe in by_shell:
            rows.append(await _safely(name, probe, link))
            if rows[-1].verdict == "fail" and name in _NEEDED:
                return rows
        rows += [await _safely(name, probe, link) for name, probe in by_server.items()]
    finally:
        await link.close()
    return rows


async def _safely(name: str, probe: Probe, link: Link) -> Check:
    try:
        return await probe(link)
    except (AdbError, RpcError, PlatformLost, SetupError) as error:
        return _failure(name, str(error))


def _failure(name: str, said: str) -> Check:
    sentence, _, cure = said.partition(": ")
    return Check(name, "fail", f"{sentence.rstrip('.')}.", cure)


async def _program(computer: Adb) -> Check:
    """The program on this computer, and the server that answers, which another may have started."""
    program = find_adb()
    said = await _version(program)
    version, protocol = _VERSION.search(said), _PROTOCOL.search(said)
    running = int(await computer.ask("host:version"), 16)
    detail = f"{program}, version {version[1] if version else 'unknown'}."
    if protocol and int(protocol[1]) != running:
        cure = "Two versions end each other's server: keep one on PATH, and 'adb kill-server'."
        return Check("adb", "warn", f"{detail} The server is of another, 1.0.{running}.", cure)
    if version and int(version[1]) < _PAIRS:
        cure = "Only for pairing by Wi-Fi a newer one is needed; adbutils brings one."
        return Check("adb", "ok", detail, cure)
    return Check("adb", "ok", detail)


async def _version(program: str) -> str:
    """What `adb version` prints. Raises AdbError."""
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(program, "version", stdout=pipe)
    except OSError as error:
        raise AdbError(f"'{program}' can't be run: {error.strerror}") from error
    try:
        said, _ = await asyncio.wait_for(process.communicate(), 5)
    except TimeoutError as error:
        process.kill()
        raise Unanswered(f"'{program} version' does not end") from error
    return said.decode("utf-8", "replace")


_BY_SHELL: dict[str, Probe] = {
    "system": shell.system,
    "storage": shell.storage,
    "power": shell.power,
    "keyboard": shell.keyboards,
    "accessibility": shell.accessibility,
    "network": shell.network,
    "apps": shell.apps,
}
_BY_SERVER: dict[str, Probe] = {
    "screen": server.screen,
    "permission": shell.permission,  # wakes the phone
    "foreground": server.foreground,
    "pictures": server.pictures,
    "elements": server.elements,
    "clipboard": server.clipboard,
    "ports": server.ports,
}
