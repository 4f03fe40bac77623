"""Windows on X11, by what window managers publish (EWMH); it gets by without a window manager."""

from __future__ import annotations

import select
import time
from typing import Any

from gui_agent.checks import Check
from gui_agent.platforms.desktop_windows import Window

_PAGER = 2
"""EWMH's source indication of a program that acts for the user."""
_PROPERTY_CHANGE, _SUBSTRUCTURE_NOTIFY, _SUBSTRUCTURE_REDIRECT = 1 << 22, 1 << 19, 1 << 20
_HIDDEN_TYPES = ("_NET_WM_WINDOW_TYPE_DESKTOP", "_NET_WM_WINDOW_TYPE_DOCK")


class X11Windows:
    """The windows of one X server."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._root = display.screen().root
        self._root.change_attributes(event_mask=_SUBSTRUCTURE_NOTIFY)
        self._pings = 0

    @property
    def managed(self) -> bool:
        """Is there a window manager?"""
        return bool(self._values(self._root, "_NET_SUPPORTING_WM_CHECK"))

    def active(self) -> Window | None:
        ids = self._values(self._root, "_NET_ACTIVE_WINDOW") if self.managed else []
        window = self._window(ids[0]) if ids and ids[0] else None
        return self._describe(window) if window else self._focused()

    def all(self) -> tuple[Window, ...]:
        if self.managed:
            ids = self._values(self._root, "_NET_CLIENT_LIST")
            found = [w for id in ids if (w := self._window(id))]
        else:
            found = [w for w in self._root.query_tree().children if self._viewable(w)]
        shown = [self._describe(w) for w in found if not self._hidden(w)]
        return tuple(w for w in shown if w and (w.title or w.app))

    def focus(self, window: Window) -> None:
        target = self._window(window.id)
        if target is None:
            return
        if self.managed:
            self._tell_root(target, "_NET_ACTIVE_WINDOW", [_PAGER, 0, 0, 0, 0])
        else:
            target.configure(stack_mode=0, onerror=_ignore)
            target.set_input_focus(1, 0, onerror=_ignore)
        self._display.sync()

    def focus_clicked(self, seconds: float) -> None:
        """Wait for the window manager to do it; do it where there is none."""
        if not self.managed:
            if child := self._root.query_pointer().child:
                child.set_input_focus(1, 0, onerror=_ignore)
                self._display.sync()
            return
        clicked, until = self._below_pointer(), time.monotonic() + seconds
        while clicked and time.monotonic() < until:
            if self._values(self._root, "_NET_ACTIVE_WINDOW")[:1] == [clicked]:
                return
            time.sleep(0.002)

    def trouble(self) -> str:
        saver = self._display.query_extension("MIT-SCREEN-SAVER")
        if saver and self._root.screensaver_query_info().state == 1:
            return "The screen saver is on: the screen is locked or blank."
        return ""

    def ping(self, seconds: float) -> bool | None:
        """Has the active program dealt with all input so far? None: it can't be asked.

        A program answers `_NET_WM_PING` in turn, so an answer means that earlier clicks and keys
        have been read.
        """
        ids = self._values(self._root, "_NET_ACTIVE_WINDOW")
        window = self._window(ids[0]) if ids and ids[0] else None
        ping = self._display.get_atom("_NET_WM_PING")
        if window is None or ping not in self._values(window, "WM_PROTOCOLS"):
            return None
        self._pings += 1
        # The last item is not ours by the standard; programs send the message back unchanged.
        self._send(window, window, "WM_PROTOCOLS", [ping, self._pings, window.id, 0, 0], 0)
        self._display.flush()
        return self._answered(window.id, time.monotonic() + seconds)

    def checks(self) -> list[Check]:
        if self.managed:
            return [Check("window manager", "ok", "There is one.")]
        cure = "Start one on this display, such as openbox."
        return [Check("window manager", "warn", "There is none: keys may go nowhere.", cure)]

    def close(self) -> None:
        """Close the connection that all parts for this display share."""
        self._display.close()

    def _answered(self, window: int, until: float) -> bool:
        while (left := until - time.monotonic()) > 0:
            if not self._display.pending_events():
                select.select([self._display.fileno()], [], [], left)
                continue
            event = self._display.next_event()
            if type(event).__name__ == "ClientMessage" and event.window.id == self._root.id:
                data = event.data[1]
                if data[1] == self._pings and data[2] == window:
                    return True
        return False

    def _below_pointer(self) -> int:
        """The managed window under the pointer; 0 for menus, panels and the background."""
        from Xlib import error

        managed = self._values(self._root, "_NET_CLIENT_LIST")
        window = self._root
        try:
            while window and window.id not in managed:
                window = window.query_pointer().child
        except error.XError:
            return 0
        return window.id if window else 0

    def _focused(self) -> Window | None:
        """Without a window manager: the top-level window that holds the input focus."""
        from Xlib import error

        window = self._display.get_input_focus().focus
        if isinstance(window, int):  # nobody, or whatever is below the pointer
            window = self._root.query_pointer().child
        try:
            while window and (parent := window.query_tree().parent) and parent.id != self._root.id:
                window = parent
        except error.XError:
            return None
        return self._describe(window) if window and window.id != self._root.id else None

    def _describe(self, window: Any) -> Window | None:
        from Xlib import error

        try:
            name = window.get_full_text_property(self._display.get_atom("_NET_WM_NAME"))
            title = name or window.get_wm_name() or ""
            classes = window.get_wm_class() or ("", "")
        except error.XError:  # it has just been closed
            return None
        return Window(window.id, title if isinstance(title, str) else "", classes[1])

    def _hidden(self, window: Any) -> bool:
        kinds = self._values(window, "_NET_WM_WINDOW_TYPE")
        return any(self._display.get_atom(kind) in kinds for kind in _HIDDEN_TYPES)

    def _viewable(self, window: Any) -> bool:
        from Xlib import error

        try:
            attributes = window.get_attributes()
        except error.XError:
            return False
        return bool(attributes.map_state == 2 and not attributes.override_redirect)

    def _window(self, id: int) -> Any:
        return self._display.create_resource_object("window", id)

    def _values(self, window: Any, name: str) -> list[int]:
        from Xlib import error

        try:
            found = window.get_full_property(self._display.get_atom(name), 0)
        except error.XError:
            return []
        return list(found.value) if found and found.format == 32 else []

    def _tell_root(self, window: Any, message: str, data: list[int]) -> None:
        mask = _SUBSTRUCTURE_NOTIFY | _SUBSTRUCTURE_REDIRECT
        self._send(self._root, window, message, data, mask)

    def _send(self, to: Any, window: Any, message: str, data: list[int], mask: int) -> None:
        from Xlib.protocol.event import ClientMessage

        event = ClientMessage(
            window=window, client_type=self._display.get_atom(message), data=(32, data)
        )
        to.send_event(event, event_mask=mask, onerror=_ignore)


def _ignore(*_: Any) -> None:
    """The window has gone meanwhile; what comes next will show it."""
