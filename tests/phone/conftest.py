"""Phones for the simulator's own tests, which share one adb server, and one browser."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from tests.phone import AdbServer, Phone
from tests.phone.client import connect
from tests.phone.phone import bundled_adb, find_adb


@pytest.fixture(scope="module", autouse=True)
def leaks() -> Iterator[None]:
    """adbutils leaves sockets open after its errors: collect them where the warning is expected."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def server() -> Iterator[AdbServer]:
    """The adb on PATH."""
    with AdbServer() as server:
        yield server


@pytest.fixture(scope="session", params=["PATH", "wheel"])
def each_server(request: pytest.FixtureRequest) -> Iterator[AdbServer]:
    """Debian's adb, then the newer one that adbutils brings."""
    adb = find_adb() if request.param == "PATH" else bundled_adb()
    assert adb is not None, "adbutils brings no adb for this machine: pip install adbutils"
    with AdbServer(adb) as server:
        yield server


@pytest.fixture(scope="module")
def phone(server: AdbServer) -> Iterator[Phone]:
    with Phone(server=server) as phone:
        yield phone


@pytest.fixture(scope="session")
def chromium() -> Iterator[Phone]:
    """On an adb server of its own: others count the phones on theirs."""
    with Phone(screen="chromium") as phone:
        yield phone


@pytest.fixture(scope="module")
def device(phone: Phone) -> Iterator[Any]:
    device = connect(phone)
    yield device
    device.stop_uiautomator()
