"""What the phone dialects of GLM-4.1V and GLM-4.5V share: history, app list, parsing. Pure.

One user message, never several turns: the untouched screenshot, then one text. The answer is
three lines: `Memory: …`, `Reason: …`, `Action: {"action_type": …}`. Memory lives in the history.
"""

from __future__ import annotations

import re
from typing import ClassVar

from gui_agent.images import prepare
from gui_agent.prompts import loose_json
from gui_agent.prompts.glm import SAMPLING, answer_schema, complaint, remarks, understand
from gui_agent.prompts.json_syntax import action_data
from gui_agent.prompts.parsing import MOST_APPS, neutralise, plain_tokens, restore, shorten
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

    def __init__(self, history: int = 100) -> None:
        self.history = history
        """Steps shown; the models were trained on all, memory and all."""

    def prompt(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        """One user message: the picture, then everything else as text."""
        text = render(
            self.template,
            task=plain_tokens(trajectory.task.goal),
            apps=app_list(observation),
            history=history_text(trajectory, self.history),
            answer_schema=answer_schema(trajectory.task),
            remarks=remarks(trajectory, observation),
        )
        return (Message("user", (prepare(observation.screenshot), text)),)

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


def history_text(trajectory: Trajectory, length: int) -> str:
    """The steps so far as the model gave them, numbered from 0; the oldest ones may be left out."""
    steps = [step for step in trajectory.steps if step.reply is not None]
    left_out = max(0, len(steps) - length)
    entries = [f"Step {i}:\n{_entry(step)}\n\n" for i, step in enumerate(steps) if i >= left_out]
    return (f"(Steps 0 to {left_out - 1} are left out.)\n\n" if left_out else "") + "".join(entries)


def _entry(step: Step) -> str:
    """The note; what went wrong stands below it, because nothing else tells the model."""
    note = step.reply.note if step.reply else ""
    said = complaint(step)
    return f"{note}\nResult: {_line(said, 300)}" if said else note


def app_list(observation: Observation) -> str:
    """The apps that the phone has, in the trained format: joined by commas, without spaces."""
    return ",".join(_line(app, 60).replace(",", " ") for app in observation.apps[:MOST_APPS])


def _line(text: str, length: int) -> str:
    return neutralise(shorten(restore(text), length))
