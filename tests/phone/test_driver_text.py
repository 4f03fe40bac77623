"""Text that the driver enters on the Chromium phone, by every way there is, and what it leaves."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gui_agent.actions import Click, TypeText
from gui_agent.errors import ActionFailed, RecordError
from gui_agent.platforms.android import AndroidPlatform
from gui_agent.screen import Observation, Point
from tests.phone import AdbServer, Phone
from tests.phone.driving import drive, named, tap
from tests.phone.hierarchy import walk
from tests.phone.packages import ADB_KEYBOARD, U2_KEYBOARD, Package

pytestmark = [pytest.mark.phone, pytest.mark.browser]

CONTACTS, BANK, MESSAGES = "com.android.contacts", "com.example.bank", "com.android.messaging"
HELLO = "héllo 你好 😀"


@pytest.fixture
async def driver(chromium: Phone, tmp_path: Path) -> AsyncIterator[AndroidPlatform]:
    chromium.reset()
    platform = drive(chromium, journal=tmp_path / "journal.jsonl", protected=True)
    await platform.open()
    yield platform
    await platform.close()


async def form(driver: AndroidPlatform, phone: Phone) -> Observation:
    """The form for a new contact: three fields."""
    phone.launch(CONTACTS)
    return await tap(driver, await driver.observe(), "Create contact")


async def enter(
    driver: AndroidPlatform, seen: Observation, field: str, text: str, **options: bool
) -> str:
    element = named(seen, field, "textbox")
    return await driver.perform(
        TypeText(text=text, at=element.box.center, mark=element.mark, **options)
    )


async def value(driver: AndroidPlatform, field: str) -> str | None:
    return named(await driver.observe(), field, "textbox").value


def install(phone: Phone, component: str) -> None:
    phone.device.install(Package(component.partition("/")[0], "Keyboard", "键盘"))


def draft(phone: Phone, field: str) -> str:
    """What the field on the glass holds."""
    nodes = phone.call(phone.device.nodes())
    return next(n.text for n in walk(nodes) if n.resource.endswith(f":id/{field}"))


async def test_any_text_goes_in_without_a_keyboard_app(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    seen = await form(driver, chromium)
    assert await enter(driver, seen, "Name", HELLO) == ""
    assert draft(chromium, "name") == HELLO
    seen = await driver.observe()
    assert await enter(driver, seen, "Name", "!😀") == "", "added to what is there"
    assert draft(chromium, "name") == HELLO + "!😀"
    seen = await driver.observe()
    assert await enter(driver, seen, "Name", "张三", clear=True) == ""
    await tap(driver, await driver.observe(), "Save")
    assert chromium.state["apps"][CONTACTS]["contacts"][-1]["name"] == "张三"


async def test_the_keyboard_is_hidden_before_the_picture_and_noted(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    seen = await form(driver, chromium)
    await driver.perform(Click(at=named(seen, "Name", "textbox").box.center))
    assert chromium.state["keyboard_shown"]
    seen = await driver.observe()
    assert not chromium.state["keyboard_shown"]
    assert any("keyboard" in note for note in seen.notes)
    assert "focused" in named(seen, "Name", "textbox").states
    assert seen.where == CONTACTS, "hiding it did not go back"
    assert await driver.perform(TypeText(text="Ada")) == ""
    assert draft(chromium, "name") == "Ada"


async def test_enter_comes_after_the_text_when_asked_for(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    seen = await form(driver, chromium)
    await enter(driver, seen, "Name", "Ada", submit=True)
    assert chromium.state["apps"][CONTACTS]["contacts"][-1]["name"] == "Ada"


async def test_without_a_field_nothing_is_typed(chromium: Phone, driver: AndroidPlatform) -> None:
    await driver.observe()
    with pytest.raises(ActionFailed, match="tap the field first"):
        await driver.perform(TypeText(text="Ada"))
    with pytest.raises(ActionFailed, match="tap the field first"):
        await driver.perform(TypeText(text="Ada", at=Point(0.5, 0.85)))


async def test_a_password_is_entered_and_said_to_be_unreadable(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    chromium.launch(BANK)
    seen = await driver.observe()
    assert "password" in named(seen, "PIN", "textbox").states
    assert "can't be read back" in await enter(driver, seen, "PIN", "2468")
    seen = await driver.observe()
    assert named(seen, "PIN", "textbox").value is None
    await tap(driver, seen, "Log in")
    assert chromium.state["apps"][BANK]["open"]


@pytest.mark.parametrize("keyboard", [U2_KEYBOARD, ADB_KEYBOARD])
async def test_a_field_that_refuses_it_is_filled_by_a_keyboard_app(
    chromium: Phone, driver: AndroidPlatform, keyboard: str
) -> None:
    install(chromium, keyboard)
    seen = await form(driver, chromium)
    mine = chromium.state["keyboard"]
    with chromium.fault("set_text_ignored"):
        assert await enter(driver, seen, "Name", HELLO) == ""
        assert draft(chromium, "name") == HELLO
        assert await enter(driver, await driver.observe(), "Name", "😀", clear=True) == ""
        assert draft(chromium, "name") == "😀"
    assert chromium.state["keyboard"] == keyboard, "switched once for the session"
    await driver.close()
    assert chromium.state["keyboard"] == mine
    assert keyboard not in chromium.device.enabled_keyboards
    assert "gui-agent" not in chromium.adb("shell", "ls /data/local/tmp")


async def test_else_by_the_clipboard_which_keeps_what_it_held(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    seen = await form(driver, chromium)
    chromium.device.clipboard = "the user's"
    with chromium.fault("set_text_ignored"):
        assert await enter(driver, seen, "Name", HELLO) == ""
        assert draft(chromium, "name") == HELLO
        assert await enter(driver, await driver.observe(), "Name", "x", clear=True) == ""
    assert draft(chromium, "name") == "x"
    assert chromium.state["clipboard"] == "the user's"


async def test_else_by_keys_and_no_app_is_installed_for_the_rest(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    packages = chromium.state["packages"]
    seen = await form(driver, chromium)
    with chromium.fault("set_text_ignored"), chromium.fault("clipboard_denied"):
        assert await enter(driver, seen, "Name", "Ada's $5 & more") == ""
        assert draft(chromium, "name") == "Ada's $5 & more"
        with pytest.raises(ActionFailed, match="stays as it is"):
            await enter(driver, await driver.observe(), "Email", HELLO)
    assert draft(chromium, "name") == "Ada's $5 & more"
    assert chromium.state["packages"] == packages


async def test_a_keyboard_that_can_not_be_set_is_passed_over(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    install(chromium, U2_KEYBOARD)
    seen = await form(driver, chromium)
    with chromium.fault("set_text_ignored"), chromium.fault("ime_refused"):
        assert await enter(driver, seen, "Name", HELLO) == ""
    assert draft(chromium, "name") == HELLO


async def test_an_app_that_changes_what_is_typed_is_reported(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    chromium.launch("com.android.deskclock")
    seen = await tap(driver, await driver.observe(), "Add alarm")
    hour = named(seen, "Hour", "textbox")
    with chromium.fault("set_text_ignored"), chromium.fault("clipboard_denied"):
        said = await enter(driver, seen, "Hour", "7")
    assert said == "" or "now reads" in said
    assert "7" in draft(chromium, "hour")
    assert hour.value == "08"


async def test_a_field_above_the_keyboard_is_found_again(
    chromium: Phone, driver: AndroidPlatform
) -> None:
    chromium.launch(MESSAGES)
    seen = await driver.observe()
    thread = next(e for e in seen.marked if "张伟" in e.name)
    await driver.perform(Click(at=thread.box.center, mark=thread.mark))
    seen = await driver.observe()
    field = next(e for e in seen.marked if e.role == "textbox")
    typed = TypeText(text="好的 😀", at=field.box.center, mark=field.mark)
    assert await driver.perform(typed) == ""
    await tap(driver, await driver.observe(), "Send SMS")
    last = chromium.state["apps"][MESSAGES]["threads"][0]["messages"][-1]
    assert last == {"from": "me", "text": "好的 😀"}


async def test_the_journal_holds_every_command_and_no_text(
    chromium: Phone, driver: AndroidPlatform, tmp_path: Path
) -> None:
    install(chromium, U2_KEYBOARD)
    seen = await form(driver, chromium)
    await enter(driver, seen, "Name", "secret-word")
    with chromium.fault("set_text_ignored"):
        await enter(driver, await driver.observe(), "Email", "secret-word")
    rows = (tmp_path / "journal.jsonl").read_text("utf-8")
    assert "secret-word" not in rows
    assert "c2VjcmV0LXdvcmQ" not in rows, "nor in base64"
    assert "rpc:click" in rows
    assert "(11 characters)" in rows


async def test_the_journal_holds_what_came_of_each_command(
    chromium: Phone, driver: AndroidPlatform, tmp_path: Path
) -> None:
    chromium.device.clipboard = "the user's"
    await form(driver, chromium)
    log = chromium.log
    opened = len(log) - log[::-1].index("shell:getprop sys.boot_completed")
    sent = [name for name in log[opened:] if name.startswith(("rpc:", "shell:", "exec:", "sync:"))]
    with chromium.fault("stack_overflow"):
        await driver.observe()
    with chromium.fault("set_text_ignored"):
        await enter(driver, await driver.observe(), "Name", HELLO)
    with chromium.fault("rpc_hangs", only="click"):
        task = asyncio.create_task(driver.perform(Click(at=Point(0.5, 0.9))))
        await asyncio.sleep(0.5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    rows = [json.loads(row) for row in (tmp_path / "journal.jsonl").read_text("utf-8").splitlines()]
    assert {tuple(row)[:3] for row in rows} == {("at", "phone", "command")}
    assert all(row["phone"] == chromium.serial and row["seconds"] >= 0 for row in rows)
    found = {row["command"].partition(" ")[0] for row in rows}
    assert {name.partition(" ")[0] for name in sent} <= found, "nothing was sent beside it"
    told = {(row["command"].partition(" ")[0], row["outcome"]): row for row in rows}
    assert told["shell:getprop", "ok"]["result"] == "1"
    assert told["rpc:deviceInfo", "ok"]["result"]["screenOn"] is True
    assert re.fullmatch(r"\(\d+ characters\)", told["rpc:takeScreenshot", "ok"]["result"])
    assert "StackOverflowError" in told["rpc:dumpWindowHierarchy", "failed"]["error"]
    assert "result" not in told["rpc:click", "cancelled"]
    assert told["rpc:getClipboard", "ok"]["result"] == "(10 characters)", "not what it holds"


async def test_a_journal_that_can_not_be_written_says_so(phone: Phone, tmp_path: Path) -> None:
    phone.reset()
    driver = drive(phone, journal=tmp_path / "nowhere" / "journal.jsonl")
    with pytest.raises(RecordError, match="commands can't be written to"):
        await driver.open()


async def test_text_on_other_phones(server: AdbServer) -> None:
    with Phone("miui", "chromium", server=server) as phone:
        driver = drive(phone)
        await driver.open()
        try:
            phone.launch(CONTACTS)
            seen = await tap(driver, await driver.observe(), "Create contact")
            assert await enter(driver, seen, "Name", HELLO) == ""
            assert draft(phone, "name") == HELLO
            assert phone.state["keyboard"] == phone.device.profile.keyboard
        finally:
            await driver.close()
