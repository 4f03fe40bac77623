"""What adbd offers under each service name: shells, sync, ports, reverse and the small ones."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import Awaitable, Callable

import tests.phone.apps_shell
import tests.phone.files_shell
import tests.phone.input_shell
import tests.phone.system_shell  # noqa: F401  (these four register their commands)
from tests.phone.device import Device
from tests.phone.shell import Channel, Shell, delay, interactive
from tests.phone.sync import serve_sync
from tests.phone.u2 import Automation
from tests.phone.wire import Stream

Serve = Callable[[Stream], Awaitable[None]]


class Services:
    """Opens services by name and logs each."""

    def __init__(self, device: Device, automation: Automation) -> None:
        self._device = device
        self._automation = automation
        self._reversed: dict[str, str] = {}
        self.restarts: list[str] = []
        """What asked adbd or the phone to start again: tcpip, usb, reboot, root."""

    def open(self, service: str) -> Serve | None:
        """None when nothing answers under this name or port."""
        loop_time = asyncio.get_running_loop().time()
        self._device.log.append((loop_time, service))
        kind, _, rest = service.partition(":")
        if kind.startswith("shell"):
            return self._shell(rest, packets="v2" in kind.split(","))
        match kind:
            case "exec":
                return self._shell(rest, packets=False)
            case "sync":
                return lambda stream: serve_sync(self._device.files, stream)
            case "tcp":
                return self._automation.connect(int(rest.partition(":")[0]))
            case "reverse":
                return self._reverse(rest)
            case "tcpip" | "usb" | "reboot" | "root" | "unroot" | "remount":
                return self._restart(kind, rest)
        return None

    def _shell(self, line: str, *, packets: bool) -> Serve:
        async def serve(stream: Stream) -> None:
            async def emit(channel: Channel, data: bytes) -> None:
                if packets:
                    for start in range(0, len(data), 65536):
                        piece = data[start : start + 65536]
                        head = struct.pack("<BI", 1 if channel == "out" else 2, len(piece))
                        await stream.write(head + piece)
                else:
                    await stream.write(data)

            async def read() -> bytes:
                return await (_packet(stream) if packets else stream.reader.read(65536))

            await delay(self._device, line)
            shell = Shell(self._device, emit, read)
            if line:
                status = await shell.run(line)
            else:
                status = await interactive(shell, f"{self._device.profile.device}:/ $ ")
            if packets:
                await stream.write(struct.pack("<BIB", 3, 1, status & 0xFF))

        return serve

    def _reverse(self, request: str) -> Serve:
        async def serve(stream: Stream) -> None:
            verb, _, rest = request.partition(":")
            answer = "OKAY"
            match verb:
                case "forward":
                    remote, _, local = rest.removeprefix("norebind:").partition(";")
                    self._reversed[remote] = local
                case "list-forward":
                    rows = [f"(reverse) {k} {v}\n" for k, v in self._reversed.items()]
                    text = "".join(rows)
                    answer = f"{len(text):04x}{text}"
                case "killforward":
                    self._reversed.pop(rest, None)
                case "killforward-all":
                    self._reversed.clear()
            await stream.write(answer.encode())

        return serve

    def _restart(self, kind: str, rest: str) -> Serve:
        texts = {
            "tcpip": f"restarting in TCP mode port: {rest}\n",
            "usb": "restarting in USB mode\n",
            "root": "adbd cannot run as root in production builds\n",
            "unroot": "adbd not running as root\n",
            "remount": 'Not running as root. Try "adb root" first.\n',
        }

        async def serve(stream: Stream) -> None:
            self.restarts.append(f"{kind}:{rest}".rstrip(":"))
            await stream.write(texts.get(kind, "").encode())

        return serve


async def _packet(stream: Stream) -> bytes:
    """The next input of a v2 shell; nothing at the end or on close-stdin."""
    with contextlib.suppress(asyncio.IncompleteReadError):
        while True:
            kind, size = struct.unpack("<BI", await stream.reader.readexactly(5))
            data = await stream.reader.readexactly(size)
            if kind == 0:
                return data
            if kind == 4:
                return b""
    return b""
