"""What the model client sends and reads, on a loopback server with the real wire format."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui_agent import wire
from gui_agent.manners import Manners
from gui_agent.model import GLM
from gui_agent.protocols import Image, Message, Sampling
from gui_agent.testing import ModelContract
from gui_agent.trajectory import Usage
from tests.asking import ANSWER, PICTURE, QUESTION, SAMPLING, answer_to, box_closed, glm
from tests.fake_openai import (
    FakeOpenAI,
    Say,
)


def test_import_is_lazy() -> None:
    code = "import sys, gui_agent.model; print('openai' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


class TestContract(ModelContract):
    @pytest.fixture(autouse=True)
    async def _serve(self) -> AsyncIterator[None]:
        async with FakeOpenAI("") as self.server:
            yield

    def make(self, answer: str) -> GLM:
        self.server.script = [answer]
        return GLM(self.server.url)


async def sent(messages: tuple[Message, ...], sampling: Sampling) -> dict[str, Any]:
    async with FakeOpenAI("done") as server, glm(server, api_key="k-1") as client:
        await client.complete(messages, sampling)
        assert server.requests[-1].headers["authorization"] == "Bearer k-1"
        return server.asked[0]


async def test_every_sampling_value_is_explicit() -> None:
    sampling = Sampling(
        0.5, 0.6, 99, 0.1, 1.1, seed=7, stop=("<|user|>",), extra={"top_k": 2, "x": [1]}
    )
    body = await sent(QUESTION, sampling)
    messages = body.pop("messages")
    assert messages == [{"role": "user", "content": "What now?"}]
    assert body == {
        "model": "glm-4.1v",
        "stream": True,
        "stream_options": {"include_usage": True, "continuous_usage_stats": True},
        "temperature": 0.5,
        "top_p": 0.6,
        "max_tokens": 99,
        "frequency_penalty": 0.1,
        "repetition_penalty": 1.1,
        "seed": 7,
        "stop": ["<|user|>"],
        "skip_special_tokens": False,
        "top_k": 2,
        "min_p": 0.0,
        "x": [1],
    }


async def test_defaults_switch_the_servers_own_sampling_off() -> None:
    body = await sent(QUESTION, Sampling())
    assert (body["temperature"], body["top_p"], body["top_k"], body["min_p"]) == (0, 1, -1, 0)
    assert "seed" not in body
    assert "stop" not in body


async def test_text_goes_as_a_string_and_pictures_in_their_place() -> None:
    other = Image(b"PNG", "image/png", 1, 1)
    messages = (
        Message("system", ("Be ", "brief.")),
        Message("user", ("before", PICTURE, "between", other, "after")),
        Message("assistant", ("<think>\n</think>",)),
        Message("user", (PICTURE,)),
    )
    system, user, assistant, last = (await sent(messages, SAMPLING))["messages"]
    assert system == {"role": "system", "content": "Be brief."}
    assert assistant == {"role": "assistant", "content": "<think>\n</think>"}
    texts = [part.get("text") for part in user["content"]]
    assert texts == ["before", None, "between", None, "after"]
    url = user["content"][1]["image_url"]["url"]
    assert url.startswith("data:image/jpeg;base64,")
    assert base64.b64decode(url.partition(",")[2]) == PICTURE.data
    assert user["content"][3]["image_url"]["url"].startswith("data:image/png;base64,")
    assert last["content"] == [{"type": "image_url", "image_url": {"url": url}}]


def test_a_picture_is_encoded_once() -> None:
    asked = (Message("user", (PICTURE,)),)
    urls = [
        Manners().request("m", asked, SAMPLING)[0]["messages"][0]["content"][0]["image_url"]
        for _ in range(2)
    ]
    assert urls[0]["url"] is urls[1]["url"]


@pytest.mark.parametrize(
    ("say", "text"),
    [
        (Say(ANSWER), ANSWER),
        (Say(ANSWER, chunk=1), ANSWER),
        (Say("<answer>ok", reasoning="hm\n"), "<think>hm\n</think><answer>ok"),
        (Say("ok", reasoning="hm", reasoning_field="reasoning_content"), "<think>hm</think>ok"),
        (Say("ok", reasoning="hm", streams=False), "<think>hm</think>ok"),
        (Say(None, reasoning="still thinking"), "<think>still thinking"),
        (Say(None, reasoning="an <answer> in", streams=False), "<think>an <answer> in"),
        (Say(None, reasoning="\n<answer>click(3)", chunk=1), "\n<answer>click(3)"),
        (Say(None, reasoning="<|begin_of_box|>click(3)"), "<|begin_of_box|>click(3)"),
        (Say("不 🙂 line\u2028sep\x85arator\x0c"), "不 🙂 line\u2028sep\x85arator\x0c"),
        (Say(""), ""),
    ],
)
async def test_thinking_and_answer_become_one_text(say: Say, text: str) -> None:
    assert (await answer_to(say)).text == text


async def test_the_reasoning_field_may_come_under_both_names() -> None:
    answer = wire.Answer(0.0)
    answer.take({"choices": [{"delta": {"reasoning": "a", "reasoning_content": "a"}}]}, 1.0)
    assert answer.text == "<think>a"


async def test_reasons_usage_and_model_are_kept() -> None:
    completion = await answer_to(Say(ANSWER, stop_reason=151348))
    assert (completion.finish_reason, completion.stop_reason) == ("stop", 151348)
    assert completion.usage == Usage(1200, 40, 1024)
    assert completion.model == "glm-4.1v"
    assert (await answer_to(Say("cut", finish="length"))).finish_reason == "length"


@pytest.mark.parametrize("say", [Say(ANSWER, delay=0.01), Say("12345678", "1234", delay=0.01)])
async def test_time_is_split_into_waiting_thinking_and_answering(say: Say) -> None:
    timings = (await answer_to(say)).timings
    assert timings["first_token"] >= 0.01
    assert timings["thinking"] >= 0.01
    assert timings["answer"] >= 0.01


async def test_without_thinking_all_time_is_the_answers() -> None:
    timings = (await answer_to(Say("12345678", delay=0.01))).timings
    assert timings["thinking"] == 0
    assert timings["answer"] >= 0.01
    timings = (await answer_to(Say("<think>1234", delay=0.01, finish="length"))).timings
    assert timings["thinking"] >= 0.01
    assert timings["answer"] == 0


async def test_stops_at_the_end_of_the_answer_and_hangs_up() -> None:
    say = Say(ANSWER + " and so on" * 500, delay=0.005, chunk=1)
    async with FakeOpenAI(say) as server, glm(server) as client:
        completion = await client.complete(QUESTION, SAMPLING, box_closed)
        await asyncio.wait_for(server.hung_up.wait(), 2)
    assert completion.text == ANSWER
    assert completion.finish_reason == "complete"
    assert completion.usage.prompt_tokens == 1200
    assert completion.usage.completion_tokens >= len(ANSWER)


async def test_an_answer_that_ends_by_itself_counts_cached_tokens_and_keeps_the_line() -> None:
    async with FakeOpenAI(ANSWER + "\n") as server, glm(server) as client:
        for _ in range(2):
            completion = await client.complete(QUESTION, SAMPLING, box_closed)
            assert completion.finish_reason == "complete"
            assert completion.usage == Usage(1200, 40, 1024)
        assert (server.connections, server.aborted) == (1, 0)


async def test_waits_a_little_longer_for_usage_it_does_not_have() -> None:
    say = Say(ANSWER + " Yes." * 8, delay=0.03, chunk=8, continuous_usage=False)
    async with FakeOpenAI(say) as server, glm(server) as client:
        completion = await client.complete(QUESTION, SAMPLING, box_closed)
    assert completion.text.startswith(ANSWER)
    assert completion.usage == Usage(1200, 40, 1024)


def test_until_is_not_asked_while_thinking_and_seldom_after() -> None:
    """8,000 tokens of thinking, then as many of an answer that does not end."""
    asked: list[int] = []

    def until(text: str) -> bool:
        asked.append(len(text))
        return False

    thought = "<think>" + "".join(f"{n} look at (this). " for n in range(1600)) + "</think>"
    text = thought + "".join(f"{n} words " for n in range(3000))
    answer = wire.Answer(0.0)
    started = time.process_time()
    for start in range(0, len(text), 4):
        answer.take({"choices": [{"delta": {"content": text[start : start + 4]}}]}, 1.0)
        answer.ask(until)
    seconds = time.process_time() - started
    assert answer.text == text
    assert min(asked) > len(thought)
    assert len(asked) <= (len(text) - len(thought)) / 64 + 2
    assert seconds < 2


async def test_an_error_in_until_is_not_the_servers() -> None:
    def until(text: str) -> bool:
        raise ZeroDivisionError

    async with FakeOpenAI(ANSWER) as server, glm(server) as client:
        with pytest.raises(ZeroDivisionError):
            await client.complete(QUESTION, SAMPLING, until)
        assert len(server.asked) == 1


async def test_a_loop_is_stopped_while_it_streams() -> None:
    say = Say("<think>" + "I should scroll down. Then I look again. " * 2000, delay=0.0005, chunk=8)
    async with FakeOpenAI(say) as server, glm(server) as client:
        completion = await client.complete(QUESTION, SAMPLING, box_closed)
        await asyncio.wait_for(server.hung_up.wait(), 2)
    assert completion.finish_reason == "repetition"
    assert len(completion.text) < 10_000


def first_alarm(text: str, chunk: int) -> int | None:
    """After how many characters the text counts as going in circles."""
    repetition = wire.Repetition()
    for end in range(chunk, len(text) + chunk, chunk):
        if repetition.feed(text[end - chunk : end]):
            return end
    return None


def test_a_paragraph_may_come_three_times_but_not_five() -> None:
    paragraph = " ".join(f"Sentence {n} about the page." for n in range(30))
    assert 800 < len(paragraph) <= 1000
    assert first_alarm(paragraph * 3 + "Done.", 4) is None
    assert first_alarm(paragraph * 5, 4) is not None


@given(
    unit=st.text(st.characters(codec="utf-8"), min_size=1, max_size=1000),
    before=st.text(max_size=300),
    chunk=st.integers(1, 30),
)
def test_any_loop_is_noticed(unit: str, before: str, chunk: int) -> None:
    text = before + unit * (8000 // len(unit) + 1)
    assert first_alarm(text, chunk) is not None


ROWS = [
    {"id": n, "role": "button", "name": "", "box": [n * 7 % 900, 10, 20, 30]} for n in range(80)
]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ROWS, indent=2),
        "\n".join(f"| {n} | yes | no | {n % 3} | 0.00 |" for n in range(120)),
        "|" + "-" * 300 + "|\n" + "=" * 500 + "\n" + " " * 600,
        "no " * 100 + "go on",
        "Scroll down. " * 30 + "Click [4].",
        "".join(f"{n}. Check whether box {n} is ticked.\n" for n in range(200)),
        ("I will click the Save button, since it is the only one left in the dialog. " * 5 + "X")
        * 1,
        "[[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]" * 10,
    ],
)
def test_lists_tables_and_short_repeats_are_fine(text: str) -> None:
    assert first_alarm(text, 4) is None
    assert first_alarm(text, 1000) is None


async def test_a_run_that_ends_does_not_hang_up_on_another_that_shares_the_client() -> None:
    def answer(body: dict[str, Any]) -> Say:
        return Say(ANSWER, delay=0.02 if "What now?" in str(body["messages"]) else 0.0)

    async with FakeOpenAI(answer) as server:
        client = GLM(server.url)
        await client.identify()
        slow = asyncio.create_task(client.complete(QUESTION, SAMPLING))
        await server.arrived.wait()
        await client.complete((Message("user", ("Quick one",)),), SAMPLING)
        await client.close()
        assert (await slow).text == ANSWER
        await client.close()
        assert len(server.asked) == 2
