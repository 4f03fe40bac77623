"""How pictures travel: in the request, through a folder, or by the name of one sent before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gui_agent.errors import ModelError, SetupError
from gui_agent.model import GLM
from gui_agent.protocols import Image, Message, Sampling
from tests.asking import glm
from tests.fake_openai import Body, FakeOpenAI, Refuse, Say, vllm_error

OLD = Image(b"\xff\xd8 old", "image/jpeg", 10, 10)
NEW = Image(b"\x89PNG new", "image/png", 10, 10)
ONE = Sampling(max_tokens=1)


class Keeper(FakeOpenAI):
    """A vLLM that keeps the pictures it was sent, under their names."""

    def __init__(self, keeps: bool = True, heeds: bool = True, version: bool = True) -> None:
        super().__init__(self._see)
        self.keeps, self.heeds, self.version = keeps, heeds, version
        self.kept: set[str] = set()
        self.seen: list[list[str]] = []
        """How each picture of each request came: "whole" or "name"."""

    def _reply(self, request: Any) -> Any:
        if request.path == "/version":
            return Refuse(200, {"version": "0.32.0"}) if self.version else Refuse(404, "")
        return super()._reply(request)

    def _see(self, body: Body) -> Say | Refuse:
        parts = [part for turn in body["messages"] for part in turn["content"]]
        shown = [part for part in parts if part["type"] == "image_url"]
        self.seen.append(["whole" if part["image_url"] else "name" for part in shown])
        missing = [p for p in shown if not p["image_url"] and p["uuid"] not in self.kept]
        if missing and self.heeds:
            return vllm_error(400, "Cache miss for image, but data is not provided.")
        if self.keeps:
            self.kept |= {part["uuid"] for part in shown if "uuid" in part}
        usage = {"prompt_tokens": 9 + 4 * (len(shown) - len(missing)), "completion_tokens": 1}
        return Say("hm", usage=usage)


async def ask(client: GLM, *pictures: Image) -> None:
    await client.complete((Message("user", (*pictures, "What now?")),), ONE)


async def test_a_picture_that_was_sent_is_named_from_then_on() -> None:
    async with Keeper() as server, glm(server) as client:
        await ask(client, OLD)
        await ask(client, OLD, NEW)  # the first one to come again: now it is worth a trial
        await ask(client, OLD, NEW)
    trial = [["whole"], ["name"]]
    assert server.seen == [["whole"], *trial, ["whole", "whole"], ["name", "name"]]


async def test_a_server_that_has_forgotten_is_sent_everything_once_more() -> None:
    async with Keeper() as server, glm(server) as client:
        for _ in range(3):
            await ask(client, OLD)
        server.kept.clear()
        await ask(client, OLD, NEW)
        await ask(client, OLD, NEW)
    assert server.seen[-3:] == [["name", "whole"], ["whole", "whole"], ["name", "name"]]


@pytest.mark.parametrize(
    "server",
    [Keeper(keeps=False), Keeper(keeps=False, heeds=False), Keeper(version=False)],
    ids=["keeps nothing", "drops what it does not know", "is no vLLM"],
)
async def test_a_server_that_keeps_nothing_is_sent_whole_pictures(server: Keeper) -> None:
    async with server, glm(server) as client:
        for _ in range(3):
            await ask(client, OLD)
        asked = server.asked[-2:]
    assert "uuid" not in str(asked)
    assert server.seen[-2:] == [["whole"], ["whole"]]


async def test_pictures_that_never_come_again_cost_no_trial() -> None:
    async with Keeper() as server, glm(server) as client:
        await ask(client, OLD)
        await ask(client, NEW)
    assert server.seen == [["whole"], ["whole"]]


async def test_a_server_on_this_machine_reads_files_that_are_gone_at_the_end(
    tmp_path: Path,
) -> None:
    async with FakeOpenAI("hm") as server, glm(server, local_media=tmp_path) as client:
        await ask(client, OLD, NEW)
        urls = [part["image_url"]["url"] for part in server.asked[0]["messages"][0]["content"][:2]]
        files = [Path(url.removeprefix("file://")) for url in urls]
        assert [file.read_bytes() for file in files] == [OLD.data, NEW.data]
        assert [file.suffix for file in files] == [".jpeg", ".png"]
        assert {file.parent for file in files} == {tmp_path}
    assert list(tmp_path.iterdir()) == []


async def test_a_server_that_may_not_read_the_folder_is_told_from_a_broken_one(
    tmp_path: Path,
) -> None:
    said = "Cannot load local files without `--allowed-local-media-path`."
    server = FakeOpenAI(vllm_error(500, said))
    async with server, glm(server, local_media=tmp_path) as client:
        with pytest.raises(ModelError, match="serve --local-media") as caught:
            await ask(client, OLD)
    assert caught.value.kind == "media"
    assert len(server.asked) == 1, "asking again would not help"


async def test_a_folder_that_goes_away_is_one_clear_error(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    async with FakeOpenAI("hm") as server, glm(server, local_media=folder) as client:
        folder.rmdir()
        with pytest.raises(ModelError, match=r"Can't write to .*pictures"):
            await ask(client, OLD)


def test_a_folder_that_is_not_there_is_named() -> None:
    with pytest.raises(SetupError, match="no folder nowhere"):
        GLM(local_media=Path("nowhere"))
