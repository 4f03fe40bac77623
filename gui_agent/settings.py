"""One settings object for the command line: flags over environment over configuration files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from gui_agent.errors import SetupError

PREFIX = "GUI_AGENT_"
DEFAULT_BASE_URL = "http://localhost:8000/v1"
BASELINE = "baseline"
"""As a base URL: the embedded baseline, started for the run."""
PROJECT_FILE = "gui-agent.toml"


def _size(value: object) -> object:
    """`1280x720` as (1280, 720)."""
    if not isinstance(value, str):
        return value
    width, cross, height = value.lower().partition("x")
    if not (cross and width.isdecimal() and height.isdecimal()):
        raise ValueError("write it as 1280x720")
    return int(width), int(height)


def _three(value: object) -> object:
    """`64,300,800` as (64, 300, 800); `300` as three times the same."""
    if not isinstance(value, str):
        return value
    numbers = value.split(",")
    if not all(number.strip().isdecimal() for number in numbers) or len(numbers) not in (1, 3):
        raise ValueError("write it as 300, or as 64,300,800")
    return tuple(int(number) for number in (numbers * 3 if len(numbers) == 1 else numbers))


def _listed(value: object) -> object:
    """`a, b` as (a, b): how a list is written in the environment."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


Pixels = Annotated[int, Field(ge=100, le=10_000)]
Location = Annotated[Path, AfterValidator(Path.expanduser)]


class Settings(BaseModel):
    """Everything a run can be told besides its goal; None leaves it to the part it configures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    platform: str = "web"
    url: str = ""
    serial: str | None = None

    base_url: str = ""
    model: str | None = None
    api_key: str | None = Field(default=None, repr=False)
    dialect: str | None = None
    check_server: bool = True
    thinking: Annotated[tuple[int, int, int] | None, BeforeValidator(_three)] = None
    """Tokens of thinking after what went well, normally, and after a failure."""
    grammar: bool = False
    layout: Literal["trained", "cached"] = "trained"
    image_scale: float = Field(default=1.0, gt=0, le=1)
    local_media: Location | None = None
    """Folder through which pictures reach a server on this machine."""

    max_steps: int | None = Field(default=None, ge=1)
    max_seconds: float | None = Field(default=None, gt=0)
    max_tokens: int | None = Field(default=None, ge=1)

    headed: bool = False
    browser: str | None = None
    cdp_url: str | None = None
    profile: Location | None = None
    storage_state: Location | None = None
    save_storage_state: Location | None = None
    viewport: Annotated[tuple[Pixels, Pixels] | None, BeforeValidator(_size)] = None
    dpr: float | None = Field(default=None, gt=0, le=8)
    locale: str | None = None
    timezone: str | None = None
    proxy: str | None = None
    user_agent: str | None = None
    downloads: Location | None = None
    video: Location | None = None
    search_url: str | None = None

    display: str | None = None
    virtual_display: bool = False
    takeover: bool | None = None
    elements: bool | None = None

    output_schema: Location | None = None
    json_lines: bool = False
    run_dir: Location = Path("runs")
    ask: bool | None = None
    """Ask before a risky action (True), allow it (False); None asks on a terminal, else refuses."""
    secret: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    """Names; each value comes from GUI_AGENT_SECRET_<NAME>."""
    quiet: bool = False


NAMES = frozenset(Settings.model_fields)


def load(
    flags: Mapping[str, Any],
    env: Mapping[str, str],
    files: tuple[Path, ...] = (),
    remembered: Mapping[str, Any] = MappingProxyType({}),
) -> Settings:
    """Settings from the files (later ones win), then those `remembered` from the run that goes on,
    then the environment, then the flags.

    A value that is None was not given. Raises SetupError naming the source and the setting.
    """
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    layers: list[tuple[str, Mapping[str, Any]]] = [
        ("OPENAI_API_KEY", {"api_key": env.get("OPENAI_API_KEY")}),
        *((str(path), _read(path)) for path in files),
        ("the resumed run", remembered),
        ("the environment", {name: env.get(PREFIX + name.upper()) or None for name in NAMES}),
        ("the command line", flags),
    ]
    for source, layer in layers:
        given = {name: value for name, value in layer.items() if value is not None and value != []}
        values |= given
        sources |= dict.fromkeys(given, source)
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SetupError(_explain(error, sources)) from error


def config_files() -> tuple[Path, ...]:
    """The user's file, then the one in the current folder, whether they exist or not."""
    from platformdirs import user_config_path

    return user_config_path("gui-agent", appauthor=False) / "config.toml", Path(PROJECT_FILE)


def secrets(names: tuple[str, ...], env: Mapping[str, str]) -> dict[str, str]:
    """The values of these secrets. Raises SetupError naming the variable that is not set."""
    variables = {name: f"{PREFIX}SECRET_{name.upper()}" for name in names}
    for name, variable in variables.items():
        if not env.get(variable):
            raise SetupError(f"The secret '{name}' has no value: set {variable}.")
    return {name: env[variable] for name, variable in variables.items()}


def _read(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SetupError(f"Can't read the configuration file {path}: {error}") from error
    for key in values.keys() - NAMES:
        known = ", ".join(sorted(NAMES))
        raise SetupError(f"{path} has an unknown setting '{key}'. Known: {known}.")
    return values


def _explain(error: ValidationError, sources: Mapping[str, str]) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    message = first["msg"].removeprefix("Value error, ")
    shown = "" if name == "api_key" else f" {first['input']!r}"
    return f"The setting '{name}'{shown} from {sources[name]} is wrong: {message}."
