"""Write a note in a desktop application, on a screen of its own that only the agent uses.

python examples/desktop_note.py "Open Mousepad, write a shopping list and save it as list.txt"
"""

import asyncio
import sys

from gui_agent import GLM, Agent, Limits
from gui_agent.console import ConsoleSink
from gui_agent.errors import GuiAgentError
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.platforms.desktop_virtual import virtual_display
from gui_agent.recorder import Recorder


async def main(goal: str) -> None:
    recorder = Recorder("runs")
    async with virtual_display(1280, 800) as display:
        print(f"Watch it: x11vnc -localhost -display {display.name} -auth {display.authority}")
        agent = Agent(
            DesktopPlatform(),
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
        asyncio.run(main(sys.argv[1]))
    except GuiAgentError as error:
        sys.exit(str(error))
