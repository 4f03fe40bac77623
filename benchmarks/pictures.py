"""What it costs to hand a picture over: in the request, through a folder, by the name of one sent
before. Seconds from asking to the end of a one-token answer; the server's own work included.

python -m benchmarks.pictures --base-url http://localhost:8000/v1 [--local-media FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

import PIL.Image

from benchmarks.tables import table
from gui_agent.model import GLM
from gui_agent.protocols import Image, Message, Sampling

SIZES = ((1280, 720), (1080, 2400))


def picture(width: int, height: int) -> Image:
    """One that no server has seen, as large as a screenshot with photographs."""
    buffer = io.BytesIO()
    noise = PIL.Image.effect_noise((width, height), 20).convert("RGB")
    noise.save(buffer, "JPEG", quality=90)
    return Image(buffer.getvalue(), "image/jpeg", width, height)


async def seconds(client: GLM, shown: Image) -> float:
    """One answer of one token."""
    began = time.perf_counter()
    await client.complete((Message("user", (shown, "What is this?")),), Sampling(max_tokens=1))
    return time.perf_counter() - began


async def measure(
    first: GLM, second: GLM, size: tuple[int, int], times: int
) -> tuple[float, float]:
    """Medians in ms: of a new picture, and of the same one asked about by the second client."""
    shown = [picture(*size) for _ in range(times)]
    new = [await seconds(first, one) for one in shown]
    again = [await seconds(second, one) for one in shown]
    return 1000 * median(new), 1000 * median(again)


async def rows(url: str, folder: Path | None, times: int) -> list[list[object]]:
    """A row for each way and size. Only a client that asks about a picture again names it."""
    async with AsyncExitStack() as stack:

        def client(local_media: Path | None = None) -> GLM:
            made = GLM(url, local_media=local_media)
            stack.push_async_callback(made.close)
            return made

        naming = client()
        ways = {"in the request": (client(), client()), "by its name": (naming, naming)}
        if folder:
            ways["through a folder"] = (client(folder), client(folder))
        for first, second in ways.values():  # connect, and let the one find out about names
            warm = picture(56, 56)
            await seconds(first, warm)
            await seconds(second, warm)
        found: list[list[object]] = []
        for size in SIZES:
            shown = f"{size[0]}×{size[1]}, {len(picture(*size).data) // 1024} kB"
            for way, pair in ways.items():
                new, again = await measure(*pair, size, times)
                found.append([f"{shown}: {way}", f"{new:.0f}", f"{again:.0f}"])
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.pictures", description=__doc__)
    parser.add_argument("--base-url", required=True, metavar="URL")
    parser.add_argument("--local-media", type=Path, metavar="FOLDER", help="the server reads it")
    parser.add_argument("--times", type=int, default=20, metavar="N", help="pictures of each size")
    options = parser.parse_args(arguments)
    found = asyncio.run(rows(options.base_url, options.local_media, options.times))
    print(table(["ms, median", "new", "again"], found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
