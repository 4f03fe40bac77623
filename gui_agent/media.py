"""How pictures travel to a model server: within the request, as files that a server on the same
machine reads itself, or by a name under which vLLM keeps what it was sent before.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from gui_agent.errors import ModelError, SetupError
from gui_agent.protocols import Image, Message

_MOST = 1000
"""Pictures that are remembered, and files that are kept."""
_MISSED = re.compile(r"cache miss|data is not provided", re.IGNORECASE)


class Media:
    """The pictures of one client. Files are written into `folder` when it is given."""

    def __init__(self, folder: Path | None = None) -> None:
        """Raises SetupError when there is no such folder."""
        if folder is not None and not folder.is_dir():
            raise SetupError(f"There is no folder {folder} for local media: make it first.")
        self._folder = folder.resolve() if folder else None
        self._files: dict[str, Path] = {}
        self._sent: dict[str, None] = {}
        self.named: bool | None = None
        """Does the server take names? None until that was tried."""
        self.misses = 0
        """How often it no longer knew a picture by its name."""

    def part(self, image: Image) -> dict[str, Any]:
        """The picture as a part of a message. Raises ModelError when its file can't be written."""
        name = _name(image.data)
        if self.named and name in self._sent:
            return {"type": "image_url", "image_url": None, "uuid": name}
        part = {"type": "image_url", "image_url": {"url": self._url(name, image)}}
        return {**part, "uuid": name} if self.named else part

    def _url(self, name: str, image: Image) -> str:
        if self._folder is None:
            return _data_url(image.data, image.media_type)
        if name not in self._files:
            path = self._folder / f"{name}.{image.media_type.removeprefix('image/')}"
            try:
                path.write_bytes(image.data)
            except OSError as error:
                why = f"Can't write to {self._folder} ({error.strerror}): free some space"
                raise ModelError(f"{why}, or leave --local-media out.", "media") from error
            self._files[name] = path
            for old in _oldest(self._files):
                self._files.pop(old).unlink(missing_ok=True)
        return self._files[name].as_uri()

    def name(self, takes: bool) -> None:
        """From now on pictures get names, or stay without."""
        self.named = takes
        self._sent.clear()

    def sent(self, messages: Iterable[Message]) -> None:
        """These have arrived."""
        if self.named is False:
            return
        self._sent |= dict.fromkeys(_name(image.data) for image in _images(messages))
        for old in _oldest(self._sent):
            del self._sent[old]

    def again(self, messages: Iterable[Message]) -> bool:
        """Is one of these pictures sent not for the first time?"""
        return any(_name(image.data) in self._sent for image in _images(messages))

    def missed(self, words: str) -> bool:
        """Is the refusal about a name that the server has forgotten? Then send all once more."""
        if not (self._sent and self.named and _MISSED.search(words)):
            return False
        self.misses += 1
        self._sent.clear()
        return True

    def close(self) -> None:
        """Delete the files."""
        for path in self._files.values():
            with suppress(OSError):  # somebody else's folder by now
                path.unlink(missing_ok=True)
        self._files.clear()


def embedded(image: Image) -> dict[str, Any]:
    """The picture as a part that holds it."""
    return {"type": "image_url", "image_url": {"url": _data_url(image.data, image.media_type)}}


def _images(messages: Iterable[Message]) -> Iterator[Image]:
    return (part for message in messages for part in message.parts if isinstance(part, Image))


def _oldest(known: dict[str, Any]) -> list[str]:
    return list(known)[:-_MOST]


@lru_cache(maxsize=64)
def _name(data: bytes) -> str:
    return sha256(data).hexdigest()[:32]


@lru_cache(maxsize=8)
def _data_url(data: bytes, media_type: str) -> str:
    """Cached: a picture stays in the conversation for several steps."""
    return f"data:{media_type};base64,{b64encode(data).decode('ascii')}"
