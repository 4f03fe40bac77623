"""Text arrives exactly as written, whatever takes it, and the user's clipboard comes back."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui_agent.actions import Click, PressKeys, TypeText
from gui_agent.platforms.desktop import DesktopPlatform
from gui_agent.platforms.desktop_virtual import VirtualDisplay
from gui_agent.screen import Point
from tests.desktop.catalogue import TYPED, Typed
from tests.desktop.conftest import SIZE, Talker, app, talker, window
from tests.desktop.test_catalogue import PROBE

FIELD = Path(__file__).parent / "field.py"
INSIDE = Point.of(350, 250, *SIZE)
HARD = "<b> 你好，世界 👨‍👩‍👧‍👦 e\u0301 שלום {x|y}~^`\n\tnext 100% €"


@pytest.fixture(scope="module")
def field(display: VirtualDisplay) -> Iterator[Talker]:
    with talker(FIELD, 100, 100) as program:
        yield program


@pytest.fixture
async def empty(desktop: DesktopPlatform, field: Talker) -> Talker:
    """The field, empty and with the focus."""
    field.ask("clear")
    await desktop.perform(Click(at=INSIDE))
    return field


@pytest.mark.parametrize("entry", TYPED, ids=[entry.name for entry in TYPED])
async def test_into_tk(entry: Typed, desktop: DesktopPlatform, empty: Talker) -> None:
    for action in entry.actions:
        await desktop.perform(action)
    assert empty.ask("text")["text"] == entry.holds


def copy(text: str, selection: str = "clipboard") -> subprocess.Popen[bytes]:
    """xclip as the program that the user copied something in."""
    process = subprocess.Popen(
        ["xclip", "-quiet", "-selection", selection],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin
    process.stdin.write(text.encode())
    process.stdin.close()
    return process


def pasted(selection: str = "clipboard") -> str | None:
    """What any other program would paste; None when there is nothing."""
    command = ["xclip", "-o", "-selection", selection]
    done = subprocess.run(command, capture_output=True, timeout=5, check=False)
    return done.stdout.decode() if done.returncode == 0 else None


@pytest.mark.parametrize("text", ["what I copied", "汉字 😀\n", "x" * 600_000])
async def test_the_clipboard_comes_back(text: str, desktop: DesktopPlatform, empty: Talker) -> None:
    user = copy(text)
    while pasted() != text:
        pass
    await desktop.perform(TypeText(text=HARD))
    user.wait(5)  # it ends when the selection is taken from it
    assert empty.ask("text")["text"] == HARD
    assert pasted() == text


async def test_an_empty_clipboard_stays_empty(desktop: DesktopPlatform, empty: Talker) -> None:
    user = copy("gone")
    while pasted() != "gone":
        pass
    user.terminate()
    user.wait()
    await desktop.perform(TypeText(text=HARD))
    assert empty.ask("text")["text"] == HARD
    assert pasted() is None


async def test_copied_by_the_agent_pasted_by_the_agent(
    desktop: DesktopPlatform, empty: Talker
) -> None:
    await desktop.perform(TypeText(text="一二三"))
    for keys in (("ctrl", "/"), ("ctrl", "c"), ("end",)):  # Tk selects all with ctrl+/
        await desktop.perform(PressKeys(keys=keys))
    await desktop.perform(TypeText(text=" and 四 "))
    await desktop.perform(PressKeys(keys=("ctrl", "v")))
    await desktop.observe()
    assert empty.ask("text")["text"] == "一二三 and 四 一二三\n"


async def test_what_the_user_copied_outlives_the_agent(
    display: VirtualDisplay, desktop: DesktopPlatform, empty: Talker
) -> None:
    user = copy("still here")
    while pasted() != "still here":
        pass
    other = DesktopPlatform(takeover=False)
    await other.open()
    await other.perform(TypeText(text=HARD))
    await other.close()
    user.wait(5)
    assert pasted() == "still here"


async def test_a_program_that_refuses_a_paste(desktop: DesktopPlatform) -> None:
    text = "Ünïcode 漢字 <>"
    with talker(PROBE, *SIZE) as probe:
        probe.events()
        await desktop.perform(TypeText(text=text))
        events = probe.events()
    ignored = ("Shift_L", "Insert")
    assert "".join(e["key"] for e in events if e["kind"] == "key" and e["key"] not in ignored) == (
        text
    )


async def test_into_xterm(desktop: DesktopPlatform, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    with app("xterm", "-u8", "-e", "cat", "-", env={"LC_ALL": "C.UTF-8"}):
        await window(desktop, "xterm")
    with app("xterm", "-u8", "-e", "sh", "-c", f"cat > {file}", env={"LC_ALL": "C.UTF-8"}):
        await window(desktop, "xterm")
        for line in ("echo 'a<b' > c", HARD, "短"):
            await desktop.perform(TypeText(text=line + "\n"))
        await desktop.perform(PressKeys(keys=("ctrl", "d")))
        await desktop.observe()
    # The terminal's own line editing completes nothing, so a tab stays a tab.
    assert file.read_text() == f"echo 'a<b' > c\n{HARD}\n短\n"


async def test_into_mousepad(desktop: DesktopPlatform, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("old text\n")
    text = HARD * 20
    with app("mousepad", "--disable-server", str(file)):
        await window(desktop, "mousepad")
        await desktop.perform(TypeText(text=text, at=Point(0.5, 0.5), clear=True))
        await desktop.perform(PressKeys(keys=("ctrl", "s")))
        await desktop.observe()
        saved = file.read_text()
    assert saved.rstrip("\n") == text.rstrip("\n")
