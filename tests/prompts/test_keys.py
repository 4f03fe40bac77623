"""Key names as models spell them."""

from __future__ import annotations

import pytest

from gui_agent.errors import BadReply
from gui_agent.prompts.keys import chord


@pytest.mark.parametrize(
    ("spelled", "keys"),
    [
        ("Return", ("enter",)),
        ("ctrl + c", ("ctrl", "c")),
        ("Ctrl-C", ("ctrl", "C")),
        ("Control_L+c", ("ctrl", "c")),
        (["Control", "Shift", "t"], ("ctrl", "shift", "t")),
        ("page down", ("page_down",)),
        ("PgDn", ("page_down",)),
        ("Down Arrow", ("down",)),
        ("ArrowUp", ("up",)),
        ("F11", ("f11",)),
        ("Print_Screen", ("print_screen",)),
        ("caps lock", ("caps_lock",)),
        ("KP_Add", ("kp_add",)),
        ("ctrl+plus", ("ctrl", "+")),
        ("ctrl++", ("ctrl", "+")),
        ("ctrl + -", ("ctrl", "-")),
        ("ctrl -", ("ctrl", "-")),
        ("ctrl+,", ("ctrl", ",")),
        ("ctrl+shift++", ("ctrl", "shift", "+")),
        ("+", ("+",)),
        ("-", ("-",)),
    ],
)
def test_spelling(spelled: str | list[str], keys: tuple[str, ...]) -> None:
    assert chord(spelled) == keys


@pytest.mark.parametrize(("spelled", "said"), [("hyperspace", "hyperspace"), ("", "Name the key")])
def test_unknown(spelled: str, said: str) -> None:
    with pytest.raises(BadReply, match=said):
        chord(spelled)
