"""What dumpsys says about the phone: focused window, keyboard, lock. Pure: texts in, facts out.

The texts differ between versions; each function knows the forms of AOSP 9 to 15.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WINDOW = "dumpsys window displays; dumpsys window policy; dumpsys window windows"
"""Focus, lock and flags of the windows, in one shell command."""
INPUT = "dumpsys input_method | grep -E 'mInputShown|mCurMethodId'"

_FOCUS = re.compile(r"mCurrentFocus=Window\{\S+ u\d+ (\S+?)\}")
_RECORD = re.compile(
    r"(?:mFocusedApp|topResumedActivity|mResumedActivity)[=:].*?\bu\d+ ([\w.]+)/([\w.$]+)"
)
_LOCKED = re.compile(
    r"\b(?:isKeyguardShowing|mShowingLockscreen|mDreamingLockscreen|showing)=true\b"
)
_FLAGS = re.compile(r"\bfl=([^}\n]*)")


@dataclass(frozen=True, slots=True)
class Windows:
    """What the window manager knows."""

    package: str
    """Of the window with the focus, or ""."""
    locked: bool
    secure: bool
    """May the focused window not be shown in pictures?"""


def windows(text: str) -> Windows:
    """The facts in the output of `WINDOW`."""
    name = _focused(text)
    return Windows(name.partition("/")[0], _LOCKED.search(text) is not None, _secure(text, name))


def keyboard_shown(text: str) -> bool:
    return "mInputShown=true" in text


def _focused(text: str) -> str:
    """package/activity, or the window's name; foldables print null for the other display first."""
    if found := _FOCUS.findall(text):
        return str(found[-1])
    found = _RECORD.findall(text)
    return "/".join(found[-1]) if found else ""


def _secure(text: str, name: str) -> bool:
    """Does the window of this name carry FLAG_SECURE?"""
    if not name:
        return False
    for block in re.split(r"\n(?=  Window #\d+ )", text):
        if name in block.partition("\n")[0] and (flags := _FLAGS.search(block)):
            return "SECURE" in flags[1].split()
    return False
