"""`gui-agent run` as its user sees it: what happens, what is printed, how it exits."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui_agent.cli.exits import ENDINGS, MEANINGS, Exit
from gui_agent.trajectory import EndingKind
from tests.cli.driving import (
    CLICK,
    DONE,
    LITERAL,
    Chromium,
    action,
    ended,
    ending,
    gui_agent,
    options,
    page,
    runs,
    start,
    titles,
)
from tests.fake_openai import FakeOpenAI, vllm_error

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def attached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Options for a browser that all these tests share; starting one takes a second or two."""
    with Chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser.options


async def test_a_goal_is_pursued_in_a_real_browser(tmp_path: Path) -> None:
    async with FakeOpenAI(CLICK, DONE) as server:
        done = await gui_agent("run", "press it", *options(server, tmp_path), cwd=tmp_path)
    assert done.code == 0, done.err
    assert titles(runs(tmp_path)[0]) == ["untouched", "pressed 1"]
    assert "press it" in done.err
    assert "click (0.50, 0.50)" in done.err
    assert "all done" in done.err
    assert f"Recorded in runs/{runs(tmp_path)[0].name}" in done.err
    assert done.out == ""


async def test_json_lines_and_nothing_else(tmp_path: Path, attached: list[str]) -> None:
    async with FakeOpenAI(CLICK, DONE) as server:
        done = await gui_agent(
            "run", "go", "--json", *options(server, tmp_path), *attached, cwd=tmp_path
        )
    events = [json.loads(line) for line in done.out.splitlines()]
    names = [event["event"] for event in events]
    assert names[0] == "RunStarted"
    assert names[-1] == "RunEnded"
    assert names.count("StepFinished") == 2
    assert events[-1]["ending"]["kind"] == "succeeded"


async def test_json_lines_that_nobody_reads_end_the_run(
    tmp_path: Path, attached: list[str]
) -> None:
    reading, writing = os.pipe()
    async with FakeOpenAI(CLICK) as server:
        args = ["run", "go", "--json", *options(server, tmp_path), *attached]
        process = await start(*args, cwd=tmp_path, stdout=writing)
        os.close(writing)
        os.close(reading)
        done = await ended(process)
    assert done.code == Exit.SETUP
    assert "Nobody reads" in done.complaint
    assert server.asked == []


async def test_the_answer_has_the_shape_that_was_asked_for(
    tmp_path: Path, attached: list[str]
) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    (tmp_path / "shape.json").write_text(json.dumps(schema), "utf-8")
    wrong, right = action("answer", text="seven"), action("answer", text='{"n": 7}')
    async with FakeOpenAI(wrong, right) as server:
        args = ["--quiet", "--output-schema", "shape.json", *options(server, tmp_path), *attached]
        done = await gui_agent("run", "how many?", *args, cwd=tmp_path)
    assert (done.code, json.loads(done.out), done.err) == (0, {"n": 7}, "")


@pytest.mark.parametrize(
    ("script", "extra", "code"),
    [
        ([action("finish", success=False, message="no such thing")], [], Exit.INFEASIBLE),
        (["nonsense"], [], Exit.FAILED),
        ([CLICK], ["--max-steps", "1"], Exit.BUDGET),
        ([action("ask_user", question="Which one?")], [], Exit.PERSON),
        ([vllm_error(400, "This picture is ugly.")], [], Exit.MODEL),
    ],
    ids=["infeasible", "unusable", "budget", "question", "model"],
)
async def test_the_exit_code_tells_endings_apart(
    tmp_path: Path, attached: list[str], script: list[str], extra: list[str], code: Exit
) -> None:
    async with FakeOpenAI(*script) as server:
        done = await gui_agent(
            "run", "go", *options(server, tmp_path), *attached, *extra, cwd=tmp_path
        )
    assert done.code == code, done.err
    assert ENDINGS[ending(runs(tmp_path)[0])] == code


def test_every_ending_has_a_code_and_every_code_a_meaning() -> None:
    assert set(ENDINGS) == set(EndingKind)
    assert set(MEANINGS) == set(Exit)


async def test_nobody_to_ask_means_no(tmp_path: Path, attached: list[str]) -> None:
    html = "<button style='position:fixed;inset:0;width:100%' onclick='title=1'>Delete it</button>"
    async with FakeOpenAI(CLICK) as server:
        args = [*options(server, tmp_path, html), *attached]
        done = await gui_agent("run", "go", *args, cwd=tmp_path)
    assert done.code == Exit.PERSON, done.err
    assert "consent" in done.err


async def test_a_secret_is_typed_and_seen_nowhere(tmp_path: Path, attached: list[str]) -> None:
    html = "<input style='position:fixed;inset:0' oninput='document.title = value.length'>"
    type_it = action("type", at={"x": 0.5, "y": 0.5}, text="<secret:pin>")
    async with FakeOpenAI(type_it, DONE) as server:
        args = [*options(server, tmp_path, html), *attached, "--secret", "pin"]
        env = {"GUI_AGENT_SECRET_PIN": "zx81-4711"}
        done = await gui_agent("run", "type <secret:pin>", *args, cwd=tmp_path, env=env)
    run = runs(tmp_path)[0]
    assert done.code == 0, done.err
    assert titles(run) == ["", "9"]
    written = [file.read_bytes() for file in run.rglob("*") if file.is_file()]
    sent = json.dumps(server.asked).encode()
    assert not any(b"zx81-4711" in data for data in (*written, sent, done.err.encode()))


async def test_a_file_decides_unless_a_flag_says_otherwise(
    tmp_path: Path, attached: list[str]
) -> None:
    async with FakeOpenAI(CLICK, CLICK, DONE) as server:
        (tmp_path / "gui-agent.toml").write_text(
            f'base_url = "{server.url}"\ndialect = "{LITERAL}"\nmax_steps = 1\n', "utf-8"
        )
        args = ["run", "go", "--url", page(tmp_path), *attached]
        assert (await gui_agent(*args, cwd=tmp_path)).code == Exit.BUDGET
        env = {"GUI_AGENT_MAX_STEPS": "1"}
        done = await gui_agent(*args, "--max-steps", "5", cwd=tmp_path, env=env)
    assert done.code == Exit.DONE, done.err
