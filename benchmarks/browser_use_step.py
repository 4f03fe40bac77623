"""The same page and clicks in browser-use, run by an interpreter that has it installed.

    VENV/bin/python benchmarks/browser_use_step.py URL STEPS BROWSER [SWITCH …]

Stands alone: nothing of gui_agent is imported. Prints the milliseconds of every step as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from typing import Any

_WANTED = re.compile(r"\[(\d+)\]<(?:button|a|input|div)\b")
"""No lists: browser-use reads them out instead of clicking."""


class Instant:
    """A chat model that answers at once: click on the next of the listed elements."""

    model = provider = name = model_name = "instant"
    _verified_api_keys = True

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.asked_at: list[float] = []

    async def ainvoke(self, messages: list[Any], output_format: Any = None, **_: Any) -> Any:
        from browser_use.llm.views import ChatInvokeCompletion  # type: ignore[import-not-found]

        self.asked_at.append(time.perf_counter())
        listed = _WANTED.findall(" ".join(str(message) for message in messages[1:]))
        index = int(listed[len(self.asked_at) * 37 % len(listed)])
        action: dict[str, Any] = {"click": {"index": index}}
        if len(self.asked_at) >= self.steps:
            action = {"done": {"text": "", "success": True}}  # all that the last step allows
        answer = {
            "evaluation_previous_goal": "",
            "memory": "",
            "next_goal": "",
            "action": [action],
        }
        return ChatInvokeCompletion(completion=output_format.model_validate(answer), usage=None)


async def measure(url: str, steps: int, browser: str, switches: list[str]) -> list[float]:
    """Milliseconds from one question to the model to the next."""
    from browser_use import Agent, BrowserProfile  # type: ignore[import-not-found]

    model = Instant(steps)
    agent = Agent(
        task="Click on everything",
        llm=model,
        initial_actions=[{"navigate": {"url": url, "new_tab": False}}],
        browser_profile=BrowserProfile(
            headless=True,
            executable_path=browser,
            args=switches,
            viewport={"width": 1280, "height": 720},
            chromium_sandbox="--no-sandbox" not in switches,
            enable_default_extensions=False,
        ),
        use_judge=False,
    )
    history = await agent.run(max_steps=steps)
    clicked = sum("Clicked" in str(done) for done in history.extracted_content())
    if clicked < steps - 1:
        raise RuntimeError(f"only {clicked} of {steps} steps clicked: {history.errors()}")
    spans = zip(model.asked_at, model.asked_at[1:], strict=False)
    return [1000 * (after - before) for before, after in spans]


if __name__ == "__main__":
    os.environ["ANONYMIZED_TELEMETRY"] = "false"
    os.environ["BROWSER_USE_LOGGING_LEVEL"] = "result"
    address, count, executable, *rest = sys.argv[1:]
    print(json.dumps(asyncio.run(measure(address, int(count), executable, rest))))
