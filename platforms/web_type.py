"""Text into fields: by real keys where keys can write it, as a picker would where they can't."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

from gui_agent.actions import TypeText
from gui_agent.errors import ActionFailed
from gui_agent.platforms.web_hand import Hand
from gui_agent.platforms.web_values import field_value
from gui_agent.platforms.web_worlds import World, WorldGone

_BY_KEYS = 200
"""Characters typed key by key; of a longer text only the last, the rest is put in at once."""
_KEY_SECONDS = 0.05
"""What one key may take on a slow page."""
_FOCUS_SECONDS = 0.5
"""How long a click may take to bring up the field that it stands for."""
_POLL_SECONDS = 0.02
_KEYS_OR_NOT = re.compile(r"[ -~]+|[^ -~]+")
"""Runs of characters that a keyboard has, and of those (accents, Han, emoji, breaks) it has not."""


async def type_text(hand: Hand, action: TypeText) -> str:
    """Raises ActionFailed when the place takes no text, or not this text."""
    world, field, message = await _field(hand, action)
    if message:
        return message
    if field and field["isLocked"]:
        raise ActionFailed(f"The {field['title']} is {field['isLocked']}: it takes no text.")
    if field and field["isFilled"]:
        message = await _fill(hand, world, field["type"], action.text)
    else:
        message = await _write(hand, world, field, action)
    if action.submit:
        message = await hand.in_time(hand.page.keyboard.press("Enter")) or message
    return message


async def _field(hand: Hand, action: TypeText) -> tuple[World, dict[str, Any] | None, str]:
    """The frame and the field that have the keyboard now; no field where the page takes keys
    itself. The last item tells of a page that did not react."""
    if action.at is None:
        world, field = await _focused(hand)
        return world, field, ""
    spot = await hand.find(action.at, action.mark)
    wanted = await hand.ask(spot.world, "field")
    if wanted.get("isRefused"):
        raise ActionFailed(f"The {wanted['title']} is no field: nothing was typed.")
    if wanted.get("isFilled") or wanted.get("isLocked"):
        return spot.world, wanted, ""
    message = await hand.press(spot)
    world, field = await _wait_for_focus(hand)
    if field is None and "type" in wanted:
        await hand.ask(spot.world, "focus")
        world, field = await _focused(hand)
    if field is None and not message:
        raise ActionFailed(f"The {wanted['title']} takes no text: nothing was typed.")
    if field and not action.clear and not await hand.ask(world, "caretToEnd"):
        await hand.page.keyboard.press("End")
    return world, field, message


async def _wait_for_focus(hand: Hand) -> tuple[World, dict[str, Any] | None]:
    deadline = time.monotonic() + _FOCUS_SECONDS
    while True:
        world, field = await _focused(hand)
        if field or time.monotonic() > deadline:
            return world, field
        await asyncio.sleep(_POLL_SECONDS)


async def _focused(hand: Hand) -> tuple[World, dict[str, Any] | None]:
    worlds = await hand.tab.worlds.all()
    for world in worlds:
        try:
            field = await hand.ask(world, "focused")
        except WorldGone:
            if world.parent is None:
                raise
            continue
        if field:
            return world, field
    return worlds[0], None


async def _fill(hand: Hand, world: World, kind: str, text: str) -> str:
    value = field_value(kind, text)
    left = await hand.ask(world, "fill", value)
    if not left["now"]:
        raise ActionFailed(f'"{text}" is not possible in this {kind} field.')
    if left["isOutside"]:
        return f"{left['now']} is outside what the field allows: {left['min']} to {left['max']}."
    return "" if left["now"] == value or kind != "range" else f"The field took {left['now']}."


async def _write(hand: Hand, world: World, field: dict[str, Any] | None, action: TypeText) -> str:
    text = action.text.replace("\r\n", "\n")
    if field and field["type"] == "number":
        text = field_value("number", text)
    if field and action.clear and not field["isEmpty"]:
        await hand.page.keyboard.press("ControlOrMeta+a")
        await hand.page.keyboard.press("Backspace")
    typed = text if field is None or field["isMultiline"] else " ".join(text.split("\n"))
    if message := await _send_keys(hand, typed):
        return message
    if field is None:
        return "No field has the keyboard: the keys went to the page itself."
    return await _check(hand, world, text, action.clear)


async def _send_keys(hand: Hand, text: str) -> str:
    keyboard, message = hand.page.keyboard, ""
    if len(text) > _BY_KEYS:
        message = await hand.in_time(keyboard.insert_text(text[:-1]))
        text = text[-1:]
    for run in _KEYS_OR_NOT.findall(text):
        if message:
            break
        # A break as a key would send a chat message; put in as text it only breaks the line.
        by_keys = run.isascii() and run.isprintable()
        writing = keyboard.type(run) if by_keys else keyboard.insert_text(run)
        message = await hand.in_time(writing, len(run) * _KEY_SECONDS)
    return message


async def _check(hand: Hand, world: World, text: str, whole: bool) -> str:
    """What the field holds, where that is not what was typed."""
    try:
        held = await hand.ask(world, "holdsText", text, whole)
    except WorldGone:
        return ""  # typing was enough to move on
    if held["same"]:
        return ""
    return f'The field does not hold what was typed, but: "{held["now"]}".'
