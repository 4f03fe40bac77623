"""Key names → Android's key codes and modifier bits. Pure."""

from __future__ import annotations

from gui_agent.errors import ActionFailed

BACK, HOME, RECENTS, PASTE, ENTER, WAKEUP = 4, 3, 187, 279, 66, 224

_CODES = {
    "enter": ENTER,
    "tab": 61,
    "escape": 111,
    "backspace": 67,
    "delete": 112,
    "insert": 124,
    "space": 62,
    "up": 19,
    "down": 20,
    "left": 21,
    "right": 22,
    "home": 122,
    "end": 123,
    "page_up": 92,
    "page_down": 93,
    "back": BACK,
    "recents": RECENTS,
    "menu": 82,
    "search": 84,
    "volume_up": 24,
    "volume_down": 25,
    "volume_mute": 164,
    "camera": 27,
    **{f"f{number}": 130 + number for number in range(1, 13)},
    **{str(digit): 7 + digit for digit in range(10)},
    **{chr(97 + letter): 29 + letter for letter in range(26)},
    **dict(
        zip(",.`-=[]\\;'/@+", (55, 56, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 81), strict=True)
    ),
}
_MODIFIERS = {"shift": 0x1, "alt": 0x2, "ctrl": 0x1000, "meta": 0x10000}


def chord(keys: tuple[str, ...]) -> tuple[int, int]:
    """Key code and modifier bits of one chord. Raises ActionFailed for what a phone lacks."""
    meta = 0
    for name in keys[:-1]:
        if name not in _MODIFIERS:
            raise ActionFailed(f"Only ctrl, alt, shift and meta can be held, not '{name}'.")
        meta |= _MODIFIERS[name]
    last = keys[-1]
    if len(last) == 1 and last.isupper():
        last, meta = last.lower(), meta | _MODIFIERS["shift"]
    if last not in _CODES:
        raise ActionFailed(f"A phone has no key '{keys[-1]}'. To enter text, type it.")
    return _CODES[last], meta
