"""Which installed app a name means: `微信`, `WeChat` and `com.tencent.mm` are one. Pure.

A name never opens an app that is not installed, and never a guess among several.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from gui_agent.errors import ActionFailed
from gui_agent.platforms.android_names import Known, known

MOST_CANDIDATES = 8
"""Apps named in the message about a name that none has."""

_WORD = re.compile(r"[a-z0-9]+|[^\W\da-z_]+")
_SURROUNDINGS = re.compile(
    r"^(?:open|launch|the|打开|启动)\s+|^(?:打开|启动)|\s+app$|(?:应用|软件)$|(?<=[^\x00-\x7f])app$"
)


@dataclass(frozen=True, slots=True)
class App:
    """An app that can be launched."""

    package: str
    label: str = ""
    """As the launcher shows it; "" where the phone does not tell."""

    @property
    def name(self) -> str:
        """The label, else a known name, else the package's own name."""
        return self.label or _known_name(self.package) or self.package


def find(name: str, installed: Sequence[App]) -> App:
    """The installed app that this name or package means.

    Raises ActionFailed, with the apps that may have been meant, when it means none or several.
    """
    shown = name[:60]
    for found in _readings(name, installed):
        if len(found) == 1:
            return found[0]
        if found:
            raise ActionFailed(f"Several apps could be {shown!r}: {_listed(found)}. Name one.")
    near = _nearest(name, installed)
    raise ActionFailed(
        f"No app called {shown!r} is installed."
        + (f" The phone has {_listed(near)}." if near else " No app that can be opened is known.")
    )


def names(installed: Iterable[App]) -> tuple[str, ...]:
    """What to call the installed apps, each name once, in alphabetical order."""
    return tuple(sorted({app.name for app in installed}, key=str.casefold))


def _readings(name: str, installed: Sequence[App]) -> Iterator[list[App]]:
    """The apps that a name may mean, the surest reading first."""
    yield [app for app in installed if app.package == name.strip()]
    wanted = _plain(name)
    if not wanted:
        return
    yield [app for app in installed if wanted in (_plain(app.label), _plain(app.package))]
    meant = [entry for entry in known() if wanted in map(_plain, entry.names)]
    yield _first_of(meant, installed)
    if not any(entry.brand for entry in meant):
        yield [app for app in installed if _alike(name, app.name)]


def _first_of(meant: list[Known], installed: Sequence[App]) -> list[App]:
    """By package in the order of the table, else by a label in any language."""
    by_package = {app.package: app for app in installed}
    packages = [package for entry in meant for package in entry.packages]
    if found := next((by_package[package] for package in packages if package in by_package), None):
        return [found]
    labels = {_plain(name) for entry in meant for name in entry.names}
    return [app for app in installed if _plain(app.label) in labels]


@lru_cache(maxsize=2048)
def _plain(name: str) -> str:
    """Without case, width, spaces, punctuation, and words such as `app` around it."""
    text = _SURROUNDINGS.sub("", unicodedata.normalize("NFKC", name[:200]).casefold().strip())
    return "".join(_WORD.findall(text))


def _alike(name: str, label: str) -> bool:
    """One holds all words of the other: `Chrome` and `Google Chrome`, `商店` and `街角商店`."""
    one, other = _plain(name), _plain(label)
    if not one.isascii() or not other.isascii():
        return min(len(one), len(other)) >= 2 and (one in other or other in one)
    words, others = (set(_WORD.findall(text.casefold())) for text in (name, label))
    return bool(words and others) and (words <= others or others <= words)


def _nearest(name: str, installed: Sequence[App]) -> list[App]:
    """The apps to offer, those that look most like the name first."""
    wanted = _plain(name)

    def difference(app: App) -> tuple[float, str]:
        return -SequenceMatcher(None, wanted, _plain(app.name)).ratio(), app.name

    return sorted(installed, key=difference)[:MOST_CANDIDATES]


def _listed(apps: Sequence[App]) -> str:
    """Their names; with packages where two have the same one."""
    titles = [app.name for app in apps]
    return ", ".join(
        f"{app.name} ({app.package})" if titles.count(app.name) > 1 else app.name
        for app in apps[:MOST_CANDIDATES]
    )


def _known_name(package: str) -> str:
    return next((entry.names[0] for entry in known() if package in entry.packages), "")
