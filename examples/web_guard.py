"""Decide yourself what an agent may do: a guard is one method, and guards can be chained.

python examples/web_guard.py
"""

import asyncio
import sys

from gui_agent import GLM, Agent, WebPlatform
from gui_agent.actions import Action, TypeText
from gui_agent.errors import GuiAgentError
from gui_agent.events import StepFinished
from gui_agent.guard import Chain, Rules
from gui_agent.screen import Observation
from gui_agent.trajectory import Task, Verdict


class NoPasswords:
    """Refuses to type into password fields."""

    async def review(self, action: Action, observation: Observation, task: Task) -> Verdict:
        if isinstance(action, TypeText) and action.mark is not None:
            field = observation.element(action.mark)
            if field and "password" in field.states:
                return Verdict(False, "passwords are typed by people", stop=True)
        return Verdict(True)


async def main() -> None:
    agent = Agent(
        WebPlatform("https://github.com/login"),
        model=GLM("http://localhost:8000/v1"),
        guard=Chain(Rules(allowed_hosts=("github.com",)), NoPasswords()),
    )
    async for event in agent.stream("Sign in as octocat with the password hunter2"):
        if isinstance(event, StepFinished) and event.step.reply:
            print(event.step.reply.action, event.step.error or "")


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except GuiAgentError as error:
        sys.exit(str(error))
