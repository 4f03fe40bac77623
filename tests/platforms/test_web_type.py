"""Text into fields: what the field holds and which events its page receives."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from gui_agent.actions import Click, PressKeys, TypeText, Wait
from gui_agent.errors import ActionFailed
from tests.platforms.conftest import Driver

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STRANGE = "Hello, World! é ñ 你好，世界 😀👨‍👩‍👧 <a@b.c> {x|y}~^ `100%`"

FORM = """
  <form onsubmit="window.sent = field.value; return false">
    <input id=field aria-label=Field>
    <textarea id=area aria-label=Area rows=4></textarea>
    <div id=rich contenteditable aria-label=Rich
      style="width:300px;min-height:40px;border:1px solid"></div>
    <button>Go</button>
  </form>
  <script>
    window.heard = [];
    for (const kind of ["keydown", "keyup", "input", "change"]) {
      addEventListener(kind, (event) => heard.push(kind), true);
    }
  </script>"""


async def test_any_text_arrives_exactly(web: Driver) -> None:
    await web.show(FORM)
    for name, value in (
        ("Field", "field.value"),
        ("Area", "area.value"),
        ("Rich", "rich.innerText"),
    ):
        assert await web.do(TypeText, name, text=STRANGE) == ""
        assert await web.js(value) == STRANGE


async def test_pages_hear_keys_and_input(web: Driver) -> None:
    await web.show(FORM)
    await web.do(TypeText, "Field", text="ab")
    heard = await web.js("heard")
    assert heard == ["keydown", "input", "keyup"] * 2


async def test_a_long_text_is_put_in_at_once_and_its_last_key_is_heard(web: Driver) -> None:
    await web.show(FORM)
    text = "All work and no play. " * 40
    assert await web.do(TypeText, "Area", text=text) == ""
    assert await web.js("area.value") == text
    assert await web.js("heard") == ["input", "keydown", "input", "keyup"]


async def test_text_is_added_at_the_end(web: Driver) -> None:
    await web.show(FORM)
    for name, value in (
        ("Field", "field.value"),
        ("Area", "area.value"),
        ("Rich", "rich.innerText"),
    ):
        await web.do(TypeText, name, text="one, a rather long beginning")
        assert await web.do(TypeText, name, text=" two") == ""
        assert await web.js(value) == "one, a rather long beginning two"


async def test_clearing_replaces_the_whole_text(web: Driver) -> None:
    await web.show(FORM)
    for name, value in (
        ("Field", "field.value"),
        ("Area", "area.value"),
        ("Rich", "rich.innerText"),
    ):
        await web.do(TypeText, name, text="old words")
        assert await web.do(TypeText, name, text="new", clear=True) == ""
        assert await web.js(value) == "new"


async def test_clearing_with_no_text_empties(web: Driver) -> None:
    await web.show("<input id=field aria-label=Field value=old>")
    assert await web.do(TypeText, "Field", text="", clear=True) == ""
    assert await web.js("field.value") == ""


async def test_lines_stay_lines_and_send_nothing(web: Driver) -> None:
    await web.show(FORM)
    await web.js(
        "area.addEventListener('keydown', (e) => { if (e.key === 'Enter') window.sent = 1 })"
    )
    assert await web.do(TypeText, "Area", text="one\ntwo\n\nfour\tfive") == ""
    assert await web.js("[area.value, window.sent ?? null]") == ["one\ntwo\n\nfour\tfive", None]


async def test_lines_in_rich_text(web: Driver) -> None:
    await web.show(FORM)
    assert await web.do(TypeText, "Rich", text="one\ntwo") == ""
    assert await web.js("rich.innerText.trim()") == "one\ntwo"


async def test_a_single_line_field_takes_breaks_as_spaces_and_is_not_sent(web: Driver) -> None:
    await web.show(FORM)
    message = await web.do(TypeText, "Field", text="one\ntwo")
    assert '"one two"' in message
    assert await web.js("[field.value, window.sent ?? null]") == ["one two", None]


async def test_submit_presses_enter(web: Driver) -> None:
    await web.show(FORM)
    await web.do(TypeText, "Field", text="query", submit=True)
    assert await web.js("sent") == "query"


async def test_without_a_place_the_focused_field_is_typed_in_where_its_caret_is(
    web: Driver,
) -> None:
    await web.show(FORM)
    await web.do(TypeText, "Field", text="ac")
    await web.do(PressKeys, keys=("left",))
    assert await web.do(TypeText, text="b") == ""
    assert await web.js("field.value") == "abc"


async def test_without_a_place_or_a_focused_field_the_page_gets_the_keys(web: Driver) -> None:
    await web.show(FORM)
    await web.js(
        "addEventListener('keydown', (e) => { window.typed = (window.typed ?? '') + e.key })"
    )
    assert "No field" in await web.do(TypeText, text="hi")
    assert await web.js("typed") == "hi"


async def test_a_label_stands_for_its_field(web: Driver) -> None:
    await web.show("<label id=l>Name <input id=field type=text></label>")
    box = await web.js("(({x, y}) => [x, y])(l.getBoundingClientRect())")
    await web.do(TypeText, at=web.at(box[0] + 5, box[1] + 8), text="Ada")
    assert await web.js("field.value") == "Ada"


async def test_a_button_is_not_pressed_by_typing(web: Driver) -> None:
    await web.show("<button onclick='window.pressed = 1'>Go</button><a href='#x'>Link</a>")
    for name in ("Go", "Link"):
        with pytest.raises(ActionFailed, match="is no field"):
            await web.do(TypeText, name, text="x")
    assert await web.js("[window.pressed ?? null, location.hash]") == [None, ""]


async def test_words_on_the_page_take_no_text(web: Driver) -> None:
    await web.show("<p style='height:300px'>Some words</p>")
    with pytest.raises(ActionFailed, match="takes no text"):
        await web.do(TypeText, at=web.at(40, 30), text="x")


@pytest.mark.parametrize("state", ["disabled", "readonly"])
async def test_locked_fields_say_so(web: Driver, state: str) -> None:
    await web.show(f"<input id=field aria-label=Field value=kept {state}>")
    with pytest.raises(ActionFailed, match=r"read-only|disabled"):
        await web.do(TypeText, "Field", text="x")
    assert await web.js("field.value") == "kept"


async def test_a_stand_in_that_opens_the_real_field(web: Driver) -> None:
    await web.show("""<div id=fake tabindex=0 aria-label=Search
        style="width:200px;height:30px;background:#eee"></div>
      <script>fake.addEventListener("click", () => setTimeout(() => {
        document.body.insertAdjacentHTML("beforeend", "<input id=real>");
        real.focus(); }, 100));</script>""")
    assert await web.do(TypeText, "Search", text="found") == ""
    assert await web.js("real.value") == "found"


async def test_what_a_field_makes_of_the_text_is_reported(web: Driver) -> None:
    await web.show("""<input id=short aria-label=Short maxlength=3>
      <input id=upper aria-label=Upper oninput="this.value = this.value.toUpperCase()">""")
    assert '"abc"' in await web.do(TypeText, "Short", text="abcdef")
    assert '"ABC"' in await web.do(TypeText, "Upper", text="abc")


async def test_passwords_are_checked_and_never_shown(web: Driver) -> None:
    await web.show("""<input id=field type=password aria-label=Password>
      <input id=short type=password aria-label=Short maxlength=4>""")
    assert await web.do(TypeText, "Password", text="hunter2 é") == ""
    assert await web.js("field.value") == "hunter2 é"
    message = await web.do(TypeText, "Short", text="hunter2")
    assert "4 characters" in message
    assert "hunt" not in message
    seen = await web.look()
    assert [e.value for e in seen.marked] == [None, None]
    assert "password" in web.the("Password").states


async def test_a_controlled_field_keeps_the_text(web: Driver) -> None:
    """React watches the value through a property of the element's own, in the page's world."""
    await web.show("""<input id=field type=date aria-label=Date><script>
      const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
      let tracked = "";
      Object.defineProperty(field, "value", { get() { return own.get.call(this); },
        set(value) { tracked = value; own.set.call(this, value); } });
      field.addEventListener("input", () => {
        window.changed = field.value !== tracked; });</script>""")
    await web.do(TypeText, "Date", text="2026-12-31")
    assert await web.js("changed") is True


@pytest.mark.parametrize(("kind", "text", "value"), [
    ("date", "2026-12-31", "2026-12-31"),
    ("date", "31 Dec 2026", "2026-12-31"),
    ("time", "2:30 PM", "14:30"),
    ("datetime-local", "2026-12-31 14:30", "2026-12-31T14:30"),
    ("month", "December 2026", "2026-12"),
    ("week", "2026-W07", "2026-W07"),
    ("color", "rebeccapurple", "#663399"),
    ("range", "40", "40"),
])  # fmt: skip
async def test_pickers_are_filled_and_announced(
    web: Driver, kind: str, text: str, value: str
) -> None:
    await web.show(f"""<input id=field type={kind} aria-label=Field><script>window.heard = [];
      for (const kind of ["input", "change"]) field.addEventListener(kind, () => heard.push(kind));
      </script>""")
    assert await web.do(TypeText, "Field", text=text) == ""
    assert await web.js("[field.value, ...heard]") == [value, "input", "change"]
    await web.look()
    assert web.the("Field").value == value


async def test_a_wrong_date_says_how_to_write_it(web: Driver) -> None:
    await web.show("<input id=field type=date aria-label=Field>")
    with pytest.raises(ActionFailed, match="2026-12-31"):
        await web.do(TypeText, "Field", text="soon")
    assert await web.js("field.value") == ""


async def test_a_date_outside_the_limits_is_reported(web: Driver) -> None:
    await web.show("<input id=field type=date aria-label=Field min=2026-01-01 max=2026-12-31>")
    assert "2026-01-01 to 2026-12-31" in await web.do(TypeText, "Field", text="2027-02-03")


async def test_a_slider_says_what_it_took(web: Driver) -> None:
    await web.show("<input id=field type=range aria-label=Field min=0 max=50 step=5>")
    assert "50" in await web.do(TypeText, "Field", text="80")
    assert await web.js("field.value") == "50"


async def test_numbers(web: Driver) -> None:
    await web.show("<input id=field type=number aria-label=Field step=any value=7>")
    assert await web.do(TypeText, "Field", text="-12.5", clear=True) == ""
    assert await web.js("field.valueAsNumber") == -12.5
    with pytest.raises(ActionFailed, match=r"12\.5"):
        await web.do(TypeText, "Field", text="a dozen", clear=True)
    assert await web.js("field.valueAsNumber") == -12.5


@pytest.mark.parametrize("kind", ["date", "color", "time", "month"])
async def test_pickers_of_the_browser_stay_shut(web: Driver, kind: str) -> None:
    """They would show in pictures, and take no clicks."""
    await web.show(f"""<input id=field type={kind} aria-label=Field>
      <button onclick="window.pressed = 1" style="position:absolute;top:300px">Below</button>""")
    field = web.the("Field")
    right = web.at(field.box.right * 1280 - 12, field.box.center.y * 720)
    await web.do(Click, at=right, mark=field.mark)
    await web.do(Wait, seconds=0.6)  # the time that a pop-up takes to show
    seen = await web.look()
    with Image.open(BytesIO(seen.screenshot.data)) as picture:
        between = picture.convert("L").crop((0, 60, 200, 280))
    assert between.getextrema() == (255, 255)
    await web.do(Click, "Below")
    assert await web.js("pressed") == 1


async def test_fields_in_shadow_roots_and_frames(web: Driver) -> None:
    inner = web.site.page("<input id=field aria-label=Framed>", host="localhost")
    await web.show(f"""<div id=host><template shadowrootmode=open>
      <input id=field aria-label=Shadowed></template></div><iframe src="{inner}"></iframe>""")
    assert await web.do(TypeText, "Shadowed", text="one") == ""
    assert await web.do(TypeText, "Framed", text="two") == ""
    assert await web.js("host.shadowRoot.querySelector('input').value") == "one"
    assert await web.platform.page.frames[1].evaluate("field.value") == "two"


async def test_an_editor_in_a_frame_with_design_mode(web: Driver) -> None:
    await web.show(
        "<iframe id=editor style='width:400px;height:100px'></iframe>"
        "<script>editor.contentDocument.designMode = 'on'</script>"
    )
    await web.do(TypeText, at=web.at(60, 40), text="rich")
    assert await web.js("editor.contentDocument.body.innerText") == "rich"
