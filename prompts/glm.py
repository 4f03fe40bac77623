"""What all dialects of GLM-4.1V and GLM-4.5V share: sampling, the envelope of an answer, remarks.

Pure. How the action itself is written is the `Syntax` of each dialect.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from gui_agent.actions import Action
from gui_agent.errors import BadReply
from gui_agent.prompts import loose_json
from gui_agent.prompts.parsing import (
    BOX,
    Section,
    answer_blocks,
    boxes,
    mask,
    neutralise,
    quote,
    restore,
    sections,
    shorten,
    split_thinking,
    without_boxes,
)
from gui_agent.protocols import Sampling
from gui_agent.screen import Observation
from gui_agent.trajectory import Step, Task, Trajectory

SAMPLING = Sampling(temperature=0.0, top_p=1.0, max_tokens=8192)
"""Greedy, so that a run can be repeated. The makers' 0.001 would not be: vLLM raises it to 0.01,
which samples. The agent samples warmer by itself when the model repeats itself."""

Layout = Literal["trained", "cached"]
"""The makers' order; or what stays the same first and the new picture last, which servers cache.
What the second costs in accuracy was not measured."""

LONGEST_HISTORY = 24_000
"""Characters, where the format has no bound of its own; 50 usual steps fit."""
SUCCESS = "Success"
"""The result of a step about which there is nothing to say."""

_INLINE_ACTION = re.compile(r"(?<![a-z0-9_])action[*_`]{0,3}[ \t]{0,4}[:：]", re.IGNORECASE)
_MEMORY = re.compile(r"memory(?:[_ ]updated)?[*_`]{0,3}[ \t]{0,4}[:：]", re.IGNORECASE)
_CLOSING = {"{": "}", "[": "]"}
_BEGIN_BOX, _END_BOX = "<|begin_of_box|>", "<|end_of_box|>"


@dataclass(frozen=True, slots=True)
class Found:
    """The different actions that stand in one piece of text."""

    actions: tuple[Action, ...] = ()
    error: BadReply | None = None
    """Why the first thing that looked like an action is none."""
    before: str = ""
    """What stands before the first action, where the syntax can tell."""


class Syntax(Protocol):
    """How a dialect writes actions and memory."""

    @property
    def example(self) -> str:
        """A line with an action, for a model that gave none."""

    def read(self, text: str, *, strict: bool = False, closed: bool = True) -> Found:
        """All actions in the text, each once.

        strict is for prose without box or label, where only what is clearly an action counts.
        closed is False where the text may have been cut off in the middle.
        """

    def write(self, action: Action) -> str:
        """The action as the model was trained to write it, on one line."""

    def memory(self, text: str) -> str:
        """The memory in a memory section, as the next prompt shows it; "" when there is none."""


@dataclass(frozen=True, slots=True)
class Understood:
    """An answer taken apart."""

    action: Action
    thought: str
    """What the answer says besides its action."""
    thinking: str
    memory: str


def understand(text: str, syntax: Syntax, plan: bool = False) -> Understood:
    """The one action of a model's answer and what is said around it. Raises BadReply.

    plan takes several actions for steps to come, of which the first is the one to do now.
    """
    thinking, answer = split_thinking(text)
    answers = [_read(block, syntax, plan) for block in answer_blocks(answer)]
    usable = [one for one in answers if one.found.actions]
    if not usable:
        raise _unusable(answers, answer, syntax)
    action = _only([action for one in usable for action in one.found.actions], syntax)
    return Understood(action, usable[-1].thought, thinking, usable[-1].memory)


def after_box(text: str) -> str | None:
    """What an answer, read so far from the stream, says after its closed box; None before that."""
    _, closed, answer = text.rpartition("</think>")
    # Text without any tag may be thinking that the server's own template has opened.
    if not closed and not text.lstrip().startswith("<answer>"):
        return None
    before, ended, tail = answer.rpartition(_END_BOX)
    if not ended or _BEGIN_BOX not in before or "<think>" in answer:
        return None
    return tail


def memory_closed(tail: str, opening: Literal["{", "["]) -> bool:
    """Is the memory behind the box whole, or the answer's tag closed?"""
    if "</answer>" in tail:
        return True
    label = _MEMORY.search(tail)
    at = tail.find(opening, label.end()) if label else -1
    # Counting is cheap and rules out nearly every call of a stream before anything is parsed.
    if at < 0 or tail.count(opening) > tail.count(_CLOSING[opening]):
        return False
    try:
        loose_json.read(tail, at)
    except ValueError:
        return False
    return True


def complaint(step: Step) -> str:
    """What is to be said of a step; "" when all went well."""
    unchanged = step.outcome is not None and step.outcome.changed is False
    return step.feedback or ("Nothing on the screen changed." if unchanged else "")


def result(step: Step) -> str:
    """How a step went, on one line."""
    if step.feedback:
        return neutralise(shorten(step.feedback, 300))
    unchanged = step.outcome is not None and step.outcome.changed is False
    return f"{SUCCESS}, but nothing on the screen changed." if unchanged else SUCCESS


def remarks(trajectory: Trajectory, observation: Observation) -> list[str]:
    """What neither the picture nor the history shows: notes, open tabs, an unusable answer."""
    lines = [neutralise(shorten(note, 300)) for note in observation.notes]
    if observation.tabs:
        titles = [f'"{neutralise(shorten(title, 80))}"' for title in observation.tabs]
        shown = ["this page" if i == observation.tab else t for i, t in enumerate(titles)]
        lines.append("Open tabs: " + ", ".join(shown[:20]))
    last = trajectory.steps[-1] if trajectory.steps else None
    if last and last.reply is None and last.error:
        lines.append(f"Your last answer could not be used. {neutralise(shorten(last.error, 400))}")
    return lines


def first_shown(count: int, length: int) -> int:
    """Where a history of so many steps begins that only grows at its end, until it has twice the
    length and loses the older half."""
    return max(0, count // length - 1) * length


def left_out(entries: Sequence[str]) -> int:
    """How many of the oldest history entries to leave out, because all would be too long."""
    room = LONGEST_HISTORY
    for index in reversed(range(len(entries))):
        room -= len(entries[index])
        if room < 0:
            return index + 1
    return 0


def answer_schema(task: Task) -> str:
    """The JSON schema that the final answer must satisfy, or ""."""
    return json.dumps(task.answer_schema, ensure_ascii=False) if task.answer_schema else ""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one answer block holds."""

    found: Found
    thought: str
    memory: str


def _read(block: str, syntax: Syntax, plan: bool) -> _Answer:
    parts = sections(block)
    memories = [syntax.memory(part.text) for part in parts if part.label == "memory"]
    memory = next((text for text in reversed(memories) if text), "")
    found = _find_action(parts, syntax, plan)
    if plan:
        found = replace(found, actions=found.actions[:1])
    return _Answer(found, _thought(parts) or found.before, memory)


def _find_action(parts: list[Section], syntax: Syntax, plan: bool) -> Found:
    error = None
    places = _planned if plan else _attempts
    for found in places([part for part in parts if part.label != "observation"], syntax):
        if found.actions:
            return found
        error = error or found.error
    return Found((), error)


def _planned(parts: list[Section], syntax: Syntax) -> Iterator[Found]:
    """The same of a plan: its first step stands first, and a stream is left as soon as it has."""
    yield from (_read_open(part.text, syntax) for part in parts if part.label == "action")
    yield from _attempts(parts, syntax)


def _attempts(parts: list[Section], syntax: Syntax) -> Iterator[Found]:
    """Readings of the places an action may stand in, best first: the boxes, the last `Action:`,
    an `Action:` in the middle of a line, any line."""
    boxed = [box for part in parts for box in boxes(part.text)]
    yield _merge([syntax.read(inside, closed=closed) for inside, closed in boxed])
    labelled = [part.text for part in parts if part.label == "action"]
    if labelled:
        yield from (_read_open(text, syntax) for text in reversed(labelled))
        return
    spoken = [part.text for part in parts if part.label != "memory"]
    inline = [text[at:] for text in spoken for _, at in _inline(text)]
    yield from (_read_open(text, syntax, strict=True) for text in reversed(inline))
    yield _merge([_read_open(text, syntax, strict=True) for text in spoken])


def _read_open(text: str, syntax: Syntax, strict: bool = False) -> Found:
    closed = all(closed for _, closed in boxes(text))
    return syntax.read(without_boxes(text), strict=strict, closed=closed)


def _merge(readings: list[Found]) -> Found:
    actions = tuple(dict.fromkeys(action for found in readings for action in found.actions))
    error = next((found.error for found in readings if found.error), None)
    return Found(actions, error, next((found.before for found in readings if found.before), ""))


def _inline(text: str) -> list[tuple[int, int]]:
    """Where `Action:` stands in the middle of a line: the last few."""
    return [match.span() for match in _INLINE_ACTION.finditer(mask(text))][-5:]


def _thought(parts: list[Section]) -> str:
    labels = {part.label: part.text for part in reversed(parts)}
    said = labels.get("thought", labels[""] if "action" in labels or boxes(labels[""]) else "")
    ends = [at for at, _ in _inline(said)[:1]] if "action" not in labels else []
    if box := BOX.search(said):
        ends.append(box.start())
    return restore(without_boxes(said[: min(ends, default=len(said))])).strip()


def _only(actions: list[Action], syntax: Syntax) -> Action:
    different = list(dict.fromkeys(actions))
    if len(different) > 1:
        first, second = (quote(syntax.write(action)) for action in different[:2])
        raise BadReply(f"Your answer held two different actions, {first} and {second}. Give one.")
    return different[0]


def _unusable(answers: list[_Answer], answer: str, syntax: Syntax) -> BadReply:
    error = next((one.found.error for one in answers if one.found.error), None)
    return error or BadReply(
        f'No action was found in {quote(answer)}. Write one line such as "{syntax.example}".'
    )
