"""Being where a goal says that its parts are to be done: a tab, a page, a section. Pure."""

from __future__ import annotations

from gui_agent.baseline import words
from gui_agent.baseline.exploring import is_menu
from gui_agent.baseline.goals import Enter, Phrase
from gui_agent.baseline.matching import DOING, Match
from gui_agent.baseline.steps import Done, Scene, Step, Stop, click
from gui_agent.baseline.vocabulary import CONTROLS, RISKY, STOP
from gui_agent.screen import Element

_DOORS = frozenset({"tab", "link", "generic", "menuitem", "button", "treeitem"})


def enter(wish: Enter, scene: Scene) -> Step:
    """Open the place unless it is open; what isn't called so on this page is no place of it."""
    text = wish.what.text
    if text in scene.entered:
        return Done(f"'{text}' was opened")
    if is_here(wish.what, scene):
        return Done(f"this is '{text}'")
    doors = [e for e in scene.page.marked if _leads_to(e, wish.what, scene)]
    if len(doors) == 1:
        return click(doors[0], Match(doors[0], 1.0, "its name"), did="enter", text=text)
    reason = f"nothing here leads to '{text}' alone"
    return Stop(reason, tuple(doors), missing=not doors, wanted=_telling(text))


def is_here(what: Phrase, scene: Scene, exact: bool = False) -> bool:
    """Does a heading or the selected entry of a menu say that this is the place?"""
    return any(
        e.role == "heading" or "selected" in e.states
        for e in scene.page.elements
        if _is_called(e.name, what) and not (exact and words.fold(e.name) != words.fold(what.text))
    )


def _telling(text: str) -> tuple[str, ...]:
    said = words.terms(text)
    kept = tuple(term for term in said if term not in STOP and words.is_telling(term))
    return tuple(term for term in kept if term not in CONTROLS) or kept


def _is_called(name: str, what: Phrase) -> bool:
    wanted, said = set(_telling(what.text)), set(_telling(name))
    return bool(wanted) and wanted == said


def _leads_to(element: Element, what: Phrase, scene: Scene) -> bool:
    """An entry of a menu, a tab, a link: what would do something is no place."""
    if element.role not in _DOORS or "disabled" in element.states:
        return False
    terms = set(words.terms(element.name))
    acts = element.role == "button" and terms & (DOING | RISKY)
    folded = {"collapsed", "haspopup"} & element.states or is_menu(element.name)
    return _is_called(element.name, what) and (bool(folded) or not acts)
