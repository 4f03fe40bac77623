"""A secret is typed into the page and appears nowhere else."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from gui_agent.actions import Finish, TypeText
from gui_agent.agent import Agent
from gui_agent.errors import ActionFailed, SetupError
from gui_agent.recorder import Recorder
from gui_agent.screen import Box, Point
from gui_agent.secrets import WithSecrets
from gui_agent.testing import FakePlatform, FakeScreen, LiteralDialect, ScriptedModel, literal

SECRET = "hunter2-and-more"
FIELD = Box.of(20, 20, 220, 50, 400, 300)
TYPE = TypeText(text="<secret:password>", at=FIELD.center, mark=0)


async def test_only_the_page_gets_the_secret(tmp_path: Path) -> None:
    fake = FakePlatform({"login": FakeScreen(fields=("Password",))}, "login")
    model = ScriptedModel(literal(TYPE), literal(Finish(success=True)))
    recorder = Recorder(tmp_path)
    agent = Agent(
        WithSecrets(fake, {"password": SECRET}),
        model=model,
        dialect=LiteralDialect(),
        sinks=[recorder],
    )
    result = await agent.run("Log in with <secret:password>")
    assert fake.typed == {"Password": SECRET}
    assert result.steps[1].observation.elements[0].value == "<secret:password>"
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert not any(SECRET.encode() in data for data in written)
    assert not any(SECRET in message.text for asked in model.asked for message in asked)


async def test_a_field_that_shows_the_secret_is_painted_over() -> None:
    platform = WithSecrets(
        FakePlatform({"login": FakeScreen(fields=("Password",))}, "login"), {"password": SECRET}
    )
    await platform.perform(TYPE)
    seen = await platform.observe()
    image = Image.open(io.BytesIO(seen.screenshot.data)).convert("RGB")
    left, top, right, bottom = FIELD.pixels(*image.size)
    inside = image.crop((left + 1, top + 1, right - 1, bottom - 1))
    assert inside.getcolors() == [(inside.width * inside.height, (128, 128, 128))]


async def test_failures_do_not_tell_the_secret() -> None:
    fake = FakePlatform({"home": FakeScreen()})
    platform = WithSecrets(fake, {"page": "fake-page-name"})
    with pytest.raises(ActionFailed) as failure:
        await platform.perform(TypeText(text="<secret:page>", at=Point(0.5, 0.5)))
    assert "fake-page-name" not in str(failure.value)


def test_a_secret_too_short_to_mask_is_refused() -> None:
    with pytest.raises(SetupError, match="pin"):
        WithSecrets(FakePlatform({"home": FakeScreen()}), {"pin": "123"})
