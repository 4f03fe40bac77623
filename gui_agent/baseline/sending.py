"""Sending a form off: what it wants to have twice, and the button beside it. Pure."""

from __future__ import annotations

from itertools import pairwise

from gui_agent.baseline import words
from gui_agent.baseline.goals import Commit
from gui_agent.baseline.layout import gap
from gui_agent.baseline.matching import Match, rank
from gui_agent.baseline.steps import Act, Done, Scene, Step, Stop, click
from gui_agent.baseline.vocabulary import STOP
from gui_agent.screen import Element

_COMMITS = (
    "submit",
    "save",
    "ok",
    "add",
    "create",
    "done",
    "complete",
    "apply",
    "continue",
    "next",
    "send",
    "confirm",
    "update",
    "finish",
)
_AGAIN = frozenset("repeat confirm again retype reenter verify confirmation 再次 重复".split())
"""Words in the label of a field that wants to have once more what was typed into the one before."""


def commit(wish: Commit, scene: Scene) -> Step:
    """Send off what was just filled in."""
    if scene.did("do"):
        return Done("sent off")
    if again := repeat(scene):
        return again
    field = scene.last_touched()
    buttons = [e for e in scene.page.marked if e.role in ("button", "link", "generic", "image")]
    buttons = [e for e in buttons if "disabled" not in e.states and e.name]
    named = [m.element for m in rank(wish.what, buttons, scene.layout, wish.verb)]
    allowed = {wish.verb, *wish.what.must, *wish.what.soft, *_COMMITS}
    allowed |= set(words.content(scene.layout.label(field))) if field else set()
    general = [e for e in buttons if e.role == "button" and set(words.content(e.name)) <= allowed]
    for candidates in ([e for e in named if e in general], general, named):
        if nearest := _nearest_after(field, candidates):
            return click(nearest, Match(nearest, 0.9, "standing after the field"))
    if field:
        return Act({"kind": "keys", "keys": ["enter"]}, "do", None, "no button beside the field")
    return Stop(f"there is no button to '{wish.verb}' with", missing=True)


def _nearest_after(field: Element | None, among: list[Element]) -> Element | None:
    if field is None:
        return among[0] if len(among) == 1 else None
    later = [e for e in among if (e.mark or 0) > (field.mark or 0)] or among
    return min(later, key=lambda e: gap(field, e), default=None)


def repeat(scene: Scene) -> Act | None:
    """Type into `Repeat the password` what the password's own field was just given."""
    texts = [e for e in scene.page.marked if e.role == "textbox"]
    typed = [e for e in (*scene.before, *scene.entries) if e.past and e.past.action.get("text")]
    last = max(typed, key=lambda entry: entry.step, default=None)
    if last is None or last.past is None or last.failed or last.did == "repeat":
        return None
    for first, second in pairwise(texts):
        label = set(words.terms(scene.layout.label(second)))
        own = set(words.content(scene.layout.label(first)))
        same = label & _AGAIN and label - _AGAIN <= own | STOP | {"new"}
        if same and not second.value and last.past.action.get("mark") == first.mark:
            text = last.past.action["text"]
            action = {"kind": "type", "mark": second.mark, "text": text, "clear": True}
            return Act(action, "repeat", second, "the same once more")
    return None
