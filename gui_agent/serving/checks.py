"""What `doctor` finds out about a model server: will it work, and how well?"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from gui_agent import abilities, images, registry
from gui_agent.checks import Check
from gui_agent.errors import ModelError
from gui_agent.model import GLM
from gui_agent.protocols import Message, Sampling
from gui_agent.serving.endpoint import ONE_TOKEN, Endpoint, picture

Look = Callable[[Endpoint], Awaitable[Check]]

SCREEN = (1280, 720)
LEAST_CONTEXT = 6144
"""Tokens of one step on the web: a screenshot, instructions, elements, a short answer."""
GOOD_CONTEXT = 16_384
DESKTOP_PICTURES = 5
"""The desktop dialects send the current screenshot and four older ones."""

_SERVE = "Serve with `gui-agent serve`, which sets"
_NAMES = {"key": "key", "model": "model"}
_TEXT_ONLY = "Serve a model that reads pictures, such as GLM-4.1V: gui-agent serve"


async def checks(glm: GLM, pictures: int = 1) -> list[Check]:
    """Everything, in half a minute; `pictures` is how many a request of the run will hold."""
    return await _all(glm, (*_short(pictures), *_FURTHER))


async def essentials(glm: GLM, pictures: int = 1) -> list[Check]:
    """Only what would keep a run from working; a few tokens, before its first step."""
    return await _all(glm, _short(pictures))


async def _all(glm: GLM, looks: tuple[Look, ...]) -> list[Check]:
    try:
        name = await glm.identify()
    except ModelError as error:
        return [Check(_NAMES.get(error.kind, "server"), "fail", str(error), _cure(error))]
    endpoint = Endpoint(glm)
    rows = [Check("server", "ok", f"{glm.url} answers"), _model(name)]
    for look in looks:
        rows.append(await _guarded(look, endpoint))
        if rows[-1].verdict == "fail":
            break
    return rows


async def _guarded(look: Look, endpoint: Endpoint) -> Check:
    try:
        return await look(endpoint)
    except ModelError as error:
        name = look.__name__.strip("_").replace("_", " ")
        return Check(name, "fail", str(error), _cure(error))


def _cure(error: ModelError) -> str:
    return {
        "unreachable": "Start it (gui-agent serve), or name another with --base-url",
        "key": "Pass the server's key with --api-key or GUI_AGENT_API_KEY",
        "model": "Name one that is served with --model",
        "api": "Check --base-url; it usually ends in /v1",
        "text_only": _TEXT_ONLY,
        "context": "Serve with a larger --max-model-len, such as 32768",
        "media": "Serve with `gui-agent serve --local-media FOLDER`, or leave --local-media out",
        "images": "Serve with --limit-mm-per-prompt '{\"image\": 10}'",
    }.get(error.kind, "Look at the server's log")


def _model(name: str) -> Check:
    if registry.family(name) == "json":
        fix = "For a GLM-V model under another name add --dialect glm-4.1v or glm-4.5v"
        detail = f"{name} is not known to be trained for this; it will be asked for plain JSON"
        return Check("model", "warn", detail, fix)
    return Check("model", "ok", name)


async def _context(endpoint: Endpoint) -> Check:
    size = await endpoint.context()
    if size is None:
        return Check("context", "ok", "the server doesn't say how long a conversation may be")
    if size < LEAST_CONTEXT:
        detail = f"{size} tokens are too few for one screenshot with its instructions"
        return Check("context", "fail", detail, "Serve with --max-model-len 32768")
    if size < GOOD_CONTEXT:
        detail = f"{size} tokens leave little room for thinking or several pictures"
        return Check("context", "warn", detail, "Serve with --max-model-len 32768")
    return Check("context", "ok", f"{size} tokens")


async def _picture(endpoint: Endpoint) -> Check:
    """One screenshot: is it taken, seen, and resized as GLM-4.1V's processor does it?"""
    bare = (await endpoint.usage("What is this?")).prompt_tokens
    seen = (await endpoint.usage(picture(*SCREEN), "What is this?")).prompt_tokens
    cost = seen - bare
    if not bare:
        return Check("picture", "warn", "it is taken, but the server counts no tokens")
    if cost < 20:
        detail = "the server takes a picture, but its model gets to see nothing of it"
        return Check("picture", "fail", detail, _TEXT_ONLY)
    expected = images.tokens(*SCREEN)
    # Two markers, and in vLLM's `string` format a line feed.
    trained = expected <= cost <= expected + 3
    if registry.family(endpoint.glm.name).startswith("glm") and not trained:
        detail = f"a screenshot of 1280 × 720 costs {cost} tokens instead of {expected}"
        fix = "Serve without --mm-processor-kwargs and with a newer transformers: clicks would miss"
        return Check("picture", "warn", detail, fix)
    return Check("picture", "ok", f"a screenshot of 1280 × 720 costs {cost} tokens")


def _pictures(wanted: int) -> Look:
    async def pictures(endpoint: Endpoint) -> Check:
        for count in range(DESKTOP_PICTURES, 0, -1):
            try:
                await endpoint.usage(*(picture(56, 56, number) for number in range(count)), "Hm?")
            except ModelError as error:
                if error.kind == "images":
                    continue
                raise
            return _limit(count, wanted)
        return _limit(0, wanted)

    return pictures


def _limit(count: int, wanted: int) -> Check:
    if count >= DESKTOP_PICTURES:
        return Check("pictures", "ok", f"{count} in one request are taken")
    detail = f"only {count} in one request: no history of pictures, and the desktop needs 5"
    fix = "Serve with --limit-mm-per-prompt '{\"image\": 10}'"
    return Check("pictures", "fail" if count < wanted else "warn", detail, fix)


def _short(pictures: int) -> tuple[Look, ...]:
    return (_context, _picture, _pictures(pictures))


async def _turns(endpoint: Endpoint) -> Check:
    """Do system and assistant turns reach the model as text, or as the repr of a list?"""
    talk = (
        Message("system", ("Be brief.",)),
        Message("user", ("Hello",)),
        Message("assistant", ("Well.",)),
        Message("user", ("Go on",)),
    )
    prompt = await endpoint.rendered(talk)
    printed = bool(re.search(r"\[\s*\{\s*['\"]type", prompt))
    if not prompt:
        with_system = (await endpoint.usage("Hello", system="Be brief.")).prompt_tokens
        printed = with_system - (await endpoint.usage("Hello")).prompt_tokens > 12
    if printed:
        detail = "system and assistant turns reach the model as a printed Python list"
        return Check("turns", "warn", detail, f"{_SERVE} a --chat-template")
    return Check("turns", "ok", "system and assistant turns reach the model as text")


async def _order(endpoint: Endpoint) -> Check:
    """Do pictures stay where the prompt has them?"""
    talk = (Message("user", ("Before", picture(56, 56), "After")),)
    prompt = await endpoint.rendered(talk)
    if not prompt:
        return Check("order", "ok", "the server doesn't show its prompts; not checked")
    if re.search(r"Before\s*After", prompt):
        detail = "every picture is moved to the front, which the cached layout can't do with"
        fix = "Serve with --chat-template-content-format openai"
        return Check("order", "warn", detail, fix)
    return Check("order", "ok", "pictures stay where the prompt has them")


async def _grammar(endpoint: Endpoint) -> Check:
    grammars = (await endpoint.glm.abilities()).grammars
    if not grammars:
        detail = "answers can't be held to a grammar; they are parsed as they come"
        return Check("grammar", "warn", detail, "Serve with a current vLLM: gui-agent serve")
    return Check("grammar", "ok", f"answers can be held to one, in {grammars}'s field")


async def _special_tokens(endpoint: Endpoint) -> Check:
    """Does GLM's wrapping of actions survive? Only a forced answer tells."""
    grammars = (await endpoint.glm.abilities()).grammars
    boxed = 'root ::= "<|begin_of_box|>ok<|end_of_box|>"'
    sampling = Sampling(max_tokens=60, extra={"chat_template_kwargs": {"enable_thinking": False}})
    said = ""
    if grammars:
        said = await endpoint.text(_HELLO, abilities.constrained(sampling, boxed, grammars))
    if "ok" not in said:
        return Check("special tokens", "ok", "no answer can be forced that holds some; not checked")
    if "<|begin_of_box|>" not in said:
        detail = "the server drops special tokens, in which GLM wraps its actions"
        fix = "Serve with a vLLM that heeds skip_special_tokens: gui-agent serve"
        return Check("special tokens", "warn", detail, fix)
    return Check("special tokens", "ok", "they stay in the answer")


async def _reasoning(endpoint: Endpoint) -> Check:
    fields = " and ".join(await endpoint.fields()) or "no field"
    return Check("reasoning", "ok", f"a short answer comes in {fields}; all are read")


async def _thinking(endpoint: Endpoint) -> Check:
    closing = (await endpoint.glm.abilities()).closing
    if not closing:
        detail = "thinking can't be ended early, only cut off"
        return Check("thinking", "warn", detail, f"{_SERVE} --reasoning-parser glm45")
    return Check("thinking", "ok", f"can be ended early, with {closing}")


async def _cache(endpoint: Endpoint) -> Check:
    """Is a prompt that was seen before known again, and is that reported?"""
    rules = "Numbered rules, the same at every step. " * 60
    await endpoint.usage(rules, picture(56, 56, 1))
    second = await endpoint.usage(rules, picture(56, 56, 2))
    if not second.cached_tokens:
        fix = f"{_SERVE} --enable-prefix-caching and --enable-prompt-tokens-details"
        return Check("cache", "warn", "nothing is cached, or the server doesn't report it", fix)
    shares = f"{second.cached_tokens} of {second.prompt_tokens} tokens came from the cache"
    return Check("cache", "ok", shares)


async def _speed(endpoint: Endpoint) -> Check:
    began = time.perf_counter()
    await endpoint.usage(picture(*SCREEN, time.time_ns()), "What is this?")
    first = time.perf_counter() - began
    began = time.perf_counter()
    sampling = replace(ONE_TOKEN, max_tokens=64)
    written = (await endpoint.ask(_HELLO, sampling)).usage.completion_tokens
    pace = (time.perf_counter() - began) / max(written, 1)
    detail = f"{first:.2f} s for a new screenshot, {1000 * pace:.1f} ms an output token"
    slow = first > 10 or pace > 0.2
    fix = "Look whether the model runs on a GPU, and what else it is busy with" if slow else ""
    return Check("speed", "warn" if slow else "ok", detail, fix)


_HELLO = (Message("user", ("Hello",)),)
_FURTHER: tuple[Look, ...] = (
    _turns,
    _order,
    _grammar,
    _special_tokens,
    _reasoning,
    _thinking,
    _cache,
    _speed,
)
