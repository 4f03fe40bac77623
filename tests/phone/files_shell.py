"""Shell commands about files and small Unix things."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import stat
import time

from tests.phone.files import CAPACITY, Entry
from tests.phone.shell import COMMANDS, Call, Shell, command


@command("ls")
async def ls(call: Call) -> int:
    flags = "".join(arg[1:] for arg in call.args if arg.startswith("-"))
    status = 0
    for path in [arg for arg in call.args if not arg.startswith("-")] or ["/"]:
        entry = call.device.files.find(path)
        if entry is None:
            status = await call.complain(f"ls: {path}: No such file or directory")
            continue
        rows = [(path, entry)]
        if entry.data is None and "d" not in flags:
            rows = call.device.files.children(path)
        if "l" in flags:
            await call.say(f"total {sum(row.size for _, row in rows) // 512}")
        for name, row in rows:
            await call.say(_long(name, row) if "l" in flags else name)
    return status


def _long(name: str, entry: Entry) -> str:
    when = time.strftime("%Y-%m-%d %H:%M", time.gmtime(entry.mtime))
    return f"{stat.filemode(entry.mode)} 1 shell shell {entry.size} {when} {name}"


@command("cat")
async def cat(call: Call) -> int:
    if not call.args:
        return await call.say(call.stdin)
    status = 0
    for path in call.args:
        data = call.device.files.read(path)
        if data is None:
            status = await call.complain(f"cat: {path}: No such file or directory")
        else:
            await call.say(data)
    return status


@command("rm")
async def rm(call: Call) -> int:
    status = 0
    forced = any(arg.startswith("-") and "f" in arg for arg in call.args)
    for path in [arg for arg in call.args if not arg.startswith("-")]:
        if not call.device.files.remove(path) and not forced:
            status = await call.complain(f"rm: {path}: No such file or directory")
    return status


@command("mkdir")
async def mkdir(call: Call) -> int:
    for path in [arg for arg in call.args if not arg.startswith("-")]:
        if call.device.files.find(path) is not None and "-p" not in call.args:
            return await call.complain(f"mkdir: '{path}': File exists")
        call.device.files.make_folder(path)
    return 0


@command("mv", "cp")
async def move(call: Call) -> int:
    source, target = [arg for arg in call.args if not arg.startswith("-")][:2]
    data = call.device.files.read(source)
    if data is None:
        return await call.complain(f"{call.name}: bad '{source}': No such file or directory")
    call.device.files.write(target, data)
    if call.name == "mv":
        call.device.files.remove(source)
    return 0


@command("touch")
async def touch(call: Call) -> int:
    for path in call.args:
        call.device.files.write(path, call.device.files.read(path) or b"")
    return 0


@command("chmod", "chown", "sync", "true", ":", "export", "cd", "trap", "set", "umask")
async def nothing(call: Call) -> int:
    return 0


@command("false")
async def false(call: Call) -> int:
    return 1


@command("test", "[")
async def test(call: Call) -> int:
    args = [arg for arg in call.args if arg != "]"]
    if len(args) == 2 and args[0] in ("-e", "-f", "-d"):
        entry = call.device.files.find(args[1])
        if entry is None:
            return 1
        return int(args[0] != "-e" and (entry.data is None) != (args[0] == "-d"))
    if len(args) == 3 and args[1] in ("=", "=="):
        return int(args[0] != args[2])
    return int(not any(args))


@command("md5sum", "sha1sum", "sha256sum")
async def checksum(call: Call) -> int:
    status = 0
    for path in call.args:
        data = call.device.files.read(path)
        if data is None:
            status = await call.complain(f"{call.name}: {path}: No such file or directory")
        else:
            digest = hashlib.new(call.name.removesuffix("sum"), data, usedforsecurity=False)
            await call.say(f"{digest.hexdigest()}  {path}")
    return status


@command("df")
async def df(call: Call) -> int:
    used = call.device.files.used
    total, taken = CAPACITY // 1024, used // 1024
    await call.say("Filesystem      1K-blocks      Used Available Use% Mounted on")
    share = round(100 * taken / total)
    return await call.say(
        f"/dev/block/dm-44 {total:>10} {taken:>9} {total - taken:>9} {share:>3}% /data"
    )


@command("echo")
async def echo(call: Call) -> int:
    if call.args[:1] == ["-n"]:
        return await call.say(" ".join(call.args[1:]).encode())
    return await call.say(" ".join(call.args))


@command("grep")
async def grep(call: Call) -> int:
    flags = "".join(arg[1:] for arg in call.args if arg.startswith("-"))
    words = [arg for arg in call.args if not arg.startswith("-")]
    pattern = re.compile(words[0], re.IGNORECASE if "i" in flags else 0)
    data = b"".join(call.device.files.read(path) or b"" for path in words[1:]) or call.stdin
    lines = data.decode("utf-8", "replace").splitlines()
    found = [line for line in lines if bool(pattern.search(line)) != ("v" in flags)]
    if "q" not in flags:
        for line in found:
            await call.say(line)
    return int(not found)


@command("head", "tail")
async def head(call: Call) -> int:
    numbers = re.findall(r"\d+", " ".join(call.args)) or ["10"]
    lines = call.stdin.splitlines(keepends=True)
    count = int(numbers[0])
    return await call.say(b"".join(lines[:count] if call.name == "head" else lines[-count:]))


@command("wc")
async def wc(call: Call) -> int:
    return await call.say(str(len(call.stdin.splitlines() if "-l" in call.args else call.stdin)))


@command("base64")
async def base64_(call: Call) -> int:
    data = call.device.files.read(call.args[-1]) if call.args else call.stdin
    return await call.say(base64.encodebytes(data or b""))


@command("which")
async def which(call: Call) -> int:
    if not call.args or call.args[0] not in COMMANDS:
        return 1
    return await call.say(f"/system/bin/{call.args[0]}")


@command("sh")
async def sh(call: Call) -> int:
    line = call.args[1] if call.args[:1] == ["-c"] else call.stdin.decode()
    return await Shell(call.device, call.emit, call.read).run(line)


@command("date")
async def date(call: Call) -> int:
    form = call.args[0].lstrip("+") if call.args else "%a %b %e %H:%M:%S UTC %Y"
    return await call.say(time.strftime(form, time.gmtime()))


@command("id")
async def id_(call: Call) -> int:
    return await call.say(
        "uid=2000(shell) gid=2000(shell) groups=2000(shell),1004(input),3003(inet)"
        " context=u:r:shell:s0"
    )


@command("whoami")
async def whoami(call: Call) -> int:
    return await call.say("shell")


@command("uname")
async def uname(call: Call) -> int:
    return await call.say("Linux localhost 5.10.157-android13-4 aarch64 Toybox")


@command("sleep")
async def sleep(call: Call) -> int:
    await asyncio.sleep(float(call.args[0]))
    return 0
