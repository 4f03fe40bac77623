"""What a phone's screen is to the rest of the phone, and the frames and nodes it yields."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from PIL import Image

Touch = Literal["down", "move", "up"]


@dataclass(frozen=True)
class Window:
    """The window that has the focus."""

    package: str
    activity: str
    """Class name; one that starts with a dot belongs to the package."""
    secure: bool = False
    editing: bool = False
    """Does an editable field have the focus?"""
    keyboard: bool = False
    """Is the soft keyboard up?"""


@dataclass(frozen=True)
class Node:
    """One node of the accessibility tree; bounds are left, top, right, bottom in device pixels."""

    name: str
    """Class, such as android.widget.Button."""
    package: str
    bounds: tuple[int, int, int, int]
    text: str = ""
    resource: str = ""
    description: str = ""
    hint: str = ""
    flags: frozenset[str] = frozenset()
    """Names of the true attributes, as uiautomator writes them: clickable, checked..."""
    handle: int = -1
    """What the screen calls this node in `set_text`."""
    children: tuple[Node, ...] = ()

    @property
    def centre(self) -> tuple[int, int]:
        left, top, right, bottom = self.bounds
        return (left + right) // 2, (top + bottom) // 2


class Frame:
    """One picture of the screen, encoded once per form that is asked for."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image.convert("RGB")
        self._encoded: dict[tuple[str, float, int], bytes] = {}

    @classmethod
    def black(cls, size: tuple[int, int]) -> Frame:
        return cls(Image.new("RGB", size))

    def png(self) -> bytes:
        return self._encode(("PNG", 1.0, 0), compress_level=1)

    def jpeg(self, scale: float, quality: int) -> bytes:
        return self._encode(("JPEG", scale, quality), quality=quality)

    def raw(self, colour_space: bool) -> bytes:
        """`screencap` without -p: RGBA after a header, which since Android 9 has a fourth word."""
        words = (*self.image.size, 1, *((0,) if colour_space else ()))
        head = b"".join(word.to_bytes(4, "little") for word in words)
        return head + self.image.convert("RGBA").tobytes()

    def _encode(self, key: tuple[str, float, int], **options: Any) -> bytes:
        if key not in self._encoded:
            form, scale, _ = key
            image = self.image
            if scale != 1.0:
                size = (round(image.width * scale), round(image.height * scale))
                image = image.resize(size, Image.Resampling.BILINEAR)
            buffer = io.BytesIO()
            image.save(buffer, form, **options)
            self._encoded[key] = buffer.getvalue()
        return self._encoded[key]


class Screen(Protocol):
    """Shows the apps and takes input; coordinates are device pixels of the current rotation."""

    async def start(self, system: dict[str, Any]) -> None:
        """`system` says what is not the screen's own: launcher, language, size."""

    async def stop(self) -> None: ...

    async def window(self) -> Window: ...

    async def frame(self) -> Frame: ...

    async def nodes(self) -> list[Node]:
        """The root of every window, the focused one first."""

    async def state(self) -> dict[str, Any]:
        """What the apps hold, as JSON."""

    async def changes(self) -> dict[str, Any]:
        """What the user changed on the screen that is the phone's own: locked, settings."""

    async def system(self, changes: dict[str, Any]) -> None:
        """The phone's side has changed: locked, awake, rotation, keyboard, settings."""

    async def touch(self, phase: Touch, x: int, y: int, pointer: int = 0) -> None: ...

    async def key(self, code: int, *modifiers: str) -> None:
        """A key for the focused window; the system's own keys never come here."""

    async def commit(self, text: str) -> None:
        """Put text where the cursor is, as a keyboard does."""

    async def set_text(self, node: Node, text: str) -> None:
        """Replace what a field holds (ACTION_SET_TEXT)."""

    async def launch(self, package: str, activity: str) -> None: ...

    async def stop_app(self, package: str) -> None: ...

    async def clear_app(self, package: str) -> None:
        """Back to what the app held when it was new."""

    async def home(self) -> None: ...

    async def back(self) -> None: ...

    async def recents(self) -> None: ...

    async def hide_keyboard(self) -> None: ...

    async def say(self, kind: Literal["toast", "dialog", "notification"], text: str) -> None: ...
