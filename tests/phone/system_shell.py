"""Shell commands about the system: properties, dumpsys, logcat, network, and the u2 server."""

from __future__ import annotations

import asyncio
import re
import time

from tests.phone.dumpsys import dump
from tests.phone.shell import Call, command


@command("getprop")
async def getprop(call: Call) -> int:
    values = dict(call.device.properties)
    if "booting" in call.device.faults:
        values["sys.boot_completed"] = ""
    if call.args:
        default = call.args[1] if len(call.args) > 1 else ""
        return await call.say(values.get(call.args[0], default))
    for name, value in sorted(values.items()):
        await call.say(f"[{name}]: [{value}]")
    return 0


@command("setprop")
async def setprop(call: Call) -> int:
    name, value = call.args[:2]
    if name.startswith("ro."):
        return await call.complain(f"Failed to set property '{name}' to '{value}'.")
    call.device.properties[name] = value
    return 0


@command("dumpsys")
async def dumpsys(call: Call) -> int:
    if call.args[:1] == ["-l"]:
        services = "activity battery display input_method package power window"
        return await call.say("Currently running services:\n  " + "\n  ".join(services.split()))
    args = [arg for arg in call.args if arg not in ("-t", "10")]
    service = args[0] if args else ""
    if service == "window" and "dumpsys_timeout" in call.device.faults:
        text = "*** SERVICE 'window' DUMP TIMEOUT (10000ms) EXPIRED ***"
        return await call.complain(f"\n{text}\n", 0)
    text_or_none = await dump(call.device, service, args[1:])
    if text_or_none is None:
        return await call.complain(f"Can't find service: {service}", 0)
    return await call.say(text_or_none)


@command("service")
async def service(call: Call) -> int:
    if call.args[:1] == ["check"]:
        return await call.say(f"Service {call.args[-1]}: found")
    return await call.complain('Result: Parcel(Error: 0xffffffffffffffed "No such device")')


@command("logcat")
async def logcat(call: Call) -> int:
    if "-c" in call.args:
        return 0
    stamp = time.strftime("%m-%d %H:%M:%S.000", time.gmtime())
    await call.say("--------- beginning of main")
    for touch in call.device.injected[-50:]:
        await call.say(f"{stamp}  1650  1702 I InputDispatcher: {touch}")
    if "-d" not in call.args:
        await asyncio.Event().wait()
    return 0


@command("svc")
async def svc(call: Call) -> int:
    match call.args:
        case ["wifi" | "bluetooth" as name, "enable" | "disable" as verb]:
            call.device.settings["global"][f"{name}_on"] = "1" if verb == "enable" else "0"
            await call.device.update()
        case ["power", "stayon", value]:
            on = "0" if value == "false" else "7"
            call.device.settings["global"]["stay_on_while_plugged_in"] = on
        case _:
            return await call.complain("Available commands: wifi bluetooth power")
    return 0


@command("ip")
async def ip(call: Call) -> int:
    if call.args[:1] == ["route"]:
        return await call.say("192.168.1.0/24 dev wlan0 proto kernel scope link src 192.168.1.57")
    address = "127.0.0.1" if "on_lan" in call.device.faults else "192.168.1.57"
    return await call.say(
        "32: wlan0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP\n"
        f"    inet {address}/24 brd 192.168.1.255 scope global wlan0"
    )


@command("ifconfig")
async def ifconfig(call: Call) -> int:
    return await call.say(
        "wlan0     Link encap:UNSPEC\n"
        "          inet addr:192.168.1.57  Bcast:192.168.1.255  Mask:255.255.255.0"
    )


@command("reboot")
async def reboot(call: Call) -> int:
    call.device.log.append((asyncio.get_running_loop().time(), "reboot"))
    return 0


@command("app_process")
async def app_process(call: Call) -> int:
    """The uiautomator server lives exactly as long as this command."""
    if "com.wetest.uia2.Main" not in call.args:
        return await call.complain("Error: could not find main class", 1)
    if call.device.files.find(call.env.get("CLASSPATH", "")) is None:
        return await call.complain(
            'Error: ClassNotFoundException: Didn\'t find class "com.wetest.uia2.Main"', 1
        )
    port = re.search(r"-p (\d+)", " ".join(call.args))
    run = call.device.run_automation
    return await run(int(port[1]) if port else 9008, call.complain)
