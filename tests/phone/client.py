"""The unmodified uiautomator2 on one phone's own adb server, and waiting for what it causes."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from tests.phone.phone import Phone


def connect(phone: Phone, port: int = 9008) -> Any:
    """`uiautomator2.connect`; the library reads its server's address only once, so it is given."""
    client = import_module("adbutils").AdbClient(port=phone.server.port)
    return import_module("uiautomator2").connect(client.device(phone.serial), port=port)


def until(check: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Did it become true in time? Looks again every 20 ms."""
    end = time.monotonic() + seconds
    while not check():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
