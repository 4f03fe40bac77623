"""Shell commands about apps: am, pm, cmd, monkey, ps, pidof and kill."""

from __future__ import annotations

from tests.phone.keyboards import broadcast
from tests.phone.packages import Package, from_apk
from tests.phone.shell import COMMANDS, Call, command

_LAUNCHER = "android.intent.category.LAUNCHER"
_HOME = "android.intent.category.HOME"
_ABORTED = 252
"""monkey's exit status when it has nothing to run."""


@command("am")
async def am(call: Call) -> int:
    args = call.args
    match args[:1]:
        case ["start" | "start-activity"]:
            return await _start(call, args[1:])
        case ["force-stop" | "kill"]:
            await call.device.stop_app(args[-1])
            return 0
        case ["broadcast"]:
            return await _broadcast(call, args[1:])
        case ["startservice" | "start-foreground-service" | "stack" | "instrument"]:
            return 0
        case ["get-current-user"]:
            return await call.say(str(call.device.profile.user))
    return await call.complain(f"Unknown command: {' '.join(args[:1])}", 255)


async def _start(call: Call, args: list[str]) -> int:
    options = _options(args)
    component = options.get("-n", "")
    if "-S" in args and component:
        await call.device.stop_app(component.partition("/")[0])
    package = _resolve(call, component, options)
    shown = " ".join(
        part
        for part in (
            f"act={options['-a']}" if "-a" in options else "",
            f"cat=[{options['-c']}]" if "-c" in options else "",
            f"dat={options['-d']}" if "-d" in options else "",
            f"pkg={options['-p']}" if "-p" in options else "",
            f"cmp={component}" if component else "",
        )
        if part
    )
    await call.say(f"Starting: Intent {{ {shown} }}")
    if package is None:
        await _not_started(call, component, shown)
        return 0 if call.device.profile.sdk < 33 else 1
    front = await call.device.screen.window()
    await call.device.launch(package)
    if front.package == package.name:
        await call.say(
            "Warning: Activity not started, its current task has been brought to the front"
        )
    if "-W" in args:
        await call.say(
            f"Status: ok\nLaunchState: COLD\nActivity: {package.component}\n"
            "TotalTime: 211\nWaitTime: 215\nComplete"
        )
    return 0


def _resolve(call: Call, component: str, options: dict[str, str]) -> Package | None:
    packages = call.device.packages
    if component:
        name, _, activity = component.partition("/")
        package = packages.get(name)
        known = package is not None and activity in (package.activity, name + package.activity)
        return package if known else None
    if options.get("-p") in packages:
        return packages[options["-p"]]
    screens = {"android.settings": "com.android.settings", "sms": "com.android.messaging"}
    wanted = options.get("-a", "") + " " + options.get("-d", "")
    return next((packages[name] for word, name in screens.items() if word in wanted), None)


async def _not_started(call: Call, component: str, shown: str) -> None:
    if component:
        text = f"Activity class {{{component}}} does not exist."
        await call.complain(f"Error type 3\nError: {text}")
    else:
        await call.complain(f"Error: Activity not started, unable to resolve Intent {{ {shown} }}")


async def _broadcast(call: Call, args: list[str]) -> int:
    options = _options(args)
    extras = {
        args[i + 1]: args[i + 2] for i, arg in enumerate(args[:-2]) if arg[:3] in ("--e", "-e")
    }
    action = options.get("-a", "")
    extra = " (has extras)" if extras else ""
    await call.say(f"Broadcasting: Intent {{ act={action} flg=0x400000{extra} }}")
    code, data = await broadcast(call.device, action, extras)
    text = f', data="{data}"' if data is not None else ""
    return await call.say(f"Broadcast completed: result={code}{text}")


def _options(args: list[str]) -> dict[str, str]:
    """The options that take one value."""
    taking = ("-n", "-a", "-c", "-d", "-p", "-t", "-f", "--user")
    return {arg: args[i + 1] for i, arg in enumerate(args[:-1]) if arg in taking}


@command("monkey")
async def monkey(call: Call) -> int:
    options = _options(call.args)
    if call.device.profile.sdk >= 30:
        for arg in call.args:
            await call.say(f"  bash arg: {arg}")
    package = call.device.packages.get(options.get("-p", ""))
    if package is None or not package.activity:
        await call.complain("** No activities found to run, monkey aborted.")
        return _ABORTED
    await call.device.launch(package)
    await call.say("Events injected: 1")
    return await call.say(
        "## Network stats: elapsed time=14ms (0ms mobile, 0ms wifi, 14ms not connected)"
    )


@command("pm")
async def pm(call: Call) -> int:
    args = [arg for arg in call.args if arg not in ("--user", "0", "10")]
    match args:
        case ["list", "packages" | "package", *filters]:
            return await _list(call, filters)
        case ["list", "users"]:
            return await call.say("Users:\n\tUserInfo{0:Owner:c13} running")
        case ["list", "features"]:
            return await call.say("feature:android.hardware.touchscreen")
        case ["path", name]:
            package = call.device.packages.get(name)
            return 1 if package is None else await call.say(f"package:{package.path}")
        case ["install", *rest]:
            return await _install(call, rest[-1])
        case ["uninstall", *rest]:
            if await call.device.uninstall(rest[-1]):
                return await call.say("Success")
            return await call.complain("Failure [DELETE_FAILED_INTERNAL_ERROR]")
        case ["clear", name]:
            if name not in call.device.packages:
                return await call.complain("Failed")
            await call.device.stop_app(name)
            await call.device.screen.clear_app(name)
            return await call.say("Success")
        case ["grant" | "revoke" | "enable" | "disable" | "disable-user", *_]:
            return 0
    return await call.complain(f"Unknown command: {' '.join(args[:1])}", 255)


async def _list(call: Call, filters: list[str]) -> int:
    wanted = [word for word in filters if not word.startswith("-")]
    for package in call.device.packages.values():
        if "-3" in filters and not package.third_party:
            continue
        if "-s" in filters and package.third_party:
            continue
        if wanted and wanted[0] not in package.name:
            continue
        path = f"{package.path}=" if "-f" in filters else ""
        await call.say(f"package:{path}{package.name}")
    return 0


async def _install(call: Call, path: str) -> int:
    data = call.device.files.read(path)
    if data is None:
        return await call.complain(f"Error: failed to open APK: {path}: No such file or directory")
    if "install_refused" in call.device.faults:
        text = "Failure [INSTALL_FAILED_USER_RESTRICTED: Install canceled by user]"
        return await call.complain(text)
    if "storage_full" in call.device.faults:
        return await call.complain("Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE]")
    package = from_apk(path, data)
    if package is None:
        text = f"Failed to parse {path}"
        return await call.complain(f"Failure [INSTALL_PARSE_FAILED_NOT_APK: {text}]")
    call.device.install(package)
    return await call.say("Success")


@command("cmd")
async def cmd(call: Call) -> int:
    match call.args:
        case ["package", "query-activities", *rest]:
            return await _query(call, rest)
        case ["package", "resolve-activity", *rest]:
            home = _options(rest).get("-c") == _HOME
            package = call.device.packages.get(call.device.home if home else rest[-1])
            if package is None or not package.activity:
                return await call.say("No activity found")
            return await call.say(_match(package, "", "--components" not in rest))
        case ["package", *rest]:
            return await pm(Call(call.device, "pm", rest, b"", call.emit))
        case ["activity" | "input" | "window" | "settings" as name, *rest]:
            names = {"activity": "am", "window": "wm"}
            inner = Call(call.device, names.get(name, name), rest, b"", call.emit)
            return await COMMANDS[inner.name](inner)
        case ["input_method" | "inputmethod", *rest]:
            return await COMMANDS["ime"](Call(call.device, "ime", rest, b"", call.emit))
        case ["statusbar", "expand-notifications" | "collapse"]:
            return 0
        case ["clipboard", *_]:
            return await call.complain("No shell command implementation.", 255)
    return await call.complain(f"cmd: Can't find service: {' '.join(call.args[:1])}", 20)


async def _query(call: Call, args: list[str]) -> int:
    found = [p for p in call.device.packages.values() if p.activity]
    options = _options(args)
    if options.get("-c") == _LAUNCHER:
        found = [package for package in found if package.name != call.device.home]
    if options.get("-p"):
        found = [package for package in found if package.name == options["-p"]]
    if not found:
        return await call.say("No activities found")
    if "--components" in args:
        return await call.say("\n".join(package.component for package in found))
    await call.say(f"{len(found)} activities found:")
    for number, package in enumerate(found):
        await call.say(f"  Activity #{number}:\n{_match(package, '    ', True)}")
    return 0


def _match(package: Package, indent: str, brief: bool) -> str:
    head = "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=true"
    return f"{indent}{head}\n{indent}{package.component}" if brief else package.component


@command("ps")
async def ps(call: Call) -> int:
    await call.say("USER           PID  PPID     VSZ    RSS WCHAN            ADDR S NAME")
    system = {"init": 1, "zygote64": 812, "surfaceflinger": 640}
    for name, pid in {**system, **call.device.running}.items():
        user = "root" if name in system else "u0_a178"
        await call.say(f"{user:<13}{pid:>5}   812 5432100 102400 0                   0 S {name}")
    if rival := call.device.faults.option("already_registered", "by"):
        await call.say(f"shell          7301   812 5432100 102400 0                   0 S {rival}")
    return 0


@command("pidof")
async def pidof(call: Call) -> int:
    pid = call.device.running.get(call.args[0])
    return 1 if pid is None else await call.say(str(pid))


@command("kill", "pkill", "killall")
async def kill(call: Call) -> int:
    for target in call.args:
        by_pid = {str(pid): name for name, pid in call.device.running.items()}
        await call.device.stop_app(by_pid.get(target, target))
    return 0
