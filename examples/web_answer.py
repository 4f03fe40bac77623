"""Get an answer with a shape: the agent goes on until it satisfies a pydantic model.

python examples/web_answer.py
"""

from pydantic import BaseModel

from gui_agent import GLM, Agent, WebPlatform


class Package(BaseModel):
    name: str
    version: str
    requires_python: str


agent = Agent(
    WebPlatform("https://pypi.org/project/playwright/"), model=GLM("http://localhost:8000/v1")
)

if __name__ == "__main__":
    result = agent.run_sync("What is the newest version of this package?", output=Package)
    print(repr(result.output))
