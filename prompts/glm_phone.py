"""What the phone dialects of GLM-4.1V and GLM-4.5V share: history, app list, parsing. Pure.

One user message, never several turns: the untouched screenshot, then one text; in the cached layout
the text comes first. The answer is three lines: `Memory: …`, `Reason: …`,
`Action: {"action_type": …}`. Memory lives in the history.
"""

from __future__ import annotations

import re
from typing import ClassVar

from gui_agent.images import prepare
from gui_agent.prompts import loose_json
from gui_agent.prompts.glm import (
    SAMPLING,
    Layout,
    answer_schema,
    complaint,
    first_shown,
    remarks,
    understand,
)
from gui_agent.prompts.json_syntax import action_data
from gui_agent.prompts.parsing import MOST_APPS, neutralise, plain_tokens, restore, shorten
from gui_agent.prompts.phone_grammar import phone_grammar
from gui_agent.prompts.phone_syntax import PhoneSyntax
from gui_agent.prompts.rendering import render
from gui_agent.protocols import Message
from gui_agent.screen import Observation
from gui_agent.trajectory import Reply, Step, Trajectory

_MEMORY = re.compile(r"memory[*_`\"']{0,3}[ \t]{0,4}[:：]", re.IGNORECASE)
_ACTION = re.compile(r"action[*_`\"']{0,3}[ \t]{0,4}[:：]", re.IGNORECASE)
_BEGIN_BOX, _END_BOX = "<|begin_of_box|>", "<|end_of_box|>"


class GlmPhone:
    """A phone dialect of the GLM-V family; a subclass names its template."""

    name: ClassVar[str]
    template: ClassVar[str]

    sampling = SAMPLING

    def __init__(self, history: int = 100, layout: Layout = "trained") -> None:
        self.history = history
        """Steps shown; the models were trained on all, memory and all. The cached layout shows up
        to twice as many."""
        self.layout = layout

    def prompt(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        """One user message: the picture, then everything else as text; in the cached layout the
        text, which changes only towards its end, then the picture."""
        cached = self.layout == "cached"
        text = render(
            "glm_phone_cached.md.j2" if cached else self.template,
            task=plain_tokens(trajectory.task.goal),
            apps=app_list(observation),
            history=self._history(trajectory),
            answer_schema=answer_schema(trajectory.task),
            remarks=remarks(trajectory, observation),
        )
        picture = prepare(observation.screenshot)
        return (Message("user", (text, picture) if cached else (picture, text)),)

    def _history(self, trajectory: Trajectory) -> str:
        """The steps as the model gave them, numbered from 0; the oldest ones may be left out."""
        steps = [step for step in trajectory.steps if step.reply is not None]
        first = max(0, len(steps) - self.history)
        if self.layout == "cached":
            first = first_shown(len(steps), self.history)
        gap = f"(Steps 0 to {first - 1} are left out.)\n\n" if first else ""
        entries = enumerate(steps[first:], first)
        return gap + "".join(f"Step {number}:\n{_entry(step)}\n\n" for number, step in entries)

    def grammar(self, observation: Observation) -> str:
        """EBNF of an answer with an action that is possible on this phone."""
        return phone_grammar(map(restore, app_names(observation)), self.sampling.opening)

    def parse(self, text: str, observation: Observation) -> Reply:
        """The one action of the answer. Raises BadReply with words for the model."""
        syntax = PhoneSyntax()
        found = understand(text, syntax, plan=True)
        spoken = syntax.spoken[found.action]
        reason = found.thought or spoken.reason
        memory = _line(found.memory or spoken.memory, 2000) or "None"
        note = (
            f"Memory: {memory}\nReason: {_line(reason, 1000)}\nAction: {syntax.write(found.action)}"
        )
        return Reply(found.action, reason, found.thinking, note)

    def complete(self, text: str) -> bool:
        """True once the action, which comes last, is whole; or at the closing tag."""
        _, closed, answer = text.rpartition("</think>")
        # Text without any tag may be thinking that the server's own template has opened.
        if "<think>" in answer or not (closed or text.lstrip().startswith("<answer>")):
            return False
        labels = list(_ACTION.finditer(answer))
        if not labels:
            return False
        action, ended, _ = answer[labels[-1].end() :].partition("</answer>")
        if action.count(_BEGIN_BOX) > action.count(_END_BOX):
            return False
        remembered = ended or _MEMORY.search(answer, 0, labels[-1].start())
        return bool(remembered) and _holds_action(action)


def _holds_action(text: str) -> bool:
    # Counting is cheap and rules out nearly every call of a stream before anything is parsed.
    if "{" not in text or text.count("{") > text.count("}"):
        return False
    found = next(loose_json.objects(text), None)
    return found is not None and action_data(found[0]) is not None


def _entry(step: Step) -> str:
    """The note; what went wrong stands below it, because nothing else tells the model."""
    note = step.reply.note if step.reply else ""
    said = complaint(step)
    return f"{note}\nResult: {_line(said, 300)}" if said else note


def app_list(observation: Observation) -> str:
    """The apps that the phone has, in the trained format: joined by commas, without spaces."""
    return ",".join(app_names(observation))


def app_names(observation: Observation) -> list[str]:
    """The apps that the phone has, each as the prompt shows it."""
    return [_line(app, 60).replace(",", " ") for app in observation.apps[:MOST_APPS]]


def _line(text: str, length: int) -> str:
    return neutralise(shorten(restore(text), length))
