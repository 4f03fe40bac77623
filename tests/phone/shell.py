"""The phone's sh: quoting, ; && || | redirections and $?, over commands written in Python."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from tests.phone.device import Device
from tests.phone.files import StorageFull

Channel = Literal["out", "err"]
Emit = Callable[[Channel, bytes], Awaitable[None]]
_TOKEN = re.compile(
    r"""\s*(?:(?P<op>\d?>&\d|\d?>>|\d?>|&&|\|\||[;|&\n])|(?P<word>(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s;|&><'"\\])+))""",
    re.DOTALL,
)
_PART = re.compile(r"""\\(.)|'([^']*)'|"((?:\\.|[^"\\])*)"|([^\\'"]+)""", re.DOTALL)


@dataclass
class Call:
    """One command with its arguments and where its output goes."""

    device: Device
    name: str
    args: list[str]
    stdin: bytes
    emit: Emit
    env: dict[str, str] = field(default_factory=dict)
    """Assignments in front of the command."""
    read: Callable[[], Awaitable[bytes]] | None = None
    """The host's input, for commands that read until it ends."""

    async def say(self, text: str | bytes) -> int:
        """Write to standard output, a line end added to text; always 0."""
        data = text if isinstance(text, bytes) else f"{text}\n".encode()
        await self.emit("out", data)
        return 0

    async def complain(self, text: str, status: int = 1) -> int:
        await self.emit("err", f"{text}\n".encode())
        return status


Command = Callable[[Call], Awaitable[int]]
COMMANDS: dict[str, Command] = {}


def command(*names: str) -> Callable[[Command], Command]:
    """Register what runs under these names."""

    def register(function: Command) -> Command:
        COMMANDS.update(dict.fromkeys(names, function))
        return function

    return register


class SyntaxProblem(Exception):
    """The command line cannot be read."""


@dataclass
class Shell:
    """One running sh with its last exit status."""

    device: Device
    emit: Emit
    read: Callable[[], Awaitable[bytes]] | None = None
    status: int = 0

    async def run(self, line: str) -> int:
        """Run a command line; the result is the exit status."""
        try:
            tokens = tokenize(line)
        except SyntaxProblem as error:
            await self.emit("err", f"/system/bin/sh: {error}\n".encode())
            self.status = 1
            return 1
        joiner, pipeline = ";", list[str]()
        for token in [*tokens, ";"]:
            if token not in (";", "&&", "||", "&", "\n"):
                pipeline.append(token)
                continue
            if pipeline and _goes_on(joiner, self.status):
                if pipeline[0] == "exit":
                    self.status = int(self._expand(pipeline[1])) if pipeline[1:] else self.status
                    break
                await self._pipeline(pipeline)
            joiner, pipeline = token, []
        return self.status

    async def _pipeline(self, tokens: list[str]) -> None:
        stages: list[list[str]] = [[]]
        for token in tokens:
            if token == "|":
                stages.append([])
            else:
                stages[-1].append(token)
        data = b""
        for stage in stages[:-1]:
            kept = bytearray()
            await self._stage(stage, data, self._keeping(kept))
            data = bytes(kept)
        await self._stage(stages[-1], data, self.emit)

    def _keeping(self, kept: bytearray) -> Emit:
        async def emit(channel: Channel, data: bytes) -> None:
            if channel == "out":
                kept.extend(data)
            else:
                await self.emit(channel, data)

        return emit

    async def _stage(self, tokens: list[str], stdin: bytes, emit: Emit) -> None:
        words, targets = _redirections(tokens)
        files = {channel: bytearray() for channel, target in targets.items() if target[0] == ">"}

        async def redirected(channel: Channel, data: bytes) -> None:
            target = targets.get(channel, "")
            if channel in files:
                files[channel].extend(data)
            else:
                await emit("out" if target == "&1" else channel, data)

        expanded = [self._expand(word) for word in words]
        self.status = await self._invoke(expanded, stdin, redirected)
        for channel, data in files.items():
            await self._save(targets[channel], bytes(data))

    async def _save(self, target: str, data: bytes) -> None:
        append, path = target.startswith(">>"), target.lstrip(">")
        if path == "/dev/null":
            return
        old = (self.device.files.read(path) or b"") if append else b""
        try:
            self.device.files.write(path, old + data)
        except (StorageFull, FileNotFoundError) as error:
            reason = "No space left on device"
            if isinstance(error, FileNotFoundError):
                reason = "No such file or directory"
            text = f"/system/bin/sh: can't create {path}: {reason}\n"
            await self.emit("err", text.encode())
            self.status = 1

    async def _invoke(self, words: list[str], stdin: bytes, emit: Emit) -> int:
        env: dict[str, str] = {}
        while words and re.match(r"[A-Za-z_]\w*=", words[0]):
            name, _, value = words.pop(0).partition("=")
            env[name] = value
        if not words:
            return 0
        name = words[0].removeprefix("/system/bin/")
        if name in ("toybox", "exec") and len(words) > 1:
            words = words[1:]
            name = words[0]
        call = Call(self.device, name, words[1:], stdin, emit, env, self.read)
        run = COMMANDS.get(name)
        if run is None or (name == "monkey" and "monkey_missing" in self.device.faults):
            ending = "not found" if self.device.profile.sdk < 29 else "inaccessible or not found"
            return await call.complain(f"/system/bin/sh: {name}: {ending}", 127)
        return await run(call)

    def _expand(self, word: str) -> str:
        """Remove the quotes; outside single quotes, put in $?."""
        parts = []
        for escaped, single, double, bare in _PART.findall(word):
            double = re.sub(r"\\([$`\"\\])", r"\1", double)
            parts.append(escaped or single or self._variables(double) or self._variables(bare))
        return "".join(parts)

    def _variables(self, text: str) -> str:
        values = {"?": str(self.status), "EXTERNAL_STORAGE": "/sdcard", "$": "4242"}
        return re.sub(r"\$(\?|\$|EXTERNAL_STORAGE)", lambda match: values[match[1]], text)


def tokenize(line: str) -> list[str]:
    """Words with their quotes, and operators. Raises SyntaxProblem on an open quote."""
    tokens, at = [], 0
    while at < len(line.rstrip(" \t\r\n")):
        match = _TOKEN.match(line, at)
        if match is None:
            raise SyntaxProblem("no closing quote")
        tokens.append(match["op"] or match["word"])
        at = match.end()
    return tokens


def _goes_on(joiner: str, status: int) -> bool:
    return joiner in (";", "&", "\n") or (joiner == "&&") == (status == 0)


def _redirections(tokens: list[str]) -> tuple[list[str], dict[Channel, str]]:
    """The words without redirections, and what each channel goes to: >path, >>path or &1."""
    words: list[str] = []
    targets: dict[Channel, str] = {}
    rest = iter(tokens)
    for token in rest:
        match = re.fullmatch(r"(\d?)(>>|>)(&\d)?", token)
        if match is None:
            words.append(token)
            continue
        channel: Channel = "err" if match[1] == "2" else "out"
        targets[channel] = match[3] or match[2] + next(rest, "/dev/null").strip("'\"")
    return words, targets


async def interactive(shell: Shell, prompt: str) -> int:
    """Read lines until `exit` or the end of the input."""
    assert shell.read is not None
    pending = b""
    await shell.emit("out", prompt.encode())
    while chunk := await shell.read():
        pending += chunk.replace(b"\r", b"\n")
        while b"\n" in pending:
            line, _, pending = pending.partition(b"\n")
            if line.strip() == b"exit":
                return shell.status
            await shell.run(line.decode("utf-8", "replace"))
            await shell.emit("out", prompt.encode())
    return shell.status


async def delay(device: Device, line: str) -> None:
    if device.faults.option("slow_shell", "only") in line:
        await asyncio.sleep(device.faults.seconds("slow_shell"))
