"""From a page to an answer: where the plan stands, its next step, and the evidence for it.

Stateless: the place in the plan follows from the history and from the log that the conversation's
memory carries in the open; the same request always gets the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from gui_agent.baseline import reading
from gui_agent.baseline.asking import way_out
from gui_agent.baseline.exploring import LOOKS, decline, explore, leads_there
from gui_agent.baseline.goals import Commit, Gist, Order, Plan, Press, Reading, Wish
from gui_agent.baseline.grammar import parse
from gui_agent.baseline.layout import Layout
from gui_agent.baseline.page import Page
from gui_agent.baseline.pursuing import pursue
from gui_agent.baseline.steps import Act, Done, Entry, Scene, Step, Stop, target
from gui_agent.screen import Element

Place = tuple[int, int, int]
"""Clause, reading (-1 while none fits) and wish."""

_MOST_FAILURES = 3
_MOST_STEPS_FOR_A_WISH = 30


class Eyes(Protocol):
    """Looks at the picture before anything is clicked."""

    def confirm(self, page: Page, element: Element) -> tuple[bool, str]:
        """Does the picture bear out that this element is there, and what was seen."""


@dataclass(frozen=True)
class Reply:
    """One answer of the policy."""

    action: Mapping[str, Any]
    thought: str
    memory: Mapping[str, Any]


def decide(page: Page, eyes: Eyes | None = None) -> Reply:
    """The next action for a request; without eyes the element list is believed."""
    plan = parse(page.goal)
    entries = log(page)
    if plan.problem:
        return _give_up(plan.problem, (), entries, "the goal")
    at, step = _next(plan, page, entries)
    if isinstance(step, Done):
        question = _open_question(plan, page, entries)
        return _give_up(question, (), entries, "the end") if question else _finish(page, entries)
    clause = plan.clauses[at[0]]
    about = f"part {at[0] + 1} of {len(plan.clauses)}, '{clause.text}'"
    if isinstance(step, Act) and eyes is not None:
        step = _looked_at(step, page, eyes)
    if isinstance(step, Stop):
        return _give_up(step.reason, step.close, entries, about)
    entry = Entry(_step_number(page), at, step.did, _name(step), step.text)
    entries = (*entries, entry)
    if step.did == "answer" and at[0] == len(plan.clauses) - 1:
        return _finish(page, entries)
    return Reply(step.action, _trace(about, step, entry), {**_memory(entries), **_mood(page)})


def log(page: Page) -> tuple[Entry, ...]:
    """The log in the memory, each line with what the history says of its step."""
    past = {step.step: step for step in page.history}
    first = min(past, default=0)
    lines = page.memory.get("log")
    return tuple(
        replace(entry, past=past.get(entry.step))
        for entry in map(_read, lines if isinstance(lines, list) else ())
        if entry and (entry.step in past or entry.step < first)
    )


def _next(plan: Plan, page: Page, entries: Sequence[Entry]) -> tuple[Place, Step]:
    """The first part of the plan that is not done, and the step to take for it."""
    layout = Layout(page, _entered(entries))
    clause, chosen, wish = entries[-1].at if entries else (0, -1, 0)
    while clause < len(plan.clauses):
        readings = plan.clauses[clause].readings
        if chosen < 0 or _only_looked(entries, clause, chosen):
            (chosen, wish), step = _best_reading(readings, clause, page, layout, entries)
            leads = plan.clauses[clause].leads
            way = _scene((clause, -1, 0), page, layout, entries)
            if leads and _is_needless(step, plan, clause, way):
                clause, chosen, wish = clause + 1, -1, 0
                continue
        else:
            step = _step(readings[chosen], (clause, chosen, wish), page, layout, entries)
        if not isinstance(step, Done):
            at = (clause, chosen, wish)
            around = None
            if isinstance(step, Stop):
                around = _around(step, _scene(at, page, layout, entries))
            if around or not (plan.clauses[clause].leads and chosen < 0):
                return at, around or step
            wish = len(readings[0])
        wish += 1
        if chosen < 0 or wish >= len(readings[chosen]):
            clause, chosen, wish = clause + 1, -1, 0
    return (clause, 0, 0), Done("all parts are done")


def _is_needless(step: Step, plan: Plan, clause: int, scene: Scene) -> bool:
    """Can what a part leads up to be done here already, so that its name names the end of it?"""
    entries = (*scene.before, *scene.entries)
    later = [
        _best_reading(plan.clauses[i].readings, i, scene.page, scene.layout, entries)[1]
        for i in range(clause + 1, len(plan.clauses))
    ]
    if not later or not isinstance(later[0], Act) or later[0].did.startswith("try "):
        return False
    if not isinstance(step, Act):
        return not (isinstance(step, Stop) and leads_there(step.wanted, scene))
    return any(isinstance(one, Act) and one.action == step.action for one in later)


def _entered(entries: Sequence[Entry]) -> str:
    """What the place is called that was opened to look behind it; typing doesn't lead out of it."""
    last = next((entry for entry in reversed(entries) if entry.did != "type"), None)
    return last.text if last and last.did == "explore" and last.text not in LOOKS else ""


def _around(stopped: Stop, scene: Scene) -> Act | None:
    """The way on where a wish can't be pursued: a look elsewhere, or a pop-up out of the way."""
    if stopped.missing:
        return explore(stopped, scene)
    if stopped.close and "disabled" in stopped.close[0].states:
        return decline(scene)
    return None


def _only_looked(entries: Sequence[Entry], clause: int, chosen: int) -> bool:
    """Has nothing been done yet for a reading but to come to its place, or to ask lists what they
    offer?"""
    own = [entry for entry in entries if entry.at[:2] == (clause, chosen)]
    return bool(own) and all(e.did == "enter" or e.did.startswith("try ") for e in own)


def _deed_of(wish: Wish) -> str:
    match wish:
        case Press(verb=verb):
            return verb
        case Gist(deed=deed):
            return deed
    return ""


def _scene(at: Place, page: Page, layout: Layout, entries: Sequence[Entry]) -> Scene:
    own = [entry for entry in entries if entry.at == at]
    before = [entry for entry in entries if entry.at < at]
    entered = frozenset(e.text for e in entries if e.did == "enter" and not e.failed)
    return Scene(page, layout, own, before, _calm(page), entered)


def _calm(page: Page) -> bool:
    """Was there no open dialog when the run began?"""
    return bool(page.memory.get("calm", True)) if page.history else way_out(page) is None


def _open_question(plan: Plan, page: Page, entries: Sequence[Entry]) -> str:
    """What still waits for an answer after the last deed, which then has not been done; or ""."""
    out = way_out(page) if entries and _calm(page) else None
    if out is None:
        return ""
    clause, chosen, wish = entries[-1].at
    last = plan.clauses[clause].readings[max(chosen, 0)][wish]
    deed = isinstance(last, Order | Commit) or _deed_of(last)
    return f"the page still asks: '{out.name}'?" if deed else ""


def _step(wishes: Reading, at: Place, page: Page, layout: Layout, entries: Sequence[Entry]) -> Step:
    scene = _scene(at, page, layout, entries)
    failures = scene.failures
    if len(failures) >= _MOST_FAILURES:
        return Stop(f"it did not work: {failures[-1].result}")
    if len(scene.entries) >= _MOST_STEPS_FOR_A_WISH:
        return Stop("it takes too many steps")
    return pursue(wishes[at[2]], scene)


def _best_reading(
    readings: Sequence[Reading], clause: int, page: Page, layout: Layout, entries: Sequence[Entry]
) -> tuple[tuple[int, int], Step]:
    """The first reading that can be followed on this screen, its first wish that isn't fulfilled,
    and the step; -1 and the reason if there is none."""
    stops = []
    for index, wishes in enumerate(readings):
        wish, step = _first_step(wishes, (clause, index), page, layout, entries)
        if not isinstance(step, Stop):
            return (index, wish), step
        stops.append(step)
    wanted = tuple(dict.fromkeys(term for step in stops for term in step.wanted))
    clear = next((step for step in stops if not step.missing), stops[0])
    return (-1, 0), replace(clear, wanted=wanted)


def _first_step(
    wishes: Reading, at: tuple[int, int], page: Page, layout: Layout, entries: Sequence[Entry]
) -> tuple[int, Step]:
    """The first wish of a reading that isn't fulfilled, or the last one, and its step."""
    for index, wish in enumerate(wishes):
        step = _step(wishes, (*at, index), page, layout, entries)
        if isinstance(step, Done) and isinstance(wish, Gist | Order):
            return index, Stop("it seems to be so already, and nothing was done", missing=True)
        if not isinstance(step, Done):
            break
    return index, step


def _looked_at(step: Act, page: Page, eyes: Eyes) -> Act | Stop:
    """The step, if the picture bears it out; what pointing called up may cover its target."""
    if step.on is None or step.action["kind"] not in ("click", "type", "select", "drag", "hover"):
        return step
    borne_out, seen = eyes.confirm(page, step.on)
    if borne_out:
        return replace(step, why=f"{step.why}; {seen}")
    if page.history and page.history[-1].action.get("kind") == "click":
        hover = {"kind": "hover", **target(step.on)}
        return Act(hover, "look", step.on, f"{seen}: it goes when the pointer leaves what it is of")
    return Stop(f"the picture does not bear out the list: {seen}", (step.on,))


def _finish(page: Page, entries: Sequence[Entry]) -> Reply:
    answers = [entry.text for entry in entries if entry.did == "answer"]
    if answers:
        text = reading.in_schema(" ".join(answers), page.schema)
        return Reply({"kind": "answer", "text": text}, "read from the page", _memory(entries))
    message = "; ".join(f"{entry.did} '{entry.on}'" for entry in entries if entry.on)
    action = {"kind": "finish", "success": True, "message": message or "nothing was left to do"}
    return Reply(action, "every part of the goal is done", _memory(entries))


def _give_up(reason: str, close: Sequence[Element], entries: Sequence[Entry], about: str) -> Reply:
    candidates = ", ".join(f"'{e.name or e.role}'" for e in close[:5]) or "none"
    message = f"gave up: {reason}; candidates: {candidates}"
    action = {"kind": "finish", "success": False, "message": message}
    return Reply(action, about, _memory(entries))


def _trace(about: str, step: Act, entry: Entry) -> str:
    on = f" '{entry.on}'" if entry.on else ""
    return f"{about}: {entry.did}{on}" + (f" ({step.why})" if step.why else "")


def _step_number(page: Page) -> int:
    return page.history[-1].step + 1 if page.history else 0


def _name(step: Act) -> str:
    return (step.on.name or step.on.context)[:80] if step.on else ""


def _mood(page: Page) -> Mapping[str, Any]:
    return {} if _calm(page) else {"calm": False}


def _memory(entries: Sequence[Entry]) -> Mapping[str, Any]:
    return {"log": [_written(entry) for entry in entries]}


def _written(entry: Entry) -> dict[str, Any]:
    line = {"step": entry.step, "at": list(entry.at), "did": entry.did}
    kept = {"on": entry.on, "text": entry.text}
    return line | {key: value for key, value in kept.items() if value}


def _read(line: Any) -> Entry | None:
    """A line of the log as it came back; None when somebody else wrote it."""
    try:
        clause, chosen, wish = map(int, line["at"])
        on, text = str(line.get("on", "")), str(line.get("text", ""))
        return Entry(int(line["step"]), (clause, chosen, wish), str(line["did"]), on, text)
    except (TypeError, KeyError, ValueError, AttributeError):
        return None
