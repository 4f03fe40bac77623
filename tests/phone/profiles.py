"""What differs between Android versions and makers, where a driver can see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Profile:
    """One phone model. Texts follow AOSP of that version; the makers' own were not captured."""

    name: str
    release: str
    sdk: int
    brand: str
    model: str
    device: str
    launcher: str
    """Component of the home screen."""
    keyboard: str
    """Component of the keyboard that is set at the start."""
    language: Literal["en", "zh"] = "en"
    width: int = 1170
    height: int = 2532
    density: int = 480
    user: int = 0
    """The Android user in the foreground; a second space or work phone has 10."""
    features: str = "shell_v2,stat_v2,ls_v2,fixed_push_mkdir,apex"
    focus_in_windows: bool = False
    """Does `dumpsys window windows` still print mCurrentFocus, as up to Android 9?"""
    null_focus_first: bool = False
    """A foldable prints a null focus for the folded display before the real one."""
    launcher_tells: bool = False
    """Does its launcher list its apps with their labels in `dumpsys activity … --all`? Those made
    from AOSP's Launcher3 do; which makers' do is not known."""
    secure_capture: Literal["black", "fails"] = "black"
    denied: frozenset[str] = frozenset()
    """Faults of `tests.phone.faults` that this maker's phones have from the start."""


_GOOGLE_HOME = "com.google.android.apps.nexuslauncher/.NexusLauncherActivity"
_GBOARD = "com.google.android.inputmethod.latin/com.android.inputmethod.latin.LatinIME"

_PROFILES = (
    Profile(
        "android9",
        release="9",
        sdk=28,
        brand="google",
        model="Pixel 2",
        device="walleye",
        launcher=_GOOGLE_HOME,
        launcher_tells=True,
        keyboard=_GBOARD,
        features="shell_v2,stat_v2",
        focus_in_windows=True,
        secure_capture="fails",
    ),
    Profile(
        "android12",
        release="12",
        sdk=31,
        brand="samsung",
        model="SM-G991B",
        device="o1s",
        launcher="com.sec.android.app.launcher/.activities.LauncherActivity",
        keyboard="com.samsung.android.honeyboard/.service.HoneyBoardService",
    ),
    Profile(
        "android14",
        release="14",
        sdk=34,
        brand="google",
        model="Pixel 8",
        device="shiba",
        launcher=_GOOGLE_HOME,
        launcher_tells=True,
        keyboard=_GBOARD,
    ),
    Profile(
        "android15-foldable",
        release="15",
        sdk=35,
        brand="google",
        model="Pixel 9 Pro Fold",
        device="comet",
        launcher=_GOOGLE_HOME,
        launcher_tells=True,
        keyboard=_GBOARD,
        null_focus_first=True,
    ),
    Profile(
        "miui",
        release="13",
        sdk=33,
        brand="Xiaomi",
        model="2201123C",
        device="cupid",
        launcher="com.miui.home/.launcher.Launcher",
        keyboard="com.sohu.inputmethod.sogou.xiaomi/.SogouIME",
        language="zh",
        denied=frozenset({"clipboard_denied", "install_refused"}),
    ),
    Profile(
        "work-profile",
        release="13",
        sdk=33,
        brand="OPPO",
        model="CPH2423",
        device="OP5311",
        launcher="com.android.launcher/.Launcher",
        keyboard=_GBOARD,
        user=10,
    ),
)
PROFILES = {profile.name: profile for profile in _PROFILES}
