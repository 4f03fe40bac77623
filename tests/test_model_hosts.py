"""Servers other than vLLM: what SGLang and the hosted GLM API take and give that is different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gui_agent.errors import ModelError
from gui_agent.manners import VLLM_FIELDS
from gui_agent.protocols import Sampling
from tests.asking import ANSWER, QUESTION, SAMPLING, glm
from tests.fake_openai import Body, FakeOpenAI, Refuse, Reply, Say, vllm_error

EXTRA = Sampling(extra={"chat_template_kwargs": {"enable_thinking": False}})
UNKNOWN = {"stream_options", "frequency_penalty", "chat_template_kwargs", *VLLM_FIELDS}
THOUGHT = Say("Done.", reasoning="I look.", reasoning_field="reasoning_content")


def glm_error(code: str, message: str, status: int = 400) -> Refuse:
    """An error as the hosted GLM API words it."""
    return Refuse(status, {"error": {"code": code, "message": message}})


VAGUE = "Invalid API parameter, please check the documentation."


def refusing(vague: str = VAGUE, then: Reply | Callable[[Body], Reply] = THOUGHT) -> Any:
    """A hosted GLM API at its strictest: no field beyond its own, no 0 and no 1."""

    def answer(body: Body) -> Reply:
        if UNKNOWN & body.keys():
            return glm_error("1210", vague)
        for name in ("temperature", "top_p"):
            if not 0 < body[name] < 1:
                return glm_error("1214", f"{name}参数非法。请检查文档。")
        return then(body) if callable(then) else then

    return answer


@pytest.mark.parametrize(
    "vague",
    ["API 调用参数有误，请检查文档。", VAGUE],
)
async def test_the_hosted_api_is_asked_in_its_own_fields(
    vague: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeOpenAI(refusing(vague)) as server, glm(server) as client:
        completion = await client.complete(QUESTION, EXTRA)
        assert completion.text == "<think>I look.</think>Done."
        assert not UNKNOWN & server.asked[-1].keys()
        assert (server.asked[-1]["temperature"], server.asked[-1]["top_p"]) == (0.01, 0.99)
        learnt = len(server.asked)
        await client.complete(QUESTION, EXTRA)
        assert len(server.asked) == learnt + 1
        assert server.asked[-1] == server.asked[-2]
    assert "skip_special_tokens" in caplog.text
    assert "temperature" in caplog.text


async def test_a_server_that_says_nothing_but_wrong_is_believed_in_the_end() -> None:
    refusal = glm_error("1210", VAGUE)
    async with FakeOpenAI(refusal) as server, glm(server) as client:
        with pytest.raises(ModelError, match="refused the request"):
            await client.complete(QUESTION, EXTRA)
        assert len(server.asked) == 3


async def test_a_temperature_that_is_wrong_anywhere_stays_an_error() -> None:
    refusal = vllm_error(400, "temperature must be non-negative, got -1.0.")
    async with FakeOpenAI(refusal) as server, glm(server) as client:
        with pytest.raises(ModelError, match="temperature must be non-negative"):
            await client.complete(QUESTION, replace(SAMPLING, temperature=0.5, top_p=0.5))
        assert len(server.asked) == 1


async def test_values_inside_are_sent_as_they_are_to_a_server_without_edges() -> None:
    warm = replace(SAMPLING, temperature=0.6, top_p=0.8)
    async with FakeOpenAI(refusing()) as server, glm(server) as client:
        await client.complete(QUESTION, warm)
        assert (server.asked[-1]["temperature"], server.asked[-1]["top_p"]) == (0.6, 0.8)


async def test_an_inference_that_failed_is_asked_for_again() -> None:
    async with FakeOpenAI(Say("Do", finish="network_error"), ANSWER) as server:
        async with glm(server) as client:
            assert (await client.complete(QUESTION, SAMPLING)).text == ANSWER
        assert len(server.asked) == 2


async def test_an_account_without_credit_is_not_asked_again() -> None:
    words = "Insufficient balance or no resource package. Please recharge."
    async with FakeOpenAI(glm_error("1113", words, 429)) as server, glm(server) as client:
        with pytest.raises(ModelError, match="no credit left; top it up"):
            await client.complete(QUESTION, SAMPLING)
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (glm_error("1211", "模型不存在，请检查模型代码。"), "model"),
        (glm_error("1261", "Prompt exceeds max length"), "context"),
        (glm_error("1000", "身份验证失败。", 401), "key"),
    ],
)
async def test_the_hosted_api_s_refusals_are_understood(refusal: Refuse, kind: str) -> None:
    async with FakeOpenAI(refusal) as server, glm(server) as client:
        with pytest.raises(ModelError) as caught:
            await client.complete(QUESTION, SAMPLING)
    assert caught.value.kind == kind


async def test_sglang_s_name_for_what_stopped_the_answer_is_known() -> None:
    choice = {
        "message": {"content": "Done.", "reasoning_content": "I look."},
        "finish_reason": "stop",
        "matched_stop": 151336,
    }
    said = Refuse(200, {"object": "chat.completion", "choices": [choice]})
    async with FakeOpenAI(said) as server, glm(server) as client:
        completion = await client.complete(QUESTION, SAMPLING)
    assert completion.text == "<think>I look.</think>Done."
    assert completion.stop_reason == 151336
