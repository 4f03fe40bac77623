"""What a phone answers to the commands whose wording differs between versions and makers.

A user of a phone that is driven wrongly sends it along, and the simulated phone learns the wording.
"""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

from gui_agent.checks import Check
from gui_agent.platforms import android_state as state
from gui_agent.platforms.android_adb import AdbError
from gui_agent.platforms.android_launch import HOME
from gui_agent.platforms.android_link import Link

_PROPERTIES = "brand manufacturer model device"
COMMANDS = (
    *(f"getprop ro.product.{name}" for name in _PROPERTIES.split()),
    "getprop ro.build.version.release",
    "getprop ro.build.version.sdk",
    "wm size",
    "wm density",
    *state.WINDOW.split("; "),
    "dumpsys activity activities | grep ResumedActivity",
    state.INPUT,
    "dumpsys power | grep -E 'mWakefulness|mStayOn'",
    "dumpsys battery",
    "settings get secure default_input_method",
    "ime list -s -a",
    "pm list features",
    HOME,
    "df -k /data/local/tmp",
    "ip -f inet addr show wlan0",
)
_LONGEST = 20_000
"""Characters of one answer."""
_PRIVATE = (
    re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"),
    re.compile(r"\b[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}\b"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
)
"""Addresses of networks, devices and people."""


async def write(link: Link, path: Path) -> Check:
    """Write the answers to a JSON file, command → text, without serial number and addresses."""
    answers = {}
    for line in COMMANDS:
        try:
            answers[line] = _public(await link.say(line), link.serial)
        except AdbError as error:
            answers[line] = f"({error})"
    try:
        text = json.dumps(answers, indent=1, ensure_ascii=False) + "\n"
        await asyncio.to_thread(path.write_text, text, "utf-8")
    except OSError as error:
        cure = "Name another file."
        return Check("record", "fail", f"{path} can't be written: {error.strerror}.", cure)
    return Check(
        "record", "ok", f"{len(answers)} answers of the phone are in {path}. Read it first."
    )


def _public(text: str, serial: str) -> str:
    for private in (re.compile(re.escape(serial)), *_PRIVATE):
        text = private.sub("(left out)", text)
    return text[:_LONGEST]
