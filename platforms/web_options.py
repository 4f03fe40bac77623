"""What a `WebPlatform` can be told: one frozen set of options, none of which changes later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import Any, Literal

from gui_agent.errors import SetupError


@dataclass(frozen=True, eq=False)
class WebOptions:
    url: str | None = None
    """Where to start; None is a blank page, or with `cdp_url` the tab that is open."""
    _: KW_ONLY
    home_url: str | None = None
    """Where `GoHome` leads, a search page for instance; None is the start URL."""
    headless: bool = True
    executable_path: str | None = None
    """The browser to launch; None finds one."""
    cdp_url: str | None = None
    """Attach to this running browser instead of launching one; it is never closed."""
    profile: str | Path | None = None
    """A folder in which the browser keeps its profile between runs."""
    storage_state: str | Path | Mapping[str, Any] | None = field(default=None, repr=False)
    """Cookies and local storage to start with: a file or its content, as Playwright writes it."""
    save_storage_state: str | Path | None = None
    """Where to write them when the platform closes."""
    viewport: tuple[int, int] = (1280, 720)
    """CSS pixels; ignored with `cdp_url`."""
    device_scale_factor: float = 1.0
    locale: str | None = None
    """Such as `de-DE`."""
    timezone: str | None = None
    """Such as `Europe/Lisbon`."""
    proxy: str | None = field(default=None, repr=False)
    """Such as `http://user:password@host:3128` or `socks5://host:1080`."""
    user_agent: str | None = None
    downloads: str | Path | None = None
    """Where downloads go; None is a temporary folder that stays."""
    http_credentials: tuple[str, str] | None = field(default=None, repr=False)
    """User name and password for servers that ask for them."""
    ignore_https_errors: bool = False
    permissions: Sequence[str] = ()
    """What pages may do, such as `geolocation` or `clipboard-read`; the rest is refused unasked."""
    video_dir: str | Path | None = None
    """Record a video of every tab, as large as the viewport, into this folder; needs Playwright's
    own ffmpeg. Complete once the platform is closed."""
    dialogs: Literal["dismiss", "accept"] = "dismiss"
    """The answer to `confirm` and `prompt`; alerts and leave-page questions get an OK."""
    settle: float = 0.3
    """Seconds a page must be quiet before it counts as settled."""
    settle_cap: float = 3.0
    """Seconds after which a page that is never quiet is looked at anyway."""
    timeout: float = 30.0
    """Seconds a page may take to load."""
    patience: float = 5.0
    """Seconds a page may take to react; then the script that blocks it is stopped."""

    def __post_init__(self) -> None:
        if self.profile and self.storage_state:
            raise SetupError("A profile keeps its own cookies: give it or storage_state, not both.")
        if min(self.viewport) < 1:
            raise SetupError(f"A viewport of {self.viewport} has no area.")


def emulated_screen(options: WebOptions) -> dict[str, Any] | None:
    """The screen of a launched browser, in the protocol's words; None where it is the real one."""
    if options.cdp_url or options.device_scale_factor == 1:
        return None
    width, height = options.viewport
    scale = options.device_scale_factor
    return {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
