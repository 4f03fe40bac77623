"""Deeds with details: what opens the form is pressed, each detail goes where it fits, and it is
sent off. Pure.
"""

from __future__ import annotations

from dataclasses import replace

from gui_agent.baseline import words
from gui_agent.baseline.asking import SURE, go_on, way_out
from gui_agent.baseline.fields import BOXES, fill, tick
from gui_agent.baseline.goals import Commit, Detail, Fill, Order
from gui_agent.baseline.layout import FIELDS
from gui_agent.baseline.matching import Match, choose
from gui_agent.baseline.phrases import Quotes, phrase
from gui_agent.baseline.placing import Slot, fields, fill_in, label_terms, labelled, of_kind, option
from gui_agent.baseline.sending import commit
from gui_agent.baseline.steps import Act, Done, Entry, Scene, Step, Stop, click, stop
from gui_agent.baseline.vocabulary import CONTROLS, RISKY, SOFT

_TEXT = frozenset({"textbox", "searchbox", "spinbutton"})
_LINKED: dict[str, frozenset[str]] = {
    "to": frozenset({"to", "recipient", "payee", "destination", "email", "where"}),
    "from": frozenset({"from", "origin", "sender", "departure"}),
    "in": frozenset({"destination", "city", "where", "location", "place"}),
    "called": frozenset({"title", "name", "subject", "summary", "label"}),
    "at": frozenset({"time", "start", "place", "location"}),
    "saying": frozenset({"message", "text", "comment", "reply", "body", "note"}),
}
"""What a field may be called that a detail with this link belongs in."""
_ON_THE_WAY = frozenset({"continue", "next", "review", "check"})
_ASKING = frozenset({"search", "find", "look", "show", "book", "query", "fly", "travel"})
"""Deeds of pages whose form lies open: `to` and `in` may name its fields."""


def order(wish: Order, scene: Scene) -> Step:
    """The next step: open the form unless all details have a field already, fill it in, send."""
    if sent := scene.did("do"):
        sure = go_on(_deeds(wish), scene) if scene.calm else None
        return sure or _to_the_end(sent, wish, scene)
    if wish.verb == "search" and wish.what.must:
        wish = replace(wish, what=phrase("", Quotes()), details=(*wish.details, _sought(wish)))
    opened = scene.did("open") is not None or _lies_open(wish, scene)
    steps = [_placed(index, wish, scene, opened) for index in range(len(wish.details))]
    lacking = next((step for step in steps if isinstance(step, Stop)), None)
    if lacking and not opened:
        return _open(wish, scene)
    if lacking:
        return lacking
    for index, step in enumerate(steps):
        if isinstance(step, Act):
            return replace(step, did=f"{index}:{step.did}")
    return _send(wish, scene) if wish.sends else Done("filled in")


def _lies_open(wish: Order, scene: Scene) -> bool:
    """Has each detail a field of its own here already, as if the form had been opened?"""
    found = [d if isinstance(d, Fill) else _field(d, wish, scene, True) for d in wish.details]
    slots = [slot.field.element.mark for slot in found if isinstance(slot, Slot)]
    return len(slots) == len(set(slots)) == len(found) > 1


def _sought(wish: Order) -> Detail:
    """What is searched for is a detail like the others: `gardener jobs in Dresden`."""
    kept = (w for w in wish.what.text.split() if not set(words.terms(w)) <= SOFT)
    return Detail(" ".join(kept), "sought")


def _to_the_end(sent: Entry, wish: Order, scene: Scene) -> Step:
    """`Continue` only leads to a last look, from which the deed itself is done."""
    if scene.did("confirm") or not set(words.content(sent.on)) <= _ON_THE_WAY:
        return Done("sent off")
    last = [
        e
        for e in scene.page.marked
        if e.role == "button" and (name := set(words.content(e.name)))
        and name <= SURE | _deeds(wish) | {"now", "it"} and not name <= _ON_THE_WAY
    ]  # fmt: skip
    if len(last) == 1:
        return click(last[0], Match(last[0], 0.8, "the last step of it"), did="confirm")
    return Stop(f"'{sent.on}' was not the end of it, and what is isn't clear", tuple(last))


def _open(wish: Order, scene: Scene) -> Step:
    among = [e for e in scene.page.marked if e.role not in FIELDS | BOXES]
    found = choose(wish.what, among, scene.layout, wish.verb)
    if isinstance(found, Match):
        return click(found.element, found, did="open")
    return stop(found, (wish.verb, *wish.what.must, *wish.what.soft))


def _send(wish: Order, scene: Scene) -> Step:
    """Press the form's own button; what was chosen from a menu has taken effect by itself."""
    if scene.did("open") and (sure := go_on(_deeds(wish), scene)):
        return replace(sure, did="do")
    last = scene.entries[-1] if scene.entries else None
    chosen = last is not None and last.did.endswith(":pick")
    if chosen and way_out(scene.page) is None:
        return Done("chosen")
    return commit(Commit(wish.verb, wish.what), scene)


def _deeds(wish: Order) -> set[str]:
    return {wish.verb, *(("send", "add") if wish.verb not in RISKY else ())}


def _placed(index: int, wish: Order, scene: Scene, opened: bool) -> Step:
    """The next step for one detail; its own steps alone are looked at."""
    mark = f"{index}:"
    own = [
        replace(e, did=e.did.removeprefix(mark)) for e in scene.entries if e.did.startswith(mark)
    ]
    inner = replace(scene, entries=own)
    detail = wish.details[index]
    if inner.did("pick"):
        return Done("chosen")
    if isinstance(detail, Fill):
        step = fill(detail, inner)
        return _option(detail.value, inner, opened) if isinstance(step, Stop) else step
    if found := _field(detail, wish, inner, opened):
        return fill_in(found, inner)
    step = _option(detail.text, inner, opened)
    free = opened or detail.link == "sought"
    if isinstance(step, Stop) and free and (found := _only_field(detail, inner)):
        return fill_in(found, inner)
    return step


def _option(text: str, scene: Scene, opened: bool) -> Step:
    """A detail that is offered as an option or a menu's entry; in a list, when that is all."""
    if not opened:
        return Stop(f"there is no field for '{text}' yet", missing=True)
    found = option(Detail(text), scene)
    if isinstance(found, Match):
        step = tick(found, scene)
        listed = found.element.role not in BOXES
        return replace(step, did="pick") if isinstance(step, Act) and listed else step
    lists = [e for e in scene.page.marked if e.role in ("combobox", "listbox")]
    if len(lists) == 1:
        return fill_in(Slot(Match(lists[0], 0.8, "the only list"), text), scene)
    return stop(found)


def _field(detail: Detail, wish: Order, scene: Scene, opened: bool) -> Slot | None:
    """The field that a detail is for, and the value it gets."""
    for chosen in (
        labelled(detail, scene, 0.5 if opened else 1.0),
        of_kind(detail, scene),
        _linked(detail, scene) if opened or wish.verb in _ASKING else None,
        _of_object(detail, wish, scene) if opened else None,
    ):
        if chosen:
            return chosen
    return None


def _only_field(detail: Detail, scene: Scene) -> Slot | None:
    """What was said without naming a field goes into the only one there is."""
    own = [e for e in fields(scene) if not {"search", "filter"} & set(words.terms(e.name))]
    empty = [e for e in own if e.role in _TEXT and not e.value]
    written = detail.link in ("sought", "called", "saying", "to", "")
    if written and len(empty) == 1:
        return Slot(Match(empty[0], 0.7, "the only empty field"), detail.text)
    filled = [e for e in own if e.role in _TEXT]
    if written and len(filled) == 1 and len(own) == 1:
        return Slot(Match(filled[0], 0.7, "the only field"), detail.text)
    return None


def _linked(detail: Detail, scene: Scene) -> Slot | None:
    wanted = _LINKED.get(detail.link, frozenset())
    fitting = [e for e in fields(scene) if wanted & set(words.terms(scene.layout.label(e)))]
    return Slot(Match(fitting[0], 0.85, "its label"), detail.text) if len(fitting) == 1 else None


def _of_object(detail: Detail, wish: Order, scene: Scene) -> Slot | None:
    """`Change the role of Ada to Editor`: what the deed is about names the field."""
    head = (*wish.what.head, *(t for t in wish.what.soft if t not in CONTROLS))
    noun = words.content(wish.what.text)
    if detail.link not in ("to", "as", "called"):
        return None
    fitting = [
        e
        for e in fields(scene)
        if (label := label_terms(e, scene))
        and (label == noun or (head and all(t in label for t in head[:1])))
    ]
    return Slot(Match(fitting[0], 0.85, "its label"), detail.text) if len(fitting) == 1 else None
