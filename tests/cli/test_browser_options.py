"""The browser's options on the command line: each asserted from what a page or its server saw."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.driving import CLICK, DONE, LITERAL, gui_agent, runs, titles
from tests.fake_openai import FakeOpenAI

pytestmark = pytest.mark.browser

FACTS = b"""<!doctype html><script>document.title = [innerWidth, innerHeight, devicePixelRatio,
  navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.userAgent].join()
</script>"""
LOGIN = b"""<!doctype html><title>Who are you?</title>
<form action=/in><button style="position:fixed;inset:0;width:100%;height:100%">Log in</button>
</form>"""
FILE = b"""<!doctype html><title>Take it</title>
<a href=/report.csv style="position:fixed;inset:0">Report</a>"""


@dataclass
class Web:
    """A web server, and what was asked of it."""

    url: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def web() -> Iterator[Web]:
    """`/members` asks for a login until there is a cookie, which `/in` leaves."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            path = self.path.removeprefix("http://shop.test").partition("?")[0]
            known = "session=7f3" in self.headers.get("Cookie", "")
            self.send_response(200)
            self.send_header("Content-Type", "text/csv" if path == "/report.csv" else "text/html")
            if path == "/in":
                self.send_header("Set-Cookie", "session=7f3; Max-Age=3600; Path=/; HttpOnly")
            self.end_headers()
            welcome = b"<!doctype html><title>Welcome back</title>"
            pages = {"/facts": FACTS, "/file": FILE, "/report.csv": b"a,b\n1,2\n"}
            pages |= {"/members": welcome if known else LOGIN}
            self.wfile.write(pages.get(path, b"<!doctype html><title>Here</title>"))

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Web(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


async def run(folder: Path, url: str, *options: str, clicks: int = 0) -> list[str]:
    """The titles that a run of so many clicks saw on this page."""
    async with FakeOpenAI(*[CLICK] * clicks, DONE) as server:
        asked = ["--url", url, "--base-url", server.url, "--dialect", LITERAL, *options]
        done = await gui_agent("run", "go", *asked, cwd=folder)
    assert done.code == 0, done.err
    return titles(runs(folder)[-1])


async def test_what_pages_see_is_what_was_asked_for(web: Web, tmp_path: Path) -> None:
    screen = ["--viewport", "800x500", "--dpr", "2", "--locale", "de-DE"]
    person = ["--timezone", "Asia/Tokyo", "--user-agent", "Probe/1"]
    seen = await run(tmp_path, f"{web.url}/facts", *screen, *person)
    assert seen == ["800,500,2,de-DE,Asia/Tokyo,Probe/1"]


async def test_a_login_is_kept_by_a_profile_and_by_a_storage_state(
    web: Web, tmp_path: Path
) -> None:
    page, state = f"{web.url}/members", str(tmp_path / "state.json")
    keep = ["--profile", "profile"]
    assert await run(tmp_path, page, *keep, clicks=1) == ["Who are you?", "Here"]
    assert await run(tmp_path, page, *keep, "--save-storage-state", state) == ["Welcome back"]
    assert await run(tmp_path, page) == ["Who are you?"]
    assert await run(tmp_path, page, "--storage-state", state) == ["Welcome back"]


async def test_pages_are_fetched_through_the_proxy(web: Web, tmp_path: Path) -> None:
    assert await run(tmp_path, "http://shop.test/", "--proxy", web.url) == ["Here"]
    assert "http://shop.test/" in web.asked


async def test_downloads_are_kept_in_their_folder(web: Web, tmp_path: Path) -> None:
    await run(tmp_path, f"{web.url}/file", "--downloads", "kept", clicks=1)
    assert (tmp_path / "kept" / "report.csv").read_text("utf-8") == "a,b\n1,2\n"


async def test_without_a_display_a_window_is_refused_in_one_line(tmp_path: Path) -> None:
    async with FakeOpenAI(DONE) as server:
        asked = ["--headed", "--base-url", server.url, "--dialect", LITERAL]
        done = await gui_agent("run", "go", *asked, cwd=tmp_path, env={"DISPLAY": ""})
    assert done.code == 2
    assert "There is no display" in done.complaint
