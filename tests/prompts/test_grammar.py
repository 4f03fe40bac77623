"""What a dialect's grammar allows, its parser understands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gui_agent import registry
from gui_agent.actions import OpenApp
from gui_agent.policies import HasGrammar
from gui_agent.protocols import PlatformKind
from gui_agent.screen import Observation
from tests.prompts.ebnf import Grammar
from tests.prompts.screens import phone, screen

WEB = {"click", "type", "scroll", "wait", "back", "open_url", "keys", "answer"}
PHONE = {"answer", "click", "long_press", "type", "keys", "swipe", "open_app"}
PHONE |= {"home", "back", "wait", "finish"}
DESKTOP = {"click", "hover", "drag", "keys", "type", "answer", "scroll", "wait", "finish"}
APPS = ("Clock", 'A "B" \\', "设置", "<|user|>")
CASES: dict[str, tuple[PlatformKind, Observation, set[str]]] = {
    "web": ("web", screen(13), WEB),
    "web without labels": ("web", screen(0), WEB - {"click", "type"}),
    "phone": ("android", replace(phone(), apps=APPS), PHONE),
    "phone without apps": ("android", replace(phone(), apps=()), PHONE),
    "desktop": ("desktop", screen(2), DESKTOP),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", ["glm-4.1v", "glm-4.5v"])
def test_every_answer_of_the_grammar_is_one_action(name: str, case: str) -> None:
    kind, seen, kinds = CASES[case]
    dialect = registry.dialect(name, kind)
    assert isinstance(dialect, HasGrammar)
    grammar, met = Grammar.of(dialect.grammar(seen), seed=1), set[str]()
    for _ in range(150):
        answer = grammar.draw()
        action = dialect.parse(f"<think>So.</think>{answer}", seen).action
        met.add(action.kind)
        if isinstance(action, OpenApp) and seen.apps:
            assert action.name in APPS[:3], "only what there is, and no token"
    assert met == kinds
    assert answer.startswith(dialect.sampling.opening)


@pytest.mark.parametrize("kind", ["android", "desktop"])
def test_positions_are_on_the_picture(kind: PlatformKind) -> None:
    dialect = registry.dialect("glm-4.1v", kind)
    assert isinstance(dialect, HasGrammar)
    grammar = Grammar.of(dialect.grammar(screen(2)), seed=1)
    edges = {int(grammar.draw("edge")) for _ in range(8000)}
    assert {0, 999} < edges < set(range(-1, 1000))
