"""One thread for a blocking driver: every call runs on it, in turn, each with a deadline."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

from gui_agent.errors import PlatformLost

T = TypeVar("T")

GRACE = 3.0
"""Seconds that a call which nobody waits for any more gets to let go of what it holds."""


class Interrupted(Exception):
    """Raised by `DriverThread.pause` in a call whose caller was cancelled."""


class DriverThread:
    """Runs a driver's calls on one thread, because many drivers can't bear a second one.

    A call that misses its deadline can't be stopped: the driver counts as lost from then on.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        """What is driven, for messages: `the desktop`."""
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._interrupted = threading.Event()
        self._thread: threading.Thread | None = None
        self._lost = False

    async def call(self, function: Callable[[], T], seconds: float = 10.0) -> T:
        """The function's result, or its exception. Raises PlatformLost after `seconds`.

        A cancelled call is interrupted at its next `pause`, and waited for, before the
        cancellation goes on: what it held is let go by then.
        """
        if self._lost:
            raise PlatformLost(f"{self.name} stopped answering; start it anew.")
        self._start()
        future: Future[T] = Future()
        self._calls.put(lambda: self._run(future, function))
        answer = asyncio.wrap_future(future)
        answer.add_done_callback(_mark_retrieved)
        try:
            done, _ = await asyncio.wait([answer], timeout=seconds)
        except asyncio.CancelledError:
            self._interrupted.set()
            done, _ = await asyncio.wait([answer], timeout=GRACE)
            self._lost = not done
            raise
        if not done:
            self._lost = True
            self._interrupted.set()
            raise PlatformLost(f"{self.name} did not answer within {seconds:g} s.")
        return answer.result()

    def pause(self, seconds: float) -> None:
        """Sleep, on the driver's thread. Raises Interrupted when the caller has given up."""
        if self._interrupted.wait(seconds):
            raise Interrupted

    def stop(self) -> None:
        """End the thread once its last call is done; a later call starts a new one."""
        if self._thread:
            self._calls.put(None)
            self._thread = None
            self._calls = SimpleQueue()
            self._lost = False

    def _start(self) -> None:
        if self._thread is None:
            # A daemon: a driver that hangs must not keep the interpreter from ending.
            self._thread = threading.Thread(
                target=_work, args=(self._calls,), name=self.name, daemon=True
            )
            self._thread.start()

    def _run(self, future: Future[T], function: Callable[[], T]) -> None:
        self._interrupted.clear()
        try:
            future.set_result(function())
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is awaited
            future.set_exception(error)


def _work(calls: SimpleQueue[Callable[[], None] | None]) -> None:
    while (call := calls.get()) is not None:
        call()


def _mark_retrieved(answer: asyncio.Future[T]) -> None:
    if not answer.cancelled():
        answer.exception()
