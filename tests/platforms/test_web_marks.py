"""What gets a mark, what it is called, and that its centre reaches it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from gui_agent.actions import Click, PressKeys, Scroll
from gui_agent.errors import ActionFailed
from gui_agent.platforms.web import WebPlatform
from gui_agent.screen import Observation
from tests.platforms.conftest import Driver, Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def names(seen: Observation) -> list[str]:
    return [element.name for element in seen.marked]


def texts(seen: Observation) -> list[tuple[str, str]]:
    return [(e.role, e.text) for e in seen.elements if e.mark is None]


async def click_all(web: Driver) -> list[str]:
    """Ids that the page saw clicked, when each mark's centre is clicked as a bare point."""
    await web.js(
        "(() => { window.hits = []; addEventListener('mousedown', (e) => hits.push("
        "(e.composedPath().find((n) => n.id) ?? {}).id), true);"
        " addEventListener('click', (e) => e.preventDefault(), true) })()"
    )
    assert web.seen
    for element in web.seen.marked:
        await web.do(Click, at=element.box.center)
        if element.role == "combobox":  # else the next click only closes its list
            await web.do(PressKeys, keys=("escape",))
    hits: list[str] = await web.js("hits")
    return hits


async def test_every_kind_of_interactive_element(web: Driver) -> None:
    seen = await web.show("""
      <a id=a href="#x">Link</a> <a>No link</a> <button id=b>Button</button>
      <input id=c aria-label=Text> <input id=d type=checkbox aria-label=Check>
      <input type=hidden> <textarea id=e aria-label=Area></textarea>
      <select id=f aria-label=List><option>One</select>
      <details><summary id=g>More</summary>Less</details>
      <span id=h role=button>Role</span> <span id=i onclick="1">Handler</span>
      <span id=j tabindex=0>Tab stop</span> <div id=k contenteditable aria-label=Edit>x</div>
      <span id=l style="cursor:pointer">Pointer</span> <span id=m draggable=true>Draggable</span>
      <span id=n>Listener</span> <svg width=40 height=40><circle id=o cx=20 cy=20 r=18 /></svg>
      <video id=p controls width=200 height=60 aria-label=Film></video>
      <span tabindex=-1>Not a stop</span> <p>Plain</p>
      <script>for (const id of "no") document.getElementById(id).onclick = () => {};
      </script>""")
    assert await click_all(web) == list("abcdefghijklmno")  # a film keeps clicks to itself
    assert names(seen)[15] == "Film"
    assert [e.mark for e in seen.marked] == list(range(16))
    roles = [e.role for e in seen.marked]
    assert roles[:8] == [
        "link",
        "button",
        "textbox",
        "checkbox",
        "textbox",
        "combobox",
        "button",
        "button",
    ]
    assert names(seen)[:3] == ["Link", "Button", "Text"]


async def test_hidden_elements_have_no_mark(web: Driver) -> None:
    seen = await web.show("""<style>.b { position:absolute; left:0; width:90px }</style>
      <button style="display:none">none</button> <button style="visibility:hidden">hidden</button>
      <button style="opacity:0">clear</button>
      <div style="opacity:0"><button>in clear</button></div>
      <button style="pointer-events:none">no events</button> <div inert><button>inert</button></div>
      <button style="position:absolute;left:-999px">left of it</button>
      <button class=b style="top:3000px">below</button>
      <div style="height:0;overflow:hidden"><button>folded</button></div>
      <button style="width:1px;height:1px;padding:0;border:0;overflow:hidden">tiny</button>
      <button>Seen</button>""")
    assert names(seen) == ["Seen"]


async def test_covered_elements_have_no_mark(web: Driver) -> None:
    seen = await web.show("""<button id=under>Under</button><p>Words under</p>
      <div style="position:fixed;inset:0;background:#0008"></div>
      <div role=dialog style="position:fixed;left:100px;top:100px;background:white">
        <h2>Cookies</h2><button>Accept</button></div>""")
    assert names(seen) == ["Accept"]
    assert texts(seen) == [("heading", "Cookies")]
    assert web.the("Accept").context == "Cookies"


async def test_what_is_half_covered_is_marked_where_it_shows(web: Driver) -> None:
    await web.show("""<style>body{margin:0}</style>
      <button id=a style="position:absolute;left:0;top:0;width:300px;height:60px">Half</button>
      <div style="position:absolute;left:100px;top:0;width:200px;height:60px;background:#fcc"></div>
      <header style="position:fixed;top:0;left:600px;width:300px;height:50px;
        background:#ccf"></header>
      <a id=b href="#x" style="position:absolute;left:600px;top:0;width:300px;height:80px">
        Header</a>""")
    assert await click_all(web) == ["a", "b"]


async def test_boxes_are_clipped_to_what_scrolls_and_to_the_view(web: Driver) -> None:
    await web.show("""<style>body{margin:0}</style>
      <div style="width:200px;height:100px;overflow:auto">
        <div id=a role=button style="width:180px;height:400px;background:#ddf">Tall</div></div>
      <button id=b style="position:absolute;left:1200px;top:300px;width:300px;height:40px">
        Edge</button>""")
    assert await click_all(web) == ["a", "b"]
    assert web.the("Tall").box.bottom * 720 == pytest.approx(100, abs=0.1)
    assert web.the("Edge").box.right == 1


async def test_a_link_over_two_lines_is_one_element(web: Driver) -> None:
    seen = await web.show("""<p style="width:200px">Words before <a id=a href="#x">a link that does
      not fit in one line</a> and words after</p>""")
    assert len(seen.marked) == 1
    assert await click_all(web) == ["a"]


async def test_innermost_elements_win(web: Driver) -> None:
    seen = await web.show("""
      <button><span onclick="1" style="cursor:pointer">In a button</span></button>
      <a href="#x"><span tabindex=0>In a link</span> <img alt="" width=20 height=20></a>
      <div onclick="1" style="cursor:pointer">Row <a href="#y">Open</a> <span>Sender</span></div>
      <div onclick="1" style="cursor:pointer"><b>Whole</b> <i>card</i></div>
      <ul tabindex=0><li><a href="#z">Item</a></ul>
      <label style="cursor:pointer"><input type=checkbox> <span>Keep me</span></label>
      <div role=tab>Tab <button aria-label=Close>×</button></div>""")
    assert names(seen) == [
        "In a button", "In a link", "Open", "Sender",
        "Whole card", "Item", "Keep me", "Tab ×", "Close",
    ]  # fmt: skip


async def test_custom_check_boxes(web: Driver) -> None:
    seen = await web.show("""<style>
        .a input { opacity: 0; position: absolute; width: 60px; height: 20px; margin: 0 }
        .b input { position: absolute; clip-path: inset(50%); width: 1px; height: 1px }</style>
      <label class=a><input type=checkbox><span>Overlay</span></label><br>
      <label class=b><input type=checkbox checked><span>Label only</span></label>""")
    assert [(e.role, e.name) for e in seen.marked] == [
        ("checkbox", "Overlay"),
        ("checkbox", "Label only"),
    ]
    assert "checked" in web.the("Label only").states
    for name in ("Overlay", "Label only"):
        await web.do(Click, name)
    assert await web.js("[...document.querySelectorAll('input')].map((i) => i.checked)") == [
        True,
        False,
    ]


async def test_names(web: Driver) -> None:
    seen = await web.show("""
      <button aria-label="By aria">x</button> <span id=l>By reference</span>
      <button aria-labelledby=l>x</button> <label for=i>By label</label><input id=i>
      <input placeholder="By placeholder"> <input title="By title">
      <input type=submit value="By value">
      <input type=submit> <input type=image alt="By alt" width=20 height=20>
      <button><img alt="By picture" width=10 height=10></button>
      <button><svg width=10 height=10><title>By drawing</title></svg></button>
      <button>By   its
        text</button> <a href="#x" title="Not this">By link</a>""")
    assert [name for name in names(seen) if name] == [
        "By aria", "By reference", "By label", "By placeholder", "By title", "By value", "Submit",
        "By alt", "By picture", "By drawing", "By its text", "By link",
    ]  # fmt: skip


async def test_icons_without_a_name_are_called_what_their_maker_called_them(web: Driver) -> None:
    seen = await web.show("""
      <style>span, i { display: inline-block; width: 20px; height: 20px; cursor: pointer }
        .a { background: url(img/trash-can.svg?v=2) } .b { content: url(star.png) }</style>
      <span class="a"></span> <span class="b"></span> <button><i class="fa fa-xmark"></i></button>
      <button><svg width=10 height=10><use href="sprite.svg#arrow-left"></use></svg></button>
      <button><img src="/icons/settings.png" width=10 height=10></button>
      <button class="btnReply"><i></i></button> <span class="pull-out item"></span>
      <button aria-label="Remove"><i class="fa fa-trash"></i></button>
      <button><i class="add save send star"></i></button>
      <div class="menu" style="cursor: pointer; width: 300px; height: 40px"></div>""")
    assert names(seen) == [
        "trash", "star", "close", "arrow left", "settings", "reply", "", "Remove", "", "",
    ]  # fmt: skip


async def test_the_trained_fields(web: Driver) -> None:
    await web.show("""<button type=button aria-label="Add it">  Add
to   cart </button>""")
    element = web.the("Add it")
    assert (element.tag, element.type, element.label) == ("button", "button", "Add it")
    assert element.text == "Add\nto cart"


async def test_states_and_values(web: Driver) -> None:
    await web.show("""
      <input aria-label=A value=seven required autofocus> <input aria-label=B type=radio checked>
      <input aria-label=C disabled> <textarea aria-label=D readonly>many words</textarea>
      <button aria-expanded=false aria-haspopup=menu>E</button> <button aria-pressed=true>F</button>
      <details open><summary>G</summary>x</details> <span role=option aria-selected=true>H</span>
      <input aria-label=I type=password value=secret>
      <select aria-label=J><option>x<option selected>y</select>
      <div contenteditable aria-label=K>rich</div>""")
    expected: dict[str, tuple[str | None, set[str]]] = {
        "A": ("seven", {"required", "focused"}),
        "B": (None, {"checked"}),
        "C": ("", {"disabled"}),
        "D": ("many words", {"readonly", "multiline"}),
        "E": (None, {"collapsed", "haspopup"}),
        "F": (None, {"checked"}),
        "G": (None, {"expanded"}),
        "H": (None, {"selected"}),
        "I": (None, {"password"}),
        "J": ("y", {"haspopup"}),
        "K": ("rich", {"multiline"}),
    }
    assert {n: (web.the(n).value, set(web.the(n).states)) for n in expected} == expected


async def test_the_context_tells_twins_apart(web: Driver) -> None:
    seen = await web.show("""
      <table><tr><td>Ada</td><td>1815</td><td><button>Edit</button></td></tr>
             <tr><td>Alan</td><td>1912</td><td><button>Edit</button></td></tr></table>
      <div><h3>Blue mug</h3><p>12 €</p><button>Buy</button></div>
      <div><h3>Red mug</h3><p>14 €</p><button>Buy</button></div>
      <fieldset><legend>Smoker?</legend><label><input type=radio name=a>Yes</label></fieldset>
      <fieldset><legend>Driver?</legend><label><input type=radio name=b>Yes</label></fieldset>
      <section><h2>Shipping</h2><input aria-label=City></section>
      <section aria-label=Billing><input aria-label=City></section>""")
    contexts = [element.context for element in seen.marked]
    for context, words in zip(contexts, (
        ["Ada", "1815"], ["Alan", "1912"], ["Blue mug", "12 €"], ["Red mug"], ["Smoker?"],
        ["Driver?"], ["Shipping"], ["Billing"],
    ), strict=True):  # fmt: skip
        assert all(word in context for word in words), contexts
    assert "Alan" not in contexts[0]
    assert all(len(context) <= 160 for context in contexts)


async def test_readable_text(web: Driver) -> None:
    seen = await web.show("""<h1>Head <em>line</em></h1>
      <p>Some <b>bold</b> words and <a href="#x">a link</a>.</p>
      <img alt="A cat" width=50 height=50><p style="display:none">unseen</p>
      <p style="margin-top:2000px">far below</p><script>"code"</script>""")
    assert texts(seen) == [
        ("heading", "Head line"),
        ("text", "Some bold words and ."),
        ("image", "A cat"),
    ]
    assert names(seen) == ["a link"]
    assert all(e.box.right <= 1 and e.box.bottom <= 1 for e in seen.elements)


async def test_words_on_two_lines_or_apart_do_not_run_together(web: Driver) -> None:
    seen = await web.show("""
      <p>Savings account<br><small>No. 31</small></p>
      <p><span style="margin-right: 9px">Breakfast</span><span>Sea view</span></p>
      <p>Tide<b>pool</b></p><button>Night train<br>35 min</button>""")
    assert [text for _, text in texts(seen)] == [
        "Savings account No. 31", "Breakfast Sea view", "Tidepool",
    ]  # fmt: skip
    assert names(seen) == ["Night train 35 min"]


async def test_the_words_in_something_that_listens_for_its_items_are_readable(web: Driver) -> None:
    seen = await web.show("""<ul id=list style="width:200px"><li>Ada<li>Alan</ul>
      <script>list.addEventListener("mousedown", () => {})</script>""")
    assert [(e.tag, e.name) for e in seen.marked] == [("ul", "Ada Alan")]
    assert texts(seen) == [("text", "Ada"), ("text", "Alan")]


async def test_elements_are_in_document_order(web: Driver) -> None:
    seen = await web.show("<p>one</p><button>two</button><p>three</p><a href='#x'>four</a>")
    assert [element.text for element in seen.elements] == ["one", "two", "three", "four"]


async def test_shadow_roots_and_frames_of_every_kind(web: Driver) -> None:
    nested = web.site.page("<button>Nested</button>")
    other = web.site.page(
        f"<button>Other site</button><iframe src='{nested}' height=60></iframe>", "localhost"
    )
    same = web.site.page("<button>Same site</button>")
    seen = await web.show(f"""<button>Top</button>
      <x-outer><template shadowrootmode=open><button>Shadow</button>
        <x-inner><template shadowrootmode=open><button>Deep shadow</button></template></x-inner>
        <iframe src="{same}?shadow" height=60></iframe></template></x-outer>
      <iframe src="{same}" height=60 style="padding:40px;border:7px solid"></iframe>
      <iframe src="{other}" height=150 style="transform:scale(.8);transform-origin:0 0"></iframe>
      <iframe srcdoc="<button>Source</button>" height=60></iframe>
      <iframe src="{same}" style="position:absolute;top:3000px"></iframe>""")
    wanted = [
        "Top",
        "Shadow",
        "Deep shadow",
        "Same site",
        "Same site",
        "Other site",
        "Nested",
        "Source",
    ]
    assert names(seen) == wanted
    pages = web.platform.page.frames
    for frame in pages:
        await frame.evaluate(
            "addEventListener('click', (e) => { window.hit ="
            " e.composedPath()[0].textContent }, true)"
        )
    hits = []
    for element in seen.marked:
        await web.do(Click, at=element.box.center, mark=element.mark)
        found = [await frame.evaluate("[window.hit, delete window.hit][0]") for frame in pages]
        hits += [hit for hit in found if hit]
    assert hits == wanted


async def test_what_covers_a_frame_covers_its_elements(web: Driver) -> None:
    inner = web.site.page("<button>Inside</button>", "localhost")
    seen = await web.show(f"""<iframe src="{inner}" width=300 height=100></iframe>
      <div style="position:absolute;left:0;top:0;width:300px;height:120px;background:#ccc">
      </div>""")
    assert names(seen) == []


async def test_a_vanished_element_is_reported_and_nothing_clicked(web: Driver) -> None:
    await web.show(
        "<button id=a>First</button><button id=b onclick='window.hit = 1'>Second</button>"
    )
    first = web.the("First")
    await web.js("a.remove()")  # the second button is now where the first one was
    with pytest.raises(ActionFailed, match=r"\[0\] is gone"):
        await web.do(Click, at=first.box.center, mark=first.mark)
    assert await web.js("window.hit ?? null") is None


async def test_an_element_of_the_page_before_is_gone(web: Driver) -> None:
    await web.show("<button>First</button>")
    first = web.the("First")
    await web.platform.page.goto(web.site.page("<button>Another</button>"))
    with pytest.raises(ActionFailed, match="is gone"):
        await web.do(Click, at=first.box.center, mark=first.mark)


async def test_a_covered_element_is_reported_with_what_covers_it(web: Driver) -> None:
    await web.show("<button onclick='window.hit = 1'>Under</button>")
    await web.js(
        "document.body.insertAdjacentHTML('beforeend',"
        "'<div role=dialog style=\"position:fixed;inset:0;background:#fff\">Cookies?</div>')"
    )
    with pytest.raises(ActionFailed, match='covered by dialog "Cookies\\?"'):
        await web.do(Click, "Under")
    assert await web.js("window.hit ?? null") is None


async def test_a_moved_element_is_followed(web: Driver) -> None:
    await web.show(
        "<button id=a onclick='window.hit = \"a\"'>Mover</button>"
        "<button onclick='window.hit = \"b\"'>Other</button>"
    )
    await web.js("Object.assign(a.style, {position: 'absolute', left: '700px', top: '500px'})")
    assert await web.do(Click, "Mover") == ""
    assert await web.js("hit") == "a"


async def test_an_element_that_was_scrolled_away_is_brought_back(web: Driver) -> None:
    inner = web.site.page("<button onclick='window.hit = 1'>Framed</button>", "localhost")
    await web.show(f"""<button onclick='window.hit = 1'>Plain</button>
      <iframe src="{inner}"></iframe><div style="height:4000px"></div>""")
    for name, frame in (("Plain", 0), ("Framed", 1)):
        await web.js("scrollTo(0, 3000)")
        assert await web.do(Click, name) == ""
        assert await web.platform.page.frames[frame].evaluate("hit") == 1


async def test_a_mark_that_never_was(web: Driver) -> None:
    await web.show("<button>One</button>")
    with pytest.raises(ActionFailed, match=r"no element \[7\]"):
        await web.do(Click, "One", mark=7)


async def test_the_page_can_not_see_us(web: Driver) -> None:
    await web.show("<button>One</button>")
    before = await web.js(
        "JSON.stringify([Object.getOwnPropertyNames(window).length,"
        " document.documentElement.outerHTML])"
    )
    await web.do(Click, "One")
    await web.look()
    after = await web.js(
        "JSON.stringify([Object.getOwnPropertyNames(window).length,"
        " document.documentElement.outerHTML])"
    )
    assert before == after


async def test_a_hostile_page_can_not_break_the_marks(web: Driver) -> None:
    """Its built-ins are not ours; a form's fields may still hide the form's own properties."""
    seen = await web.show("""<form><input name=children aria-label=A>
        <input name=getRootNode aria-label=B> <input name=localName aria-label=C>
        </form><button>Go</button>
      <script>Document.prototype.elementFromPoint = () => null;
        Array.prototype.map = () => { throw 1 };
        JSON.stringify = () => "gone"; Element.prototype.getBoundingClientRect = null;</script>""")
    assert names(seen) == ["A", "B", "C", "Go"]


async def test_an_enormous_page_is_looked_at_in_time(web: Driver) -> None:
    seen = await web.show("""<body><script>document.body.innerHTML = "<table>" +
      "<tr><td><a href='#x'>a</a><td><button>b</button><td>words</tr>".repeat(15000)</script>""")
    assert len(seen.marked) > 40
    assert seen.timings["marks"] < 5


async def test_a_picture_with_two_device_pixels_a_pixel(site: Site) -> None:
    platform = WebPlatform(
        site.page("""<style>body{margin:0}</style>
          <button style="position:absolute;left:600px;top:300px;width:80px;height:40px;border:0;
          background:#f00" onclick="window.hit = 1" aria-label=Red></button>"""),
        device_scale_factor=2,
    )
    async with platform:
        seen = await platform.observe()
        assert (seen.screenshot.width, seen.screenshot.height) == (2560, 1440)
        [red] = seen.marked
        with Image.open(BytesIO(seen.screenshot.data)) as picture:
            pixel: Any = picture.getpixel(red.box.center.pixels(*picture.size))
        assert pixel[0] > 240
        assert pixel[1] < 20
        await platform.perform(Click(at=red.box.center, mark=red.mark))
        assert await platform.page.evaluate("hit") == 1


async def test_elements_and_picture_are_of_one_frame(web: Driver) -> None:
    """A page that moves its only button around until it rests."""
    seen = await web.show("""<style>body{margin:0}</style>
      <button id=b style="position:absolute;left:0;top:200px;width:60px;height:60px;border:0;
      background:#f00" aria-label=Red></button><script>let n = 0; const timer = setInterval(() => {
      b.style.left = `${++n * 100}px`; if (n === 5) clearInterval(timer); }, 60)</script>""")
    red = web.the("Red")
    with Image.open(BytesIO(seen.screenshot.data)) as picture:
        pixel: Any = picture.getpixel(red.box.center.pixels(*picture.size))
    assert pixel[0] > 240
    assert pixel[1] < 20
    assert red.box.left * 1280 == 500


async def test_scrolled_pages_mark_what_is_in_view(web: Driver) -> None:
    await web.show(
        "".join(f"<button style='display:block;height:50px'>B{n}</button>" for n in range(60))
    )
    await web.do(Scroll, direction="down", amount=2)
    seen = await web.look()
    assert "B0" not in names(seen)
    assert "B35" in names(seen)


async def test_items_that_drop_out_of_the_box_that_opened_them(web: Driver) -> None:
    await web.show("""
      <style>#list { position: absolute; top: 40px; display: none } .open #list { display: block }
      </style>
      <div id=box style="cursor:pointer;position:relative;width:200px;height:30px"><b>Any</b> ▾
        <div id=list><div>Any</div><div>Canal Street</div><div>Old Foundry</div></div></div>
      <script>box.onclick = ({ target }) => {
        if (list.contains(target)) box.firstChild.textContent = target.textContent;
        box.classList.toggle("open");
      }</script>""")
    await web.do(Click, "Any ▾")
    assert names(await web.look())[1:] == ["Any", "Canal Street", "Old Foundry"]
    await web.do(Click, "Canal Street")
    assert names(await web.look()) == ["Canal Street ▾"]
