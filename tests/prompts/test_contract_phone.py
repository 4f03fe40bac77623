"""Every phone dialect keeps the contract of its seam."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gui_agent import registry
from gui_agent.actions import Action, Click, Finish, OpenApp, Swipe, TypeText
from gui_agent.protocols import Dialect
from gui_agent.screen import Observation
from gui_agent.testing import DialectContract
from tests.prompts.screens import at

BB, EB = "<|begin_of_box|>", "<|end_of_box|>"


class PhoneDialect(DialectContract):
    model = ""

    def make(self) -> Dialect:
        return registry.dialect_for(self.model, "android")

    def observation(self) -> Observation:
        return replace(super().observation(), where="Notes", apps=("Notes", "设置"))

    def test_its_name_leads_back_to_it(self) -> None:
        name = self.make().name
        assert registry.dialect(name, "android").name == name == registry.family(self.model)


class TestGlm41vPhone(PhoneDialect):
    model = "zai-org/GLM-4.1V-9B-Thinking"
    before = "<answer>"

    def answers(self) -> Mapping[str, Action]:
        actions: dict[str, Action] = {
            '{"action_type": "click", "box_2d": [[100,100,500,100]]}': Click(at=at(300, 100)),
            '{"action_type": "input_text", "text": "Ada", "box_2d": [[100,100,500,100]], '
            '"override": true}': TypeText(text="Ada", at=at(300, 100), clear=True, submit=True),
            '{"action_type": "swipe", "direction": "up"}': Swipe(direction="up"),
            '{"action_type": "status", "goal_status": "complete"}': Finish(success=True),
        }
        head = f"<think>Hm.</think>{self.before}Memory: None\nReason: So.\nAction: "
        return {f"{head}{BB}{text}{EB}": action for text, action in actions.items()}


class TestGlm45vPhone(TestGlm41vPhone):
    model = "zai-org/GLM-4.5V-FP8"
    before = ""


class TestAutoGlm(PhoneDialect):
    model = "zai-org/AutoGLM-Phone-9B"

    def answers(self) -> Mapping[str, Action]:
        along = at(500, 800), at(500, 200)
        actions: dict[str, Action] = {
            'do(action="Tap", element=[300,100])': Click(at=at(300, 100)),
            'do(action="Swipe", start=[500,800], end=[500,200])': Swipe(
                direction="up", along=along
            ),
            'do(action="Launch", app="设置")</answer>': OpenApp(name="设置"),
            'do(action="Type", text="Ada")</answer>': TypeText(text="Ada", clear=True),
            'finish(message="So.")</answer>': Finish(success=True, message="So."),
        }
        return {f"<think>Hm.</think><answer>{call}": action for call, action in actions.items()}


class TestAutoGlmMultilingual(TestAutoGlm):
    model = "zai-org/AutoGLM-Phone-9B-Multilingual"
