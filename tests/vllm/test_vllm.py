"""What only a real vLLM can show. The order matters at the end: the last test kills the engine."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gui_agent import abilities, images, registry, wire
from gui_agent.agent import Agent, Limits
from gui_agent.errors import ModelError
from gui_agent.model import GLM
from gui_agent.platforms.web import WebPlatform
from gui_agent.policies import HasGrammar
from gui_agent.prompts.glm41v import Glm41vWeb
from gui_agent.protocols import Image, Message, PlatformKind, Sampling
from gui_agent.screen import Observation, Screenshot
from gui_agent.serving.checks import checks
from gui_agent.serving.process import VllmServer
from gui_agent.trajectory import Outcome, Reply, Step, Task, Trajectory, Usage
from tests.asking import glm
from tests.prompts.screens import WAIT, phone, screen
from tests.prompts.test_golden import first_step, hostile_page, later_step
from tests.serving.pictures import noise
from tests.serving.test_llama import LAYOUTS, SHOWN, as_trained
from tests.tiny_glm.checkpoint import OWN_TEMPLATE

pytestmark = pytest.mark.vllm

ONE = Sampling(max_tokens=1)
QUESTION = (Message("user", ("What now?",)),)
UNPARSED: dict[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}}


@pytest.fixture
async def client(url: str) -> AsyncIterator[GLM]:
    async with glm(url) as made:
        await made.identify()
        yield made


async def used(client: GLM, *parts: str | Image) -> Usage:
    return (await client.complete((Message("user", parts),), ONE)).usage


async def tokenized(client: GLM, messages: tuple[Message, ...], **fields: Any) -> list[int]:
    body = {"model": client.name, "messages": wire.turns(messages), **fields}
    return list((await client.call("/tokenize", body))["tokens"])


async def rendered(client: GLM, messages: tuple[Message, ...], **fields: Any) -> str:
    """The prompt as the server renders it, each picture as its one placeholder."""
    tokens = await tokenized(client, messages, **fields)
    answer = await client.call("/detokenize", {"model": client.name, "tokens": tokens})
    return re.sub(r"(<\|image\|>)+", "<|image|>", answer["prompt"])


async def test_doctor_finds_nothing_wrong_with_what_serve_started(client: GLM) -> None:
    rows = await checks(client, pictures=5)
    assert not [row for row in rows if row.verdict != "ok" and row.name not in ("speed", "context")]
    said = {row.name: row.detail for row in rows}
    assert said["context"].startswith("8192 tokens")
    assert "one request" in said["thinking"]
    assert "vllm" in said["grammar"]
    assert "in reasoning;" in said["reasoning"]


@pytest.mark.parametrize(
    "size",
    [(1, 1), (390, 844), (540, 1200), (640, 360), (1280, 720), (1080, 2400), (3840, 2160)],
)
async def test_a_picture_costs_as_many_tokens_as_we_count(
    client: GLM, size: tuple[int, int]
) -> None:
    bare = await tokenized(client, (Message("user", ("x",)),))
    seen = await tokenized(client, (Message("user", (noise(*size), "x")),))
    assert len(seen) - len(bare) - 2 == images.tokens(*size)


@pytest.mark.parametrize("moment", [first_step, later_step, hostile_page])
@pytest.mark.parametrize(("name", "kind", "layout"), LAYOUTS)
async def test_prompts_reach_the_model_as_the_dialect_writes_them(
    client: GLM, name: str, kind: PlatformKind, layout: dict[str, str], moment: Any
) -> None:
    messages = registry.dialect(name, kind, **layout).prompt(*moment())
    assert await rendered(client, messages) == as_trained(messages)


@pytest.mark.parametrize("moment", [first_step, later_step, hostile_page])
async def test_our_template_gives_the_tokens_of_the_models_own(client: GLM, moment: Any) -> None:
    messages = Glm41vWeb().prompt(*moment())
    own = await tokenized(client, messages, chat_template=OWN_TEMPLATE)
    assert await tokenized(client, messages) == own


async def test_only_our_template_shows_all_turns_as_text(client: GLM) -> None:
    talk = (
        Message("system", ("Be\nbrief.",)),
        Message("user", ("one", noise(56, 56), "two")),
        Message("assistant", ('<think>it\'s\n"so"</think><answer>done',)),
        Message("user", ("three",)),
    )
    assert await rendered(client, talk) == as_trained(talk)
    assert "[{'type': 'text'" in await rendered(client, talk, chat_template=OWN_TEMPLATE)


async def test_five_pictures_but_not_six(client: GLM) -> None:
    pictures = [noise(56, 56) for _ in range(6)]
    assert (await used(client, *pictures[:5])).prompt_tokens > 5 * 11
    with pytest.raises(ModelError, match="more pictures than the 5") as caught:
        await used(client, *pictures)
    assert caught.value.kind == "images"


async def test_too_long_is_refused_and_the_pictures_work_in_the_next_request(client: GLM) -> None:
    """vLLM fails once on a picture whose first request it refused; the client asks again."""
    for talk in (("word " * 9000,), [noise(1280, 1280) for _ in range(5)]):
        with pytest.raises(ModelError) as caught:
            await used(client, *talk)
        assert caught.value.kind == "context"
    assert (await used(client, talk[0], "x")).prompt_tokens > 2000


async def test_the_closing_tag_ends_the_answer_and_is_not_in_it(client: GLM) -> None:
    closing = await client.call("/tokenize", {"model": client.name, "prompt": "</answer>"})
    [token] = closing["tokens"]
    only = Sampling(max_tokens=9, extra={"allowed_token_ids": [token], **UNPARSED})
    done = await client.complete(QUESTION, only)
    assert (done.text, done.finish_reason, done.stop_reason) == ("", "stop", token)


CLICK = 'root ::= "<answer><|begin_of_box|>Click [" [0-9] "]<|end_of_box|>"'


async def test_an_answer_is_held_to_a_grammar_with_special_tokens(client: GLM) -> None:
    held = abilities.constrained(Sampling(max_tokens=80, extra=UNPARSED), CLICK, "vllm")
    done = await client.complete(QUESTION, held)
    assert re.fullmatch(r"<answer><\|begin_of_box\|>Click \[\d\]<\|end_of_box\|>", done.text)


async def test_thinking_ends_at_its_budget_and_the_grammar_begins_after_it(client: GLM) -> None:
    held = abilities.constrained(Sampling(max_tokens=120), CLICK, "vllm")
    done = await client.complete(*abilities.budgeted(QUESTION, held, 8))
    assert re.fullmatch(r"(?s)<think>.+</think><answer><.*Click \[\d\].*", done.text)
    assert 8 < done.usage.completion_tokens < 80


@pytest.mark.parametrize("name", ["glm-4.1v", "glm-4.5v"])
@pytest.mark.parametrize(
    ("kind", "seen"), [("web", screen(3)), ("android", phone()), ("desktop", screen(0))]
)
async def test_held_to_its_grammar_a_dialect_always_gets_an_action(
    client: GLM, name: str, kind: PlatformKind, seen: Observation
) -> None:
    """Random weights know no words, let alone actions."""
    dialect = registry.dialect(name, kind)
    assert isinstance(dialect, HasGrammar)
    bound = replace(
        dialect.sampling,
        temperature=2.0,
        seed=3,
        max_tokens=3000,
        thinking=8,
        grammar=dialect.grammar(seen),
    )
    done = await client.complete(QUESTION, bound, dialect.complete)
    reply = dialect.parse(done.text, seen)
    assert reply.thinking
    assert reply.thought


async def test_an_answer_that_was_begun_goes_on(client: GLM) -> None:
    rest = 'root ::= "done" | "over"'
    held = abilities.constrained(Sampling(max_tokens=40), rest, "vllm")
    begun = '<think>it\'s\n"so"</think><answer>'
    done = await client.complete(*abilities.resumed(QUESTION, held, begun))
    assert done.text in ("done", "over")


def running(url: str) -> float:
    with urllib.request.urlopen(url.replace("/v1", "/metrics"), timeout=10) as answer:
        metrics = answer.read().decode()
    found = re.search(r"^vllm:num_requests_running\S* (\S+)$", metrics, re.M)
    assert found
    return float(found[1])


async def test_a_stream_that_is_left_ends_the_work(client: GLM, url: str) -> None:
    endless = Sampling(max_tokens=4000, temperature=1.0, extra={"ignore_eos": True, **UNPARSED})
    done = await client.complete(QUESTION, endless, lambda text: len(text) > 200)
    assert done.finish_reason == "complete"
    async with asyncio.timeout(10):
        while running(url):
            await asyncio.sleep(0.1)


async def test_instructions_first_and_the_new_picture_last_is_cached(client: GLM) -> None:
    rules = "Numbered rules for every step. " * 100
    await used(client, noise(320, 240), rules)
    trained = await used(client, noise(320, 240), rules)
    await used(client, rules, noise(320, 240))
    cached = await used(client, rules, noise(320, 240))
    assert trained.cached_tokens < 32
    assert cached.cached_tokens > 0.7 * cached.prompt_tokens


def steps(count: int) -> Trajectory:
    """A run so far in which every screen looked different."""
    made = [
        Step(n, looked(n), reply=Reply(WAIT, note=f"note {n} "), outcome=Outcome(True))
        for n in range(count)
    ]
    return Trajectory(Task("Find the lamp.", "https://shop.test/"), made)


@cache
def looked(number: int) -> Observation:
    shot = noise(320, 240)
    return replace(screen(2), screenshot=Screenshot(shot.data, 320, 240, "image/jpeg"))


@pytest.mark.parametrize("kind", ["web", "android", "desktop"])
async def test_the_cached_layout_is_cached_from_step_to_step(
    client: GLM, kind: PlatformKind
) -> None:
    shares = {}
    for layout in ("trained", "cached"):
        dialect = registry.dialect("glm-4.1v", kind, layout=layout)
        for count in (2, 3):
            usage = (await client.complete(dialect.prompt(steps(count), looked(count)), ONE)).usage
        shares[layout] = usage.cached_tokens / usage.prompt_tokens
    assert shares["trained"] < 0.1
    assert shares["cached"] > 0.6


async def test_pictures_reach_a_server_on_this_machine_as_files(
    client: GLM, url: str, media: Path, tmp_path: Path
) -> None:
    picture = noise(640, 360)
    async with glm(url, local_media=media) as local:
        through_files = await used(local, picture, "x")
        [file] = media.iterdir()
        assert file.read_bytes() == picture.data
    assert not list(media.iterdir())
    assert through_files.prompt_tokens == (await used(client, picture, "x")).prompt_tokens
    async with glm(url, local_media=tmp_path) as elsewhere:
        with pytest.raises(ModelError, match="may not read pictures") as caught:
            await used(elsewhere, noise(56, 56), "x")
    assert caught.value.kind == "media"


async def test_a_picture_that_was_sent_goes_by_its_name(url: str) -> None:
    old, new = noise(640, 360), noise(640, 360)
    async with glm(url) as client:
        whole = [await used(client, old, "x"), await used(client, old, new, "x")]
        media = client._media
        assert media.named
        assert media.part(old)["image_url"] is None
        named = await used(client, old, new, "x")
        assert named.prompt_tokens == whole[1].prompt_tokens
        assert named.cached_tokens > 0.9 * named.prompt_tokens
        media.sent([Message("user", (forgotten := noise(56, 56),))])
        again = await used(client, forgotten, old, "x")
        assert media.misses == 1, "the server never had it: all were sent once more"
    assert again.prompt_tokens > whole[0].prompt_tokens


PRESS = (
    'root ::= "<answer>Thought: I press it.\\nAction: <|begin_of_box|>Click [0]<|end_of_box|>'
    '\\nMemory_Updated: {}"'
)


class Pressing(Glm41vWeb):
    """The real dialect for a model that knows nothing yet: its answer is held to one."""

    sampling = abilities.constrained(
        replace(Glm41vWeb.sampling, max_tokens=200, extra=UNPARSED), PRESS, "vllm"
    )


@pytest.mark.browser
async def test_a_screenshot_becomes_a_click_on_a_real_page(client: GLM, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<button onclick=\"document.title='pressed'\">Press here</button>", "utf-8")
    limits = Limits(steps=1)
    platform = WebPlatform(url=page.as_uri())
    async with Agent(platform, model=client, dialect=Pressing(), limits=limits) as agent:
        run = await agent.run("Press the button")
        assert not run.steps[0].error
        assert (await platform.observe()).title == "pressed"
    usage = run.steps[0].completion.usage
    assert usage.prompt_tokens > images.tokens(1280, 720)
    assert SHOWN in as_trained(Pressing().prompt(run, run.steps[0].observation))


async def test_an_engine_that_dies_is_one_clear_error(
    url: str, server: VllmServer, client: GLM
) -> None:
    engines = [pid for pid in children(server.pid) if "EngineCore" in name(pid)]
    endless = Sampling(max_tokens=4000, temperature=1.0, extra={"ignore_eos": True, **UNPARSED})
    asking = asyncio.create_task(client.complete(QUESTION, endless))
    async with asyncio.timeout(20):
        while not running(url):
            await asyncio.sleep(0.05)
    assert engines
    for pid in engines:
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(ModelError) as caught:
        await asking
    assert url in str(caught.value)


def children(pid: int) -> list[int]:
    """Processes of this process's session."""
    session = os.getsid(pid)
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if os.getsid(int(entry.name)) == session:
                    found.append(int(entry.name))
            except ProcessLookupError:
                continue
    return [each for each in found if each != pid]


def name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text() + Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""
