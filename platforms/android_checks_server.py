"""What `doctor` asks the automation server on a phone: screen, pictures, elements, text."""

from __future__ import annotations

import asyncio
import re
import time

from gui_agent.checks import Check
from gui_agent.errors import SetupError
from gui_agent.images import tokens
from gui_agent.platforms import android_state as state
from gui_agent.platforms import android_tree as tree
from gui_agent.platforms.android_adb import AdbError
from gui_agent.platforms.android_camera import Camera, NoPicture
from gui_agent.platforms.android_link import Link
from gui_agent.platforms.android_server import RpcError

_SLOW_SECONDS = 1.0
_TREE_SECONDS = 5.0
_ANSWER_SECONDS = 5.0
_REACH_SECONDS = 0.5
_FOREIGN_PORT = 9008
"""Where uiautomator2 puts its own server; ours is elsewhere."""
_FORMS = ("window displays", "window windows", "activity activities")
_RIVALS = {
    "io.appium": "Appium",
    "com.wetest.uia2": "the other uiautomator2",
    "com.github.uiautomator": "the other uiautomator2",
    "com.android.commands.uiautomator": "'uiautomator'",
    "com.android.commands.monkey": "monkey or Fastbot",
}
"""What a command line of a program that holds UiAutomation has in it → its name."""
_OWNER = re.compile(r'\bpackage="([^"]+)"')
_ADDRESS = re.compile(r"\binet (\d+\.\d+\.\d+\.\d+)")


async def automation(link: Link) -> Check:
    """Start the server. Raises SetupError with what keeps it from starting, and AdbError."""
    began = time.perf_counter()
    try:
        await link.open()
    except SetupError as error:
        if "Another program" not in str(error) or not (rival := await _rival(link)):
            raise
        cure = f"End {rival} (it runs on the phone now), then start again."
        return Check("automation", "fail", "Another program holds the phone's UiAutomation.", cure)
    started = time.perf_counter()
    await link.once("deviceInfo", seconds=_ANSWER_SECONDS)
    answered = time.perf_counter() - started
    detail = f"Started in {started - began:.1f} s, answers in {answered * 1000:.0f} ms."
    if answered > _SLOW_SECONDS:
        return Check("automation", "warn", detail, "Close apps, or restart the phone.")
    return Check("automation", "ok", detail)


async def _rival(link: Link) -> str:
    said = await link.say("ps -A -o ARGS")
    return next((name for sign, name in _RIVALS.items() if sign in said), "")


async def screen(link: Link) -> Check:
    info = await link.once("deviceInfo")
    windows = state.windows(await link.say(state.WINDOW))
    turned = int(info.get("displayRotation", 0)) * 90
    detail = f"{'On' if info.get('screenOn', True) else 'Off'}, turned by {turned}°."
    if not info.get("screenOn", True):
        cure = "A run wakes it; a lock with a secret must be opened by you."
        return Check("screen", "warn", detail, cure)
    if windows.locked:
        return Check("screen", "warn", f"{detail} It is locked.", "Unlock it before a run.")
    return Check("screen", "ok", detail)


async def foreground(link: Link) -> Check:
    """The app in front, and which form of dumpsys tells it on this phone."""
    told = str((await link.once("deviceInfo")).get("currentPackageName") or "")
    found = {form: state.windows(await link.say(f"dumpsys {form}")).package for form in _FORMS}
    by = [form for form, package in found.items() if package]
    seen = next((found[form] for form in by), "")
    if not any(form.startswith("window") for form in by):
        cure = "Runs go on, but a locked screen or a protected window may not be noticed."
        detail = (
            f"{seen or told or 'Unknown'}; 'dumpsys window' does not tell which app is in front."
        )
        return Check("foreground", "warn", detail, cure)
    other = f" The server says {told}." if told and told != seen else ""
    return Check("foreground", "ok", f"{seen}, told by dumpsys {', '.join(by)}.{other}")


async def pictures(link: Link) -> Check:
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
        f" ({len(shot.data) // 1000} kB, {tokens(shot.width, shot.height)} tokens; at scale=0.5"
        f" {tokens(shot.width // 2, shot.height // 2)}); screencap"
        f" {other * 1000:.0f} ms ({captured // 1000} kB)."
    )
    if frame.blank:
        return Check("pictures", "warn", f"All one colour: {detail}", "Wake and unlock the screen.")
    size = re.findall(r"(\d+)x(\d+)", await link.say("wm size"))
    if size and sorted(map(int, size[-1])) != sorted(frame.display):
        screen = "×".join(size[-1])
        return Check("pictures", "warn", f"{detail} The screen is {screen}.", "Restart the phone.")
    return Check("pictures", "ok", detail)


async def elements(link: Link) -> Check:
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
    front = str((await link.once("deviceInfo")).get("currentPackageName") or "")
    owners = set(_OWNER.findall(xml))
    if front and front not in owners:
        cure = "Restart the phone: its accessibility service lags behind the screen."
        detail = f"They are {', '.join(sorted(owners))}'s, and {front} is in front."
        return Check("elements", "warn", detail, cure)
    if seconds > _SLOW_SECONDS:
        cure = "Use elements=False for this app: the picture has to do."
        return Check("elements", "warn", f"{detail} That is slow.", cure)
    return Check("elements", "ok", detail)


def _all(nodes: tuple[tree.Node, ...]) -> list[tree.Node]:
    return [inner for node in nodes for inner in (node, *_all(node.children))]


async def clipboard(link: Link) -> Check:
    """What is there is put back as it was; an empty one is left alone."""
    cure = "Text goes in by other ways; some apps may take none."
    try:
        held = await link.once("getClipboard")
        if held:
            await link.once("setClipboard", None, held)
    except RpcError as error:
        return Check("clipboard", "warn", f"The phone does not give it away: {error}.", cure)
    return Check("clipboard", "ok", "It may be used." if held else "It may be read; it is empty.")


async def ports(link: Link) -> Check:
    """Who else can control the phone? Asked while the automation server runs."""
    opened = (await link.say("getprop service.adb.tcp.port")).strip()
    if await link.listens(_FOREIGN_PORT):
        cure = "End the program that started it, or restart the phone."
        detail = f"Something serves on port {_FOREIGN_PORT}, as another uiautomator2 does."
        return Check("ports", "warn", detail, cure)
    address = _ADDRESS.search(await link.say("ip -f inet addr show wlan0"))
    if address and await _reachable(address[1], link.port):
        cure = (
            "While a run lasts, turn the phone's Wi-Fi off and use a cable, or trust this network."
        )
        detail = f"The automation server answers to everybody in the Wi-Fi, at {address[1]}."
        return Check("ports", "warn", detail, cure)
    if opened.isdecimal():
        cure = f"When you are done, run 'adb -s {link.serial} usb', or restart the phone."
        return Check("ports", "warn", f"adb is open to the Wi-Fi at port {opened}.", cure)
    return Check("ports", "ok", "None is open to this network beside those of this connection.")


async def _reachable(host: str, port: int) -> bool:
    """Does the automation server itself answer there, without adb?"""
    try:
        async with asyncio.timeout(_REACH_SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(b"GET /ping HTTP/1.0\r\n\r\n")
                return b"pong" in await reader.read(1000)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
