"""What a model server's failure means: one clear sentence, what to do next, and whether to ask
again. Pure: no I/O.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request failed."""

    text: str
    again: bool = False
    """It may work when asked again."""
    after: float | None = None
    """Seconds that the server asks to be left alone for."""
    kind: str = ""
    """As in `ModelError`."""


_MEANINGS = (
    (
        "text_only",
        r"at most 0 image|not a multimodal model|image input is not supported|image_url.{0,60}only"
        r" supported by|unknown variant `image_url`|not support (image|vision|multi-?modal)",
        "The model reads no pictures; serve a vision model such as GLM-4.1V.",
    ),
    (
        "media",
        r"allowed-local-media-path",
        "The server may not read pictures from the folder of --local-media; start it with"
        " `gui-agent serve --local-media FOLDER`, or leave the option out.",
    ),
    (
        "images",
        r"at most (?P<limit>\d+) image",
        "The request holds more pictures than the {limit} that the server takes; serve with a"
        " higher --limit-mm-per-prompt, such as '{{\"image\": 10}}'.",
    ),
    (
        "picture",
        r"encoder cache",
        "The picture is too large for the server; serve with --max-num-batched-tokens 8192, or"
        " send smaller screenshots.",
    ),
    (
        "context",
        r"(maximum|model's|exceeds the available) context (length|size)|maximum model length"
        r"|too long to fit|context_length_exceeded|maximum allowed length|max_model_len"
        r"|prompt exceeds max length|prompt 超长",
        "The conversation and max_tokens don't fit into the model's context; serve with a larger"
        " --max-model-len, lower max_tokens, or send smaller screenshots.",
    ),
)
_NO_SUCH_MODEL = re.compile(
    r"model.{0,200}(does not exist|not found)|model_not_found|unknown model|模型不存在",
    re.IGNORECASE | re.DOTALL,
)
_NO_CREDIT = re.compile(
    r"insufficient (balance|quota|credit)|insufficient_quota|余额不足|欠费", re.IGNORECASE
)
_PASSING = (408, 429)
_KINDS = {401: "key", 403: "key", 404: "api", 405: "api"}


def of_status(
    status: int, words: str, url: str, headers: Mapping[str, str], models: tuple[str, ...] = ()
) -> Failure:
    """What this HTTP status with these words means; `models` are those the server offers."""
    again = status in _PASSING or status >= 500
    after = _retry_after(headers.get("retry-after", ""))
    said = f" It says ({status}): {words}" if words else f" It answered {status}."
    for kind, pattern, meaning in _MEANINGS:
        if found := re.search(pattern, words, re.IGNORECASE):
            again = again and kind != "media"  # a setting, which vLLM answers with a 500
            return Failure(meaning.format(**found.groupdict()) + said, again, after, kind)
    if status in (400, 404) and _NO_SUCH_MODEL.search(words):
        offered = f"choose one of: {', '.join(models)}." if models else "check its name."
        text = f"The server at {url} doesn't have this model; {offered}{said}"
        return Failure(text, kind="model")
    if _NO_CREDIT.search(words):
        return Failure(f"The account at {url} has no credit left; top it up.{said}")
    return Failure(_by_status(status, url) + said, again, after, _KINDS.get(status, ""))


def _by_status(status: int, url: str) -> str:
    match status:
        case 401 | 403:
            return f"The server at {url} doesn't accept the API key; pass the right one."
        case 404 | 405:
            return f"There is no chat API at {url}; {base_url_hint(url)}."
        case 413:
            return "The request is too large for the server; send smaller or fewer screenshots."
        case 429:
            return f"The server at {url} is busy or a quota is used up; try again later."
        case status if status >= 500:
            return f"The server at {url} failed; look at its log."
        case _:
            return f"The server at {url} refused the request; check the sampling settings."


def unreachable(url: str, reason: str) -> Failure:
    """Nobody answers there."""
    return Failure(
        f"Can't reach the model server at {url} ({reason}). Is it running, and is the URL right?",
        again=True,
        kind="unreachable",
    )


def silent(url: str, seconds: float) -> Failure:
    """It took the request and says nothing."""
    return Failure(
        f"The model server at {url} was silent for {seconds:g} s. It may be overloaded: look at its"
        " log, or allow it more time.",
        again=True,
    )


def broken(url: str, reason: str) -> Failure:
    """The answer broke off or made no sense."""
    return Failure(f"The answer from {url} can't be used: {reason}. Look at its log.", again=True)


def web_page(url: str) -> Failure:
    """HTML came back."""
    text = f"{url} answers with a web page, not with JSON; {base_url_hint(url)}."
    return Failure(text, kind="api")


def base_url_hint(url: str) -> str:
    """How to correct a base URL."""
    if re.search(r"/v\d+$", url):
        return "check the base URL"
    return f"the base URL usually ends in /v1: try {url}/v1"


def _retry_after(value: str) -> float | None:
    """Seconds, from a number or a date (RFC 9110, 10.2.3)."""
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
