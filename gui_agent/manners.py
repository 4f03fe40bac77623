"""How one server wants to be asked, learnt from what it refused. Pure: no I/O.

The fields are vLLM's, which SGLang shares; the hosted GLM API and others know fewer.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from gui_agent import wire
from gui_agent.media import embedded
from gui_agent.protocols import Message, Sampling

VLLM_FIELDS = frozenset({"skip_special_tokens", "top_k", "min_p", "repetition_penalty"})
"""What vLLM and SGLang understand beyond OpenAI's own fields."""

_STREAM_OPTIONS = {"include_usage": True, "continuous_usage_stats": True}
_UNKNOWN = re.compile(
    r"unknown|unrecogni[sz]ed|unexpected|unsupported|forbidden|extra (inputs|fields)"
    r"|not (supported|permitted|allowed)",
    re.IGNORECASE,
)
_VAGUE = re.compile(r"API 调用参数有误|invalid api parameter", re.IGNORECASE)
"""The hosted GLM API's error 1210: some field is wrong, and no word on which."""
_EDGES = re.compile(
    r"\b(temperature|top_p).{0,40}(非法|invalid|range|between|greater than|must be)",
    re.IGNORECASE | re.ASCII,
)
_INSIDE = 0.01, 0.99


@dataclass(slots=True)
class Manners:
    """What is left out or changed in every request to one server."""

    unknown: frozenset[str] = frozenset()
    """Fields that it does not know."""
    stays_inside: bool = False
    """It takes no temperature or top_p of exactly 0 or 1; 0.01 is greedy in all but name."""

    def request(
        self,
        model: str,
        messages: tuple[Message, ...],
        sampling: Sampling,
        picture: wire.Picture = embedded,
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """OpenAI's own fields and further ones.

        Every sampling value is explicit, so that a server's own defaults never apply.
        """
        sampling = _inside(sampling) if self.stays_inside else sampling
        options = {name: on for name, on in _STREAM_OPTIONS.items() if name not in self.unknown}
        fields: dict[str, Any] = {
            "model": model,
            "messages": wire.turns(messages, picture),
            "stream": True,
            "stream_options": options,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "max_tokens": sampling.max_tokens,
            "frequency_penalty": sampling.frequency_penalty,
        }
        if sampling.seed is not None:
            fields["seed"] = sampling.seed
        if sampling.stop:
            fields["stop"] = list(sampling.stop)
        further = {
            "skip_special_tokens": False,
            "top_k": -1,
            "min_p": 0.0,
            "repetition_penalty": sampling.repetition_penalty,
            **sampling.extra,
        }
        return _without(fields, self.unknown), _without(further, self.unknown)

    def learn(self, words: str, sampling: Sampling) -> str:
        """What is different from now on, after a refusal in these words; "" if nothing is."""
        if unknown := _unknown_fields(words, sampling) - self.unknown:
            self.unknown |= unknown
            return f"does not know {', '.join(sorted(unknown))}: left out"
        on_edge = _inside(sampling) != sampling
        if on_edge and not self.stays_inside and (_EDGES.search(words) or _VAGUE.search(words)):
            self.stays_inside = True
            return "takes no temperature or top_p of 0 or 1: kept just inside"
        return ""


def _without(fields: dict[str, Any], names: AbstractSet[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}


def _inside(sampling: Sampling) -> Sampling:
    low, high = _INSIDE
    return replace(
        sampling,
        temperature=min(max(sampling.temperature, low), high),
        top_p=min(max(sampling.top_p, low), high),
    )


def _unknown_fields(words: str, sampling: Sampling) -> frozenset[str]:
    """The dispensable fields that a refusal calls unknown; if one of vLLM's is, all of them, and
    all there are if it names none."""
    dispensable = {"stream_options", "frequency_penalty", *VLLM_FIELDS, *sampling.extra}
    if _VAGUE.search(words):
        return frozenset(dispensable)
    if not _UNKNOWN.search(words):
        return frozenset()
    if "continuous_usage_stats" in words:
        return frozenset({"continuous_usage_stats"})
    named = {name for name in dispensable if re.search(rf"\b{re.escape(name)}\b", words)}
    return frozenset(named | VLLM_FIELDS if named & VLLM_FIELDS else named)
