"""Ask several phones the same question at once.

python examples/phone_several.py "Which Android version is this?" SERIAL SERIAL …
"""

import asyncio
import sys

from gui_agent import GLM, Agent
from gui_agent.errors import GuiAgentError
from gui_agent.platforms.android import AndroidPlatform


async def ask(goal: str, serial: str) -> str:
    agent = Agent(AndroidPlatform(serial), model=GLM("http://localhost:8000/v1"))
    try:
        result = await agent.run(goal)
    except GuiAgentError as error:
        return f"{serial}: {error}"
    return f"{serial}: {result.answer or result.ending}"


async def main(goal: str, *serials: str) -> None:
    for line in await asyncio.gather(*(ask(goal, serial) for serial in serials)):
        print(line)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    asyncio.run(main(*sys.argv[1:]))
