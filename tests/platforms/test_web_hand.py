"""Mouse, wheel and keys: what a page receives of each action."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gui_agent.actions import (
    Click,
    Drag,
    Hover,
    LongPress,
    Note,
    OpenApp,
    Pinch,
    PressKeys,
    Scroll,
    Swipe,
)
from gui_agent.errors import ActionFailed
from gui_agent.screen import Box, Point
from tests.platforms.conftest import Answer, Driver

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CENTER = (240, 130)
"""Of the pad on probe.html."""


async def probe(web: Driver) -> None:
    await web.go(web.site.url("probe.html"))


async def events(web: Driver, *kinds: str) -> list[list[Any]]:
    return [event for event in await web.js("events") if event[0] in kinds]


async def test_a_click_moves_presses_and_releases_at_the_centre(web: Driver) -> None:
    await probe(web)
    assert await web.do(Click, "Pad") == ""
    received = await web.js("events")
    assert [event[0] for event in received] == ["mousemove", "mousedown", "mouseup", "click"]
    assert {tuple(event[1:3]) for event in received} == {CENTER}


async def test_a_click_waits_for_the_picture_that_an_icon_shows_under_the_pointer(
    web: Driver,
) -> None:
    """The other picture has no size until it has come, and then the click would miss the icon."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"/>'
    picture = {"Content-Type": "image/svg+xml"}

    def slow(_: object) -> Answer:
        time.sleep(0.15)
        return 200, picture, svg

    web.site.serve("/star.svg", lambda _: (200, picture, svg))
    web.site.serve("/slow.svg", slow)
    await web.show("""
      <style>#star { content: url(star.svg); cursor: pointer; height: 16px; width: auto }
        p:hover #star { content: url(slow.svg) }</style>
      <p style="height: 200px">
        <span id="star" title="Star" onclick="this.dataset.hit = 1"></span></p>""")
    await web.do(Click, "Star")
    assert await web.js("star.dataset.hit") == "1"


@pytest.mark.parametrize(
    ("button", "number", "kind"),
    [
        ("left", 0, "click"),
        ("middle", 1, "auxclick"),
        ("right", 2, "contextmenu"),
    ],
)
async def test_buttons(web: Driver, button: str, number: int, kind: str) -> None:
    await probe(web)
    await web.do(Click, "Pad", button=button)
    assert [event[3] for event in await events(web, "mousedown", kind)] == [number, number]


@pytest.mark.parametrize(("button", "number"), [("back", 3), ("forward", 4)])
async def test_side_buttons_reach_the_page(web: Driver, button: str, number: int) -> None:
    await probe(web)
    await web.js("addEventListener('mouseup', (e) => e.preventDefault())")
    await web.do(Click, "Pad", button=button)
    assert [event[3] for event in await events(web, "mousedown", "mouseup")] == [number, number]


async def test_double_and_triple_clicks_count(web: Driver) -> None:
    await probe(web)
    await web.do(Click, "Pad", count=2)
    assert [event[5] for event in await events(web, "click")] == [1, 2]
    assert len(await events(web, "dblclick")) == 1
    await web.js("events.length = 0")
    await web.do(Click, "Pad", count=3)
    assert [event[5] for event in await events(web, "click")] == [1, 2, 3]


async def test_modifiers_are_held_during_the_click_only(web: Driver) -> None:
    await probe(web)
    await web.do(Click, "Pad", modifiers=("ctrl", "shift"))
    await web.do(Click, "Pad")
    assert [event[6] for event in await events(web, "click")] == ["ctrl+shift", ""]


async def test_a_point_without_a_mark_is_clicked_as_it_is(web: Driver) -> None:
    await probe(web)
    await web.do(Click, at=Point(0.5, 0.5))
    assert [tuple(event[1:3]) for event in await events(web, "click")] == [(640, 360)]


@given(points=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=20, max_size=20))
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_every_point_arrives_in_its_pixel(
    web: Driver, points: list[tuple[float, float]]
) -> None:
    await probe(web)
    for x, y in points:
        await web.do(Click, at=Point(x, y))
    for (x, y), event in zip(points, await events(web, "mousedown"), strict=True):
        assert abs(event[1] - x * 1280) <= 1
        assert abs(event[2] - y * 720) <= 1


async def test_hovering_presses_nothing(web: Driver) -> None:
    await probe(web)
    await web.do(Hover, "Pad")
    assert {event[0] for event in await web.js("events")} == {"mousemove"}
    assert await web.js("document.querySelector('#pad').matches(':hover')")


async def test_a_long_press_holds_the_button(web: Driver) -> None:
    await probe(web)
    await web.js(
        "(() => { for (const kind of ['mousedown', 'mouseup'])"
        " addEventListener(kind, (e) => { window[kind] = e.timeStamp }) })()"
    )
    await web.do(LongPress, "Pad", seconds=0.3)
    assert 300 <= await web.js("mouseup - mousedown") < 2000


async def test_dragging_follows_the_whole_path(web: Driver) -> None:
    await probe(web)
    path = (Point(0.1, 0.1), Point(0.2, 0.3), Point(0.3, 0.1))
    await web.do(Drag, path=path)
    received = await events(web, "mousedown", "mousemove", "mouseup")
    held = [event for event in received if event[0] == "mousemove" and event[4] == 1]
    assert len(held) >= 8
    assert max(event[2] for event in held) == 216
    assert received[-1][:3] == ["mouseup", 384, 72]


async def test_html_drag_and_drop(web: Driver) -> None:
    await web.show("""
      <div id=card draggable=true style="width:90px;height:40px;background:#cdf">Card</div>
      <div id=bin style="margin-top:200px;width:200px;height:100px;background:#eee">Bin</div>
      <script>
        card.addEventListener("dragstart", (e) => e.dataTransfer.setData("text", "the card"));
        bin.addEventListener("dragover", (e) => e.preventDefault());
        bin.addEventListener("drop", (e) => { window.dropped = e.dataTransfer.getData("text"); });
      </script>""")
    card = web.the("Card")
    box = await web.js("JSON.stringify(bin.getBoundingClientRect())")
    assert box
    await web.do(Drag, "", path=(card.box.center, Point(0.08, 0.4)), mark=card.mark)
    assert await web.js("window.dropped") == "the card"


async def test_keys_make_one_chord(web: Driver) -> None:
    await probe(web)
    await web.do(PressKeys, keys=("ctrl", "shift", "k"))
    received = await web.js("keys")
    assert [event[:2] for event in received] == [
        ["keydown", "Control"],
        ["keydown", "Shift"],
        ["keydown", "K"],
        ["keyup", "K"],
        ["keyup", "Shift"],
        ["keyup", "Control"],
    ]
    assert received[2][3] == "ctrl+shift"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("enter", "Enter"),
        ("escape", "Escape"),
        ("space", " "),
        ("up", "ArrowUp"),
        ("page_down", "PageDown"),
        ("f12", "F12"),
        ("a", "a"),
        ("+", "+"),
        ("Delete", "Delete"),
    ],
)
async def test_key_names(web: Driver, name: str, key: str) -> None:
    await probe(web)
    await web.do(PressKeys, keys=(name,))
    assert [event[1] for event in await web.js("keys")] == [key, key]


async def test_an_unknown_key_is_refused_and_nothing_stays_down(web: Driver) -> None:
    await probe(web)
    with pytest.raises(ActionFailed, match=r"no key 'hyper'.*page_down"):
        await web.do(PressKeys, keys=("ctrl", "hyper"))
    await web.do(Click, "Pad")
    assert [event[6] for event in await events(web, "click")] == [""]


TALL = """<body style="margin:0"><div style="height:5000px;background:linear-gradient(red,blue)">
  <div id=box style="position:absolute;left:100px;top:100px;width:600px;height:400px;overflow:auto;
    background:white" tabindex=0 aria-label=Box>
    <div style="height:2000px">inside</div></div></div>"""


async def test_the_window_scrolls_by_two_thirds_past_a_box_at_its_centre(web: Driver) -> None:
    await web.show(TALL)
    assert await web.do(Scroll, direction="down") == ""
    seen = await web.look()
    assert await web.js("[Math.round(scrollY), box.scrollTop]") == [480, 0]
    assert seen.above == pytest.approx(480 / 720, abs=0.01)
    assert seen.below == pytest.approx((5000 - 720 - 480) / 720, abs=0.01)
    await web.do(Scroll, direction="up")
    await web.look()
    assert await web.js("scrollY") == 0


async def test_an_element_scrolls_by_its_own_height(web: Driver) -> None:
    await web.show(TALL)
    await web.do(Scroll, "Box", direction="down", amount=0.5)
    await web.look()
    assert await web.js("[scrollY, Math.round(box.scrollTop)]") == [0, 200]


async def test_notches_are_a_hundred_pixels(web: Driver) -> None:
    await web.show(TALL)
    await web.do(Scroll, "Box", direction="down", amount=3, unit="notch")
    await web.look()
    assert await web.js("Math.round(box.scrollTop)") == 300


async def test_sideways(web: Driver) -> None:
    await web.show("<div style='width:4000px;height:50px;background:#eee'>wide</div>")
    await web.do(Scroll, direction="right", amount=0.5)
    await web.look()
    assert await web.js("Math.round(scrollX)") == 640


async def test_the_end_is_said(web: Driver) -> None:
    await web.show(TALL)
    assert "further up" in await web.do(Scroll, direction="up")
    await web.show("<p>short</p>")
    assert "further down" in await web.do(Scroll, direction="down")


async def test_a_page_that_uses_the_wheel_itself_is_not_at_its_end(web: Driver) -> None:
    await web.show("""<div id=map style="height:400px;background:#dfd">map</div><script>
      map.addEventListener("wheel", (e) => { e.preventDefault(); window.zoom = e.deltaY; });
      </script>""")
    assert await web.do(Scroll, direction="down", at=Point(0.5, 0.2), amount=1, unit="notch") == ""
    assert await web.js("zoom") == 100


async def test_an_app_with_a_scroller_of_its_own_scrolls_as_the_window(web: Driver) -> None:
    seen = await web.show("""<style>html,body{margin:0;height:100%;overflow:hidden}</style>
      <main id=app style="height:100%;overflow:auto"><div style="height:3000px">app</div></main>""")
    assert seen.below == pytest.approx(2280 / 720, abs=0.01)
    await web.do(Scroll, direction="down")
    await web.look()
    assert await web.js("Math.round(app.scrollTop)") == 480


async def test_a_smooth_scroll_has_ended_when_the_page_is_looked_at(web: Driver) -> None:
    await web.show("<style>html{scroll-behavior:smooth}</style>" + TALL)
    await web.js("void scrollTo(0, 3000)")
    seen = await web.look()
    assert seen.above == pytest.approx(3000 / 720, abs=0.01)


async def test_a_swipe_moves_the_finger_the_other_way(web: Driver) -> None:
    await web.show(TALL)
    await web.do(Swipe, direction="up", within=Box(0.1, 0.2, 0.5, 0.6))
    await web.look()
    assert await web.js("box.scrollTop") > 0
    await web.do(Swipe, direction="up", within=Box(0.8, 0.2, 0.9, 0.6))
    await web.look()
    assert await web.js("scrollY") > 0


@pytest.mark.parametrize("action", [OpenApp(name="Clock"), Note(text="x"), Pinch(direction="in")])
async def test_what_a_page_can_not_do_fails(web: Driver, action: OpenApp | Note | Pinch) -> None:
    await probe(web)
    with pytest.raises(ActionFailed, match="not possible on a web page"):
        await web.platform.perform(action)
