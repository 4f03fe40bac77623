"""Every dialect keeps the contract of its seam."""

from __future__ import annotations

from collections.abc import Mapping

from gui_agent import registry
from gui_agent.actions import Action, Answer, Click, Finish, PressKeys, Scroll, TypeText
from gui_agent.protocols import Dialect
from gui_agent.screen import Point
from gui_agent.testing import DialectContract

BB, EB = "<|begin_of_box|>", "<|end_of_box|>"


class WebDialect(DialectContract):
    before = ""

    def answers(self) -> Mapping[str, Action]:
        marked = self.observation().marked
        click = Click(at=marked[0].box.center, mark=0)
        typed = TypeText(text="Ada", at=marked[2].box.center, mark=2, clear=True, submit=True)
        actions: dict[str, Action] = {
            "Click [0]": click,
            "Type [2]; [Ada]": typed,
            "Scroll [WINDOW]; [down]": Scroll(direction="down"),
            "ANSWER; <content>Ada</content>": Answer(text="Ada"),
        }
        head, tail = (
            f"<think>Hm.</think>{self.before}Thought: So.\nAction: ",
            "\nMemory_Updated: {}",
        )
        return {f"{head}{BB}{text}{EB}{tail}": action for text, action in actions.items()}


class TestGlm41vWeb(WebDialect):
    before = "<answer>"

    def make(self) -> Dialect:
        return registry.dialect_for("zai-org/GLM-4.1V-9B-Thinking", "web")


class TestGlm45vWeb(WebDialect):
    def make(self) -> Dialect:
        return registry.dialect_for("zai-org/GLM-4.5V-FP8", "web")


class DesktopDialect(DialectContract):
    before = ""

    def answers(self) -> Mapping[str, Action]:
        actions: dict[str, Action] = {
            "left_click(start_box='[300,117]')": Click(at=Point(0.3, 0.117)),
            "type(content='Ada')": TypeText(text="Ada"),
            "key(keys='ctrl+s')": PressKeys(keys=("ctrl", "s")),
            "DONE()": Finish(success=True, message="So."),
        }
        head, tail = f"<think>Hm.</think>{self.before}So.\n", "\nMemory:\n[]"
        return {f"{head}{BB}{text}{EB}{tail}": action for text, action in actions.items()}


class TestGlm41vDesktop(DesktopDialect):
    before = "<answer>"

    def make(self) -> Dialect:
        return registry.dialect_for("zai-org/GLM-4.1V-9B-Thinking", "desktop")


class TestGlm45vDesktop(DesktopDialect):
    def make(self) -> Dialect:
        return registry.dialect_for("zai-org/GLM-4.5V-FP8", "desktop")


class TestJson(DialectContract):
    model = "some/other-model"

    def make(self) -> Dialect:
        return registry.dialect_for(self.model, "web")

    def answers(self) -> Mapping[str, Action]:
        click = Click(at=self.observation().marked[0].box.center, mark=0)
        return {
            '{"thought": "So.", "action": {"kind": "click", "mark": 0}, "memory": {}}': click,
            "<think>{</think>\\n{'action': {'kind': 'click', 'mark': 0}}": click,
        }

    def test_its_name_leads_back_to_it(self) -> None:
        name = self.make().name
        assert registry.dialect(name, "web").name == name == registry.family(self.model)


class TestJsonUnmarked(TestJson):
    model = "builtin/baseline"
