"""What a run changes on the phone, and gives back: its keyboard, and that the screen stays on.

Old values are noted on the phone before anything is changed, so that the next start, or `reset`,
gives them back even after a crash.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

NOTES = "/data/local/tmp/gui-agent-borrowed"
_VALUE = re.compile(r"[\w.$/-]+")
_BACK = {
    "keyboard": "ime set {}",
    "enabled": "ime disable {}",
    "stay_on": "settings put global stay_on_while_plugged_in {}",
}
"""What is noted → the command that undoes it."""

Shell = Callable[[str], Awaitable[str]]


async def borrow(shell: Shell, kind: str, value: str) -> None:
    """Note the old value of something that is about to be changed. Raises AdbError."""
    if _VALUE.fullmatch(value):
        await shell(f"echo {kind}={value} >> {NOTES}")


async def give_back(shell: Shell) -> tuple[str, ...]:
    """Undo everything that is noted, the last change first; the commands that did it.

    Raises AdbError when the phone is gone; the notes are on it still.
    """
    said = await shell(f"cat {NOTES}")
    undone = []
    for line in reversed(said.splitlines()):
        kind, _, value = line.strip().partition("=")
        if kind in _BACK and _VALUE.fullmatch(value):
            undone.append(_BACK[kind].format(value))
    if undone:
        await shell(f"{'; '.join(undone)}; rm -f {NOTES}")
    return tuple(undone)


async def stay_on(shell: Shell) -> None:
    """Keep the screen on while the phone is plugged in: a model may think longer than it stays."""
    value = (await shell("settings get global stay_on_while_plugged_in")).strip()
    if value in ("0", "null"):
        await borrow(shell, "stay_on", "0")
        await shell("settings put global stay_on_while_plugged_in 7")


async def use_keyboard(shell: Shell, component: str) -> bool:
    """Make this keyboard the phone's, until it is given back; False when the phone refuses."""
    current = (await shell("settings get secure default_input_method")).strip()
    if current == component:
        return True
    if component not in (await shell("ime list -s")).split():
        await borrow(shell, "enabled", component)
        await shell(f"ime enable {component}")
    await borrow(shell, "keyboard", current)
    await shell(f"ime set {component}")
    return (await shell("settings get secure default_input_method")).strip() == component
