"""The examples, started as a reader would, where what they need is not there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "examples"
NOBODY = "127.0.0.1:9"
"""Nothing listens on the discard port, which programs may not take."""
ARGUMENTS = {
    "desktop_note.py": ["Write a note"],
    "phone_several.py": ["Which Android is this?", "nophone-1"],
    "phone_task.py": ["Set an alarm"],
    "web_answer.py": [],
    "web_guard.py": [],
    "web_task.py": ["Find it", "https://example.com"],
}


def run(script: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(script), *arguments],
        cwd=script.parent,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(FOLDER.parent), "HOME": str(script.parent)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_all_examples_are_here() -> None:
    assert {path.name for path in FOLDER.glob("*.py")} == set(ARGUMENTS)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_without_a_server_an_example_ends_with_one_clear_line(name: str, tmp_path: Path) -> None:
    code = (FOLDER / name).read_text()
    assert "localhost:8000" in code
    script = tmp_path / name
    script.write_text(code.replace("localhost:8000", NOBODY))
    done = run(script, ARGUMENTS[name])
    # Where the desktop's programs are not installed, that is said before anything else.
    said = [line for line in (done.stdout + done.stderr).splitlines() if "Watch it" not in line]
    assert len(said) == 1, done
    assert f"Can't reach the model server at http://{NOBODY}" in said[0] or "apt-get" in said[0]


@pytest.mark.parametrize("name", [name for name, words in ARGUMENTS.items() if words])
def test_without_its_arguments_an_example_says_how_it_is_used(name: str) -> None:
    done = run(FOLDER / name, [])
    assert done.returncode == 1
    assert f"python examples/{name} " in done.stderr
    assert "Traceback" not in done.stderr
