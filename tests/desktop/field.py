"""A Tk window with a text field; the command `text` on stdin prints what it holds, as JSON."""

from __future__ import annotations

import json
import sys
import tkinter


def main(left: int, top: int) -> None:
    root = tkinter.Tk(className="Field")
    root.title("Field")
    root.geometry(f"500x300+{left}+{top}")
    field = tkinter.Text(root, insertofftime=0)
    field.pack(fill="both", expand=True)
    field.focus_set()
    root.createfilehandler(sys.stdin, tkinter.READABLE, lambda *_: _obey(root, field))
    field.bind("<Map>", lambda _: root.after_idle(lambda: _say(ready=True)))
    root.mainloop()


def _obey(root: tkinter.Tk, field: tkinter.Text) -> None:
    match sys.stdin.readline().strip():
        case "text":
            root.update()
            _say(text=field.get("1.0", "end-1c"))
        case "clear":
            field.delete("1.0", "end")
            _say(cleared=True)
        case _:
            root.destroy()


def _say(**words: object) -> None:
    print(json.dumps(words), flush=True)  # noqa: T201 - it is read by the tests


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
