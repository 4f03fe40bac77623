"""The one typed action space: everything an agent can do, as data.

A dialect makes an action, the guard may refuse it, the platform performs or declines it. Positions
are fractions of the screenshot (see `screen.py`). `mark` names the element a position was taken
from: the platform checks that this element is still there and says so if it is not, instead of
clicking what is there now.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from gui_agent.screen import Box, Direction, Observation, Point

Button = Literal["left", "right", "middle", "back", "forward"]
Modifier = Literal["ctrl", "alt", "shift", "meta"]


class _Action(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Click(_Action):
    kind: Literal["click"] = "click"
    at: Point
    mark: int | None = None
    button: Button = "left"
    count: int = Field(default=1, ge=1, le=3)
    """2 is a double click, 3 a triple click."""
    modifiers: tuple[Modifier, ...] = ()
    confirm: str = ""
    """Why a person should agree first, in the model's words; "" where it sees no risk."""


class LongPress(_Action):
    kind: Literal["long_press"] = "long_press"
    at: Point
    mark: int | None = None
    seconds: float = Field(default=1.0, gt=0, le=10)


class Hover(_Action):
    kind: Literal["hover"] = "hover"
    at: Point
    mark: int | None = None


class Drag(_Action):
    kind: Literal["drag"] = "drag"
    path: tuple[Point, ...] = Field(min_length=2)
    """Pressed at the first point, moved through the others, released at the last."""
    mark: int | None = None
    """The element that is picked up at the first point."""


class Scroll(_Action):
    """Scroll the content: `down` shows what is below. (`Swipe` names the finger's direction
    instead.)"""

    kind: Literal["scroll"] = "scroll"
    direction: Direction
    amount: float = Field(default=2 / 3, gt=0, le=50)
    unit: Literal["page", "notch"] = "page"
    """page: `amount` times the height (width) of what scrolls. notch: wheel clicks."""
    at: Point | None = None
    """Where the pointer is while scrolling; None is the whole window."""
    mark: int | None = None


class Swipe(_Action):
    """Move a finger: `up` moves it up, which shows what is below."""

    kind: Literal["swipe"] = "swipe"
    direction: Direction
    within: Box | None = None
    """The area to swipe in; None is the screen."""
    along: tuple[Point, Point] | None = None
    """From where to where exactly, also from an edge; None leaves that to the platform."""
    mark: int | None = None


class Pinch(_Action):
    """Move two fingers: `out` moves them apart, which enlarges; `in` moves them together."""

    kind: Literal["pinch"] = "pinch"
    direction: Literal["in", "out"]
    within: Box | None = None
    """The area to pinch in; None is the screen."""
    mark: int | None = None


class TypeText(_Action):
    kind: Literal["type"] = "type"
    text: str
    at: Point | None = None
    """The field to focus first; None types into whatever has the focus."""
    mark: int | None = None
    clear: bool = False
    """Replace what the field holds instead of adding to it."""
    submit: bool = False
    """Press Enter afterwards."""


class PressKeys(_Action):
    kind: Literal["keys"] = "keys"
    keys: tuple[str, ...] = Field(min_length=1)
    """One chord, pressed in this order. Names: a single character, or enter, tab, escape,
    backspace, delete,
    insert, space, up, down, left, right, home, end, page_up, page_down, f1 … f24, ctrl, alt,
    shift, meta."""


class SelectOption(_Action):
    """Choose in a list that the model can't open by clicking, such as a native drop-down."""

    kind: Literal["select"] = "select"
    option: str
    """The option's visible text."""
    at: Point
    mark: int | None = None


class Upload(_Action):
    kind: Literal["upload"] = "upload"
    paths: tuple[str, ...] = Field(min_length=1)
    at: Point
    mark: int | None = None


class OpenApp(_Action):
    kind: Literal["open_app"] = "open_app"
    name: str


class OpenUrl(_Action):
    kind: Literal["open_url"] = "open_url"
    url: str


class SwitchTab(_Action):
    kind: Literal["switch_tab"] = "switch_tab"
    index: int = Field(ge=0)


class CloseTab(_Action):
    kind: Literal["close_tab"] = "close_tab"


class GoBack(_Action):
    kind: Literal["back"] = "back"


class GoHome(_Action):
    kind: Literal["home"] = "home"


class Wait(_Action):
    kind: Literal["wait"] = "wait"
    seconds: float = Field(default=5.0, gt=0, le=60)


class Note(_Action):
    """Something to remember; nothing happens on the screen."""

    kind: Literal["note"] = "note"
    text: str


class Answer(_Action):
    kind: Literal["answer"] = "answer"
    text: str
    final: bool = True
    """False where the dialect still ends the task by itself (the phone's `status`)."""


class Finish(_Action):
    kind: Literal["finish"] = "finish"
    success: bool
    """False: the task can't be done."""
    message: str = ""


class AskUser(_Action):
    kind: Literal["ask_user"] = "ask_user"
    question: str


class TakeOver(_Action):
    kind: Literal["take_over"] = "take_over"
    reason: str


Action = Annotated[
    Click
    | LongPress
    | Hover
    | Drag
    | Scroll
    | Swipe
    | Pinch
    | TypeText
    | PressKeys
    | SelectOption
    | Upload
    | OpenApp
    | OpenUrl
    | SwitchTab
    | CloseTab
    | GoBack
    | GoHome
    | Wait
    | Note
    | Answer
    | Finish
    | AskUser
    | TakeOver,
    Field(discriminator="kind"),
]

ACTION: TypeAdapter[Action] = TypeAdapter(Action)
"""Validates and serialises any action."""

SETTLED = (Answer, Finish, Note, AskUser, TakeOver)
"""Actions that touch no screen: the agent deals with them, no platform sees them."""


def describe(action: Action, seen: Observation | None = None) -> str:
    """The action in plain words, for a person: `click [3]`, `type "Porto" into [5], Enter`.

    With the observation it was chosen from, elements are named: `click [3] "Save"`.
    """
    target = _target(action, seen)
    match action:
        case Click(button=button, count=count, modifiers=modifiers):
            words = {1: "click", 2: "double click", 3: "triple click"}[count]
            held = "+".join(modifiers) + "+" if modifiers else ""
            return f"{held}{'' if button == 'left' else button + ' '}{words} {target}"
        case LongPress(seconds=seconds):
            return f"press {target} for {seconds:g} s"
        case Hover():
            return f"point at {target}"
        case Drag(path=path):
            return f"drag {target} to ({path[-1].x:.2f}, {path[-1].y:.2f})"
        case Scroll(direction=direction, at=at):
            return f"scroll {direction}" + (f" in {target}" if at else "")
        case Swipe(direction=direction):
            return f"swipe {direction}"
        case Pinch(direction=direction):
            return f"pinch {direction}"
        case TypeText(text=text, at=at, submit=submit):
            return (
                f'type "{text}"' + (f" into {target}" if at else "") + (", Enter" if submit else "")
            )
        case PressKeys(keys=keys):
            return "press " + "+".join(keys)
        case SelectOption(option=option):
            return f'choose "{option}" in {target}'
        case Upload(paths=paths):
            return f"upload {', '.join(paths)} to {target}"
        case OpenApp(name=name):
            return f"open the app {name}"
        case OpenUrl(url=url):
            return f"open {url}"
        case SwitchTab(index=index):
            return f"switch to tab {index}"
        case CloseTab():
            return "close the tab"
        case GoBack():
            return "go back"
        case GoHome():
            return "go to the home screen"
        case Wait(seconds=seconds):
            return f"wait {seconds:g} s"
        case Note(text=text):
            return f'note "{text}"'
        case Answer(text=text):
            return f'answer "{text}"'
        case Finish(success=success, message=message):
            return ("finish" if success else "give up") + (f": {message}" if message else "")
        case AskUser(question=question):
            return f'ask "{question}"'
        case TakeOver(reason=reason):
            return f"hand over: {reason}"


def _target(action: Action, seen: Observation | None) -> str:
    if (mark := getattr(action, "mark", None)) is None:
        return _where(action)
    element = seen.element(mark) if seen else None
    name = " ".join((element.name or element.text).split())[:60] if element else ""
    return f'[{mark}] "{name}"' if name else f"[{mark}]"


def _where(action: Action) -> str:
    at = getattr(action, "at", None) or (action.path[0] if isinstance(action, Drag) else None)
    return f"({at.x:.2f}, {at.y:.2f})" if at else "here"
