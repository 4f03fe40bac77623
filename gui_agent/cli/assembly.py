"""Settings → the parts of an agent; the only place that knows how they fit together."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from rich.console import Console

from gui_agent import registry
from gui_agent.agent import Agent, Limits
from gui_agent.cli import servers, terminal
from gui_agent.console import ConsoleSink, JsonLinesSink
from gui_agent.errors import ModelError, RecordError, SetupError
from gui_agent.events import Event
from gui_agent.guard import AskPerson, Chain, RefuseRisky, Rules
from gui_agent.model import GLM
from gui_agent.policies import HoldToGrammar, ThinkingBudget
from gui_agent.protocols import Dialect, Guard, Model, Platform, SamplingPolicy
from gui_agent.recorder import Recorder
from gui_agent.scaled import Scaled
from gui_agent.secrets import WithSecrets
from gui_agent.settings import BASELINE, DEFAULT_BASE_URL, Settings, secrets

BANNER = (
    "Policy: built-in baseline (rules + OCR; not a neural model). Understands explicit "
    "instructions such as 'click …', 'type … into …', 'select … and click …'. "
    "For open-ended goals connect a GLM model: --base-url …"
)


@asynccontextmanager
async def agent(
    settings: Settings, env: Mapping[str, str], recorder: Recorder, console: Console
) -> AsyncIterator[Agent]:
    """The agent, its browser or screen kept open between goals. Raises SetupError."""
    screen = ConsoleSink(console)
    driver = platform(settings, env)
    async with (
        display(settings, console),
        connected(settings, console) as model,
        Agent(
            driver,
            model=model,
            dialect=await dialect(settings, driver, model),
            guard=guard(settings, screen),
            limits=limits(settings),
            policies=policies(settings),
            sinks=(recorder, json_sink if settings.json_lines else screen),
        ) as made,
    ):
        yield made


@asynccontextmanager
async def display(settings: Settings, console: Console) -> AsyncIterator[None]:
    """The virtual display that was asked for. Raises SetupError."""
    if not settings.virtual_display:
        yield
        return
    if settings.platform != "desktop" or settings.display:
        raise SetupError("--virtual-display needs --platform desktop, and no --display.")
    from gui_agent.platforms.desktop_virtual import virtual_display

    async with virtual_display() as made:
        watch = f"x11vnc -localhost -display {made.name} -auth {made.authority}"
        console.print(f"The virtual display is {made.name}. To watch it: {watch}", soft_wrap=True)
        yield


@asynccontextmanager
async def connected(settings: Settings, console: Console) -> AsyncIterator[Model]:
    """The model, and for as long as it is used the baseline server when that was asked for."""
    if settings.base_url != BASELINE:
        url = settings.base_url or DEFAULT_BASE_URL
        glm = GLM(
            url,
            model=settings.model,
            api_key=settings.api_key,
            local_media=settings.local_media,
        )
        looked_at = settings.check_server
        yield servers.examined(glm, settings.platform, console) if looked_at else glm
        return
    from gui_agent.baseline.server import BaselineServer

    async with BaselineServer() as server:
        yield GLM(server.base_url)


def platform(settings: Settings, env: Mapping[str, str]) -> Platform:
    """The platform, opened later by the agent. Raises SetupError for an option it does not have."""
    factory = registry.platform(settings.platform)
    options = _options(settings)
    parameters = inspect.signature(factory).parameters
    for name in options.keys() - parameters.keys():
        raise SetupError(f"The platform '{settings.platform}' has no option '{name}'.")
    made: Platform = factory(**options)
    values = secrets(settings.secret, env)
    return WithSecrets(made, values) if values else made


def _options(settings: Settings) -> dict[str, Any]:
    """The platform's arguments, as far as they were set."""
    given = {
        "url": settings.url or None,
        "serial": settings.serial,
        "headless": False if settings.headed else None,
        "executable_path": settings.browser,
        "cdp_url": settings.cdp_url,
        "profile": settings.profile,
        "storage_state": settings.storage_state,
        "save_storage_state": settings.save_storage_state,
        "viewport": settings.viewport,
        "device_scale_factor": settings.dpr,
        "locale": settings.locale,
        "timezone": settings.timezone,
        "proxy": settings.proxy,
        "user_agent": settings.user_agent,
        "downloads": settings.downloads,
        "video_dir": settings.video,
        "display": settings.display,
        "takeover": settings.takeover,
        "elements": settings.elements,
    }
    if settings.platform == "desktop" and settings.base_url == BASELINE:
        given["elements"] = settings.elements is not False  # it acts on what is listed
    return {name: value for name, value in given.items() if value is not None}


async def dialect(settings: Settings, platform: Platform, model: Model) -> Dialect | None:
    """The dialect that was asked for; None leaves it to the served model's name."""
    scale, cached = settings.image_scale, settings.layout == "cached"
    if not (settings.dialect or settings.search_url or cached or scale < 1):
        return None
    name = settings.dialect or registry.family(await model.identify())
    options: dict[str, Any] = {}
    # Only GLM's dialects have an action that goes to a search page.
    if settings.search_url and name.startswith("glm-"):
        options["search_url"] = settings.search_url
    if cached:
        if not name.startswith("glm-"):
            raise SetupError(f"The {platform.kind} dialect '{name}' has no cached layout.")
        options["layout"] = settings.layout
    made = registry.dialect(name, platform.kind, **options)
    return Scaled(made, scale) if scale < 1 else made


def limits(settings: Settings) -> Limits:
    given: dict[str, Any] = {
        "steps": settings.max_steps,
        "seconds": settings.max_seconds,
        "tokens": settings.max_tokens,
    }
    return Limits(**{name: value for name, value in given.items() if value is not None})


def policies(settings: Settings) -> tuple[SamplingPolicy, ...]:
    """How steps are sampled, beyond what the dialect says."""
    chosen: list[SamplingPolicy] = []
    if settings.thinking is not None:
        chosen.append(ThinkingBudget(*settings.thinking))
    if settings.grammar:
        chosen.append(HoldToGrammar())
    return tuple(chosen)


def guard(settings: Settings, screen: ConsoleSink) -> Guard:
    """Rules, and a person's consent to what is risky: asked for, given beforehand, or missing."""
    if settings.ask is False:
        return Rules()
    if not terminal.attended():
        if settings.ask:
            raise SetupError("--ask needs a terminal: use --yes, or leave both out to refuse.")
        return Chain(Rules(), RefuseRisky())

    async def ask(question: str) -> str:
        screen.pause()
        return await terminal.ask(question)

    return Chain(Rules(), AskPerson(ask))


def json_sink(event: Event) -> None:
    """Writes JSON lines on stdout. Raises RecordError when nobody reads them any more."""
    try:
        JsonLinesSink(sys.stdout)(event)
    except BrokenPipeError as error:
        raise RecordError("Nobody reads the JSON lines any more.") from error


def answer_schema(settings: Settings) -> Mapping[str, Any] | None:
    """The JSON schema in the file that was named. Raises SetupError."""
    path = settings.output_schema
    if path is None:
        return None
    try:
        schema = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(f"Can't read the answer's schema {path}: {error}") from error
    if not isinstance(schema, dict):
        raise SetupError(f"{path} is not a JSON schema: it must hold an object.")
    return schema


def hint(error: ModelError, settings: Settings) -> ModelError:
    """The same error; without any setting for a server it also says what the choices are."""
    if settings.base_url:
        return error
    return ModelError(
        f"{error} (This is the default server: name yours with --base-url, or try --baseline.)"
    )
