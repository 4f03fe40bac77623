"""Getting a month-by-month calendar to a day: by its own arrows, then by the day's number. Pure."""

from __future__ import annotations

from datetime import date

from gui_agent.baseline import dates, words
from gui_agent.baseline.matching import Match
from gui_agent.baseline.steps import Act, Done, Scene, Step, Stop, click
from gui_agent.screen import Element

_ARROWS = {
    False: ("previous", "previous month", "prev", "‹", "«", "<", "←", "back", "上一月", "上个月"),
    True: ("next", "next month", "›", "»", ">", "→", "forward", "下一月", "下个月"),
}
_MOST_MONTHS = 24


def shown_month(scene: Scene) -> tuple[Element, tuple[int, int]] | None:
    """The heading that says which month is shown, when there is just one."""
    found = [(e, month) for e in scene.page.elements if (month := dates.month(e.name))
             and len(e.name) <= 20]  # fmt: skip
    return found[0] if len({month for _, month in found}) == 1 else None


def turn(wanted: tuple[int, int], scene: Scene) -> Step:
    """Towards a month: by the arrow that stands nearest to the month's name."""
    shown = shown_month(scene)
    if shown is None:
        return Stop("no calendar is open here", missing=True)
    heading, month = shown
    if month == wanted:
        return Done(f"the calendar shows {heading.name}")
    if len([entry for entry in scene.entries if entry.did == "turn"]) > _MOST_MONTHS:
        return Stop("the month is too far away")
    names = {words.fold(name) or name for name in _ARROWS[wanted > month]}
    arrows = [e for e in scene.page.marked if (words.fold(e.name) or e.name.strip()) in names
              or " ".join(words.terms(e.name)[:2]) in names]  # fmt: skip
    if not arrows:
        return Stop("the calendar has no arrow that way", (heading,))
    arrow = min(arrows, key=lambda e: abs(e.box.center.y - heading.box.center.y))
    return click(arrow, Match(arrow, 0.9, "turning the month"), did="turn")


def choose_day(day: date, scene: Scene, done: str) -> Step:
    """Turn to the month, then click the day; `done` is what the final click counts as."""
    if scene.did(done):
        return Done(f"{day:%d %b %Y} was clicked")
    step = turn((day.year, day.month), scene)
    if not isinstance(step, Done):
        return step
    shown = shown_month(scene)
    assert shown is not None, "turn() is done only while a month is shown"
    below = [
        e
        for e in scene.page.marked
        if e.name.strip() == str(day.day)
        and e.box.top >= shown[0].box.top
        and "disabled" not in e.states
    ]
    if len(below) != 1:
        return Stop(f"the calendar has {len(below)} days called {day.day}", tuple(below))
    act = click(below[0], Match(below[0], 0.95, "the day's number"), did=done)
    return Act(act.action, done, act.on, act.why)
