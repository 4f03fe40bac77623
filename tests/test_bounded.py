"""Bounded thinking and held answers: what is sent, by what the server can, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gui_agent import registry
from gui_agent.abilities import Abilities, closing_tags
from gui_agent.actions import Click, Scroll
from gui_agent.bounded import bounded
from gui_agent.policies import HoldToGrammar, ThinkingBudget
from gui_agent.prompts.glm41v import Glm41vWeb
from gui_agent.protocols import PlatformKind, Sampling
from gui_agent.screen import Point
from gui_agent.testing import LiteralDialect, ScriptedModel
from gui_agent.trajectory import Completion, Outcome, Reply, Step, Task, Trajectory, Usage
from tests.asking import QUESTION
from tests.prompts.screens import screen

ONE = Abilities("vllm", "one request")
TWO = Abilities("llama.cpp", "two requests")
BOUND = Sampling(max_tokens=500, thinking=50, opening="<answer>", grammar="root ::= x")
CUT = Completion("<think>First", "length", usage=Usage(100, 50), timings={"first_token": 1.0})
REST = Completion("<answer>go", "stop", usage=Usage(150, 9), timings={"first_token": 0.5})


async def test_one_request_where_the_server_ends_the_thinking() -> None:
    model = ScriptedModel("<think>hm</think><answer>go")
    done = await bounded(model.complete, ONE, QUESTION, BOUND, None)
    assert done.text == "<think>hm</think><answer>go"
    assert model.asked[0][-1].text == "<think>"
    extra = model.sampled[0].extra
    assert extra["thinking_token_budget"] == 50
    assert extra["structured_outputs"] == {"grammar": "root ::= x"}
    assert (extra["continue_final_message"], extra["add_generation_prompt"]) == (True, False)


async def test_a_second_request_after_thinking_that_was_cut_off() -> None:
    model = ScriptedModel(CUT, REST)
    done = await bounded(model.complete, TWO, QUESTION, BOUND, None)
    assert model.sampled[0].max_tokens == 50
    assert "grammar" not in model.sampled[0].extra, "it would forbid the thinking"
    assert model.asked[1] == (*QUESTION, replace(model.asked[1][-1]))
    assert model.asked[1][-1].text == "<think>First</think>"
    assert model.sampled[1].extra["grammar"] == "root ::= x"
    assert done.text == "<think>First</think><answer>go"
    assert done.usage == Usage(250, 59)
    assert done.timings["thinking"] == 0.5


async def test_without_a_grammar_the_makers_tags_close_the_thinking() -> None:
    rest = replace(REST, text="<think>go")  # a parser filed it under thinking
    model = ScriptedModel(CUT, rest)
    free = replace(BOUND, grammar="")
    done = await bounded(model.complete, TWO, QUESTION, free, None)
    assert model.asked[1][-1].text == "<think>First</think><answer>"
    assert done.text == "<think>First</think><answer>go"


async def test_an_answer_that_was_begun_is_not_begun_again() -> None:
    begun = "<think>a</think><answer>Cli"
    model = ScriptedModel(replace(CUT, text=begun), replace(REST, text="ck [1]"))
    done = await bounded(model.complete, TWO, QUESTION, BOUND, None)
    assert model.asked[1][-1].text == begun
    assert "grammar" not in model.sampled[1].extra, "it would want a whole answer"
    assert done.text == "<think>a</think><answer>Click [1]"


async def test_an_answer_within_its_bound_needs_no_second_request() -> None:
    model = ScriptedModel("<think>a</think><answer>b")
    done = await bounded(model.complete, TWO, QUESTION, BOUND, None)
    assert done.text == "<think>a</think><answer>b"
    assert len(model.asked) == 1


async def test_a_server_that_can_do_neither_is_asked_as_usual() -> None:
    model = ScriptedModel("free")
    await bounded(model.complete, Abilities(), QUESTION, BOUND, None)
    assert model.asked == [QUESTION]
    assert model.sampled == [BOUND]


@pytest.mark.parametrize(
    ("begun", "tags", "bare"),
    [
        ("<think>a", "</think><answer>", "</think>"),
        ("", "</think><answer>", "</think>"),
        ("<think>a</think>", "<answer>", ""),
        ("<think>a</think>Memory: None", "<answer>", ""),
        ("<think>a</think><answer>Click", "", ""),
        ("<answer>Click", "", "</think>"),
        ("<|begin_of_box|>Click", "", ""),
        ("<think>an <answer> in", "</think><answer>", "</think>"),
    ],
)
def test_what_closes_an_answer(begun: str, tags: str, bare: str) -> None:
    """By the dialect: GLM-4.1V's answers begin with a tag, GLM-4.5V's do not."""
    assert closing_tags(begun, "<answer>") == tags
    assert closing_tags(begun, "") == bare


@pytest.mark.parametrize("kind", ["web", "android", "desktop"])
async def test_each_dialect_closes_the_thinking_its_own_way(kind: PlatformKind) -> None:
    for name, closed in (("glm-4.1v", "</think><answer>"), ("glm-4.5v", "</think>")):
        model = ScriptedModel(CUT, REST)
        sampling = replace(registry.dialect(name, kind).sampling, thinking=50)
        await bounded(model.complete, TWO, QUESTION, sampling, None)
        assert model.asked[1][-1].text == f"<think>First{closed}"


CLICKED, SCROLLED = Reply(Click(at=Point(0, 0))), Reply(Scroll(direction="down"))


@pytest.mark.parametrize(
    ("step", "tokens"),
    [
        (None, 300),
        ({"reply": CLICKED, "outcome": Outcome(True)}, 300),
        ({"reply": SCROLLED, "outcome": Outcome(True)}, 64),
        ({"reply": SCROLLED, "outcome": Outcome(False)}, 800),
        ({"reply": CLICKED, "error": "covered"}, 800),
        ({"reply": None}, 800),
    ],
)
def test_the_budget_depends_on_how_the_last_step_went(
    step: dict[str, Any] | None, tokens: int
) -> None:
    seen = screen(2)
    steps = [] if step is None else [Step(0, seen, **step)]
    run = Trajectory(Task("x"), steps)
    sampling = ThinkingBudget()(Sampling(), Glm41vWeb(), run, seen)
    assert sampling == Sampling(thinking=tokens)


def test_only_a_dialect_with_a_grammar_is_held_to_it() -> None:
    seen, run = screen(2), Trajectory(Task("x"))
    held = HoldToGrammar()(Sampling(), Glm41vWeb(), run, seen).grammar
    assert '"0" | "1"\n' in held + "\n"
    assert '"2"' not in held
    assert '"Click [" label "]"' in held
    assert "label" not in Glm41vWeb().grammar(screen(0))
    assert HoldToGrammar()(Sampling(), LiteralDialect(), run, seen) == Sampling()
