"""Looking for what does not show: by scrolling, then through tabs, sections and menus. Pure.

Exploring never presses a button that does something.
"""

from __future__ import annotations

from collections.abc import Sequence

from gui_agent.baseline import words
from gui_agent.baseline.layout import Layout
from gui_agent.baseline.matching import DEEDS
from gui_agent.baseline.repeating import next_page
from gui_agent.baseline.steps import Act, Entry, Scene, Stop
from gui_agent.baseline.vocabulary import RISKY
from gui_agent.screen import Element

_MOST_SCROLLS = 12
_MOST_DOORS = 8
_WAIT = Act({"kind": "wait", "seconds": 1.0}, "explore", None, "it may take a moment", text="wait")
_MENUS = frozenset({"more", "⋮", "…", "options", "actions"})
"""Names of what opens the menu of the row or card that it stands in."""
_PARTS = frozenset({"tab", "section", "chapter", "part"})
_CROSSES = frozenset(["close", "×", "✕", "✖", "关闭"])
"""In a row, these close or remove what the row stands for, so they count only on their own."""
_CLOSERS = _CROSSES | frozenset(
    [
        "dismiss",
        "no thanks",
        "not now",
        "maybe later",
        "got it",
        "close dialog",
        "我知道了",
        "知道了",
        "以后再说",
        "暂不",
    ]
)
_END = 0.03
"""Of a screen: less than this is no more to scroll."""


def explore(stopped: Stop, scene: Scene) -> Act | None:
    """The next look elsewhere for what a wish lacks, or None when all has been seen."""
    seen = [entry for entry in scene.entries if entry.did == "explore"]
    waited = any(entry.text == "wait" for entry in seen)
    last = scene.page.history[-1].action.get("kind") if scene.page.history else ""
    if last == "hover" and not waited:
        return _WAIT
    scrolled = [entry for entry in seen if entry.text in ("up", "down")]
    opened = [entry for entry in seen if entry.on]
    turned = any(entry.text == "up" for entry in scrolled)
    doors = _doors(stopped.wanted, scene, opened, related_only=True)
    way = _unseen(scene, scrolled, turned)
    if not doors and way != "down" and len(opened) < _MOST_DOORS:
        doors = _doors(stopped.wanted, scene, opened, related_only=False)
    if doors:
        return Act(
            {"kind": "click", "mark": doors[0].mark}, "explore", doors[0], "a look behind it"
        )
    if not way and (turn := next_page(scene)) and len(opened) < _MOST_DOORS:
        return Act({"kind": "click", "mark": turn.mark}, "explore", turn, "it may be overleaf")
    if not way and (closer := _closer(scene, opened)):
        return Act({"kind": "click", "mark": closer.mark}, "explore", closer, "it covers the page")
    if way:
        scroll = {"kind": "scroll", "direction": way}
        return Act(scroll, "explore", None, "it may be further on", text=way)
    return _WAIT if scene.page.history and not waited else None


def decline(scene: Scene) -> Act | None:
    """Say no to a question that popped up: what is wanted can't be used while it is open."""
    asked = any(e.name.rstrip().endswith(("?", "？")) for e in scene.page.readable)
    negative = [e for e in scene.page.marked if e.role == "button" and _is_no(e)]
    if not asked or len(negative) != 1 or any(entry.did == "explore" for entry in scene.entries):
        return None
    action = {"kind": "click", "mark": negative[0].mark}
    return Act(action, "explore", negative[0], "a question is in the way")


def _is_no(element: Element) -> bool:
    said = words.terms(element.name)
    return said in (("cancel",), ("no",), ("no", "thanks"), ("not", "now"))


def _unseen(scene: Scene, scrolled: Sequence[Entry], turned: bool) -> str:
    """The way to scroll on: down to the end, and from there up to the top, once."""
    page = scene.page
    if len(scrolled) >= _MOST_SCROLLS:
        return ""
    if page.below > _END and not turned:
        return "down"
    return "up" if page.above > _END else ""


def _doors(
    wanted: Sequence[str], scene: Scene, opened: Sequence[Entry], related_only: bool
) -> list[Element]:
    """What may be opened without doing anything, the likeliest first."""
    been = {entry.on for entry in opened}
    doors = []
    for element in scene.page.marked:
        label = scene.layout.label(element)
        if _is_twisty(element, scene.layout):
            label = element.context
        name = set(words.content(label))
        around = name | set(scene.layout.context(element))
        is_door = _is_door(element) or label == element.context
        said = around if is_door or name <= _MENUS else name
        related = sum(words.best(term, said) for term in wanted if term not in DEEDS)
        if label in been or not label or "disabled" in element.states or name & RISKY:
            continue
        if related_only and not related:
            continue
        if is_door or (related and (_leads_on(element, name) or name <= _MENUS)):
            doors.append((related, element))
    return [element for _, element in sorted(doors, key=lambda door: -door[0])]


def _closer(scene: Scene, opened: Sequence[Entry]) -> Element | None:
    """What closes a pop-up that lies over the page, and does nothing else."""
    been = {entry.on for entry in opened}
    for element in reversed(scene.page.marked):
        name = words.fold(element.name) or element.name.strip()
        if element.role not in ("button", "link") or name not in _CLOSERS or element.name in been:
            continue
        if not (name in _CROSSES and element.context):
            return element
    return None


def _is_door(element: Element) -> bool:
    """A tab, a folded section or a menu that isn't open."""
    if element.role == "tab":
        return "selected" not in element.states
    if element.role in ("link", "generic") and _PARTS & set(words.terms(element.name)):
        return "selected" not in element.states
    if element.role in ("combobox", "textbox", "searchbox", "checkbox", "switch", "radio"):
        return False
    return "collapsed" in element.states or (
        "haspopup" in element.states and "expanded" not in element.states
    )


def _is_twisty(element: Element, layout: Layout) -> bool:
    """What folds a branch of a tree: small, nameless, and right before the branch's name."""
    row = layout.row_at(element)
    if element.name or element.role not in ("generic", "image") or row is None:
        return False
    return any(
        e.mark is not None
        and e.name == element.context
        and 0 <= e.box.left - element.box.right < 0.02
        for e in row.cells
    )


def _leads_on(element: Element, name: set[str]) -> bool:
    """A link that is named after something, not after a deed."""
    return element.role in ("link", "treeitem") and not name & DEEDS
