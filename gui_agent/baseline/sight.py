"""Looking at the picture before acting: does the place of an element show what the list says?

Reads small crops with PP-OCR (the models come inside the `rapidocr` wheel; nothing is downloaded).
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import logging
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from gui_agent.baseline import words
from gui_agent.baseline.page import BadRequest, Page
from gui_agent.errors import MissingExtra

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

from gui_agent.screen import Box, Element

_DRAWN = 14.0
"""Grey levels (of 255) between the darkest and the lightest of a place where something is drawn."""
_SURE = 0.8
"""Below this confidence, what was read does not count against the list."""
_LINE = 48
"""Pixels: a taller crop may hold several lines, which have to be found before they are read."""
_KEPT = 512
_READS_AS_NAME = frozenset({"button", "link", "tab", "menuitem", "option"})


class Sight:
    """The eyes of the baseline; slow (about 30 ms a line), so results are kept by picture."""

    def __init__(self) -> None:
        """Raises MissingExtra."""
        for package in ("rapidocr", "onnxruntime", "cv2"):
            if importlib.util.find_spec(package) is None:
                raise MissingExtra("baseline", package)
        self._engine: Any = None
        self._seen: OrderedDict[tuple[str, Box], tuple[str, float]] = OrderedDict()

    def confirm(self, page: Page, element: Element) -> tuple[bool, str]:
        """Is something drawn at the element's place, and does it not read as something else?

        An icon, a field or a box need not read as its name; a place that shows nothing, or clearly
        other words, is mistrusted.
        """
        if not page.picture:
            raise BadRequest("the request has no picture: this baseline acts only on what it sees")
        picture = _decoded(page.picture)
        crop = _crop(picture, element.box, margin=3)
        if crop.size == 0 or float(crop.max()) - float(crop.min()) < _DRAWN:
            return False, f"nothing is drawn where '{element.name}' should be"
        if element.role not in _READS_AS_NAME or not element.name:
            return True, "something is drawn there"
        text, confidence = self._read(page.picture, crop, element.box)
        agreement = agree(element.name, text)
        if agreement >= 0.5:
            return True, f"OCR reads '{text}'"
        if confidence < _SURE or len(words.look_alike(text)) < 3:
            return True, "OCR reads no words there (an icon)"
        if agree(element.value or "", text) >= 0.5:
            return True, f"OCR reads '{text}', which it holds"
        return False, f"'{element.name}' reads as '{text}'"

    def _read(self, picture: bytes, crop: NDArray[np.uint8], box: Box) -> tuple[str, float]:
        key = (hashlib.blake2b(picture, digest_size=16).hexdigest(), box)
        if key not in self._seen:
            self._seen[key] = self._recognise(crop)
            if len(self._seen) > _KEPT:
                self._seen.popitem(last=False)
        return self._seen[key]

    def _recognise(self, crop: NDArray[np.uint8]) -> tuple[str, float]:
        """The words in a crop and the confidence of the least certain line."""
        if self._engine is None:
            self._engine = _engine()
        tall = crop.shape[0] > _LINE
        result = self._engine(crop, use_det=tall, use_cls=False, use_rec=True)
        texts = [text for text in result.txts or () if text.strip()]
        return " ".join(texts), min(result.scores or (0.0,), default=0.0)


def agree(name: str, read: str) -> float:
    """The share of what was read that the name accounts for, letter confusions forgiven."""
    wanted, seen = _letters(name), _letters(read)
    if not seen:
        return 0.0
    if seen in wanted or (wanted in seen and 3 * len(wanted) >= len(seen)):
        return 1.0
    parts = [_letters(part) for part in read.split()]
    found = sum(len(part) for part in parts if part and part in wanted)
    return max(found / len(seen), _common(wanted, seen) / len(seen))


def _letters(text: str) -> str:
    """Letters and digits alone: an underline reads as `_`, a border as `|`."""
    return "".join(filter(str.isalnum, words.look_alike(text)))


def _common(one: str, other: str) -> int:
    """Length of the longest run of letters that both have."""
    best, row = 0, [0] * (len(other) + 1)
    for a in one:
        row = [0, *(row[j] + 1 if a == b else 0 for j, b in enumerate(other))]
        best = max(best, *row)
    return best


def _engine() -> Any:
    from rapidocr import RapidOCR

    threads = {
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    engine = RapidOCR(params={"Global.log_level": "error", **threads})
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return engine


def _decoded(picture: bytes) -> NDArray[np.uint8]:
    import numpy as np
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(picture)) as image:
            return np.asarray(image.convert("RGB"))
    except (UnidentifiedImageError, OSError) as error:
        raise BadRequest(f"the picture can't be decoded: {error}") from error


def _crop(picture: NDArray[np.uint8], box: Box, margin: int) -> NDArray[np.uint8]:
    height, width = picture.shape[:2]
    left, top, right, bottom = box.pixels(width, height)
    return picture[
        max(top - margin, 0) : min(bottom + margin, height),
        max(left - margin, 0) : min(right + margin, width),
    ]
