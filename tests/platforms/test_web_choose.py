"""Native lists and uploads: what the browser draws itself is worked all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from gui_agent.actions import Click, PressKeys, SelectOption, Upload
from gui_agent.errors import ActionFailed
from tests.platforms.conftest import Driver

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LIST = """
  <label>Colour <select id=list>
    <option>Red</option><option disabled>Grey</option>
    <optgroup label=Cool><option>Blue</option><option value=g>Green tea</option></optgroup>
    <optgroup label=None disabled><option>Black</option></optgroup>
  </select></label>
  <script>window.heard = [];
    for (const kind of ["input", "change"]) list.addEventListener(kind,
      (event) => heard.push(event.isTrusted ? kind : `made ${kind}`));
  </script>"""


async def chosen(web: Driver) -> list[str]:
    """The list's value, then the events that announced it."""
    value: list[str] = await web.js("[list.selectedOptions[0]?.text ?? '', ...heard]")
    return value


async def test_a_list_opens_in_the_page_and_its_options_can_be_clicked(web: Driver) -> None:
    await web.show(LIST)
    element = web.the("Colour")
    assert (element.role, element.value) == ("combobox", "Red")
    await web.do(Click, "Colour")
    seen = await web.look()
    options = [e for e in seen.marked if e.role == "option"]
    assert [e.name for e in options] == ["Red", "Grey", "Blue", "Green tea", "Black"]
    assert "disabled" in web.the("Grey").states
    assert "selected" in web.the("Red").states
    assert web.the("Blue").context == "Colour"
    await web.do(Click, "Blue")
    assert await chosen(web) == ["Blue", "input", "change"]
    await web.look()
    assert web.the("Colour").value == "Blue"


async def test_a_disabled_option_takes_no_click(web: Driver) -> None:
    await web.show(LIST)
    await web.do(Click, "Colour")
    await web.look()
    await web.do(Click, "Grey")
    assert await chosen(web) == ["Red"]


@pytest.mark.parametrize("wanted", ["Green tea", "green  TEA", "gree"])
async def test_selecting_by_text(web: Driver, wanted: str) -> None:
    await web.show(LIST)
    assert await web.do(SelectOption, "Colour", option=wanted) == ""
    assert await chosen(web) == ["Green tea", "input", "change"]
    assert not await web.js("list.matches(':open')")


@pytest.mark.parametrize(("wanted", "why"), [
    ("Pink", 'no option "Pink".*"Red".*"Green tea"'), ("", "no option"),
    ("Grey", '"Grey" is disabled'), ("Black", '"Black" is disabled'),
])  # fmt: skip
async def test_what_can_not_be_selected(web: Driver, wanted: str, why: str) -> None:
    await web.show(LIST)
    with pytest.raises(ActionFailed, match=why):
        await web.do(SelectOption, "Colour", option=wanted)
    assert await chosen(web) == ["Red"]


async def test_a_beginning_of_several_options_is_refused(web: Driver) -> None:
    await web.show("<select id=list aria-label=List><option>No<option>North<option>Norway</select>")
    with pytest.raises(ActionFailed, match="North"):
        await web.do(SelectOption, "List", option="nor")
    await web.do(SelectOption, "List", option="north")
    assert await web.js("list.value") == "North"


async def test_selecting_in_a_list_that_is_open_already(web: Driver) -> None:
    await web.show(LIST)
    await web.do(Click, "Colour")
    await web.look()
    await web.do(SelectOption, "Colour", option="Blue")
    assert await chosen(web) == ["Blue", "input", "change"]


async def test_selecting_what_is_selected_says_so(web: Driver) -> None:
    await web.show(LIST)
    assert "already" in await web.do(SelectOption, "Colour", option="Red")
    assert await chosen(web) == ["Red"]


async def test_the_last_of_three_hundred_options(web: Driver) -> None:
    options = "".join(f"<option>Item {number}" for number in range(300))
    await web.show(f"<select id=list aria-label=List style='margin-top:600px'>{options}</select>")
    await web.do(SelectOption, "List", option="Item 299")
    assert await web.js("list.value") == "Item 299"


async def test_list_boxes_and_multiple_choice(web: Driver) -> None:
    options = "".join(f"<option>Item {number}" for number in range(30))
    await web.show(f"""<select id=box aria-label=Box size=4>{options}</select>
      <select id=many aria-label=Many multiple>{options}</select>""")
    box = await web.js("(({x, y}) => [x, y])(box.getBoundingClientRect())")
    many = await web.js("(({x, y}) => [x, y])(many.getBoundingClientRect())")
    await web.do(SelectOption, at=web.at(box[0] + 9, box[1] + 9), option="Item 20")
    for wanted in ("Item 3", "Item 25"):
        await web.do(SelectOption, at=web.at(many[0] + 9, many[1] + 9), option=wanted)
    assert await web.js("box.value") == "Item 20"
    assert await web.js("[...many.selectedOptions].map((o) => o.text)") == ["Item 3", "Item 25"]


async def test_options_of_a_list_box_are_marked_and_clickable(web: Driver) -> None:
    await web.show(
        "<select id=box size=3 aria-label=Box><option>One<option>Two<option>Three</select>"
    )
    await web.do(Click, "Two")
    assert await web.js("box.value") == "Two"


async def test_lists_in_shadow_roots_frames_and_frameworks(web: Driver) -> None:
    """The page sets its own style sheets, and watches every change of its nodes."""
    inner = web.site.page(
        "<select id=list aria-label=Framed><option>One<option>Two</select>", "localhost"
    )
    await web.show(f"""<div id=host><template shadowrootmode=open><select aria-label=Shadowed>
      <option>One<option>Two</select></template></div><iframe src="{inner}" height=200></iframe>
      <script>window.changes = 0;
        new MutationObserver((all) => changes += all.length).observe(document,
          {{subtree: true, childList: true, attributes: true}});
        const sheet = new CSSStyleSheet();
        sheet.replaceSync("select {{ appearance: none; background: #eef }}");
        host.shadowRoot.adoptedStyleSheets = [sheet];</script>""")
    await web.look()
    for name in ("Shadowed", "Framed"):
        await web.do(Click, name)
        await web.look()
        await web.do(Click, "Two")
        seen = await web.look()
        assert web.the(name).value == "Two", seen.marked
    assert await web.js("changes") == 0


async def test_a_disabled_list(web: Driver) -> None:
    await web.show("<select id=list aria-label=List disabled><option>One<option>Two</select>")
    with pytest.raises(ActionFailed, match="disabled"):
        await web.do(SelectOption, "List", option="Two")
    assert await web.js("list.value") == "One"


async def test_a_list_that_is_none(web: Driver) -> None:
    await web.show("<button>Menu</button>")
    with pytest.raises(ActionFailed, match="no native list"):
        await web.do(SelectOption, "Menu", option="x")


async def test_escape_closes_the_list(web: Driver) -> None:
    await web.show(LIST)
    await web.do(Click, "Colour")
    await web.do(PressKeys, keys=("escape",))
    seen = await web.look()
    assert [e.role for e in seen.marked] == ["combobox"]


async def test_uploading(web: Driver, tmp_path: Path) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second é.txt"
    first.write_text("one")
    second.write_text("two")
    await web.show("""<input id=one type=file aria-label=One>
      <input id=many type=file multiple aria-label=Many>
      <label>Styled <input id=styled type=file style="display:none"></label>
      <button onclick="hidden_.click()">Choose</button><input id=hidden_ type=file hidden>
      <script>const read = async (input) => Promise.all([...input.files].map(async (file) =>
        [file.name, await file.text()]));</script>""")
    await web.do(Upload, "One", paths=(str(first),))
    await web.do(Upload, "Many", paths=(str(first), str(second)))
    await web.do(Upload, "Styled", paths=(str(second),))
    await web.do(Upload, "Choose", paths=(str(first),))
    assert await web.js("read(one)") == [["first.txt", "one"]]
    assert await web.js("read(many)") == [["first.txt", "one"], ["second é.txt", "two"]]
    assert await web.js("read(styled)") == [["second é.txt", "two"]]
    assert await web.js("read(hidden_)") == [["first.txt", "one"]]
    await web.look()
    assert web.the("One").value == "first.txt"


async def test_uploads_that_fail(web: Driver, tmp_path: Path) -> None:
    file = tmp_path / "file.txt"
    file.write_text("x")
    await web.show("""<input id=one type=file aria-label=One>
      <button onclick="window.pressed = 1">Plain</button>""")
    with pytest.raises(ActionFailed, match="no file"):
        await web.do(Upload, "Plain", paths=(str(tmp_path / "missing"),))
    assert await web.js("window.pressed ?? null") is None
    with pytest.raises(ActionFailed, match="no file chooser"):
        await web.do(Upload, "Plain", paths=(str(file),))
    with pytest.raises(ActionFailed, match="Only one file"):
        await web.do(Upload, "One", paths=(str(file), str(file)))
    assert await web.js("one.files.length") == 0


async def test_a_chooser_nobody_asked_for_is_noted_once(web: Driver) -> None:
    await web.show("<input type=file aria-label=One>")
    await web.do(Click, "One")
    assert any("asked for a file" in note for note in (await web.look()).notes)
    assert (await web.look()).notes == ()


STYLES = ("display:block;width:200px", "display:inline-block", "width:90%")


@pytest.mark.parametrize("style", STYLES)
async def test_a_list_keeps_the_height_of_a_line(web: Driver, style: str) -> None:
    await web.show(f"""<style>select {{ font: 16px/20px sans-serif; border: 0; padding: 0 }}</style>
      <select style="{style}" aria-label=Size><option>Enormous</option></select>""")
    box = web.the("Size").box
    assert (box.bottom - box.top) * 720 == pytest.approx(20, abs=5)
    assert (box.right - box.left) * 1280 > 85  # the word, and room for the arrow


async def test_a_list_that_only_the_browser_can_draw_is_not_opened(web: Driver) -> None:
    """As in Chromium before 135, or where the page insists: no click would reach its options."""
    await web.show(LIST.replace("<select", "<select style='appearance: auto !important'"))
    with pytest.raises(ActionFailed, match='Select one of its options instead: "Red", "Grey"'):
        await web.do(Click, "Colour")
    assert await chosen(web) == ["Red"]
    assert await web.do(SelectOption, "Colour", option="Blue") == ""
    assert await chosen(web) == ["Blue", "made input", "made change"]
