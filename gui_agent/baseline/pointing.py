"""Pointing at things, scrolling, and dragging one thing onto another. Pure."""

from __future__ import annotations

from dataclasses import replace

from gui_agent.baseline.goals import Hover, Move, Phrase, ScrollTo
from gui_agent.baseline.matching import Doubt, Match, choose
from gui_agent.baseline.steps import Act, Done, Scene, Step, Stop, evidence, place_of, stop, target

_MOST_SCROLLS = 15
_FAR = 20.0
"""Screens at once, on the way to an end."""


def hover(wish: Hover, scene: Scene) -> Step:
    if scene.did("do"):
        return Done("pointed at it")
    found = choose(wish.what, scene.page.elements, scene.layout)
    if isinstance(found, Doubt):
        return stop(found, wish.what.must)
    return Act({"kind": "hover", **target(found.element)}, "do", found.element, evidence(found))


def scroll(wish: ScrollTo, scene: Scene) -> Step:
    """Scroll until the thing shows, to an end, or once."""
    page = scene.page
    left = page.below if wish.direction in ("down", "right") else page.above
    amount = {"amount": _FAR} if wish.to_end else {}
    act = Act({"kind": "scroll", "direction": wish.direction, **amount}, "scroll")
    if wish.within is not None:
        return _scroll_within(wish, wish.within, scene)
    if wish.what is not None:
        found = choose(wish.what, page.elements, scene.layout)
        if isinstance(found, Match):
            return Done(f"'{found.element.name}' shows")
        if left < 0.02 or len(scene.entries) >= _MOST_SCROLLS:
            return Stop(f"'{wish.what.text}' did not come up by scrolling")
        return act
    if wish.to_end:
        arrived = left < 0.02 or len(scene.entries) >= _MOST_SCROLLS
        return Done("at the end") if arrived else act
    return Done("scrolled") if scene.did("scroll") else act


def _scroll_within(wish: ScrollTo, what: Phrase, scene: Scene) -> Step:
    """Scroll one part of the page until that changes nothing any more."""
    last = scene.did("scroll")
    if last and ((last.past and not last.past.changed) or len(scene.entries) >= _MOST_SCROLLS):
        return Done("scrolled to the end")
    elements = [replace(e, states=e.states - {"disabled"}) for e in scene.page.elements]
    found = choose(what, elements, scene.layout)
    if isinstance(found, Doubt):
        return stop(found, what.must)
    action = {
        "kind": "scroll",
        "direction": wish.direction,
        "amount": _FAR,
        **target(found.element),
    }
    return Act(action, "scroll", found.element, evidence(found))


def drag(wish: Move, scene: Scene) -> Step:
    """Drag one named thing onto another; what nothing tells to be movable has to fit exactly."""
    last = scene.did("do")
    if last:
        moved = last.past is None or last.past.changed
        return Done("dragged") if moved else Stop("dragging changed nothing")
    short = [e for e in scene.page.elements if len(e.name) <= 40]
    source = choose(wish.what, short, scene.layout)
    goal = choose(wish.onto, short, scene.layout)
    for found, named in ((source, wish.what), (goal, wish.onto)):
        if isinstance(found, Doubt):
            return stop(found, named.must)
    assert isinstance(source, Match)
    assert isinstance(goal, Match)
    if source.element.mark is None and source.score < 0.95:
        return Stop(f"'{source.element.name}' may not be movable", (source.element,))
    ends = [place_of(source.element), place_of(goal.element)]
    action: dict[str, object] = {"kind": "drag", "path": ends}
    if source.element.mark is not None:
        action["mark"] = source.element.mark
    return Act(action, "do", source.element, evidence(source))
