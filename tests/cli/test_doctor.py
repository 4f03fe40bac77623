"""`gui-agent doctor` on the real browser, and where something is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.driving import Ended, gui_agent
from tests.serving.pretending import server


def verdicts(ended: Ended) -> dict[str, str]:
    rows = [json.loads(line) for line in ended.out.splitlines()]
    return {row["name"]: row["verdict"] for row in rows}


@pytest.mark.browser
async def test_a_browser_that_works_is_started_and_its_page_is_read(tmp_path: Path) -> None:
    ended = await gui_agent("doctor", "--json", cwd=tmp_path)
    assert ended.code == 0, ended.err
    found = verdicts(ended)
    assert found.keys() == {"browser", "start", "page"}
    assert found["browser"] == found["page"] == "ok"


async def test_a_program_that_is_no_browser_is_named_with_a_cure(tmp_path: Path) -> None:
    ended = await gui_agent("doctor", "--browser", "/bin/true", cwd=tmp_path)
    assert ended.code == 2
    assert "✗ browser" in ended.out
    assert "→ Name another browser" in ended.out


async def test_without_a_display_the_cure_says_how_to_get_one(tmp_path: Path) -> None:
    ended = await gui_agent(
        "doctor", "--platform", "desktop", "--json", cwd=tmp_path, env={"DISPLAY": ""}
    )
    assert ended.code == 2
    row = json.loads(ended.out)
    assert (row["name"], row["verdict"]) == ("desktop", "fail")
    assert "--virtual-display" in row["fix"]


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("--platform", "toaster"), "Nothing is known to check for 'toaster'"),
        (("--display", ":7"), "The platform 'web' has no option 'display'"),
    ],
)
async def test_wrong_options_are_one_line(
    tmp_path: Path, args: tuple[str, ...], complaint: str
) -> None:
    ended = await gui_agent("doctor", *args, cwd=tmp_path)
    assert ended.code == 2
    assert complaint in ended.complaint


async def test_a_model_server_is_examined(tmp_path: Path) -> None:
    async with server(limit=1) as fake:
        ended = await gui_agent("doctor", "--base-url", fake.url, "--json", cwd=tmp_path)
        assert ended.code == 0, ended.err
        assert verdicts(ended)["pictures"] == "warn"
        assert "browser" not in verdicts(ended)
    async with server(text_only=True) as fake:
        ended = await gui_agent("doctor", "--base-url", fake.url, cwd=tmp_path)
    assert ended.code == 2
    assert "✗ picture: The model reads no pictures" in ended.out
    assert "→ Serve a model that reads pictures" in ended.out
