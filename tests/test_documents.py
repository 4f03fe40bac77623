"""What the documents tell a reader to type exists, and the README's program runs."""

from __future__ import annotations

import asyncio
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from gui_agent.cli.main import app
from tests.fake_openai import FakeOpenAI

ROOT = Path(__file__).parents[1]
NAMES = ("README.md", "CONTRIBUTING.md", "benchmarks/README.md", "tests/phone/README.md")
DOCUMENTS = [ROOT / name for name in NAMES] + sorted((ROOT / "docs").glob("*.md"))
README = (ROOT / "README.md").read_text("utf-8")
SECONDS = 60


def code(document: Path) -> Iterator[str]:
    """Each line of the document's blocks of code, then each piece of code within a sentence."""
    text = document.read_text("utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    yield from (line for block in blocks for line in block.splitlines())
    yield from re.findall(r"^    (\S.*)$", text, re.MULTILINE)
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))


def lines_with(start: str) -> list[str]:
    """Every command of the documents that begins so."""
    return sorted({line for each in DOCUMENTS for line in code(each) if line.startswith(start)})


@pytest.mark.parametrize("line", lines_with("gui-agent "))
def test_a_command_that_is_shown_has_these_options(line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    command = root.commands[words.pop(0)] if words[0] in root.commands else root
    if isinstance(command, TyperGroup) and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    ours = words[: words.index("--")] if "--" in words else words
    assert command is not root or ours[0].startswith("--"), f"there is no {words[0]}"
    assert {word for word in ours if word.startswith("--")} <= known | {"--help", "--version"}


@pytest.mark.parametrize("line", lines_with("make "))
def test_a_make_target_that_is_shown_exists(line: str) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(line.split("#")[0].split()[1:]) <= set(targets)


@pytest.mark.parametrize("line", lines_with("python -m "))
def test_a_module_that_is_shown_exists(line: str) -> None:
    assert find_spec(line.split()[2])


@pytest.mark.parametrize("line", lines_with("pip install "))
def test_an_extra_that_is_shown_exists(line: str) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = ",".join(re.findall(r"\[([\w,]+)\]", line))
    assert set(filter(None, named.split(","))) <= set(extras["optional-dependencies"])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text("utf-8")
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in anchors
        elif "://" not in target:
            assert (document.parent / target.partition("#")[0]).exists(), target


def test_every_file_in_the_readme_s_tree_exists() -> None:
    [tree] = re.findall(r"^```\n(gui_agent/ .*?)^```", README, re.DOTALL | re.MULTILINE)
    folders = [ROOT / name for name in (".", "gui_agent", "platforms", "prompts", "tests")]
    for name in re.findall(r"(?<![\w./])[\w/]+(?:\.py|/)(?=[\s,:]|$)", tree):
        assert any((folder / name).exists() for folder in folders), name


@pytest.mark.browser
async def test_the_readme_s_program_runs(tmp_path: Path) -> None:
    [program] = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><p>It was built around 247 BC.", "utf-8")
    said = "Thought: It says so.\nAction: ANSWER; [247 BC]\nMemory_Updated: {}"
    async with FakeOpenAI(said) as server:
        for shown, here in (
            ("https://en.wikipedia.org", page.as_uri()),
            ("http://localhost:8000/v1", server.url),
        ):
            assert program.count(shown) == 1
            program = program.replace(shown, here)
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, cwd=tmp_path, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await asyncio.wait_for(running.communicate(), SECONDS)
    assert running.returncode == 0
    assert "247 BC" in out.decode()
    assert "answered" in out.decode()
