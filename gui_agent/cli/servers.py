"""Model servers that a run may rely on: each is looked over once a day, before its first answer."""

from __future__ import annotations

import datetime
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from gui_agent.model import GLM
from gui_agent.protocols import Model


def pictures(platform: str) -> int:
    """How many pictures a request holds on this platform."""
    return 5 if platform == "desktop" else 1


def examined(glm: GLM, platform: str, console: Console) -> Model:
    """The same client; it looks at a server that has not passed today while the platform opens."""
    line = f"{datetime.date.today()} {platform} {glm.url} {glm.name}"
    if line in _passed():
        return glm
    from gui_agent.serving.examined import ExaminedGLM

    return ExaminedGLM(
        glm,
        pictures(platform),
        tell=lambda line: console.print(f"! {line}", style="yellow", soft_wrap=True),
        passed=lambda: _remember(line),
    )


def _passed() -> list[str]:
    with suppress(OSError, UnicodeDecodeError):
        return _file().read_text("utf-8").splitlines()
    return []


def _remember(line: str) -> None:
    kept = [old for old in _passed() if old[:10] == line[:10]]
    with suppress(OSError):  # then it is looked at again next time
        _file().parent.mkdir(parents=True, exist_ok=True)
        _file().write_text("\n".join([*kept, line]) + "\n", "utf-8")


def _file() -> Path:
    from platformdirs import user_state_path

    return user_state_path("gui-agent", appauthor=False) / "examined-servers.txt"
