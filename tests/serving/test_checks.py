"""What `doctor` says of a model server: of a good one, and of each way to be a bad one."""

from __future__ import annotations

from typing import Any

import pytest

from gui_agent.checks import Check, failed
from gui_agent.serving.checks import checks, essentials
from tests.asking import glm
from tests.fake_openai import WEB_PAGE, FakeOpenAI, Refuse, vllm_error
from tests.serving.pretending import server

ALL = (
    *("server", "model", "context", "picture", "pictures", "turns", "order", "grammar"),
    *("special tokens", "reasoning", "thinking", "cache", "speed"),
)


async def found(fake: FakeOpenAI, pictures: int = 1, **options: Any) -> dict[str, Check]:
    async with fake as running, glm(running, retries=0, **options) as client:
        return {row.name: row for row in await checks(client, pictures)}


async def test_a_good_server() -> None:
    rows = await found(server())
    assert tuple(rows) == ALL
    assert {row.verdict for row in rows.values()} == {"ok"}
    assert not any(row.fix for row in rows.values())
    assert "1198 tokens" in rows["picture"].detail
    assert "one request" in rows["thinking"].detail


@pytest.mark.parametrize(
    ("flaw", "name", "words", "cure"),
    [
        ({"context": 2048}, "context", "too few for one screenshot", "--max-model-len"),
        ({"text_only": True}, "picture", "reads no pictures", "GLM-4.1V"),
        ({"limit": 0}, "picture", "reads no pictures", "GLM-4.1V"),
        ({"picture": 0}, "picture", "sees nothing|see nothing", "GLM-4.1V"),
        ({"short": True}, "picture", "don't fit", "--max-model-len"),
    ],
)
async def test_what_keeps_a_run_from_working(
    flaw: dict[str, Any], name: str, words: str, cure: str
) -> None:
    rows = await found(server(**flaw))
    assert rows[name].verdict == "fail"
    assert any(part in rows[name].detail for part in words.split("|"))
    assert cure in rows[name].fix
    assert list(rows)[-1] == name, "nothing more is asked of it"


@pytest.mark.parametrize(
    ("flaw", "name", "words", "cure"),
    [
        ({"context": 8192}, "context", "little room", "--max-model-len"),
        ({"picture": 3000}, "picture", "3000 tokens instead of 1196", "--mm-processor-kwargs"),
        ({"limit": 1}, "pictures", "only 1 in one request", "--limit-mm-per-prompt"),
        ({"system_cost": 25}, "turns", "printed Python list", "--chat-template"),
        ({"grammars": False}, "grammar", "parsed as they come", "vLLM"),
        ({"drops_special": True}, "special tokens", "drops special tokens", "skip_special_tokens"),
        ({"budgets": False, "continues": False}, "thinking", "only cut off", "--reasoning-parser"),
        ({"caches": False}, "cache", "nothing is cached", "--enable-prompt-tokens-details"),
    ],
)
async def test_what_is_not_as_it_should_be(
    flaw: dict[str, Any], name: str, words: str, cure: str
) -> None:
    rows = await found(server(**flaw))
    assert rows[name].verdict == "warn"
    assert words in rows[name].detail
    assert cure in rows[name].fix
    assert not failed(rows.values())
    assert set(ALL) == set(rows)


async def test_thinking_may_need_two_requests() -> None:
    rows = await found(server(budgets=False))
    assert rows["thinking"] == Check("thinking", "ok", "can be ended early, with two requests")


async def test_one_picture_is_too_few_for_the_desktop() -> None:
    rows = await found(server(limit=1), pictures=5)
    assert rows["pictures"].verdict == "fail"
    assert "the desktop needs 5" in rows["pictures"].detail


STRANGER = Refuse(200, {"data": [{"id": "qwen3-vl", "max_model_len": 32_768}]})


async def test_a_stranger_gets_plain_json_and_its_own_token_count() -> None:
    rows = await found(server(models=STRANGER, picture=900))
    assert rows["model"].verdict == "warn"
    assert "--dialect" in rows["model"].fix
    assert rows["picture"].verdict == "ok"


@pytest.mark.parametrize(
    ("models", "name", "words", "cure"),
    [
        (vllm_error(401, "no"), "key", "API key", "--api-key"),
        (Refuse(200, {"data": []}), "model", "lists no model", "--model"),
        (Refuse(404, ""), "server", "no chat API", "/v1"),
        (WEB_PAGE, "server", "web page", "/v1"),
        (vllm_error(500, "boom"), "server", "failed", "log"),
    ],
)
async def test_what_is_no_model_server(models: Any, name: str, words: str, cure: str) -> None:
    rows = await found(server(models=models))
    [row] = rows.values()
    assert (row.name, row.verdict) == (name, "fail")
    assert words in row.detail
    assert cure in row.fix


async def test_an_endpoint_that_does_not_chat() -> None:
    """An embedding server lists its model all the same."""
    refusal = vllm_error(400, "The model does not support Chat Completions API")
    fake = FakeOpenAI(refusal, models=("glm-4.1v",))
    rows = await found(fake)
    assert rows["picture"].verdict == "fail"
    assert "does not support Chat" in rows["picture"].detail


async def test_a_model_that_is_not_there() -> None:
    rows = await found(FakeOpenAI("x", models=("glm-4.5v",)), model="glm-4.1v")
    assert rows["model"].verdict == "fail"
    assert "choose one of: glm-4.5v" in rows["model"].detail


async def test_nobody_there() -> None:
    async with glm("http://127.0.0.1:9/v1", retries=0) as client:
        [row] = await checks(client)
    assert (row.name, row.verdict) == ("server", "fail")
    assert "gui-agent serve" in row.fix


async def test_the_short_form_costs_little() -> None:
    async with server() as fake, glm(fake) as client:
        rows = await essentials(client)
        assert [row.name for row in rows] == list(ALL[:5])
        assert len(fake.asked) <= 3
        assert all(body["max_tokens"] == 1 for body in fake.asked)


@pytest.mark.llama
async def test_a_real_model_behind_llama_cpp(llama: str) -> None:
    async with glm(llama) as client:
        rows = {row.name: row for row in await checks(client, pictures=5)}
    assert tuple(rows) == ALL
    bad = [row for row in rows.values() if row.verdict != "ok" and row.name != "speed"]
    assert not bad
    assert rows["context"].detail == "16384 tokens"
    assert "llama.cpp" in rows["grammar"].detail
    assert "two requests" in rows["thinking"].detail
