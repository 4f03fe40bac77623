"""A server under examination: small questions to it, through the client that runs use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import PIL.Image
import PIL.ImageDraw

from gui_agent import wire
from gui_agent.images import encode
from gui_agent.model import GLM
from gui_agent.protocols import Image, Message, Sampling
from gui_agent.trajectory import Completion, Usage

ONE_TOKEN = Sampling(max_tokens=1)


class Endpoint:
    """What the checks ask; the client's errors pass through."""

    def __init__(self, glm: GLM) -> None:
        self.glm = glm

    async def ask(self, messages: tuple[Message, ...], sampling: Sampling) -> Completion:
        return await self.glm.complete(messages, sampling)

    async def text(self, messages: tuple[Message, ...], sampling: Sampling) -> str:
        return (await self.ask(messages, sampling)).text

    async def usage(self, *parts: str | Image, system: str = "") -> Usage:
        """What a request with these parts costs."""
        turns = (Message("system", (system,)),) if system else ()
        return (await self.ask((*turns, Message("user", parts)), ONE_TOKEN)).usage

    async def fields(self) -> tuple[str, ...]:
        """The fields of a message in which a short answer came."""
        turns = wire.turns((Message("user", ("Hello",)),))
        body = {"model": self.glm.name, "messages": turns, "max_tokens": 8, "temperature": 0}
        choices = (await self.glm.call("/v1/chat/completions", body)).get("choices") or [{}]
        message = _mapping(_mapping(choices[0]).get("message"))
        names = ("reasoning", "reasoning_content", "content")
        return tuple(name for name in names if message.get(name))

    async def context(self) -> int | None:
        """Tokens of the model's context, where the server says so."""
        models = (await self.glm.call("/v1/models")).get("data") or []
        entry = next((m for m in models if _mapping(m).get("id") == self.glm.name), None)
        entry = _mapping(entry or next(iter(models), None))
        size = entry.get("max_model_len") or _mapping(entry.get("meta")).get("n_ctx")
        return size if isinstance(size, int) else None

    async def rendered(self, messages: tuple[Message, ...]) -> str:
        """The prompt that the server makes of these turns; "" where it can't be asked."""
        turns = {"model": self.glm.name, "messages": wire.turns(messages)}
        if prompt := (await self.glm.call("/apply-template", turns)).get("prompt"):
            return str(prompt)
        tokens = (await self.glm.call("/tokenize", turns)).get("tokens")
        if not tokens:
            return ""
        body = {"model": self.glm.name, "tokens": tokens}
        return str((await self.glm.call("/detokenize", body)).get("prompt") or "")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


@lru_cache(maxsize=16)
def picture(width: int, height: int, number: int = 0) -> Image:
    """A drawn page; another number, another picture."""
    page = PIL.Image.new("RGB", (width, height), "white")
    draw = PIL.ImageDraw.Draw(page)
    for row in range(height // 40):
        draw.text((10, 40 * row + 10), f"Line {row} of page {number}", "black")
    return encode(page)
