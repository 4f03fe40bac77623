"""Our scripts in every frame of a tab: each runs in a world of its own that the page can't see.

Every call has a deadline. A frame that navigates away takes its world with it: that is `WorldGone`,
and the next `Worlds.all()` has the new one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Frame, Page

T = TypeVar("T")

_SCRIPTS = ("web_tree", "web_icons", "web_words", "marks", "web_scroll", "web_fields", "settle")
_WORLD_NAME = "gui-agent"
_FRAME_SECONDS = 1.0
"""What an embedded frame may take to answer; pages must not wait for their advertisements."""
_MAX_FRAMES = 40

_LISTENERS = """(() => {
  const found = [], all = document.getElementsByTagName("*"), limit = performance.now() + 20;
  for (let index = 0; index < all.length; index++) {
    const { click, mousedown, pointerdown, mouseup, dblclick } = getEventListeners(all[index]);
    if (click || mousedown || pointerdown || mouseup || dblclick) found[found.length] = index;
    if (index % 256 === 0 && performance.now() > limit) break;
  }
  return found;
})()"""
"""Indices of the elements with mouse listeners; only the page's own world knows them."""


class WorldGone(Exception):
    """The frame has navigated or was removed since it was last looked at."""


class PageStuck(Exception):
    """The page did not answer in time: a script of its own blocks it."""


class ScriptFailed(Exception):
    """Our script failed on this page; the text is the browser's."""


@dataclass(eq=False, slots=True)
class World:
    """One frame, seen from our world in it."""

    session: CDPSession
    frame_id: str
    context: int
    parent: World | None = None
    slot: int = -1
    """Which of the parent's frame elements holds it; -1 for the top frame."""

    async def call(self, function: str, *arguments: object, within: float) -> Any:
        """The JSON value of `agent.<function>(…)`. Raises WorldGone, PageStuck, ScriptFailed."""
        values = ", ".join(json.dumps(argument) for argument in arguments)
        expression = f"(async () => JSON.stringify(await guiAgent.{function}({values}) ?? null))()"
        return json.loads(await self._evaluate(expression, within, self.context))

    async def install(self, within: float) -> None:
        await self._evaluate(_bundle(), within, self.context)

    async def listeners(self, within: float) -> list[int]:
        """Positions, among all elements of this document, of those with mouse listeners."""
        if self.slot >= 0:
            return []  # only a session's top frame has a context that needs no number
        try:
            found = await self._evaluate(_LISTENERS, within, None)
        except ScriptFailed:  # the page has put something else in place of the browser's functions
            return []
        return [index for index in found or () if isinstance(index, int)]

    async def _evaluate(self, expression: str, within: float, context: int | None) -> Any:
        parameters: dict[str, Any] = {
            "expression": expression,
            "returnByValue": True,
            "awaitPromise": True,
        }
        if context is None:
            parameters["includeCommandLineAPI"] = True
        else:
            parameters["contextId"] = context
        reply = await send(self.session, "Runtime.evaluate", parameters, within)
        if "exceptionDetails" in reply:
            problem = _problem(reply["exceptionDetails"])
            # A context number used again by another process has no script of ours.
            raise (WorldGone if "guiAgent is not defined" in problem else ScriptFailed)(problem)
        return reply["result"].get("value")


@dataclass(eq=False)
class Worlds:
    """The worlds of one tab, top frame first, kept until a frame comes, goes or navigates."""

    page: Page
    patience: float
    emulated: dict[str, Any] | None = None
    """The screen that Playwright emulates; a channel takes pictures of the one it knows of."""
    _known: list[World] = field(default_factory=list)
    _epoch: int = 0
    _missing: int = 0
    _sessions: dict[Page | Frame, CDPSession] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.on("frameattached", self._forget)
        self.page.on("framenavigated", self._forget)
        self.page.on("framedetached", self._forget)

    async def all(self) -> list[World]:
        """Raises WorldGone when the page navigates meanwhile, PageStuck when it does not answer."""
        if self._known:
            return list(self._known)
        epoch = self._epoch
        found = await self._discover()
        if epoch == self._epoch:
            self._known = found
        return list(found)

    async def top(self) -> World:
        return (await self.all())[0]

    def retry(self) -> None:
        """Try again to enter the frames that did not answer last time."""
        if self._missing:
            self.forget()

    def forget(self) -> None:
        """Look for the frames anew next time."""
        self._known = []
        self._epoch += 1

    async def session(self) -> CDPSession:
        """The tab's own channel to the browser."""
        is_new = self.page not in self._sessions
        session = await self._attach(self.page)
        if is_new and self.emulated:
            override = "Emulation.setDeviceMetricsOverride"
            await send(session, override, self.emulated, self.patience)
        return session

    async def unblock(self) -> None:
        """Stop the script that blocks the page. Raises PageStuck when even that has no effect."""
        await send(await self.session(), "Runtime.terminateExecution", {}, self.patience)

    def _forget(self, _: Frame) -> None:
        self.forget()

    async def _attach(self, target: Page | Frame) -> CDPSession:
        from playwright.async_api import Error

        if target not in self._sessions:
            attaching = self.page.context.new_cdp_session(target)
            try:
                self._sessions[target] = await answer(attaching, self.patience)
            except Error as error:
                raise WorldGone(error.message) from error
        return self._sessions[target]

    async def _discover(self) -> list[World]:
        session = await self.session()
        tree = await send(session, "Page.getFrameTree", {}, self.patience)
        found = [(session, frame) for frame in _flatten(tree["frameTree"])]
        if len(found) < len(self.page.frames):
            found += await self._other_processes()
        self._missing = max(0, min(len(self.page.frames), _MAX_FRAMES) - len(found))
        top = await _enter(session, found[0][1]["id"], self.patience)
        worlds = {top.frame_id: top}
        level = [pair for pair in found[1 : _MAX_FRAMES + 1] if pair[1].get("parentId") in worlds]
        while level:
            entered = await asyncio.gather(
                *(_enter_child(s, worlds[f["parentId"]], f["id"]) for s, f in level)
            )
            new = {world.frame_id: world for world in entered if world}
            self._missing += len(level) - len(new)
            worlds |= new
            level = [pair for pair in found if pair[1].get("parentId") in new]
        return list(worlds.values())

    async def _other_processes(self) -> list[tuple[CDPSession, dict[str, Any]]]:
        """Frames of other sites live in processes, and sessions, of their own."""
        found = []
        for frame in self.page.frames[1 : _MAX_FRAMES + 1]:
            try:
                session = await self._attach(frame)
                tree = await send(session, "Page.getFrameTree", {}, _FRAME_SECONDS)
            except (WorldGone, PageStuck):  # most share their parent's session and have none
                self._sessions.pop(frame, None)
                continue
            found += [(session, each) for each in _flatten(tree["frameTree"])]
        return found


async def send(
    session: CDPSession, method: str, parameters: dict[str, Any], within: float
) -> dict[str, Any]:
    """One protocol call. Raises PageStuck after `within` seconds, WorldGone without its target."""
    from playwright.async_api import Error

    try:
        return await answer(session.send(method, parameters), within)
    except Error as error:
        raise WorldGone(error.message) from error


async def answer(awaitable: Awaitable[T], within: float) -> T:
    try:
        return await asyncio.wait_for(awaitable, within)
    except TimeoutError as error:
        raise PageStuck(f"no answer within {within:g} s") from error


async def _enter(session: CDPSession, frame_id: str, within: float) -> World:
    made = await send(
        session,
        "Page.createIsolatedWorld",
        {"frameId": frame_id, "worldName": _WORLD_NAME},
        within,
    )
    world = World(session, frame_id, made["executionContextId"])
    await world.install(within)
    return world


async def _enter_child(session: CDPSession, parent: World, frame_id: str) -> World | None:
    """None for a frame that can't be entered in time: the page goes on without it."""
    try:
        world = await _enter(session, frame_id, _FRAME_SECONDS)
        world.parent, world.slot = parent, await _slot(parent, frame_id)
    except (WorldGone, PageStuck, ScriptFailed):
        return None
    return world


async def _slot(parent: World, frame_id: str) -> int:
    """Which of the parent's frame elements shows this frame."""
    owner = await send(parent.session, "DOM.getFrameOwner", {"frameId": frame_id}, _FRAME_SECONDS)
    place = {"backendNodeId": owner["backendNodeId"], "executionContextId": parent.context}
    node = await send(parent.session, "DOM.resolveNode", place, _FRAME_SECONDS)
    call = {
        "objectId": node["object"]["objectId"],
        "functionDeclaration": "function () { return guiAgent.slot(this); }",
        "returnByValue": True,
    }
    reply = await send(parent.session, "Runtime.callFunctionOn", call, _FRAME_SECONDS)
    return int(reply["result"]["value"])


@cache
def _bundle() -> str:
    folder = files("gui_agent.platforms")
    parts = [f"({folder.joinpath(f'{name}.js').read_text('utf-8')})(agent);" for name in _SCRIPTS]
    body = "\n".join(parts)
    return f"if (!globalThis.guiAgent) {{ const agent = globalThis.guiAgent = {{}};\n{body}\n}}"


def _flatten(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree["frame"]
    for child in tree.get("childFrames", ()):
        yield from _flatten(child)


def _problem(details: dict[str, Any]) -> str:
    return str(details.get("exception", {}).get("description") or details["text"])
