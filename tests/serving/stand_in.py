"""Stands in for vLLM's command: logs as it does, serves /health and /v1/models, can fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

DIST_INFO = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"


def install(folder: Path, version: str = "0.30.0", name: str = "vllm") -> Path:
    """A folder for PYTHONPATH in which this file is vLLM's command line."""
    for package in ("vllm", "vllm/entrypoints", "vllm/entrypoints/cli", "vllm/entrypoints/openai"):
        (folder / package).mkdir(parents=True)
        (folder / package / "__init__.py").touch()
    for module in ("cli/main.py", "openai/api_server.py"):
        (folder / "vllm/entrypoints" / module).write_text(Path(__file__).read_text("utf-8"))
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(DIST_INFO.format(name=name, version=version), "utf-8")
    return folder


class _Api(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        command = {"arguments": sys.argv[1:], "key": os.environ.get("VLLM_API_KEY")}
        self.wfile.write(json.dumps({"data": [{"id": "glm-4.1v"}], **command}).encode())


def main() -> None:
    """Behaves as STAND_IN says: "", "fails", "hangs" or "dies"."""
    mood = os.environ.get("STAND_IN", "")
    sys.stdout.write("(EngineCore pid=7) INFO Starting to load model x\n")
    sys.stdout.flush()
    if mood == "fails":
        sys.exit("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20 GiB")
    # A worker that ignores a polite end, as a stuck engine would.
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(300)"
    worker = subprocess.Popen([sys.executable, "-c", code])
    Path("worker.pid").write_text(str(worker.pid))
    if mood == "hangs":
        time.sleep(300)
    time.sleep(0.5)
    port = int(sys.argv[sys.argv.index("--port") + 1])
    server = ThreadingHTTPServer(("127.0.0.1", port), _Api)
    if mood == "dies":
        server.timeout = 1
        server.handle_request()
        sys.exit("vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue.")
    server.serve_forever()


if __name__ == "__main__":
    main()
