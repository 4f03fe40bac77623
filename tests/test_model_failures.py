"""What the model client makes of failures: which it survives, and what it says of the others."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from gui_agent.errors import ModelError, SetupError
from gui_agent.manners import VLLM_FIELDS
from gui_agent.model import GLM
from gui_agent.protocols import Sampling
from tests.asking import ANSWER, QUESTION, SAMPLING, box_closed, error_from, glm
from tests.fake_openai import (
    FAILED,
    WEB_PAGE,
    Drop,
    FakeOpenAI,
    Hang,
    Refuse,
    Reply,
    Say,
    extra_forbidden,
    sglang_error,
    unknown_field,
    vllm_error,
)


@pytest.mark.parametrize(
    "hiccup",
    [
        FAILED,
        Drop(),
        Refuse(503, "upstream is starting", {"content-type": "text/plain"}),
        Refuse(502, "<html>Bad Gateway</html>", {"content-type": "text/html"}),
        Refuse(408, {"message": "timed out"}),
        Refuse(500, {"message": "m" * 1000}, cut=True),
        Refuse(200, {"choices": []}),
        Refuse(200, {"choices": "none"}),
        Refuse(200, ["nothing"]),
        Say(ANSWER, break_after=0),
        Say(ANSWER, break_after=5),
        Say(ANSWER, garble_after=5),
        Say(ANSWER, error_after=5),
        Say(ANSWER, finish=""),
    ],
)
async def test_what_may_pass_is_asked_again(hiccup: Reply) -> None:
    async with FakeOpenAI(hiccup, hiccup, ANSWER) as server, glm(server) as client:
        completion = await client.complete(QUESTION, SAMPLING)
        assert completion.text == ANSWER
        assert len(server.asked) == 3
        assert server.asked[0] == server.asked[2]


async def test_silence_is_asked_again() -> None:
    async with FakeOpenAI(Hang(), Say(ANSWER, delay=1), ANSWER) as server:
        async with glm(server, idle_timeout=0.3) as client:
            assert (await client.complete(QUESTION, SAMPLING)).text == ANSWER
        assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (FAILED, ["failed", "(500)", "Internal server error", "log"]),
        (Drop(), ["can't be used", "disconnected"]),
        (Say(ANSWER, break_after=5), ["can't be used"]),
        (Say(ANSWER, garble_after=5), ["can't be used", "no JSON"]),
        (Say(ANSWER, error_after=5), ["failed", "EngineCore died"]),
        (Refuse(200, {"choices": []}), ["can't be used", "it is empty"]),
        (Refuse(429, {"message": "slow down"}), ["busy", "slow down", "later"]),
    ],
)
async def test_gives_up_after_the_retries(trouble: Reply, words: list[str]) -> None:
    async with FakeOpenAI(trouble) as server, glm(server, retries=2) as client:
        with pytest.raises(ModelError) as caught:
            await client.complete(QUESTION, SAMPLING)
        assert len(server.asked) == 3
    for word in (server.url, *words):
        assert word in str(caught.value)


async def test_pauses_grow() -> None:
    async with FakeOpenAI(FAILED) as server, glm(server, retries=3, backoff=0.1) as client:
        started = time.monotonic()
        with pytest.raises(ModelError):
            await client.complete(QUESTION, SAMPLING)
        assert 0.35 <= time.monotonic() - started < 5  # half to all of 0.1 + 0.2 + 0.4


@pytest.mark.parametrize("unit", ["seconds", "date"])
async def test_a_busy_server_is_left_alone_as_long_as_it_asks(unit: str) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    busy = Refuse(429, {"message": "busy"}, {"retry-after": "0.3" if unit == "seconds" else date})
    async with FakeOpenAI(busy, ANSWER) as server, glm(server) as client:
        started = time.monotonic()
        assert (await client.complete(QUESTION, SAMPLING)).text == ANSWER
        assert 0.3 <= time.monotonic() - started < 5


async def test_no_wait_beyond_the_deadline() -> None:
    busy = Refuse(429, {"message": "quota used up"}, {"retry-after": "3600"})
    started = time.monotonic()
    assert "quota used up" in await error_from(busy)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("reply", [Hang(), Say(ANSWER * 100, delay=0.02)])
async def test_one_deadline_over_all(reply: Reply) -> None:
    async with FakeOpenAI(reply) as server, glm(server, timeout=1) as client:
        started = time.monotonic()
        with pytest.raises(ModelError, match="no whole answer within 1 s"):
            await client.complete(QUESTION, SAMPLING)
        assert time.monotonic() - started < 5
        await asyncio.wait_for(server.hung_up.wait(), 2)


async def test_a_silent_server_is_named() -> None:
    async with FakeOpenAI(Hang()) as server, glm(server, retries=0, idle_timeout=0.1) as client:
        with pytest.raises(ModelError, match=r"silent for 0\.1 s"):
            await client.complete(QUESTION, SAMPLING)


async def test_trouble_after_the_answer_is_whole_does_not_matter() -> None:
    say = Say("done", chunk=4, break_after=2)  # the role, the text; then no usage

    def then_gone(body: dict[str, Any]) -> Say:
        return say

    async with FakeOpenAI(then_gone) as server, glm(server) as client:
        completion = await client.complete(QUESTION, SAMPLING, lambda text: text == "done")
        assert completion.text == "done"
        assert len(server.asked) == 1


TOO_MANY = "At most 5 image(s) may be provided in one prompt."
TOO_LONG = (
    vllm_error(
        400,
        "This model's maximum context length is 4096 tokens. However, you requested 8203 tokens"
        " (11 in the messages, 8192 in the completion). Please reduce the length.",
        param="input_tokens",
    ),
    vllm_error(400, "Input length (5997) exceeds model's maximum context length (4096)."),
    vllm_error(400, "max_tokens=99999 cannot be greater than max_model_len=32768."),
    sglang_error(400, "The input (61709 tokens) is longer than the model's context length (4096)."),
    sglang_error(400, "Requested token count exceeds the model's maximum context length of 4096."),
    Refuse(400, {"error": "request (9000 tokens) exceeds the available context size (4096)"}),
)
TEXT_ONLY = (
    vllm_error(400, "Qwen/Qwen3-8B is not a multimodal model"),
    vllm_error(400, "At most 0 image(s) may be provided in one prompt."),
    Refuse(400, {"message": "image_url is only supported by certain models."}),
)
ENCODER_CACHE = "The image item with length 4900 exceeds the pre-allocated encoder cache size 3721"
NOT_FOUND = Refuse(404, {"error": {"code": "model_not_found", "message": "model m was not found"}})
HOSTED_NOT_FOUND = Refuse(
    400, {"error": {"code": "1211", "message": "模型不存在，请检查模型代码。"}}
)
NO_MESSAGES = Refuse(422, {"detail": [{"loc": ["body", "messages"], "msg": "field required"}]})
IN_THE_STREAM = Say(ANSWER, error_after=0, error={"message": TOO_MANY, "code": 400})


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (vllm_error(400, TOO_MANY), ["than the 5", "--limit-mm-per-prompt", TOO_MANY]),
        (IN_THE_STREAM, ["than the 5"]),
        *((refusal, ["--max-model-len", "max_tokens", "smaller"]) for refusal in TOO_LONG),
        *((refusal, ["reads no pictures", "vision model"]) for refusal in TEXT_ONLY),
        (vllm_error(400, ENCODER_CACHE), ["--max-num-batched-tokens 8192"]),
        (vllm_error(400, "temperature is -1.0"), ["refused the request", "temperature is -1.0"]),
        (NO_MESSAGES, ["refused the request", "(422)", "field required"]),
        (Refuse(401, {"error": "no"}), ["(401)", "API key"]),
        (Refuse(403, ""), ["403", "API key"]),
        (NOT_FOUND, ["doesn't have this model", "choose one of: glm-4.1v"]),
        (HOSTED_NOT_FOUND, ["doesn't have this model"]),
        (Refuse(404, {"detail": "Not Found"}), ["no chat API", "check the base URL"]),
        (Refuse(413, "<html>Too large</html>"), ["too large", "smaller"]),
        (WEB_PAGE, ["web page", "check the base URL"]),
    ],
)
async def test_a_refusal_says_what_and_what_next_and_is_final(
    refusal: Reply, words: list[str]
) -> None:
    message = await error_from(refusal)
    for word in words:
        assert word in message
    assert "\n" not in message
    assert len(message) < 600


async def test_long_error_pages_are_cut() -> None:
    assert len(await error_from(Refuse(400, "x" * 100_000))) < 600


async def test_the_first_listed_model_is_taken() -> None:
    async with FakeOpenAI("ok", models=("glm-4.5v", "adapter")) as server, glm(server) as client:
        assert client.name == ""
        assert await client.identify() == client.name == "glm-4.5v"
        await client.complete(QUESTION, SAMPLING)
        assert server.asked[0]["model"] == "glm-4.5v"
        assert [request.method for request in server.requests] == ["GET", "POST"]


async def test_a_listed_model_is_found_in_any_spelling() -> None:
    served = FakeOpenAI("ok", models=("a", "glm-4.5v"))
    async with served as server, glm(server, "GLM-4.5V") as client:
        assert client.name == "GLM-4.5V"
        assert await client.identify() == "glm-4.5v"


async def test_an_unknown_model_is_answered_with_those_there_are() -> None:
    async with FakeOpenAI("ok", models=("a", "b")) as server, glm(server, "c") as client:
        with pytest.raises(ModelError, match=r"doesn't have this model; choose one of: a, b\."):
            await client.identify()


async def test_a_model_that_works_need_not_be_listed() -> None:
    listed = Refuse(200, {"data": [{"id": "glm-4.5"}, {"id": "glm-4.5-air"}]})
    async with FakeOpenAI("ok", models=listed) as server, glm(server, "glm-4.5v") as client:
        assert await client.identify() == "glm-4.5v"
        assert server.asked[0]["max_tokens"] == 1


@pytest.mark.parametrize("status", [404, 405, 501])
async def test_without_a_list_the_name_is_trusted(status: int) -> None:
    async with FakeOpenAI("ok", models=Refuse(status, "")) as server, glm(server, "m") as client:
        assert await client.identify() == "m"
        assert (await client.complete(QUESTION, SAMPLING)).text == "ok"
    async with FakeOpenAI("ok", models=Refuse(404, "")) as server, glm(server) as client:
        with pytest.raises(ModelError, match="no chat API"):
            await client.identify()


async def test_no_model_at_all() -> None:
    async with FakeOpenAI("ok", models=()) as server, glm(server) as client:
        with pytest.raises(ModelError, match="lists no model"):
            await client.identify()


async def test_a_list_is_asked_for_again_too() -> None:
    async with FakeOpenAI("ok", models=FAILED) as server, glm(server, retries=1) as client:
        with pytest.raises(ModelError, match="failed"):
            await client.identify()
        assert len(server.requests) == 2
        server.models = ("m",)
        assert await client.identify() == "m"


@pytest.mark.parametrize(
    "listed",
    [Refuse(200, {"models": []}), Refuse(200, ["m"]), Refuse(200, '["é' + "é" * 99 + '"]')],
)
async def test_nonsense_instead_of_a_list(listed: Reply) -> None:
    async with FakeOpenAI("ok", models=listed) as server, glm(server) as client:
        with pytest.raises(ModelError, match="this is no model list"):
            await client.identify()


async def test_nobody_there() -> None:
    async with FakeOpenAI("") as server:
        url = server.url
    async with glm(url) as client:
        with pytest.raises(ModelError) as caught:
            await client.identify()
    assert f"Can't reach the model server at {url}" in str(caught.value)
    assert "Is it running" in str(caught.value)


@pytest.mark.parametrize("model", [None, "glm-4.1v"])
async def test_a_base_url_without_its_end(model: str | None) -> None:
    async with FakeOpenAI("ok") as server, glm(server.url.removesuffix("/v1"), model) as client:
        with pytest.raises(ModelError) as caught:
            await client.complete(QUESTION, SAMPLING)
        assert f"usually ends in /v1: try {server.url}." in str(caught.value)


async def test_a_web_server() -> None:
    async with FakeOpenAI("ok", models=WEB_PAGE) as server, glm(server) as client:
        with pytest.raises(ModelError, match="answers with a web page"):
            await client.identify()
        assert len(server.requests) == 1


async def test_a_pasted_endpoint_is_understood() -> None:
    async with FakeOpenAI("ok") as server, glm(server.url + "/chat/completions/") as client:
        assert (await client.complete(QUESTION, SAMPLING)).text == "ok"


@pytest.mark.parametrize(
    "url",
    ["", "localhost:8000/v1", "ftp://host/v1", "http://", "http://host:port/v1", "http://[x/v1"],
)
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(SetupError, match="http://localhost:8000/v1"):
        GLM(url)


async def test_the_key_is_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = "sk-Very-Secret-0123456789"
    async with FakeOpenAI("ok", key="another") as server, glm(server, api_key=key) as client:
        with pytest.raises(ModelError) as caught:
            await client.complete(QUESTION, SAMPLING)
        assert key not in repr(client)
        assert server.requests[0].headers["authorization"] == f"Bearer {key}"
    assert "(401)" in str(caught.value)
    assert "API key provided: ***" in str(caught.value)
    assert key not in "".join(traceback.format_exception(caught.value))
    assert key not in caplog.text
    padded = Say(ANSWER, error_after=1, error={"code": 401, "message": f"{'x' * 290} {key}"})
    assert key[:8] not in await error_from(padded, api_key=key)


@pytest.mark.parametrize("key", ["sk-“quoted”", "two\nlines"])
def test_a_key_that_can_not_be_sent(key: str) -> None:
    with pytest.raises(SetupError) as caught:
        GLM(api_key=key)
    assert key not in str(caught.value)


def test_a_password_in_the_url_is_refused() -> None:
    with pytest.raises(SetupError) as caught:
        GLM("http://me:hunter2@host/v1")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("refuses", "gone"),
    [
        ({"continuous_usage_stats"}, set()),
        ({"stream_options"}, {"stream_options"}),
        ({"skip_special_tokens"}, set(VLLM_FIELDS)),
        ({"chat_template_kwargs"}, {"chat_template_kwargs"}),
        ({"frequency_penalty"}, {"frequency_penalty"}),
        ({"stream_options", "min_p", "top_k"}, {"stream_options", *VLLM_FIELDS}),
    ],
)
async def test_unknown_fields_are_left_out_from_then_on(
    refuses: set[str], gone: set[str], caplog: pytest.LogCaptureFixture
) -> None:
    sampling = Sampling(extra={"chat_template_kwargs": {"enable_thinking": False}})
    async with FakeOpenAI("ok", refuses=frozenset(refuses)) as server, glm(server) as client:
        await client.complete(QUESTION, sampling)
        first, last = server.asked[0], server.asked[-1]
        assert first.keys() - last.keys() == gone
        assert "continuous_usage_stats" not in last.get("stream_options", {}) or gone
        refused = len(server.asked)
        assert (await client.complete(QUESTION, sampling)).text == "ok"
        assert len(server.asked) == refused + 1
        assert server.asked[-1] == last
    for name in gone or refuses:
        assert name in caplog.text


@pytest.mark.parametrize(
    "refusal",
    [
        unknown_field("messages"),
        extra_forbidden("body", "model"),
        vllm_error(400, "repetition_penalty must be greater than zero, got -1"),
        vllm_error(400, "The continuous_usage_stats are fine but top_k is -7"),
    ],
)
async def test_other_refusals_are_not_mistaken_for_that(refusal: Reply) -> None:
    assert "refused the request" in await error_from(refusal)


async def test_a_field_refused_for_ever_is_an_error() -> None:
    async with FakeOpenAI(unknown_field("top_k")) as server, glm(server) as client:
        with pytest.raises(ModelError, match="refused the request"):
            await client.complete(QUESTION, SAMPLING)
        assert len(server.asked) == 2


@pytest.mark.parametrize("reply", [Hang(), Say(ANSWER * 100, delay=0.01)])
async def test_cancelling_hangs_up(reply: Reply) -> None:
    async with FakeOpenAI(reply) as server, glm(server) as client:
        task = asyncio.create_task(client.complete(QUESTION, SAMPLING))
        await server.arrived.wait()
        await asyncio.sleep(0.03)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(server.hung_up.wait(), 2)
        assert len(server.asked) == 1


async def test_cancelling_a_pause() -> None:
    async with FakeOpenAI(FAILED) as server, glm(server, backoff=30) as client:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.complete(QUESTION, SAMPLING), 0.2)
        assert len(server.asked) == 1


async def test_works_again_after_closing() -> None:
    async with FakeOpenAI("ok") as server, glm(server) as client:
        for _ in range(2):
            assert (await client.complete(QUESTION, SAMPLING)).text == "ok"
            await client.close()
            await client.close()


def test_works_in_one_event_loop_after_another() -> None:
    async def once(model: list[GLM]) -> str:
        async with FakeOpenAI("ok") as server:
            client = model[0] if model else GLM(server.url)
            model[:] = [client]
            client.url = server.url
            text = (await client.complete(QUESTION, SAMPLING)).text
            await client.close()
            return text

    model: list[GLM] = []
    assert [asyncio.run(once(model)), asyncio.run(once(model))] == ["ok", "ok"]


async def test_many_questions_at_a_time() -> None:
    async with FakeOpenAI(Say(ANSWER, delay=0.001)) as server, glm(server) as client:
        asked = (client.complete(QUESTION, SAMPLING, box_closed) for _ in range(8))
        answers = await asyncio.gather(*asked)
    assert [answer.text for answer in answers] == [ANSWER] * 8
