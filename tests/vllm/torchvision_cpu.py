"""Lets PyPI's torchvision, a build for CUDA, be imported beside a torch for the CPU.

Its extension does not load there, and then the two operators miss that only the extension declares.
Declaring them first is enough for what vLLM uses: resizing and normalising are plain torch.
"""

from __future__ import annotations

import importlib.abc
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_MISSING = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)


class _BeforeTorchvision(importlib.abc.MetaPathFinder):
    """Finds nothing; it only notices that torchvision is about to be imported."""

    def __init__(self) -> None:
        self._noticed = False
        self._library: Any = None

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == "torchvision" and not self._noticed:
            self._noticed = True  # torch looks for torchvision too
            import torch

            self._library = torch.library.Library("torchvision", "FRAGMENT")
            for schema in _MISSING:
                with suppress(RuntimeError):  # a build for the CPU has declared it itself
                    self._library.define(schema)
        return None


def activate() -> None:
    """Called when Python starts; nothing is imported until somebody imports torchvision."""
    sys.meta_path.insert(0, _BeforeTorchvision())
