"""The cached layout of the web dialects: what a server has seen stays what it has seen."""

from __future__ import annotations

from itertools import takewhile

import pytest

from gui_agent.prompts.glm41v import Glm41vWeb
from gui_agent.prompts.glm45v import Glm45vWeb
from gui_agent.prompts.glm_web import GlmWeb
from gui_agent.protocols import Image
from gui_agent.trajectory import Outcome, Reply, Step, Task, Trajectory
from tests.prompts.screens import WAIT, screen


def run_of(steps: int) -> Trajectory:
    made = [
        Step(n, screen(2), reply=Reply(WAIT, note=f"note {n} "), outcome=Outcome(True))
        for n in range(steps)
    ]
    return Trajectory(Task("Find the lamp.", "https://shop.test/"), made)


def text(dialect: GlmWeb, steps: int, marks: int = 2) -> str:
    [message] = dialect.prompt(run_of(steps), screen(marks))
    return message.text


@pytest.mark.parametrize("kind", [Glm41vWeb, Glm45vWeb])
def test_the_new_picture_comes_last_and_history_only_grows(kind: type[GlmWeb]) -> None:
    cached = kind(layout="cached")
    [message] = cached.prompt(run_of(3), screen(2))
    assert [isinstance(part, Image) for part in message.parts] == [False, True]
    for steps in range(1, 29):
        before, after = text(cached, steps, 2), text(cached, steps + 1, 13)
        pairs = zip(before, after, strict=False)
        common = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        assert f"note {steps - 1} " in common, steps
        assert len(common) > 0.8 * len(before)


def test_history_loses_its_older_half_now_and_then_and_keeps_its_numbers() -> None:
    cached = Glm41vWeb(layout="cached")
    full, halved = text(cached, 29), text(cached, 30)
    assert "\n0.note 0 " in full
    assert "note 14 " not in halved
    assert "\n15.note 15 " in halved
    assert "\n29.note 29 " in halved


def test_it_says_what_the_trained_layout_says() -> None:
    """Nothing that the model needs to know is lost on the way."""
    cached, trained = text(Glm41vWeb(layout="cached"), 3), text(Glm41vWeb(), 3)
    for words in ("Find the lamp.", "https://shop.test/", "note 2 ", 'Link 1"', "Memory:{}"):
        assert words in cached
        assert words in trained
    rules = [line for line in trained.splitlines() if line.strip()[:2] in ("1)", "7)", "- ")]
    assert len(rules) >= 10
    assert all(line.strip() in cached for line in rules)


def test_the_trained_order_is_the_default() -> None:
    [message] = Glm41vWeb().prompt(run_of(1), screen(2))
    assert isinstance(message.parts[0], Image)
