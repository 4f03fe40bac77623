"""What goes wrong on the user's side is one clear line, an exit code, and nothing lost."""

import socket
import sys
from pathlib import Path

import pytest

from gui_agent.cli.exits import Exit
from gui_agent.events import RunStarted
from gui_agent.recorder import Recorder
from gui_agent.trajectory import Task
from tests.cli.driving import DONE, LITERAL, gui_agent, page
from tests.fake_openai import FakeOpenAI

NOWHERE = "http://127.0.0.1:9/v1"


async def test_nobody_listens(tmp_path: Path) -> None:
    done = await gui_agent("run", "go", "--base-url", NOWHERE, cwd=tmp_path)
    assert done.code == Exit.MODEL
    assert f"Can't reach the model server at {NOWHERE}" in done.complaint
    assert not (tmp_path / "runs").exists()


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.skipif(listening(8000), reason="a server listens at the default address")
async def test_nobody_listens_at_the_default_address(tmp_path: Path) -> None:
    done = await gui_agent("run", "go", cwd=tmp_path)
    assert done.code == Exit.MODEL
    assert "--base-url" in done.complaint
    assert "--baseline" in done.complaint


async def test_a_wrong_model_name(tmp_path: Path) -> None:
    async with FakeOpenAI(DONE, models=("glm-4.1v",)) as server:
        done = await gui_agent(
            "run", "go", "--base-url", server.url, "--model", "gml", cwd=tmp_path
        )
    assert done.code == Exit.MODEL
    assert "choose one of: glm-4.1v" in done.complaint


async def test_a_wrong_key(tmp_path: Path) -> None:
    async with FakeOpenAI(DONE, key="right") as server:
        env = {"OPENAI_API_KEY": "wr0ng-key"}
        done = await gui_agent("run", "go", "--base-url", server.url, cwd=tmp_path, env=env)
    assert done.code == Exit.MODEL
    assert "API key" in done.complaint
    assert "wr0ng-key" not in done.err


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere browsers have fixed places")
async def test_no_browser(tmp_path: Path) -> None:
    async with FakeOpenAI(DONE) as server:
        env = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
        done = await gui_agent("run", "go", "--base-url", server.url, cwd=tmp_path, env=env)
    assert done.code == Exit.SETUP
    assert "playwright install chromium" in done.complaint


@pytest.mark.parametrize(
    "url", ["not a url", "ftp://example.com/", "http://127.0.0.1:9/", "http://no-such-host.invalid"]
)
async def test_a_bad_url(tmp_path: Path, url: str) -> None:
    async with FakeOpenAI(DONE) as server:
        args = ["--base-url", server.url, "--dialect", LITERAL, "--url", url]
        done = await gui_agent("run", "go", *args, cwd=tmp_path)
    assert done.code == Exit.SETUP
    assert url in done.complaint


@pytest.mark.parametrize("goal", ["", "  "])
async def test_an_empty_goal(tmp_path: Path, goal: str) -> None:
    async with FakeOpenAI(DONE) as server:
        done = await gui_agent("run", goal, "--base-url", server.url, cwd=tmp_path)
    assert done.code == Exit.SETUP
    assert "goal is empty" in done.complaint


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "Say what to do"),
        (["go", "--platform", "toaster"], "There is no platform 'toaster'. Known: "),
        (["go", "--platform", "no.such:Thing"], "Can't load 'no.such:Thing'"),
        (["go", "--platform", "gui_agent.testing:FakePlatform", "--dpr", "2"], "has no option"),
        (["go", "--dialect", "klingon"], "There is no web dialect 'klingon'. Known: "),
        (["go", "--base-url", "localhost:8000"], "localhost:8000"),
        (["go", "--baseline", "--base-url", NOWHERE], "exclude each other"),
        (["go", "--viewport", "huge"], "'viewport' 'huge' from the command line is wrong"),
        (["go", "--output-schema", "none.json"], "Can't read the answer's schema none.json"),
        (["go", "--secret", "pin"], "set GUI_AGENT_SECRET_PIN"),
        (["go", "--ask"], "--ask needs a terminal"),
        (["--resume", "runs/none"], "runs/none holds no recorded run"),
        (["go", "--resume", "runs/none"], "keeps its own goal"),
    ],
)
async def test_wrong_options(tmp_path: Path, args: list[str], said: str) -> None:
    done = await gui_agent("run", *args, cwd=tmp_path)
    assert done.code == Exit.SETUP
    assert said in done.complaint


@pytest.mark.parametrize(
    ("text", "said"),
    [("max_steps = ", "Can't read"), ("max_step = 1", "unknown setting 'max_step'")],
)
async def test_a_config_file_that_makes_no_sense(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "gui-agent.toml").write_text(text, "utf-8")
    done = await gui_agent("run", "go", cwd=tmp_path)
    assert done.code == Exit.SETUP
    assert said in done.complaint
    assert "gui-agent.toml" in done.complaint


async def test_a_config_file_that_cannot_be_read(tmp_path: Path) -> None:
    config = tmp_path / "gui-agent.toml"
    config.write_bytes(b'model = "\xff"')
    said = [await gui_agent("run", "go", cwd=tmp_path)]
    config.unlink()
    config.mkdir()
    said.append(await gui_agent("run", "go", cwd=tmp_path))
    for done in said:
        assert done.code == Exit.SETUP
        assert "Can't read the configuration file gui-agent.toml" in done.complaint


@pytest.mark.browser
async def test_a_run_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file, not a folder", "utf-8")
    async with FakeOpenAI(DONE) as server:
        args = ["--base-url", server.url, "--dialect", LITERAL, "--url", page(tmp_path)]
        done = await gui_agent("run", "go", *args, cwd=tmp_path)
    assert done.code == Exit.SETUP
    assert "can't be written to runs" in done.complaint
    assert "--run-dir" in done.complaint
    assert server.asked == [], "nothing was asked that can't be written down"


@pytest.mark.browser
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk here")
async def test_a_full_disk(tmp_path: Path) -> None:
    record = Recorder(tmp_path / "runs")
    record(RunStarted(Task("go"), "m", LITERAL, "web"))
    assert record.folder is not None
    (record.folder / "images" / "000.jpg").symlink_to("/dev/full")
    async with FakeOpenAI(DONE) as server:
        args = ["--base-url", server.url, "--dialect", LITERAL, "--url", page(tmp_path)]
        done = await gui_agent("run", "--resume", str(record.folder), *args, cwd=tmp_path)
    assert done.code == Exit.SETUP
    assert "No space left on device" in done.complaint
    assert (record.folder / "run.json").read_text("utf-8").startswith("{")


BUG = "class Broken:\n    def __init__(self, url=None): raise ZeroDivisionError('oops')\n"


async def test_a_bug_is_one_line_and_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(BUG, "utf-8")
    args = ["run", "go", "--platform", "mine:Broken", "--base-url", NOWHERE]
    env = {"PYTHONPATH": f"{tmp_path}:{':'.join(sys.path)}"}
    done = await gui_agent(*args, cwd=tmp_path, env=env)
    assert done.code == Exit.BROKEN
    assert "ZeroDivisionError('oops')" in done.complaint
    kept = Path(done.complaint.rsplit(" ", 1)[1].rstrip("."))
    assert "raise ZeroDivisionError" in kept.read_text("utf-8")
    told = await gui_agent(*args, "--verbose", cwd=tmp_path, env=env)
    assert "Traceback" in told.err
