"""What the web dialects of GLM-4.1V and GLM-4.5V share: history, element list, parsing. Pure.

One user message, never several turns: the marked screenshot, then one text. The answer names its
action by label: `Thought: …`, `Action: Click [3]`, `Memory_Updated: {…}`.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import ClassVar

from gui_agent.images import draw_marks
from gui_agent.prompts.glm import (
    SAMPLING,
    Layout,
    after_box,
    answer_schema,
    first_shown,
    memory_closed,
    remarks,
    result,
    understand,
)
from gui_agent.prompts.parsing import neutralise, plain_tokens, shorten
from gui_agent.prompts.rendering import render
from gui_agent.prompts.web_grammar import web_grammar
from gui_agent.prompts.web_syntax import WebSyntax, write_action
from gui_agent.protocols import Message
from gui_agent.screen import Element, Observation
from gui_agent.trajectory import Reply, Step, Trajectory

_TEXT_INPUTS = ("", "text", "search", "password", "email", "tel")
_BUTTONS = ("", "submit", "button")
_BEIJING = timezone(timedelta(hours=8))


class GlmWeb:
    """A web dialect of the GLM-V family; a subclass names its template."""

    name: ClassVar[str]
    template: ClassVar[str]
    sampling = SAMPLING

    def __init__(
        self,
        history: int = 15,
        search_url: str = "https://www.bing.com/",
        layout: Layout = "trained",
    ) -> None:
        self.history = history
        """Steps shown; the models were trained on 15. The cached layout shows up to twice as many,
        because dropping one each time would make all that follows new."""
        self.search_url = search_url
        """Where `Bing` and `Google` lead."""
        self.layout = layout

    def prompt(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        """One user message: the picture with its marks, then everything else as text.

        In the cached layout the picture comes last, and the text before it changes only towards its
        end, so that a server's cache knows most of it from the step before.
        """
        cached = self.layout == "cached"
        history = growing_history if cached else history_text
        text = render(
            "glm_web_cached.md.j2" if cached else self.template,
            task=plain_tokens(trajectory.task.goal),
            start=plain_tokens(_start(trajectory, observation)),
            time=beijing_time(observation.taken_at),
            history=history(trajectory, self.history),
            memory=plain_tokens(trajectory.memory or "{}"),
            elements=element_list(observation),
            answer_schema=answer_schema(trajectory.task),
            remarks=remarks(trajectory, observation),
        )
        picture = draw_marks(observation.screenshot, observation.elements)
        return (Message("user", (text, picture) if cached else (picture, text)),)

    def parse(self, text: str, observation: Observation) -> Reply:
        """The one action of the answer. Raises BadReply with words for the model."""
        found = understand(text, WebSyntax(observation, self.search_url))
        thought = neutralise(shorten(found.thought, 1000))
        note = f"Thought:{thought}    Action:{write_action(found.action)}"
        return Reply(found.action, found.thought, found.thinking, note, found.memory)

    def complete(self, text: str) -> bool:
        """True once the box is closed and the memory after it is a whole object, or at the closing
        tag."""
        tail = after_box(text)
        return tail is not None and memory_closed(tail, "{")

    def grammar(self, observation: Observation) -> str:
        """EBNF of an answer with an action that is possible on this screen."""
        marks = (element.mark for element in observation.marked if element.mark is not None)
        return web_grammar(marks, self.sampling.opening)


def history_text(trajectory: Trajectory, length: int) -> str:
    """The last steps, one a line, numbered from 0 at the oldest one shown (as trained)."""
    steps = _understood(trajectory)
    steps = steps[max(0, len(steps) - length) :]
    return "".join(f"{i}.{_entry(step)}\n" for i, step in enumerate(steps))


def growing_history(trajectory: Trajectory, length: int) -> str:
    """At least the last steps, one a line, numbered from the run's beginning; it only grows at its
    end, until it has twice the length and loses the older half."""
    steps = _understood(trajectory)
    start = first_shown(len(steps), length)
    return "".join(f"{start + i}.{_entry(step)}\n" for i, step in enumerate(steps[start:]))


def _understood(trajectory: Trajectory) -> list[Step]:
    return [step for step in trajectory.steps if step.reply is not None]


def _entry(step: Step) -> str:
    note = step.reply.note if step.reply else ""
    return f"{note}   Observation:{result(step)}"


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
