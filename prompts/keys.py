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
    ]
)

_SYNONYMS = {
    "return": "enter",
    "esc": "escape",
    "del": "delete",
    "ins": "insert",
    "bksp": "backspace",
    "spacebar": "space",
    "pageup": "page_up",
    "pgup": "page_up",
    "pagedown": "page_down",
    "pgdn": "page_down",
    "pgdown": "page_down",
    "control": "ctrl",
    "option": "alt",
    "cmd": "meta",
    "command": "meta",
    "super": "meta",
    "win": "meta",
    "windows": "meta",
}


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
    return [part for part in re.split(r"\s*[+,\-]\s*|\s+", word[:80]) if part]


def _known(name: str) -> str:
    if found := _find(name):
        return found
    raise BadReply(f"There is no key {quote(name)}. Keys are characters, enter, tab, escape, up …")


def _find(name: str) -> str:
    """The canonical name, or "" for an unknown one."""
    if len(name) == 1 and name.isprintable():
        return name
    plain = re.sub(r"[ _-]+", "_", name.strip().lower())
    short = plain.replace("_", "").removeprefix("arrow").removesuffix("key")
    candidates = (plain, short, _SYNONYMS.get(short, ""))
    return next((candidate for candidate in candidates if candidate in _NAMES), "")
