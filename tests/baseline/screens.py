"""Hand-written screens for the policy: elements in a column, and a run that is played on them."""

from __future__ import annotations

from typing import Any

from gui_agent.baseline.page import Page, Past
from gui_agent.baseline.policy import Eyes, Reply, decide
from gui_agent.screen import Box, Element


def element(
    name: str, role: str = "button", *, at: tuple[float, float] = (0.1, 0.1), **more: Any
) -> Element:
    """An element of ordinary size whose top-left corner is `at`; text has no mark."""
    left, top = at
    more["states"] = frozenset(more.get("states", ()))
    return Element(more.pop("mark", 0), Box(left, top, left + 0.15, top + 0.03), role, name, **more)


def screen(goal: str, *elements: Element, **more: Any) -> Page:
    """A page with these elements below one another, the interactive ones numbered."""
    placed, mark = [], 0
    for row, one in enumerate(elements):
        top = 0.05 + 0.06 * row
        readable = one.role in ("text", "heading")
        box = Box(one.box.left, top, one.box.right, top + 0.03)
        placed.append(
            Element(
                None if readable else mark,
                box,
                one.role,
                one.name,
                value=one.value,
                states=one.states,
                context=one.context,
            )
        )
        mark += not readable
    return Page(goal, elements=tuple(placed), **more)


def after(page: Page, reply: Reply, *elements: Element, result: str = "ok") -> Page:
    """The next request: what was answered has become history and memory, on a new screen."""
    past = Past(len(page.history), reply.action, result, failed=result.startswith("!"))
    new = screen(page.goal, *elements)
    return Page(
        page.goal, history=(*page.history, past), memory=reply.memory, elements=new.elements
    )


def chosen(page: Page, eyes: Eyes | None = None) -> dict[str, Any]:
    return dict(decide(page, eyes).action)
