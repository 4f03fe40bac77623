"""Sliders without a role and spinners that refuse typing: moved until the figure is right. Pure.

A drag or two tell how far the figure runs with the handle; arrow keys do the rest.
"""

from __future__ import annotations

from gui_agent.baseline.goals import Fill
from gui_agent.baseline.steps import Act, Done, Entry, Scene, Step, Stop, place_of, signed
from gui_agent.screen import Element

_PROBE = 0.06
"""Of a screen: the first drag, made to see how the figure changes."""
_NEAR = 4.0
"""Steps that are left to the keyboard."""
_LARGEST = 0.06
"""Of a screen: the side of a slider's handle."""
_MOST_TRIES = 12


def slide(wish: Fill, scene: Scene) -> Step:
    """The next movement of a slider's handle towards the value."""
    wanted = signed(wish.value)
    handles = _handles(scene)
    at = wish.field.ordinal if wish.field else 0
    if wanted is None or not handles or at > len(handles) or (not at and len(handles) > 1):
        return Stop(f"there are {len(handles)} sliders here", tuple(handles))
    handle = handles[max(at - 1, 0)]
    figure = _figure(handle, scene)
    if figure is None:
        return Stop("the slider shows no figure", (handle,))
    value = signed(figure.name) or 0.0
    if value == wanted:
        return Done(f"the slider shows {figure.name}")
    moves = [entry for entry in scene.entries if entry.did == "type" and not entry.failed]
    if len(moves) >= _MOST_TRIES:
        return Stop(f"the slider shows {figure.name} instead of {wish.value}", (handle,))
    return _move(handle, value, wanted, moves)


def nudge(element: Element, wanted: float, scene: Scene) -> Step:
    """One arrow key towards the value of a spinner that has the focus."""
    value = signed(element.value or "")
    if value is None or len(scene.entries) > 2 * _MOST_TRIES:
        return Stop(f"it holds '{element.value}' instead of '{wanted:g}'", (element,))
    key = "up" if wanted > value else "down"
    return Act({"kind": "keys", "keys": [key]}, "type", element, f"it holds {element.value}")


def _handles(scene: Scene) -> list[Element]:
    """Small things that nothing is written on, from top to bottom."""
    small = [
        e
        for e in scene.page.marked
        if e.role in ("generic", "slider")
        and not e.name
        and max(e.box.right - e.box.left, e.box.bottom - e.box.top) < _LARGEST
    ]
    return sorted(small, key=lambda e: e.box.top)


def _figure(handle: Element, scene: Scene) -> Element | None:
    """The number beside or below a handle: the nearest by height."""
    middle = handle.box.center.y
    below = [
        e
        for e in scene.page.readable
        if signed(e.name) is not None and e.box.bottom > middle - 0.005
    ]
    return min(below, key=lambda e: e.box.center.y, default=None)


def _move(handle: Element, value: float, wanted: float, moves: list[Entry]) -> Act:
    here = (handle.box.center.x, handle.box.center.y)
    seen = [place for entry in moves if (place := _read(entry.text))]
    text = f"{here[0]:.4f} {here[1]:.4f} {value:g}"
    if moves and abs(wanted - value) <= _NEAR:
        key = "right" if wanted > value else "left"
        return Act({"kind": "keys", "keys": [key]}, "type", handle, f"at {value:g}", text)
    to = _aim(here, value, wanted, seen) or _probe(here, len(moves))
    path = [place_of(handle), [round(min(max(edge, 0.0), 1.0) * 1000) for edge in to]]
    action = {"kind": "drag", "mark": handle.mark, "path": path}
    return Act(action, "type", handle, f"at {value:g}", text)


def _probe(here: tuple[float, float], tries: int) -> tuple[float, float]:
    """Along both axes at once, as it isn't known which way the slider runs; back if it is at its
    end."""
    way = -1 if tries % 2 else 1
    return here[0] + way * _PROBE, here[1] + way * _PROBE


def _aim(
    here: tuple[float, float],
    value: float,
    wanted: float,
    seen: list[tuple[float, float, float]],
) -> tuple[float, float] | None:
    """Where the handle has to be, from where it is and the farthest place that it was in before."""
    told = [place for place in seen if place[2] != value]
    if not told:
        return None
    *before, old = max(told, key=lambda place: abs(place[2] - value))
    share = (wanted - value) / (value - old)
    return here[0] + share * (here[0] - before[0]), here[1] + share * (here[1] - before[1])


def _read(text: str) -> tuple[float, float, float] | None:
    parts = text.split()
    return (float(parts[0]), float(parts[1]), float(parts[2])) if len(parts) == 3 else None
