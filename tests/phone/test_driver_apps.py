"""Apps that the driver opens by name, on phones of several makers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gui_agent.actions import OpenApp, OpenUrl, Swipe
from gui_agent.errors import ActionFailed
from gui_agent.platforms.android import AndroidPlatform
from tests.phone import AdbServer, Phone
from tests.phone.driving import drive
from tests.phone.packages import Package

pytestmark = [pytest.mark.phone, pytest.mark.browser]


@pytest.fixture
async def driver(chromium: Phone) -> AsyncIterator[AndroidPlatform]:
    chromium.reset()
    platform = drive(chromium)
    await platform.open()
    yield platform
    await platform.close()


async def opens(driver: AndroidPlatform, name: str) -> str:
    """Opens it by this name; the package that is in front then."""
    await driver.observe()
    await driver.perform(OpenApp(name=name))
    return (await driver.observe()).where


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("Settings", "com.android.settings"),
        ("设置", "com.android.settings"),
        ("com.example.shop", "com.example.shop"),
        ("open the calculator", "com.android.calculator2"),
        ("Corner Shop", "com.example.shop"),
        ("harbour bank", "com.example.bank"),
    ],
)
async def test_by_label_alias_and_package(chromium: Phone, name: str, package: str) -> None:
    chromium.reset()
    driver = drive(chromium, protected=True)
    await driver.open()
    try:
        assert await opens(driver, name) == package
    finally:
        await driver.close()


async def test_labels_come_from_the_phone_and_nothing_is_touched_for_them(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    apps = (await driver.observe()).apps
    assert {"Corner Shop", "Harbour Bank", "Notes"} <= set(apps)
    assert not [name for name in apps if "com." in name]
    before = len(chromium.injected)
    assert await opens(driver, "corner shop") == "com.example.shop"
    assert chromium.injected[before:] == []


async def test_a_name_that_no_label_has_leaves_the_app_in_front(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    chromium.launch("com.example.shop")
    await driver.observe()
    before = len(chromium.injected)
    with pytest.raises(ActionFailed, match="No app called 'WeChat'"):
        await driver.perform(OpenApp(name="WeChat"))
    assert chromium.injected[before:] == []
    assert chromium.state["foreground"] == "com.example.shop"


async def test_a_home_screen_that_does_not_answer_is_done_without(server: AdbServer) -> None:
    with Phone(server=server) as phone, phone.fault("slow_shell", only="--all", seconds=30):
        driver = drive(phone)
        await driver.open()
        try:
            assert "com.example.shop" in (await driver.observe()).apps
        finally:
            await driver.close()


async def test_a_label_at_the_end_of_a_long_drawer(server: AdbServer) -> None:
    with Phone("miui", "chromium", server=server) as phone:
        for number in range(45):
            name = f"com.maker.{chr(97 + number % 26)}{number}"
            phone.device.packages[name] = Package(name, "Tool", f"工具{number:02}", ".Main")
        phone.device.packages["com.last"] = Package("com.last", "Last", "终点", ".Main")
        phone.update()
        driver = drive(phone)
        await driver.open()
        try:
            seen = await driver.observe()
            assert "com.last" in seen.apps, "this launcher tells no labels"
            await driver.perform(Swipe(direction="up"))
            seen = await driver.observe()
            assert "信息" in {e.name for e in seen.elements}
            assert "终点" not in {e.name for e in seen.elements}, "not on the drawer's first page"
            phone.launch("com.example.notes")
            assert await opens(driver, "终点") == "com.last"
            with pytest.raises(ActionFailed, match="No app called '没有'"):
                await driver.perform(OpenApp(name="没有"))
        finally:
            await driver.close()


async def test_a_label_that_only_the_home_screen_knows(server: AdbServer) -> None:
    with Phone("miui", "chromium", server=server) as phone:
        driver = drive(phone)
        await driver.open()
        try:
            assert await opens(driver, "街角商店") == "com.example.shop"
            assert await opens(driver, "备忘录") == "com.example.notes"
            before = len(phone.log)
            assert await opens(driver, "街角商店") == "com.example.shop", "learned"
            assert "rpc:launchApp" in phone.log[before:]
        finally:
            await driver.close()


async def test_an_unknown_app_is_refused_with_those_that_are_there(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    await driver.observe()
    with pytest.raises(ActionFailed, match=r"No app called 'WeChat' is installed\. The phone has"):
        await driver.perform(OpenApp(name="WeChat"))


async def test_the_apps_that_can_be_opened_are_in_the_observation(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    chromium.device.packages["com.new"] = Package("com.new", "New App", "新", ".Main")
    await driver.close()
    await driver.open()
    apps = (await driver.observe()).apps
    assert "New App" in apps
    assert "System UI" not in apps, "it can't be opened"


async def test_an_app_that_does_not_come_to_the_front_is_a_failure(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    await driver.observe()
    chromium.device.packages["com.sleepy"] = Package("com.sleepy", "Sleepy", "困", ".Main")
    with chromium.fault("launch_ignored"), pytest.raises(ActionFailed, match="is in front"):
        await driver.perform(OpenApp(name="com.sleepy"))


async def test_addresses(chromium: Phone, driver: AndroidPlatform) -> None:
    await driver.observe()
    for url, words in (
        ("https://example.com/?a=1&b='; reboot; '", "No app on this phone opens"),
        ("intent://x", "Only http"),
    ):
        with pytest.raises(ActionFailed, match=words):
            await driver.perform(OpenUrl(url=url))
    assert "reboot" not in chromium.log


@pytest.mark.parametrize("profile", ["android9", "android15-foldable", "work-profile"])
async def test_on_other_phones(server: AdbServer, profile: str) -> None:
    with Phone(profile, server=server) as phone:
        driver = drive(phone)
        await driver.open()
        try:
            assert await opens(driver, "Calculator") == "com.android.calculator2"
            assert phone.state["foreground"] == "com.android.calculator2"
        finally:
            await driver.close()
