"""Where a model server is and what it is asked with: the base URL and the key, checked. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from gui_agent.errors import SetupError

NO_KEY = "EMPTY"
"""Sent where there is no key: the client library wants one."""


def base_url(url: str) -> str:
    """The URL without what does not belong to it. Raises SetupError for one that can't be right."""
    url = url.strip().rstrip("/").removesuffix("/chat/completions")
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise SetupError(f"'{url}' is no base URL: write it like http://localhost:8000/v1.")
    if parts.username or parts.password:
        raise SetupError("The base URL holds a name or password: pass the key as api_key instead.")
    return url


def api_key(key: str | None) -> str:
    """What to send as the key. Raises SetupError for one that can't be right."""
    key = (key or "").strip() or NO_KEY
    if not (key.isascii() and key.isprintable()):
        raise SetupError("The API key holds characters that no key has: copy it again.")
    return key


def is_loopback(url: str) -> bool:
    """Is the server on this machine, at an address that no proxy can reach?"""
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")
