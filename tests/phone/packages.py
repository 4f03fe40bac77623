"""The apps and keyboards that are on the phone, as the package manager knows them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

U2_KEYBOARD = "com.github.uiautomator/.AdbKeyboard"
"""Comes with uiautomator2's apk; speaks ADB_KEYBOARD_* broadcasts."""
ADB_KEYBOARD = "com.android.adbkeyboard/.AdbIME"
"""The common ADBKeyBoard; speaks ADB_INPUT_* broadcasts."""


@dataclass(frozen=True)
class Package:
    """An installed package; one without activity cannot be launched."""

    name: str
    label: str
    chinese: str
    activity: str = ""
    third_party: bool = False
    secure: bool = False

    @property
    def component(self) -> str:
        return f"{self.name}/{self.activity}"

    @property
    def path(self) -> str:
        if self.third_party:
            return f"/data/app/~~Zk3Qw==/{self.name}-7yVbNw==/base.apk"
        return f"/system/app/{self.name.rpartition('.')[2].title()}/base.apk"


APPS = (
    Package("com.android.settings", "Settings", "设置", ".Settings"),
    Package("com.android.contacts", "Contacts", "联系人", ".activities.PeopleActivity"),
    Package(
        "com.android.messaging", "Messages", "信息", ".ui.conversationlist.ConversationListActivity"
    ),
    Package("com.android.deskclock", "Clock", "时钟", ".DeskClock"),
    Package("com.android.calculator2", "Calculator", "计算器", ".Calculator"),
    Package("com.android.documentsui", "Files", "文件管理", ".files.FilesActivity"),
    Package("com.example.notes", "Notes", "备忘录", ".MainActivity", third_party=True),
    Package("com.example.shop", "Corner Shop", "街角商店", ".MainActivity", third_party=True),
    Package("com.example.bank", "Harbour Bank", "港湾银行", ".MainActivity", True, True),
)
SYSTEM = (
    Package("android", "Android System", "Android 系统"),
    Package("com.android.systemui", "System UI", "系统界面"),
    Package("com.android.shell", "Shell", "Shell"),
    Package("com.android.providers.contacts", "Contacts Storage", "联系人存储"),
)


def installed(launcher: str, keyboard: str) -> dict[str, Package]:
    """What a new phone holds, by package name."""
    home, _, activity = launcher.partition("/")
    extra = (
        Package(home, "Launcher", "桌面", activity),
        Package(keyboard.partition("/")[0], "Keyboard", "输入法"),
    )
    return {package.name: package for package in (*APPS, *SYSTEM, *extra)}


def from_apk(path: str, data: bytes) -> Package | None:
    """The package in an apk: a known keyboard, else the one the file is named after; None when the
    bytes are not an apk."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            manifest = archive.read("AndroidManifest.xml").replace(b"\0", b"")
    except (zipfile.BadZipFile, KeyError):
        return None
    for component in (U2_KEYBOARD, ADB_KEYBOARD):
        name = component.partition("/")[0]
        if name.encode() in manifest:
            return Package(name, "ADB Keyboard", "ADB 键盘", third_party=True)
    name = path.rpartition("/")[2].removesuffix(".apk")
    return Package(name, name, name, ".MainActivity", third_party=True)
