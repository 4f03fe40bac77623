"""The texts of dumpsys, in the wording of each Android version."""

from __future__ import annotations

from tests.phone.device import Device
from tests.phone.screen import Window


async def dump(device: Device, service: str, args: list[str]) -> str | None:
    """None for a service that is not there."""
    window = await device.screen.window()
    match service:
        case "window":
            return _window(device, window, args)
        case "activity":
            return _activity(device, window, args)
        case "input_method":
            return _input_method(device, window)
        case "power":
            return _power(device)
        case "display":
            return _display(device)
        case "battery":
            return _battery(device)
        case "package":
            return _package(device, args[-1] if args else "")
        case "accessibility":
            return _accessibility(device)
        case "SurfaceFlinger":
            return _SURFACES
        case "trust" | "policy" | "notification" | "wifi" | "cpuinfo" | "meminfo":
            return f"{service}: nothing to show"
    return None


def _focus(device: Device, window: Window) -> str:
    """The last lines of a window dump; another focus is printed first by foldables."""
    user = device.profile.user
    name = f"{window.package}/{full_name(window)}"
    if window.package == "com.android.systemui":
        name = window.activity
    lines = (
        ["  mCurrentFocus=null", "  mFocusedApp=null"] if device.profile.null_focus_first else []
    )
    lines.append(f"  mCurrentFocus=Window{{7c3a1f9 u{user} {name}}}")
    record = f"ActivityRecord{{5b1e0c2 u{user} {window.package}/{window.activity} t38}}"
    if device.profile.sdk < 29:
        record = f"AppWindowToken{{422df168 token=Token{{422def98 {record}}}}}"
    return "\n".join([*lines, f"  mFocusedApp={record}"])


def full_name(window: Window) -> str:
    return window.package + window.activity if window.activity[:1] == "." else window.activity


def _window(device: Device, window: Window, args: list[str]) -> str:
    part = args[0] if args else ""
    focus = _focus(device, window)
    if part in ("displays", "d"):
        head = "WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)"
        return f"{head}\n{_displays(device)}\n{focus}"
    if part in ("policy", "p"):
        return _policy(device)
    windows = f"WINDOW MANAGER WINDOWS (dumpsys window windows)\n{_windows(device, window)}"
    if part in ("windows", "w"):
        return f"{windows}\n{focus}" if device.profile.focus_in_windows else windows
    return f"{_policy(device)}\n{windows}\n{_displays(device)}\n{focus}"


def _displays(device: Device) -> str:
    profile = device.profile
    width, height = device.size
    return (
        "  Display: mDisplayId=0\n"
        f"    init={profile.width}x{profile.height} {profile.density}dpi"
        f" cur={width}x{height} app={width}x{height - 132}\n"
        f"    mCurrentRotation=ROTATION_{90 * device.rotation} mRotation={device.rotation}"
    )


def _windows(device: Device, window: Window) -> str:
    user = device.profile.user
    secure = "SECURE " if window.secure else ""
    flags = f"LAYOUT_IN_SCREEN {secure}LAYOUT_INSET_DECOR SPLIT_TOUCH HARDWARE_ACCELERATED"
    lines = [
        f"  Window #0 Window{{9d20c1e u{user} StatusBar}}:",
        "    mAttrs={(0,0)(fillx132) ty=STATUS_BAR\n      fl=NOT_FOCUSABLE SPLIT_TOUCH}",
    ]
    if window.keyboard:
        lines.append(f"  Window #1 Window{{6be90d4 u{user} InputMethod}}:")
        lines.append("    isOnScreen=true isVisible=true")
    lines += [
        f"  Window #2 Window{{7c3a1f9 u{user} {window.package}/{full_name(window)}}}:",
        "    mDisplayId=0 rootTaskId=38 mSession=Session{2f1c 4211:u0a10178}",
        f"    mOwnerUid=10178 showForAllUsers=false package={window.package} appop=NONE",
        "    mAttrs={(0,0)(fillxfill) sim={adjust=pan} ty=BASE_APPLICATION wanim=0x10302f4",
        f"      fl={flags}",
        "      pfl=NO_MOVE_ANIMATION FORCE_DRAW_STATUS_BAR_BACKGROUND}",
        f"    mHasSurface=true isReadyForDisplay()={_java(device.awake)}",
    ]
    return "\n".join(lines)


def _policy(device: Device) -> str:
    showing = _java(device.locked)
    state = "SCREEN_STATE_ON" if device.awake else "SCREEN_STATE_OFF"
    old = f"    mShowingLockscreen={showing} mShowingDream=false mDreamingLockscreen={showing}"
    new = (
        "    KeyguardServiceDelegate\n"
        f"      showing={showing}\n      showingAndNotOccluded={showing}\n"
        f"      secure={_java(bool(device.pin))}\n"
        f"    isKeyguardShowing={showing}"
    )
    return (
        "WINDOW MANAGER POLICY STATE (dumpsys window policy)\n"
        f"    mAwake={_java(device.awake)} mScreenOnEarly={_java(device.awake)}\n"
        f"    screenState={state}\n    interactiveState=INTERACTIVE_STATE_"
        f"{'AWAKE' if device.awake else 'SLEEP'}\n{old if device.profile.sdk < 29 else new}"
    )


def _activity(device: Device, window: Window, args: list[str]) -> str:
    user, sdk = device.profile.user, device.profile.sdk
    record = f"ActivityRecord{{5b1e0c2 u{user} {window.package}/{window.activity} t38}}"
    if args[:1] == ["top"]:
        pid = device.running.get(window.package, 0)
        return (
            f"TASK {window.package} id=38 userId={user}\n"
            f"  ACTIVITY {window.package}/{window.activity} 5b1e0c2 pid={pid}\n"
            "    Local Activity 6d State:"
        )
    if args[:1] and args[0] in device.profile.launcher:
        return _launcher(device, args[1:])
    name = "mResumedActivity" if sdk < 31 else "topResumedActivity"
    sign = ": " if sdk < 31 else "="
    return (
        "ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)\nDisplay #0 (activities from top"
        f" to bottom):\n  * Task{{8a1 #38 type=standard A=10178:{window.package} U={user}}}\n"
        f"    {name}{sign}{record}\n  ResumedActivity: {record}"
    )


def _launcher(device: Device, args: list[str]) -> str:
    """The dump of the home screen's own activity."""
    profile = device.profile
    head = f"  ACTIVITY {profile.launcher} 3d1c7a0 pid={device.running.get(device.home, 0)}"
    if not profile.launcher_tells or args[:1] != ["--all"]:
        return f"{head}\n    Local Activity 2f State:"
    shown = [p for p in device.packages.values() if p.activity and p.name != device.home]
    icon = "iconBitmap" if profile.sdk < 30 else "bitmapIcon"
    rows = [
        f'       title="{p.chinese if profile.language == "zh" else p.label}"'
        f" {icon}=android.graphics.Bitmap@9d7{number:04x} componentName={p.name}"
        for number, p in enumerate(shown)
    ]
    return "\n".join([head, f"    All apps list: size={len(shown)}", *rows, ""])


def _input_method(device: Device, window: Window) -> str:
    shown = _java(window.keyboard)
    served = f"{window.package}/{window.activity}" if window.editing else "null"
    return (
        "Current Input Method Manager state:\n  Input Methods: mMethodMapUpdateCount=3\n"
        f"  Current client {served}:\n"
        f"  mCurMethodId={device.keyboard}\n  mCurClient=ClientState{{3f1 mUid=10178}} mCurSeq=12\n"
        f"  mShowRequested={shown} mShowExplicitlyRequested=false mShowForced=false"
        f" mInputShown={shown}\n"
        f"  mInputViewStarted={shown} mIsInputViewShown={shown}\n"
        f"    mServedView={'android.widget.EditText' if window.editing else 'null'}"
    )


def _power(device: Device) -> str:
    awake = _java(device.awake)
    return (
        "POWER MANAGER (dumpsys power)\n\nPower Manager State:\n"
        f"  mWakefulness={'Awake' if device.awake else 'Asleep'}\n  mIsPowered=true\n"
        f"  mStayOn={_java(device.settings['global']['stay_on_while_plugged_in'] != '0')}\n"
        f"  mHoldingWakeLockSuspendBlocker={awake}\n  mHoldingDisplaySuspendBlocker={awake}\n"
        f"Display Power: state={'ON' if device.awake else 'OFF'}"
    )


def _display(device: Device) -> str:
    width, height = device.size
    rectangle = f"Rect(0, 0 - {width}, {height})"
    return (
        "DISPLAY MANAGER (dumpsys display)\n"
        f"  mViewports=[DisplayViewport{{type=INTERNAL, valid=true, isActive=true, displayId=0,"
        f" uniqueId='local:4619827259835644672', physicalPort=0, orientation={device.rotation},"
        f" logicalFrame={rectangle}, physicalFrame={rectangle},"
        f" deviceWidth={width}, deviceHeight={height}}}]\n"
        f'    mOverrideDisplayInfo=DisplayInfo{{"Built-in Screen", real {width} x {height},'
        f" rotation {device.rotation}, state {'ON' if device.awake else 'OFF'},"
        f" density {device.profile.density}}}"
    )


def _package(device: Device, name: str) -> str:
    package = device.packages.get(name)
    if package is None:
        return f"Unable to find package: {name}"
    flags = "HAS_CODE ALLOW_CLEAR_USER_DATA" if package.third_party else "SYSTEM HAS_CODE"
    return (
        f"Packages:\n  Package [{name}] (4fd1e0c):\n    userId=10178\n"
        f"    codePath={package.path.removesuffix('/base.apk')}\n"
        "    versionCode=1004 minSdk=24 targetSdk=34\n    versionName=1.0.4\n"
        "    signatures=PackageSignatures{1f2 version:3, signatures:[8d4fe1],"
        " past signatures:[]}\n"
        f"    pkgFlags=[ {flags} ]\n"
        "    firstInstallTime=2026-01-05 10:11:12\n    lastUpdateTime=2026-02-06 10:11:12"
    )


def _accessibility(device: Device) -> str:
    enabled = device.settings["secure"]["enabled_accessibility_services"]
    return (
        "ACCESSIBILITY MANAGER (dumpsys accessibility)\n\nUser state[\n"
        f"     attributes:{{id={device.profile.user}, touchExplorationEnabled=false}}\n"
        f"     Enabled services:{{{enabled}}}\n"
        f"     Ui Automation[{'com.android.shell' if device.automation_held else ''}]]"
    )


def _battery(device: Device) -> str:
    text = _BATTERY.replace("USB powered: true", f"USB powered: {_java(device.plugged)}")
    return text.replace("level: 82", f"level: {device.battery}")


def _java(value: bool) -> str:
    return "true" if value else "false"


_BATTERY = """Current Battery Service state:
  AC powered: false
  USB powered: true
  Wireless powered: false
  Max charging current: 500000
  Max charging voltage: 5000000
  Charge counter: 3201000
  status: 2
  health: 2
  present: true
  level: 82
  scale: 100
  voltage: 4211
  temperature: 268
  technology: Li-ion"""
_SURFACES = (
    'Display 4619827259835644672 (HWC display 0): port=0 pnpId=SIM displayName="Simulated panel"'
)
