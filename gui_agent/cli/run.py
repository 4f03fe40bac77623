"""`gui-agent run`: pursue a goal on a screen, or one goal after the other."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated, Any

import typer

from gui_agent.cli import exits, terminal
from gui_agent.errors import SetupError


def _option(panel: str, help: str, metavar: str | None, *names: str) -> Any:
    return typer.Option(
        *names, help=help, metavar=metavar, rich_help_panel=panel, show_default=False
    )


_MODEL = "Model"
_LIMITS = "Budgets"
_BROWSER = "Browser"
_PAGE = "What pages see"
_DESKTOP = "Desktop"
_OUTPUT = "Output and safety"


def run(
    context: typer.Context,
    goal: Annotated[
        str | None,
        typer.Argument(
            metavar="GOAL", help="What to do. Without it you are asked, after each ending again."
        ),
    ] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Where to begin.")] = None,
    platform: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="web (the default), desktop, android, or package.module:Class."
        ),
    ] = None,
    serial: Annotated[
        str | None, typer.Option(metavar="SERIAL", help="Which phone, when there are several.")
    ] = None,
    base_url: Annotated[
        str | None, _option(_MODEL, "The server; else http://localhost:8000/v1.", "URL")
    ] = None,
    model: Annotated[
        str | None, _option(_MODEL, "Its served name; else the first it lists.", "NAME")
    ] = None,
    api_key: Annotated[
        str | None, _option(_MODEL, "Better: GUI_AGENT_API_KEY or OPENAI_API_KEY.", "KEY")
    ] = None,
    dialect: Annotated[
        str | None,
        _option(_MODEL, "glm-4.1v, glm-4.5v, autoglm, json; else by the model's name.", "NAME"),
    ] = None,
    check_server: Annotated[
        bool | None,
        _option(_MODEL, "Look the server over first.", None, "--check-server/--no-check-server"),
    ] = None,
    thinking: Annotated[
        str | None,
        _option(_MODEL, "At most so many tokens; 64,300,800 for easy, other, hard steps.", "N"),
    ] = None,
    grammar: Annotated[
        bool | None,
        _option(_MODEL, "Hold answers to the dialect's grammar.", None, "--grammar/--no-grammar"),
    ] = None,
    layout: Annotated[
        str | None, _option(_MODEL, "trained (the default), or cached: quicker.", "NAME")
    ] = None,
    image_scale: Annotated[
        float | None, _option(_MODEL, "Show it smaller screenshots, such as 0.5.", "SCALE")
    ] = None,
    local_media: Annotated[
        str | None,
        _option(_MODEL, "Hand pictures over here, to a server that reads it.", "FOLDER"),
    ] = None,
    baseline: Annotated[
        bool, _option(_MODEL, "Use the built-in baseline (rules + OCR).", None, "--baseline")
    ] = False,
    max_steps: Annotated[int | None, _option(_LIMITS, "At most so many steps.", "N")] = None,
    max_seconds: Annotated[float | None, _option(_LIMITS, "At most so long.", "SECONDS")] = None,
    max_tokens: Annotated[
        int | None, _option(_LIMITS, "Prompts and answers together.", "N")
    ] = None,
    headed: Annotated[
        bool | None, _option(_BROWSER, "Show the window.", None, "--headed/--headless")
    ] = None,
    browser: Annotated[str | None, _option(_BROWSER, "The program to launch.", "PATH")] = None,
    cdp_url: Annotated[
        str | None, _option(_BROWSER, "Attach to a browser: http://127.0.0.1:9222.", "URL")
    ] = None,
    profile: Annotated[str | None, _option(_BROWSER, "Keep the profile here.", "FOLDER")] = None,
    storage_state: Annotated[
        str | None, _option(_BROWSER, "Begin with these cookies.", "FILE")
    ] = None,
    save_storage_state: Annotated[
        str | None, _option(_BROWSER, "Write the cookies here at the end.", "FILE")
    ] = None,
    proxy: Annotated[str | None, _option(_BROWSER, "http://… or socks5://…", "URL")] = None,
    downloads: Annotated[str | None, _option(_BROWSER, "Keep downloads here.", "FOLDER")] = None,
    video: Annotated[str | None, _option(_BROWSER, "Keep a video here.", "FOLDER")] = None,
    search_url: Annotated[
        str | None, _option(_BROWSER, "The search page the model may go to.", "URL")
    ] = None,
    viewport: Annotated[str | None, _option(_PAGE, "CSS pixels.", "1280x720")] = None,
    dpr: Annotated[float | None, _option(_PAGE, "Device pixels per CSS pixel.", "RATIO")] = None,
    locale: Annotated[str | None, _option(_PAGE, "Such as zh-CN.", "NAME")] = None,
    timezone: Annotated[str | None, _option(_PAGE, "Such as Europe/Oslo.", "NAME")] = None,
    user_agent: Annotated[str | None, _option(_PAGE, "The User-Agent header.", "TEXT")] = None,
    display: Annotated[str | None, _option(_DESKTOP, "The X display; else $DISPLAY.", ":5")] = None,
    virtual_display: Annotated[
        bool | None,
        _option(
            _DESKTOP,
            "On a screen of its own (Xvfb), ended with the run.",
            None,
            "--virtual-display",
        ),
    ] = None,
    takeover: Annotated[
        bool | None,
        _option(
            _DESKTOP,
            "Stand back while you move the mouse (the default).",
            None,
            "--takeover/--no-takeover",
        ),
    ] = None,
    elements: Annotated[
        bool | None,
        _option(
            _DESKTOP,
            "List what the accessibility bus knows (with --baseline: the default).",
            None,
            "--elements/--no-elements",
        ),
    ] = None,
    output_schema: Annotated[
        str | None, _option(_OUTPUT, "A JSON schema that the answer must satisfy.", "FILE")
    ] = None,
    json_lines: Annotated[
        bool | None, _option(_OUTPUT, "Events as JSON lines on stdout.", None, "--json")
    ] = None,
    run_dir: Annotated[
        str | None, _option(_OUTPUT, "Where runs are recorded; else runs/.", "FOLDER")
    ] = None,
    resume: Annotated[
        str | None, _option(_OUTPUT, "Go on with the run recorded here.", "FOLDER")
    ] = None,
    ask: Annotated[
        bool | None,
        _option(
            _OUTPUT,
            "Ask before a risky action, or allow it. Without a terminal it is refused.",
            None,
            "--ask/--yes",
        ),
    ] = None,
    secret: Annotated[
        list[str] | None,
        _option(_OUTPUT, "GUI_AGENT_SECRET_NAME, written <secret:NAME> in the goal.", "NAME"),
    ] = None,
    quiet: Annotated[
        bool | None, _option(_OUTPUT, "Print only the answer.", None, "--quiet")
    ] = None,
    verbose: Annotated[
        bool, _option(_OUTPUT, "Log lines, and tracebacks of bugs.", None, "--verbose")
    ] = False,
) -> None:
    """Pursue a goal on a page, a desktop or a phone; Ctrl-C stops it and keeps what was recorded.

    Options win over GUI_AGENT_… variables, those over ./gui-agent.toml, that over the user's own
    config.toml. One name everywhere: --max-steps, GUI_AGENT_MAX_STEPS, max_steps = 20.
    """
    with exits.boundary(verbose=verbose):
        if baseline and base_url:
            raise SetupError("--baseline and --base-url exclude each other.")
        if goal is not None and resume:
            raise SetupError("A resumed run keeps its own goal: leave it out.")
        if goal is None and not resume and not terminal.attended():
            raise SetupError('Say what to do: gui-agent run "GOAL" --url URL')
        from gui_agent import settings
        from gui_agent.cli import session

        exits.log_to_stderr(verbose)
        flags = {name: context.params[name] for name in settings.NAMES}
        if baseline:
            flags["base_url"] = settings.BASELINE
        remembered = session.remembered(resume) if resume else {}
        chosen = settings.load(flags, os.environ, settings.config_files(), remembered)
        code = asyncio.run(session.pursue(chosen, goal, resume))
    raise typer.Exit(code)
