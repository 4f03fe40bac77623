"""The dialect for models that were trained on none: our own actions, asked for and given as JSON.

Pure. Every line of the screen's description is one JSON object, so that no page can forge one.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from gui_agent.errors import BadReply
from gui_agent.images import draw_marks, prepare
from gui_agent.prompts import loose_json
from gui_agent.prompts.json_syntax import action_data, action_schema, read_action, write_action
from gui_agent.prompts.parsing import (
    MOST_APPS,
    memory_text,
    plain_tokens,
    quote,
    restore,
    shorten,
    split_thinking,
    without_tags,
)
from gui_agent.prompts.rendering import render
from gui_agent.protocols import Message, Sampling
from gui_agent.screen import Element, Observation
from gui_agent.trajectory import Reply, Step, Task, Trajectory

_LINE_BREAKS = {ord(c): f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029"}


class JsonActions:
    """Any vision model, on a screen whose elements are listed as JSON."""

    sampling = Sampling(temperature=0.0, top_p=1.0, max_tokens=4096)
    """Greedy, so that a run can be repeated."""

    def __init__(self, marked: bool = True, history: int = 30) -> None:
        self.marked = marked
        """Draw the marks on the picture; without, the picture is sent untouched."""
        self.history = history
        """Steps shown."""

    @property
    def name(self) -> str:
        return "json" if self.marked else "json-unmarked"

    def prompt(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        """The rules as system message; the picture and its description as user message."""
        system = render("json_system.md.j2", actions=action_schema(), marked=self.marked)
        sections = {
            "Task": [_task(trajectory.task)],
            "History": [_past(step) for step in self._recent(trajectory)],
            "Memory": [_memory(trajectory.memory)],
            "Screen": [_screen(observation)],
            "Elements": [_listed(element) for element in observation.elements],
        }
        text = "\n".join(line for title, data in sections.items() for line in _section(title, data))
        shot = observation.screenshot
        picture = draw_marks(shot, observation.elements) if self.marked else prepare(shot)
        return Message("system", (system,)), Message("user", (picture, text))

    def _recent(self, trajectory: Trajectory) -> list[Step]:
        return trajectory.steps[max(0, len(trajectory.steps) - self.history) :]

    def parse(self, text: str, observation: Observation) -> Reply:
        """The one action of the answer. Raises BadReply with words for the model."""
        thinking, answer = split_thinking(text)
        objects = _objects(answer)
        usable = [(found, data) for found in objects if (data := action_data(found)) is not None]
        if not usable:
            raise BadReply(
                f"No action was found in {quote(answer)}."
                ' Answer with one JSON object: {"thought": "…", "action": {"kind": …}}.'
            )
        actions = list(dict.fromkeys(read_action(data, observation) for _, data in usable))
        if len(actions) > 1:
            raise BadReply("Your answer held more than one action. Give exactly one.")
        found = usable[-1][0]
        thought, memory = found.get("thought"), found.get("memory")
        return Reply(
            action=actions[0],
            thought=restore(thought) if isinstance(thought, str) else "",
            thinking=thinking,
            note=_line(write_action(actions[0])),
            memory=memory_text(memory) if isinstance(memory, dict) else "",
        )

    def complete(self, text: str) -> bool:
        """True once an object with an action is closed; never while the model may be thinking."""
        _, closed, answer = text.rpartition("</think>")
        begun = without_tags(answer[:200]).lstrip().startswith(("{", "```"))
        if not (closed or begun) or "<think>" in answer:
            return False
        # Counting is cheap and rules out nearly every call of a stream before anything is parsed.
        if "{" not in answer or answer.count("{") > answer.count("}"):
            return False
        return any(action_data(found) is not None for found in _objects(answer))


unmarked = partial(JsonActions, marked=False)
"""For models that read the pixels themselves: marks would cover what they read."""


def _objects(answer: str) -> list[dict[str, Any]]:
    return [found for found, _ in loose_json.objects(answer)]


def _section(title: str, lines: list[dict[str, Any]]) -> list[str]:
    return [f"# {title}", *(_line(line) for line in lines)]


def _line(data: dict[str, Any]) -> str:
    """One JSON object on one line, whatever the reader takes for a line break."""
    return plain_tokens(json.dumps(data, ensure_ascii=False).translate(_LINE_BREAKS))


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "", [], {})}


def _task(task: Task) -> dict[str, Any]:
    schema = dict(task.answer_schema) if task.answer_schema else None
    return {"goal": task.goal, **_filled({"start": task.start, "answer_schema": schema})}


def _past(step: Step) -> dict[str, Any]:
    if step.reply is None:
        return {"step": step.index, "error": step.error}
    past = {"step": step.index, "action": write_action(step.reply.action)}
    if step.error:
        return {**past, "error": step.error}
    unchanged = step.outcome is not None and step.outcome.changed is False
    return {**past, "result": step.feedback or ("no change seen" if unchanged else "ok")}


def _memory(text: str) -> dict[str, Any]:
    return next((found for found, _ in loose_json.objects(text)), {})


def _screen(screen: Observation) -> dict[str, Any]:
    shot = screen.screenshot
    facts: dict[str, Any] = {"url": screen.where, "title": screen.title}
    facts["size"] = [shot.width, shot.height]
    facts |= {"tabs": list(screen.tabs), "tab": screen.tab if screen.tabs else None}
    facts |= {"above": _rounded(screen.above), "below": _rounded(screen.below)}
    facts["apps"] = [shorten(app, 60) for app in screen.apps[:MOST_APPS]]
    return _filled({**facts, "notes": list(screen.notes)})


def _rounded(screens: float | None) -> float | None:
    return None if screens is None else round(screens, 2)


def _listed(element: Element) -> dict[str, Any]:
    facts = {
        "mark": element.mark,
        "role": element.role,
        "name": element.name or element.text[:200],
        "box": list(element.box.pixels(1000, 1000)),
        "value": element.value,
        "states": sorted(element.states),
        "context": element.context,
    }
    return _filled(facts)
