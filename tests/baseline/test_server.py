"""The baseline's endpoint, spoken to with the official client."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from PIL import Image, ImageDraw

from gui_agent.baseline.server import MODEL_ID, BaselineServer

pytestmark = pytest.mark.ocr

BUTTONS = [("Save", 100), ("Cancel", 400)]


def picture(*names: str) -> str:
    """A data URL of a page that shows these of the buttons, as a browser would draw them."""
    image = Image.new("RGB", (1000, 1000), "white")
    draw = ImageDraw.Draw(image)
    for name, left in BUTTONS:
        if name in names:
            draw.rectangle((left, 100, left + 200, 160), outline="black", width=2)
            draw.text((left + 50, 112), name, fill="black", font_size=32)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return "data:image/png;base64," + b64encode(buffer.getvalue()).decode()


def question(goal: str, *shown: str, history: str = "") -> Any:
    elements = "\n".join(
        json.dumps({"mark": n, "role": "button", "name": name, "box": [x, 100, x + 200, 160]})
        for n, (name, x) in enumerate(BUTTONS)
    )
    screen = json.dumps({"url": "https://a.example", "title": "A", "size": [1000, 1000]})
    text = (
        f"# Task\n{json.dumps({'goal': goal})}\n# History\n{history}\n# Memory\n{{}}\n"
        f"# Screen\n{screen}\n# Elements\n{elements}\n"
    )
    url = {"type": "image_url", "image_url": {"url": picture(*shown)}}
    return [{"role": "user", "content": [url, {"type": "text", "text": text}]}]


@pytest.fixture
async def client() -> AsyncIterator[openai.AsyncOpenAI]:
    async with (
        BaselineServer(api_key="letmein") as server,
        openai.AsyncOpenAI(base_url=server.base_url, api_key="letmein", max_retries=0) as made,
    ):
        yield made


async def ask(client: openai.AsyncOpenAI, messages: Any) -> dict[str, Any]:
    answer = await client.chat.completions.create(model=MODEL_ID, messages=messages)
    reply: dict[str, Any] = json.loads(answer.choices[0].message.content or "")
    return reply


async def test_it_says_what_it_is(client: openai.AsyncOpenAI) -> None:
    models = [model async for model in client.models.list()]
    assert [model.id for model in models] == [MODEL_ID]
    assert "not a neural" in models[0].owned_by


async def test_a_key_is_needed(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.AuthenticationError):
        await client.with_options(api_key="wrong").models.list()


async def test_what_is_named_and_drawn_is_clicked(client: openai.AsyncOpenAI) -> None:
    reply = await ask(client, question("Click Save", "Save", "Cancel"))
    assert (reply["action"]["kind"], reply["action"]["mark"]) == ("click", 0)


@pytest.mark.parametrize(
    ("goal", "shown"),
    [
        ("Click Save", ["Cancel"]),  # listed, but nothing is drawn there
        ("Click Publish", ["Save", "Cancel"]),  # not there at all
        ("Frobnicate the flux capacitor", ["Save", "Cancel"]),  # not understood
    ],
)
async def test_it_gives_up_rather_than_guess(
    client: openai.AsyncOpenAI, goal: str, shown: list[str]
) -> None:
    reply = await ask(client, question(goal, *shown))
    assert reply["action"]["kind"] != "click"
    assert not reply["action"].get("success", False)


async def test_a_stream_says_the_same(client: openai.AsyncOpenAI) -> None:
    messages = question("Click Cancel", "Save", "Cancel")
    stream = await client.chat.completions.create(
        model=MODEL_ID,
        messages=messages,
        stream=True,
    )
    text = "".join([c.choices[0].delta.content or "" async for c in stream if c.choices])
    assert json.loads(text)["action"]["mark"] == 1


async def test_a_request_that_is_none_is_a_400(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError):
        await ask(client, [])
