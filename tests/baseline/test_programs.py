"""Programs' windows: opened by name, typed into at the caret, saved from, calculated with."""

from __future__ import annotations

from dataclasses import replace

from gui_agent.baseline.page import Page
from gui_agent.baseline.policy import decide
from gui_agent.screen import Box, Element
from tests.baseline.screens import after, chosen, element, screen

APPS = ("Mousepad", "Mousepad Preferences", "Gnumeric", "Text Editor", "Web Editor")


def window(goal: str, *elements: Element, title: str = "note.txt - Mousepad", **more: str) -> Page:
    return screen(goal, *elements, url="Mousepad", title=title, apps=APPS, **more)


def test_an_application_is_opened_by_the_name_that_fits_it_alone() -> None:
    assert chosen(window("Open the text editor", title="")) == {
        "kind": "open_app",
        "name": "Text Editor",
    }
    assert chosen(window("Open mousepad", title=""))["name"] == "Mousepad"
    assert chosen(window("Open the editor", title="x")).get("name") is None


def test_an_open_window_is_switched_to_and_the_one_in_front_is_left_alone() -> None:
    page = window('Switch to galculator and click "7"', element("7"))
    tabs = ("note.txt - Mousepad", "galculator")
    assert chosen(replace(page, tabs=tabs)) == {"kind": "switch_tab", "index": 1}
    assert chosen(replace(page, title="galculator"))["mark"] == 0


def test_a_page_of_the_web_has_no_applications() -> None:
    page = screen("Open Mousepad", element("Mousepad", "link"), url="https://example.org")
    assert chosen(page)["kind"] == "click"


def test_text_goes_to_the_caret_and_all_of_it() -> None:
    page = window('Type "number "', element("", "textbox", states=("focused", "multiline")))
    assert chosen(page) == {"kind": "type", "text": "number "}


def test_it_is_saved_under_a_name_once_the_title_says_so() -> None:
    page = window('Type "a" and save it as /tmp/b/c.txt', element("", "textbox", value="x",
                  states=("focused", "multiline")), title="Untitled")  # fmt: skip
    typed = decide(page)
    page = replace(after(page, typed, *page.elements), url="Mousepad", title="*Untitled")
    asked = decide(page)
    assert asked.action == {"kind": "keys", "keys": ["ctrl", "shift", "s"]}
    name = element("Name:", "textbox", value="", states=("focused",))
    page = replace(after(page, asked, name), url="Mousepad", title="Save As")
    named = decide(page)
    assert named.action == {"kind": "type", "text": "/tmp/b/c.txt", "clear": True, "submit": True}
    after_it = after(page, named, element("File", "menuitem"))
    saved = decide(replace(after_it, url="Mousepad", title="/tmp/b/c.txt - Mousepad"))
    assert saved.action["success"] is True
    assert decide(replace(after_it, url="Mousepad", title="Save As")).action["kind"] == "wait"


def test_a_sum_is_keyed_in_sign_by_sign() -> None:
    keys = [element(name) for name in "(7.)*="]
    page = window("Calculate .7*7", *keys, title="calculator")
    pressed = []
    for _ in range(5):
        reply = decide(page)
        pressed.append(keys[reply.action["mark"]].name)
        page = replace(after(page, reply, *keys), url="calculator", title="calculator")
    assert pressed == [".", "7", "*", "7", "="]


def test_what_was_read_is_pasted_and_not_the_word_for_it() -> None:
    page = window("Copy the result and paste it", element("", "textbox", value="107"))
    read = decide(page)
    assert read.action == {"kind": "note", "text": "107"}
    page = after(page, read, element("", "textbox", value="", states=("focused",)))
    assert chosen(page)["text"] == "107"


def test_a_list_with_a_field_in_it_is_that_field() -> None:
    box = Box(0.4, 0.3, 0.6, 0.35)
    field = Element(1, Box(0.4, 0.3, 0.55, 0.35), "textbox", "Search for:", value="")
    page = Page('Enter "tea" into "Search for"', elements=(Element(0, box, "combobox"), field))
    assert chosen(page)["mark"] == 1


class Covered:
    """Eyes before which something is called up where the pointer rests."""

    def confirm(self, page: Page, element: Element) -> tuple[bool, str]:
        return page.history[-1].action["kind"] == "hover", "another text"


def test_what_a_pointer_called_up_is_left_before_the_list_is_mistrusted() -> None:
    page = screen("Press Enter and click Seven", element("Seven"), element("Two"))
    page = after(page, decide(page), *page.elements)
    clicked = replace(page, history=(replace(page.history[0], action={"kind": "click"}),))
    looked = decide(clicked, Covered())
    assert looked.action["kind"] == "hover"
    assert chosen(after(clicked, looked, *page.elements), Covered())["kind"] == "click"
