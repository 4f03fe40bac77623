"""Shell commands of the screen: input, screencap, uiautomator, wm, ime and settings."""

from __future__ import annotations

import asyncio

from tests.phone.device import Denied, Device
from tests.phone.hierarchy import to_xml
from tests.phone.keys import CODES, key_code
from tests.phone.shell import Call, command

_SOURCES = ("touchscreen", "keyboard", "touchpad", "mouse", "dpad", "stylus")


@command("input")
async def input_(call: Call) -> int:
    args = list(call.args)
    while args and (args[0] in _SOURCES or args[0] == "-d"):
        del args[: 2 if args[0] == "-d" else 1]
    if not args:
        return await call.complain("Error: Invalid arguments for command: ", 255)
    verb, rest = args[0], args[1:]
    try:
        return await _inject(call, verb, rest)
    except Denied as error:
        return await _exception(call, verb, f"java.lang.SecurityException: {error}")
    except (ValueError, IndexError):
        return await call.complain(f"Error: Invalid arguments for command: {verb}", 255)


async def _inject(call: Call, verb: str, rest: list[str]) -> int:
    device = call.device
    match verb:
        case "tap":
            await device.tap(_number(rest[0]), _number(rest[1]), 0.0)
        case "swipe" | "draganddrop" | "drag":
            x0, y0, x1, y1 = (_number(part) for part in rest[:4])
            milliseconds = int(rest[4]) if len(rest) > 4 else 300
            hold = 0.0 if verb == "swipe" else 0.5
            await device.swipe([(x0, y0), (x1, y1)], max(1, milliseconds // 5), hold=hold)
        case "motionevent":
            phase = {"DOWN": "down", "MOVE": "move", "UP": "up"}[rest[0].upper()]
            await device.touch(phase, _number(rest[1]), _number(rest[2]))  # type: ignore[arg-type]
        case "keyevent":
            return await _keys(call, rest)
        case "keycombination":
            codes = [key_code(name) or 0 for name in rest]
            control = CODES["CTRL_LEFT"] in codes
            await device.key(codes[-1], *(("ctrl",) if control else ()))
        case "text":
            return await _text(call, " ".join(rest))
        case "roll" | "press":
            await device.key(CODES["DPAD_CENTER"])
        case _:
            return await call.complain(f"Error: Unknown command: {verb}", 255)
    return 0


async def _keys(call: Call, names: list[str]) -> int:
    held = 0.5 if "--longpress" in names else 0.0
    for name in [name for name in names if not name.startswith("--")]:
        code = key_code(name)
        if code is None:
            return await _exception(
                call, "keyevent", f"java.lang.IllegalArgumentException: Unknown keycode: {name}"
            )
        await asyncio.sleep(held)
        await call.device.key(code)
    return 0


async def _text(call: Call, text: str) -> int:
    """ASCII only, as the key map of the virtual keyboard has nothing else."""
    if not text.isascii():
        return await _exception(
            call,
            "text",
            "java.lang.NullPointerException: Attempt to get length of null array",
        )
    typed = text.replace("%s", " ")
    if "inject_denied" in call.device.faults:
        await call.device.key(CODES["SPACE"])
    call.device.injected.append(f"text {typed}")
    if call.device.awake:
        await call.device.screen.commit(typed)
    return 0


async def _exception(call: Call, verb: str, text: str) -> int:
    modern = call.device.profile.sdk >= 29
    head = f"\nException occurred while executing '{verb}':" if modern else ""
    where = "com.android.server.input.InputShellCommand.onCommand(InputShellCommand.java:198)"
    if not modern:
        head, where = "Error: null", "com.android.commands.input.Input.run(Input.java:140)"
    return await call.complain(f"{head}\n{text}\n\tat {where}", 255)


def _number(text: str) -> int:
    return round(float(text))


@command("screencap")
async def screencap(call: Call) -> int:
    frame, secure = await call.device.frame()
    failing = secure and call.device.profile.secure_capture == "fails"
    if failing or "screencap_fails" in call.device.faults:
        return await call.complain("Error: Unable to take screenshot: status -1", 1)
    paths = [arg for arg in call.args if arg.startswith("/")]
    png = "-p" in call.args or any(path.endswith(".png") for path in paths)
    encode = frame.png if png else lambda: frame.raw(call.device.profile.sdk >= 28)
    data = await asyncio.to_thread(encode)
    if not paths:
        return await call.say(data)
    if call.device.files.full:
        return await call.complain(f"Error opening file: {paths[0]} (No space left on device)", 1)
    call.device.files.write(paths[0], data)
    return 0


@command("uiautomator")
async def uiautomator(call: Call) -> int:
    """`dump` needs UiAutomation for itself, so it fails while another program holds it."""
    if call.args[:1] != ["dump"]:
        return await call.complain(f"Error: Unsupported command: {' '.join(call.args)}")
    if call.device.automation_held:
        return await call.complain("Killed", 137)
    paths = [arg for arg in call.args[1:] if arg.startswith("/")]
    path = paths[0] if paths else "/sdcard/window_dump.xml"
    nodes = await call.device.nodes()
    text = to_xml(nodes[:1], call.device.rotation)
    if path == "/dev/tty":
        await call.say(text)
    else:
        call.device.files.write(path, text.encode())
    return await call.say(f"UI hierchary dumped to: {path}")


@command("wm")
async def wm(call: Call) -> int:
    device = call.device
    match call.args:
        case ["size"]:
            physical = (device.profile.width, device.profile.height)
            await call.say("Physical size: {}x{}".format(*physical))
            if device.size_override:
                await call.say("Override size: {}x{}".format(*device.size_override))
        case ["size", "reset"]:
            await device.update(size_override=None)
        case ["size", size]:
            width, _, height = size.partition("x")
            await device.update(size_override=(int(width), int(height)))
        case ["density"]:
            await call.say(f"Physical density: {device.profile.density}")
            if device.density_override:
                await call.say(f"Override density: {device.density_override}")
        case ["density", value]:
            device.density_override = None if value == "reset" else int(value)
        case ["user-rotation" | "set-user-rotation", *rest]:
            await _rotate(device, rest)
        case ["dismiss-keyguard"]:
            if not device.pin:
                await device.update(locked=False)
        case _:
            return await call.complain(f"Unknown command: {' '.join(call.args[:1])}", 255)
    return 0


async def _rotate(device: Device, rest: list[str]) -> None:
    if rest[:1] == ["lock"] and len(rest) > 1:
        device.settings["system"]["user_rotation"] = rest[1]
        await device.update(rotation=int(rest[1]))


@command("ime")
async def ime(call: Call) -> int:
    device = call.device
    args = [arg for arg in call.args if arg not in ("--user", "0", "10", "all")]
    verb, rest = (args[0], args[1:]) if args else ("", [])
    if verb == "list":
        shown = device.keyboards if "-a" in rest else device.enabled_keyboards
        for component in shown:
            await call.say(component if "-s" in rest else f"{component}:\n  mId={component}")
        return 0
    component = rest[0] if rest else ""
    user = f" for user #{device.profile.user}" if device.profile.sdk >= 28 else ""
    if verb == "reset":
        await device.set_keyboard(device.profile.keyboard)
        return await call.say(f"Reset current and enabled IMEs{user}")
    if component not in device.keyboards:
        return await call.complain(f"Unknown input method {component} cannot be {verb}d{user}", 255)
    match verb:
        case "enable":
            already = component in device.enabled_keyboards
            if not already:
                device.enabled_keyboards.append(component)
            word = "already" if already else "now"
            return await call.say(f"Input method {component}: {word} enabled{user}")
        case "disable":
            if component in device.enabled_keyboards:
                device.enabled_keyboards.remove(component)
            if device.keyboard == component:
                await device.set_keyboard(device.profile.keyboard)
            return await call.say(f"Input method {component}: now disabled{user}")
        case "set":
            if await device.set_keyboard(component):
                return await call.say(f"Input method {component} selected{user}")
            text = f"Input method {component} is not enabled{user}"
            return await call.complain(text, 255)
    return await call.complain(f"Unknown command: {verb}", 255)


@command("settings")
async def settings(call: Call) -> int:
    args = list(call.args)
    while "--user" in args:
        del args[args.index("--user") : args.index("--user") + 2]
    spaces = call.device.settings
    if len(args) < 2 or args[1] not in spaces:
        return await call.complain("Invalid namespace" if len(args) > 1 else "No command", 255)
    space = spaces[args[1]]
    match args:
        case ["get", _, name]:
            return await call.say(space.get(name, "null"))
        case ["put", _, name, value, *_]:
            if name == "default_input_method" and value not in call.device.keyboards:
                return 0
            space[name] = value
            await _applied(call.device, name, value)
        case ["delete", _, name]:
            return await call.say(f"Deleted {int(space.pop(name, None) is not None)} rows")
        case ["list", _]:
            for name, value in sorted(space.items()):
                await call.say(f"{name}={value}")
    return 0


async def _applied(device: Device, name: str, value: str) -> None:
    automatic = device.settings["system"]["accelerometer_rotation"] == "1"
    if name == "user_rotation" and not automatic:
        await device.update(rotation=int(value))
    else:
        await device.update()
