"""Key names of `actions.PressKeys` in Playwright's words."""

from __future__ import annotations

from gui_agent.errors import ActionFailed

_NAMES = {
    "enter": "Enter",
    "tab": "Tab",
    "escape": "Escape",
    "backspace": "Backspace",
    "delete": "Delete",
    "insert": "Insert",
    "space": "Space",
    "up": "ArrowUp",
    "down": "ArrowDown",
    "left": "ArrowLeft",
    "right": "ArrowRight",
    "home": "Home",
    "end": "End",
    "page_up": "PageUp",
    "page_down": "PageDown",
    "ctrl": "Control",
    "alt": "Alt",
    "shift": "Shift",
    "meta": "Meta",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}


def key_name(name: str) -> str:
    """Raises ActionFailed, listing the known names, for any other."""
    if len(name) == 1:
        return _by_code(name)
    known = _NAMES.get(name.lower())
    if known is None:
        raise ActionFailed(
            f"There is no key '{name}'. Known: a single character, {', '.join(_NAMES)}."
        )
    return known


def _by_code(character: str) -> str:
    """A letter or digit by the key that it is on, so that a held Shift changes it."""
    if not character.isascii() or not (character.islower() or character.isdigit()):
        return character
    return f"Digit{character}" if character.isdigit() else f"Key{character.upper()}"
