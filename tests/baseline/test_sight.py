"""Reading the picture: what is drawn there, and that nothing is fetched to read it."""

from __future__ import annotations

import io
import socket
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from gui_agent.baseline.page import BadRequest, Page
from gui_agent.baseline.sight import Sight, agree
from gui_agent.screen import Box, Element

pytestmark = pytest.mark.ocr

PLACE = Box(0.1, 0.1, 0.5, 0.25)


@pytest.fixture(scope="module")
def eyes() -> Sight:
    return Sight()


def page(text: str) -> Page:
    image = Image.new("RGB", (600, 400), "white")
    ImageDraw.Draw(image).text((80, 52), text, fill="black", font_size=26)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return Page("Click it", picture=buffer.getvalue())


def button(name: str, role: str = "button", context: str = "") -> Element:
    return Element(0, PLACE, role, name, context=context)


@pytest.mark.parametrize("text", ["Save changes", "保存设置"])
def test_what_reads_as_its_name_is_confirmed(eyes: Sight, text: str) -> None:
    if text.isascii():
        seen, why = eyes.confirm(page(text), button(text))
        assert seen
        assert "OCR reads" in why
    assert agree(text, text) == 1.0


def test_a_blank_place_is_mistrusted(eyes: Sight) -> None:
    seen, why = eyes.confirm(page(""), button("Save changes"))
    assert not seen
    assert "nothing is drawn" in why


@pytest.mark.parametrize("context", ["", "Delete account can't be undone"])
def test_a_name_that_lies_is_mistrusted(eyes: Sight, context: str) -> None:
    seen, why = eyes.confirm(page("Delete account"), button("Cancel", context=context))
    assert not seen
    assert "Delete" in why


def test_a_field_need_not_read_as_its_name(eyes: Sight) -> None:
    assert eyes.confirm(page("Ada"), button("Full name", "textbox"))[0]


def test_without_a_picture_nothing_is_done(eyes: Sight) -> None:
    with pytest.raises(BadRequest, match="no picture"):
        eyes.confirm(Page("Click it"), button("Save"))


@pytest.mark.parametrize(("name", "read"), [("", "Delete"), ("OK", "Book now"), ("Cancel", "")])
def test_nothing_and_chance_letters_agree_with_nothing(name: str, read: str) -> None:
    assert agree(name, read) < 0.5


def test_letters_that_ocr_confuses_are_equal() -> None:
    assert agree("Log in to O2", "L0g ln to 02") == 1.0
    assert agree("Log out", "Log_out") == 1.0


def test_the_models_come_with_the_package_and_nothing_is_fetched() -> None:
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    assert list(models.glob("*.onnx"))
    reached: list[object] = []
    listening = True

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if listening and event in ("socket.connect", "socket.getaddrinfo"):
            reached.append(arguments)

    sys.addaudithook(watch)
    with pytest.raises(OSError, match=r".*"), socket.socket() as probe:
        probe.connect(("127.0.0.1", 1))
    assert reached, "the hook has to notice a connection"
    reached.clear()
    assert Sight().confirm(page("Save changes"), button("Save changes"))[0]
    listening = False
    assert reached == []
