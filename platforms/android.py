"""An Android phone as a platform, over adb and uiautomator2's server on the phone.

Nothing here blocks: every call to the phone is a socket of its own with a deadline, one after the
other for each phone.
"""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path
from typing import Literal

from gui_agent.actions import Action, Wait
from gui_agent.errors import ActionFailed, PlatformLost, SetupError
from gui_agent.platforms import android_borrowed as borrowed
from gui_agent.platforms.android_adb import Adb, AdbError, Unanswered
from gui_agent.platforms.android_devices import choose
from gui_agent.platforms.android_journal import Journal
from gui_agent.platforms.android_link import Link
from gui_agent.platforms.android_look import Look, Options
from gui_agent.platforms.android_server import JAR, RpcError
from gui_agent.platforms.android_session import Session
from gui_agent.screen import Observation

log = logging.getLogger("gui_agent")


class AndroidPlatform:
    """One phone or tablet, on a cable or on Wi-Fi."""

    kind: Literal["android"] = "android"

    def __init__(
        self,
        serial: str = "",
        *,
        adb: str = "",
        settle: float = 1.5,
        press: float = 0.1,
        scale: float = 1.0,
        quality: int = 80,
        elements: bool = True,
        protected: bool = False,
        patience: float = 20.0,
        journal: str | Path = "",
    ) -> None:
        """`serial`: which phone; "" takes the only one. `host:port` is dialled.
        `adb`: the adb server, `host:port`; "" goes by adb's own variables.
        `settle`: seconds to wait at most for a quiet screen.
        `press`: seconds that a tap presses.
        `scale`, `quality`: of the pictures, which the phone itself makes smaller.
        `elements`: list what the accessibility tree knows of the window in front.
        `protected`: go on by the elements alone where an app allows no pictures, instead of
        handing over to a person.
        `patience`: seconds that a phone that is gone may take to come back.
        `journal`: a file for every command that is sent to the phone, as JSON lines.
        """
        self._serial = serial
        self._adb = adb
        self._options = Options(settle, press, scale, quality, elements, protected)
        self._patience = patience
        self._journal = Journal(Path(journal) if journal else None)
        self._link: Link | None = None
        self._session: Session | None = None

    async def open(self) -> None:
        """Connect and start the automation server. Raises SetupError with what to do next."""
        if self._link is not None:
            return
        link = await self._chosen()
        session = Session(link, self._options)
        try:
            await link.open()
            await session.open()
        except (AdbError, RpcError, PlatformLost) as error:
            await _close(link, session)
            raise SetupError(
                str(_refusal(error) if isinstance(error, RpcError) else error)
            ) from error
        except BaseException:
            await _close(link, session)
            raise
        self._link, self._session = link, session

    async def observe(self) -> Observation:
        """The screen once it is quiet, awake and unlocked. Raises PersonNeeded, PlatformLost."""
        session = self._opened()
        try:
            return await session.observe()
        except (AdbError, RpcError) as error:
            raise PlatformLost(f"The phone can't be looked at: {error}.") from error

    async def perform(self, action: Action) -> str:
        """Carry out the action; what may have happened is never repeated.

        Raises ActionFailed or PlatformLost.
        """
        session = self._opened()
        if isinstance(action, Wait):
            await asyncio.sleep(action.seconds)
            return ""
        try:
            return await session.perform(action)
        except Unanswered as error:
            raise ActionFailed(
                f"The connection to the phone broke meanwhile ({error}): it may have happened or"
                " not. Look at the screen."
            ) from error
        except AdbError as error:
            raise PlatformLost(f"The phone does not answer: {error}.") from error
        except RpcError as error:
            raise _refusal(error) from error

    async def close(self) -> None:
        """Stop the automation server and leave the phone as it was; apps stay as they are."""
        link, session = self._link, self._session
        self._link = self._session = None
        if link is not None and session is not None:
            await _close(link, session)

    async def reset(self) -> tuple[str, ...]:
        """Put right what a crashed run has left on the phone, and remove this program's files.

        The phone's commands that were needed for it. Raises SetupError when it can't be reached.
        """
        link = await self._chosen()
        try:
            undone = await borrowed.give_back(link.say)
            await link.say(f"rm -f {borrowed.NOTES} {JAR}")
        except AdbError as error:
            raise SetupError(f"The phone {link.serial} went away: {error}.") from error
        return undone

    @property
    def look(self) -> Look | None:
        """The evidence behind the last observation: how its frame was taken, rotation, lock."""
        return self._session.look if self._session else None

    async def _chosen(self) -> Link:
        """A link to the phone that is meant. Raises SetupError."""
        adb = Adb.at(self._adb, os.environ)
        try:
            return Link(adb, await choose(adb, self._serial), self._journal, self._patience)
        except AdbError as error:
            raise SetupError(f"The phone can't be reached: {error}.") from error

    def _opened(self) -> Session:
        if self._session is None:
            raise PlatformLost("The phone is not open: call open() first.")
        return self._session


async def _close(link: Link, session: Session) -> None:
    try:
        await session.close()
    except AdbError as error:
        log.warning("The phone %s is gone before it was put right: %s.", link.serial, error)
    finally:
        await link.close()


def _refusal(error: RpcError) -> ActionFailed | PlatformLost:
    if "INJECT_EVENTS" in error.text:
        return PlatformLost(
            "The phone refuses taps and keys from this computer: in its developer options turn on"
            " 'USB debugging (Security settings)' (Xiaomi, Redmi, POCO) or turn off 'permission"
            " monitoring' (OPPO, vivo, OnePlus), then start again."
        )
    return ActionFailed(f"The phone refused: {error}.")
