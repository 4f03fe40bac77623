"""The phones that adb knows: which there are, which one is meant, and how to reach one by Wi-Fi."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass

from gui_agent.errors import SetupError
from gui_agent.platforms.android_adb import Adb, AdbError, Unreachable

WIFI_PORT = 5555
OPEN_PORT = (
    f"Whoever is on the same Wi-Fi can now ask this phone for access at port {WIFI_PORT}. Go back"
    " to the cable with 'adb usb', or restart the phone, when you are done."
)
_DIAL_SECONDS = 12.0
"""adb itself gives up a dial after 10 s."""
_SHELL_SECONDS = 3.0
_POLL_SECONDS = 0.2
_MODEL = re.compile(r"\bmodel:(\S+)")
_ADDRESS = re.compile(r"\binet (\d+\.\d+\.\d+\.\d+)")
_SERVICE = re.compile(r"^(.+)\t_adb(?:-tls-(connect|pairing))?\._tcp\.?\t(\S+)$", re.MULTILINE)

FIXES = {
    "device": "",
    "unauthorized": "it has not allowed this computer: accept the question on its screen.",
    "offline": "it does not answer: plug it in again, or run 'adb reconnect'.",
}


@dataclass(frozen=True, slots=True)
class Device:
    """One phone that adb knows."""

    serial: str
    state: str
    """In adb's words: device (ready), unauthorized, offline, no permissions …"""
    model: str = ""
    """Maker and model; "" while the phone does not say."""
    android: str = ""
    """Android's version, such as 14."""

    @property
    def wifi(self) -> bool:
        """Is it reached by the network?"""
        return ":" in self.serial or "._adb-tls-connect." in self.serial

    @property
    def fix(self) -> str:
        """What keeps it from being used, and the cure; "" when it is ready."""
        known = f"adb says '{self.state}'; 'no permissions' needs a udev rule on Linux."
        return FIXES.get(self.state, known)


@dataclass(frozen=True, slots=True)
class Nearby:
    """A phone with wireless debugging on, as it announces itself in the network."""

    name: str
    address: str
    """host:port"""
    pairing: bool
    """Does it show a pairing code just now? Else it can be connected to, once paired."""


async def devices(adb: Adb) -> list[Device]:
    """All phones that adb knows, with what they say of themselves. Raises SetupError."""
    await adb.start()
    try:
        rows = (await adb.ask("host:devices-l")).splitlines()
    except AdbError as error:
        raise SetupError(f"The adb server does not list its phones: {error}.") from error
    return list(await asyncio.gather(*(_described(adb, row) for row in rows if row.strip())))


async def choose(adb: Adb, serial: str) -> str:
    """The serial of the phone to drive: this one, or the only one. Raises SetupError.

    `host:port` is dialled when adb does not know it yet.
    """
    await adb.start()
    found = await adb.devices()
    if serial and serial not in found and ":" in serial:
        await adb.ask(f"host:connect:{serial}", _DIAL_SECONDS)
        found = await adb.devices()
    if serial and serial not in found:
        there = f"There are: {', '.join(found)}." if found else "There is none."
        raise SetupError(f"There is no phone '{serial}'. {there}")
    if not found:
        raise SetupError(
            "No phone is connected: plug one in with USB debugging on, or run 'gui-agent devices"
            " connect HOST:PORT' for one on Wi-Fi."
        )
    ready = [name for name, state in found.items() if state == "device"]
    candidates = [serial] if serial else ready or list(found)
    if len(candidates) > 1:
        raise SetupError(
            f"There are several phones: choose one, --serial {' or '.join(candidates)}."
        )
    device = Device(candidates[0], found[candidates[0]])
    if device.fix:
        raise SetupError(f"The phone {device.serial} can't be used: {device.fix}")
    return device.serial


async def wait(adb: Adb, serial: str, seconds: float) -> str:
    """`choose`, again and again until a phone is ready. Raises SetupError when time is up."""
    until = time.monotonic() + seconds
    while True:
        try:
            return await choose(adb, serial)
        except SetupError:
            if time.monotonic() > until:
                raise
        await asyncio.sleep(_POLL_SECONDS)


async def connect(adb: Adb, address: str) -> str:
    """Reach a phone at `host` or `host:port`; its serial. Raises SetupError."""
    serial = address if ":" in address else f"{address}:{WIFI_PORT}"
    said = await _tell(adb, f"host:connect:{serial}")
    if "failed to authenticate" in said:
        raise SetupError(f"The phone {serial} can't be used: {FIXES['unauthorized']}")
    if not said.startswith(("connected to", "already connected to")):
        raise SetupError(
            f"No phone answers at {serial} ({said}). Is it on the same Wi-Fi, with debugging over"
            " the network on? 'gui-agent devices tcpip' turns it on while the cable is in."
        )
    return serial


async def pair(adb: Adb, address: str, code: str) -> str:
    """Make this computer known to a phone that shows a pairing code; what adb says.

    `address` is that of the pairing dialog, not the one to connect to. Raises SetupError.
    """
    if not re.fullmatch(r"[\w.\[\]:-]+:\d+", address) or not re.fullmatch(r"\d{6}", code):
        raise SetupError(
            "To pair, give the host:port and the six digits that the phone shows under Developer"
            " options > Wireless debugging > Pair device with pairing code."
        )
    said = await _tell(adb, f"host:pair:{code}:{address}", old="pair")
    if not said.startswith("Successfully paired"):
        raise SetupError(
            f"The phone at {address} was not paired ({said.rstrip('.')}): open the pairing dialog"
            " again, and give what it shows then."
        )
    return said


async def nearby(adb: Adb) -> list[Nearby]:
    """The phones in this network that announce wireless debugging. Raises SetupError."""
    said = await _tell(adb, "host:mdns:services", old="look for phones")
    return [Nearby(n, address, kind == "pairing") for n, kind, address in _SERVICE.findall(said)]


async def over_wifi(adb: Adb, serial: str) -> str:
    """Let a phone on the cable be reached by Wi-Fi; the address to connect to. Raises SetupError.

    It restarts the phone's side of adb, and leaves port 5555 open: see `OPEN_PORT`.
    """
    serial = await choose(adb, serial)
    try:
        shown = await _shell(adb, serial, "ip -f inet addr show wlan0")
        if not (found := _ADDRESS.search(shown)):
            raise SetupError(f"The phone {serial} has no Wi-Fi address: connect it to a Wi-Fi.")
        said = await adb.read(serial, f"tcpip:{WIFI_PORT}", _SHELL_SECONDS)
    except AdbError as error:
        raise SetupError(f"The phone {serial} went away: {error}.") from error
    if b"restarting" not in said:
        raise SetupError(f"The phone {serial} does not open its port: {said!r}.")
    return f"{found[1]}:{WIFI_PORT}"


async def _described(adb: Adb, row: str) -> Device:
    serial, _, rest = row.strip().partition(" ")
    state = re.split(r"\s{2,}| (?=\w+:)", rest.strip())[0]
    model = found[1].replace("_", " ") if (found := _MODEL.search(rest)) else ""
    if state != "device":
        return Device(serial, state, model)
    line = "getprop ro.product.brand; getprop ro.product.model; getprop ro.build.version.release"
    try:
        brand, name, release = (await _shell(adb, serial, line)).splitlines()[:3]
    except (AdbError, ValueError):  # it is there, but too busy to say what it is
        return Device(serial, state, model)
    return Device(serial, state, f"{brand.strip()} {name.strip()}", release.strip())


async def _shell(adb: Adb, serial: str, line: str) -> str:
    said = await adb.read(serial, f"shell:{line}", _SHELL_SECONDS)
    return said.decode("utf-8", "replace")


async def _tell(adb: Adb, request: str, old: str = "") -> str:
    """What the server says to this. `old` is what it can't do when it does not know the request."""
    await adb.start()
    try:
        return (await adb.ask(request, _DIAL_SECONDS)).strip()
    except Unreachable as error:
        raise SetupError(f"The adb server is gone: {error}.") from error
    except AdbError as error:
        if old and "unknown host service" in str(error):
            raise SetupError(
                f"This adb is too old to {old}: end it with 'adb kill-server' and put a newer one"
                " (30 or later; adbutils brings one) on PATH."
            ) from error
        raise SetupError(f"adb says: {error}.") from error
