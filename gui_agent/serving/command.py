"""The vLLM command line for a model, each option with its reason. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from gui_agent.serving.models import ServedModel

Profile = Literal["throughput", "latency", "small-gpu"]

PROFILES = MappingProxyType(
    {
        "throughput": "many agents at once, in the weights' own precision. Measured for"
        " GLM-4.1V-9B on one H100: 32 web agents take 7.3 steps a second with the cached layout,"
        " 5.6 with the trained one",
        "latency": "few agents: fp8 weights. Measured for GLM-4.1V-9B on one H100: 0.58 s for a"
        " step of 64 tokens instead of 0.76 s, 1.8 s for 300 tokens instead of 2.7 s",
        "small-gpu": "a GPU of 24 GB: fp8 halves the 20.6 GB of weights, and fewer and shorter"
        " conversations leave room for pictures. Calculated, not measured",
    }
)
"""What each is for; the figures are those of docs/serve.md."""

KEPT_GB = 4
"""What vLLM itself takes: 300 pictures of 1280 × 720, each prepared as 4,784 patches of 1,176
numbers in two bytes."""
LARGEST_PICTURE = 6144
"""Tokens of the largest picture that the processor makes; a batch must hold one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the caller may choose; None leaves it to the model and the profile."""

    profile: Profile = "throughput"
    host: str = "127.0.0.1"
    port: int = 8000
    images: int = 10
    """Pictures in one request."""
    context: int | None = None
    """Tokens of one conversation."""
    quantization: str | None = None
    tensor_parallel: int | None = None
    pipeline_parallel: int = 1
    data_parallel: int = 1
    ray: bool = False
    """The GPUs are those of a Ray cluster of several machines."""
    local_media: Path | None = None
    """Folder from which the server may read pictures itself."""
    further: tuple[str, ...] = ()
    """Handed to vLLM as they are, last, so that they win."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One option of the command line."""

    name: str
    value: str = ""
    why: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        return (self.name, self.value) if self.value else (self.name,)


def flags(model: ServedModel, options: Options) -> tuple[Flag, ...]:
    """Every option that is set, in the order in which it is printed."""
    return (
        Flag("--served-model-name", model.name, "the client picks its dialect by this name"),
        Flag("--host", options.host, "who can reach it"),
        Flag("--port", str(options.port)),
        *_prompt(model),
        *_pictures(options),
        *_capacity(model, options),
        *_answers(model),
        *_gpus(model, options),
    )


def command(model: ServedModel, options: Options) -> tuple[str, ...]:
    """The arguments after `vllm serve`."""
    words = (word for flag in flags(model, options) for word in flag.words)
    return (model.source, *words, *options.further)


def shell(model: ServedModel, options: Options, key: str = "") -> str:
    """The command as one types it; `key` is a shell word. It goes through the environment:
    everybody on a machine can read its command lines."""
    lines = [f"vllm serve {shlex.quote(model.source)}"]
    lines += [shlex.join(flag.words) for flag in flags(model, options)]
    lines += [shlex.join(options.further)] if options.further else []
    prefix = f"VLLM_API_KEY={key} " if key else ""
    return prefix + " \\\n  ".join(lines)


def explain(model: ServedModel, options: Options) -> list[str]:
    """A line for the profile, and one for each option that has a reason."""
    reasons = [flag for flag in flags(model, options) if flag.why]
    width = max(len(flag.name) for flag in reasons)
    profile = f"Profile {options.profile}: {PROFILES[options.profile]}."
    return [profile, *(f"  {flag.name:{width}}  {flag.why}" for flag in reasons)]


def _prompt(model: ServedModel) -> Iterator[Flag]:
    if model.template:
        why = "the model's own, but system and assistant turns are not printed as Python lists"
        yield Flag("--chat-template", str(model.template), why)
    why = {
        "openai": "pictures stay where the prompt has them; otherwise all move to the front",
        "string": "as the makers serve this model",
    }[model.content_format]
    yield Flag("--chat-template-content-format", model.content_format, why)


def _pictures(options: Options) -> Iterator[Flag]:
    limit = json.dumps({"image": options.images, "video": 0})
    yield Flag("--limit-mm-per-prompt", limit, "pictures in one request; no memory for videos")
    why = "pictures of the last steps are neither sent nor prepared again; memory, not the GPU's"
    yield Flag("--mm-processor-cache-gb", str(KEPT_GB), why)
    if options.local_media:
        folder = str(options.local_media.expanduser().resolve())
        yield Flag("--allowed-local-media-path", folder, "pictures may be sent as file:// paths")


def _capacity(model: ServedModel, options: Options) -> Iterator[Flag]:
    small = options.profile == "small-gpu"
    context = options.context or min(model.context, 16_384 if small else model.context)
    yield Flag("--max-model-len", str(context), "tokens of one conversation, answer included")
    batch = f"a batch must hold the largest picture, {LARGEST_PICTURE} tokens"
    yield Flag("--max-num-batched-tokens", "8192", batch)
    if small:
        yield Flag("--max-num-seqs", "4", "conversations at a time")
    quantization = options.quantization or (None if options.profile == "throughput" else "fp8")
    if quantization:
        yield Flag("--quantization", quantization, "less memory and quicker tokens than bf16")
    yield Flag("--enable-prefix-caching", "", "instructions and history are computed once")


def _answers(model: ServedModel) -> Iterator[Flag]:
    yield Flag("--enable-prompt-tokens-details", "", "usage says how much came from the cache")
    if model.thinks:
        why = "thinking budgets, and grammars that begin after the thinking"
        yield Flag("--reasoning-parser", "glm45", why)
    config = json.dumps({"backend": "xgrammar", "disable_any_whitespace": True})
    why = "JSON without blanks, with which an answer could be filled for ever"
    yield Flag("--structured-outputs-config", config, why)


def _gpus(model: ServedModel, options: Options) -> Iterator[Flag]:
    tensor = options.tensor_parallel or model.gpus
    if tensor > 1:
        yield Flag("--tensor-parallel-size", str(tensor), "GPUs that share each layer")
        yield Flag("--mm-encoder-tp-mode", "data", "each GPU reads pictures of its own")
    if options.pipeline_parallel > 1:
        why = "groups of GPUs that share the layers; for several machines"
        yield Flag("--pipeline-parallel-size", str(options.pipeline_parallel), why)
    if options.data_parallel > 1:
        yield Flag("--data-parallel-size", str(options.data_parallel), "whole copies of the model")
    if options.ray:
        yield Flag("--distributed-executor-backend", "ray", "GPUs of several machines")
    if options.ray and options.data_parallel > 1:
        yield Flag("--data-parallel-backend", "ray", "copies on several machines")
