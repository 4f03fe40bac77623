"""The Android platform on the Pillow phone: connecting, looking, and each thing that can fail."""

from __future__ import annotations

import pytest

from gui_agent.protocols import Platform
from gui_agent.testing import PlatformContract
from tests.phone import Phone
from tests.phone.driving import drive

pytestmark = pytest.mark.phone


class TestContract(PlatformContract):
    @pytest.fixture(autouse=True)
    def _phone(self, phone: Phone) -> None:
        phone.reset()
        self.phone = phone

    def make(self) -> Platform:
        return drive(self.phone)
