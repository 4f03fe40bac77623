"""One simulated phone on a private adb server: everything a test starts, and everything it ends."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from tests.phone.adbd import Adbd
from tests.phone.device import Device
from tests.phone.faults import Faults
from tests.phone.pillow import PillowScreen
from tests.phone.profiles import PROFILES
from tests.phone.screen import Frame, Screen
from tests.phone.services import Services
from tests.phone.u2 import Automation

_SECONDS = 30.0
_Result = TypeVar("_Result")


class AdbServer:
    """A private adb server: free port, own HOME for its key, no USB, no emulators, no mDNS."""

    def __init__(self, adb: str | None = None) -> None:
        """`adb` is the program; the one on PATH, else the one that adbutils brings."""
        self.adb = adb or find_adb()
        self.port = free_port()
        self._home = ""

    def __enter__(self) -> Self:
        self._home = tempfile.mkdtemp(prefix="adb-")
        self.run("start-server")
        return self

    def __exit__(self, *_: object) -> None:
        self.run("kill-server", check=False)
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def env(self) -> dict[str, str]:
        """Environment for programs that are to use this server."""
        return {
            **os.environ,
            "HOME": self._home,
            "ANDROID_ADB_SERVER_PORT": str(self.port),
            "ADBUTILS_ADB_PATH": self.adb,
            "ANDROID_ADB_LOG_PATH": os.path.join(self._home, "adb.log"),
            "ADB_USB": "0",
            "ADB_EMU": "0",
            "ADB_MDNS": "0",
            "ADB_MDNS_OPENSCREEN": "0",
        }

    def run(self, *args: str, check: bool = True, seconds: float = _SECONDS) -> str:
        """One adb command; what it printed, both channels. Raises CalledProcessError."""
        done = subprocess.run(
            [self.adb, *args],
            env=self.env,
            timeout=seconds,
            check=check,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        return done.stdout.decode("utf-8", "replace")


def find_adb() -> str:
    """Raises FileNotFoundError when there is none."""
    found = shutil.which("adb") or bundled_adb()
    if found is None:
        raise FileNotFoundError("adb: install Debian's `adb`, or `pip install adbutils`")
    return found


def bundled_adb() -> str | None:
    """The adb in the adbutils wheel."""
    from importlib.util import find_spec

    spec = find_spec("adbutils")
    if spec is None or spec.origin is None:
        return None
    path = os.path.join(os.path.dirname(spec.origin), "binaries", "adb")
    return path if os.path.exists(path) else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Phone:
    """A phone in a thread of its own, so that a test may block; use as (async) context manager."""

    def __init__(
        self,
        profile: str = "android14",
        screen: Literal["pillow", "chromium"] | Screen = "pillow",
        *,
        server: AdbServer | None = None,
        authorize: Literal["open", "ask", "refuse"] = "open",
        connect: bool = True,
    ) -> None:
        """`server` is shared with other phones; without one the phone brings and ends its own."""
        shown = _screen(screen)
        self._profile = PROFILES[profile]
        self.device = Device(self._profile, shown, faults=Faults(self._profile.denied))
        self.automation = Automation(self.device)
        self.services = Services(self.device, self.automation)
        self.adbd = Adbd(_banner(self.device), self.services.open)
        self.adbd.authorize = authorize
        self.server = server or AdbServer()
        self._owns_server = server is None
        self._connect = connect
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="phone", daemon=True)

    def __enter__(self) -> Self:
        if self._owns_server:
            self.server.__enter__()
        self._thread.start()
        try:
            self.call(self._start())
            if self._connect:
                self.connect()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.server.run("disconnect", self.serial, check=False)
            self.call(self._stop())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_SECONDS)
            self._loop.close()
            if self._owns_server:
                self.server.__exit__()
        if error is None and self.adbd.bugs:
            raise AssertionError("the simulated phone has a bug") from self.adbd.bugs[0]

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(self, *error: Any) -> None:
        await asyncio.to_thread(self.__exit__, *error)

    async def _start(self) -> None:
        await self.device.start()
        await self.adbd.start()

    async def _stop(self) -> None:
        self.automation.stop()
        await self.adbd.stop()
        await self.device.screen.stop()

    def call(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Run it in the phone's thread and wait."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_SECONDS)

    @property
    def serial(self) -> str:
        return f"127.0.0.1:{self.adbd.port}"

    @property
    def port(self) -> int:
        return self.adbd.port

    @property
    def env(self) -> Mapping[str, str]:
        """Environment in which `adb` and uiautomator2 find this phone and no other."""
        return {**self.server.env, "ANDROID_SERIAL": self.serial}

    def connect(self) -> str:
        """`adb connect`; what it printed."""
        return self.server.run("connect", self.serial).strip()

    def adb(self, *args: str, check: bool = True) -> str:
        """`adb -s SERIAL ...`; what it printed. Raises CalledProcessError."""
        return self.server.run("-s", self.serial, *args, check=check)

    def adb_state(self) -> str:
        """What `adb devices` says: device, offline, unauthorized, or nothing."""
        rows = [line.split("\t") for line in self.server.run("devices").splitlines()]
        return next((row[1] for row in rows if row[0] == self.serial), "")

    @property
    def state(self) -> dict[str, Any]:
        """What is true on the phone now, as JSON: the side channel for assertions."""
        return self.call(self._state())

    async def _state(self) -> dict[str, Any]:
        device = self.device
        window = await device.screen.window()
        return {
            **await device.screen.state(),
            "foreground": window.package,
            "activity": window.activity,
            "keyboard_shown": window.keyboard,
            "editing": window.editing,
            "awake": device.awake,
            "locked": device.locked,
            "rotation": device.rotation,
            "keyboard": device.keyboard,
            "clipboard": device.clipboard,
            "packages": sorted(device.packages),
            "settings": device.settings,
            "u2_port": self.automation.port,
            "faults": device.faults.names(),
        }

    @property
    def log(self) -> list[str]:
        """Every adb service and RPC since the start, in order."""
        return [name for _, name in self.device.log]

    @property
    def injected(self) -> list[str]:
        """Every touch and key that reached the phone: `down 10 20`, `up 10 20`, `key 4`; what a
        second finger does ends in `finger 1`."""
        return list(self.device.injected)

    def frame(self) -> Frame:
        """The picture as it is on the glass, secure or not."""
        return self.call(self.device.screen.frame())

    def reset(self) -> None:
        """Apps, settings, keyboards, clipboard and faults as new; the home screen in front."""
        for name in self.device.faults.names():
            if name not in self._profile.denied:
                self.mend(name)
        for name in self._profile.denied:
            self.device.faults.add(name)
        self.call(self.device.reset())

    def launch(self, package: str) -> None:
        self.call(self.device.launch(self.device.packages[package]))

    def say(self, kind: Literal["toast", "dialog", "notification"], text: str) -> None:
        """Let something pop up that nobody asked for."""
        self.call(self.device.screen.say(kind, text))

    def update(self, **changes: Any) -> None:
        """Set awake, locked, pin, rotation or size_override."""
        self.call(self.device.update(**changes))

    @contextmanager
    def fault(self, name: str, **options: object) -> Iterator[None]:
        """Something of `faults.FAULTS` is wrong within this block, and mended after it."""
        self.break_(name, **options)
        try:
            yield
        finally:
            self.mend(name)

    def break_(self, name: str, **options: object) -> None:
        """As `fault`, until `mend` or `reset`; ValueError for a name that `FAULTS` lacks."""
        self.device.faults.add(name, **options)
        match name:
            case "lost":
                self.call(self.adbd.stop())
                self.server.run("disconnect", self.serial, check=False)
            case "left_network":
                self.call(self.adbd.stop())
            case "asleep":
                self.call(self.device.sleep())
            case "locked":
                self.update(locked=True, pin=self.device.faults.option(name, "pin"))
            case "rotated":
                self.update(rotation=1)
            case "offline":
                self.adbd.answering = "silent"
                self.call(self.adbd.drop())
            case "link_drop":
                self.device.faults.remove(name)
                self.call(self.adbd.drop())
            case "unauthorized":
                self.adbd.authorize = "refuse"
                self.adbd.trusted.clear()
                self.call(self.adbd.drop())
            case "server_killed":
                self.device.faults.remove(name)
                self._loop.call_soon_threadsafe(self.automation.stop)
            case "storage_full":
                self.device.files.full = True

    def mend(self, name: str) -> None:
        self.device.faults.remove(name)
        match name:
            case "lost":
                self.call(self.adbd.start())
                self._connect_again()
            case "left_network":
                self.call(self.adbd.start())
            case "asleep" | "locked":
                self.update(awake=True, locked=False, pin="")
            case "rotated":
                self.update(rotation=0)
            case "offline" | "unauthorized":
                self.adbd.answering, self.adbd.authorize = "yes", "open"
                self._connect_again()
            case "storage_full":
                self.device.files.full = False

    def _connect_again(self) -> None:
        """adb redials by itself meanwhile, and such a half-made link may stay offline."""
        end = time.monotonic() + _SECONDS
        while self.adb_state() != "device" and time.monotonic() < end:
            self.server.run("disconnect", self.serial, check=False)
            self.call(self.adbd.drop())
            self.connect()

    def allow(self) -> None:
        """The user accepts this computer's key."""
        self.call(self.adbd.allow())

    def wait(self, seconds: float = 600.0) -> None:
        """Keep running until interrupted."""
        self._thread.join(seconds)


def _screen(screen: Literal["pillow", "chromium"] | Screen) -> Screen:
    if screen == "pillow":
        return PillowScreen()
    if screen == "chromium":
        from tests.phone.chromium import ChromiumScreen

        return ChromiumScreen()
    assert not isinstance(screen, str)
    return screen


def _banner(device: Device) -> dict[str, str]:
    names = ("ro.product.name", "ro.product.model", "ro.product.device")
    return {
        **{name: device.properties[name] for name in names},
        "features": device.profile.features,
    }
