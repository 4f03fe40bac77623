"""Whether the page waits for an answer: a dialog or form with a way out of it. Pure."""

from __future__ import annotations

from gui_agent.baseline import words
from gui_agent.baseline.layout import gap
from gui_agent.baseline.matching import Match
from gui_agent.baseline.page import Page
from gui_agent.baseline.steps import Act, Scene, click
from gui_agent.baseline.vocabulary import RISKY
from gui_agent.screen import Element

SURE = frozenset({"confirm", "ok", "yes", "continue", "apply", "submit", "save", "done"})
"""Names of buttons that only say `go on`."""
_OUT = frozenset(
    "cancel,no,not now,never mind,keep,keep it,no thanks,go back,don't save,discard,"
    "取消,否,不了,暂不,再想想,返回,不用了,以后再说".split(",")
)


def way_out(page: Page) -> Element | None:
    """The button that would call it off, if another stands beside it that would go on."""
    for element in reversed(page.marked):
        if _leads_out(element) and way_on(page, element):
            return element
    return None


def way_on(page: Page, out: Element) -> list[Element]:
    """The buttons beside a way out, nearest first."""
    beside = [
        e
        for e in page.marked
        if e is not out and e.name and e.role in ("button", "link", "generic")
        and not _leads_out(e) and gap(e, out) < 0.12 and abs(e.box.top - out.box.top) < 0.03
    ]  # fmt: skip
    return sorted(beside, key=lambda e: gap(e, out))


def _leads_out(element: Element) -> bool:
    return element.role in ("button", "link") and words.fold(element.name) in _OUT


def go_on(deeds: set[str], scene: Scene) -> Act | None:
    """Confirm a deed that the page asks back about: the button beside the way out of it."""
    out = way_out(scene.page)
    if out is None or scene.did("confirm"):
        return None
    for button in way_on(scene.page, out):
        name = set(words.content(button.name))
        meant = name <= SURE or any(words.best(deed, name) >= 0.85 for deed in deeds)
        if meant and not (RISKY & name) - deeds and "disabled" not in button.states:
            return click(button, Match(button, 0.9, "confirming the deed"), did="confirm")
    return None
