"""Settings become the parts of an agent."""

from __future__ import annotations

from gui_agent.actions import OpenUrl
from gui_agent.cli import assembly
from gui_agent.settings import load
from gui_agent.testing import FakePlatform, FakeScreen, ScriptedModel


async def test_the_search_page_reaches_the_dialect_that_has_one() -> None:
    platform = FakePlatform({"home": FakeScreen()})
    settings = load({"search_url": "https://search.example/"}, env={})
    glm = ScriptedModel(name="zai-org/GLM-4.1V-9B-Thinking")
    dialect = await assembly.dialect(settings, platform, glm)
    assert dialect is not None
    reply = dialect.parse("<think>x</think><answer>Action: Bing", await platform.observe())
    assert reply.action == OpenUrl(url="https://search.example/")
    other = await assembly.dialect(settings, platform, ScriptedModel(name="other"))
    assert other is not None
    assert other.name == "json"


async def test_without_wishes_the_served_model_decides() -> None:
    settings = load({}, env={})
    platform = FakePlatform({"home": FakeScreen()})
    assert await assembly.dialect(settings, platform, ScriptedModel()) is None
