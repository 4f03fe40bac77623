"""Pictures for the model: the size its processor makes of them, encoding, numbered marks.

Pure: bytes in, bytes out. A position on a picture is in pixels of that picture.
"""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Iterable
from functools import lru_cache

import PIL.Image
from PIL import ImageDraw, ImageFont

from gui_agent.protocols import Image
from gui_agent.screen import Element, Screenshot

GRID = 28
"""One visual token covers 28 × 28 pixels: patches of 14, merged 2 × 2."""
FRAMES = 2
"""A still picture counts as a clip of two frames, because the temporal patch is 2."""
SMALLEST = 12_544
"""`shortest_edge` of the shipped GLM-4.1V processor: pixels of the whole clip, not an edge."""
LARGEST = 9_633_792
"""`longest_edge` of the same: 4,816,896 pixels for one picture, 6144 tokens."""

RED = (213, 47, 35)
WHITE = (255, 255, 255)

_Edges = tuple[int, int, int, int]


def fit(width: int, height: int) -> tuple[int, int]:
    """(width, height) in pixels to which the glm4v processor resizes a picture of this size.

    Raises ValueError when one side is more than 200 times the other, as the processor does.
    """
    if min(width, height) < GRID:
        scale = max(GRID / width, GRID / height)
        width, height = int(width * scale), int(height * scale)
    if max(width, height) > 200 * min(width, height):
        raise ValueError(f"{width} × {height} pixels: one side is over 200 times the other")
    snapped = round(width / GRID) * GRID, round(height / GRID) * GRID
    pixels = FRAMES * snapped[0] * snapped[1]
    if pixels > LARGEST:
        shrink = math.sqrt(FRAMES * width * height / LARGEST)
        return _down(width / shrink), _down(height / shrink)
    if pixels < SMALLEST:
        grow = math.sqrt(SMALLEST / (FRAMES * width * height))
        return math.ceil(width * grow / GRID) * GRID, math.ceil(height * grow / GRID) * GRID
    return snapped


def _down(side: float) -> int:
    return max(GRID, math.floor(side / GRID) * GRID)


def tokens(width: int, height: int) -> int:
    """Visual tokens of a picture of this size, without the two markers around it."""
    fitted = fit(width, height)
    return fitted[0] * fitted[1] // GRID**2


def prepare(screenshot: Screenshot) -> Image:
    """The screenshot as it is; scaled down only when the processor would do that anyway."""
    if _too_large(screenshot):
        return encode(_decode(screenshot))
    return Image(screenshot.data, screenshot.media_type, screenshot.width, screenshot.height)


@lru_cache(maxsize=256)
def smaller(screenshot: Screenshot, scale: float) -> Screenshot:
    """The screenshot at this share of its width and height, on the processor's grid.

    Made once for each screenshot: the same bytes in every prompt, so that caches hit.
    """
    width, height = screenshot.width, screenshot.height
    size = fit(max(1, round(width * scale)), max(1, round(height * scale)))
    picture = PIL.Image.open(io.BytesIO(screenshot.data))
    # A JPEG is decoded at about this size at once; the grid may round up a little.
    picture.draft("RGB", (max(1, size[0] - GRID), max(1, size[1] - GRID)))
    image = encode(picture.convert("RGB").resize(size, PIL.Image.Resampling.LANCZOS))
    return Screenshot(image.data, *size, image.media_type)


@lru_cache(maxsize=256)
def half(screenshot: Screenshot) -> Image:
    """The screenshot at half its width and height, as PNG; for the pictures of a history.

    Made once for each screenshot: the same bytes in every prompt, so that caches hit.
    """
    width, height = screenshot.width, screenshot.height
    if _too_large(screenshot):
        width, height = fit(width, height)
    size = max(1, width // 2), max(1, height // 2)
    picture = PIL.Image.open(io.BytesIO(screenshot.data))
    picture.draft("RGB", size)  # a JPEG is decoded at this size at once
    buffer = io.BytesIO()
    resized = picture.convert("RGB").resize(size, PIL.Image.Resampling.BICUBIC)
    resized.save(buffer, "PNG", compress_level=1)
    return Image(buffer.getvalue(), "image/png", *size)


def encode(picture: PIL.Image.Image) -> Image:
    """JPEG at quality 90 with full colour resolution, which is what keeps coloured text sharp."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90, subsampling=0)
    return Image(buffer.getvalue(), "image/jpeg", picture.width, picture.height)


def draw_marks(screenshot: Screenshot, elements: Iterable[Element]) -> Image:
    """The screenshot with each marked element outlined and numbered at its top-left corner.

    The look is that of the makers' example: thick dashes and white digits on a solid red label.
    """
    picture = _decode(screenshot)
    scale = max(1.0, math.sqrt(picture.width * picture.height / (1280 * 720)))
    marked = [(e.mark, e.box.pixels(*picture.size)) for e in elements if e.mark is not None]
    for _, edges in marked:
        _outline(picture, edges, round(3 * scale))
    taken = PIL.Image.new("L", picture.size)
    for mark, edges in marked:
        label = _label(str(mark), round(13 * scale))
        picture.paste(label, _place(label.size, edges, taken))
    return encode(picture)


def _too_large(screenshot: Screenshot) -> bool:
    return FRAMES * screenshot.width * screenshot.height > LARGEST


def _decode(screenshot: Screenshot) -> PIL.Image.Image:
    picture: PIL.Image.Image = PIL.Image.open(io.BytesIO(screenshot.data))
    picture.load()
    if picture.mode != "RGB":  # converting copies, which costs as much as decoding
        picture = picture.convert("RGB")
    if _too_large(screenshot):
        return picture.resize(fit(*picture.size), PIL.Image.Resampling.BICUBIC)
    return picture


def _outline(picture: PIL.Image.Image, edges: _Edges, thick: int) -> None:
    left, top, right, bottom = edges
    row, column = _dashes(max(picture.size), thick)
    across = row.crop((0, 0, max(1, right - left), thick))
    down = column.crop((0, 0, thick, max(1, bottom - top)))
    picture.paste(RED, (left, top), across)
    picture.paste(RED, (left, bottom - thick), across)
    picture.paste(RED, (left, top), down)
    picture.paste(RED, (right - thick, top), down)


@lru_cache(maxsize=8)
def _dashes(length: int, thick: int) -> tuple[PIL.Image.Image, PIL.Image.Image]:
    """Masks of a dashed line across and down; pasting pieces of them beats drawing each dash."""
    row = PIL.Image.new("L", (length, thick), 0)
    dash = thick + thick // 2 + 1
    for start in range(0, length, 2 * dash):
        row.paste(255, (start, 0, min(start + dash, length), thick))
    return row, row.transpose(PIL.Image.Transpose.TRANSPOSE)


@lru_cache(maxsize=2048)
def _label(digits: str, size: int) -> PIL.Image.Image:
    font = _font(size)
    left, top, right, bottom = font.getbbox(digits)
    margin = max(2, size // 5)
    area = math.ceil(right - left) + 2 * margin, math.ceil(bottom - top) + 2 * margin
    label = PIL.Image.new("RGB", area, RED)
    ImageDraw.Draw(label).text((margin - left, margin - top), digits, WHITE, font)
    return label


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _place(label: tuple[int, int], edges: _Edges, taken: PIL.Image.Image) -> tuple[int, int]:
    """The first free spot around the corner, kept inside the picture; else the usual one.

    `taken` is a map, as large as the picture, of where labels lie.
    """
    (width, height), (left, top, _, _) = label, edges
    on_the_line = top - height + height // 4
    areas = []
    for x, y in itertools.product((left, left - width), (on_the_line, on_the_line + height)):
        x, y = min(max(x, 0), taken.width - width), min(max(y, 0), taken.height - height)
        areas.append((x, y, x + width, y + height))
    chosen = next((area for area in areas if not taken.crop(area).getbbox()), areas[0])
    taken.paste(1, chosen)
    return chosen[:2]
