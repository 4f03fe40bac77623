"""One step towards a wish, from what the screen shows and what was already done for it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from gui_agent.baseline import arranging, calendar, copying, dates, programs, reading, sums, words
from gui_agent.baseline.asking import SURE, go_on, way_out
from gui_agent.baseline.comparing import extreme_control
from gui_agent.baseline.entering import enter, is_here
from gui_agent.baseline.exploring import is_menu
from gui_agent.baseline.fields import BOXES, bring, fill, pick, toggle
from gui_agent.baseline.gist import grasp
from gui_agent.baseline.goals import (
    Arrange,
    Ask,
    Browse,
    Commit,
    Copy,
    Enter,
    Fill,
    Gist,
    Highlight,
    Hover,
    Keys,
    Launch,
    Leave,
    Move,
    Order,
    Pause,
    Phrase,
    Pick,
    Place,
    Press,
    PressInOrder,
    Put,
    Remember,
    SaveAs,
    ScrollTo,
    Search,
    Shift,
    Solve,
    Toggle,
    Wish,
)
from gui_agent.baseline.layout import FIELDS, gap
from gui_agent.baseline.lists import from_lists
from gui_agent.baseline.matching import DOING, Doubt, Match, choose
from gui_agent.baseline.ordering import order
from gui_agent.baseline.placing import put
from gui_agent.baseline.pointing import drag, hover, scroll
from gui_agent.baseline.repeating import nth_item, press_every
from gui_agent.baseline.searching import search
from gui_agent.baseline.sending import commit, repeat
from gui_agent.baseline.steps import (
    Act,
    Done,
    Scene,
    Step,
    Stop,
    click,
    evidence,
    stop,
)
from gui_agent.baseline.vocabulary import RISKY
from gui_agent.screen import Element

_TYPED_INTO = frozenset({"textbox", "searchbox", "spinbutton"})
_FOLDING = {"expand": "expanded", "collapse": "collapsed"}
"""Verbs that are about a state, and need not be on what is clicked."""
_DOUBTS = frozenset({"sure", "undone", "permanently", "really", "confirm", "确", "定", "吗"})
_SENDING = frozenset({"login", "submit", "signup"})


def pursue(wish: Wish, scene: Scene) -> Step:
    """The next step for any wish."""
    match wish:
        case Press():
            return press(wish, scene)
        case Gist():
            return follow(wish, scene)
        case Enter():
            return enter(wish, scene)
        case Put():
            return put(wish, scene)
        case Order():
            return order(wish, scene)
        case Fill():
            return _filled(wish, scene)
        case Pick():
            return pick(wish, scene)
        case Toggle():
            return toggle(wish, scene)
        case Commit():
            return commit(wish, scene)
        case Search():
            return search(wish, scene)
        case Hover():
            return hover(wish, scene)
        case ScrollTo():
            return scroll(wish, scene)
        case Move():
            return drag(wish, scene)
        case Shift():
            return arranging.shift(wish, scene)
        case Place():
            return arranging.place(wish, scene)
        case Arrange():
            return arranging.arrange(wish, scene)
        case PressInOrder():
            return arranging.press_in_order(wish, scene)
        case Highlight():
            return copying.highlight(wish, scene)
        case Copy():
            return copying.copy(scene)
        case Solve():
            return sums.solve(scene)
        case Remember():
            return remember(wish, scene)
        case Browse():
            return Done("looking around is done when something is missing")
        case Launch():
            return programs.launch(wish, scene)
        case SaveAs():
            return programs.save_as(wish, scene)
        case Ask():
            return reading.answer(wish, scene)
        case Keys(keys=keys):
            return _once(scene, Act({"kind": "keys", "keys": list(keys)}))
        case Pause(seconds=seconds):
            return _once(scene, Act({"kind": "wait", "seconds": seconds}))
        case Leave(url=url):
            action = {"kind": "open_url", "url": url} if url else {"kind": "back"}
            return _once(scene, Act(action))
    assert_never(wish)


def _filled(wish: Fill, scene: Scene) -> Step:
    """Fill in a field; what no field is called may be part of the value, or an option."""
    step = fill(wish, scene)
    if isinstance(step, Stop) and step.missing and wish.said:
        other = put(Put(wish.said), scene)
        return step if isinstance(other, Stop) else other
    return step


def _once(scene: Scene, act: Act) -> Step:
    return Done("done") if scene.did("do") else act


def press(wish: Press, scene: Scene) -> Step:
    """Click what is named; after a deed that asks whether one is sure, say so."""
    if scene.did("do"):
        return _reassure(wish, scene) or _unanswered(wish, scene) or Done("clicked")
    what, verb = wish.what, wish.verb
    if what.extreme:
        chosen = reading.extreme_name(what, scene)
        if not chosen and (control := extreme_control(what, verb, scene)):
            return click(control.element, control)
        if not chosen:
            return Stop(f"nothing here tells which is the '{what.text}'", wanted=what.must)
        what = replace(what, quoted=(*what.quoted, chosen), extreme="")
    among = [e for e in _doers(verb, scene) if _may_press(e, what)]
    if verb in _FOLDING:
        among, verb = [e for e in among if {"expanded", "collapsed"} & e.states] or among, ""
    if wish.every:
        return press_every(replace(wish, what=what, verb=verb), among, scene)
    found = choose(what, among, scene.layout, verb)
    if isinstance(found, Doubt) and not found.missing and len(found.close) > 1:
        found = _nearest(found, scene)
    if isinstance(found, Doubt):
        if wish.verb == "expand" and (opener := _plus(scene)):
            return click(opener, Match(opener, 0.7, "the only plus"))
        if found.missing and (sender := _sender(what, scene)):
            return click(sender, Match(sender, 0.7, "the only button that sends off"))
        if found.missing and not wish.verb and is_here(what, scene, exact=True):
            return Done(f"this is '{what.text}' already")
        return (
            _in_calendar(what, verb, scene)
            or nth_item(what, verb, scene)
            or stop(found, (*what.must, *what.soft, *_quoted(what)))
        )
    if _FOLDING.get(wish.verb) in found.element.states:
        return Done(f"'{found.element.name}' is so already")
    again = repeat(scene) if found.element.role == "button" else None
    return again or _click(wish, found)


def _doers(verb: str, scene: Scene) -> list[Element]:
    """What may do a deed: a menu's entry only leads to the place that is called after it."""
    changes = verb in DOING | RISKY
    return [e for e in scene.page.marked if not (changes and scene.layout.is_place(e))]


def _plus(scene: Scene) -> Element | None:
    """What unfolds something is often called by a plus alone."""
    found = [e for e in scene.page.marked if e.name.strip() in ("+", "⊞", "＋")]
    return found[0] if len(found) == 1 else None


def _sender(what: Phrase, scene: Scene) -> Element | None:
    """`Press login` after filling in a form means its button, even if that says OK."""
    if not what.must or not set(what.must) <= _SENDING or scene.last_touched() is None:
        return None
    found = [e for e in scene.page.marked if e.role == "button" and _sends(e.name)]
    return found[0] if len(found) == 1 else None


def _sends(name: str) -> bool:
    said = set(words.content(name))
    return bool(said) and said <= _SENDING | {"ok", "go", "continue", "confirm"}


def follow(wish: Gist, scene: Scene) -> Step:
    """Bring about what a clause comes to: a box into its state, anything else clicked."""
    if scene.did("do"):
        sure = go_on({wish.deed}, scene) if wish.deed and scene.calm else None
        return sure or Done("clicked")
    among = [e for e in _doers(wish.deed, scene) if not is_menu(scene.layout.label(e))]
    found = grasp(wish, among, scene.layout)
    if isinstance(found, Doubt):
        listed = from_lists(wish.text, scene) if found.missing and not wish.deed else None
        return listed or stop(found, wish.terms)
    if found.element.role in BOXES:
        return bring(found, wish.on, scene)
    return click(found.element, found)


def _quoted(what: Phrase) -> tuple[str, ...]:
    return tuple(term for text in what.quoted for term in words.content(text))


def _click(wish: Press, found: Match) -> Act:
    if wish.through and found.element.role == "menuitem":
        return Act(
            {"kind": "hover", "mark": found.element.mark}, "do", found.element, evidence(found)
        )
    special: dict[str, str | int] = {}
    if wish.button != "left":
        special["button"] = wish.button
    if wish.count != 1:
        special["count"] = wish.count
    return click(found.element, found, special=special)


def _in_calendar(what: Phrase, verb: str, scene: Scene) -> Step | None:
    """A day or month that the open calendar doesn't show yet; a deed with a date is no month."""
    if not calendar.shown_month(scene):
        return None
    if day := dates.day(what.text):
        return calendar.choose_day(day, scene, "do")
    month = None if what.quoted or verb in DOING else dates.month(what.text)
    return calendar.turn(month, scene) if month else None


def _may_press(element: Element, what: Phrase) -> bool:
    leads_here = "selected" in element.states and element.role in ("link", "tab")
    if leads_here and words.fold(element.name) not in map(words.fold, (what.text, what.name)):
        return False  # `Book appointment` is not pressed on the menu's entry `Book an appointment`
    return element.role not in _TYPED_INTO or what.role in ("field", "area")


def _nearest(doubt: Doubt, scene: Scene) -> Match | Doubt:
    """Of several that fit, the one that clearly belongs to the field that was last filled in."""
    field = scene.last_touched()
    if field is None or not scene.before or scene.before[-1].did not in ("type", "do"):
        return doubt
    near = sorted(doubt.close, key=lambda e: gap(field, e))
    if gap(field, near[0]) < 0.15 and gap(field, near[1]) > 2 * gap(field, near[0]) + 0.05:
        return Match(near[0], 0.8, "standing beside the last field")
    return doubt


def _unanswered(wish: Press, scene: Scene) -> Stop | None:
    """A deed that the page still asks about has not been done."""
    deeds = {wish.verb, *wish.what.must} & RISKY
    if not deeds or scene.did("confirm"):
        return None
    for text in scene.page.readable:
        said = set(words.terms(text.name))
        if said & _DOUBTS or (text.name.rstrip().endswith(("?", "？")) and said & deeds):
            return Stop(f"the page asks '{text.name[:80]}', and no button is sure to say yes")
    return None


def _reassure(wish: Press, scene: Scene) -> Act | None:
    """The button of a dialog that asks whether the deed just done is really meant."""
    if scene.did("confirm") or _asks_for_more(scene):
        return None
    if wish.verb and scene.calm and (sure := go_on({wish.verb}, scene)):
        return sure
    if not {wish.verb, *wish.what.must} & RISKY:
        return None
    asked = {term for e in scene.page.readable for term in words.terms(e.name)}
    if not asked & _DOUBTS:
        return None
    deeds = {wish.verb, *wish.what.must} & RISKY
    for element in reversed(scene.page.marked):
        name = set(words.content(element.name))
        inside = element.context and not deeds & set(words.terms(element.context)) - deeds
        if element.role == "button" and name and name <= (SURE | deeds | {"it"}) and inside:
            return click(element, Match(element, 0.9, "confirming the deed"), did="confirm")
    return None


def _asks_for_more(scene: Scene) -> bool:
    """Does the dialog have fields to be filled in? Then it is a form, and no mere question."""
    out = way_out(scene.page)
    return out is not None and any(
        e.role in FIELDS and gap(e, out) < 0.5 and e.box.bottom <= out.box.bottom
        for e in scene.page.marked
    )


def remember(wish: Remember, scene: Scene) -> Step:
    """Read something, and keep it in the log for the parts of the goal that come after."""
    if scene.did("read"):
        return Done("read")
    text = reading.text_of(wish.source, scene)
    if wish.word and text:
        text = reading.word_of(text, wish.word)
    if not text:
        return Stop(f"'{wish.source.text}' can't be read here", missing=True,
                    wanted=wish.source.must)  # fmt: skip
    return Act({"kind": "note", "text": text}, "read", None, "read from the page", text)
