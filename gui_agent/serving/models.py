"""The models that `gui-agent serve` knows, and what each needs from vLLM."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from gui_agent.errors import SetupError

TEMPLATE = Path(__file__).with_name("glm41v.jinja")


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model, and what is particular about serving it."""

    source: str
    """Repository on the Hugging Face hub, or folder."""
    name: str
    """The served name, from which the client knows which dialect to speak."""
    context: int = 32_768
    """Tokens of one conversation: the largest step of any dialect fits in half of it."""
    template: Path | None = None
    content_format: str = "openai"
    thinks: bool = True
    """It opens `<think>` by itself, so a reasoning parser may split its answers."""
    gpus: int = 1
    """GPUs that hold the weights, as the makers serve it."""


GLM_41V = ServedModel("zai-org/GLM-4.1V-9B-Thinking", "glm-4.1v", template=TEMPLATE)
GLM_45V = ServedModel("zai-org/GLM-4.5V", "glm-4.5v", gpus=4)
AUTOGLM = ServedModel(
    "zai-org/AutoGLM-Phone-9B", "autoglm-phone-9b", content_format="string", thinks=False
)
"""With the format that its makers serve it with. Its answers often come without thinking, which a
reasoning parser would take for nothing but thinking."""

_FAMILIES = {"autoglm": AUTOGLM, "glm-4.1v": GLM_41V, "glm-4.5v": GLM_45V, "glm-4.6v": GLM_45V}
_ARCHITECTURES = {
    "Glm4vForConditionalGeneration": GLM_41V,
    "Glm4vMoeForConditionalGeneration": GLM_45V,
}


def known(model: str) -> ServedModel:
    """What is known of `glm-4.1v`, a repository or a folder; a stranger gets plain settings.

    Raises SetupError for a folder that holds no model.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        return replace(_of_folder(folder), source=str(folder))
    if model.startswith(("/", "./", "../", "~")):
        raise SetupError(f"There is no folder {model}: give the one that holds config.json.")
    family = _by_name(model)
    if family is None:
        return _stranger(model)
    return replace(family, source=model) if "/" in model else family


def _by_name(model: str) -> ServedModel | None:
    name = model.lower().replace("_", "-")
    return next((family for part, family in _FAMILIES.items() if part in name), None)


def _of_folder(folder: Path) -> ServedModel:
    """By the folder's name, else by the architecture in its configuration."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        architectures = config.get("architectures") or []
    except (OSError, ValueError, AttributeError) as error:
        raise SetupError(f"{folder} holds no model: it has no readable config.json.") from error
    if named := _by_name(folder.name):
        return named
    found = (_ARCHITECTURES[name] for name in architectures if name in _ARCHITECTURES)
    return next(found, None) or _stranger(str(folder))


def _stranger(model: str) -> ServedModel:
    return ServedModel(model, Path(model).name.lower(), thinks=False)
