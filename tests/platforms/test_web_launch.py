"""How a browser is launched, and what its pages then find: a window, a video, a kept login."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import playwright
import pytest
import pytest_asyncio
from PIL import ImageGrab
from playwright.async_api import async_playwright

from gui_agent.actions import Click, TypeText
from gui_agent.errors import SetupError
from gui_agent.platforms.browser import find_browser
from gui_agent.platforms.desktop_virtual import virtual_display
from gui_agent.platforms.web import WebPlatform
from tests.platforms.conftest import Answer, Driver, Site

pytestmark = pytest.mark.browser

ASKS = """<button onclick="navigator.geolocation.getCurrentPosition(
  () => answer.textContent = 'here', (error) => answer.textContent = `refused ${error.code}`)">
  Locate</button><p id=answer>nothing yet</p>"""


@pytest_asyncio.fixture
async def display() -> AsyncIterator[str]:
    """A screen without a monitor."""
    if not (shutil.which("Xvfb") and shutil.which("openbox")):
        pytest.skip("needs Xvfb and openbox")
    async with virtual_display(1400, 900) as made:
        yield made.name


async def test_a_headed_browser_shows_its_window_and_works_like_a_headless_one(
    site: Site, display: str
) -> None:
    page = site.page("""<style>body { background: #0a0 }</style>
      <button onclick="document.body.style.background = '#a0a'">Go</button>""")
    async with WebPlatform(page, headless=False) as platform:
        web = Driver(platform, site)
        seen = await web.look()
        assert (seen.screenshot.width, seen.screenshot.height) == (1280, 720)
        assert share(display, (0, 0xAA, 0)) > 0.5
        await web.do(Click, "Go")
        await web.look()
        assert share(display, (0xAA, 0, 0xAA)) > 0.5


def share(display: str, colour: tuple[int, int, int]) -> float:
    """How much of the screen has this colour."""
    screen = ImageGrab.grab(xdisplay=display)
    pixels = screen.width * screen.height
    return sum(n for n, found in screen.getcolors(pixels) or [] if found == colour) / pixels


async def test_without_a_display_a_window_is_refused_with_the_cure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(SetupError, match="set DISPLAY"):
        await WebPlatform(headless=False).open()


@pytest.mark.parametrize("headless", [True, False])
async def test_what_a_page_may_not_do_is_refused_without_a_prompt(
    site: Site, display: str, headless: bool
) -> None:
    """A prompt shows outside the page, where no model sees it, and the page would wait for ever."""
    async with WebPlatform(site.page(ASKS), headless=headless) as platform:
        web = Driver(platform, site)
        await web.look()
        await web.do(Click, "Locate")
        assert "refused 1" in [element.text for element in (await web.look()).elements]


async def test_a_login_in_a_profile_is_there_in_the_next_run(site: Site, tmp_path: Path) -> None:
    def answer(request: SimpleHTTPRequestHandler) -> Answer:
        if "user=ada" in request.path:
            return 200, {"Set-Cookie": "session=7f3; Max-Age=3600; HttpOnly"}, b"<p>Welcome, Ada"
        known = "session=7f3" in request.headers.get("Cookie", "")
        form = b"<form><input name=user aria-label=Name></form>"
        return 200, {}, b"<p>Hello again, Ada" if known else form

    page = site.serve("/members", answer)
    async with WebPlatform(page, profile=tmp_path / "profile") as platform:
        web = Driver(platform, site)
        await web.look()
        await web.do(TypeText, "Name", text="ada", submit=True)
        assert [element.text for element in (await web.look()).elements] == ["Welcome, Ada"]
    for profile, words in ((tmp_path / "profile", "Hello again, Ada"), (tmp_path / "new", "")):
        async with WebPlatform(page, profile=profile) as platform:
            assert (await platform.observe()).elements[0].text == words


@pytest.fixture
def browsers(tmp_path: Path) -> Path:
    """A folder for PLAYWRIGHT_BROWSERS_PATH in which this machine's ffmpeg passes for the one that
    Playwright downloads."""
    program = shutil.which("ffmpeg")
    if program is None or sys.platform != "linux":
        pytest.skip("needs ffmpeg on Linux")
    package = Path(playwright.__file__).parent / "driver" / "package"
    builds = json.loads((package / "browsers.json").read_text("utf-8"))["browsers"]
    revision = next(build["revision"] for build in builds if build["name"] == "ffmpeg")
    folder = tmp_path / "browsers" / f"ffmpeg-{revision}"
    folder.mkdir(parents=True)
    (folder / "ffmpeg-linux").symlink_to(program)
    return folder.parent


async def test_a_video_is_as_large_as_the_viewport(
    site: Site, tmp_path: Path, browsers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await program()
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(browsers))
    page = site.page("""<button style="position:fixed;inset:0;width:100%"
      onclick="this.style.background = '#0a0'">Go</button>""")
    record = WebPlatform(
        page, executable_path=browser, viewport=(1000, 600), video_dir=tmp_path / "videos"
    )
    async with record as platform:
        web = Driver(platform, site)
        await web.look()
        await web.do(Click, "Go")
        await web.look()
        await asyncio.sleep(1)  # the recorder writes what it sees a moment later
    [video] = (tmp_path / "videos").iterdir()
    site.serve("/video", lambda _: (200, {"Content-Type": "video/webm"}, video.read_bytes()))
    page = site.page("<video id=v></video>")
    async with WebPlatform(page, executable_path=browser) as platform:
        assert await platform.page.evaluate(LAST_FRAME) == [1000, 600, True]


LAST_FRAME = """async () => {
  const file = await (await fetch("/video")).blob(); // from memory, so that it can be sought in
  v.src = URL.createObjectURL(file);
  await new Promise((done) => v.onloadedmetadata = done);
  v.currentTime = 1e9;
  await new Promise((done) => v.onseeked = done);
  const picture = new OffscreenCanvas(v.videoWidth, v.videoHeight).getContext("2d");
  picture.drawImage(v, 0, 0);
  const [red, green, blue] = picture.getImageData(200, 200, 1, 1).data;
  return [v.videoWidth, v.videoHeight, green > 140 && red < 60 && blue < 60];
}"""
"""The video's size, and whether its last frame is green as the button was then."""


async def program() -> str:
    """The browser that the other tests use."""
    async with async_playwright() as driver:
        return find_browser() or driver.chromium.executable_path
