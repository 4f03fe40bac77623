"""Get an answer with a shape: the agent goes on until it satisfies a pydantic model.

python examples/web_answer.py
"""

import sys

from pydantic import BaseModel

from gui_agent import GLM, Agent, WebPlatform
from gui_agent.errors import GuiAgentError


class Release(BaseModel):
    version: str
    year: int


agent = Agent(WebPlatform("https://www.python.org"), model=GLM("http://localhost:8000/v1"))

if __name__ == "__main__":
    try:
        result = agent.run_sync("What is the newest version of Python?", output=Release)
    except GuiAgentError as error:
        sys.exit(str(error))
    print(repr(result.output))
