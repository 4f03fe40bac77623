"""What `doctor` looks at before a run on a phone: what can be wrong, and the cure."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Awaitable, Callable

from gui_agent.checks import Check
from gui_agent.errors import PlatformLost, SetupError
from gui_agent.images import tokens
from gui_agent.platforms import android_state as state
from gui_agent.platforms import android_tree as tree
from gui_agent.platforms.android_adb import Adb, AdbError, Unanswered, find_adb
from gui_agent.platforms.android_borrowed import NOTES
from gui_agent.platforms.android_camera import Camera, NoPicture
from gui_agent.platforms.android_devices import Device, choose
from gui_agent.platforms.android_journal import Journal
from gui_agent.platforms.android_launch import Launcher
from gui_agent.platforms.android_link import Link
from gui_agent.platforms.android_server import RpcError

_PAIRS = 30
"""The first adb that can pair."""
_OLDEST_SDK = 24
"""Android 7: uiautomator2's server is known to work badly before it."""
_FREE_KB = 50_000
_LOW_BATTERY = 15
_SLOW_SECONDS = 1.0
_SLOW_ANSWER = 0.1
_TREE_SECONDS = 5.0
_VERSION = re.compile(r"^Version (\d+)\S*", re.MULTILINE)
_PROTOCOL = re.compile(r"version 1\.0\.(\d+)")
_PERMISSION = {
    **dict.fromkeys(
        ("xiaomi", "redmi", "poco"),
        "Turn on Developer options > USB debugging (Security settings).",
    ),
    **dict.fromkeys(
        ("oppo", "vivo", "oneplus", "realme"),
        "Turn on Developer options > Disable permission monitoring.",
    ),
    **dict.fromkeys(
        ("huawei", "honor"),
        "Turn on Developer options > Allow ADB debugging in charge only mode.",
    ),
}
"""What each maker calls the second switch."""
_ANY_PERMISSION = "Look under Developer options for a second switch of USB debugging."

Probe = Callable[[Link], Awaitable[Check]]


async def checks(serial: str = "", adb: str = "") -> list[Check]:
    """Connect, look at everything once, and leave; nothing on the screen is touched.

    `serial`: which phone; "" takes the only one. `adb`: the adb server, `host:port`.
    """
    rows = []
    try:
        server = Adb.at(adb, os.environ)
        await server.start()
        rows.append(await _program(server))
        chosen = await choose(server, serial)
    except (SetupError, AdbError) as error:
        name = "phone" if rows else "adb"
        return [*rows, _failure(name, str(error))]
    link = Link(server, chosen, Journal())
    rows.append(Check("phone", "ok", f"{chosen} is ready."))
    try:
        rows += [await _safely(name, probe, link) for name, probe in _BY_SHELL.items()]
        rows.append(await _safely("automation", _automation, link))
        if rows[-1].verdict != "fail":
            rows += [await _safely(name, probe, link) for name, probe in _BY_SERVER.items()]
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


async def _program(server: Adb) -> Check:
    """The program on this computer, and the server that answers, which another may have started."""
    program = find_adb()
    said = await _version(program)
    version, protocol = _VERSION.search(said), _PROTOCOL.search(said)
    running = int(await server.ask("host:version"), 16)
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


async def _system(link: Link) -> Check:
    names = "brand model cpu.abi".split()
    line = "; ".join(f"getprop ro.product.{name}" for name in names)
    said = await link.say(f"{line}; getprop ro.build.version.release; getprop ro.build.version.sdk")
    brand, model, abi, release, sdk = [*said.splitlines(), *[""] * 5][:5]
    detail = f"{brand} {model}, Android {release} (SDK {sdk}), {abi}."
    if sdk.isdecimal() and int(sdk) < _OLDEST_SDK:
        return Check("system", "warn", detail, "Android 7 or later works better.")
    return Check("system", "ok", detail)


async def _storage(link: Link) -> Check:
    said = await link.say("df -k /data/local/tmp")
    columns = (said.splitlines() or [""])[-1].split()
    if len(columns) < 4 or not columns[3].isdecimal():
        return Check("storage", "warn", f"'df' says {said.strip()[:80]!r}.")
    free = int(columns[3])
    detail = f"{free / 1e6:.1f} GB are free."
    if free < _FREE_KB:
        return Check("storage", "fail", detail, "Free some space: a run needs a few megabytes.")
    return Check("storage", "ok", detail)


async def _power(link: Link) -> Check:
    said = await link.say("dumpsys battery")
    level = re.search(r"\blevel: (\d+)", said)
    plugged = "powered: true" in said
    detail = f"Battery at {level[1] if level else '?'} %, {'' if plugged else 'not '}charging."
    if level and int(level[1]) < _LOW_BATTERY and not plugged:
        return Check("power", "warn", detail, "Plug the phone in: it may go off during a run.")
    return Check("power", "ok", detail)


async def _permission(link: Link) -> Check:
    """May this computer press keys? WAKEUP does nothing on a screen that is on."""
    said = await link.say("input keyevent 224")
    if "SecurityException" not in said and "INJECT_EVENTS" not in said:
        return Check("permission", "ok", "Taps and keys from this computer are allowed.")
    brand = (await link.say("getprop ro.product.brand")).strip().lower()
    cure = _PERMISSION.get(brand, _ANY_PERMISSION)
    return Check("permission", "fail", "The phone refuses taps and keys.", cure)


async def _keyboards(link: Link) -> Check:
    current = (await link.say("settings get secure default_input_method")).strip()
    detail = f"{current.partition('/')[0] or 'None'} is the keyboard."
    if "=" in await link.say(f"cat {NOTES}"):
        cure = "Run 'gui-agent devices reset'; the next run does it too."
        return Check("keyboard", "warn", f"{detail} A run that crashed left changes behind.", cure)
    return Check("keyboard", "ok", detail)


async def _accessibility(link: Link) -> Check:
    said = (await link.say("settings get secure enabled_accessibility_services")).strip()
    services = [name.partition("/")[0] for name in said.split(":") if "/" in name]
    if services:
        detail = f"Suspended during a run: {', '.join(services)}."
        return Check("accessibility", "warn", detail, "Don't rely on them meanwhile.")
    return Check("accessibility", "ok", "No service is on that a run would suspend.")


async def _network(link: Link) -> Check:
    began = time.perf_counter()
    await link.say("echo back")
    seconds = time.perf_counter() - began
    wifi = Device(link.serial, "device").wifi
    detail = f"By {'Wi-Fi' if wifi else 'cable'}, {seconds * 1000:.0f} ms for an answer."
    if wifi:
        cure = "While a run lasts, others in this network could control the phone: use your own."
        return Check("network", "warn", detail, cure)
    slow = seconds > _SLOW_ANSWER
    return Check("network", "warn" if slow else "ok", detail, "Try another cable." if slow else "")


async def _apps(link: Link) -> Check:
    async def no_nodes() -> tuple[tree.Node, ...]:
        return ()

    launcher = Launcher(link, no_nodes)
    await launcher.learn()
    apps = await launcher.installed()
    told, unnamed = sum(app.label != "" for app in apps), [a for a in apps if a.name == a.package]
    detail = (
        f"{len(apps)} can be opened: {told} named by the home screen,"
        f" {len(apps) - told - len(unnamed)} by the table, {len(unnamed)} without a known name."
    )
    if not apps:
        cure = "Apps are found by their icons only, or name them by package."
        return Check("apps", "warn", "The phone does not list the apps that can be opened.", cure)
    return Check("apps", "ok", detail)


async def _automation(link: Link) -> Check:
    began = time.perf_counter()
    await link.open()
    started = time.perf_counter()
    await link.once("deviceInfo")
    answered = time.perf_counter() - started
    detail = f"Started in {started - began:.1f} s, answers in {answered * 1000:.0f} ms."
    slow = answered > _SLOW_SECONDS
    cure = "Close apps, or restart the phone." if slow else ""
    return Check("automation", "warn" if slow else "ok", detail, cure)


async def _screen(link: Link) -> Check:
    info = await link.once("deviceInfo")
    windows = state.windows(await link.say(state.WINDOW))
    turned = int(info.get("displayRotation", 0)) * 90
    detail = f"{'On' if info.get('screenOn', True) else 'Off'}, turned by {turned}°."
    if windows.locked:
        return Check("screen", "warn", f"{detail} It is locked.", "Unlock it before a run.")
    if not info.get("screenOn", True):
        return Check("screen", "warn", detail, "A run wakes it; a lock must be opened by you.")
    return Check("screen", "ok", detail)


async def _foreground(link: Link) -> Check:
    info = await link.once("deviceInfo")
    told = str(info.get("currentPackageName") or "")
    seen = state.windows(await link.say(state.WINDOW)).package
    if not told and not seen:
        cure = "Runs go on, but can't say which app is in front."
        return Check("foreground", "warn", "The phone does not say which app is in front.", cure)
    if seen and told and seen != told:
        return Check("foreground", "ok", f"{seen}, where the server says {told}.")
    return Check("foreground", "ok", f"{seen or told}.")


async def _pictures(link: Link) -> Check:
    """Both ways, their size against that of the screen, and what one costs a model."""
    try:
        frame = await Camera(link, 1.0, 80).take()
    except NoPicture as error:
        cure = "Is an app in front that allows no pictures? Go to the home screen."
        return Check("pictures", "fail", f"The phone gives none: {error}.", cure)
    began = time.perf_counter()
    captured = len(await link.run("exec:screencap -p"))
    other = time.perf_counter() - began
    shot = frame.screenshot
    detail = (
        f"{shot.width}×{shot.height} by the {frame.source} in {frame.seconds * 1000:.0f} ms"
        f" ({len(shot.data) // 1000} kB, {tokens(shot.width, shot.height)} tokens); screencap"
        f" {other * 1000:.0f} ms ({captured // 1000} kB)."
    )
    if frame.blank:
        return Check("pictures", "warn", f"All one colour: {detail}", "Wake and unlock the screen.")
    size = re.findall(r"(\d+)x(\d+)", await link.say("wm size"))
    if size and sorted(map(int, size[-1])) != sorted(frame.display):
        screen = "×".join(size[-1])
        return Check("pictures", "warn", f"{detail} The screen is {screen}.", "Restart the phone.")
    return Check("pictures", "ok", detail)


async def _elements(link: Link) -> Check:
    began = time.perf_counter()
    try:
        xml = await link.once("dumpWindowHierarchy", False, 50, True, seconds=_TREE_SECONDS)
    except (RpcError, AdbError) as error:
        cure = "Runs go on by the picture alone."
        return Check("elements", "warn", f"The screen's elements can't be read: {error}.", cure)
    seconds = time.perf_counter() - began
    count = sum(1 for _ in _all(tree.parse(xml or "")))
    detail = f"{count} elements in {seconds * 1000:.0f} ms."
    if count == 0:
        return Check("elements", "warn", detail, "This app shows none: the picture has to do.")
    return Check("elements", "warn" if seconds > _SLOW_SECONDS else "ok", detail)


def _all(nodes: tuple[tree.Node, ...]) -> list[tree.Node]:
    return [inner for node in nodes for inner in (node, *_all(node.children))]


async def _clipboard(link: Link) -> Check:
    """What is there is put back as it was; an empty one is left alone."""
    cure = "Text goes in by other ways; some apps may take none."
    try:
        held = await link.once("getClipboard")
        if held:
            await link.once("setClipboard", None, held)
    except RpcError as error:
        return Check("clipboard", "warn", f"The phone does not give it away: {error}.", cure)
    return Check("clipboard", "ok", "It may be used." if held else "It may be read; it is empty.")


_BY_SHELL: dict[str, Probe] = {
    "system": _system,
    "storage": _storage,
    "power": _power,
    "permission": _permission,
    "keyboard": _keyboards,
    "accessibility": _accessibility,
    "network": _network,
    "apps": _apps,
}
_BY_SERVER: dict[str, Probe] = {
    "screen": _screen,
    "foreground": _foreground,
    "pictures": _pictures,
    "elements": _elements,
    "clipboard": _clipboard,
}
