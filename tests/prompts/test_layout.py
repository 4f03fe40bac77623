"""The cached layout of GLM's dialects: what a server has seen stays what it has seen."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import takewhile

import pytest

from gui_agent import registry
from gui_agent.prompts.glm41v import Glm41vDesktop, Glm41vPhone, Glm41vWeb
from gui_agent.prompts.glm45v import Glm45vDesktop
from gui_agent.protocols import Dialect, Image, Part, PlatformKind
from gui_agent.screen import Observation
from gui_agent.trajectory import Outcome, Reply, Step, Task, Trajectory
from tests.prompts.screens import WAIT, picture, screen

KINDS: tuple[PlatformKind, ...] = ("web", "android", "desktop")


def cached(name: str, kind: PlatformKind) -> Dialect:
    return registry.dialect(name, kind, layout="cached")


@cache
def seen(step: int, marks: int = 2) -> Observation:
    """A screen whose picture tells the step by its width."""
    return replace(screen(marks), screenshot=picture(200 + 2 * step, 100), apps=("Clock", "Notes"))


def run_of(steps: int) -> Trajectory:
    made = [
        Step(n, seen(n), reply=Reply(WAIT, note=f"note {n} "), outcome=Outcome(True))
        for n in range(steps)
    ]
    return Trajectory(Task("Find the lamp.", "https://shop.test/"), made)


def parts(dialect: Dialect, steps: int, marks: int = 2) -> tuple[Part, ...]:
    [message] = dialect.prompt(run_of(steps), seen(steps, marks))
    return message.parts


def units(sent: tuple[Part, ...]) -> list[str | Image]:
    """Characters and pictures, which is about how a server's cache counts."""
    return [unit for part in sent for unit in (part if isinstance(part, str) else (part,))]


def text(dialect: Dialect, steps: int) -> str:
    return "".join(part for part in parts(dialect, steps) if isinstance(part, str))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["glm-4.1v", "glm-4.5v"])
def test_the_new_picture_comes_last_and_history_only_grows(name: str, kind: PlatformKind) -> None:
    dialect, dropped = cached(name, kind), 0
    for steps in range(1, 17):
        before, after = parts(dialect, steps), parts(dialect, steps + 1, 13)
        assert isinstance(before[-1], Image)
        assert before[-1].width == seen(steps).screenshot.width
        pairs = zip(units(before), units(after), strict=False)
        common = list(takewhile(lambda pair: pair[0] == pair[1], pairs))
        told = "".join(a for a, _ in common if isinstance(a, str))
        if f"note {steps - 1} " not in told:
            dropped += 1  # the desktop lets go of four pictures at once
            continue
        old = sum(isinstance(part, Image) for part in before) - 1
        assert sum(isinstance(a, Image) for a, _ in common) == old
        assert len(told) > 0.8 * len(text(dialect, steps))
    assert dropped == (3 if kind == "desktop" else 0)


def test_web_history_loses_its_older_half_now_and_then_and_keeps_its_numbers() -> None:
    dialect = Glm41vWeb(layout="cached")
    full, halved = text(dialect, 29), text(dialect, 30)
    assert "\n0.note 0 " in full
    assert "note 14 " not in halved
    assert "\n15.note 15 " in halved
    assert "\n29.note 29 " in halved


def test_phone_history_does_the_same() -> None:
    dialect = Glm41vPhone(history=4, layout="cached")
    assert "Step 0:\nnote 0 " in text(dialect, 7)
    halved = text(dialect, 8)
    assert "(Steps 0 to 3 are left out.)\n\nStep 4:\nnote 4 " in halved
    assert "Step 7:\nnote 7 " in halved


@pytest.mark.parametrize("kind", [Glm41vDesktop, Glm45vDesktop])
def test_the_desktop_shows_four_to_seven_earlier_pictures(
    kind: type[Glm41vDesktop | Glm45vDesktop],
) -> None:
    dialect = kind(layout="cached")
    for steps in range(20):
        shown = [part.width for part in parts(dialect, steps) if isinstance(part, Image)]
        expected = [seen(n).screenshot.width // 2 for n in range(steps)]
        earlier, most = shown[:-1], expected[-7:]
        assert earlier == most[len(most) - len(earlier) :], "the latest, each in its place"
        assert len(earlier) >= min(steps, 4)


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_what_the_trained_layout_says(kind: PlatformKind) -> None:
    """Nothing that the model needs to know is lost on the way."""
    said = text(cached("glm-4.1v", kind), 3)
    trained = text(registry.dialect("glm-4.1v", kind), 3)
    told = {
        "web": ("https://shop.test/", 'Link 1"', "Memory:{}"),
        "android": ("Clock,Notes", "Step 2:"),
        "desktop": ("Memory:\n[]",),
    }
    for words in ("Find the lamp.", "note 2 ", *told[kind]):
        assert words in said
        assert words in trained
    rules = [line for line in trained.splitlines() if line.strip()[:2] in ("1)", "7)", "- ", "# ")]
    rules += [line for line in trained.splitlines() if "action_type" in line or "start_box" in line]
    assert len(rules) >= 10
    assert all(line.strip() in said for line in rules)


@pytest.mark.parametrize("kind", KINDS)
def test_the_trained_order_is_the_default(kind: PlatformKind) -> None:
    assert isinstance(parts(registry.dialect("glm-4.1v", kind), 1)[0], Image)
