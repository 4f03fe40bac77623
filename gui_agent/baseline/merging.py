"""Clauses that belong together: a deed and the details that are only said after it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gui_agent.baseline.goals import (
    RECALLED,
    Clause,
    Commit,
    Detail,
    Enter,
    Fill,
    Order,
    Pick,
    Press,
    Put,
    Reading,
    Wish,
)
from gui_agent.baseline.words import content

_WITH_FORMS = frozenset(
    """add create book invite send submit transfer pay buy order register reserve apply report
    change rename assign compose placeorder signup reply subscribe place request schedule log
    post renew""".split()
)
"""Deeds that are done by filling in a form."""


def merged(clauses: Sequence[Clause]) -> list[Clause]:
    """The same plan with each deed after all that it is to be done with.

    `Book the room. The name is Ada.` is one clause whose deed waits for the name; `… and send it`
    belongs to the deed before it.
    """
    found: list[Clause] = []
    for place, clause in enumerate(clauses):
        last = found[-1] if found else None
        if last and _same(last, clause):
            continue
        ends = last is not None and _comes_to_an_end(last, clauses[place:])
        if last and not (last.leads and ends) and (joined := _joined(last, clause)):
            found[-1] = joined
            continue
        if last and ends:
            found[-1] = replace(last, readings=tuple(map(_left_open, last.readings)))
        found.append(clause)
    return found


def _comes_to_an_end(deed: Clause, later: Sequence[Clause]) -> bool:
    """Does a later clause press what sends off the deed's form, after nothing but details of it?"""
    for clause in later:
        if _names_the_end(clause, deed):
            return True
        if not any(isinstance(wish, Put | Fill | Pick) for r in clause.readings for wish in r):
            return False
    return False


def _same(one: Clause, other: Clause) -> bool:
    """The same wish in other words is one wish."""
    return bool(one.readings) and one.readings[:1] == other.readings[:1]


def _joined(deed: Clause, then: Clause) -> Clause | None:
    text = f"{deed.text}, {then.text}"
    if _sends(then):
        readings = [r if _is_order(r) else (*r, *then.readings[0]) for r in deed.readings]
        return Clause(text, tuple(readings)) if any(map(_is_order, readings)) else None
    details = _details(then)
    orders = [found for r in deed.readings if (found := _order(r))] if details else []
    # What goes somewhere (`the Monstera to the cart`) is done by that, whatever form comes next.
    orders = [] if any(_goes_somewhere(order) for _, order in orders) else orders
    orders.sort(key=lambda found: not found[1].details)
    later = [(*place, replace(o, details=(*o.details, *details))) for place, o in orders]
    return Clause(text, tuple(dict.fromkeys(later))) if orders else None


def _goes_somewhere(order: Order) -> bool:
    return any(isinstance(d, Detail) and d.link == "to" for d in order.details)


_ENDS = frozenset(
    "save submit send confirm add create apply update finish complete place book publish post done"
    " ok continue next join request".split()
)
"""What the button is called that sends a form off."""


def _names_the_end(clause: Clause, deed: Clause) -> bool:
    """Does a clause press the button that sends off what the one before it fills in?"""
    match clause.readings[:1]:
        case ((Press(verb=verb, what=what),),) if not any(map(_has_details, clause.readings)):
            said = content(what.quoted[0] if what.quoted else what.text)
            named = {verb, *said[:1]} - {""}
            opens = deed.leads or any(map(_is_order, deed.readings))
            return opens and not {*_ENDS, *content(deed.text)[:1]}.isdisjoint(named)
    return False


def _left_open(reading: Reading) -> Reading:
    place, wish = _apart(reading)
    return (*place, replace(wish, sends=False)) if isinstance(wish, Order) else reading


def _apart(reading: Reading) -> tuple[Reading, Wish | None]:
    """The place to be in, if any, and the only wish for it; None where there are several."""
    place = reading[:1] if reading and isinstance(reading[0], Enter) else ()
    rest = reading[len(place) :]
    return place, rest[0] if len(rest) == 1 else None


def _sends(clause: Clause) -> bool:
    return bool(clause.readings) and all(isinstance(wish, Commit) for wish in clause.readings[0])


def _is_order(reading: Reading) -> bool:
    return isinstance(_apart(reading)[1], Order)


def _has_details(reading: Reading) -> bool:
    wish = _apart(reading)[1]
    return isinstance(wish, Order) and bool(wish.details)


def _order(reading: Reading) -> tuple[Reading, Order] | None:
    """A deed as an order that details can be added to, and the place where it is to be done."""
    place, wish = _apart(reading)
    match wish:
        case Order(verb=verb) if verb in _WITH_FORMS:
            return place, wish
        case Press(verb=verb, what=what) if verb in _WITH_FORMS:
            return place, Order(verb, what, ())
    return None


def _details(clause: Clause) -> tuple[Detail | Fill, ...]:
    """What a clause adds to a deed: the fields it fills in, the options it chooses; or nothing."""
    for reading in clause.readings:
        details = [_detail(wish) for wish in reading]
        if reading and all(details) and not _is_list(reading):
            return tuple(detail for detail in details if detail)
    return ()


def _is_list(reading: Reading) -> bool:
    """`Dr Larch, by telephone`: one choice, or several."""
    return len(reading) == 1 and isinstance(reading[0], Pick) and "," in reading[0].option.text


def _detail(wish: object) -> Detail | Fill | None:
    match wish:
        case Fill(field=field, value=value) if field is not None and value != RECALLED:
            return wish
        case Pick(option=option):
            return Detail(option.text)
        case Put(detail=detail, deed=False):
            return detail
    return None
