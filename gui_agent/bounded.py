"""An answer whose thinking is bounded and whose words follow a grammar, as far as its server can.

In order of preference: one request in which the server ends the thinking; two, the second of which
goes on after thinking that we closed; or neither, and the answer comes as the model gives it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from gui_agent.abilities import Abilities, budgeted, closing_tags, constrained, resumed
from gui_agent.protocols import Message, Sampling
from gui_agent.trajectory import Completion

Until = Callable[[str], bool]
Ask = Callable[[tuple[Message, ...], Sampling, Until | None], Awaitable[Completion]]


async def bounded(
    ask: Ask,
    abilities: Abilities,
    messages: tuple[Message, ...],
    sampling: Sampling,
    until: Until | None,
) -> Completion:
    """The answer, as one `Completion`. What `ask` raises passes through."""
    if abilities.closing == "one request":
        # Here a grammar waits for the end of the thinking; elsewhere it would forbid thinking.
        held = _held(sampling, abilities)
        if sampling.thinking is None:
            return await ask(messages, held, until)
        return await ask(*budgeted(messages, held, sampling.thinking), until)
    if abilities.closing == "two requests" and sampling.thinking is not None:
        return await _in_two(ask, abilities, messages, sampling, until)
    return await ask(messages, sampling, until)


def _held(sampling: Sampling, abilities: Abilities) -> Sampling:
    if not sampling.grammar:
        return sampling
    return constrained(sampling, sampling.grammar, abilities.grammars)


async def _in_two(
    ask: Ask,
    abilities: Abilities,
    messages: tuple[Message, ...],
    sampling: Sampling,
    until: Until | None,
) -> Completion:
    thinking = max(sampling.thinking or 0, 1)
    first = await ask(messages, replace(sampling, max_tokens=thinking), until)
    if first.finish_reason != "length":
        return first
    tags = closing_tags(first.text, sampling.opening)
    held = bool(sampling.grammar and abilities.grammars) and tags.startswith("</think>")
    # A grammar brings its own opening.
    begun = first.text + ("</think>" if held else tags)
    rest = _held(sampling, abilities) if held else sampling

    def whole(text: str) -> bool:
        return until is not None and until(begun + text)

    second = await ask(*resumed(messages, rest, begun), whole)
    return _joined(first, begun, second)


def _joined(first: Completion, begun: str, second: Completion) -> Completion:
    """Both as one answer; the wait for the second's first token counts as thinking."""
    said = second.text
    if said.startswith("<think>"):  # a reasoning parser filed the rest of the answer there
        said = said.removeprefix("<think>").replace("</think>", "", 1)
    waited = sum(first.timings.values()) - first.timings.get("first_token", 0.0)
    timings = {
        **first.timings,
        "thinking": waited + second.timings.get("first_token", 0.0),
        "answer": second.timings.get("thinking", 0.0) + second.timings.get("answer", 0.0),
    }
    usage = first.usage + second.usage
    return replace(second, text=begun + said, usage=usage, timings=timings)
