"""Choosing in lists: native ones by the option's text, built ones by opening them. Pure."""

from __future__ import annotations

import re

from gui_agent.baseline import words
from gui_agent.baseline.goals import Fill, Phrase
from gui_agent.baseline.matching import Doubt, Match, choose
from gui_agent.baseline.phrases import Quotes, phrase
from gui_agent.baseline.steps import Act, Done, Scene, Step, Stop, click, evidence, stop
from gui_agent.screen import Element

OPTIONS = frozenset({"option", "menuitem", "menuitemradio", "menuitemcheckbox", "treeitem"})
_ARROWS = ("▾", "▼", "⌄", "˅", "⏷")
"""At the end of a name, drawn on what opens a list."""


def opens_list(element: Element) -> bool:
    shown = "haspopup" in element.states or element.name.endswith(_ARROWS)
    return element.role in ("button", "generic") and shown


def is_list(element: Element) -> bool:
    if element.role == "listbox" or opens_list(element):
        return True
    return element.role == "combobox"


def from_list(wish: Fill, field: Match, scene: Scene) -> Step:
    """Choose in a list: a native one by its option's text, a built one by opening it."""
    element = field.element
    option = phrase(wish.value, Quotes())
    shown = element.value if element.value is not None else element.name
    if scene.did("do") or (element.value and is_option(wish.value, element.value)):
        if element.value is None or is_option(wish.value, shown):
            return Done(f"'{scene.layout.label(element)}' shows '{shown}'")
        return Stop(f"'{scene.layout.label(element)}' shows '{shown}'", (element,))
    entries = [e for e in scene.page.marked if e.role in OPTIONS or _hangs_below(e, element)]
    found = choose(option, entries, scene.layout)
    if isinstance(found, Match) and (scene.did("open", "type") or "expanded" in element.states):
        return click(found.element, found)
    if element.value is not None:
        if not scene.failures:
            return select(element, wish.value, evidence(field))
        if len(scene.failures) == 1 and (step := offered(element, option, scene)):
            return step
    if not scene.did("open"):
        return click(element, field, did="open")
    if element.role == "combobox" and not scene.did("type") and not scene.failures:
        action = {"kind": "type", "mark": element.mark, "text": wish.value, "clear": True}
        return Act(action, "type", element, "its list opens when it is typed into")
    return stop(found) if isinstance(found, Doubt) else click(found.element, found)


def _hangs_below(entry: Element, opener: Element) -> bool:
    """Is it an entry of a list without roles: as wide as what opened it, and further down?"""
    a, b = entry.box, opener.box
    as_wide = abs(a.left - b.left) < 0.02 and abs(a.right - b.right) < 0.02
    return entry.role in ("generic", "link") and as_wide and a.top >= b.bottom - 0.01


def select(element: Element, option: str, why: str) -> Act:
    return Act({"kind": "select", "mark": element.mark, "option": option}, "do", element, why)


def offered(element: Element, option: Phrase, scene: Scene) -> Step | None:
    """Another try, now that the refusal has told which options the list has."""
    options = listed(scene.failures[-1].result)
    fitting = [text for text in options if is_option(option.text, text)]
    if not fitting:
        wanted = [*option.must, *(t for text in option.quoted for t in words.content(text))]
        fitting = [t for t in options if wanted and is_option(" ".join(wanted), t)]
    if len(fitting) == 1:
        return select(element, fitting[0], "the only option that says so")
    if options:
        return Stop(f"no single option of {list(options)[:12]} is '{option.text}'", (element,))
    return None


def listed(message: str) -> tuple[str, ...]:
    """The options that a refused choice was answered with: `It has: "Red", "Blue".`"""
    return tuple(re.findall(r'"([^"]+)"', message.partition("It has:")[2]))


def is_option(wanted: str, offered: str) -> bool:
    """Does an option's text say what is wanted: all of its words, in that order?"""
    if words.fold(wanted) == words.fold(offered):
        return True
    want, have = words.content(wanted), words.content(offered)
    places = [next((i for i, t in enumerate(have) if words.alike(w, t) >= 0.9), -1) for w in want]
    return bool(places) and -1 not in places and places == sorted(places)
