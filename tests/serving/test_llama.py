"""Our client and prompts against a real GLM-4.1V architecture, served by llama.cpp: every run."""

from __future__ import annotations

import json
import re
import urllib.request
from dataclasses import replace
from typing import Any

import pytest

from gui_agent import images, registry
from gui_agent.errors import ModelError
from gui_agent.manners import Manners
from gui_agent.model import GLM
from gui_agent.policies import HasGrammar
from gui_agent.protocols import Image, Message, PlatformKind, Sampling
from gui_agent.screen import Observation
from gui_agent.trajectory import Usage
from tests.asking import QUESTION, glm
from tests.prompts.screens import phone, screen
from tests.prompts.test_golden import first_step, hostile_page, later_step
from tests.serving.pictures import noise
from tests.tiny_glm.llama_server import CONTEXT

pytestmark = pytest.mark.llama

ONE = Sampling(max_tokens=1)
SHOWN = "<|begin_of_image|><|image|><|end_of_image|>"


async def used(client: GLM, *parts: str | Image) -> Usage:
    return (await client.complete((Message("user", parts),), ONE)).usage


@pytest.mark.parametrize("size", [(1, 1), (320, 240), (390, 844), (640, 360), (1280, 720)])
async def test_a_picture_costs_as_many_tokens_as_we_count(
    llama: str, size: tuple[int, int]
) -> None:
    markers = 2
    async with glm(llama) as client:
        bare = (await used(client, "x")).prompt_tokens
        seen = (await used(client, noise(*size), "x")).prompt_tokens
    assert seen - bare - markers == images.tokens(*size)


def rendered(url: str, messages: tuple[Message, ...]) -> str:
    """The prompt as the server renders it, with the trained picture in the place of its own."""
    fields, _ = Manners().request("glm-4.1v", messages, ONE)
    root = url.removesuffix("/v1")
    body = json.dumps({"messages": fields["messages"]}).encode()
    request = urllib.request.Request(
        f"{root}/apply-template", body, {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        prompt: str = json.load(answer)["prompt"]
    return re.sub(r"<__media[^>]*__>", SHOWN, prompt)


LAYOUTS: list[tuple[str, PlatformKind, dict[str, str]]] = [
    *((name, kind, {}) for name, kind in registry.DIALECTS),
    *((name, kind, {"layout": "cached"}) for name, kind in registry.DIALECTS if "glm-" in name[:4]),
]
"""Every dialect, and those that can also put what stays the same first."""


def as_trained(messages: tuple[Message, ...]) -> str:
    """What the model's makers have their template print."""
    turns = [
        f"<|{message.role}|>\n" + "".join(p if isinstance(p, str) else SHOWN for p in message.parts)
        for message in messages
    ]
    return "[gMASK]<sop>" + "".join(turns) + "<|assistant|>\n"


@pytest.mark.parametrize("moment", [first_step, later_step, hostile_page])
@pytest.mark.parametrize(("name", "kind", "layout"), LAYOUTS)
def test_prompts_reach_the_model_as_the_dialect_writes_them(
    llama: str, name: str, kind: PlatformKind, layout: dict[str, str], moment: Any
) -> None:
    messages = registry.dialect(name, kind, **layout).prompt(*moment())
    prompt = rendered(llama, messages)
    assert prompt == as_trained(messages)
    roles = len(re.findall(r"<\|(system|user|assistant)\|>", prompt))
    assert roles == len(messages) + 1, "a page can't open a turn"
    pictures = sum(isinstance(part, Image) for message in messages for part in message.parts)
    assert prompt.count("<|image|>") == pictures, "nor show a picture of its own"


def test_order_of_parts_is_kept(llama: str) -> None:
    a, b = noise(56, 56), noise(84, 84)
    messages = (
        Message("system", ("Be\nbrief.",)),
        Message("user", ("one", a, "two", b)),
        Message("assistant", ('<think>it\'s\n"so"</think><answer>done',)),
        Message("user", (a, "three")),
    )
    assert rendered(llama, messages) == as_trained(messages)


async def test_five_pictures_in_one_request(llama: str) -> None:
    pictures = [noise(56, 56) for _ in range(5)]
    async with glm(llama) as client:
        assert (await used(client, *pictures, "x")).prompt_tokens >= 5 * 11


async def test_a_closing_tag_is_a_stop_word_and_may_be_missing(llama: str) -> None:
    grammar = 'root ::= "<answer>" ("yes" | "no") "</answer>"'
    sampling = Sampling(max_tokens=30, extra={"grammar": grammar}, stop=("</answer>",))
    async with glm(llama) as client:
        done = await client.complete((Message("user", ("Go on?",)),), sampling)
    assert done.text in ("<answer>yes", "<answer>no")
    assert done.finish_reason == "stop"


async def test_reading_stops_and_so_does_the_server(llama: str) -> None:
    sampling = Sampling(max_tokens=8000, temperature=1.0, seed=1)
    asked = (Message("user", ("Tell me everything.",)),)
    async with glm(llama) as client:
        done = await client.complete(asked, sampling, lambda text: len(text) > 300)
        assert done.finish_reason == "complete"
        assert len(done.text) < 3000
        # Its only slot is free again: it did not write on for nobody.
        assert (await used(client, "x")).completion_tokens == 1


async def test_too_long_is_refused_with_a_cure(llama: str) -> None:
    async with glm(llama) as client:
        with pytest.raises(ModelError, match="don't fit into the model's context"):
            await used(client, "word " * 2 * CONTEXT)


async def test_what_is_no_picture_is_refused(llama: str) -> None:
    async with glm(llama) as client:
        with pytest.raises(ModelError, match=r"\(400\)"):
            await used(client, Image(b"not a picture", "image/png", 1, 1), "x")


async def test_instructions_first_and_the_new_picture_last_is_cached(llama: str) -> None:
    """What the trained order costs: the picture first makes everything after it new."""
    rules = "Numbered rules for every step. " * 60
    async with glm(llama) as client:
        await used(client, noise(320, 240), rules)
        trained = await used(client, noise(320, 240), rules)
        await used(client, rules, noise(320, 240))
        cached = await used(client, rules, noise(320, 240))
    assert trained.cached_tokens < 20
    assert cached.cached_tokens > cached.prompt_tokens - 99 - 20


@pytest.mark.parametrize("name", ["glm-4.1v", "glm-4.5v"])
@pytest.mark.parametrize(
    ("kind", "seen"),
    [("web", screen(13)), ("web", screen(0)), ("android", phone()), ("desktop", screen(2))],
    ids=["web", "web without labels", "phone", "desktop"],
)
async def test_an_answer_held_to_its_grammar_can_always_be_parsed(
    llama: str, name: str, kind: PlatformKind, seen: Observation
) -> None:
    """Random weights, cut off while they think: the second request's grammar makes an action."""
    dialect = registry.dialect(name, kind)
    assert isinstance(dialect, HasGrammar)
    sampling = replace(
        dialect.sampling,
        temperature=1.0,
        seed=1,
        max_tokens=4000,
        thinking=5,
        grammar=dialect.grammar(seen),
    )
    async with glm(llama) as client:
        done = await client.complete(QUESTION, sampling)
    assert done.finish_reason == "stop", done.text
    reply = dialect.parse(done.text, seen)
    assert reply.thought
