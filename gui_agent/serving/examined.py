"""A model client that looks its server over while the platform opens, before the first answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from gui_agent.checks import Check
from gui_agent.errors import ModelError
from gui_agent.model import GLM
from gui_agent.protocols import Message, Sampling
from gui_agent.serving.checks import essentials
from gui_agent.trajectory import Completion


class ExaminedGLM:
    """A `GLM` that refuses its first question to a server on which a run would fail."""

    def __init__(
        self,
        glm: GLM,
        pictures: int,
        *,
        tell: Callable[[str], None],
        passed: Callable[[], None],
    ) -> None:
        """`pictures`: how many a request will hold. `tell` hears what is not as it should be,
        `passed` that the server will do."""
        self._glm = glm
        self._pictures = pictures
        self._tell = tell
        self._pass = passed
        self._examination: asyncio.Task[list[Check]] | None = None
        self._passed = False

    async def identify(self) -> str:
        """As `GLM.identify`; the examination begins. Raises ModelError."""
        name = await self._glm.identify()
        if not self._passed and self._examination is None:
            looking = essentials(self._glm, self._pictures)
            self._examination = asyncio.create_task(looking, name="examine the server")
        return name

    async def complete(
        self,
        messages: tuple[Message, ...],
        sampling: Sampling,
        until: Callable[[str], bool] | None = None,
    ) -> Completion:
        """As `GLM.complete`, once the server has passed. Raises ModelError with what `doctor`
        would say of it."""
        await self.identify()
        if self._examination is not None:
            self._judge(await self._examination)
        return await self._glm.complete(messages, sampling, until)

    def _judge(self, rows: list[Check]) -> None:
        self._examination = None
        for row in rows:
            if row.verdict == "fail":
                raise ModelError(f"{row.detail}. {row.fix}.", row.name)
            if row.verdict == "warn":
                self._tell(f"{row.name}: {row.detail}. {row.fix}.")
        self._passed = True
        self._pass()

    async def close(self) -> None:
        """As `GLM.close`; an examination under way is dropped."""
        examination, self._examination = self._examination, None
        if examination is not None:
            examination.cancel()
            with suppress(asyncio.CancelledError, ModelError):
                await examination
        await self._glm.close()
