"""Lends the X selections to a paste and gives them back: a small process of its own.

A selection lives only as long as its owner. As a process this one can keep what the user had
copied after the agent is gone, however it went; it ends when another program copies something.

Run as `python -m gui_agent.platforms.desktop_x11_clipboard DISPLAY`. It reads one JSON command a
line: {"offer": text, "selections": [names]}, {"restore": true}, {"read": name}; and answers each,
and reports {"fetched": name} whenever a program has taken the offered text.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from dataclasses import dataclass
from typing import Any

_SAVE_SECONDS = 0.4
"""The owner of the clipboard gets this long to hand over what the user copied."""
_SAVE_BYTES = 64 << 20
_CHUNK = 200_000
"""Bytes per request; an X request takes 256 KiB."""
_TEXT = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain", "TEXT")
_NOT_DATA = {"TARGETS", "MULTIPLE", "TIMESTAMP", "SAVE_TARGETS", "DELETE", "INSERT_SELECTION"}
_NOT_DATA |= {"INSERT_PROPERTY", "PIXMAP", "DRAWABLE", "BITMAP", "COLORMAP", "WINDOW"}


@dataclass(frozen=True)
class Data:
    """A property's value: type atom, format (8, 16, 32) and the items."""

    kind: int
    format: int
    value: Any


Content = dict[int, Data]
"""Target atom → data."""


@dataclass
class Held:
    """A selection that we own: what we serve, and what the user had in it (None: nothing)."""

    content: Content
    before: Content | None
    offered: bool = True
    """It is our text, not the user's."""


class Keeper:
    """Owns selections on behalf of a paste, or of the user."""

    def __init__(self, display: Any) -> None:
        self.display = display
        self._atoms: dict[str, int] = {}
        root = display.screen().root
        self._window = root.create_window(0, 0, 1, 1, 0, 0, event_mask=1 << 22)  # PropertyChange
        self._property = self.atom("GUI_AGENT_CLIPBOARD")
        self._held: dict[int, Held] = {}
        self._backlog: list[Any] = []

    def atom(self, name: str) -> int:
        if name not in self._atoms:
            self._atoms[name] = self.display.intern_atom(name)
        return self._atoms[name]

    def offer(self, text: str, selections: list[str]) -> bool:
        """Own these selections with the text; False when what the user had can't be kept."""
        atoms = [self.atom(name) for name in selections]
        before = {
            atom: self._held[atom].before if atom in self._held else self._save(atom)
            for atom in atoms
        }
        if any(content == {} for content in before.values()):
            return False
        for atom in atoms:
            self._held[atom] = Held(self._text(text), before[atom])
            self._window.set_selection_owner(atom, 0)
        self.display.sync()
        return True

    def restore(self) -> None:
        """Serve what the user had; a selection that was empty becomes empty again."""
        for selection, held in list(self._held.items()):
            held.offered = False
            if held.before is None:
                del self._held[selection]
                self._disown(selection)
            else:
                held.content = held.before
        self.display.sync()

    def read(self, name: str) -> str:
        """The text in a selection, whoever owns it; "" when there is none."""
        held = self._held.get(self.atom(name))
        content = held.content if held else self._save(self.atom(name), text_only=True) or {}
        for target in (*_TEXT, "STRING"):
            data = content.get(self.atom(target))
            if data and isinstance(data.value, bytes):
                return data.value.decode("latin-1" if target == "STRING" else "utf-8", "replace")
        return ""

    def events(self) -> list[str]:
        """Deal with what the server sent; names of selections whose offered text was taken."""
        fetched = []
        while self._backlog or self.display.pending_events():
            event = self._backlog.pop(0) if self._backlog else self.display.next_event()
            name = type(event).__name__
            if name == "SelectionRequest" and self._serve(event):
                fetched.append(self.display.get_atom_name(event.selection))
            elif name == "SelectionClear":
                self._forget(event.atom)
        return fetched

    @property
    def idle(self) -> bool:
        """Nothing is owned, so nothing would be lost without us."""
        return not self._held

    def _forget(self, selection: int) -> None:
        owner = self.display.get_selection_owner(selection)
        if not owner or owner.id != self._window.id:  # else we have taken it again since
            self._held.pop(selection, None)

    def _disown(self, selection: int) -> None:
        from Xlib.protocol import request

        request.SetSelectionOwner(
            display=self.display.display, window=0, selection=selection, time=0
        )

    def _text(self, text: str) -> Content:
        utf8 = self.atom("UTF8_STRING")
        encoded = text.encode()
        content = {
            self.atom(name): Data(utf8 if name == "TEXT" else self.atom(name), 8, encoded)
            for name in _TEXT
        }
        latin = text.encode("latin-1", "ignore")
        if latin.decode("latin-1") == text:
            content[self.atom("STRING")] = Data(self.atom("STRING"), 8, latin)
        return content

    def _serve(self, event: Any) -> bool:
        """Answer a program's request; True when it took text that was offered for a paste."""
        held = self._held.get(event.selection)
        answer = event.property or event.target  # obsolete clients leave the property out
        data = self._answer(held, event.target) if held else None
        if data is not None:
            self._write(event.requestor, answer, data)
        self._notify(event, answer if data is not None else 0)
        asked_for_text = held is not None and event.target in held.content
        manager = self.display.get_selection_owner(self.atom("CLIPBOARD_MANAGER"))
        keeps = bool(manager) and _client(manager.id) == _client(event.requestor.id)
        return asked_for_text and held is not None and held.offered and not keeps

    def _answer(self, held: Held, target: int) -> Data | None:
        if target == self.atom("TARGETS"):
            targets = [self.atom("TARGETS"), *held.content]
            return Data(self.atom("ATOM"), 32, targets)
        return held.content.get(target)

    def _write(self, window: Any, name: int, data: Data) -> None:
        from Xlib import X

        size = _CHUNK // (data.format // 8)
        mode = X.PropModeReplace
        for start in range(0, max(1, len(data.value)), size):
            piece = data.value[start : start + size]
            window.change_property(name, data.kind, data.format, piece, mode, onerror=_ignore)
            mode = X.PropModeAppend

    def _notify(self, event: Any, answer: int) -> None:
        from Xlib.protocol.event import SelectionNotify

        event.requestor.send_event(
            SelectionNotify(
                time=event.time,
                requestor=event.requestor,
                selection=event.selection,
                target=event.target,
                property=answer,
            ),
            onerror=_ignore,
        )
        self.display.flush()

    def _save(self, selection: int, text_only: bool = False) -> Content | None:
        """Everything its owner offers, as far as it answers in time; None when nobody owns it."""
        if not self.display.get_selection_owner(selection):
            return None
        until = time.monotonic() + _SAVE_SECONDS
        offered = self._convert(selection, self.atom("TARGETS"), until)
        names = {atom: self.display.get_atom_name(atom) for atom in (offered or _NONE).value}
        wanted = [atom for atom, name in names.items() if name not in _NOT_DATA]
        wanted.sort(key=lambda atom: (names[atom] not in _TEXT, not names[atom].startswith("text")))
        if not wanted:  # an owner so old that it doesn't list what it has
            wanted = [self.atom("UTF8_STRING"), self.atom("STRING")]
        content: Content = {}
        size = 0
        for target in wanted[:1] if text_only else wanted:
            data = self._convert(selection, target, until)
            size += len(data.value) if data else 0
            if data and size <= _SAVE_BYTES:
                content[target] = data
        return content

    def _convert(self, selection: int, target: int, until: float) -> Data | None:
        self._window.convert_selection(selection, target, self._property, 0)
        event = self._wait("SelectionNotify", until, lambda e: e.target == target)
        if event is None or not event.property:
            return None
        data = self._take()
        if data and data.kind == self.atom("INCR"):
            return self._pieces(until)
        return data

    def _pieces(self, until: float) -> Data | None:
        """A large value comes in pieces, each when the one before was deleted; empty ends it."""
        whole, kind, form = b"", 0, 8
        while self._wait("PropertyNotify", until, lambda e: e.state == 0):
            piece = self._take()
            if piece is None:
                continue
            if not len(piece.value):
                return Data(kind, form, whole)
            if not isinstance(piece.value, bytes):
                return None
            whole, kind, form = whole + piece.value, piece.kind, piece.format
        return None

    def _take(self) -> Data | None:
        found = self._window.get_full_property(self._property, 0)
        self._window.delete_property(self._property)
        self.display.flush()
        return Data(found.property_type, found.format, found.value) if found else None

    def _wait(self, name: str, until: float, wanted: Any) -> Any:
        """The next event of this type; others wait for `events`."""
        while (left := until - time.monotonic()) > 0:
            if not self.display.pending_events():
                select.select([self.display.fileno()], [], [], left)
                continue
            event = self.display.next_event()
            if type(event).__name__ == name and wanted(event):
                return event
            if type(event).__name__ != "PropertyNotify":
                self._backlog.append(event)
        return None


_NONE = Data(0, 32, [])


def _client(window: int) -> int:
    """Windows with the same upper bits belong to one program (X servers give out 21 bits)."""
    return window >> 21


def _ignore(*_: Any) -> None:
    """The program that asked is gone; there is nobody left to serve."""


def main(name: str) -> None:
    from gui_agent.platforms.desktop_x11 import connect

    keeper = Keeper(connect(name))
    commands: int | None = sys.stdin.fileno()
    rest = b""
    _say(ready=True)
    while commands is not None or not keeper.idle:
        for selection in keeper.events():
            _say(fetched=selection)
        watched = [keeper.display.fileno()] + ([commands] if commands is not None else [])
        ready, _, _ = select.select(watched, [], [])
        if commands is None or commands not in ready:
            continue
        read = os.read(commands, 1 << 16)
        if not read:  # the agent is gone
            commands = None
            keeper.restore()
        *lines, rest = (rest + read).split(b"\n")
        for line in lines:
            _obey(keeper, json.loads(line))


def _obey(keeper: Keeper, command: dict[str, Any]) -> None:
    if "offer" in command:
        _say(offered=keeper.offer(command["offer"], command["selections"]))
    elif "read" in command:
        _say(text=keeper.read(command["read"]))
    else:
        keeper.restore()
        _say(restored=True)


def _say(**words: Any) -> None:
    try:
        sys.stdout.write(json.dumps(words) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - nobody listens any more


if __name__ == "__main__":
    main(sys.argv[1])
