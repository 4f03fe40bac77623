"""The shipped fakes keep the contracts they ship with."""

from __future__ import annotations

from collections.abc import Mapping

from gui_agent.actions import Action, Click, Finish
from gui_agent.protocols import Dialect, Model, Platform
from gui_agent.screen import Point
from gui_agent.testing import (
    DialectContract,
    FakePlatform,
    FakeScreen,
    LiteralDialect,
    ModelContract,
    PlatformContract,
    ScriptedModel,
    literal,
)


class TestFakePlatform(PlatformContract):
    def make(self) -> Platform:
        return FakePlatform({"home": FakeScreen({"Go": "home"}, ("Name",), ("Hi",))})


class TestLiteralDialect(DialectContract):
    def make(self) -> Dialect:
        return LiteralDialect()

    def answers(self) -> Mapping[str, Action]:
        actions: list[Action] = [Click(at=Point(0.5, 0.5), mark=0), Finish(success=True)]
        return {literal(action): action for action in actions}


class TestScriptedModel(ModelContract):
    def make(self, answer: str) -> Model:
        return ScriptedModel(answer)
