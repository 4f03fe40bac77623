"""Key names: every spelling that models use → one name → what pyautogui and X11 call it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from gui_agent.errors import ActionFailed

_FUNCTION = tuple(f"f{number}" for number in range(1, 25))
_KEYPAD = tuple(f"kp_{digit}" for digit in range(10))

X11 = {
    "enter": "Return",
    "tab": "Tab",
    "escape": "Escape",
    "backspace": "BackSpace",
    "delete": "Delete",
    "insert": "Insert",
    "space": "space",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "home": "Home",
    "end": "End",
    "page_up": "Page_Up",
    "page_down": "Page_Down",
    "ctrl": "Control_L",
    "alt": "Alt_L",
    "shift": "Shift_L",
    "meta": "Super_L",
    "right_ctrl": "Control_R",
    "right_alt": "Alt_R",
    "right_shift": "Shift_R",
    "right_meta": "Super_R",
    "alt_gr": "ISO_Level3_Shift",
    "caps_lock": "Caps_Lock",
    "num_lock": "Num_Lock",
    "scroll_lock": "Scroll_Lock",
    "print_screen": "Print",
    "pause": "Pause",
    "menu": "Menu",
    "kp_enter": "KP_Enter",
    "kp_add": "KP_Add",
    "kp_subtract": "KP_Subtract",
    "kp_multiply": "KP_Multiply",
    "kp_divide": "KP_Divide",
    "kp_decimal": "KP_Decimal",
    "volume_up": "XF86AudioRaiseVolume",
    "volume_down": "XF86AudioLowerVolume",
    "volume_mute": "XF86AudioMute",
    "play_pause": "XF86AudioPlay",
    "next_track": "XF86AudioNext",
    "previous_track": "XF86AudioPrev",
    "browser_back": "XF86Back",
    "browser_forward": "XF86Forward",
    **{name: name.upper() for name in _FUNCTION},
    **{name: name.upper() for name in _KEYPAD},
}
"""Our name → X keysym name. Its keys are all the names there are."""

PYAUTOGUI = {
    "escape": "esc",
    "page_up": "pageup",
    "page_down": "pagedown",
    "meta": "win",
    "right_ctrl": "ctrlright",
    "right_alt": "altright",
    "right_shift": "shiftright",
    "right_meta": "winright",
    "alt_gr": "altright",
    "caps_lock": "capslock",
    "num_lock": "numlock",
    "scroll_lock": "scrolllock",
    "print_screen": "printscreen",
    "menu": "apps",
    "kp_enter": "enter",
    "kp_add": "add",
    "kp_subtract": "subtract",
    "kp_multiply": "multiply",
    "kp_divide": "divide",
    "kp_decimal": "decimal",
    "volume_up": "volumeup",
    "volume_down": "volumedown",
    "volume_mute": "volumemute",
    "play_pause": "playpause",
    "next_track": "nexttrack",
    "previous_track": "prevtrack",
    "browser_back": "browserback",
    "browser_forward": "browserforward",
    **{name: name.replace("kp_", "num") for name in _KEYPAD},
}
"""Our name → pyautogui's, where they differ."""

_ALIASES = {
    "return": "enter",
    "ret": "enter",
    "newline": "enter",
    "linefeed": "enter",
    "\n": "enter",
    "\r": "enter",
    "\t": "tab",
    "esc": "escape",
    "back": "backspace",
    "bksp": "backspace",
    "del": "delete",
    "ins": "insert",
    "spacebar": "space",
    " ": "space",
    "uparrow": "up",
    "arrowup": "up",
    "downarrow": "down",
    "arrowdown": "down",
    "leftarrow": "left",
    "arrowleft": "left",
    "rightarrow": "right",
    "arrowright": "right",
    "pgup": "page_up",
    "prior": "page_up",
    "pgdn": "page_down",
    "pgdown": "page_down",
    "next": "page_down",
    "control": "ctrl",
    "ctl": "ctrl",
    "ctrll": "ctrl",
    "ctrlleft": "ctrl",
    "controll": "ctrl",
    "controlleft": "ctrl",
    "ctrlr": "right_ctrl",
    "ctrlright": "right_ctrl",
    "controlr": "right_ctrl",
    "controlright": "right_ctrl",
    "altl": "alt",
    "altleft": "alt",
    "option": "alt",
    "opt": "alt",
    "altr": "right_alt",
    "altright": "right_alt",
    "isolevel3shift": "alt_gr",
    "shiftl": "shift",
    "shiftleft": "shift",
    "shiftr": "right_shift",
    "shiftright": "right_shift",
    "super": "meta",
    "superl": "meta",
    "superleft": "meta",
    "win": "meta",
    "winleft": "meta",
    "windows": "meta",
    "cmd": "meta",
    "command": "meta",
    "metal": "meta",
    "metaleft": "meta",
    "superr": "right_meta",
    "superright": "right_meta",
    "winright": "right_meta",
    "metaright": "right_meta",
    "capital": "caps_lock",
    "print": "print_screen",
    "prtsc": "print_screen",
    "prtscr": "print_screen",
    "sysrq": "print_screen",
    "snapshot": "print_screen",
    "break": "pause",
    "apps": "menu",
    "contextmenu": "menu",
    "numpadenter": "kp_enter",
    "numenter": "kp_enter",
    "add": "kp_add",
    "numpadadd": "kp_add",
    "subtract": "kp_subtract",
    "numpadsubtract": "kp_subtract",
    "multiply": "kp_multiply",
    "numpadmultiply": "kp_multiply",
    "divide": "kp_divide",
    "numpaddivide": "kp_divide",
    "decimal": "kp_decimal",
    "numpaddecimal": "kp_decimal",
    "volumemute": "volume_mute",
    "mute": "volume_mute",
    "prevtrack": "previous_track",
    **{f"num{digit}": f"kp_{digit}" for digit in range(10)},
    **{f"numpad{digit}": f"kp_{digit}" for digit in range(10)},
    "plus": "+",
    "minus": "-",
    "hyphen": "-",
    "equal": "=",
    "equals": "=",
    "comma": ",",
    "period": ".",
    "dot": ".",
    "slash": "/",
    "backslash": "\\",
    "semicolon": ";",
    "colon": ":",
    "apostrophe": "'",
    "quote": "'",
    "quotedbl": '"',
    "grave": "`",
    "backquote": "`",
    "backtick": "`",
    "asciitilde": "~",
    "tilde": "~",
    "bracketleft": "[",
    "bracketright": "]",
    "braceleft": "{",
    "braceright": "}",
    "parenleft": "(",
    "parenright": ")",
    "less": "<",
    "greater": ">",
    "underscore": "_",
    "asterisk": "*",
    "ampersand": "&",
    "percent": "%",
    "dollar": "$",
    "numbersign": "#",
    "at": "@",
    "exclam": "!",
    "question": "?",
    "bar": "|",
    "asciicircum": "^",
}
"""Other spellings, in lower case without spaces, hyphens and underscores."""


_NAMES = {name.replace("_", ""): name for name in X11} | _ALIASES


def chord(keys: Sequence[str]) -> tuple[str, ...]:
    """The keys by our names, in the order to press them; `ctrl+c` in one string is taken apart.

    Raises ActionFailed with the nearest names when a key is unknown.
    """
    names = [name for key in keys for name in _apart(key)]
    if len(names) > 1:  # `ctrl+C` means the key C, not the capital letter
        names = [name.lower() if len(name) == 1 else name for name in names]
    return tuple(dict.fromkeys(names))


def _apart(key: str) -> list[str]:
    key = key.strip(" ") or key
    if name := _name(key):
        return [name]
    joined = re.match(r"([^+\-\s]+)\s*[+\-\s]\s*(.+)", key)
    if joined and (first := _name(joined[1])):
        return [first, *_apart(joined[2])]
    close = get_close_matches(_plain(key), _NAMES, n=3, cutoff=0.6)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    raise ActionFailed(f"There is no key '{key}'.{hint}")


def _name(key: str) -> str | None:
    if len(key) == 1:
        return _ALIASES.get(key, key)
    return _NAMES.get(_plain(key))


def _plain(key: str) -> str:
    return re.sub(r"[<>]|(?<=\w)[\s_\-]+(?=\w)", "", key).lower()
