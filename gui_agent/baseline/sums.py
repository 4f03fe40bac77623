"""Sums and equations with one unknown, as a page shows them: `7 + 2 =`, `x - 4 = 9`. Pure."""

from __future__ import annotations

import re

from gui_agent.baseline.steps import Act, Done, Scene, Step, Stop

_SIDE = r"\(?([-−]?\d+(?:\.\d+)?|[a-z?]|_+)\)?"
_SUM = re.compile(rf"{_SIDE}\s*([-+−–×*·/÷])\s*{_SIDE}\s*=\s*(?:{_SIDE})?", re.IGNORECASE)
_UNDONE = {"+": "-", "-": "+", "*": "/", "/": "*"}


def solve(scene: Scene) -> Step:
    """Note the solution of the only sum on the page."""
    if scene.did("read"):
        return Done("worked out")
    solutions = {text: found for e in scene.page.readable if (found := solution(text := e.name))}
    if len(solutions) != 1:
        return Stop(f"there are {len(solutions)} sums here", missing=not solutions)
    text, found = next(iter(solutions.items()))
    return Act({"kind": "note", "text": found}, "read", None, f"the solution of '{text}'", found)


def solution(text: str) -> str:
    """The value that is missing in a sum, or "" when the text isn't one."""
    match = _SUM.fullmatch(text.strip())
    if match is None:
        return ""
    left, sign, right, result = match.groups()
    a, b, c = _number(left), _number(right), _number(result or "?")
    if [a, b, c].count(None) != 1:
        return ""
    sign = sign.translate(str.maketrans("−–×·÷", "--**/"))
    value = _missing(a, sign, b, c)
    return "" if value is None else f"{value:g}"


def _number(text: str) -> float | None:
    return float(text.replace("−", "-")) if re.search(r"\d", text) else None


def _missing(a: float | None, sign: str, b: float | None, c: float | None) -> float | None:
    if a is not None and b is not None:
        return _do(a, sign, b)
    if b is not None and c is not None:
        return _do(c, _UNDONE[sign], b)
    if a is not None and c is not None:
        return _do(a, sign, c) if sign in "-/" else _do(c, _UNDONE[sign], a)
    return None


def _do(a: float, sign: str, b: float) -> float | None:
    match sign:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
    return a / b if b else None
