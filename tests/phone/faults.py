"""Everything that can be made to go wrong on the phone, by name."""

from __future__ import annotations

FAULTS = {
    "lost": "the cable is pulled: the port is closed and adb forgets the phone",
    "left_network": "the phone leaves the Wi-Fi; when it is back, adb has to connect again",
    "offline": "the link drops and the phone stops answering: `adb devices` says offline",
    "link_drop": "the connection is cut once; adb dials again and finds the phone",
    "unauthorized": "the phone no longer trusts this computer",
    "asleep": "the screen is off and will be locked when it comes on",
    "locked": "the keyguard is up; a swipe opens it unless `pin` is given",
    "rotated": "the phone lies on its left side",
    "slow_shell": "shell commands start `seconds` late; `only` those that hold this text",
    "slow_dump": "dumpWindowHierarchy takes `seconds`",
    "server_killed": "the uiautomator server's process is killed, once",
    "server_dies": "the uiautomator server dies in the middle of the next RPC, once",
    "server_quits": "app_process ends at once with a crash text",
    "port_taken": "the maker's own software listens on 9008",
    "on_lan": "this computer reaches the uiautomator server over the phone's Wi-Fi",
    "already_registered": "another program, whose command line is `by`, holds UiAutomation",
    "automation_lost": "the next RPC says UiAutomation not connected, once",
    "slow_rpc": "every RPC takes `seconds` more",
    "rpc_hangs": "RPCs get no answer; only=method limits it to one",
    "rpc_unreadable": "RPCs are answered with something that is not JSON",
    "screenshot_null": "takeScreenshot returns null",
    "screencap_fails": "screencap prints an error instead of an image",
    "screenshot_of": "takeScreenshot gives pictures of another `size`, such as 1080x1920",
    "black_frame": "frames are black although the screen is on and nothing is secure",
    "clipboard_denied": "setClipboard throws SecurityException, as on several makers' phones",
    "set_text_ignored": "fields say yes to ACTION_SET_TEXT and stay as they are",
    "inject_denied": "injecting taps and keys throws SecurityException (INJECT_EVENTS)",
    "storage_full": "no space left in /data",
    "install_refused": "pm install answers INSTALL_FAILED_USER_RESTRICTED",
    "ime_refused": "ime set is answered but the keyboard stays as it was",
    "dumpsys_timeout": "dumpsys window prints its own time-out text",
    "stale_tree": "dumpWindowHierarchy gives the tree that it gave before",
    "empty_tree": "dumpWindowHierarchy returns a hierarchy without nodes",
    "stack_overflow": "dumpWindowHierarchy throws StackOverflowError",
    "launch_ignored": "launchApp says yes, and nothing comes to the front",
    "monkey_missing": "monkey is not on this phone",
    "booting": "sys.boot_completed is empty",
}


class Faults:
    """The faults now in force, with their numbers; an unknown name is a ValueError."""

    def __init__(self, names: frozenset[str] = frozenset()) -> None:
        self._active: dict[str, dict[str, object]] = {name: {} for name in names}

    def __contains__(self, name: str) -> bool:
        return _known(name) in self._active

    def add(self, name: str, **options: object) -> None:
        self._active[_known(name)] = options

    def remove(self, name: str) -> None:
        self._active.pop(_known(name), None)

    def take(self, name: str) -> bool:
        """Is it in force? It happens once: asking spends it."""
        return self._active.pop(_known(name), None) is not None

    def seconds(self, name: str) -> float:
        """How long it delays; 0 when it is not in force."""
        options = self._active.get(_known(name), {"seconds": 0.0})
        return float(str(options.get("seconds", 1.0)))

    def option(self, name: str, option: str) -> str:
        return str(self._active.get(_known(name), {}).get(option, ""))

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._active))


def _known(name: str) -> str:
    if name not in FAULTS:
        raise ValueError(f"no fault '{name}'; there are: {', '.join(sorted(FAULTS))}")
    return name
