"""Every app of the Chromium phone, driven by the unmodified uiautomator2; the state decides."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image

from tests.phone import Phone
from tests.phone.client import connect, until
from tests.phone.packages import APPS

pytestmark = [
    pytest.mark.phone,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def device(chromium: Phone) -> Iterator[Any]:
    device = connect(chromium)
    device.settings["wait_timeout"] = 3
    yield device
    device.stop_uiautomator()


@pytest.fixture(autouse=True)
def fresh(chromium: Phone) -> None:
    chromium.reset()


def holds(phone: Phone, package: str, check: Callable[[Any], bool]) -> bool:
    """Does what the app holds come to satisfy this? A tap's effect may take a moment."""
    return until(lambda: check(phone.state["apps"][package]))


def open_app(phone: Phone, device: Any, label: str) -> None:
    device(text=label).click()
    wanted = next(app.name for app in APPS if app.label == label)
    assert until(lambda: phone.state["foreground"] == wanted)


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.label)
def test_every_icon_opens_its_app_and_back_leaves_it(
    chromium: Phone, device: Any, app: Any
) -> None:
    open_app(chromium, device, app.label)
    shown = device.app_current()
    assert shown["package"] == app.name
    device.press("back")
    assert until(lambda: chromium.state["foreground"].endswith("nexuslauncher"))


def test_add_a_contact_in_chinese(chromium: Phone, device: Any) -> None:
    open_app(chromium, device, "Contacts")
    device(description="Create contact").click()
    device(resourceId="com.android.contacts:id/name").click()
    device.send_keys("王芳")
    device(resourceId="com.android.contacts:id/phone").set_text("139 1234 5678")
    device(text="Save").click()
    assert holds(
        chromium,
        "com.android.contacts",
        lambda data: (
            data["contacts"][-1]["name"] == "王芳"
            and data["contacts"][-1]["phone"] == "139 1234 5678"
        ),
    )
    assert device(text="王芳").exists


def test_a_nested_switch_changes_the_phones_own_setting(chromium: Phone, device: Any) -> None:
    open_app(chromium, device, "Settings")
    device(text="Connected devices").click()
    device(text="Connection preferences").click()
    switch = device(className="android.widget.Switch", description="Bluetooth")
    assert switch.info["checked"] is False
    switch.click()
    assert until(lambda: chromium.adb("shell", "settings get global bluetooth_on").strip() == "1")
    assert switch.info["checked"] is True
    chromium.adb("shell", "svc bluetooth disable")
    assert switch.info["checked"] is False


def test_reply_to_a_message_with_the_field_above_the_keyboard(chromium: Phone, device: Any) -> None:
    open_app(chromium, device, "Messages")
    device(text="张伟").click()
    field = device(className="android.widget.EditText")
    before = field.bounds()[1]
    field.click()
    assert until(lambda: chromium.state["keyboard_shown"])
    assert field.bounds()[1] < before - 600
    device.send_keys("好的 😀")
    device(text="Send").click()
    assert holds(
        chromium,
        "com.android.messaging",
        lambda data: data["threads"][0]["messages"][-1] == {"from": "me", "text": "好的 😀"},
    )


def test_compute(chromium: Phone, device: Any) -> None:
    open_app(chromium, device, "Calculator")
    for key in ["(", "1", "2", "+", "3", ")", "×", "4", "="]:
        device(text=key, className="android.widget.Button").click()
    assert device(resourceId="com.android.calculator2:id/result").get_text() == "60"
    assert chromium.state["apps"]["com.android.calculator2"]["history"] == ["(12+3)×4=60"]


def test_set_an_alarm_and_switch_one_off(chromium: Phone, device: Any) -> None:
    open_app(chromium, device, "Clock")
    device(description="Add alarm").click()
    device(resourceId="com.android.deskclock:id/hour").set_text("06")
    device(description="Increase minute").click()
    device(text="Save").click()
    assert holds(
        chromium, "com.android.deskclock", lambda data: data["alarms"][-1]["time"] == "06:01"
    )
    device(description="Alarm 07:30").click()
    assert holds(chromium, "com.android.deskclock", lambda data: data["alarms"][0]["on"] is False)


def test_two_things_in_the_cart_and_the_order_asks_first(chromium: Phone, device: Any) -> None:
    open_app(chromium, device, "Corner Shop")
    for product in ("Green tea", "Honey"):
        device(text=product).click()
        device(text="Add to cart").click()
        assert device.toast.get_message(1) == "Added to cart"
        device.press("back")
    device(textStartsWith="Cart").click()
    assert device(resourceId="com.example.shop:id/total").get_text() == "Total €10.90"
    device(text="Checkout").click()
    assert until(lambda: chromium.state["popups"] == ["Place the order?"])
    device(text="Pay").click()
    assert holds(chromium, "com.example.shop", lambda data: data["orders"] and not data["cart"])


def test_a_long_press_opens_the_menu_and_renames(chromium: Phone, device: Any) -> None:
    open_app(chromium, device, "Notes")
    device(text="Book list").long_click(duration=0.7)
    device(text="Rename").click()
    device(resourceId="com.example.notes:id/new_title").set_text("书单")
    device(text="OK").click()
    assert holds(chromium, "com.example.notes", lambda data: data["notes"][1]["title"] == "书单")


def test_a_finger_scrolls_the_list_and_the_tree_follows(chromium: Phone, device: Any) -> None:
    open_app(chromium, device, "Settings")
    assert not device(text="About phone").exists
    device.swipe(585, 2000, 585, 700, steps=40)
    device(text="About phone").click()
    assert device(text="14").exists


def test_files_open_folder_by_folder(chromium: Phone, device: Any) -> None:
    open_app(chromium, device, "Files")
    device(text="Documents").click()
    device(text="tickets.txt").click()
    assert device(textContains="seat 61").exists


def test_two_fingers_zoom_a_photo(chromium: Phone, device: Any) -> None:
    open_app(chromium, device, "Files")
    device(text="DCIM").click()
    device(text="IMG_0001.jpg").click()
    photo = device(description="Photo")
    photo.pinch_out(percent=80, steps=40)
    assert holds(chromium, "com.android.documentsui", lambda data: data["zoom"] > 2)
    photo.pinch_in(percent=80, steps=40)
    assert holds(chromium, "com.android.documentsui", lambda data: data["zoom"] < 1.5)


def test_a_slider_is_dragged(chromium: Phone, device: Any) -> None:
    open_app(chromium, device, "Settings")
    device(text="Display").click()
    left, top, right, bottom = device(className="android.widget.SeekBar").bounds()
    middle = (top + bottom) // 2
    device.drag(left + (right - left) * 120 // 255, middle, right - 20, middle, 0.3)
    read = "settings get system screen_brightness"
    assert until(lambda: int(chromium.adb("shell", read)) > 230)


def test_the_bank_is_black_in_every_picture_and_readable_in_the_tree(
    chromium: Phone, device: Any
) -> None:
    open_app(chromium, device, "Harbour Bank")
    assert device.screenshot().convert("L").getextrema() == (0, 0)
    assert chromium.frame().image.convert("L").getextrema() != (0, 0), "the glass itself is not"
    dump = chromium.adb("shell", "dumpsys window windows")
    assert " SECURE " in dump
    assert device(text="Enter your PIN").exists
    pin = device(resourceId="com.example.bank:id/pin")
    pin.set_text("2468")
    assert pin.get_text() == "••••"
    assert 'password="true"' in device.dump_hierarchy()


def test_the_keyboard_covers_types_and_is_closed_by_back(chromium: Phone, device: Any) -> None:
    open_app(chromium, device, "Contacts")
    device(resourceId="com.android.contacts:id/search").click()
    assert until(lambda: chromium.state["keyboard_shown"])
    assert "mInputShown=true" in chromium.adb("shell", "dumpsys input_method")
    device(description="Shift", packageName="com.google.android.inputmethod.latin").click()
    for letter in "bru":
        device(description=letter, packageName="com.google.android.inputmethod.latin").click()
    assert device(focused=True).get_text() == "Bru"
    assert device(text="Bruno Costa").exists
    assert not device(text="Alice Brown").exists
    device.press("back")
    assert "mInputShown=false" in chromium.adb("shell", "dumpsys input_method")
    assert chromium.state["foreground"] == "com.android.contacts"


def test_adb_alone_drives_it_too(chromium: Phone) -> None:
    chromium.adb("shell", "monkey -p com.example.notes -c android.intent.category.LAUNCHER 1")
    chromium.adb("shell", "input tap 1050 2280")
    assert until(lambda: chromium.state["screen"] == "edit")
    chromium.adb("shell", "input tap 500 420; input text hello%sphone")
    chromium.adb("shell", "input keyevent KEYCODE_DEL 8")
    chromium.adb("shell", "input tap 1020 220")
    assert holds(
        chromium, "com.example.notes", lambda data: data["notes"][0]["title"] == "hello phon1"
    )


def test_something_pops_up_that_nobody_asked_for(chromium: Phone, device: Any) -> None:
    open_app(chromium, device, "Notes")
    chromium.say("dialog", "Allow Notes to record audio?")
    assert device.app_current()["package"] == "com.google.android.permissioncontroller"
    device(text="Allow").click()
    assert until(lambda: chromium.state["foreground"] == "com.example.notes")
    chromium.say("toast", "Update available")
    assert device.toast.get_message(0) == "Update available"
    chromium.say("notification", "2 new messages")
    device.open_notification()
    assert device(text="2 new messages").exists
    device.press("back")
    assert not device(text="2 new messages").exists


def test_recents_and_the_drawer(chromium: Phone, device: Any) -> None:
    chromium.launch("com.example.notes")
    chromium.launch("com.example.shop")
    device.press("recent")
    device(text="Notes").click()
    assert until(lambda: chromium.state["foreground"] == "com.example.notes")
    device.press("home")
    device.swipe(585, 2200, 585, 1000, steps=20)
    device(resourceIdMatches=".*:id/search").set_text("bank")
    assert device(text="Harbour Bank").exists
    assert not device(text="Notes").exists


def test_turned_and_locked(chromium: Phone, device: Any) -> None:
    chromium.update(rotation=1)
    assert device.screenshot().size == (2532, 1170)
    chromium.update(rotation=0)
    device.screen_off()
    device.screen_on()
    assert device.app_current()["package"] != "com.example.notes"
    device.press("home")
    assert chromium.state["locked"]
    device.swipe(585, 2200, 585, 700, steps=20)
    assert until(lambda: not chromium.state["locked"])


def test_a_frame_is_only_drawn_again_when_something_changed(chromium: Phone) -> None:
    assert until(lambda: chromium.frame() is chromium.frame())
    first = chromium.frame()
    chromium.launch("com.example.shop")
    assert chromium.frame() is not first
    assert Image.open(io.BytesIO(chromium.frame().png())).size == (1170, 2532)
