"""Clauses that belong together: a deed and the details that are only said after it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gui_agent.baseline.goals import (
    RECALLED,
    Clause,
    Commit,
    Detail,
    Fill,
    Order,
    Pick,
    Press,
    Reading,
)

_WITH_FORMS = frozenset(
    """add create book invite send submit transfer pay buy order register reserve apply report
    change rename assign compose placeorder signup reply subscribe""".split()
)
"""Deeds that are done by filling in a form."""


def merged(clauses: Sequence[Clause]) -> list[Clause]:
    """The same plan with each deed after all that it is to be done with.

    `Book the room. The name is Ada.` is one clause whose deed waits for the name; `… and send it`
    belongs to the deed before it.
    """
    found: list[Clause] = []
    for clause in clauses:
        last = found[-1] if found else None
        if last and _same(last, clause):
            continue
        if last and (joined := _joined(last, clause)):
            found[-1] = joined
        else:
            found.append(clause)
    return found


def _same(one: Clause, other: Clause) -> bool:
    """The same wish in other words is one wish."""
    return bool(one.readings) and one.readings[:1] == other.readings[:1]


def _joined(deed: Clause, then: Clause) -> Clause | None:
    text = f"{deed.text}, {then.text}"
    if _sends(then):
        readings = [r if _is_order(r) else (*r, *then.readings[0]) for r in deed.readings]
        return Clause(text, tuple(readings)) if any(map(_is_order, readings)) else None
    details = _details(then)
    orders = [order for r in deed.readings if (order := _order(r))] if details else []
    if not orders:
        return None
    later = tuple((replace(o, details=(*o.details, *details)),) for o in dict.fromkeys(orders))
    return Clause(text, later)


def _sends(clause: Clause) -> bool:
    return bool(clause.readings) and all(isinstance(wish, Commit) for wish in clause.readings[0])


def _is_order(reading: Reading) -> bool:
    return len(reading) == 1 and isinstance(reading[0], Order)


def _order(reading: Reading) -> Order | None:
    """A deed as an order that details can be added to."""
    match reading:
        case (Order(verb=verb) as order,) if verb in _WITH_FORMS:
            return order
        case (Press(verb=verb, what=what),) if verb in _WITH_FORMS:
            return Order(verb, what, ())
    return None


def _details(clause: Clause) -> tuple[Detail | Fill, ...]:
    """What a clause adds to a deed: the fields it fills in, the options it chooses; or nothing."""
    for reading in clause.readings:
        details = [_detail(wish) for wish in reading]
        if reading and all(details):
            return tuple(detail for detail in details if detail)
    return ()


def _detail(wish: object) -> Detail | Fill | None:
    match wish:
        case Fill(field=field, value=value) if field is not None and value != RECALLED:
            return wish
        case Pick(option=option):
            return Detail(option.text)
    return None
