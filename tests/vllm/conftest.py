"""A real vLLM with the tiny model, started by what `gui-agent serve` is made of."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui_agent.serving.command import Options, command
from gui_agent.serving.models import known
from gui_agent.serving.process import VllmServer, find, free_port

ROOT = Path(__file__).parents[2]
CONTEXT = 8192
FURTHER = (
    *("--dtype", "bfloat16", "--enforce-eager", "--block-size", "32"),
    "--trust-request-chat-template",
)
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    "OMP_NUM_THREADS": "1",
}
"""Offline, and one thread: several of them wait for each other most of the time."""


@pytest.fixture(scope="session")
def python() -> str:
    """The Python that has vLLM."""
    found = os.environ.get("GUI_AGENT_VLLM_PYTHON")
    if not found:
        pytest.fail("These tests need an environment with vLLM: run them with `make test-vllm`.")
    return found


@pytest.fixture(scope="session")
def checkpoint(python: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoint") / "glm-4.1v-tiny"
    build = [python, "-m", "tests.tiny_glm.checkpoint", str(folder)]
    env = {**os.environ, **QUIET, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(build, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr[-3000:]
    return folder


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder from which the server may read pictures."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session")
def server(
    python: str, checkpoint: Path, media: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VllmServer]:
    port = free_port("127.0.0.1", 0)
    options = Options(port=port, images=5, context=CONTEXT, local_media=media, further=FURTHER)
    log = tmp_path_factory.mktemp("vllm") / "vllm.log"
    with VllmServer(
        find(python),
        command(known(str(checkpoint)), options),
        host="127.0.0.1",
        port=port,
        log=log,
        env={**os.environ, **QUIET},
    ) as running:
        running.wait_ready(900, lambda phase: None)
        yield running


@pytest.fixture(scope="session")
def url(server: VllmServer) -> str:
    return server.base_url
