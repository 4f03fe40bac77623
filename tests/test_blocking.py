"""A blocking driver's thread: one thread for all calls, deadlines, and cancellation that waits."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from gui_agent.blocking import DriverThread
from gui_agent.errors import PlatformLost


async def test_all_calls_run_on_one_thread_that_is_not_ours() -> None:
    thread = DriverThread("The driver")
    first, second = [await thread.call(threading.get_ident) for _ in range(2)]
    thread.stop()
    assert first == second != threading.get_ident()


async def test_calls_take_turns() -> None:
    thread, order = DriverThread("The driver"), list[str]()

    def slow() -> None:
        order.append("in")
        time.sleep(0.02)
        order.append("out")

    await asyncio.gather(*(thread.call(slow) for _ in range(3)))
    thread.stop()
    assert order == ["in", "out"] * 3


async def test_an_exception_arrives_where_the_call_was_made() -> None:
    thread = DriverThread("The driver")
    with pytest.raises(ZeroDivisionError):
        await thread.call(lambda: 1 // 0)
    assert await thread.call(lambda: 7) == 7
    thread.stop()


async def test_a_call_that_misses_its_deadline_means_that_the_driver_is_lost() -> None:
    thread, release = DriverThread("The driver"), threading.Event()
    with pytest.raises(PlatformLost, match=r"The driver did not answer within 0\.05 s"):
        await thread.call(lambda: release.wait(5), 0.05)
    with pytest.raises(PlatformLost, match="stopped answering"):
        await thread.call(lambda: 7)
    release.set()
    thread.stop()


async def test_a_cancelled_call_lets_go_before_the_cancellation_goes_on() -> None:
    thread, held, started = DriverThread("The driver"), list[str](), threading.Event()

    def hold() -> None:
        held.append("button")
        started.set()
        try:
            thread.pause(5)
        finally:
            held.remove("button")

    task = asyncio.create_task(thread.call(hold))
    await asyncio.to_thread(started.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not held
    assert await thread.call(lambda: 7) == 7, "the driver itself is fine"
    thread.stop()


async def test_it_can_be_used_again_after_it_was_stopped() -> None:
    thread = DriverThread("The driver")
    first = await thread.call(threading.current_thread)
    thread.stop()
    first.join(2)
    assert not first.is_alive()
    assert await thread.call(lambda: 7) == 7
    thread.stop()
    thread.stop()


def test_it_serves_one_event_loop_after_another() -> None:
    thread = DriverThread("The driver")
    assert [asyncio.run(thread.call(lambda: 7)) for _ in range(2)] == [7, 7]
    thread.stop()
