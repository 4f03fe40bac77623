"""One screen and one run that the dialect tests look at."""

from __future__ import annotations

import io

import PIL.Image

from gui_agent.actions import Answer, Click, GoBack, OpenUrl, PressKeys, Scroll, TypeText, Wait
from gui_agent.screen import Box, Direction, Element, Observation, Point, Screenshot

SEARCH = "https://search.test/"


def picture(width: int = 640, height: int = 360, media_type: str = "image/png") -> Screenshot:
    buffer = io.BytesIO()
    form = media_type.removeprefix("image/").upper()
    PIL.Image.new("RGB", (width, height), (250, 250, 250)).save(buffer, form)
    return Screenshot(buffer.getvalue(), width, height, media_type)


def box(mark: int) -> Box:
    """Where the element of this mark lies: every mark somewhere else."""
    return Box(mark / 20, mark / 20, mark / 20 + 0.04, mark / 20 + 0.02)


def screen(marks: int = 13) -> Observation:
    """Elements marked from 0, and a text that can only be read."""
    elements = [
        Element(mark, box(mark), "link", f"Link {mark}", "a", text=f"Link {mark}")
        for mark in range(marks)
    ]
    elements.append(Element(None, Box(0.9, 0.9, 1, 1), "text", "Total: 12 €", text="Total: 12 €"))
    return Observation(
        picture(), "https://shop.test/cart", "Cart", tuple(elements), taken_at=1753495200.0
    )


def phone() -> Observation:
    """A phone's screen: no marks are used, and the phone says which apps it has."""
    elements = (
        Element(0, Box(0.1, 0.1, 0.9, 0.2), "button", "Alarm", "Button", text="Alarm"),
        Element(1, Box(0.1, 0.3, 0.9, 0.4), "textbox", "Label", "EditText", value="7:00"),
        Element(None, Box(0.1, 0.5, 0.9, 0.6), "text", "2 alarms", "TextView", text="2 alarms"),
    )
    return Observation(
        picture(360, 780), "Clock", elements=elements, apps=("Clock", "设置"), taken_at=1753495200.0
    )


def click(mark: int) -> Click:
    return Click(at=box(mark).center, mark=mark)


def typed(mark: int, text: str) -> TypeText:
    return TypeText(text=text, at=box(mark).center, mark=mark, clear=True, submit=True)


def scroll(direction: Direction, mark: int | None = None) -> Scroll:
    if mark is None:
        return Scroll(direction=direction)
    return Scroll(direction=direction, at=box(mark).center, mark=mark)


def at(x: float, y: float) -> Point:
    """A point in thousandths of the picture."""
    return Point(x / 1000, y / 1000)


WAIT = Wait()
BACK = GoBack()
BING = OpenUrl(url=SEARCH)
ENTER = PressKeys(keys=("enter",))


def answer(text: str) -> Answer:
    return Answer(text=text)
