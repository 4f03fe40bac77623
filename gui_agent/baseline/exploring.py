"""Looking for what does not show: by scrolling, then through tabs, sections and menus. Pure.

Exploring never presses a button that does something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gui_agent.baseline import words
from gui_agent.baseline.layout import Layout
from gui_agent.baseline.matching import DEEDS
from gui_agent.baseline.repeating import next_page
from gui_agent.baseline.steps import Act, Entry, Scene, Stop, target
from gui_agent.baseline.vocabulary import RISKY, SOFT
from gui_agent.screen import Element

_MOST_SCROLLS = 12
_MOST_DOORS = 8
_WAIT = Act({"kind": "wait", "seconds": 1.0}, "explore", None, "it may take a moment", text="wait")
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
_TITLES = frozenset({"link", "generic", "listitem", "row", "treeitem"})
_DOTS = frozenset(["⋮", "⋯", "…", "...", "☰", "•••", "···", "≡", "︙"])
_ARROWS = ("▾", "▼", "⌄", "▿", "˅")
_MENUS = frozenset(["menu", "more", "option", "action", "操作", "options", "actions"])
_MENU_OF = re.compile(r"(?:more\s+)?(?:actions|options)\s+(?:for|of|on)\b|.+的操作$", re.IGNORECASE)
ONWARD = "onward"
LOOKS = frozenset(["up", "down", "wait", ONWARD])
"""What the log says of a look that opened no place of its own."""
_MOST_WAITS = 3
"""For a program, which may tell bit by bit what its window shows."""
_FILLED = re.compile(r"(?:^|:)(?:type|do|pick)$")
"""How the log calls a step that gave a field its value."""
_END = 0.03
"""Of a screen: less than this is no more to scroll."""


def explore(stopped: Stop, scene: Scene) -> Act | None:
    """The next look elsewhere for what a wish lacks, or None when all has been seen."""
    seen = [entry for entry in scene.entries if entry.did == "explore"]
    waits = sum(entry.text == "wait" for entry in seen)
    waited = waits >= (_MOST_WAITS if scene.page.native else 1)
    last = scene.page.history[-1].action.get("kind") if scene.page.history else ""
    if last == "hover" and not waited:
        return _WAIT
    scrolled = [entry for entry in seen if entry.text in ("up", "down")]
    opened = [entry for entry in seen if entry.on]
    turned = any(entry.text == "up" for entry in scrolled)
    way = _unseen(scene, scrolled, turned)
    if way != "down" and (onward := _onward(scene)):
        action = {"kind": "click", "mark": onward.mark}
        return Act(action, "explore", onward, "it may be in the next part", text=ONWARD)
    if door := _door(stopped.wanted, scene, opened, scrolled_out=way != "down"):
        return _opening(door, scene)
    if not way and (turn := next_page(scene)) and len(opened) < _MOST_DOORS:
        return Act({"kind": "click", "mark": turn.mark}, "explore", turn, "it may be overleaf")
    if not way and (closer := _closer(scene, opened)):
        return Act({"kind": "click", "mark": closer.mark}, "explore", closer, "it covers the page")
    if way:
        scroll = {"kind": "scroll", "direction": way}
        return Act(scroll, "explore", None, "it may be further on", text=way)
    may_come = scene.page.history or not scene.page.elements
    return _WAIT if may_come and not waited else None


def _onward(scene: Scene) -> Element | None:
    """What leads to the next part of a form of which this part has been filled in."""
    steps = sorted((*scene.before, *scene.entries), key=lambda entry: entry.step)
    since = 0
    for place, entry in enumerate(steps):
        if entry.text == ONWARD:
            since = place + 1
    filled = any(_FILLED.search(entry.did) and not entry.failed for entry in steps[since:])
    if not filled or next_page(scene):
        return None
    buttons = [
        e
        for e in scene.page.marked
        if e.role in ("button", "link") and words.content(e.name)[:1] in (("continue",), ("next",))
        and "disabled" not in e.states and not RISKY & set(words.terms(e.name))
    ]  # fmt: skip
    return buttons[0] if len(buttons) == 1 else None


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


def _door(
    wanted: Sequence[str], scene: Scene, opened: Sequence[Entry], scrolled_out: bool
) -> Element | None:
    """What to open next: first what has to do with the wish; all else once the page's end shows."""
    if doors := _doors(wanted, scene, opened, related_only=True):
        return doors[0]
    if item := _item(wanted, scene, opened):
        return item
    if not scrolled_out or len(opened) >= _MOST_DOORS:
        return None
    doors = _doors(wanted, scene, opened, related_only=False) or _places(scene, opened)
    return doors[0] if doors else None


def leads_there(wanted: Sequence[str], scene: Scene) -> bool:
    """Is there a menu or tab here that has to do with what is wanted, not yet looked into?"""
    seen = [entry for entry in scene.entries if entry.did == "explore" and entry.on]
    return bool(_doors(wanted, scene, seen, related_only=True))


def _opening(door: Element, scene: Scene) -> Act:
    said = " ".join((door.name, door.context))[:200]
    return Act({"kind": "click", **target(door)}, "explore", door, "a look behind it", text=said)


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
    been = {(entry.on, entry.text) for entry in opened}
    doors = []
    for element in scene.page.marked:
        label = scene.layout.label(element)
        twisty = _is_twisty(element, scene.layout)
        if twisty:
            label = element.context
        name = set(words.content(label))
        door = twisty or _is_door(element, label)
        said = name | set(scene.layout.context(element)) if door else name
        telling = [term for term in wanted if term not in DEEDS and term not in SOFT]
        related = sum(words.best(term, said) for term in telling)
        if not label or _seen(element, label, been) or "disabled" in element.states or name & RISKY:
            continue
        if related_only and not related:
            continue
        if door or (related and _leads_on(element, name)):
            doors.append((related, element))
    doors.sort(key=lambda door: -door[0])
    return [e for related, e in doors if _is_the_one(related, e, doors, scene)]


def _seen(element: Element, label: str, been: set[tuple[str, str]]) -> bool:
    said = " ".join((element.name, element.context))[:200]
    known = not (element.name and element.context)
    return any(on == label and (known or text == said) for on, text in been)


def _is_the_one(
    related: float, element: Element, doors: Sequence[tuple[float, Element]], scene: Scene
) -> bool:
    """Of the same menu in every row, only the row's that has most to do with the wish is opened."""
    twins = [r for r, e in doors if e is not element and e.name == element.name]
    return not scene.layout.has_twins(element) or (
        related > 0 and all(related > other for other in twins)
    )


def _item(wanted: Sequence[str], scene: Scene, opened: Sequence[Entry]) -> Element | None:
    """The title of the only thing on the page that has all to do with the wish."""
    named = [t for t in dict.fromkeys(wanted) if t not in DEEDS and t not in SOFT]
    been = {entry.on for entry in opened}
    titles = []
    for element in scene.page.elements:
        name = words.content(element.name)
        acts = element.mark is not None and element.role not in _TITLES
        if acts or not name or element.name in been or re.search("[:：]", element.name):
            continue
        said = sum(words.best(term, name) >= 0.85 for term in named)
        if said and len(name) <= 12 and not set(name) & (DEEDS | RISKY):
            titles.append((said, -len(name), element))
    titles.sort(key=lambda title: title[:2], reverse=True)
    if not titles or titles[0][0] < min(2, len(named)) or 2 * titles[0][0] < len(named):
        return None
    if len(titles) > 1 and titles[0][:2] == titles[1][:2]:
        return None
    return titles[0][2]


def _places(scene: Scene, opened: Sequence[Entry]) -> list[Element]:
    """The entries of the page's own menu: at least three alike in one column or one line."""
    been = {entry.on for entry in opened}
    entries = [
        e
        for e in scene.page.marked
        if e.role in ("link", "generic", "menuitem") and 0 < len(e.name) <= 24
        and not (DEEDS | RISKY) & set(words.terms(e.name)) and "selected" not in e.states
        and not any(c.isdigit() for c in e.name) and "random" not in words.terms(e.name)
    ]  # fmt: skip
    lined = [
        e
        for e in entries
        if sum(abs(o.box.left - e.box.left) < 0.01 and e.box.left < 0.3 for o in entries) > 2
        or sum(abs(o.box.top - e.box.top) < 0.01 and e.box.top < 0.2 for o in entries) > 2
    ]
    return [e for e in lined if e.name not in been and not scene.layout.has_twins(e)]


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


def _is_door(element: Element, label: str) -> bool:
    """A tab, a folded section or a menu that isn't open."""
    if element.role == "tab":
        return "selected" not in element.states
    if element.role in ("link", "generic") and _PARTS & set(words.terms(element.name)):
        return "selected" not in element.states
    if element.role == "combobox" and {"haspopup", "collapsed"} <= element.states:
        return True  # a built list: its options can't be chosen before it is opened
    if element.role in ("combobox", "textbox", "searchbox", "checkbox", "switch", "radio"):
        return False
    if element.role in ("button", "link", "generic") and is_menu(label):
        return "expanded" not in element.states
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


def is_menu(label: str) -> bool:
    """Is it called as menus are: `⋮`, `More options`, `Status: All ▾`, `Actions for tent 3`?"""
    name = set(words.terms(label))
    return bool(
        label.strip() in _DOTS
        or _MENU_OF.match(label)
        or any(arrow in label for arrow in _ARROWS)
        or (
            bool(name & _MENUS) and name <= _MENUS | {"row", "open", "account", "of", "for", "show"}
        )
    )


def _leads_on(element: Element, name: set[str]) -> bool:
    """A link that is named after something, not after a deed."""
    short = element.role == "generic" and len(element.name) <= 24
    short = short and not words.is_state(element.name, "")
    return (short or element.role in ("link", "treeitem")) and not name & (DEEDS | {"random"})
