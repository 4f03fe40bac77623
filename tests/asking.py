"""A model client and a scripted server, put together for one question."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from gui_agent.errors import ModelError
from gui_agent.model import GLM
from gui_agent.protocols import Image, Message, Sampling
from gui_agent.trajectory import Completion
from tests.fake_openai import (
    FakeOpenAI,
    Script,
)

QUESTION = (Message("user", ("What now?",)),)
SAMPLING = Sampling(max_tokens=64)
PICTURE = Image(b"\xff\xd8 not really a JPEG", "image/jpeg", 10, 10)
ANSWER = "<think>The button is there.</think><answer>click(3)</answer>"


@asynccontextmanager
async def glm(
    server: FakeOpenAI | str, model: str | None = None, **options: Any
) -> AsyncIterator[GLM]:
    url = server if isinstance(server, str) else server.url
    client = GLM(url, model, **{"backoff": 0.001, **options})
    try:
        yield client
    finally:
        await client.close()


async def answer_to(*script: Script, **options: Any) -> Completion:
    async with FakeOpenAI(*script) as server, glm(server, **options) as client:
        return await client.complete(QUESTION, SAMPLING)


async def error_from(*script: Script, **options: Any) -> str:
    """What the caller reads; says so if the server was asked more than once."""
    async with FakeOpenAI(*script) as server, glm(server, **options) as client:
        with pytest.raises(ModelError) as caught:
            await client.complete(QUESTION, SAMPLING)
        assert len(server.asked) == 1
    return str(caught.value)


def box_closed(text: str) -> bool:
    return text.endswith("</answer>")
