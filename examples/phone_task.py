"""Do something on an Android phone; hand over where only a person may go on.

python examples/phone_task.py "Set an alarm for 06:30" [SERIAL]
"""

import asyncio
import sys

from gui_agent import GLM, Agent, Limits
from gui_agent.console import ConsoleSink
from gui_agent.errors import GuiAgentError
from gui_agent.platforms.android import AndroidPlatform
from gui_agent.recorder import Recorder


async def main(goal: str, serial: str = "") -> None:
    recorder = Recorder("runs")
    agent = Agent(
        AndroidPlatform(serial),
        model=GLM("http://localhost:8000/v1"),
        sinks=[recorder, ConsoleSink()],
        limits=Limits(steps=30),
    )
    result = await agent.run(goal)
    print(result.ending, recorder.folder)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        asyncio.run(main(*sys.argv[1:3]))
    except GuiAgentError as error:
        sys.exit(str(error))
