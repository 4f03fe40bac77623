"""A person at a terminal: asked one line at a time, without holding up the event loop."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from threading import Thread


def attended() -> bool:
    """Is somebody there to answer?"""
    return sys.stdin.isatty() and sys.stderr.isatty()


async def ask(question: str) -> str:
    """What the person types, stripped; "" for an empty line and at the end of the input."""
    sys.stderr.write(f"{question} ")
    sys.stderr.flush()
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str] = loop.create_future()

    def deliver(line: str) -> None:
        if not answer.done():
            answer.set_result(line)

    def read() -> None:
        # Unbuffered, and a daemon: a run that is stopped must not wait for this line.
        with open(0, "rb", buffering=0, closefd=False) as stdin:
            line = stdin.readline().decode(errors="replace").strip()
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(deliver, line)

    Thread(target=read, daemon=True).start()
    return await answer
