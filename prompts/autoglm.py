"""AutoGLM-Phone's dialect, in Chinese and English: a conversation of several turns. Pure.

A system message with the date; then, turn by turn, what the phone shows and what the model
answered, thinking and all. Only the current screenshot is sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, Literal

from gui_agent.images import prepare
from gui_agent.prompts import autoglm_answer
from gui_agent.prompts.autoglm_syntax import CallSyntax
from gui_agent.prompts.glm import answer_schema, complaint
from gui_agent.prompts.parsing import plain_tokens, restore, shorten, split_thinking
from gui_agent.prompts.rendering import render
from gui_agent.protocols import Message, Sampling
from gui_agent.screen import Observation, Screenshot
from gui_agent.trajectory import Reply, Step, Task, Trajectory

LONGEST_THINKING = 2_000
"""Characters of a turn's thinking that later turns see."""

_WEEKDAYS = "一二三四五六日"
_ENGLISH_WEEKDAYS = ("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()
_HOME = re.compile(r"launcher|\.home$|桌面", re.IGNORECASE)
_CALL = re.compile(r"<answer>|(?<!\w)(?:do|finish)\s{0,3}[(（]")
_CHINESE = {
    "question": "有多个选项符合要求，应该选哪一个？",
    "reason": "这一步需要您亲自操作，例如登录或验证。",
}


class AutoGlm:
    """AutoGLM-Phone-9B: points in thousandths of the picture, thinking kept in the history."""

    sampling = Sampling(
        temperature=0.0, top_p=0.85, max_tokens=3000, frequency_penalty=0.2, opening="<answer>"
    )

    def __init__(
        self,
        language: Literal["zh", "en"] = "zh",
        history: int = 40,
        zone: tzinfo | None = None,
    ) -> None:
        self.language = language
        self.history = history
        """Turns shown: with the thinking of more, the makers' own context of 25,480 overflows."""
        self.zone = zone
        """Where the date is taken; None is this machine's own time zone."""

    @property
    def name(self) -> str:
        return "autoglm" if self.language == "zh" else "autoglm-en"

    def prompt(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        """The system message, the turns so far, and the screen as it is now."""
        steps = trajectory.steps
        answered = [i for i, step in enumerate(steps) if step.reply is not None]
        turns = answered[max(0, len(answered) - self.history) :]
        left_out = len(answered) - len(turns)
        messages = [Message("system", (self.system(trajectory, observation),))]
        for number, i in enumerate((*turns, len(steps))):
            screen = steps[i].observation if i < len(steps) else observation
            first = number == 0
            text = self.described(screen, steps[:i], left_out if first else 0)
            text = f"{_task(trajectory.task) if first else '** Screen Info **'}\n\n{text}"
            if i < len(steps):
                messages += Message("user", (text,)), Message("assistant", (_note(steps[i]),))
            else:
                messages.append(Message("user", (prepare(screen.screenshot), text)))
        return tuple(messages)

    def system(self, trajectory: Trajectory, observation: Observation) -> str:
        """The rules, below the date on which the run began."""
        first = trajectory.steps[0].observation if trajectory.steps else observation
        date = datetime.fromtimestamp(first.taken_at, self.zone)
        return render(f"autoglm_{self.language}.md.j2", date=_date(date, self.language))

    def described(self, screen: Observation, before: Sequence[Step], left_out: int = 0) -> str:
        """What the phone says of its screen, as JSON: nothing in it can pass for another turn."""
        front = shorten(screen.title or screen.where, 80)
        info: dict[str, Any] = {"current_app": "System Home" if _HOME.search(front) else front}
        if left_out:
            info["earlier_turns_left_out"] = left_out
        if before and (said := _said(before[-1])):
            info["last_action"] = shorten(said, 400)
        if screen.notes:
            info["notes"] = [shorten(note, 300) for note in screen.notes]
        return plain_tokens(json.dumps(info, ensure_ascii=False))

    def parse(self, text: str, observation: Observation) -> Reply:
        """The one action of the answer. Raises BadReply with words for the model."""
        thinking, answer = split_thinking(text)
        said = autoglm_answer.read(answer, self._syntax(observation.screenshot))
        thought = restore(_CALL.split(answer, maxsplit=1)[0]).strip(" \n`")
        kept = plain_tokens((thinking or thought)[:LONGEST_THINKING])
        note = f"<think>{kept}</think><answer>{said.written}</answer>"
        return Reply(said.action, thought, thinking, note)

    def complete(self, text: str) -> bool:
        """True once an answer tag holds a whole call; never while the model may be thinking."""
        _, closed, answer = text.rpartition("</think>")
        if "<think>" in answer or not (closed or text.lstrip().startswith("<answer>")):
            return False
        return ")" in answer and autoglm_answer.whole(answer, self._syntax())

    def _syntax(self, shot: Screenshot | None = None) -> CallSyntax:
        size = (shot.width, shot.height) if shot else (1, 1)
        return CallSyntax(size, **(_CHINESE if self.language == "zh" else {}))


english = partial(AutoGlm, "en")
"""For AutoGLM-Phone-9B-Multilingual: the makers' English prompt offers fewer actions."""


def _task(task: Task) -> str:
    schema = answer_schema(task)
    wanted = f"\n(finish(message=…): JSON that satisfies {schema})" if schema else ""
    return plain_tokens(task.goal + wanted)


def _note(step: Step) -> str:
    return step.reply.note if step.reply else ""


def _said(step: Step) -> str:
    if step.reply is None:
        return f"Your last answer could not be used. {step.error}"
    return complaint(step)


def _date(date: datetime, language: str) -> str:
    """As trained: `2025年07月26日 星期六`, `2025-07-26, Saturday`."""
    if language == "zh":
        return f"{date:%Y年%m月%d日} 星期{_WEEKDAYS[date.weekday()]}"
    return f"{date:%Y-%m-%d}, {_ENGLISH_WEEKDAYS[date.weekday()]}"
