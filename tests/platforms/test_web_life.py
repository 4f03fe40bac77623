"""Starting, attaching, keeping, losing and letting go of a browser."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.async_api import Error, async_playwright

from gui_agent.actions import Click, OpenUrl
from gui_agent.errors import PlatformLost, RecordError, SetupError
from gui_agent.platforms.browser import find_browser, launch_args
from gui_agent.platforms.web import WebPlatform
from gui_agent.protocols import Platform
from gui_agent.testing import PlatformContract
from tests.platforms.conftest import Answer, Site

pytestmark = pytest.mark.browser


class TestContract(PlatformContract):
    def make(self) -> Platform:
        return WebPlatform("data:text/html,<button>One</button><a href='%23x'>Two</a>")


@pytest.fixture(scope="module", autouse=True)
def echo(site: Site) -> None:
    """`/echo` shows what the browser says about itself, `/login` leaves a cookie."""

    def answer(request: SimpleHTTPRequestHandler) -> Answer:
        return 200, {}, json.dumps(dict(request.headers)).encode()

    site.serve("/echo", answer)
    cookie = {"Set-Cookie": "who=ada; Max-Age=600"}
    site.serve("/login", lambda _: (200, cookie, b"<script>localStorage.who = 'ada'</script>"))


async def test_options_reach_the_page(site: Site) -> None:
    platform = WebPlatform(
        site.url("echo"), viewport=(800, 500), locale="de-DE", timezone="Asia/Tokyo",
        user_agent="Probe/1", permissions=("clipboard-read",),
    )  # fmt: skip
    async with platform:
        seen = await platform.observe()
        facts = await platform.page.evaluate("""async () => [
            innerWidth, innerHeight, navigator.language,
            Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.userAgent,
            (await navigator.permissions.query({ name: "clipboard-read" })).state]""")
    assert (seen.screenshot.width, seen.screenshot.height) == (800, 500)
    assert facts == [800, 500, "de-DE", "Asia/Tokyo", "Probe/1", "granted"]


async def test_a_proxy_is_used(site: Site) -> None:
    seen = []

    def answer(request: SimpleHTTPRequestHandler) -> Answer:
        seen.append(request.path)
        return 200, {}, b"<p>through"

    site.serve("http://example.test/", answer)
    async with WebPlatform(
        "http://example.test/", proxy=f"http://127.0.0.1:{site.port}"
    ) as platform:
        assert [e.text for e in (await platform.observe()).elements] == ["through"]
    assert "http://example.test/" in seen


async def test_storage_state_comes_out_and_goes_in(site: Site, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    async with WebPlatform(site.url("login"), save_storage_state=state) as platform:
        await platform.observe()
    for given in (state, json.loads(state.read_text())):
        async with WebPlatform(site.url("echo"), storage_state=given) as platform:
            assert "who=ada" in await platform.page.inner_text("body")
            assert await platform.page.evaluate("localStorage.who") == "ada"


async def test_a_state_that_can_not_be_saved_is_said_and_the_browser_closed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    platform = WebPlatform(save_storage_state=tmp_path / "file" / "state.json")
    await platform.open()
    context = platform.page.context
    with pytest.raises(RecordError, match="can't be written"):
        await platform.close()
    with pytest.raises(Error, match="closed"):
        await context.new_page()


async def test_a_profile_keeps_what_was_stored(site: Site, tmp_path: Path) -> None:
    for expected in (None, "ada"):
        async with WebPlatform(site.url("echo"), profile=tmp_path / "profile") as platform:
            assert await platform.page.evaluate("localStorage.who ?? null") == expected
            await platform.page.evaluate("localStorage.who = 'ada'")


@asynccontextmanager
async def running_browser(profile: Path) -> AsyncIterator[tuple[str, subprocess.Popen[bytes]]]:
    """A browser that a user has started, with its debugging address."""
    async with async_playwright() as playwright:
        path = find_browser() or playwright.chromium.executable_path
    flags = ["--headless", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
    process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
        [path, *launch_args(), *flags, "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield await _address(profile), process
    finally:
        process.terminate()
        process.wait(10)


async def _address(profile: Path) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        port = profile / "DevToolsActivePort"
        if port.exists() and port.read_text().splitlines():
            return f"http://127.0.0.1:{port.read_text().splitlines()[0]}"
        await asyncio.sleep(0.05)
    raise TimeoutError("the browser did not say where it listens")


async def test_attaching_leaves_the_browser_and_its_tabs(site: Site, tmp_path: Path) -> None:
    page = site.page("<button onclick=\"document.title = 'Clicked'\">Go</button>")
    async with running_browser(tmp_path / "profile") as (address, process):
        async with WebPlatform(page, cdp_url=address) as first:
            seen = await first.observe()
            [go] = seen.marked
            await first.perform(Click(at=go.box.center, mark=go.mark))
            assert len((await first.observe()).tabs) == 2
        assert process.poll() is None
        async with WebPlatform(cdp_url=address) as second:
            assert "Clicked" in (await second.observe()).tabs
        assert process.poll() is None


async def test_a_browser_that_dies_is_lost(site: Site, tmp_path: Path) -> None:
    async with running_browser(tmp_path / "profile") as (address, process):
        platform = WebPlatform(site.page("<button>Go</button>"), cdp_url=address, patience=2)
        await platform.open()
        [go] = (await platform.observe()).marked
        process.kill()
        process.wait(10)
        with pytest.raises(PlatformLost):
            await platform.observe()
        with pytest.raises(PlatformLost):
            await platform.perform(Click(at=go.box.center, mark=go.mark))
        await platform.close()
        await platform.close()


async def test_a_closed_platform_says_so_and_opens_again(site: Site) -> None:
    platform = WebPlatform(site.page("<p>again</p>"))
    with pytest.raises(PlatformLost, match="open"):
        await platform.observe()
    for _ in range(2):
        await platform.open()
        assert [e.text for e in (await platform.observe()).elements] == ["again"]
        await platform.close()
    with pytest.raises(PlatformLost, match="open"):
        await platform.perform(OpenUrl(url="about:blank"))


@pytest.fixture
def dead_port(site: Site) -> Iterator[int]:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield free.getsockname()[1]


async def test_what_is_wrong_is_said_at_the_start(dead_port: int, tmp_path: Path) -> None:
    broken = tmp_path / "state.json"
    broken.write_text("{")
    for platform, why in (
        (WebPlatform("some words"), "start URL is wrong"),
        (WebPlatform("javascript:1"), "start URL is wrong"),
        (WebPlatform(f"http://127.0.0.1:{dead_port}/"), "connection refused"),
        (WebPlatform(cdp_url=f"http://127.0.0.1:{dead_port}"), "--remote-debugging-port"),
        (WebPlatform(executable_path=str(tmp_path / "none")), "none"),
        (WebPlatform(storage_state=broken), "can't be read"),
        (WebPlatform(storage_state=tmp_path / "missing"), "can't be read"),
        (WebPlatform(proxy="nonsense"), "proxy"),
    ):
        with pytest.raises(SetupError, match=why):
            await platform.open()
        await platform.close()


def test_options_that_contradict_each_other() -> None:
    with pytest.raises(SetupError, match="profile"):
        WebPlatform(profile="a", storage_state="b")
    with pytest.raises(SetupError, match="viewport"):
        WebPlatform(viewport=(0, 100))


async def test_closing_a_page_that_hangs_does_not_hang(site: Site) -> None:
    platform = WebPlatform(site.page("<p>loop</p>"))
    await platform.open()
    await platform.page.evaluate("setTimeout(() => { for (;;); })")
    began = time.monotonic()
    await platform.close()
    assert time.monotonic() - began < 20


async def test_cancelling_a_step_leaves_the_platform_usable(site: Site) -> None:
    async with WebPlatform(site.page("<button>Go</button>"), settle=2) as platform:
        looking = asyncio.create_task(platform.observe())
        await asyncio.sleep(0.3)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        assert len((await platform.observe()).marked) == 1
