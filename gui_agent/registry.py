"""Names → classes; the only file that knows them. Strings, not imports: choosing one never loads
another.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from gui_agent.errors import SetupError
from gui_agent.protocols import Dialect, PlatformKind

PLATFORMS: dict[str, str] = {
    "web": "gui_agent.platforms.web:WebPlatform",
    "desktop": "gui_agent.platforms.desktop:DesktopPlatform",
    "android": "gui_agent.platforms.android:AndroidPlatform",
}

CHECKS: dict[str, str] = {
    "web": "gui_agent.platforms.web_checks:checks",
    "desktop": "gui_agent.platforms.desktop_checks:checks",
    "android": "gui_agent.platforms.android_checks:checks",
}
"""What `doctor` looks at before a run on this platform."""

DIALECTS: dict[tuple[str, PlatformKind], str] = {
    ("glm-4.1v", "web"): "gui_agent.prompts.glm41v:Glm41vWeb",
    ("glm-4.1v", "desktop"): "gui_agent.prompts.glm41v:Glm41vDesktop",
    ("glm-4.5v", "web"): "gui_agent.prompts.glm45v:Glm45vWeb",
    ("glm-4.1v", "android"): "gui_agent.prompts.glm41v:Glm41vPhone",
    ("glm-4.5v", "android"): "gui_agent.prompts.glm45v:Glm45vPhone",
    ("glm-4.5v", "desktop"): "gui_agent.prompts.glm45v:Glm45vDesktop",
    ("json", "web"): "gui_agent.prompts.json_actions:JsonActions",
    ("json-unmarked", "web"): "gui_agent.prompts.json_actions:unmarked",
    ("autoglm", "android"): "gui_agent.prompts.autoglm:AutoGlm",
    ("autoglm-en", "android"): "gui_agent.prompts.autoglm:english",
    ("json", "android"): "gui_agent.prompts.json_actions:JsonActions",
    ("json-unmarked", "android"): "gui_agent.prompts.json_actions:unmarked",
    ("json", "desktop"): "gui_agent.prompts.json_actions:JsonActions",
    ("json-unmarked", "desktop"): "gui_agent.prompts.json_actions:unmarked",
}


def platform(name: str) -> Any:
    """The platform class of this name, or of this dotted path `package.module:Class`."""
    if name in PLATFORMS:
        return load(PLATFORMS[name])
    if ":" in name:
        return load(name)
    raise SetupError(f"There is no platform '{name}'. Known: {', '.join(PLATFORMS)}.")


def checks(name: str) -> Any:
    """The function that checks this platform: its options → awaitable of a list of `Check`."""
    if name not in CHECKS:
        raise SetupError(f"Nothing is known to check for '{name}'. Known: {', '.join(CHECKS)}.")
    return load(CHECKS[name])


def dialect(name: str, kind: PlatformKind, **options: Any) -> Dialect:
    """The dialect of this name (or dotted path) for this kind of platform."""
    if ":" in name:
        return _dialect(load(name), options)
    known = [family for family, where in DIALECTS if where == kind]
    if name not in known:
        raise SetupError(f"There is no {kind} dialect '{name}'. Known: {', '.join(known)}.")
    return _dialect(load(DIALECTS[name, kind]), options)


def dialect_for(model: str, kind: PlatformKind, **options: Any) -> Dialect:
    """The dialect that a model of this served name was trained on; `json` for any other model."""
    return dialect(family(model), kind, **options)


def family(model: str) -> str:
    """`glm-4.1v` for names such as `zai-org/GLM-4.1V-9B-Thinking`; `json` for strangers;
    `json-unmarked` for our own baseline, which reads the pixels."""
    name = model.lower().replace("_", "-")
    if "glm-4.1v" in name:
        return "glm-4.1v"
    if "glm-4.5v" in name or "glm-4.6v" in name:
        return "glm-4.5v"
    if "autoglm" in name:
        return "autoglm-en" if "multilingual" in name or name.endswith("-en") else "autoglm"
    return "json-unmarked" if name.startswith("builtin/") else "json"


def load(path: str) -> Any:
    """The object at `package.module:Name`. Raises SetupError when it can't be had."""
    module, _, name = path.partition(":")
    try:
        return getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        raise SetupError(f"Can't load '{path}': {error}.") from error
    except AttributeError as error:
        raise SetupError(f"Can't load '{path}': the module has no '{name}'.") from error


def _dialect(factory: Any, options: dict[str, Any]) -> Dialect:
    made: Dialect = factory(**options)
    return made
