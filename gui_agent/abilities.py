"""What a server can do beyond OpenAI's API: hold the answer to a grammar, end the thinking early.

Found by trying, once: old servers ignore fields that they don't know without a word. Grammars are
in the EBNF that both vLLM (through xgrammar) and llama.cpp read: `root ::= "a" | "b"`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from gui_agent.errors import ModelError
from gui_agent.protocols import Message, Sampling

Grammars = Literal["", "vllm", "llama.cpp"]
Closing = Literal["", "one request", "two requests"]
Ask = Callable[[tuple[Message, ...], Sampling], Awaitable[str]]
"""Sends a conversation as it is; returns the text of the answer."""

_CONTINUE = {"continue_final_message": True, "add_generation_prompt": False}
_NO_PARSER = {"chat_template_kwargs": {"enable_thinking": False}}
"""Keeps vLLM's reasoning parser from filing the rest of an answer under thinking."""
_TRIAL = 'root ::= "<answer>" ("yes" | "no") "</answer>"'
_TRIED = re.compile(r"(?s)(<think>.*</think>)?\s*<answer>(yes|no)(</answer>)?\s*")
_BOX = "<|begin_of_box|>"
_HELLO = (Message("user", ("Hello",)),)


@dataclass(frozen=True, slots=True)
class Abilities:
    """What was found."""

    grammars: Grammars = ""
    """Whose field for a grammar the server heeds."""
    closing: Closing = ""
    """How its thinking can be ended."""


def constrained(sampling: Sampling, grammar: str, grammars: Grammars) -> Sampling:
    """The same, with the answer held to this grammar, in the server's own field."""
    match grammars:
        case "vllm":
            return _with(sampling, {"structured_outputs": {"grammar": grammar}})
        case "llama.cpp":
            return _with(sampling, {"grammar": grammar})
        case _:
            return sampling


def budgeted(
    messages: tuple[Message, ...], sampling: Sampling, budget: int
) -> tuple[tuple[Message, ...], Sampling]:
    """One request in which the server itself ends the thinking after so many tokens."""
    opened = (*messages, Message("assistant", ("<think>",)))
    return opened, _with(sampling, {**_CONTINUE, "thinking_token_budget": budget})


def resumed(
    messages: tuple[Message, ...], sampling: Sampling, begun: str
) -> tuple[tuple[Message, ...], Sampling]:
    """A request that goes on after `begun`, the beginning of the answer."""
    return (*messages, Message("assistant", (begun,))), _with(sampling, {**_CONTINUE, **_NO_PARSER})


def closing_tags(begun: str, opening: str) -> str:
    """What ends the thinking of an answer that broke off in it, and begins the answer, for a model
    that begins one with `opening`."""
    _, closed, answer = begun.rpartition("</think>")
    thinking = not closed and begun.lstrip().startswith("<think>")
    answering = (opening or _BOX) in answer or _BOX in answer
    if thinking or not (closed or answering):
        return f"</think>{opening}"
    return "" if answering else opening


async def probe(ask: Ask) -> Abilities:
    """Try what the server can; half a dozen short questions. Raises ModelError if it is down."""
    grammars = await _grammars(ask)
    return Abilities(grammars, await _closing(ask, grammars))


async def _grammars(ask: Ask) -> Grammars:
    short = Sampling(max_tokens=40, extra=_NO_PARSER)
    tries: tuple[Grammars, ...] = ("vllm", "llama.cpp")
    for name in tries:
        if _TRIED.fullmatch(await _text(ask, _HELLO, constrained(short, _TRIAL, name))):
            return name
    return ""


async def _closing(ask: Ask, grammars: Grammars) -> Closing:
    short = constrained(Sampling(max_tokens=48), _TRIAL, grammars)
    said = await _text(ask, *budgeted(_HELLO, short, budget=4))
    if _TRIED.fullmatch(said) and "</think>" in said:
        return "one request"
    rest = 'root ::= ("yes" | "no") "</answer>"'
    short = constrained(Sampling(max_tokens=40), rest, grammars)
    said = await _text(ask, *resumed(_HELLO, short, "<think>Well.</think><answer>"))
    return "two requests" if re.match(r"\s*(yes|no)(</answer>|$)", said) else ""


async def _text(ask: Ask, messages: tuple[Message, ...], sampling: Sampling) -> str:
    """The answer; "" when the server refuses the request."""
    try:
        return await ask(messages, sampling)
    except ModelError as error:
        if error.kind in ("unreachable", "key"):
            raise
        return ""


def _with(sampling: Sampling, fields: Mapping[str, Any]) -> Sampling:
    kwargs = {
        **sampling.extra.get("chat_template_kwargs", {}),
        **fields.get("chat_template_kwargs", {}),
    }
    merged = {**sampling.extra, **fields}
    return replace(sampling, extra={**merged, "chat_template_kwargs": kwargs} if kwargs else merged)
