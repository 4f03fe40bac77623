"""What happens unasked: dialogs, tabs, downloads, errors, crashes, pages that hang."""

from __future__ import annotations

import base64
import ssl
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import trustme
from playwright.async_api import Error

from gui_agent.actions import Click, CloseTab, GoBack, GoHome, OpenUrl, SwitchTab, TypeText
from gui_agent.errors import ActionFailed, SetupError
from gui_agent.platforms.web import WebPlatform
from tests.platforms.conftest import Answer, Driver, Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(scope="module", autouse=True)
def routes(site: Site) -> None:
    def auth(request: SimpleHTTPRequestHandler) -> Answer:
        wanted = "Basic " + base64.b64encode(b"ada:secret").decode()
        if request.headers.get("Authorization") == wanted:
            return 200, {}, b"<p>welcome"
        return 401, {"WWW-Authenticate": 'Basic realm="x"'}, b"<p>who are you?"

    def silent(_: SimpleHTTPRequestHandler) -> Answer:
        time.sleep(6)
        return 200, {}, b""

    file = {"Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="re port.csv"'}
    site.serve("/auth", auth)
    site.serve("/silent", silent)
    site.serve("/file", lambda _: (200, file, b"a,b\n1,2\n"))
    site.serve("/missing", lambda _: (404, {}, b"<p>nothing here"))


@pytest.fixture
def secure() -> Iterator[str]:
    """The address of a page behind a certificate that no browser trusts."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<!doctype html><p>sealed")

        def log_message(self, *_: object) -> None:
            return

    seal = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(seal)
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        server.socket = seal.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("call", "answer", "result"), [
    ("alert('Hi there')", "OK", None), ("confirm('Sure?')", "Cancel", False),
    ("prompt('Name?', 'Ada')", "Cancel", None),
])  # fmt: skip
async def test_dialogs_are_answered_and_noted_once(
    web: Driver, call: str, answer: str, result: object
) -> None:
    await web.show(f'<button onclick="window.said = {call} ?? null">Go</button>')
    await web.do(Click, "Go")
    [note] = (await web.look()).notes
    assert call.split("'")[1] in note
    assert answer in note
    assert await web.js("said") == result
    assert (await web.look()).notes == ()


async def test_dialogs_can_be_accepted(site: Site) -> None:
    page = site.page("<script>window.said = [confirm('Sure?'), prompt('Name?', 'Ada')]</script>")
    async with WebPlatform(page, dialogs="accept") as platform:
        assert await platform.page.evaluate("said") == [True, "Ada"]
        assert len((await platform.observe()).notes) == 2


async def test_a_page_that_asks_before_it_is_left_is_left(web: Driver) -> None:
    await web.show(
        "<button>Go</button><script>"
        "addEventListener('beforeunload', (e) => e.preventDefault())</script>"
    )
    await web.do(Click, "Go")  # only pages that were touched may ask
    seen = await web.show("<p>next</p>")
    assert [element.text for element in seen.elements] == ["next"]
    assert any("before it is left" in note for note in seen.notes)


async def test_a_storm_of_alerts(web: Driver) -> None:
    await web.show('<button onclick="for (let i = 0; i < 30; i++) alert(i)">Go</button>')
    await web.do(Click, "Go")
    notes = (await web.look()).notes
    assert len(notes) == 11
    # On a busy machine one more says that the script took too long and was stopped.
    assert notes[-1] in ("20 more things happened.", "21 more things happened.")


async def test_tabs_are_followed_listed_switched_and_closed(web: Driver) -> None:
    other = web.site.page("<script>document.title = 'Other'</script><p>other</p>", "localhost")
    await web.show(f"<a href='{other}' target=_blank rel=noopener>Open</a>")
    await web.do(Click, "Open")
    seen = await web.look()
    assert (seen.tabs, seen.tab, seen.where) == (("Page", "Other"), 1, other)
    assert any("new tab" in note for note in seen.notes)
    await web.do(SwitchTab, index=0)
    seen = await web.look()
    assert (seen.tab, seen.title) == (0, "Page")
    with pytest.raises(ActionFailed, match="no tab 2"):
        await web.do(SwitchTab, index=2)
    await web.do(SwitchTab, index=1)
    await web.look()
    await web.do(CloseTab)
    seen = await web.look()
    assert (seen.tabs, seen.title) == ((), "Page")
    with pytest.raises(ActionFailed, match="only tab"):
        await web.do(CloseTab)


async def test_a_tab_that_closes_itself(web: Driver) -> None:
    popup = web.site.page("<button onclick='window.close()'>Done</button>")
    await web.show(f"<button onclick=\"window.open('{popup}')\">Open</button>")
    await web.do(Click, "Open")
    await web.look()
    assert await web.do(Click, "Done") == ""
    seen = await web.look()
    assert seen.title == "Page"
    assert any("has closed" in note for note in seen.notes)
    assert web.the("Open")


async def test_downloads(site: Site, tmp_path: Path) -> None:
    page = site.page("<a href='/file'>Here</a> <a href='/file' target=_blank>In a tab</a>")
    async with WebPlatform(page, downloads=tmp_path / "new") as platform:
        web = Driver(platform, site)
        for name in ("Here", "In a tab"):
            await web.look()
            await web.do(Click, name)
            notes = (await web.look()).notes
            while not any("was downloaded to" in note for note in notes):
                notes = (await web.look()).notes
        assert await web.do(OpenUrl, url=site.url("file")) != ""
        seen = await web.look()
        assert seen.where == page
        assert seen.tabs == ()
    files = sorted((tmp_path / "new").iterdir())
    assert [file.name for file in files] == ["re port-2.csv", "re port-3.csv", "re port.csv"]
    assert {file.read_bytes() for file in files} == {b"a,b\n1,2\n"}


async def test_history(web: Driver) -> None:
    first, second = web.site.page("<p>first</p>"), web.site.page("<p>second</p>")
    await web.go(first)
    await web.go(second)
    assert await web.do(GoBack) == ""
    assert (await web.look()).where == first
    await web.js("history.pushState({}, '', '#deeper')")
    await web.do(GoBack)
    assert (await web.look()).where == first


async def test_the_start_is_home_and_nothing_lies_before_it(site: Site) -> None:
    start = site.page("<p>start</p>")
    async with WebPlatform(start) as platform:
        with pytest.raises(ActionFailed, match="no page to go back to"):
            await platform.perform(GoBack())
        await platform.perform(OpenUrl(url=site.page("<p>elsewhere</p>")))
        await platform.perform(GoHome())
        assert (await platform.observe()).where == start


async def test_no_home(web: Driver) -> None:
    with pytest.raises(ActionFailed, match="no home page"):
        await web.do(GoHome)


@pytest.mark.parametrize(("url", "why"), [
    ("http://127.0.0.1:9/", "connection refused|unsafe port"),
    ("http://no-such-host.invalid/", "name not resolved"),
    ("javascript:alert(1)", "no address"), ("file:///etc/passwd", "no address"),
    ("chrome://settings", "no address"), ("http://", "no complete address"),
    ("some words", "no address"),
])  # fmt: skip
async def test_addresses_that_can_not_be_opened(web: Driver, url: str, why: str) -> None:
    await web.show("<p>kept</p>")
    with pytest.raises(ActionFailed, match=why):
        await web.do(OpenUrl, url=url)
    assert (await web.look()).notes == ()


async def test_error_pages_are_noted(web: Driver) -> None:
    await web.go(web.site.url("missing"))
    assert web.seen
    assert any("404" in note for note in web.seen.notes)
    await web.show("<a href='http://no-such-host.invalid/'>Dead</a>")
    await web.do(Click, "Dead")
    assert any("name not resolved" in note for note in (await web.look()).notes)


async def test_a_certificate_that_is_not_trusted(web: Driver, secure: str) -> None:
    with pytest.raises(ActionFailed, match="its certificate is not trusted"):
        await web.do(OpenUrl, url=secure)
    assert (await web.look()).where.startswith("chrome-error:")
    await web.show(f"<a href='{secure}'>Secure</a>")
    await web.do(Click, "Secure")
    assert any("its certificate is not trusted" in note for note in (await web.look()).notes)
    async with WebPlatform(secure, ignore_https_errors=True) as platform:
        seen = await platform.observe()
    assert [element.text for element in seen.elements] == ["sealed"]


async def test_http_auth(site: Site) -> None:
    with pytest.raises(SetupError, match="user name and a password"):
        await WebPlatform(site.url("auth")).open()
    async with WebPlatform(site.url("auth"), http_credentials=("ada", "secret")) as platform:
        seen = await platform.observe()
    assert [element.text for element in seen.elements] == ["welcome"]


async def test_a_server_that_never_answers(site: Site) -> None:
    async with WebPlatform(timeout=1) as platform:
        with pytest.raises(ActionFailed, match="did not answer within 1 s"):
            await platform.perform(OpenUrl(url=site.url("silent")))


async def test_a_page_that_never_finishes_loading(site: Site) -> None:
    site.serve("/half", lambda _: (200, {}, b"<p>half</p><script src='/silent'></script>"))
    async with WebPlatform(timeout=1) as platform:
        assert "still loading" in await platform.perform(OpenUrl(url=site.url("half")))
        seen = await platform.observe()
    assert [element.text for element in seen.elements] == ["half"]


async def test_an_endless_loop_is_stopped_and_the_page_lives_on(web: Driver) -> None:
    await web.show(
        "<button onclick='for (;;);'>Loop</button><button onclick='window.ok = 1'>Ok</button>"
    )
    began = time.monotonic()
    assert "did not react" in await web.do(Click, "Loop")
    seen = await web.look()
    assert time.monotonic() - began < 10
    assert any("was stopped" in note for note in seen.notes)
    assert await web.do(Click, "Ok") == ""
    assert await web.js("ok") == 1


async def test_acting_on_a_page_that_hangs(web: Driver) -> None:
    await web.show("<button>One</button><input aria-label=Field>")
    await web.js("setTimeout(() => { for (;;); }, 50)")
    time.sleep(0.2)  # noqa: ASYNC251 - the page is to hang before it is touched
    with pytest.raises(ActionFailed, match="does not react"):
        await web.do(TypeText, "Field", text="x")
    await web.look()
    assert await web.do(TypeText, "Field", text="x") == ""


async def test_a_crashed_page_is_loaded_again(web: Driver) -> None:
    await web.show("<button>Here</button>")
    with pytest.raises(Error, match="crash"):
        await web.platform.page.goto("chrome://crash")
    seen = await web.look()
    assert any("crashed" in note for note in seen.notes)
    assert web.the("Here")
    assert seen.tabs == ()


async def test_the_last_tab_is_replaced_when_it_closes(web: Driver) -> None:
    await web.show("<p>bye</p>")
    await web.platform.page.close()
    seen = await web.look()
    assert seen.where == "about:blank"
