"""A screen drawn with Pillow: a launcher and one plain form per app. For fast protocol tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from PIL import Image, ImageDraw, ImageFont

from tests.phone.keys import CODES
from tests.phone.packages import APPS, Package
from tests.phone.screen import Frame, Node, Touch, Window

BAR = 132
"""Height of the status bar and of the navigation bar, in pixels."""
KEYBOARD = 840
ROW = 180
ROWS = 24
_FIELD = "edit"
_TEXT = "android.widget.TextView"
_COLOURS = {
    "android.widget.Button": "#dbe6ff",
    "android.widget.EditText": "#ffffff",
    "android.widget.FrameLayout": "#f2f2f7",
}


@dataclass
class _App:
    """What one app holds."""

    text: str = ""
    saved: list[str] = field(default_factory=list)
    tapped: list[str] = field(default_factory=list)
    offset: int = 0
    """Pixels that the list is scrolled."""
    selected: bool = False
    """Is all of the text selected?"""


class PillowScreen:
    """Each app has a text field, a Save button and a list of rows that scrolls."""

    def __init__(self) -> None:
        self._system: dict[str, Any] = {}
        self._apps: dict[str, _App] = {}
        self._stack: list[Package] = []
        self._editing = False
        self._shown = False
        self._down: tuple[int, int] | None = None
        self._toast = ""
        self._dialog = ""
        self._drawn: tuple[object, Frame] | None = None

    async def start(self, system: dict[str, Any]) -> None:
        self._system = system

    async def stop(self) -> None:
        self._apps.clear()

    async def window(self) -> Window:
        if self._system["locked"]:
            return Window("com.android.systemui", "NotificationShade")
        if not self._stack:
            package, _, activity = self._system["launcher"].partition("/")
            return Window(package, activity)
        top = self._stack[-1]
        return Window(top.name, top.activity, top.secure, self._editing, self._shown)

    async def frame(self) -> Frame:
        nodes = await self.nodes()
        key = (tuple(nodes), self._toast)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = key, Frame(self._draw(nodes))
        return self._drawn[1]

    async def nodes(self) -> list[Node]:
        roots = [self._window_node(), self._bar("status", 0), self._bar("navigation", 1)]
        if self._shown:
            roots.append(self._keyboard_node())
        return roots

    async def state(self) -> dict[str, Any]:
        apps = {
            name: {"text": app.text, "saved": list(app.saved), "tapped": list(app.tapped)}
            for name, app in self._apps.items()
        }
        return {
            "apps": apps,
            "popups": [self._dialog] if self._dialog else [],
            "last_toast": self._toast,
        }

    async def changes(self) -> dict[str, Any]:
        return {"locked": self._system["locked"]}

    async def system(self, changes: dict[str, Any]) -> None:
        self._system = changes

    async def touch(self, phase: Touch, x: int, y: int, pointer: int = 0) -> None:
        if pointer:
            return
        if phase == "down":
            self._down = x, y
        elif phase == "up" and self._down is not None:
            start, self._down = self._down, None
            moved = y - start[1]
            if max(abs(x - start[0]), abs(moved)) < 48:
                self._tap(x, y)
            else:
                self._drag(moved)

    async def key(self, code: int, *modifiers: str) -> None:
        if not self._editing:
            return
        app = self._app()
        if "ctrl" in modifiers and code == CODES["A"]:
            app.selected = True
        elif code == CODES["DEL"]:
            app.text = "" if app.selected else app.text[:-1]
            app.selected = False
        elif code == CODES["ENTER"]:
            app.saved.append(app.text)

    async def commit(self, text: str) -> None:
        if self._editing:
            app = self._app()
            app.text = text if app.selected else app.text + text
            app.selected = False

    async def set_text(self, node: Node, text: str) -> None:
        if node.name.endswith("EditText"):
            self._app().text = text

    async def launch(self, package: str, activity: str) -> None:
        known = {app.name: app for app in APPS}
        top = known.get(package, Package(package, package, package, activity))
        self._stack = [app for app in self._stack if app.name != package] + [top]
        self._leave_field()

    async def stop_app(self, package: str) -> None:
        self._stack = [app for app in self._stack if app.name != package]
        self._leave_field()

    async def clear_app(self, package: str) -> None:
        await self.stop_app(package)
        self._apps.pop(package, None)

    async def home(self) -> None:
        self._stack = []
        self._leave_field()

    async def back(self) -> None:
        if self._dialog:
            self._dialog = ""
        elif self._shown:
            self._shown = False
        elif self._stack:
            self._stack.pop()
            self._leave_field()

    async def recents(self) -> None:
        self._stack.reverse()
        self._leave_field()

    async def hide_keyboard(self) -> None:
        self._shown = False

    async def say(self, kind: Literal["toast", "dialog", "notification"], text: str) -> None:
        if kind == "dialog":
            self._dialog = text
        else:
            self._toast = text

    def _app(self) -> _App:
        return self._apps.setdefault(self._stack[-1].name, _App())

    def _leave_field(self) -> None:
        self._editing = self._shown = False

    def _tap(self, x: int, y: int) -> None:
        hit = _hit([self._window_node()], x, y)
        if self._shown and y > self._system["size"][1] - BAR - KEYBOARD:
            return
        if hit is None or "clickable" not in hit.flags:
            return
        name = hit.resource.rpartition("/")[2]
        if name == "allow":
            self._dialog = ""
        elif name == _FIELD:
            self._editing = self._shown = True
        elif name == "save":
            self._app().saved.append(self._app().text)
            self._toast = "Saved"
        elif name == "icon":
            self._stack.append(next(app for app in APPS if hit.text in (app.label, app.chinese)))
        else:
            self._app().tapped.append(hit.text)

    def _drag(self, moved: int) -> None:
        if self._system["locked"]:
            if moved < 0 and not self._system["pin"]:
                self._system["locked"] = False
        elif self._stack:
            app = self._app()
            app.offset = max(0, min(ROWS * ROW - 900, app.offset - moved))

    def _window_node(self) -> Node:
        width, height = self._system["size"]
        bounds = (0, 0, width, height)
        children: list[Node] = []
        package = "com.android.systemui"
        if self._system["locked"]:
            children = [Node(_TEXT, package, (300, 600, width - 300, 760), "9:41")]
        elif self._dialog:
            package = "android"
            children = self._dialog_nodes(width)
        elif self._stack:
            package = self._stack[-1].name
            children = self._form(package, width)
        else:
            package = self._system["launcher"].partition("/")[0]
            children = self._icons(package, width)
        return Node("android.widget.FrameLayout", package, bounds, children=tuple(children))

    def _dialog_nodes(self, width: int) -> list[Node]:
        button = Node(
            "android.widget.Button",
            "android",
            (width // 2, 1300, width - 120, 1430),
            "Allow",
            "android:id/allow",
            flags=frozenset({"clickable"}),
        )
        return [Node(_TEXT, "android", (120, 1000, width - 120, 1200), self._dialog), button]

    def _icons(self, package: str, width: int) -> list[Node]:
        size = width // 4
        shown = [app for app in APPS if app.name in self._system["installed"]]
        chinese = self._system["language"] == "zh"
        return [
            Node(
                _TEXT,
                package,
                (left, top, left + size - 30, top + 240),
                app.chinese if chinese else app.label,
                f"{package}:id/icon",
                flags=frozenset({"clickable", "long-clickable"}),
            )
            for number, app in enumerate(shown)
            for left, top in [(number % 4 * size + 15, 300 + number // 4 * 300)]
        ]

    def _form(self, package: str, width: int) -> list[Node]:
        app = self._app()
        clickable = frozenset({"clickable", "focusable"})
        editing = clickable | ({"focused"} if self._editing else set())
        right = width - 330
        title = Node(_TEXT, package, (60, 150, width - 60, 270), self._stack[-1].label)
        text = Node(
            "android.widget.EditText",
            package,
            (60, 300, right - 30, 450),
            app.text,
            f"{package}:id/{_FIELD}",
            hint="Text",
            flags=editing,
            handle=1,
        )
        save = Node(
            "android.widget.Button",
            package,
            (right, 300, width - 60, 450),
            "Save",
            f"{package}:id/save",
            flags=clickable,
        )
        return [title, text, save, self._rows(package, width, app.offset)]

    def _rows(self, package: str, width: int, offset: int) -> Node:
        top, bottom = 500, self._system["size"][1] - BAR
        rows = [
            Node(
                _TEXT,
                package,
                (60, max(top, y), width - 60, min(bottom, y + ROW - 12)),
                f"Row {number + 1}",
                f"{package}:id/row",
                flags=frozenset({"clickable"}),
            )
            for number in range(ROWS)
            for y in [top + number * ROW - offset]
            if y + ROW - 12 > top and y < bottom
        ]
        return Node(
            "androidx.recyclerview.widget.RecyclerView",
            package,
            (60, top, width - 60, bottom),
            resource=f"{package}:id/list",
            flags=frozenset({"scrollable"}),
            children=tuple(rows),
        )

    def _bar(self, name: str, end: int) -> Node:
        width, height = self._system["size"]
        top = (height - BAR) * end
        package = "com.android.systemui"
        clock = Node(_TEXT, package, (60, 30, 200, 100), "9:41", f"{package}:id/clock")
        bounds = (0, top, width, top + BAR)
        children = () if end else (clock,)
        return Node("android.widget.FrameLayout", package, bounds, children=children)

    def _keyboard_node(self) -> Node:
        width, height = self._system["size"]
        package = self._system["keyboard"].partition("/")[0]
        bounds = (0, height - BAR - KEYBOARD, width, height - BAR)
        return Node("android.widget.FrameLayout", package, bounds, description="Keyboard")

    def _draw(self, nodes: list[Node]) -> Image.Image:
        image = Image.new("RGB", self._system["size"], "#f2f2f7")
        pen = ImageDraw.Draw(image)
        font = ImageFont.load_default(48)
        for root in nodes:
            _paint(pen, root, font)
        if self._toast:
            pen.text((300, self._system["size"][1] - 400), self._toast, "#000000", font)
        return image


def _paint(pen: ImageDraw.ImageDraw, node: Node, font: Any) -> None:
    colour = "#c9ccd4" if node.description == "Keyboard" else _COLOURS.get(node.name)
    pen.rectangle(node.bounds, colour, "#9aa0aa" if "clickable" in node.flags else None)
    pen.text((node.bounds[0] + 18, node.bounds[1] + 30), node.text or node.hint, "#111111", font)
    for child in node.children:
        _paint(pen, child, font)


def _hit(nodes: list[Node], x: int, y: int) -> Node | None:
    """The innermost node at the point."""
    for node in reversed(nodes):
        left, top, right, bottom = node.bounds
        if left <= x < right and top <= y < bottom:
            return _hit(list(node.children), x, y) or node
    return None
