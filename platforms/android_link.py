"""The line to one phone: shell commands and automation calls in turn, and its own reconnecting.

What may have happened on the phone is never sent again: only what merely reads is repeated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from gui_agent.errors import PlatformLost, SetupError
from gui_agent.platforms.android_adb import Adb, AdbError, Unanswered, Unreachable
from gui_agent.platforms.android_journal import Journal
from gui_agent.platforms.android_server import Server

T = TypeVar("T")

_CALL_SECONDS = 10.0
_BOOT_SECONDS = 60.0
_DIAL_SECONDS = 5.0
_ECHO_SECONDS = 3.0
_POLL_SECONDS = 0.2


class Link:
    """Everything that is said to one phone; one thing at a time."""

    def __init__(self, adb: Adb, serial: str, journal: Journal, patience: float = 20.0) -> None:
        """`patience`: seconds that a phone that is gone may take to come back."""
        self.serial = serial
        self._patience = patience
        self._adb = adb
        self._server = Server(adb, serial, journal)
        self._journal = journal
        self._turn = asyncio.Lock()

    async def open(self) -> None:
        """Wait until the phone has booted, and start the automation server. Raises SetupError."""
        try:
            await self._boot()
            await self._server.start()
        except AdbError as error:
            raise SetupError(f"The phone {self.serial} went away: {error}.") from error

    async def close(self) -> None:
        """Stop the automation server: nothing of this program runs on the phone after it."""
        await self._server.stop()

    async def ask(self, method: str, *params: Any, seconds: float = _CALL_SECONDS) -> Any:
        """An automation call that only reads, and may be repeated. Raises RpcError, AdbError."""
        return await self._rpc(method, params, seconds, repeat=True)

    async def do(
        self, method: str, *params: Any, seconds: float = _CALL_SECONDS, shown: str = ""
    ) -> Any:
        """An automation call that acts. Raises RpcError, or Unanswered when it may have happened.

        `shown` is what the journal holds instead of arguments that are private.
        """
        return await self._rpc(method, params, seconds, repeat=False, shown=shown)

    async def once(self, method: str, *params: Any, seconds: float = _CALL_SECONDS) -> Any:
        """An automation call that there is another way for: no reconnecting, no repetition."""
        async with self._turn:
            return await self._server.call(method, params, seconds)

    async def shell(
        self, line: str, *, seconds: float = _CALL_SECONDS, repeat: bool = True, shown: str = ""
    ) -> str:
        """What the command prints, both channels. Raises AdbError."""
        said = await self.run(f"shell:{line}", seconds=seconds, repeat=repeat, shown=shown)
        return said.decode("utf-8", "replace")

    async def say(self, line: str) -> str:
        """A shell command for a phone that may be gone: tried once. Raises AdbError."""
        async with self._turn:
            return (await self._read(line, _ECHO_SECONDS)).decode("utf-8", "replace")

    @property
    def port(self) -> int:
        """Where the automation server listens on the phone; 0 before it was started."""
        return self._server.port

    async def listens(self, port: int) -> bool:
        """Does anything answer at this port of the phone? Raises Unreachable, Unanswered."""

        async def dial() -> bool:
            try:
                async with asyncio.timeout(_ECHO_SECONDS):
                    async with self._adb.stream(self.serial, f"tcp:{port}"):
                        return True
            except (Unreachable, Unanswered):
                raise
            except (AdbError, TimeoutError):
                return False

        async with self._turn:
            return await self._journal.record(self.serial, f"tcp:{port}", dial())

    async def run(
        self,
        service: str,
        *,
        seconds: float = _CALL_SECONDS,
        repeat: bool = True,
        shown: str = "",
    ) -> bytes:
        """All that a service of adb says, as `exec:screencap -p`. Raises AdbError."""

        async def send() -> bytes:
            try:
                return await self._journal.record(
                    self.serial,
                    shown or service,
                    self._adb.read(self.serial, service, seconds),
                    private=bool(shown),
                )
            except (Unreachable, Unanswered):
                raise
            except AdbError as error:  # closed while it was being opened: it may have run
                raise Unanswered(str(error)) from error

        return await self._carry(send, repeat)

    async def _rpc(
        self, method: str, params: tuple[Any, ...], seconds: float, *, repeat: bool, shown: str = ""
    ) -> Any:
        return await self._carry(lambda: self._server.call(method, params, seconds, shown), repeat)

    async def _carry(self, send: Callable[[], Awaitable[T]], repeat: bool) -> T:
        async with self._turn:
            try:
                return await send()
            except Unreachable:
                await self._recover()  # nothing was delivered
            except Unanswered:
                await self._recover()
                if not repeat:
                    raise
            except SetupError as error:  # the automation server can't be started again
                raise PlatformLost(str(error)) from error
            return await send()

    async def _read(self, line: str, seconds: float) -> bytes:
        """What the command prints; tried once. Raises AdbError."""
        service = f"shell:{line}"
        said = self._adb.read(self.serial, service, seconds)
        return await self._journal.record(self.serial, service, said)

    async def _recover(self) -> None:
        """Get the phone back, with a fresh automation server on it. Raises PlatformLost."""
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    if await self._is_back():
                        break
                    await asyncio.sleep(_POLL_SECONDS)
        except (TimeoutError, AdbError) as error:
            raise PlatformLost(
                f"The phone {self.serial} is gone: check the cable or the Wi-Fi, then start again."
            ) from error
        try:
            await self._boot()
            await self._server.start()
        except (AdbError, SetupError) as error:
            raise PlatformLost(
                f"The phone {self.serial} came back but can't be used: {error}"
            ) from error

    async def _is_back(self) -> bool:
        """Does it answer? A phone on Wi-Fi that does not is dialled anew."""
        state = (await self._adb.devices()).get(self.serial, "")
        if state == "unauthorized":
            raise PlatformLost(
                f"The phone {self.serial} no longer allows this computer: accept the question on"
                " its screen, then start again."
            )
        if state == "device":
            try:
                return (await self._read("echo back", _ECHO_SECONDS)).strip() == b"back"
            except AdbError:
                pass  # adb has not noticed yet that it is gone
        if ":" in self.serial:
            await self._dial()
        return False

    async def _dial(self) -> None:
        for verb in ("disconnect", "connect"):
            request = f"host:{verb}:{self.serial}"
            try:
                asked = self._adb.ask(request, _DIAL_SECONDS)
                await self._journal.record(self.serial, request, asked)
            except AdbError:
                continue  # it was not connected, or is not there yet: the next look tells

    async def _boot(self) -> None:
        """Wait until Android has started. Raises SetupError when it does not, AdbError."""
        line = "getprop sys.boot_completed"
        try:
            async with asyncio.timeout(_BOOT_SECONDS):
                while True:
                    if (await self._read(line, _CALL_SECONDS)).strip() == b"1":
                        break
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError as error:
            raise SetupError(
                f"The phone {self.serial} is still starting: wait until it shows its home screen."
            ) from error
