"""What the web dialects of GLM-4.1V and GLM-4.5V share: history, element list, parsing. Pure.

One user message, never several turns: the marked screenshot, then one text. The answer names its
action by label: `Thought: …`, `Action: Click [3]`, `Memory_Updated: {…}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import ClassVar

from gui_agent.actions import Action
from gui_agent.errors import BadReply
from gui_agent.images import draw_marks
from gui_agent.prompts import loose_json
from gui_agent.prompts.parsing import (
    BOX,
    Section,
    answer_blocks,
    boxes,
    mask,
    memory_object,
    neutralise,
    plain_tokens,
    quote,
    restore,
    sections,
    shorten,
    split_thinking,
    without_boxes,
)
from gui_agent.prompts.rendering import render
from gui_agent.prompts.web_syntax import Found, WebSyntax, write_action
from gui_agent.protocols import Message, Sampling
from gui_agent.screen import Element, Observation
from gui_agent.trajectory import Reply, Step, Task, Trajectory

_TEXT_INPUTS = ("", "text", "search", "password", "email", "tel")
_BUTTONS = ("", "submit", "button")
_BEIJING = timezone(timedelta(hours=8))
_INLINE_ACTION = re.compile(r"(?<![a-z0-9_])action[*_`]{0,3}[ \t]{0,4}[:：]", re.IGNORECASE)
_BEGIN_BOX, _END_BOX = "<|begin_of_box|>", "<|end_of_box|>"
_MEMORY = re.compile(r"memory(?:[_ ]updated)?[*_`]{0,3}[ \t]{0,4}[:：]", re.IGNORECASE)


class GlmWeb:
    """A web dialect of the GLM-V family; a subclass names its template."""

    name: ClassVar[str]
    template: ClassVar[str]

    sampling = Sampling(temperature=0.0, top_p=1.0, max_tokens=8192)
    """Greedy, so that a run can be repeated. The makers' 0.001 would not be: vLLM raises it to
    0.01, which samples. The agent samples warmer by itself when the model repeats itself."""

    def __init__(self, history: int = 15, search_url: str = "https://www.bing.com/") -> None:
        self.history = history
        """Steps shown; the models were trained on 15."""
        self.search_url = search_url
        """Where `Bing` and `Google` lead."""

    def prompt(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        """One user message: the picture with its marks, then everything else as text."""
        text = render(
            self.template,
            task=plain_tokens(trajectory.task.goal),
            start=plain_tokens(_start(trajectory, observation)),
            time=beijing_time(observation.taken_at),
            history=history_text(trajectory, self.history),
            memory=plain_tokens(trajectory.memory or "{}"),
            elements=element_list(observation),
            answer_schema=_schema(trajectory.task),
            remarks=remarks(trajectory, observation),
        )
        picture = draw_marks(observation.screenshot, observation.elements)
        return (Message("user", (picture, text)),)

    def parse(self, text: str, observation: Observation) -> Reply:
        """The one action of the answer. Raises BadReply with words for the model."""
        thinking, answer = split_thinking(text)
        syntax = WebSyntax(observation, self.search_url)
        answers = [_read(block, syntax) for block in answer_blocks(answer)]
        usable = [one for one in answers if one.found.actions]
        if not usable:
            raise _unusable(answers, answer)
        action = _only([action for one in usable for action in one.found.actions])
        thought = usable[-1].thought
        note = f"Thought:{neutralise(shorten(thought, 1000))}    Action:{write_action(action)}"
        return Reply(action, thought, thinking, note, usable[-1].memory)

    def complete(self, text: str) -> bool:
        """True once the box is closed and the memory after it is a whole object, or at the closing
        tag."""
        _, closed, answer = text.rpartition("</think>")
        # Text without any tag may be thinking that the server's own template has opened.
        if not closed and not text.lstrip().startswith("<answer>"):
            return False
        before, ended, tail = answer.rpartition(_END_BOX)
        if not ended or _BEGIN_BOX not in before or "<think>" in answer:
            return False
        return "</answer>" in tail or _memory_closed(tail)


def _memory_closed(tail: str) -> bool:
    label = _MEMORY.search(tail)
    brace = tail.find("{", label.end()) if label else -1
    # Counting is cheap and rules out nearly every call of a stream before anything is parsed.
    if brace < 0 or tail.count("{") > tail.count("}"):
        return False
    try:
        loose_json.read(tail, brace)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one answer block holds."""

    found: Found
    thought: str
    memory: str


def _read(block: str, syntax: WebSyntax) -> _Answer:
    parts = sections(block)
    memories = [memory_object(part.text) for part in parts if part.label == "memory"]
    memory = next((text for text in reversed(memories) if text), "")
    return _Answer(_find_action(parts, syntax), _thought(parts), memory)


def _find_action(parts: list[Section], syntax: WebSyntax) -> Found:
    error = None
    for found in _attempts([part for part in parts if part.label != "observation"], syntax):
        if found.actions:
            return found
        error = error or found.error
    return Found((), error)


def _attempts(parts: list[Section], syntax: WebSyntax) -> Iterator[Found]:
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


def _read_open(text: str, syntax: WebSyntax, strict: bool = False) -> Found:
    closed = all(closed for _, closed in boxes(text))
    return syntax.read(without_boxes(text), strict=strict, closed=closed)


def _merge(readings: list[Found]) -> Found:
    actions = tuple(dict.fromkeys(action for found in readings for action in found.actions))
    return Found(actions, next((found.error for found in readings if found.error), None))


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


def _only(actions: list[Action]) -> Action:
    different = list(dict.fromkeys(actions))
    if len(different) > 1:
        first, second = (quote(write_action(action)) for action in different[:2])
        raise BadReply(f"Your answer held two different actions, {first} and {second}. Give one.")
    return different[0]


def _unusable(answers: list[_Answer], answer: str) -> BadReply:
    error = next((one.found.error for one in answers if one.found.error), None)
    return error or BadReply(
        f'No action was found in {quote(answer)}. Write one line such as "Action: Click [3]".'
    )


def history_text(trajectory: Trajectory, length: int) -> str:
    """The last steps, one a line, numbered from 0 at the oldest one shown (as trained)."""
    steps = [step for step in trajectory.steps if step.reply is not None]
    steps = steps[max(0, len(steps) - length) :]
    return "".join(f"{i}.{_entry(step)}\n" for i, step in enumerate(steps))


def _entry(step: Step) -> str:
    note = step.reply.note if step.reply else ""
    return f"{note}   Observation:{_result(step)}"


def _result(step: Step) -> str:
    if step.feedback:
        return neutralise(shorten(step.feedback, 300))
    unchanged = step.outcome is not None and step.outcome.changed is False
    return "Success, but nothing on the screen changed." if unchanged else "Success"


def remarks(trajectory: Trajectory, observation: Observation) -> list[str]:
    """What neither the picture nor the history shows, for the trailing `Observation:`."""
    lines = [neutralise(shorten(note, 300)) for note in observation.notes]
    if observation.tabs:
        titles = [f'"{neutralise(shorten(title, 80))}"' for title in observation.tabs]
        shown = ["this page" if i == observation.tab else t for i, t in enumerate(titles)]
        lines.append("Open tabs: " + ", ".join(shown[:20]))
    last = trajectory.steps[-1] if trajectory.steps else None
    if last and last.reply is None and last.error:
        lines.append(f"Your last answer could not be used. {neutralise(shorten(last.error, 400))}")
    return lines


def element_list(observation: Observation) -> str:
    """The marked elements that have something to show, in the trained format, joined by tabs."""
    entries = (_element(element) for element in observation.marked)
    return "\t".join(entry for entry in entries if entry)


def _element(element: Element) -> str:
    text, label = _shown(element.text), _shown(element.label)
    field = element.tag in ("button", "input", "textarea")
    tag = f"<{element.tag}> " if field else ""
    if not text:
        return f'[{element.mark}]: {tag}"{label}";' if field and _listed_empty(element) else ""
    if len(element.text) >= 200 or ("<img" in text and "src=" in text):
        return ""
    extra = f', "{label}"' if label and label != text else ""
    return f'[{element.mark}]: {tag}"{text}"{extra};'


def _shown(text: str) -> str:
    return neutralise(text.replace("\t", " ").strip())


def _listed_empty(element: Element) -> bool:
    """A missing `type` means text for an input and submit for a button, as in the page."""
    if element.tag == "input":
        return element.type in _TEXT_INPUTS
    return element.tag == "textarea" or element.type in _BUTTONS


def beijing_time(seconds: float) -> str:
    """The hour in Beijing, `2025-07-26, 10:00 AM`; minutes are always 00, as trained."""
    then = datetime.fromtimestamp(seconds, _BEIJING)
    half = "AM" if then.hour < 12 else "PM"
    return f"{then:%Y-%m-%d}, {(then.hour - 1) % 12 + 1:02}:00 {half}"


def _start(trajectory: Trajectory, observation: Observation) -> str:
    if trajectory.task.start:
        return trajectory.task.start
    first = trajectory.steps[0].observation if trajectory.steps else observation
    return first.where or "the page shown"


def _schema(task: Task) -> str:
    return json.dumps(task.answer_schema, ensure_ascii=False) if task.answer_schema else ""
