"""Pictures that no server has seen before."""

from __future__ import annotations

import io

import PIL.Image

from gui_agent.protocols import Image


def noise(width: int, height: int) -> Image:
    """Random pixels as a JPEG; no two are alike."""
    buffer = io.BytesIO()
    PIL.Image.effect_noise((width, height), 90).convert("RGB").save(buffer, "JPEG")
    return Image(buffer.getvalue(), "image/jpeg", width, height)
