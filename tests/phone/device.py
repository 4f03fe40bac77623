"""The phone itself: properties, settings, power, packages, keyboards, clipboard and its screen."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.phone.faults import Faults
from tests.phone.files import Files
from tests.phone.keys import CODES, key_text
from tests.phone.packages import ADB_KEYBOARD, APPS, U2_KEYBOARD, Package, installed
from tests.phone.profiles import Profile
from tests.phone.screen import Frame, Node, Screen, Touch

LONG_PRESS = 0.4
"""Seconds from which on Android takes a press for a long one."""
SWIPE_STEP = 0.005
"""Seconds per step of a swipe, as UiDevice throttles it."""


Complain = Callable[[str, int], Awaitable[int]]
"""Writes a line to standard error and gives the status back."""


class Denied(Exception):
    """A Java SecurityException; the text is Android's."""


@dataclass
class Device:
    """Everything about the phone that is not an app."""

    profile: Profile
    screen: Screen
    faults: Faults = field(default_factory=Faults)
    files: Files = field(default_factory=Files)
    awake: bool = True
    locked: bool = False
    pin: str = ""
    """A lock with a PIN is not opened by a swipe."""
    plugged: bool = True
    battery: int = 82
    """Per cent."""
    rotation: int = 0
    """0 to 3: quarter turns counter-clockwise from upright."""
    clipboard: str = ""
    size_override: tuple[int, int] | None = None
    density_override: int | None = None
    toast: str | None = None
    running: dict[str, int] = field(default_factory=dict)
    """Process id by package."""
    log: list[tuple[float, str]] = field(default_factory=list)
    """Every adb service and RPC with the time at which it was opened."""
    injected: list[str] = field(default_factory=list)
    """Every tap and key that reached the phone."""
    automation_held: bool = False
    """Does the uiautomator server run? There can be one user of UiAutomation."""

    run_automation: Callable[[int, Complain], Awaitable[int]] = field(init=False)
    """Runs the uiautomator server on a port until it ends."""

    def __post_init__(self) -> None:
        self._new()
        self._pids = itertools.count(4211, 37)
        self._input = asyncio.Lock()

    def _new(self) -> None:
        self.packages = installed(self.profile.launcher, self.profile.keyboard)
        self.keyboards = [self.profile.keyboard]
        self.enabled_keyboards = [self.profile.keyboard]
        self.properties = _properties(self.profile)
        self.settings = _settings(self.profile)
        self.clipboard = self.pin = ""
        self.awake, self.locked, self.rotation = True, False, 0
        self.plugged, self.battery = True, 82
        self.size_override = self.density_override = None

    async def reset(self) -> None:
        """Everything as new, except files, logs, and a uiautomator server that runs."""
        self._new()
        for name in self.packages:
            await self.screen.clear_app(name)
        await self.update()
        await self.screen.home()

    async def start(self) -> None:
        await self.screen.start(self.system())
        for name in ("com.android.systemui", self.home):
            self.running[name] = next(self._pids)

    def system(self) -> dict[str, Any]:
        """What the screen has to know about the phone."""
        return {
            "launcher": self.profile.launcher,
            "language": self.profile.language,
            "release": self.profile.release,
            "awake": self.awake,
            "locked": self.locked,
            "pin": self.pin,
            "rotation": self.rotation,
            "keyboard": self.keyboard,
            "size": self.size,
            "settings": self.settings,
            "installed": sorted(self.packages),
            "others": [
                {"package": p.name, "label": p.label, "chinese": p.chinese}
                for p in self.packages.values()
                if p.activity and p not in APPS and p.name != self.home
            ],
        }

    async def update(self, **changes: Any) -> None:
        """Change the phone's own side, and tell the screen."""
        for name, value in changes.items():
            setattr(self, name, value)
        await self.screen.system(self.system())

    @property
    def home(self) -> str:
        return self.profile.launcher.partition("/")[0]

    @property
    def keyboard(self) -> str:
        return self.settings["secure"]["default_input_method"]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in the current rotation."""
        width, height = self.size_override or (self.profile.width, self.profile.height)
        return (height, width) if self.rotation % 2 else (width, height)

    def boot_completed(self) -> bool:
        return "booting" not in self.faults

    async def frame(self) -> tuple[Frame, bool]:
        """The picture, and whether it was blacked out because the window is secure."""
        window = await self.screen.window()
        if not self.awake or "black_frame" in self.faults or window.secure:
            return Frame.black(self.size), window.secure and self.awake
        return await self.screen.frame(), False

    async def nodes(self) -> list[Node]:
        return await self.screen.nodes() if self.awake else []

    async def tap(self, x: int, y: int, seconds: float = 0.1) -> None:
        """A press of this length; a short one stays short however busy this machine is."""
        if seconds >= LONG_PRESS:
            await self.swipe([(x, y)], 0, hold=seconds)
            return
        async with self._input:
            await asyncio.sleep(seconds)
            await asyncio.gather(self.touch("down", x, y), self.touch("up", x, y))

    async def swipe(self, points: list[tuple[int, int]], steps: int, *, hold: float = 0.0) -> None:
        """Down on the first point, `hold` seconds, then `steps` moves to each next point, up."""
        async with self._input:
            await self._swipe(points, steps, hold)

    async def _swipe(self, points: list[tuple[int, int]], steps: int, hold: float) -> None:
        await self.touch("down", *points[0])
        await asyncio.sleep(hold)
        clock = asyncio.get_running_loop().time
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            began, seconds = clock(), steps * SWIPE_STEP
            done = 0.0
            while done < 1:
                await asyncio.sleep(2 * SWIPE_STEP)
                done = min(1.0, (clock() - began) / seconds) if seconds else 1.0
                await self.touch("move", round(x0 + (x1 - x0) * done), round(y0 + (y1 - y0) * done))
        await self.touch("up", *points[-1])

    async def touch(self, phase: Touch, x: int, y: int, pointer: int = 0) -> None:
        """One raw event. Raises Denied where the maker forbids it; a dark screen ignores it."""
        self._may_inject()
        if phase != "move":
            self.injected.append(f"{phase} {x} {y}" + (f" finger {pointer}" if pointer else ""))
        if self.awake:
            await self.screen.touch(phase, x, y, pointer)
            if phase == "up":
                await self.pull()

    async def key(self, code: int, *modifiers: str) -> None:
        """A key press. Raises Denied."""
        self._may_inject()
        self.injected.append(f"key {code}")
        if code in (CODES["POWER"], CODES["SLEEP"], CODES["WAKEUP"]):
            wake = not self.awake if code == CODES["POWER"] else code == CODES["WAKEUP"]
            await (self.wake() if wake else self.sleep())
        elif self.awake:
            await self._awake_key(code, modifiers)
            await self.pull()

    async def _awake_key(self, code: int, modifiers: tuple[str, ...]) -> None:
        if code == CODES["PASTE"] or ("ctrl" in modifiers and code == CODES["V"]):
            await self.screen.commit(self.clipboard)
        elif code in (CODES["HOME"], CODES["APP_SWITCH"]):
            if not self.locked:
                await (self.screen.home() if code == CODES["HOME"] else self.screen.recents())
        elif code == CODES["BACK"]:
            await self.screen.back()
        elif not modifiers and key_text(code):
            await self.screen.commit(key_text(code))
        else:
            await self.screen.key(code, *modifiers)

    async def pull(self) -> None:
        """Take over what the user changed on the screen: unlocked, switches of the settings."""
        changes = await self.screen.changes()
        self.locked = changes["locked"]
        self.settings.update(changes.get("settings", {}))

    async def wake(self) -> None:
        await self.update(awake=True)

    async def sleep(self) -> None:
        """Turn the screen off; it is locked when it comes on again, as phones are set up."""
        await self.update(awake=False, locked=True)

    async def launch(self, package: Package) -> None:
        if package.name not in self.running:
            self.running[package.name] = next(self._pids)
        await self.screen.launch(package.name, package.activity)

    async def stop_app(self, name: str) -> None:
        if self.running.pop(name, None) is not None:
            await self.screen.stop_app(name)

    async def set_keyboard(self, component: str) -> bool:
        """False when it is not installed or not enabled."""
        if component not in self.enabled_keyboards:
            return False
        if "ime_refused" not in self.faults:
            self.settings["secure"]["default_input_method"] = component
            await self.screen.system(self.system())
        return True

    def install(self, package: Package) -> None:
        self.packages[package.name] = package
        for component in (U2_KEYBOARD, ADB_KEYBOARD):
            if component.startswith(package.name + "/") and component not in self.keyboards:
                self.keyboards.append(component)

    async def uninstall(self, name: str) -> bool:
        if self.packages.pop(name, None) is None:
            return False
        await self.stop_app(name)
        self.keyboards = [k for k in self.keyboards if not k.startswith(name + "/")]
        self.enabled_keyboards = [k for k in self.enabled_keyboards if k in self.keyboards]
        if self.keyboard not in self.keyboards:
            await self.set_keyboard(self.profile.keyboard)
        return True

    def _may_inject(self) -> None:
        if "inject_denied" in self.faults:
            raise Denied(
                "Injecting input events requires the caller (or the source of the instrumentation,"
                " if any) to have the INJECT_EVENTS permission."
                if self.profile.sdk >= 31
                else "Injecting to another application requires INJECT_EVENTS permission"
            )


def _properties(profile: Profile) -> dict[str, str]:
    fingerprint = f"{profile.brand}/{profile.device}/{profile.device}:{profile.release}"
    makers = {
        "Xiaomi": {"ro.miui.ui.version.name": "V14"},
        "OPPO": {"ro.build.version.oplusrom": "V13.1"},
    }
    return {
        "ro.build.version.release": profile.release,
        "ro.build.version.sdk": str(profile.sdk),
        "ro.build.fingerprint": f"{fingerprint}/SIM1.240101.001/1:user/release-keys",
        "ro.build.characteristics": "default",
        "ro.product.brand": profile.brand,
        "ro.product.manufacturer": profile.brand,
        "ro.product.model": profile.model,
        "ro.product.device": profile.device,
        "ro.product.name": profile.device,
        "ro.product.cpu.abi": "arm64-v8a",
        "ro.product.cpu.abilist": "arm64-v8a,armeabi-v7a,armeabi",
        "ro.serialno": "SIM" + profile.device.upper(),
        "ro.sf.lcd_density": str(profile.density),
        "ro.debuggable": "0",
        "ro.secure": "1",
        "persist.sys.locale": "zh-CN" if profile.language == "zh" else "en-US",
        "persist.sys.timezone": "UTC",
        "sys.boot_completed": "1",
        "init.svc.bootanim": "stopped",
        **makers.get(profile.brand, {}),
    }


def _settings(profile: Profile) -> dict[str, dict[str, str]]:
    return {
        "system": {
            "screen_brightness": "120",
            "screen_brightness_mode": "0",
            "accelerometer_rotation": "0",
            "user_rotation": "0",
            "show_touches": "0",
            "pointer_location": "0",
            "screen_off_timeout": "60000",
        },
        "secure": {
            "default_input_method": profile.keyboard,
            "android_id": "5e1c0de5e1c0de00",
            "enabled_accessibility_services": "",
            "accessibility_enabled": "0",
        },
        "global": {
            "adb_enabled": "1",
            "airplane_mode_on": "0",
            "bluetooth_on": "0",
            "wifi_on": "1",
            "stay_on_while_plugged_in": "0",
            "window_animation_scale": "1.0",
            "transition_animation_scale": "1.0",
            "animator_duration_scale": "1.0",
            "device_name": profile.model,
        },
    }
