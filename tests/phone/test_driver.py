"""The Android platform on the Pillow phone: connecting, looking, and each thing that can fail."""

from __future__ import annotations

import pytest

from gui_agent.platforms.android import AndroidPlatform
from gui_agent.protocols import Platform
from gui_agent.testing import PlatformContract
from tests.phone import Phone

pytestmark = pytest.mark.phone


def drive(phone: Phone, **options: object) -> AndroidPlatform:
    """The platform on this phone's own adb server."""
    server = f"127.0.0.1:{phone.server.port}"
    return AndroidPlatform(phone.serial, adb=server, **options)  # type: ignore[arg-type]


class TestContract(PlatformContract):
    @pytest.fixture(autouse=True)
    def _phone(self, phone: Phone) -> None:
        phone.reset()
        self.phone = phone

    def make(self) -> Platform:
        return drive(self.phone)
