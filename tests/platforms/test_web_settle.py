"""When a page counts as settled: the seven pages the rule was measured with, and its limits."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from http.server import SimpleHTTPRequestHandler

import pytest
import pytest_asyncio

from gui_agent.actions import Click, Wait
from gui_agent.platforms.web import WebPlatform
from gui_agent.screen import Observation
from tests.platforms.conftest import Answer, Driver, Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BUSY = "The page was still changing."


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def patient(site: Site) -> AsyncIterator[Driver]:
    """A browser with the window that users have."""
    async with WebPlatform(settle=0.3, settle_cap=3, patience=5) as platform:
        yield Driver(platform, site)


@pytest.fixture(scope="module", autouse=True)
def slow(site: Site) -> None:
    """`/slow?300` answers after 300 ms."""

    def answer(request: SimpleHTTPRequestHandler) -> Answer:
        time.sleep(int(request.path.partition("?")[2].split("&")[0]) / 1000)
        return 200, {}, b"<title>Slow</title><p>late"

    site.serve("/slow", answer)


async def after_click(web: Driver, script: str, style: str = "") -> tuple[Observation, float]:
    """What is seen after a click that runs this script, and how long that took."""
    await web.show(f"""<style>{style}</style><button onclick="go()">Go</button><p id=out>before</p>
      <script>function go() {{ {script} }}</script>""")
    await web.do(Click, "Go")
    began = time.monotonic()
    return await web.look(), time.monotonic() - began


def words(seen: Observation) -> list[str]:
    return [element.text for element in seen.elements if element.mark is None]


async def test_a_quiet_page_costs_the_window(patient: Driver) -> None:
    seen, seconds = await after_click(patient, "")
    assert 0.3 <= seconds < 1
    assert seen.notes == ()
    assert set(seen.timings) == {"settle", "capture", "marks"}


async def test_an_answer_after_400_ms_is_waited_for(patient: Driver) -> None:
    seen, _ = await after_click(
        patient,
        "fetch('/slow?400').then((r) => r.text()).then(() => { out.textContent = 'after' })",
    )
    assert words(seen) == ["after"]
    assert BUSY not in seen.notes


async def test_a_chain_of_requests_is_waited_for(patient: Driver) -> None:
    seen, _ = await after_click(
        patient,
        """(async () => { for (const n of [1, 2, 3, 4]) {
        await fetch(`/slow?200&${n}`); out.textContent = n; } })()""",
    )
    assert words(seen) == ["4"]


async def test_a_script_that_is_still_loading_is_waited_for(patient: Driver) -> None:
    def answer(_: SimpleHTTPRequestHandler) -> Answer:
        time.sleep(0.5)
        return 200, {"Content-Type": "text/javascript"}, b"out.textContent = 'after'"

    patient.site.serve("/late.js", answer)
    seen, _ = await after_click(
        patient,
        "const s = document.createElement('script'); s.src = '/late.js'; document.head.append(s)",
    )
    assert words(seen) == ["after"]


async def test_an_endless_animation_hides_no_change(patient: Driver) -> None:
    seen, seconds = await after_click(
        patient, "setTimeout(() => { out.textContent = 'after' }, 200)",
        "@keyframes spin { to { rotate: 1turn } } button { animation: spin 1s infinite }",
    )  # fmt: skip
    assert words(seen) == ["after"]
    assert seconds < 2.5
    assert BUSY not in seen.notes


async def test_a_ticking_clock_and_polling_soon_count_no_longer(patient: Driver) -> None:
    seen, seconds = await after_click(
        patient,
        """setInterval(() => { out.textContent = Date.now();
        fetch('/slow?20&' + Math.random()) }, 80)""",
    )
    assert seconds < 2.5
    assert BUSY not in seen.notes


async def test_a_slow_navigation_is_waited_for(patient: Driver) -> None:
    seen, _ = await after_click(patient, "location = '/slow?500'")
    assert seen.where.endswith("/slow?500")
    assert words(seen) == ["late"]
    assert seen.title == "Slow"


async def test_a_transition_is_waited_for(patient: Driver) -> None:
    await after_click(
        patient, "document.body.className = 'moved'",
        "#out { position: absolute; left: 0; transition: left 500ms } .moved #out { left: 600px }",
    )  # fmt: skip
    assert patient.seen
    [text] = [element for element in patient.seen.elements if element.mark is None]
    assert text.box.left * 1280 == pytest.approx(600, abs=0.5)


async def test_changes_in_a_shadow_root_count(patient: Driver) -> None:
    await patient.show("""<button onclick="go()">Go</button><div id=host></div><script>
      host.attachShadow({mode: "open"}).innerHTML = "<p>before</p>";
      function go() { for (const n of [1, 2, 3]) setTimeout(() => {
        host.shadowRoot.firstChild.textContent = n }, n * 200) }</script>""")
    await patient.do(Click, "Go")
    assert words(await patient.look()) == ["3"]


async def test_changes_in_a_frame_of_another_site_count(patient: Driver) -> None:
    inner = patient.site.page(
        """<p id=p>before</p><script>addEventListener("message", () => {
      for (const n of [1, 2, 3]) setTimeout(() => { p.textContent = n }, n * 200) })</script>""",
        "localhost",
    )
    await patient.show(f"""<button onclick="frame.contentWindow.postMessage(1, '*')">Go</button>
      <iframe id=frame src="{inner}"></iframe>""")
    await patient.do(Click, "Go")
    assert words(await patient.look()) == ["3"]


async def test_a_page_that_never_rests_is_looked_at_anyway_and_says_so(patient: Driver) -> None:
    seen, seconds = await after_click(
        patient,
        """let n = 0; setInterval(() => {
        const p = document.createElement('p'); out.after(p); p.textContent = ++n }, 100)""",
    )
    assert BUSY in seen.notes
    assert 3 <= seconds < 6


async def test_when_nothing_was_done_no_window_is_waited_for(patient: Driver) -> None:
    await after_click(patient, "")
    began = time.monotonic()
    await patient.look()
    assert time.monotonic() - began < 0.3
    await patient.do(Wait, seconds=0.5)
    began = time.monotonic()
    await patient.look()
    assert time.monotonic() - began < 0.3


async def test_a_new_tab_is_followed_and_settled_too(patient: Driver) -> None:
    seen, _ = await after_click(patient, "window.open('/slow?300')")
    notes = seen.notes
    if not seen.where.endswith("/slow?300"):  # the tab may be announced only with its answer
        assert notes == ()
        seen = await patient.look()
        notes = seen.notes
    assert seen.where.endswith("/slow?300")
    assert words(seen) == ["late"]
    assert any("new tab" in note for note in notes)
    assert seen.tabs == ("Page", "Slow")
    assert seen.tab == 1
