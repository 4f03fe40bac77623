"""llama.cpp's own server with the tiny model, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from gui_agent.serving.process import free_port
from tests.tiny_glm import gguf_model

MISSING = (
    "The package '{0}' is missing: the tests of the model service run llama.cpp's server. Install"
    " the development dependencies: pip install --group dev"
)
SECONDS = 60
CONTEXT = 16_384


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Its base URL; the model is written into the folder."""
    for package in ("xllamacpp", "gguf", "tokenizers"):
        if find_spec(package) is None:
            raise RuntimeError(MISSING.format(package))
    text, vision = gguf_model.write(folder)
    port = free_port("127.0.0.1", 0)
    command = [sys.executable, "-m", "tests.tiny_glm.llama_server", str(text), str(vision)]
    with (folder / "llama.log").open("wb") as log:
        process = subprocess.Popen([*command, str(port)], stdout=log, stderr=log)
    try:
        _wait(process, f"http://127.0.0.1:{port}/health", folder / "llama.log")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait(SECONDS)


def _wait(process: subprocess.Popen[bytes], health: str, log: Path) -> None:
    began = time.monotonic()
    while process.poll() is None and time.monotonic() - began < SECONDS:
        try:
            with urllib.request.urlopen(health, timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.05)
    raise RuntimeError(f"llama.cpp's server did not start: {log.read_text()[-2000:]}")


def serve(text: str, vision: str, port: int) -> None:
    """Listen until killed."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path, params.mmproj.path = text, vision
    params.model_alias = {"glm-4.1v"}
    params.hostnames, params.port = ["127.0.0.1"], port
    params.n_ctx, params.n_parallel, params.cpuparams.n_threads = CONTEXT, 1, 1
    params.use_jinja, params.warmup = True, False
    server = xllamacpp.Server(params)  # noqa: F841 - it serves as long as it is referred to
    threading.Event().wait()


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]))
