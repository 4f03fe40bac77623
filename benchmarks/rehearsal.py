"""Plays the hand-written solutions, to prove that every page works and every check can tell.

A step is a verb, a Playwright selector (`>>>` enters an iframe) and, after ` = `, a value:
`click #go`, `fill #name = Porto`, `select #guests = 3 guests`, `click #secure >>> #yes`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from benchmarks.tasks import LOOK, HeldoutTask, Look, Result, judge
from gui_agent.trajectory import Ending, EndingKind

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

SIZE = {"width": 1280, "height": 720}
_DEADLINE = 3_000  # milliseconds for one step of a solution


async def rehearse(task: HeldoutTask, base_url: str, browser: Browser) -> list[str]:
    """What is wrong with the task; nothing, if its page and its checks hold."""
    page = await browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"script error: {error}"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.set_default_timeout(_DEADLINE)
    try:
        await page.goto(f"{base_url}/{task.page}")
        before = await look(page, task)
        if before.success:
            errors.append("the goal is met before the first step")
        for step in task.solution:
            await play(page, step)
        return errors + _verdicts(task, before, await _settled(page, task))
    finally:
        await page.close()


def _verdicts(task: HeldoutTask, before: Look, after: Look) -> list[str]:
    """Done as written must be `solved`; claiming success without doing it must be `wrong`."""
    done, answer = Ending(EndingKind.SUCCEEDED), task.answer[0] if task.answer else ""
    errors = []
    if not task.decline and judge(task, done, answer, before, after) is not Result.SOLVED:
        errors.append(f"the solution does not meet the goal: {after.lasting}")
    if judge(task, done, "", before, before) is not Result.WRONG:
        errors.append("success can be claimed without doing anything")
    return errors


async def _settled(page: Page, task: HeldoutTask) -> Look:
    """The look that meets the goal, or the last one before the deadline: a frame's message to its
    page takes a moment."""
    end = asyncio.get_running_loop().time() + _DEADLINE / 1000
    seen = await look(page, task)
    while task.success and not seen.success and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.05)
        seen = await look(page, task)
    return seen


async def look(page: Page, task: HeldoutTask) -> Look:
    """The page's own account of itself; an empty one once it has been left."""
    seen = await page.evaluate(LOOK, task.success)
    return Look(lasting={}) if seen is None else Look.model_validate(seen)


async def play(page: Page, step: str) -> None:
    """One step of a solution."""
    verb, _, rest = step.partition(" ")
    selector, _, value = rest.partition(" = ")
    target = _locate(page, selector)
    match verb:
        case "click":
            await target.click()
        case "double":
            await target.dblclick()
        case "fill":
            await target.fill(value)
        case "select":
            await target.select_option(label=value)
        case "check":
            await target.check()
        case "uncheck":
            await target.uncheck()
        case "scroll":
            await page.mouse.move(640, 400)
            await page.mouse.wheel(0, 4000)
        case _:
            raise ValueError(f"no such step: {step}")


def _locate(page: Page, selector: str) -> Locator:
    frame, arrow, inner = selector.partition(" >>> ")
    return page.frame_locator(frame).locator(inner) if arrow else page.locator(selector or "body")
