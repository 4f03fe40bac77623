"""What `doctor` asks a phone's shell before a run: system, storage, power, permissions, network."""

from __future__ import annotations

import re
import time

from gui_agent.checks import Check
from gui_agent.platforms import android_tree as tree
from gui_agent.platforms.android_borrowed import NOTES
from gui_agent.platforms.android_devices import Device
from gui_agent.platforms.android_launch import Launcher
from gui_agent.platforms.android_link import Link
from gui_agent.platforms.android_text import KEYBOARDS

_OLDEST_SDK = 24
"""Android 7: uiautomator2's server is known to work badly before it."""
_FREE_KB = 50_000
_LOW_BATTERY = 15
_SLOW_ANSWER = 0.1
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


async def system(link: Link) -> Check:
    if (await link.say("getprop sys.boot_completed")).strip() != "1":
        cure = "Wait until it shows its home screen."
        return Check("system", "fail", "The phone is still starting.", cure)
    names = "brand model cpu.abi".split()
    line = "; ".join(f"getprop ro.product.{name}" for name in names)
    said = await link.say(f"{line}; getprop ro.build.version.release; getprop ro.build.version.sdk")
    brand, model, abi, release, sdk = [*said.splitlines(), *[""] * 5][:5]
    detail = f"{brand} {model}, Android {release} (SDK {sdk}), {abi}."
    if sdk.isdecimal() and int(sdk) < _OLDEST_SDK:
        return Check("system", "warn", detail, "Android 7 or later works better.")
    return Check("system", "ok", detail)


async def storage(link: Link) -> Check:
    said = await link.say("df -k /data/local/tmp")
    columns = (said.splitlines() or [""])[-1].split()
    if len(columns) < 4 or not columns[3].isdecimal():
        return Check("storage", "warn", f"'df' says {said.strip()[:80]!r}.")
    free = int(columns[3])
    detail = f"{free / 1e6:.1f} GB are free."
    if free < _FREE_KB:
        return Check("storage", "fail", detail, "Free some space: a run needs a few megabytes.")
    return Check("storage", "ok", detail)


async def power(link: Link) -> Check:
    """Battery, and how soon the screen goes dark: a run keeps it on only while it is plugged in."""
    said = await link.say("dumpsys battery")
    level = re.search(r"\blevel: (\d+)", said)
    plugged = "powered: true" in said
    timeout = (await link.say("settings get system screen_off_timeout")).strip()
    dark = f" The screen goes dark after {int(timeout) // 1000} s." if timeout.isdecimal() else ""
    detail = (
        f"Battery at {level[1] if level else '?'} %, {'' if plugged else 'not '}charging.{dark}"
    )
    if level and int(level[1]) < _LOW_BATTERY and not plugged:
        return Check("power", "warn", detail, "Plug the phone in: it may go off during a run.")
    if not plugged:
        return Check("power", "warn", detail, "Plug it in: a run keeps the screen on only then.")
    return Check("power", "ok", detail)


async def permission(link: Link) -> Check:
    """May this computer press keys? WAKEUP does nothing on a screen that is on."""
    said = await link.say("input keyevent 224")
    if "SecurityException" not in said and "INJECT_EVENTS" not in said:
        return Check("permission", "ok", "Taps and keys from this computer are allowed.")
    brand = (await link.say("getprop ro.product.brand")).strip().lower()
    cure = _PERMISSION.get(brand, _ANY_PERMISSION)
    return Check("permission", "fail", "The phone refuses taps and keys.", cure)


async def keyboards(link: Link) -> Check:
    """Which is in use, which take any text, and whether a crashed run has left its own."""
    current = (await link.say("settings get secure default_input_method")).strip()
    installed = (await link.say("ime list -s -a")).split()
    taking = [name for name in KEYBOARDS if name in installed]
    detail = f"{current.partition('/')[0] or 'None'} is the keyboard."
    if taking:
        detail += f" {taking[0]} takes any text."
    if "=" in await link.say(f"cat {NOTES}"):
        cure = "Run 'gui-agent devices reset'; the next run does it too."
        return Check("keyboard", "warn", f"{detail} A run that crashed left changes behind.", cure)
    if current in KEYBOARDS:
        cure = "Choose your own keyboard in the phone's settings: it can't be typed on."
        return Check("keyboard", "warn", f"{detail} It has no keys.", cure)
    return Check("keyboard", "ok", detail)


async def accessibility(link: Link) -> Check:
    said = (await link.say("settings get secure enabled_accessibility_services")).strip()
    services = [name.partition("/")[0] for name in said.split(":") if "/" in name]
    if services:
        detail = f"Suspended during a run: {', '.join(services)}."
        return Check("accessibility", "warn", detail, "Don't rely on them meanwhile.")
    return Check("accessibility", "ok", "No service is on that a run would suspend.")


async def network(link: Link) -> Check:
    began = time.perf_counter()
    await link.say("echo back")
    seconds = time.perf_counter() - began
    wifi = Device(link.serial, "device").wifi
    detail = f"By {'Wi-Fi' if wifi else 'cable'}, {seconds * 1000:.0f} ms for an answer."
    if wifi and seconds > _SLOW_ANSWER:
        cure = "Go nearer to the Wi-Fi, or use a cable: every step waits for many answers."
        return Check("network", "warn", f"{detail} That is slow.", cure)
    if wifi:
        cure = "While a run lasts, others in this network could control the phone: use your own."
        return Check("network", "warn", detail, cure)
    if seconds > _SLOW_ANSWER:
        return Check("network", "warn", f"{detail} That is slow.", "Try another cable or port.")
    return Check("network", "ok", detail)


async def apps(link: Link) -> Check:
    async def no_nodes() -> tuple[tree.Node, ...]:
        return ()

    launcher = Launcher(link, no_nodes)
    await launcher.learn()
    found = await launcher.installed()
    told, unnamed = sum(app.label != "" for app in found), [a for a in found if a.name == a.package]
    detail = (
        f"{len(found)} can be opened: {told} named by the home screen,"
        f" {len(found) - told - len(unnamed)} by the table, {len(unnamed)} without a known name."
    )
    if not found:
        cure = "Apps are found by their icons only, or name them by package."
        return Check("apps", "warn", "The phone does not list the apps that can be opened.", cure)
    return Check("apps", "ok", detail)
