"""A run looks its server over once, and refuses one on which it would fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from gui_agent.cli.exits import Exit
from tests.cli.driving import DONE, Ended, gui_agent, options
from tests.fake_openai import Body, FakeOpenAI, Refuse, Say
from tests.serving.pretending import Pretender, server
from tests.test_model_hosts import refusing

pytestmark = pytest.mark.browser


async def run(fake: FakeOpenAI, folder: Path, *args: str) -> Ended:
    env = {"GUI_AGENT_CHECK_SERVER": ""}
    return await gui_agent("run", "Press", *options(fake, folder), *args, cwd=folder, env=env)


@pytest.mark.parametrize(
    ("flaw", "words"),
    [
        ({"text_only": True}, "The model reads no pictures"),
        ({"context": 2048}, "2048 tokens are too few for one screenshot"),
        ({"limit": 0}, "reads no pictures"),
    ],
)
async def test_a_run_refuses_what_doctor_calls_a_failure(
    tmp_path: Path, flaw: dict[str, int], words: str
) -> None:
    async with server(**flaw) as fake:
        done = await run(fake, tmp_path)
        assert all(body["max_tokens"] == 1 for body in fake.asked), "the task itself was not asked"
    assert done.code == Exit.MODEL
    assert words in done.err


async def test_a_server_that_passed_is_not_asked_again_that_day(tmp_path: Path) -> None:
    def answer(body: Body) -> Say | Refuse:
        return Pretender(limit=1)(body) if body["max_tokens"] == 1 else Say(DONE)

    async with server() as fake:
        fake.script = [answer]
        first = await run(fake, tmp_path)
        assert first.code == Exit.DONE, first.err
        assert "only 1 in one request" in first.err
        asked = len(fake.asked)
        assert asked > 2
        second = await run(fake, tmp_path)
        assert second.code == Exit.DONE
        assert "only 1 in one request" not in second.err
        assert len(fake.asked) == asked + 1


async def test_the_examination_can_be_left_out(tmp_path: Path) -> None:
    async with FakeOpenAI(DONE) as fake:
        assert (await run(fake, tmp_path, "--no-check-server")).code == Exit.DONE
        assert len(fake.asked) == 1


async def test_a_hosted_api_passes_and_is_asked_in_its_own_fields(tmp_path: Path) -> None:
    def answer(body: Body) -> Say | Refuse:
        return Pretender()(body) if body["max_tokens"] == 1 else Say(DONE)

    nowhere = Refuse(404, {"error": {"code": "404", "message": "Not Found"}})
    async with FakeOpenAI(refusing(then=answer), models=nowhere) as fake:
        done = await run(fake, tmp_path, "--model", "glm-4.1v-thinking-flash")
        assert done.code == Exit.DONE, done.err
        assert fake.asked[-1].keys() == {
            *("model", "messages", "stream", "temperature", "top_p", "max_tokens")
        }
