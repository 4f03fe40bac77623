"""A run refuses what `doctor` calls a failure, in the same words, before its first step."""

from __future__ import annotations

from typing import Any

import pytest

from gui_agent.checks import Check
from gui_agent.errors import ModelError
from gui_agent.model import GLM
from gui_agent.serving.checks import checks
from gui_agent.serving.examined import ExaminedGLM
from tests.asking import QUESTION, SAMPLING, glm
from tests.fake_openai import WEB_PAGE, FakeOpenAI, Refuse, vllm_error
from tests.serving.pretending import server

NO_CHAT = vllm_error(400, "The model does not support Chat Completions API")
BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "a web page": ({"models": WEB_PAGE}, 1, "answers with a web page"),
    "no chat API": ({"models": Refuse(404, "")}, 1, "There is no chat API"),
    "no model": ({"models": Refuse(200, {"data": []})}, 1, "lists no model"),
    "a model of text": ({"text_only": True}, 1, "The model reads no pictures"),
    "a blind model": ({"picture": 0}, 1, "its model gets to see nothing"),
    "a short context": ({"context": 2048}, 1, "2048 tokens are too few for one screenshot"),
    "a context that is kept back": ({"short": True}, 1, "don't fit into the model's context"),
    "one picture at the desktop": ({"limit": 1}, 5, "only 1 in one request"),
}


async def found(client: GLM, pictures: int) -> Check:
    return next(row for row in await checks(client, pictures) if row.verdict == "fail")


async def refusal(client: GLM, pictures: int) -> str:
    """What a run ends with that asks its first question."""
    examined = ExaminedGLM(client, pictures, tell=lambda line: None, passed=lambda: None)
    with pytest.raises(ModelError) as caught:
        await examined.complete(QUESTION, SAMPLING)
    await examined.close()
    return str(caught.value)


@pytest.mark.parametrize("case", BAD)
async def test_doctor_and_run_name_the_same_failure(case: str) -> None:
    flaw, pictures, words = BAD[case]
    async with server(**flaw) as fake:
        async with glm(fake, retries=0) as client:
            row = await found(client, pictures)
        async with glm(fake, retries=0) as client:
            said = await refusal(client, pictures)
        assert all(body["max_tokens"] == 1 for body in fake.asked), "the question was not asked"
    assert words in row.detail
    assert row.detail in said
    assert row.fix


@pytest.mark.parametrize(
    ("fake", "words"),
    [
        (FakeOpenAI(NO_CHAT), "does not support Chat Completions"),
        (FakeOpenAI("x", models=("glm-4.5v",)), "choose one of: glm-4.5v"),
    ],
    ids=["embeddings", "another model"],
)
async def test_a_server_for_something_else(fake: FakeOpenAI, words: str) -> None:
    model = None if fake.script == [NO_CHAT] else "glm-4.1v"
    async with fake:
        async with glm(fake, model, retries=0) as client:
            row = await found(client, 1)
        async with glm(fake, model, retries=0) as client:
            said = await refusal(client, 1)
    assert words in row.detail
    assert row.detail in said


async def test_one_picture_is_enough_for_the_web() -> None:
    told: list[str] = []
    async with server(limit=1) as fake, glm(fake) as client:
        examined = ExaminedGLM(client, 1, tell=told.append, passed=lambda: None)
        assert (await examined.complete(QUESTION, SAMPLING)).text
        await examined.close()
    [line] = told
    assert "only 1 in one request" in line
    assert "--limit-mm-per-prompt" in line
