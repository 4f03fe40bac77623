"""Settings become the parts of an agent."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from gui_agent.actions import OpenUrl
from gui_agent.cli import assembly
from gui_agent.errors import SetupError
from gui_agent.images import fit
from gui_agent.policies import HoldToGrammar, ThinkingBudget
from gui_agent.protocols import Image, Message, Sampling
from gui_agent.settings import load
from gui_agent.testing import FakePlatform, FakeScreen, ScriptedModel
from gui_agent.trajectory import Task, Trajectory
from tests.fake_openai import FakeOpenAI


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


async def test_smaller_pictures_and_the_cached_layout_reach_the_dialect() -> None:
    platform = FakePlatform({"home": FakeScreen({"Save": "home"})})
    glm = ScriptedModel(name="glm-4.1v")
    flags = {"image_scale": "0.5", "layout": "cached"}
    dialect = await assembly.dialect(load(flags, env={}), platform, glm)
    assert dialect is not None
    [message] = dialect.prompt(Trajectory(Task("Save")), await platform.observe())
    text, picture = message.parts
    assert isinstance(text, str)
    assert isinstance(picture, Image)
    assert (picture.width, picture.height) == fit(200, 150)
    with pytest.raises(SetupError, match="'json' has no cached layout"):
        await assembly.dialect(load(flags, env={}), platform, ScriptedModel(name="other"))


def test_thinking_and_grammar_are_policies() -> None:
    assert assembly.policies(load({}, env={})) == ()
    budget, held = assembly.policies(load({"thinking": "64,300,800", "grammar": True}, env={}))
    assert budget == ThinkingBudget(64, 300, 800)
    assert isinstance(held, HoldToGrammar)
    assert assembly.policies(load({"thinking": "90"}, env={})) == (ThinkingBudget(90, 90, 90),)
    with pytest.raises(SetupError, match="write it as 300, or as 64,300,800"):
        load({"thinking": "some"}, env={})


async def test_the_folder_for_pictures_reaches_the_client(tmp_path: Path) -> None:
    async with FakeOpenAI("hm") as server:
        flags = {"base_url": server.url, "local_media": str(tmp_path), "check_server": False}
        async with assembly.connected(load(flags, env={}), Console()) as model:
            question = (Message("user", (Image(b"x", "image/png", 1, 1),)),)
            await model.complete(question, Sampling())
            [part] = server.asked[0]["messages"][0]["content"]
            assert part["image_url"]["url"].startswith(tmp_path.as_uri())
            await model.close()
