"""Secrets: placeholders in, masks out. The model and the records only ever see `<secret:name>`."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace

from PIL import Image, ImageDraw

from gui_agent.actions import Action, TypeText
from gui_agent.errors import ActionFailed, PlatformLost, SetupError, Stopped
from gui_agent.protocols import Platform, PlatformKind
from gui_agent.screen import Element, Observation, Screenshot


class WithSecrets:
    """A platform that types secrets the model does not know.

    Write `<secret:name>` in the goal; the model types that, this puts the value in its place. Where
    the value shows up on the screen, texts are masked and the field is painted over. A value that
    the page draws somewhere else in its picture can't be recognised.
    """

    def __init__(self, platform: Platform, secrets: Mapping[str, str]) -> None:
        """`secrets`: name → value. Raises SetupError for values too short to be masked safely."""
        for name, value in secrets.items():
            if len(value) < 4:
                raise SetupError(f"The secret '{name}' is shorter than 4 characters.")
        self._platform = platform
        self._values = {f"<secret:{name}>": value for name, value in secrets.items()}

    @property
    def kind(self) -> PlatformKind:
        return self._platform.kind

    async def open(self) -> None:
        await self._platform.open()

    async def close(self) -> None:
        await self._platform.close()

    async def observe(self) -> Observation:
        return self._masked(await self._platform.observe())

    async def perform(self, action: Action) -> str:
        if isinstance(action, TypeText):
            action = action.model_copy(update={"text": self._revealed(action.text)})
        try:
            return self._mask(await self._platform.perform(action))
        except (ActionFailed, PlatformLost, Stopped) as error:
            raise type(error)(self._mask(str(error))) from None

    def _revealed(self, text: str) -> str:
        for placeholder, value in self._values.items():
            text = text.replace(placeholder, value)
        return text

    def _mask(self, text: str) -> str:
        for placeholder, value in self._values.items():
            text = text.replace(value, placeholder)
        return text

    def _masked(self, seen: Observation) -> Observation:
        elements = tuple(self._masked_element(e) for e in seen.elements)
        shown = [new for old, new in zip(seen.elements, elements, strict=True) if old != new]
        return replace(
            seen,
            screenshot=_painted(seen.screenshot, shown) if shown else seen.screenshot,
            where=self._mask(seen.where),
            title=self._mask(seen.title),
            elements=elements,
            notes=tuple(map(self._mask, seen.notes)),
            tabs=tuple(map(self._mask, seen.tabs)),
        )

    def _masked_element(self, element: Element) -> Element:
        return replace(
            element,
            name=self._mask(element.name),
            text=self._mask(element.text),
            label=self._mask(element.label),
            value=element.value and self._mask(element.value),
            context=self._mask(element.context),
        )


def _painted(screenshot: Screenshot, elements: list[Element]) -> Screenshot:
    image = Image.open(io.BytesIO(screenshot.data)).convert("RGB")
    draw = ImageDraw.Draw(image)
    for element in elements:
        draw.rectangle(element.box.pixels(image.width, image.height), fill=(128, 128, 128))
    buffer = io.BytesIO()
    image.save(buffer, screenshot.media_type.removeprefix("image/"), quality=90)
    return replace(screenshot, data=buffer.getvalue())
