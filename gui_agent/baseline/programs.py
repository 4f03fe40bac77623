"""Programs and their windows: brought to the front, typed into, saved under a name. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from gui_agent.baseline import words
from gui_agent.baseline.goals import Fill, Launch, SaveAs
from gui_agent.baseline.steps import Act, Done, Scene, Step, Stop
from gui_agent.screen import Element

_MOST_LISTED = 5


def launch(wish: Launch, scene: Scene) -> Step:
    """Switch to the window that says so in its title, or open the application of this name."""
    page = scene.page
    asked = words.content(wish.name)
    if scene.did("do") or (page.native and _says(page.title, asked)):
        return Done(f"'{wish.name}' is in front")
    windows = [index for index, title in enumerate(page.tabs) if _says(title, asked)]
    if page.native and len(windows) == 1:
        return Act({"kind": "switch_tab", "index": windows[0]}, why="the window of this title")
    fitting = [app for app in page.apps if _says(app, asked)]
    called = [app for app in fitting if len(words.content(app)) == len(asked)] or fitting
    if len({words.fold(app) for app in called}) > 1:
        listed = ", ".join(called[:_MOST_LISTED])
        return Stop(f"'{wish.name}' fits several applications: {listed}")
    if not called:
        return Stop(f"nothing here is called '{wish.name}'", missing=True)
    return Act({"kind": "open_app", "name": called[0]}, why="an application of this name")


def _says(name: str, asked: Sequence[str]) -> bool:
    there = words.terms(name)
    return bool(asked) and all(words.best(term, there) >= 1 for term in asked)


def save_as(wish: SaveAs, scene: Scene) -> Step:
    """Ask for the dialog, give it the name, and see by the window's title that it was taken."""
    page = scene.page
    if not page.native:
        return Stop(f"there is no program here that could save '{wish.path}'", missing=True)
    named = PurePath(wish.path).name
    if scene.did("type"):
        if named.casefold() in page.title.casefold():
            return Done(f"'{named}' is saved")
        if page.history and page.history[-1].action.get("kind") != "wait":
            return Act({"kind": "wait", "seconds": 1.0}, "wait", None, "saving may take a moment")
        return Stop(f"the title does not say that '{named}' was saved")
    if not scene.did("open"):
        keys = ["ctrl", "shift", "s"]
        return Act({"kind": "keys", "keys": keys}, "open", None, "the usual keys for Save As")
    if not (_typed_in(page.marked) or "save" in words.terms(page.title)):
        return Stop("no dialog asks for a name")
    action = {"kind": "type", "text": wish.path, "clear": True, "submit": True}
    return Act(action, "type", None, "the name that the dialog asks for")


def _typed_in(marked: Sequence[Element]) -> bool:
    """Has a line for text the focus, as the name has in a dialog that opened?"""
    return any(
        e.role == "textbox" and "focused" in e.states and "multiline" not in e.states
        for e in marked
    )


def at_the_caret(wish: Fill, area: Element | None, scene: Scene) -> Step:
    """Type where the caret stands in a program's window: what was there stays."""
    if scene.did("type"):
        return Done("typed at the caret")
    caret = area is None or "focused" in area.states
    on = {} if caret or area is None else {"mark": area.mark}
    return Act({"kind": "type", **on, "text": wish.value}, "type", area, "where the caret stands")
