"""vLLM's log, understood."""

from __future__ import annotations

import pytest

from gui_agent.serving.startup import failure, phase

START = """\
(APIServer pid=983) INFO 11-24 04:31:40 [model.py:733] Resolved architecture: Glm4vForConditional
(EngineCore pid=1320) INFO 11-24 04:31:51 [gpu_model_runner.py:68] Starting to load model ...
Loading safetensors checkpoint shards:  50% Completed | 2/4 [00:00<?, ?it/s]
(EngineCore pid=1320) INFO 11-24 04:31:53 [backends.py:7] torch.compile takes 30 s
(EngineCore pid=1320) INFO 11-24 04:31:53 [kv_cache_utils.py:2327] GPU KV cache size: 1,048 tokens
Capturing CUDA graphs (mixed prefill-decode, PIECEWISE):  10%
(APIServer pid=983) INFO 11-24 04:31:58 [entry.py:140] Starting vLLM server on http://127.0.0.1:1
"""


def test_each_phase_is_named() -> None:
    lines = START.splitlines(keepends=True)
    told = [phase("".join(lines[:end])) for end in range(len(lines) + 1)]
    assert told == [
        "starting Python",
        "starting the engine",
        "loading the weights",
        "loading the weights (2 of 4 files)",
        "compiling",
        "reserving the cache",
        "capturing CUDA graphs",
        "opening the API",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB", "small-gpu"),
        ("ValueError: No available memory for the cache blocks. Try", "--max-model-len"),
        (
            "ValueError: 2.5 GiB KV cache is needed, which is larger than the available KV cache",
            "m",
        ),
        ("ValueError: Free memory on device is less than desired GPU memory utilization", "nvidia"),
        (
            "huggingface_hub.errors.RepositoryNotFoundError: 404 Client Error",
            "hf download my/model",
        ),
        ("OSError: x is not a local folder and is not a valid model identifier listed", "folder"),
        ("RuntimeError: Cannot find any model weights with `/m`", "folder that holds them"),
        ("api_server.py: error: unrecognized arguments: --reasoning-parser glm45", "0.24 or newer"),
        ("KeyError: invalid reasoning parser: glm45", "too old"),
        ("ValueError: Transformers does not recognize this architecture.", "too old"),
        ("RuntimeError: No CUDA GPUs are available", "serve --baseline"),
        ("RuntimeError: Failed to infer device type", "nvidia-smi"),
        (
            "ValueError: World size (8) is larger than the number of available GPUs (4)",
            "fewer GPUs",
        ),
        ("OSError: [Errno 98] Address already in use", "--port"),
    ],
)
def test_why_a_start_failed_and_what_to_do(line: str, words: str) -> None:
    log = f"{START}(EngineCore pid=1) ERROR 11-24 04:31:58 [core.py:1] {line}\nTraceback …\n"
    said = failure(log, model="my/model", minimum="0.24")
    assert words in said
    assert line[-20:] in said, "what vLLM itself says"
    assert "pid=" not in said


def test_a_new_error_is_quoted() -> None:
    log = "Traceback\nValueError: first\nmore\nRuntimeError: the last one\nexit\n"
    assert failure(log, model="m", minimum="1") == "vLLM ended: RuntimeError: the last one"
    assert failure("killed", model="m", minimum="1") == "vLLM ended without saying why."
