"""What `doctor` finds: one line for each thing it looked at, with the cure for what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Level = Literal["ok", "warn", "fail"]


class Check(NamedTuple):
    """One line of what `doctor` reports."""

    name: str
    verdict: Level
    detail: str
    fix: str = ""
    """What to do; "" when there is nothing to do."""


def failed(checks: Iterable[Check]) -> bool:
    """Is there anything that would keep a run from working?"""
    return any(check.verdict == "fail" for check in checks)
