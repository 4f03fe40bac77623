"""Tasks for scripted models: what a person would do, told as what the model sees and answers.

A script is a generator: it yields an action of the JSON dialect and is sent what the next prompt
shows. It reads the prompt and nothing else: listed elements, the window's title, words in the
picture (OCR). No place is known beforehand.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from PIL import Image as Picture
from rapidocr import RapidOCR

from gui_agent.protocols import Image, Message
from gui_agent.testing import ScriptedModel

Did = dict[str, Any]
"""An action as the JSON dialect writes it."""
_PATIENCE = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)
"""Seconds to wait for what has not appeared yet; each differs, or waiting would count as stuck."""


@dataclass(frozen=True)
class Line:
    """Words that the picture shows, and where, in pixels."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class View:
    """One prompt, read."""

    screen: dict[str, Any]
    elements: list[dict[str, Any]]
    picture: Image

    @property
    def title(self) -> str:
        return str(self.screen.get("title", ""))

    def lists(self, name: str) -> bool:
        """Is there an element of this name, to be used or only read?"""
        return any(element["name"] == name for element in self.elements)

    def on(self, name: str, role: str = "") -> Did:
        """The target that this name stands for."""
        for element in self.elements:
            if element["name"] == name and role in ("", element["role"]) and "mark" in element:
                return {"mark": element["mark"]}
        raise AssertionError(f"no {role or 'element'} {name!r} in {self.elements}")

    def box(self, role: str) -> list[int]:
        """Edges of the first element of this role, in thousandths."""
        edges: list[int] = next(e["box"] for e in self.elements if e["role"] == role)
        return edges

    def line(self, words: str) -> Line:
        """The line of text in the picture that holds these words."""
        return next(line for line in self.lines if words in line.text)

    def reads(self, words: str) -> bool:
        """Does the picture show these words?"""
        return any(words in line.text for line in self.lines)

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of text in the picture, from the top."""
        with Picture.open(io.BytesIO(self.picture.data)) as image:
            read = _eyes()(np.asarray(image.convert("RGB")), use_cls=False)
        boxes = read.boxes if read.boxes is not None else ()
        lines = [
            Line(text, *map(float, (*box.min(axis=0), *box.max(axis=0))))
            for text, box in zip(read.txts or (), boxes, strict=True)
        ]
        return sorted(lines, key=lambda line: line.top)

    def at(self, x: float, y: float) -> list[int]:
        """Pixels as the dialect's thousandths."""
        return [round(1000 * x / self.picture.width), round(1000 * y / self.picture.height)]


Script = Generator[Did, View, None]
Make = Callable[[View], Script]


def model(script: Make) -> ScriptedModel:
    """A model that follows the script."""
    steps: list[Script] = []

    def answer(messages: tuple[Message, ...]) -> str:
        view = read(messages)
        if steps:
            action = steps[0].send(view)
        else:
            steps.append(script(view))
            action = next(steps[0])
        return json.dumps({"action": action}, ensure_ascii=False)

    return ScriptedModel(*[answer] * 40)


def read(messages: Sequence[Message]) -> View:
    """What the last message shows."""
    sections: dict[str, list[dict[str, Any]]] = {}
    current = ""
    for line in messages[-1].text.splitlines():
        if line.startswith("# "):
            current = line[2:]
        elif line:
            sections.setdefault(current, []).append(json.loads(line))
    picture = next(part for part in messages[-1].parts if isinstance(part, Image))
    elements = [{"name": "", **element} for element in sections.get("Elements", [])]
    return View(sections["Screen"][0], elements, picture)


@cache
def _eyes() -> Any:
    return RapidOCR(params={"Global.log_level": "error"})


def until(see: View, true: Callable[[View], bool]) -> Generator[Did, View, View]:
    """Wait, as a model does that sees that a program is not ready."""
    for seconds in _PATIENCE:
        if true(see):
            return see
        see = yield {"kind": "wait", "seconds": seconds}
    raise AssertionError(f"it never came; in front is {see.title!r}, {see.elements}")


def titled(see: View, title: str) -> Generator[Did, View, View]:
    """Wait for the window of this title."""
    return (yield from until(see, lambda seen: title in seen.title))


def listed(see: View, name: str) -> Generator[Did, View, View]:
    """Wait for the element of this name."""
    return (yield from until(see, lambda seen: seen.lists(name)))


def keys(*names: str) -> Did:
    return {"kind": "keys", "keys": list(names)}


def enter(text: str, **more: Any) -> Did:
    return {"kind": "type", "text": text, **more}


def click(target: Did, **more: Any) -> Did:
    return {"kind": "click", **target, **more}


DONE: Did = {"kind": "finish", "success": True}
