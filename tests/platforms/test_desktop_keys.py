"""Names of keys: every spelling that models use means a key, and nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui_agent.errors import ActionFailed
from gui_agent.platforms.desktop_keys import PYAUTOGUI, X11, chord

SAME = [
    ("ctrl+c", ["ctrl-c", "ctrl + c", "control+C", "Ctrl+c", "CTRL C", "<ctrl>+c", "Control_L+c"]),
    ("enter", ["Return", "RETURN", "ret", "\n", "Enter"]),
    ("escape", ["Esc", "ESC", "Escape"]),
    ("page_down", ["pagedown", "PageDown", "Page_Down", "page-down", "page down", "pgdn", "Next"]),
    ("meta", ["super", "Super_L", "win", "cmd", "command", "windows", "winleft"]),
    ("kp_enter", ["KP_Enter", "numpad_enter", "kp-enter"]),
    ("kp_7", ["num7", "Numpad7", "KP_7"]),
    ("backspace", ["BackSpace", "bksp", "back_space"]),
    ("up", ["ArrowUp", "arrow_up", "Up"]),
    ("space", [" ", "spacebar", "Space"]),
    ("tab", ["\t", "Tab", "TAB"]),
    ("print_screen", ["PrtSc", "printscreen", "Print", "snapshot"]),
    ("ctrl++", ["ctrl+plus", "ctrl + +", "control++"]),
    ("ctrl+-", ["ctrl+minus", "ctrl--"]),
    ("alt_gr", ["AltGr", "ISO_Level3_Shift"]),
    ("f11", ["F11"]),
]


@pytest.mark.parametrize(("key", "others"), SAME)
def test_spellings(key: str, others: list[str]) -> None:
    assert {other: chord([other]) for other in others} == {other: chord([key]) for other in others}


def test_a_chord_keeps_its_order_and_loses_repeats() -> None:
    assert chord(["ctrl", "shift", "T"]) == ("ctrl", "shift", "t")
    assert chord(["ctrl+alt", "delete"]) == ("ctrl", "alt", "delete")
    assert chord(["ctrl", "ctrl+c"]) == ("ctrl", "c")


def test_a_single_character_is_itself() -> None:
    assert [chord([c]) for c in "Aa+-<_é汉"] == [(c,) for c in "Aa+-<_é汉"]


def test_an_unknown_key_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(ActionFailed, match=r"no key 'entre'.*Did you mean"):
        chord(["ctrl+entre"])
    with pytest.raises(ActionFailed, match="no key 'nonsuch'"):
        chord(["nonsuch"])


def test_every_name_is_known_to_both_ways_of_pressing() -> None:
    from gui_agent.platforms.desktop_x11 import keysym

    assert [name for name in X11.values() if not keysym(name)] == []
    assert set(PYAUTOGUI) <= set(X11)


@settings(deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_anything_else_is_keys_or_a_refusal(keys: list[str]) -> None:
    try:
        names = chord(keys)
    except ActionFailed:
        return
    assert names
    assert all(name in X11 or len(name) == 1 for name in names)
