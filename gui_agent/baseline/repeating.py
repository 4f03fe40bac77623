"""All of what fits, so many of it, or the n-th: with scrolling and turning pages. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from gui_agent.baseline import words
from gui_agent.baseline.calendar import shown_month
from gui_agent.baseline.facts import records
from gui_agent.baseline.goals import Phrase, Press
from gui_agent.baseline.layout import gap
from gui_agent.baseline.matching import MARGIN, Match, rank
from gui_agent.baseline.steps import Act, Done, Scene, Step, Stop, click
from gui_agent.screen import Element

_MOST_SCROLLS = 15
_END = 0.03
"""Of a screen: less than this is no more to scroll."""
_NEXT = frozenset({">", "›", "»", "→", "next", "next page", "下一页"})
_NOT_TOLD = frozenset({"search", "result"})
"""`The 5th search result` is the fifth thing of the list, whatever that is called."""


def press_every(wish: Press, among: Sequence[Element], scene: Scene) -> Step:
    """All that fit, or so many of them, in the order of the page."""
    found = rank(wish.what, among, scene.layout, wish.verb)
    best = found[0].score if found else 0.0
    fitting = sorted(
        (m for m in found if m.score > best - MARGIN), key=lambda m: m.element.mark or 0
    )
    clicked = [entry.text for entry in scene.entries if entry.did == "each" and not entry.failed]
    if wish.most and len(clicked) >= wish.most:
        return Done(f"{len(clicked)} were clicked")
    kept = _surroundings(fitting, scene)
    if len(set(kept)) < len(kept):
        return _by_place(fitting, clicked, wish)
    left = [m for m, text in zip(fitting, kept, strict=True) if text not in clicked]
    if left:
        return replace(
            click(left[0].element, left[0], did="each"), text=kept[fitting.index(left[0])]
        )
    return _further(wish, clicked, scene)


def _surroundings(fitting: Sequence[Match], scene: Scene) -> list[str]:
    """What tells each from its twins, also when the page has been scrolled; counters may change."""
    full = [scene.layout.belongs(match.element) or match.element.name for match in fitting]
    steady = [re.sub(r"\d+", "#", text) for text in full]
    return steady if len(set(steady)) == len(steady) else full


def _further(wish: Press, clicked: Sequence[str], scene: Scene) -> Step:
    scrolls = [entry for entry in scene.entries if entry.did == "scroll"]
    if scene.page.below > _END and len(scrolls) < _MOST_SCROLLS:
        return Act({"kind": "scroll", "direction": "down"}, "scroll", None, "there may be more")
    if not clicked:
        return Stop(f"nothing here is called '{wish.what.text}'", missing=True,
                    wanted=wish.what.must)  # fmt: skip
    if wish.most:
        return Stop(f"there are only {len(clicked)} of them here")
    return Done(f"{len(clicked)} were clicked")


def _by_place(fitting: Sequence[Match], clicked: Sequence[str], wish: Press) -> Step:
    """Things that nothing tells apart: where a click makes one vanish, the next takes its place."""
    total = int(clicked[0]) if clicked and clicked[0].isdigit() else len(fitting)
    place = len(clicked) - (total - len(fitting))
    if len(clicked) >= total or not 0 <= place < len(fitting):
        short = wish.most > len(clicked)
        return Stop(f"only {len(clicked)} were found") if short else Done("all were clicked")
    return replace(click(fitting[place].element, fitting[place], did="each"), text=str(total))


def nth_item(what: Phrase, verb: str, scene: Scene) -> Step | None:
    """`The third result`: of the only list of such things, on this page or a later one."""
    if verb or not what.ordinal or not set(what.must) <= _NOT_TOLD:
        return None
    titles = _titles(scene)
    turned = [entry for entry in scene.entries if entry.did == "page" and not entry.failed]
    passed = sum(int(entry.text) for entry in turned)
    at = what.ordinal - 1 - passed if what.ordinal > 0 else what.ordinal
    if -len(titles) <= at < len(titles):
        return click(titles[at], Match(titles[at], 0.8, "its place in the only list"))
    if titles and what.ordinal > 0 and (turn := next_page(scene)):
        return replace(click(turn, did="page"), text=str(len(titles)))
    return None


def _titles(scene: Scene) -> list[Element]:
    """What the items of the only list on the page are called."""
    lists = [group for group in records(scene.layout) if len(group) > 1]
    if len(lists) != 1:
        return _links_over_texts(scene) if not lists else []
    titles = [record.title for record in lists[0]]
    return [title for title in titles if title is not None and title.mark is not None]


def _links_over_texts(scene: Scene) -> list[Element]:
    """Links in one column, each over as many texts as the others: the results of a search."""
    elements = scene.page.elements
    over = [
        i
        for i, (one, text) in enumerate(pairwise(elements))
        if one.role == "link" and text.mark is None and 0 <= text.box.top - one.box.bottom < 0.02
    ]
    steps = {later - place for place, later in pairwise(over)}
    lefts = {round(elements[place].box.left, 2) for place in over}
    return [elements[place] for place in over] if len(steps) == len(lefts) == 1 else []


def next_page(scene: Scene) -> Element | None:
    """What turns to the next page of a list: an arrow by the numbers of the pages, or `next page`.

    A calendar has arrows too.
    """
    if shown_month(scene):
        return None
    arrows = [
        e
        for e in scene.page.marked
        if (words.fold(e.name) or e.name.strip()) in _NEXT and "disabled" not in e.states
    ]
    numbers = [e for e in scene.page.marked if e.name.strip().isdigit()]
    paged = [e for e in arrows if "page" in words.terms(e.name) or _beside(e, numbers)]
    return paged[0] if len(paged) == 1 else None


def _beside(element: Element, numbers: Sequence[Element]) -> bool:
    return any(gap(element, number) < 0.03 for number in numbers)
