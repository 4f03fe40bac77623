"""A simulated Android phone that the real adb and the unmodified uiautomator2 drive."""

from tests.phone.phone import AdbServer, Phone

__all__ = ["AdbServer", "Phone"]
