"""A goal, in English or Chinese, as a plan of typed wishes. Pure: the page is not looked at."""

from __future__ import annotations

from functools import lru_cache

from gui_agent.baseline import chinese, english, words
from gui_agent.baseline.goals import Plan
from gui_agent.baseline.merging import merged
from gui_agent.baseline.phrases import mask


@lru_cache(maxsize=64)
def parse(goal: str) -> Plan:
    """The plan for a goal; `problem` says why, when it can't be followed as a whole."""
    masked, quotes = mask(goal.strip())
    if words.is_chinese(masked) or (not masked.strip("\ue000-\uf8ff ") and words.is_chinese(goal)):
        clauses, condition = chinese.clauses(masked, quotes), chinese.unclear(masked)
    else:
        clauses, condition = english.clauses(masked, quotes), english.unclear(masked)
    if condition:
        return Plan(
            problem=f"the goal says '{condition}', and this baseline can't follow conditions"
        )
    if not clauses:
        return Plan(problem="the goal names nothing to do")
    strange = next((clause for clause in clauses if not clause.readings), None)
    if strange:
        return Plan(problem=f"'{strange.text}' is not an instruction this baseline understands")
    return Plan(tuple(merged(clauses)))
