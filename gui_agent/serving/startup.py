"""What vLLM's log says: how far the start has come, and why it failed. Pure."""

from __future__ import annotations

import re

_PHASES = (
    (r"Resolved architecture|Initializing a V1 LLM engine", "starting the engine"),
    (r"Starting to load model", "loading the weights"),
    (r"checkpoint shards:\s+\d+% Completed \| (?P<done>\d+)/(?P<all>\d+)", "loading the weights"),
    (r"torch\.compile|Compiling a graph|Dynamo bytecode", "compiling"),
    (r"Capturing CUDA graph", "capturing CUDA graphs"),
    (r"KV cache size", "reserving the cache"),
    (r"Starting vLLM (API )?server", "opening the API"),
)

_REASONS = (
    (
        r"out of memory|OutOfMemoryError|No available memory for the cache blocks"
        r"|larger than the available KV cache|less than desired \w+ memory",
        "The GPU's memory does not hold it. See in nvidia-smi whether other programs use it; else"
        " take --profile small-gpu, a lower --max-model-len, or more GPUs.",
    ),
    (
        r"RepositoryNotFound|LocalEntryNotFound|GatedRepo|not a valid model identifier"
        r"|[Cc]ouldn't connect to|Cannot find any model weights|outgoing traffic has been disabled"
        r"|Invalid repository ID",
        "The weights can't be found or downloaded. Check the name, download them with"
        " `hf download {model}`, or give the folder that holds them.",
    ),
    (
        r"unrecognized arguments: (?P<what>[^\n]*)",
        "This vLLM does not know {what}: install vLLM {minimum} or newer.",
    ),
    (
        r"does not recognize this architecture|Model architectures .{0,200} (not supported|failed)"
        r"|invalid reasoning parser",
        "This vLLM, or its transformers, is too old for the model: install vLLM {minimum} or"
        " newer.",
    ),
    (
        r"Failed to infer device type|No CUDA GPUs are available|NVIDIA driver on your system"
        r"|no NVIDIA driver",
        "vLLM finds no GPU it can use: look at nvidia-smi. Without one there is the built-in"
        " baseline: gui-agent serve --baseline.",
    ),
    (
        r"World size .{0,80} is larger than the number of available GPUs|placement group",
        "There are fewer GPUs than asked for: lower --tensor-parallel or --data-parallel.",
    ),
    (r"[Aa]ddress already in use", "The port is taken: choose another with --port."),
)
_ERROR = re.compile(r"^(?:.*?\s)?((?:\w+\.)*\w*(?:Error|Exception): .+)$", re.MULTILINE)


def phase(log: str) -> str:
    """What the server is busy with, by the last telling line of its log so far."""
    latest, said = -1, "starting Python"
    for pattern, words in _PHASES:
        for found in re.finditer(pattern, log):
            if found.start() > latest:
                groups = found.groupdict()
                files = f" ({groups['done']} of {groups['all']} files)" if groups else ""
                latest, said = found.start(), words + files
    return said


def failure(log: str, *, model: str, minimum: str) -> str:
    """Why the start failed and what to do next; the log's own last error where it is a new one."""
    for pattern, words in _REASONS:
        if found := re.search(pattern, log):
            said = words.format(model=model, minimum=minimum, **found.groupdict())
            return f"{said} vLLM says: {_line(log, found.start())}"
    errors = _ERROR.findall(log)
    return f"vLLM ended: {_short(errors[-1])}" if errors else "vLLM ended without saying why."


def _line(log: str, at: int) -> str:
    start = log.rfind("\n", 0, at) + 1
    return _short(log[start:].partition("\n")[0])


def _short(line: str) -> str:
    return re.sub(r"^\(\w+ pid=\d+\)\s*(ERROR [\d: -]+\[[^\]]*\]\s*)?", "", line).strip()[:300]
