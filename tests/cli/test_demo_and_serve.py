"""`gui-agent demo` does a real task and says what came of it; `serve --baseline` serves."""

import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from gui_agent import recorder
from gui_agent.cli.demo import verdict
from gui_agent.cli.exits import Exit
from gui_agent.cli.shop import Order
from tests.cli.driving import ctrl_c, ended, gui_agent, runs, start


@pytest.mark.browser
@pytest.mark.ocr
async def test_the_demo_orders_a_plant(tmp_path: Path) -> None:
    done = await gui_agent("demo", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "The shop received exactly the order" in done.out
    assert "built-in baseline (rules + OCR" in done.err
    run = runs(tmp_path)[0]
    assert f"Recorded in runs/{run.name}" in done.err
    steps = recorder.load(run).steps
    assert len(steps) > 4
    assert json.loads((run / "run.json").read_text("utf-8"))["model"].startswith("builtin/")


ORDER = Order(("Monstera",), "guest@example.com", "Express", True)


@pytest.mark.parametrize(
    ("orders", "code"),
    [
        ([ORDER], Exit.DONE),
        ([], Exit.FAILED),
        ([ORDER, ORDER], Exit.FAILED),
        ([Order(("Monstera",), "guest@example.com", "Standard", True)], Exit.FAILED),
    ],
    ids=["right", "none", "twice", "another"],
)
def test_what_the_shop_received_decides(
    orders: list[Order], code: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verdict(orders) == code
    shown = capsys.readouterr()
    assert ("received exactly" in shown.out) is (code == Exit.DONE)
    assert ("The demo failed" in shown.err) is (code != Exit.DONE)


async def test_a_demo_without_a_browser_says_so(tmp_path: Path) -> None:
    done = await gui_agent("demo", "--browser", "no-such-browser", cwd=tmp_path)
    assert done.code == Exit.SETUP
    assert "no-such-browser" in done.complaint


def models(url: str, key: str = "") -> str:
    """The name of the served model, or the status of the refusal."""
    request = urllib.request.Request(f"{url}/models", headers={"Authorization": f"Bearer {key}"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(json.load(answer)["data"][0]["id"])
    except urllib.error.HTTPError as error:
        error.close()
        return str(error.code)


@pytest.mark.ocr
async def test_the_baseline_is_served_until_ctrl_c(tmp_path: Path) -> None:
    args = ["serve", "--baseline", "--port", "0", "--api-key", "open-sesame"]
    process = await start(*args, cwd=tmp_path)
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    found = re.search(r"http://127\.0\.0\.1:\d+/v1", line)
    assert found, line
    assert models(found[0]) == "401"
    assert models(found[0], key="open-sesame") == "builtin/rules-ocr-baseline"
    ctrl_c(process)
    done = await ended(process)
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
async def test_other_machines_need_a_key(tmp_path: Path, host: str) -> None:
    done = await gui_agent("serve", "--baseline", "--host", host, cwd=tmp_path)
    assert done.code == Exit.SETUP
    assert "--api-key" in done.complaint


async def test_the_browser_that_would_be_used(tmp_path: Path) -> None:
    done = await gui_agent("browser", cwd=tmp_path)
    assert done.code == 0
    assert "hrom" in done.out or "dge" in done.out


async def test_version(tmp_path: Path) -> None:
    import gui_agent as package

    done = await gui_agent("--version", cwd=tmp_path)
    assert done.out == f"gui-agent {package.__version__}\n"
