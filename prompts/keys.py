"""Key names as models write them, turned into the names of `actions.PressKeys`. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gui_agent.errors import BadReply
from gui_agent.prompts.parsing import quote

_NAMES = frozenset(
    [
        *("enter", "tab", "escape", "backspace", "delete", "insert", "space"),
        *("up", "down", "left", "right", "home", "end", "page_up", "page_down"),
        *("ctrl", "alt", "shift", "meta"),
        *(f"f{number}" for number in range(1, 25)),
        *("right_ctrl", "right_alt", "right_shift", "right_meta", "alt_gr", "menu", "pause"),
        *("caps_lock", "num_lock", "scroll_lock", "print_screen"),
        *(f"kp_{digit}" for digit in range(10)),
        *(f"kp_{sign}" for sign in "enter add subtract multiply divide decimal".split()),
        *("volume_up", "volume_down", "volume_mute", "play_pause", "next_track"),
        *("previous_track", "browser_back", "browser_forward"),
    ]
)

_SYNONYMS = {
    "return": "enter",
    "esc": "escape",
    "del": "delete",
    "ins": "insert",
    "bksp": "backspace",
    "spacebar": "space",
    "pgup": "page_up",
    "pgdn": "page_down",
    "pgdown": "page_down",
    "control": "ctrl",
    "option": "alt",
    "cmd": "meta",
    "command": "meta",
    "super": "meta",
    "win": "meta",
    "windows": "meta",
    "controll": "ctrl",
    "altl": "alt",
    "shiftl": "shift",
    "superl": "meta",
    "prtsc": "print_screen",
    "apps": "menu",
    "plus": "+",
    "minus": "-",
    "equal": "=",
    "comma": ",",
    "period": ".",
    "slash": "/",
}
_BY_SPELLING = {name.replace("_", ""): name for name in _NAMES} | _SYNONYMS
_LAST_IS_A_SIGN = re.compile(r"(.*[^+\-,\s])\s*[+\-,\s]\s*([+\-,])")


def chord(keys: str | Sequence[str]) -> tuple[str, ...]:
    """The keys of `Return`, `ctrl + c`, `Ctrl-C`, `page down` or `["ctrl", "c"]`, pressed together.

    Raises BadReply that names the key it does not know.
    """
    words = [keys] if isinstance(keys, str) else keys
    names = [name for word in words for name in _split(word.strip())]
    if not names:
        raise BadReply('Name the key to press, such as "enter".')
    return tuple(_known(name) for name in names)


def _split(word: str) -> list[str]:
    if len(word) <= 1 or _find(word):
        return [word] if word else []
    if signed := _LAST_IS_A_SIGN.fullmatch(word[:80]):  # `ctrl++` enlarges, `ctrl+-` reduces
        return [*_split(signed[1]), signed[2]]
    return [part for part in re.split(r"\s*[+,\-]\s*|\s+", word[:80]) if part]


def _known(name: str) -> str:
    if found := _find(name):
        return found
    raise BadReply(f"There is no key {quote(name)}. Keys are characters, enter, tab, escape, up …")


def _find(name: str) -> str:
    """The canonical name, or "" for an unknown one."""
    if len(name) == 1 and name.isprintable():
        return name
    plain = re.sub(r"(?<=[^\W_])[ _-]+(?=[^\W_])", "", name.strip().lower())
    short = plain.removeprefix("arrow").removesuffix("key").removesuffix("arrow")
    return _BY_SPELLING.get(plain) or _BY_SPELLING.get(short, "")
