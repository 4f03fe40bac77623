"""Did the action do anything, and is the run stuck? Pure: compares observations and steps."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import lru_cache

from PIL import Image, ImageChops

from gui_agent.actions import Action, Note, Wait
from gui_agent.screen import Observation, Screenshot
from gui_agent.trajectory import Step

_BLOCK = 8
"""Pictures are compared in blocks of this many pixels, so that noise averages out."""
_NOTICEABLE = 24
"""A block counts as changed when its grey value moves by more than this, of 255."""
_BLINK = 4
"""This many changed blocks or fewer are a blinking caret, not an effect."""


class Stuck(IntEnum):
    """How badly: the agent escalates from a word to the model, to other sampling, to the end."""

    NO = 0
    NUDGE = 1
    RESAMPLE = 2
    STOP = 3


def changed(before: Observation, after: Observation) -> bool:
    """Can a person (or the element list) tell the two apart?"""
    if (before.where, before.title, before.tabs, before.tab) != (
        after.where,
        after.title,
        after.tabs,
        after.tab,
    ):
        return True
    return before.elements != after.elements or _look_different(before.screenshot, after.screenshot)


def remark(action: Action, screen_changed: bool) -> str:
    """What the model should hear about an action that went through without a message."""
    if screen_changed or isinstance(action, Wait | Note):
        return ""
    return "The action was carried out, but nothing changed on the screen."


def stuck(steps: Sequence[Step]) -> Stuck:
    """Looks at the end of the run for one action repeated on an unchanging screen, two actions
    taking turns (A B A B), or waiting and waiting."""
    waits = _tail(steps, 1, lambda a, b: _same_action(a, b) and isinstance(_action(a), Wait))
    return max(
        _grade(_tail(steps, 1, _same_turn), 3, 4, 5),
        _grade(_tail(steps, 2, _same_turn), 4, 6, 8),
        _grade(waits, 3, 5, 7),
    )


def nudge(how: Stuck) -> str:
    """Words for the model that fit the state the run is in."""
    if how is Stuck.NO:
        return ""
    return "You are repeating yourself without progress: try a different action or another way."


def _grade(count: int, *levels: int) -> Stuck:
    return Stuck(sum(count >= level for level in levels))


def _tail(steps: Sequence[Step], period: int, same: Callable[[Step, Step], bool]) -> int:
    """How many of the last steps repeat with this period; 0 unless at least one comes back."""
    count = period
    while count < len(steps) and same(steps[-count - 1], steps[-count - 1 + period]):
        count += 1
    return count if count > period else 0


def _action(step: Step) -> Action | None:
    return step.reply.action if step.reply else None


def _same_action(one: Step, other: Step) -> bool:
    return _action(one) is not None and _action(one) == _action(other)


def _same_turn(one: Step, other: Step) -> bool:
    return _same_action(one, other) and not changed(one.observation, other.observation)


def _look_different(before: Screenshot, after: Screenshot) -> bool:
    if before.data == after.data:
        return False
    if (before.width, before.height) != (after.width, after.height):
        return True
    difference = ImageChops.difference(_thumbnail(before), _thumbnail(after))
    noticeable = difference.point(lambda value: 255 if value > _NOTICEABLE else 0)
    return noticeable.histogram()[255] > _BLINK


@lru_cache(maxsize=32)
def _thumbnail(screenshot: Screenshot) -> Image.Image:
    image = Image.open(io.BytesIO(screenshot.data))
    size = (max(1, image.width // _BLOCK), max(1, image.height // _BLOCK))
    image.draft("L", size)  # a JPEG is decoded at an eighth of its size, which costs about 1 ms
    return image.convert("L").resize(size, Image.Resampling.BOX)
