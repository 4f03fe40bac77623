"""Do a task on a web page, and watch it.

python examples/web_task.py "Find the opening hours" https://example.com
"""

import asyncio
import sys

from gui_agent import GLM, Agent, Limits, WebPlatform
from gui_agent.console import ConsoleSink
from gui_agent.errors import GuiAgentError
from gui_agent.recorder import Recorder


async def main(goal: str, url: str) -> None:
    recorder = Recorder("runs")
    agent = Agent(
        WebPlatform(url, headless=False),
        model=GLM("http://localhost:8000/v1"),
        sinks=[recorder, ConsoleSink()],
        limits=Limits(steps=25),
    )
    result = await agent.run(goal)
    print(result.ending, result.answer, recorder.folder)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    try:
        asyncio.run(main(*sys.argv[1:3]))
    except GuiAgentError as error:
        sys.exit(str(error))
