"""How light the package is: import time, `gui-agent --help`, packages in a core install.

python -m benchmarks.startup
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.tables import table

ROOT = Path(__file__).parent.parent
BARE, WHOLE = "import gui_agent", "from gui_agent import GLM, Agent, WebPlatform"
"""The package loads its public names when they are first used; the second statement uses them."""
_NOT_OURS = frozenset({"pip", "setuptools", "wheel", "gui-agent"})
_LEFT_OUT = shutil.ignore_patterns(".git", ".*_cache", "__pycache__", "*.egg-info", "build", "runs")


def import_seconds(python: Path, statement: str) -> float:
    """Seconds that the statement takes in a fresh interpreter."""
    timed = f"import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
    return float(_output([str(python), "-c", timed]))


def help_seconds(python: Path) -> float:
    """Seconds from starting `gui-agent --help` to its end, the interpreter's own start included."""
    started = time.perf_counter()
    _output([str(python.with_name("gui-agent")), "--help"])
    return time.perf_counter() - started


def installed(python: Path) -> list[str]:
    """The packages that came with ours."""
    listed = json.loads(_output([str(python), "-m", "pip", "list", "--format=json"]))
    return sorted(package["name"] for package in listed if package["name"] not in _NOT_OURS)


def install(folder: Path) -> Path:
    """A fresh environment with a core install of this checkout; its interpreter."""
    source = shutil.copytree(ROOT, folder / "source", symlinks=True, ignore=_LEFT_OUT)
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    _output([str(python), "-m", "pip", "install", "--quiet", str(source)])
    return python


def _output(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise SystemExit(f"'{' '.join(command)}' failed:\n{done.stderr.strip()}")
    return done.stdout


def _row(what: str, seconds: Sequence[float], target: str) -> tuple[str, ...]:
    return what, f"{1000 * median(seconds):.0f}", f"{1000 * min(seconds):.0f}", target


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.startup", description=__doc__)
    parser.add_argument("--repeat", type=int, default=9, metavar="N", help="processes per figure")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        python = install(Path(folder))
        packages = installed(python)
        repeats = range(options.repeat)
        rows = [
            _row(BARE, [import_seconds(python, BARE) for _ in repeats], "150"),
            _row(WHOLE, [import_seconds(python, WHOLE) for _ in repeats], ""),
            _row("gui-agent --help", [help_seconds(python) for _ in repeats], "400"),
        ]
    print(table(["ms", "median", "min", "target"], rows))
    print(f"\nPackages in a core install, besides ours: {len(packages)} (target: < 30)")
    print(", ".join(packages))
    return 0


if __name__ == "__main__":
    sys.exit(main())
