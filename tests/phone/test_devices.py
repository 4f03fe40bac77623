"""Which phones there are, which one is meant, and reaching one by Wi-Fi."""

from __future__ import annotations

import asyncio

import pytest

from gui_agent.errors import SetupError
from gui_agent.platforms.android_adb import Adb
from gui_agent.platforms.android_devices import (
    Device,
    Nearby,
    choose,
    connect,
    devices,
    nearby,
    over_wifi,
    pair,
    wait,
)
from tests.phone import AdbServer, Phone
from tests.phone.client import until
from tests.phone.phone import free_port
from tests.phone.scripted_adb import scripted

pytestmark = pytest.mark.phone


@pytest.fixture
def adb(server: AdbServer) -> Adb:
    return Adb(port=server.port)


async def test_a_phone_says_what_it_is(phone: Phone, adb: Adb) -> None:
    assert await devices(adb) == [Device(phone.serial, "device", "google Pixel 8", "14")]
    assert await choose(adb, "") == phone.serial
    assert await choose(adb, phone.serial) == phone.serial


async def test_no_phone() -> None:
    with Phone(connect=False) as unplugged:
        adb = Adb(port=unplugged.server.port)
        assert await devices(adb) == []
        with pytest.raises(SetupError, match="No phone is connected: plug one in"):
            await choose(adb, "")
        with pytest.raises(SetupError, match=r"There is no phone 'R58'\. There is none"):
            await choose(adb, "R58")
        assert await choose(adb, unplugged.serial) == unplugged.serial, "host:port is dialled"


async def test_several_phones(server: AdbServer, adb: Adb, phone: Phone) -> None:
    with Phone("miui", server=server) as other:
        found = {device.serial: device for device in await devices(adb)}
        assert found[other.serial].model == "Xiaomi 2201123C"
        with pytest.raises(SetupError, match="several phones: choose one, --serial") as caught:
            await choose(adb, "")
        assert phone.serial in str(caught.value)
        assert other.serial in str(caught.value)
        assert await choose(adb, other.serial) == other.serial
        with other.fault("offline"):
            assert until(lambda: other.adb_state() == "offline")
            assert await choose(adb, "") == phone.serial, "the only one that is ready"


async def test_a_phone_that_does_not_answer(server: AdbServer, adb: Adb) -> None:
    with Phone(server=server) as phone, phone.fault("offline"):
        assert until(lambda: phone.adb_state() == "offline")
        found = next(device for device in await devices(adb) if device.serial == phone.serial)
        assert found.state == "offline"
        assert "plug it in again" in found.fix
        with pytest.raises(SetupError, match="plug it in again"):
            await choose(adb, phone.serial)


async def test_a_phone_that_has_not_allowed_this_computer(server: AdbServer, adb: Adb) -> None:
    with Phone(server=server, authorize="refuse") as phone:
        found = next(device for device in await devices(adb) if device.serial == phone.serial)
        assert found.state == "unauthorized"
        assert "accept the question" in found.fix
        with pytest.raises(SetupError, match="accept the question"):
            await choose(adb, phone.serial)


async def test_connecting_to_a_phone_that_has_not_allowed_this_computer() -> None:
    refused = pytest.raises(SetupError, match="accept the question")
    with Phone(authorize="refuse", connect=False) as phone, refused:
        await connect(Adb(port=phone.server.port), phone.serial)


async def test_waiting_for_the_user_to_accept(server: AdbServer, adb: Adb) -> None:
    with Phone(server=server, authorize="ask") as phone:
        with pytest.raises(SetupError, match="accept the question"):
            await wait(adb, phone.serial, 0.3)
        waiting = asyncio.create_task(wait(adb, phone.serial, 20))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await asyncio.to_thread(phone.allow)
        assert await waiting == phone.serial


async def test_connecting(server: AdbServer, adb: Adb) -> None:
    with Phone(server=server, connect=False) as phone:
        assert await connect(adb, phone.serial) == phone.serial
        assert await connect(adb, phone.serial) == phone.serial, "again"
        assert phone.adb_state() == "device"
    with pytest.raises(SetupError, match=r"No phone answers at 127\.0\.0\.1:1 .*refused"):
        await connect(adb, "127.0.0.1:1")


async def test_a_phone_on_the_cable_opens_its_port(phone: Phone, adb: Adb) -> None:
    assert await over_wifi(adb, phone.serial) == "192.168.1.57:5555"
    assert phone.services.restarts[-1] == "tcpip:5555"


async def test_pairing_needs_the_phone_s_own_words(adb: Adb) -> None:
    for address, code in (("192.168.1.57", "123456"), ("192.168.1.57:37123", "12345")):
        with pytest.raises(SetupError, match="six digits that the phone shows"):
            await pair(adb, address, code)


async def test_pairing_and_looking_around_with_each_adb(each_server: AdbServer) -> None:
    """Debian's adb knows neither; the newer one finds nobody, because pairing is not simulated."""
    adb = Adb(port=each_server.port)
    old = "29.0" in each_server.run("version")
    with pytest.raises(SetupError, match="too old to pair" if old else "pairing client"):
        await pair(adb, f"127.0.0.1:{free_port()}", "123456")
    if old:
        with pytest.raises(SetupError, match="too old to look for phones"):
            await nearby(adb)
    else:
        assert await nearby(adb) == []


async def test_a_phone_that_shows_its_code_is_paired() -> None:
    said = "Successfully paired to 192.168.1.57:37123 [guid=adb-R58-x1]"
    async with scripted({"host:pair:482910:192.168.1.57:37123": said}) as (adb, asked):
        assert await pair(adb, "192.168.1.57:37123", "482910") == said
        assert asked[-1] == "host:pair:482910:192.168.1.57:37123"


@pytest.mark.parametrize(
    "said",
    [
        "Failed: Unable to start pairing client.",
        "Failed: Wrong password or connection was dropped.",
    ],
)
async def test_a_wrong_code_or_a_closed_dialog_is_said(said: str) -> None:
    async with scripted({"host:pair:482910:192.168.1.57:37123": said}) as (adb, _):
        with pytest.raises(SetupError) as caught:
            await pair(adb, "192.168.1.57:37123", "482910")
        assert said.rstrip(".") in str(caught.value)
        assert "pairing dialog" in str(caught.value)


async def test_phones_that_announce_themselves_are_listed() -> None:
    said = (
        "adb-R58M12-vWgJpq\t_adb-tls-connect._tcp\t192.168.1.57:41027\n"
        "adb-R58M12-vWgJpq\t_adb-tls-pairing._tcp.\t192.168.1.57:37123\n"
        "adb-OLD\t_adb._tcp\t192.168.1.60:5555\n"
        "adb-X1 (2)\t_adb-tls-connect._tcp\t[fe80::1]:40001\n"
        "not a row\n"
    )
    async with scripted({"host:mdns:services": said}) as (adb, _):
        assert await nearby(adb) == [
            Nearby("adb-R58M12-vWgJpq", "192.168.1.57:41027", pairing=False),
            Nearby("adb-R58M12-vWgJpq", "192.168.1.57:37123", pairing=True),
            Nearby("adb-OLD", "192.168.1.60:5555", pairing=False),
            Nearby("adb-X1 (2)", "[fe80::1]:40001", pairing=False),
        ]


async def test_a_phone_found_by_its_announced_name_is_ready() -> None:
    serial = "adb-R58M12-vWgJpq._adb-tls-connect._tcp"
    async with scripted({"host:devices": f"{serial}\tdevice\n"}) as (adb, _):
        assert await choose(adb, "") == serial
        assert Device(serial, "device").wifi


async def test_a_computer_without_the_right_to_use_the_phone() -> None:
    row = "R58M12               no permissions (missing udev rules?); see [http://x] usb:1-1\n"
    answers = {"host:devices-l": row, "host:devices": "R58M12\tno permissions\n"}
    async with scripted(answers) as (adb, _):
        (found,) = await devices(adb)
        assert found.serial == "R58M12"
        assert "udev rule" in found.fix
        with pytest.raises(SetupError, match=r"R58M12 can't be used: .*udev rule"):
            await choose(adb, "")


async def test_no_adb_server_elsewhere() -> None:
    with pytest.raises(SetupError, match=r"No adb server answers at 192\.0\.2\.1"):
        async with asyncio.timeout(20):
            await devices(Adb("192.0.2.1", 1))
