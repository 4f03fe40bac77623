"""Giving a field its value (typing, choosing, ticking, sliding) and checking it. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from gui_agent.baseline import calendar, dates, programs, sliding, words
from gui_agent.baseline.choosing import from_list, is_list, is_option, offered, opens_list, select
from gui_agent.baseline.comparing import extreme_control
from gui_agent.baseline.goals import RECALLED, Fill, Phrase, Pick, Toggle
from gui_agent.baseline.layout import FIELDS, seems_to_offer
from gui_agent.baseline.matching import Doubt, Match, choose, rank
from gui_agent.baseline.phrases import Quotes, phrase
from gui_agent.baseline.steps import Act, Done, Scene, Step, Stop, click, evidence, signed, stop
from gui_agent.baseline.vocabulary import KINDS, ROLE_CLASSES
from gui_agent.screen import Element

BOXES = frozenset({"checkbox", "switch", "radio", "menuitemcheckbox", "menuitemradio"})
_TEXT = frozenset({"textbox", "searchbox", "spinbutton"})
_YES = frozenset("on yes true checked enabled ticked 是 开 开启 启用".split())
_NO = frozenset({"off", "no", "false", "unchecked", "disabled", "否", "关", "关闭", "禁用"})
_TALK = frozenset({"message", "text", "reply", "comment", "body"})
_MECHANISMS = frozenset({"filter", "sort", "search", "settings"})
"""`The status filter` is about status: these name a field only where nothing else does."""


def fill(wish: Fill, scene: Scene) -> Step:
    """The next step towards a field that holds the value; towards all of them, if so said."""
    if wish.value == RECALLED:
        kept = (entry.text for entry in reversed(scene.before) if entry.did in ("read", "answer"))
        text = next(kept, "")
        if not text:
            return Stop("nothing was read that could be filled in")
        wish = replace(wish, value=text)
        scene = _without_source(text, scene)
    if wish.every:
        return _fill_every(wish, scene)
    field = find(wish, scene)
    if isinstance(field, Match):
        area = field.element
        if scene.page.native and "multiline" in area.states:
            return programs.at_the_caret(wish, area, scene)
        return give(wish, field, scene)
    if wish.field is None and _is_unlisted(scene):
        return programs.at_the_caret(wish, None, scene)
    if wish.field and wish.field.role == "slider":
        return sliding.slide(wish, scene)
    if scene.did("do", "type"):
        return Done("the field was filled in and has gone")
    return _without_field(wish, scene, field)


def _is_unlisted(scene: Scene) -> bool:
    """Is it the window of a program that tells nothing of what it shows, waited for in vain?"""
    page = scene.page
    last = page.history[-1].action.get("kind") if page.history else ""
    return page.native and not page.elements and last in ("wait", "keys", "type")


def _without_source(text: str, scene: Scene) -> Scene:
    """What was copied is not pasted into where it came from."""
    if scene.did("type"):
        return scene
    kept = tuple(e for e in scene.page.elements if e.value != text)
    return replace(scene, page=replace(scene.page, elements=kept))


def give(wish: Fill, field: Match, scene: Scene) -> Step:
    """The next step towards this field having the value."""
    element = field.element
    if element.role in BOXES:
        return _state_of(wish, field, scene)
    if is_list(element):
        return from_list(wish, field, scene)
    return _type(wish, field, scene)


def _fill_every(wish: Fill, scene: Scene) -> Step:
    """One field after the other; the steps tell which are done, as passwords don't show."""
    texts = [e for e in scene.page.marked if e.role in _TEXT]
    named = wish.field is not None and bool(wish.field.must)
    fields = [m.element for m in rank(_named(wish), texts, scene.layout)] if named else texts
    typed = [entry for entry in scene.entries if entry.did == "type" and not entry.failed]
    if not fields:
        return Stop("there are no such fields here", missing=True)
    if len(typed) >= len(fields):
        return Done(f"{len(fields)} fields were filled in")
    action = {"kind": "type", "mark": fields[len(typed)].mark, "text": wish.value, "clear": True}
    return Act(action, "type", fields[len(typed)], "one of all fields")


def find(wish: Fill, scene: Scene) -> Match | Doubt:
    """The field a wish is about; with no name, the one that has the focus or the only one."""
    fields = [e for e in scene.page.marked if e.role in FIELDS or opens_list(e)]
    fields = [e for e in fields if not _holds_a_field(e, fields)]
    field = wish.field
    if field is None or (field.empty and not (field.soft or field.ordinal or field.name)):
        return _unnamed(wish, fields, scene)
    boxes = [e for e in scene.page.marked if e.role in BOXES] if _is_state(wish.value) else []
    said = {*field.must, *field.soft, *(t for text in field.quoted for t in words.terms(text))}
    fitting = [e for e in fields if not (_mechanisms(e, scene) - said)]
    found = choose(_named(wish), [*fitting, *boxes], scene.layout)
    alone = isinstance(found, Doubt) and found.missing and len(fields) == 1 and wish.literal
    if alone and not scene.layout.label(fields[0]):
        return Match(fields[0], 0.7, "being the only field, and without a name")
    areas = [e for e in fields if "multiline" in e.states]
    unnamed = len(areas) == 1 and not areas[0].name and _TALK & said
    if isinstance(found, Doubt) and found.missing and unnamed:
        return Match(areas[0], 0.7, "being the only area for longer text")
    return found


def _holds_a_field(element: Element, fields: list[Element]) -> bool:
    """A box that can be typed into as well as opened is listed twice: as the list and its field."""
    return element.role == "combobox" and not element.name and any(
        e.role == "textbox" and e.box.left >= element.box.left and e.box.right <= element.box.right
        and e.box.top >= element.box.top and e.box.bottom <= element.box.bottom
        for e in fields
    )  # fmt: skip


def _named(wish: Fill) -> Phrase:
    assert wish.field is not None, "only fields with a name are looked for by it"
    return replace(wish.field, must=_needed(wish.field), soft=())


def _mechanisms(field: Element, scene: Scene) -> set[str]:
    """What a field called `Filter by title` is for, which is not the title."""
    return {"filter", "search"} & set(words.terms(scene.layout.label(field)))


def _needed(field: Phrase) -> tuple[str, ...]:
    """A field may be called `name` or `message`: then those words count like any other."""
    named = (*field.must, *(term for term in field.soft if term in KINDS))
    return tuple(term for term in named if term not in _MECHANISMS) or named


def _unnamed(wish: Fill, fields: list[Element], scene: Scene) -> Match | Doubt:
    texts = [e for e in fields if e.role in _TEXT and "readonly" not in e.states]
    lines = [e for e in texts if "multiline" not in e.states]
    if wish.field is not None and wish.field.role == "field" and len(lines) == 1:
        texts = lines
    focused = [e for e in texts if "focused" in e.states]
    lists = wish.field is not None and wish.field.role not in ("", "field")
    if not lists and (len(focused) == 1 or len(texts) == 1):
        return Match((focused or texts)[0], 0.9, "being the only field")
    kinds = ROLE_CLASSES.get(wish.field.role, frozenset()) if wish.field else frozenset()
    of_kind = [e for e in fields if e.role in kinds or (lists and opens_list(e))]
    if len(of_kind) == 1:
        return Match(of_kind[0], 0.9, "being the only one of its kind")
    reason = f"the goal doesn't say which of {len(texts)} fields '{wish.value}' is for"
    return Doubt(reason, tuple(texts), missing=not texts)


def _without_field(wish: Fill, scene: Scene, doubt: Doubt) -> Step:
    """No such field: the value may be a radio button or card, or the field opens first."""
    if wish.field and not wish.literal and doubt.missing:
        option = phrase(wish.value, Quotes())
        needed = (*option.must, *_needed(wish.field))
        option = replace(option, text="", name="", must=needed, head=option.must)
        among = [e for e in scene.page.marked if e.role not in FIELDS]
        found = choose(option, among, scene.layout)
        if isinstance(found, Doubt) and len(_needed(wish.field)) <= 2:
            radios = [e for e in among if e.role in ("radio", "menuitemradio")]
            exact = [e for e in radios if words.fold(e.name) == words.fold(wish.value)]
            found = Match(exact[0], 0.8, "the only such option") if len(exact) == 1 else found
        if isinstance(found, Match):
            return tick(found, scene)
        if wish.field.role == "list" and (step := _in_open_list(wish, scene)):
            return step
    if wish.opener and doubt.missing and not scene.did("open"):
        among = [e for e in scene.page.marked if e.role not in FIELDS | BOXES]
        opener = choose(wish.opener.what, among, scene.layout, wish.opener.verb)
        if isinstance(opener, Match):
            return click(opener.element, opener, did="open")
    return stop(doubt, _needed(wish.field) if wish.field else ())


def _in_open_list(wish: Fill, scene: Scene) -> Step | None:
    """A list that lies open shows some of its options only: the others are reached through them."""
    if scene.did("do"):
        return Done("chosen in the open list")
    options = [e for e in scene.page.marked if e.role == "option"]
    if not options or any(e.context != options[0].context for e in options):
        return None
    return None if scene.failures else select(options[0], wish.value, "the only open list")


# typing


def _type(wish: Fill, field: Match, scene: Scene) -> Step:
    element, value = field.element, _value(wish, field.element, scene)
    held = element.value
    if held is not None and _holds(held, value) and (value or not held):
        return _suggested(wish, scene) or Done(f"'{scene.layout.label(element)}' holds '{held}'")
    typed = scene.did("do", "type")
    if typed and held is None:
        return Done("typed; the field doesn't show what it holds")
    if typed and element.role == "spinbutton" and (number := signed(value)) is not None:
        return sliding.nudge(element, number, scene)
    if typed or len(scene.failures) > 2:
        return Stop(
            f"'{scene.layout.label(element)}' holds '{held}' instead of '{value}'", (element,)
        )
    if "disabled" in element.states or "readonly" in element.states:
        return _from_picker(wish, field, scene)
    action = {"kind": "type", "mark": element.mark, "text": value, "clear": True}
    return Act(action, "type", element, evidence(field))


def _value(wish: Fill, element: Element, scene: Scene) -> str:
    """The text to type: as the goal has it, unless the field showed that it wants another form."""
    day = dates.day(wish.value)
    iso_held = bool(element.value and dates.ISO.fullmatch(element.value))
    if day and (iso_held or scene.failures):
        return day.isoformat()
    if scene.failures and (time := dates.time(wish.value)):
        return time
    exact = signed(wish.value)
    number = words.number(wish.value) if exact is None else exact
    if element.role in ("spinbutton", "slider") and number is not None:
        return f"{number:g}"
    return _bare(wish.value, scene.layout.label(element))


def _bare(value: str, label: str) -> str:
    """`15 minutes` is 15 where the field says already that it counts minutes."""
    measured = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*([^\W\d]+)", value.strip())
    return measured[1] if measured and measured[2].casefold() in label.casefold() else value


def _holds(held: str, value: str) -> bool:
    """The same text, give or take case of spaces and the punctuation a field adds by itself."""
    if held.strip() == value.strip():
        return True
    if (time := dates.time(value)) and time == held.strip():
        return True
    bare = re.sub(r"[\s()./,-]", "", value)
    return bool(bare) and re.sub(r"[\s()./,-]", "", held) == bare


def _suggested(wish: Fill, scene: Scene) -> Act | None:
    """A suggestion that was offered for what was typed, if it is exactly that."""
    if not scene.did("type") or scene.did("do"):
        return None
    offered = [e for e in scene.page.marked if e.role == "option" and "selected" not in e.states]
    exact = [e for e in offered if words.fold(e.name) == words.fold(wish.value)]
    starting = [e for e in offered if words.fold(e.name).startswith(words.fold(wish.value) + " ")]
    chosen = exact or (starting if len(starting) == 1 else [])
    return click(chosen[0], Match(chosen[0], 1.0, "the suggestion")) if chosen else None


def _from_picker(wish: Fill, field: Match, scene: Scene) -> Step:
    """A field that only its own pop-up can fill: a calendar, or a list of options."""
    element = field.element
    if scene.did("do"):
        return Done(f"'{scene.layout.label(element)}' holds '{element.value}'")
    if not scene.did("open") and "disabled" not in element.states:
        return click(element, field, did="open")
    if day := dates.day(wish.value):
        return calendar.choose_day(day, scene, "do")
    return Stop(f"'{scene.layout.label(element)}' can't be typed into", (element,))


# boxes and options


def _is_state(value: str) -> bool:
    return words.fold(value) in _YES | _NO


def _state_of(wish: Fill, field: Match, scene: Scene) -> Step:
    on = words.fold(wish.value) in _YES
    return bring(field, on, scene)


def toggle(wish: Toggle, scene: Scene) -> Step:
    """The next step towards a box that is in the wanted state; towards all of them, if so said."""
    boxes = [e for e in scene.page.marked if e.role in BOXES]
    if wish.every:
        return _toggle_every(wish, boxes, scene)
    found = choose(wish.what, boxes, scene.layout)
    if isinstance(found, Doubt) and found.missing and not boxes and wish.what.role:
        found = choose(wish.what, scene.page.marked, scene.layout)
    if isinstance(found, Match):
        return bring(found, wish.on, scene)
    return stop(found, wish.what.must)


def bring(found: Match, on: bool, scene: Scene) -> Step:
    """The next step towards this box being on or off."""
    element = found.element
    if ("checked" in element.states) == on:
        return Done(f"'{scene.layout.label(element)}' is {'on' if on else 'off'}")
    if scene.did("do"):
        return Stop(f"'{element.name}' did not turn {'on' if on else 'off'}", (element,))
    if element.role == "radio" and not on:
        return Stop(f"the radio button '{element.name}' can't be turned off", (element,))
    return click(element, found)


def _toggle_every(wish: Toggle, boxes: list[Element], scene: Scene) -> Step:
    named = not (wish.what.empty and not wish.what.soft)
    fitting = [m.element for m in rank(wish.what, boxes, scene.layout)] if named else boxes
    if named and not fitting and wish.what.empty:
        fitting = boxes
    if not fitting:
        return Stop(f"there is nothing to tick called '{wish.what.text}'", missing=True,
                    wanted=wish.what.must)  # fmt: skip
    wrong = [
        e for e in fitting if ("checked" in e.states) != wish.on and "disabled" not in e.states
    ]
    if not wrong:
        return Done(f"all {len(fitting)} are {'on' if wish.on else 'off'}")
    return click(wrong[0], Match(wrong[0], 0.9, "being one of all"), did="type")


def pick(wish: Pick, scene: Scene) -> Step:
    """The next step towards a chosen option, wherever the page offers it."""
    among = [e for e in scene.page.marked if e.role not in _TEXT]
    if wish.option.extreme and not scene.did("do"):
        best = extreme_control(wish.option, "", scene)
        return click(best.element, best) if best else Stop("nothing here can be compared")
    if (step := _offered_by(wish.option.text, scene)) and not scene.failures:
        return step
    found = choose(wish.option, among, scene.layout)
    if isinstance(found, Match):
        return tick(found, scene)
    if scene.did("do"):
        return Done("chosen")
    if day := dates.day(wish.option.text):
        return calendar.choose_day(day, scene, "do")
    return _pick_in_list(wish, scene) or stop(found, wish.option.must)


def _offered_by(option: str, scene: Scene) -> Step | None:
    """The option in the only native list that seems to have it."""
    lists = [e for e in scene.page.marked if seems_to_offer(e, option)]
    if len(lists) != 1:
        return None
    if is_option(option, lists[0].value or ""):
        return Done(f"'{scene.layout.label(lists[0])}' shows '{lists[0].value}'")
    return select(lists[0], option, "the only list that offers it")


def _pick_in_list(wish: Pick, scene: Scene) -> Step | None:
    """The option in the only native list of the page, if there is just one."""
    roles = ("combobox", "listbox")
    lists = [e for e in scene.page.marked if e.role in roles and e.value is not None]
    if len(lists) != 1 or wish.option.ordinal or wish.option.extreme:
        return None
    if is_option(wish.option.text, lists[0].value or ""):
        return Done(f"'{scene.layout.label(lists[0])}' shows '{lists[0].value}'")
    if not scene.failures:
        return select(lists[0], wish.option.text, "the only list")
    return offered(lists[0], wish.option, scene) if len(scene.failures) == 1 else None


def tick(found: Match, scene: Scene) -> Step:
    """The next step towards this option being chosen."""
    element = found.element
    if element.role in BOXES:
        return bring(found, True, scene)
    if scene.did("do") or {"selected", "checked"} & element.states:
        return Done(f"'{element.name}' is chosen")
    return click(element, found)
