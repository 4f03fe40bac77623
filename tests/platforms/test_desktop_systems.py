"""The Windows and macOS parts on made-up systems: what those are asked for, and what is refused."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from gui_agent.errors import ActionFailed, MissingExtra, PlatformLost, SetupError
from gui_agent.platforms import desktop_hands, desktop_macos, desktop_uia, desktop_win32
from gui_agent.platforms.desktop_geometry import Area
from gui_agent.platforms.desktop_session import Options
from gui_agent.screen import Direction

DIRECTIONS: tuple[Direction, ...] = ("up", "down", "left", "right")


class Log:
    """Whatever is called is written down, and answered with what was set for it."""

    FailSafeException = type("FailSafeException", (Exception,), {})

    def __init__(self, **answers: Any) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self._answers = answers

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            kept = {key: value for key, value in named.items() if key != "_pause"}
            self.calls.append((name, *arguments, *([kept] if kept else [])))
            return self._answers.get(name)

        return call


def wait(seconds: float) -> None:
    """Nothing here takes time."""


@pytest.fixture
def gui(monkeypatch: pytest.MonkeyPatch) -> Log:
    """In pyautogui's place."""
    log = Log(isValidKey=True)
    monkeypatch.setattr(desktop_hands, "load_pyautogui", lambda: log)
    return log


def test_windows_gets_side_buttons_and_whole_notches(gui: Log) -> None:
    user32 = Log()
    hands = desktop_win32.WindowsHands(wait, user32)
    hands.click((10, 20), "back", 1, ())
    hands.click((30, 40), "forward", 2, ())
    x_down, x_up = 0x0080, 0x0100
    once = [("mouse_event", x_down, 0, 0, 2, 0), ("mouse_event", x_up, 0, 0, 2, 0)]
    assert user32.calls == [
        ("mouse_event", x_down, 0, 0, 1, 0),
        ("mouse_event", x_up, 0, 0, 1, 0),
        *once,
        *once,
    ]
    assert [call for call in gui.calls if call[0] == "moveTo"] == [
        ("moveTo", 10, 20),
        ("moveTo", 30, 40),
    ]
    user32.calls.clear()
    for direction in DIRECTIONS:
        hands.scroll(direction, 1, (5, 5))
    wheel, across = 0x0800, 0x1000
    turns = [(wheel, 120), (wheel, -120), (across, -120), (across, 120)]
    assert user32.calls == [("mouse_event", flag, 0, 0, turn, 0) for flag, turn in turns]


def test_a_window_with_more_rights_refuses_input_on_windows(gui: Log) -> None:
    user32 = Log(SendInput=0)
    hands = desktop_win32.WindowsHands(wait, user32)
    with pytest.raises(PlatformLost, match="the active window has more rights"):
        desktop_win32.Typist(hands, user32, wait).enter("你好", "Notepad", False)


def test_a_locked_windows_screen_is_said() -> None:
    assert "locked" in desktop_win32.DesktopWindows(Log(OpenInputDesktop=0)).trouble()
    assert desktop_win32.DesktopWindows(Log(OpenInputDesktop=7)).trouble() == ""


def control(kind: str, name: str, *children: Any, **more: Any) -> Any:
    """A node of UI Automation's tree."""
    patterns = more.pop("patterns", {})
    box = more.pop("box", (0, 0, 100, 50))
    given = {
        "IsOffscreen": False,
        "IsEnabled": True,
        "IsPassword": False,
        "HasKeyboardFocus": False,
        **more,
    }
    return SimpleNamespace(
        ControlTypeName=kind,
        Name=name,
        BoundingRectangle=SimpleNamespace(left=box[0], top=box[1], right=box[2], bottom=box[3]),
        GetChildren=lambda: list(children),
        GetPattern=patterns.get,
        **given,
    )


class Gone(Exception):
    """In place of COMError."""


class Vanished:
    @property
    def IsOffscreen(self) -> bool:
        raise Gone


def library(window: Any) -> Any:
    initialised = SimpleNamespace(Uninitialize=lambda: None)
    return SimpleNamespace(
        UIAutomationInitializerInThread=lambda: initialised,
        GetForegroundWindow=lambda: 5,
        ControlFromHandle={5: window}.get,
    )


def test_a_windows_program_is_read_through_ui_automation() -> None:
    text = SimpleNamespace(Value="dear", IsReadOnly=True)
    on, open_ = SimpleNamespace(ToggleState=1), SimpleNamespace(ExpandCollapseState=1)
    window = control(
        "WindowControl",
        "Notes",
        control("ButtonControl", "Save", box=(100, 100, 200, 150), HasKeyboardFocus=True),
        Vanished(),
        control("ButtonControl", "Undo", IsEnabled=False),
        control("ListControl", "hidden", control("ListItemControl", "no"), IsOffscreen=True),
        control(
            "PaneControl",
            "",
            control("EditControl", "Title", patterns={10002: text}),
            control("EditControl", "Code", patterns={10002: text}, IsPassword=True),
            control("CheckBoxControl", "Bold", patterns={10015: on}),
            control("ComboBoxControl", "Size", patterns={10005: open_}),
        ),
        control("TextControl", "2 words"),
    )
    reader = desktop_uia.UiAutomation(library(window), Gone, lambda handle: False)
    found, whole = reader.elements(Area(0, 0, 1000, 500), 5)
    assert whole
    assert [(e.mark, e.role, e.name, e.value, set(e.states)) for e in found] == [
        (0, "button", "Save", None, {"focused"}),
        (None, "button", "Undo", None, {"disabled"}),
        (1, "textbox", "Title", "dear", {"readonly"}),
        (2, "textbox", "Code", None, {"readonly", "password"}),
        (3, "checkbox", "Bold", None, {"checked"}),
        (4, "combobox", "Size", None, {"expanded"}),
        (None, "text", "2 words", None, set()),
    ]
    assert (found[0].box.left, found[0].box.bottom) == (0.1, 0.3)


def test_a_windows_program_with_too_many_elements_is_said_to_be_cut() -> None:
    window = control("WindowControl", "", *(control("ButtonControl", str(n)) for n in range(400)))
    reader = desktop_uia.UiAutomation(library(window), Gone, lambda handle: False)
    found, whole = reader.elements(Area(0, 0, 1000, 500), 5)
    assert (len(found), whole) == (desktop_uia.MOST, False)


def test_a_windows_program_that_hangs_is_not_asked_for_elements() -> None:
    reader = desktop_uia.UiAutomation(library(Vanished()), Gone, lambda handle: handle == 5)
    assert reader.elements(Area(0, 0, 100, 100), 5) == ((), True)
    reader.close()


def test_without_its_package_windows_has_no_elements_and_says_why(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "uiautomation", None)
    assert desktop_uia.connect(lambda handle: False) is None
    assert "pip install 'gui-agent[uia]'" in caplog.text


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """A macOS whose permissions can be given and taken."""
    allowed = {"screen": True, "input": True}
    quartz = SimpleNamespace(CGPreflightScreenCaptureAccess=lambda: allowed["screen"])
    services = SimpleNamespace(AXIsProcessTrusted=lambda: allowed["input"])
    monkeypatch.setitem(sys.modules, "Quartz", quartz)
    monkeypatch.setitem(sys.modules, "ApplicationServices", services)
    return allowed


@pytest.mark.parametrize(
    ("lacking", "named"),
    [("screen", "see the screen.*Screen & System Audio"), ("input", "keyboard.*Accessibility")],
)
def test_macos_names_the_permission_that_is_missing(
    lacking: str, named: str, mac: dict[str, bool], gui: Log
) -> None:
    mac[lacking] = False
    with pytest.raises(SetupError, match=rf"{named}.*start the terminal again"):
        desktop_macos.connect(Options(), wait)
    mac[lacking] = True
    assert desktop_macos.connect(Options(), wait).reader is None


def test_macos_without_quartz_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "Quartz", None)
    with pytest.raises(MissingExtra, match=r"gui-agent\[desktop\]"):
        desktop_macos.connect(Options(), wait)


def test_macos_counts_clicks_drags_and_turns_the_wheel_its_own_way(gui: Log) -> None:
    hands = desktop_macos.MacHands(wait)
    hands.click((10, 20), "left", 2, ())
    assert gui.calls == [("click", 10, 20, {"clicks": 2, "button": "left"})]
    gui.calls.clear()
    hands.drag([(0, 0), (10, 0)])
    assert [call[0] for call in gui.calls] == ["moveTo", "mouseDown", "dragTo", "mouseUp"]
    gui.calls.clear()
    for direction in DIRECTIONS:
        hands.scroll(direction, 1, None)
    assert gui.calls == [("vscroll", 3), ("vscroll", -3), ("hscroll", 3), ("hscroll", -3)]
    with pytest.raises(ActionFailed, match="back button of the mouse can't be pressed"):
        hands.click((1, 1), "back", 1, ())


def test_macos_gets_text_as_unicode_events_and_line_ends_as_keys(gui: Log) -> None:
    quartz = Log(CGEventCreateKeyboardEvent="event")
    quartz.kCGHIDEventTap = 0  # type: ignore[attr-defined]
    hands = desktop_macos.MacHands(wait)
    desktop_macos.Typist(hands, quartz, wait).enter("你\n👨‍👩‍👧", "TextEdit", False)
    said = [call[3] for call in quartz.calls if call[0] == "CGEventKeyboardSetUnicodeString"]
    assert said == ["你", "你", "👨‍👩‍👧", "👨‍👩‍👧"]  # down and up
    assert [call for call in gui.calls if call[0] in ("keyDown", "keyUp")] == [
        ("keyDown", "enter"),
        ("keyUp", "enter"),
    ]
