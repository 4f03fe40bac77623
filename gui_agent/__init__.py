"""gui-agent: a vision-language model operates a browser, a phone or a desktop.

The loop is in `gui_agent.agent`. Public names load when they are first used, so importing this
package is cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_WHERE = {
    "Agent": "gui_agent.agent",
    "Limits": "gui_agent.agent",
    "GLM": "gui_agent.model",
    "WebPlatform": "gui_agent.platforms.web",
}

__all__ = ["GLM", "Agent", "Limits", "WebPlatform", "__version__"]

if TYPE_CHECKING:
    from gui_agent.agent import Agent as Agent
    from gui_agent.agent import Limits as Limits
    from gui_agent.model import GLM as GLM
    from gui_agent.platforms.web import WebPlatform as WebPlatform


def __getattr__(name: str) -> object:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'gui_agent' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
