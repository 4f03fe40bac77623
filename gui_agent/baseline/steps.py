"""What pursuing a wish can come to: an action, already done, or a reason to stop."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gui_agent.baseline.layout import Layout
from gui_agent.baseline.matching import Doubt, Match
from gui_agent.baseline.page import Page, Past
from gui_agent.screen import Element


@dataclass(frozen=True)
class Entry:
    """A line of the log that travels in the conversation's memory: what a step was for."""

    step: int
    at: tuple[int, int, int]
    """Clause, reading and wish that the step served."""
    did: str
    """`do` completes the wish; `type`, `open` and `scroll` lead to it; `explore` looks for it."""
    on: str = ""
    """What the element was called."""
    text: str = ""
    """A text to be kept: what was read, or copied."""
    past: Past | None = None
    """How it went, as the history says."""

    @property
    def failed(self) -> bool:
        return self.past is not None and self.past.failed

    @property
    def result(self) -> str:
        return self.past.result if self.past else ""


@dataclass(frozen=True)
class Act:
    """The next action, and why."""

    action: Mapping[str, Any]
    did: str = "do"
    on: Element | None = None
    why: str = ""
    text: str = ""


@dataclass(frozen=True)
class Done:
    """The wish is fulfilled; nothing more is to be done for it."""

    why: str = ""


@dataclass(frozen=True)
class Stop:
    """The wish can't be pursued from this screen."""

    reason: str
    close: tuple[Element, ...] = ()
    missing: bool = False
    """What it needs does not show: it may be elsewhere."""
    wanted: tuple[str, ...] = ()
    """Terms that tell where it may be."""


Step = Act | Done | Stop


@dataclass(frozen=True)
class Scene:
    """The screen, and what has already been done for the wish at hand."""

    page: Page
    layout: Layout
    entries: Sequence[Entry] = ()
    """Of this wish alone, oldest first."""
    before: Sequence[Entry] = ()
    """Of the wishes before it."""
    calm: bool = True
    """No dialog was open when the run began: one that is came of what was done."""
    entered: frozenset[str] = frozenset()
    """The places that the goal names and that were opened."""

    def did(self, *kinds: str) -> Entry | None:
        """The latest step of this wish that was of such a kind and did not fail."""
        fitting = [e for e in self.entries if e.did in kinds and not e.failed]
        return fitting[-1] if fitting else None

    @property
    def failures(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.failed]

    def last_touched(self) -> Element | None:
        """The element that the last step was about, where it still shows."""
        names = [e.on for e in (*self.before, *self.entries) if e.on and e.did != "explore"]
        if not names:
            return None
        fitting = [e for e in self.page.marked if self.layout.label(e) == names[-1]]
        return fitting[-1] if fitting else None


def click(
    element: Element,
    match: Match | None = None,
    did: str = "do",
    special: Mapping[str, str | int] | None = None,
    text: str = "",
) -> Act:
    """Click an element that was matched."""
    action = {"kind": "click", "mark": element.mark, **(special or {})}
    return Act(action, did, element, evidence(match), text)


def place_of(element: Element) -> list[int]:
    """The centre of an element, in thousandths of the screen, as actions name places."""
    centre = element.box.center
    return [round(centre.x * 1000), round(centre.y * 1000)]


def signed(text: str) -> float | None:
    """The number that a text is and nothing else, `-9` or `104`; None if it isn't one."""
    plain = text.strip().replace("−", "-").removeprefix("+")
    return float(plain) if re.fullmatch(r"-?\d+(?:\.\d+)?", plain) else None


def evidence(match: Match | None) -> str:
    return f"score {match.score:.2f} by {match.why}" if match else ""


def stop(doubt: Doubt, wanted: Sequence[str] = ()) -> Stop:
    """A doubt as a reason to stop."""
    return Stop(doubt.reason, doubt.close, doubt.missing, tuple(wanted))


def target(element: Element) -> dict[str, object]:
    """How an action names an element: by its mark, or by its place when it has none."""
    return {"mark": element.mark} if element.mark is not None else {"at": place_of(element)}
