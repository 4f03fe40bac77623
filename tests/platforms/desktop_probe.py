"""A bare X window that writes down every input event it gets, one JSON line each.

No toolkit stands between the server and the log, so wheel and side buttons arrive as they are, and
a paste is refused. No window manager frames it, so it covers the screen to its very corners. Run as
`python desktop_probe.py WIDTH HEIGHT`; a line on stdin is answered with `{"kind": "mark"}` once
everything before it is written down.
"""

from __future__ import annotations

import json
import select
import sys
from typing import Any

from Xlib import XK, X, display

_KINDS = {
    X.ButtonPress: "press",
    X.ButtonRelease: "release",
    X.MotionNotify: "move",
    X.KeyPress: "key",
    X.KeyRelease: "key_up",
}
_MASK = (
    X.ButtonPressMask
    | X.ButtonReleaseMask
    | X.PointerMotionMask
    | X.KeyPressMask
    | X.KeyReleaseMask
    | X.ExposureMask
)


for _group in ("xf86", "xkb"):
    XK.load_keysym_group(_group)
_NAMES: dict[int, str] = {
    value: name[3:]  # of several names the longest: Page_Up rather than Prior
    for name, value in sorted(vars(XK).items(), key=lambda item: len(item[0]))
    if name.startswith("XK_")
}


def main(width: int, height: int) -> None:
    server = display.Display()
    screen = server.screen()
    window = screen.root.create_window(
        *(0, 0, width, height, 0, screen.root_depth),
        background_pixel=0xDFE8F0,
        event_mask=_MASK,
        override_redirect=True,
    )
    window.set_wm_name("Probe")
    window.set_wm_class("probe", "Probe")
    window.map()
    window.set_input_focus(X.RevertToParent, X.CurrentTime)
    server.flush()
    asked = False
    while True:
        server.sync()
        while server.pending_events():
            _log(server, server.next_event())
        if asked:
            _say(kind="mark")
        ready, _, _ = select.select([server.fileno(), sys.stdin], [], [])
        asked = sys.stdin in ready
        if asked and not sys.stdin.readline():
            return


def _log(server: display.Display, event: Any) -> None:
    if event.type == X.Expose and event.count == 0:
        _say(kind="ready")
    elif event.type == X.MappingNotify:
        server.refresh_keyboard_mapping(event)
    elif event.type in _KINDS:
        _say(
            kind=_KINDS[event.type],
            x=event.root_x,
            y=event.root_y,
            button=event.detail if event.type in (X.ButtonPress, X.ButtonRelease) else 0,
            key=_key(server, event) if event.type in (X.KeyPress, X.KeyRelease) else "",
            state=event.state,
            time=event.time,
        )


def _key(server: display.Display, event: Any) -> str:
    """The character that the key gives, or the name of the key."""
    shifted = server.keycode_to_keysym(event.detail, event.state & X.ShiftMask)
    keysym = shifted or server.keycode_to_keysym(event.detail, 0)
    if 0x20 <= keysym < 0x100:
        return chr(keysym)
    if keysym >= 0x01000000:
        return chr(keysym - 0x01000000)
    return _NAMES.get(keysym, str(keysym))


def _say(**words: object) -> None:
    print(json.dumps(words), flush=True)  # noqa: T201 - it is read by the tests


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
