"""One browser for all web tests, and a small web server whose pages the tests write themselves."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from gui_agent.actions import Action, OpenUrl
from gui_agent.platforms.web import WebPlatform
from gui_agent.screen import Element, Observation, Point

PAGES = Path(__file__).parent / "pages"

Answer = tuple[int, dict[str, str], bytes]


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, site: Site, **more: Any) -> None:
        self.site = site
        super().__init__(*arguments, directory=str(PAGES), **more)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path not in self.site.routes:
            super().do_GET()
            return
        status, headers, body = self.site.routes[path](self)
        self.send_response(status)
        for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except ConnectionError:
            return  # a browser that was closed in the middle of a page

    def log_message(self, *_: object) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        return  # browsers drop connections all the time


@dataclass
class Site:
    """Pages on two origins of one machine: `127.0.0.1` and, another site, `localhost`."""

    server: ThreadingHTTPServer | None = None
    routes: dict[str, Callable[[SimpleHTTPRequestHandler], Answer]] = field(default_factory=dict)
    count: int = 0

    @property
    def port(self) -> int:
        assert self.server
        return self.server.server_port

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/{path.lstrip('/')}"

    def serve(self, path: str, answer: Callable[[SimpleHTTPRequestHandler], Answer]) -> str:
        self.routes[path] = answer
        return self.url(path)

    def page(self, html: str, host: str = "127.0.0.1") -> str:
        """The address of a page with this body."""
        self.count += 1
        text = f"<!doctype html><meta charset=utf-8><title>Page</title>{html}"
        self.serve(f"/page-{self.count}", lambda _: (200, {}, text.encode()))
        return self.url(f"/page-{self.count}", host)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    made = Site()
    made.server = _Server(("127.0.0.1", 0), partial(_Handler, site=made))
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@dataclass
class Driver:
    """The web platform, with shortcuts for tests."""

    platform: WebPlatform
    site: Site
    seen: Observation | None = None

    async def show(self, html: str) -> Observation:
        """A page with this body."""
        return await self.go(self.site.page(html))

    async def go(self, url: str) -> Observation:
        await self.platform.perform(OpenUrl(url=url))
        return await self.look()

    async def look(self) -> Observation:
        self.seen = await self.platform.observe()
        return self.seen

    def the(self, name: str, role: str = "") -> Element:
        """The one marked element of this name (and role)."""
        assert self.seen
        found = [e for e in self.seen.marked if e.name == name and role in ("", e.role)]
        assert len(found) == 1, f"{name!r} is one of {[(e.role, e.name) for e in self.seen.marked]}"
        return found[0]

    async def do(self, kind: type[Any], name: str = "", **fields: Any) -> str:
        """Perform this action on the element of this name."""
        if name:
            element = self.the(name)
            fields = {"at": element.box.center, "mark": element.mark} | fields
        action: Action = kind(**fields)
        return await self.platform.perform(action)

    @staticmethod
    def at(x: float, y: float) -> Point:
        """CSS pixels of the test viewport."""
        return Point(x / 1280, y / 720)

    async def js(self, expression: str) -> Any:
        """A value from the page's own scripts."""
        return await self.platform.page.evaluate(expression)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _shared(site: Site) -> AsyncIterator[WebPlatform]:
    platform = WebPlatform(settle=0.06, timeout=10, patience=2)
    await platform.open()
    yield platform
    await platform.close()


@pytest_asyncio.fixture(loop_scope="session")
async def web(_shared: WebPlatform, site: Site) -> AsyncIterator[Driver]:
    """The shared browser on an empty page, with one tab and no notes."""
    driver = Driver(_shared, site)
    yield driver
    for page in _shared.page.context.pages[1:]:
        await page.close()
    await driver.look()
