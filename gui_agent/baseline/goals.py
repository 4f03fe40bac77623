"""What a goal is made of: clauses, and the ways each may be meant. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gui_agent.screen import Direction

RECALLED = "\x00"


@dataclass(frozen=True, slots=True)
class Phrase:
    """What the goal calls something on the page."""

    text: str = ""
    """The words as given, quotes and articles removed."""
    name: str = ""
    """The same without the kind of control and the ordinal: what the label may say."""
    must: tuple[str, ...] = ()
    """Terms that the match has to account for, by its name or by what stands around it."""
    soft: tuple[str, ...] = ()
    """Terms such as `row` or `message`, which help but need not be found."""
    quoted: tuple[str, ...] = ()
    """Strings the goal quotes: to be found literally."""
    head: tuple[str, ...] = ()
    """The terms of `must` that come before `in`, `of`, `for` …: the target's own name."""
    role: str = ""
    """A key of ROLE_CLASSES, when the goal says what kind of control it is."""
    ordinal: int = 0
    """1 is the first in reading order, -1 the last; 0 when none was said."""
    extreme: str = ""
    """`min:price`, `max:…`, when the goal says `cheapest` or `largest`."""

    @property
    def empty(self) -> bool:
        return not (self.must or self.quoted)


@dataclass(frozen=True, slots=True)
class Press:
    """Click something; `verb` is a deed its name must show (`delete`), or "" for a plain click."""

    what: Phrase
    verb: str = ""
    button: Literal["left", "right"] = "left"
    count: int = 1
    every: bool = False
    """All that fit, one after the other."""
    most: int = 0
    """With `every`: so many of them; 0 is all."""
    through: bool = False
    """On the way through a menu: pointing at an entry opens it."""


@dataclass(frozen=True, slots=True)
class Enter:
    """Be in a part of the page or the site, which what follows is to be done in."""

    what: Phrase


@dataclass(frozen=True, slots=True)
class Detail:
    """Something that a deed is to be done with: `to Ada`, `as spam`, `with the role Viewer`."""

    text: str
    link: str = ""
    """The word that ties it to the deed."""
    quoted: str = ""
    """The part of it that the goal quotes: a value, and nothing else."""


@dataclass(frozen=True, slots=True)
class Fill:
    """Give a field a value: by typing, choosing, sliding or ticking, as its kind demands."""

    field: Phrase | None
    value: str
    """What it gets; "" empties it, RECALLED stands for what was read or copied last."""
    literal: bool = True
    """The value is to be typed as it stands; else it names one of the field's options."""
    every: bool = False
    """All fields that fit get it."""
    opener: Press | None = None
    """What makes the field appear, when it isn't there."""
    said: Detail | None = None
    """The words that this was read from, where they may be read in another way."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Choose an option, wherever it is offered: radio, check box, list entry, drop-down, card."""

    option: Phrase


@dataclass(frozen=True, slots=True)
class Toggle:
    """Bring a check box or switch into a state; with `every`, all that fit."""

    what: Phrase
    on: bool
    every: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """Send off what was just filled in: the button beside it that says so."""

    verb: str
    what: Phrase = field(default_factory=Phrase)


@dataclass(frozen=True, slots=True)
class Search:
    text: str


@dataclass(frozen=True, slots=True)
class Hover:
    what: Phrase


@dataclass(frozen=True, slots=True)
class ScrollTo:
    """Scroll until something shows; or, without it, once in a direction; or to an end."""

    what: Phrase | None = None
    direction: Direction = "down"
    to_end: bool = False
    within: Phrase | None = None
    """What is scrolled, when it isn't the page."""


@dataclass(frozen=True, slots=True)
class Keys:
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: float


@dataclass(frozen=True, slots=True)
class Move:
    """Drag one thing onto another."""

    what: Phrase
    onto: Phrase


@dataclass(frozen=True, slots=True)
class Shift:
    """Drag something one way: by so many places of its list, or (0) a piece of the screen."""

    what: Phrase
    way: Direction
    places: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Drag something to a place of its list (1 is the first, -1 the last) or cell of its grid."""

    what: Phrase
    at: int = 0
    cell: str = ""
    """`top left`, `center`, `bottom center` …"""


@dataclass(frozen=True, slots=True)
class Arrange:
    """Drag the numbers of a list into order."""

    falling: bool = False


@dataclass(frozen=True, slots=True)
class PressInOrder:
    """Click every number that the page shows, in order."""

    falling: bool = False


@dataclass(frozen=True, slots=True)
class Highlight:
    """Select the text of a paragraph."""

    what: Phrase


@dataclass(frozen=True, slots=True)
class Solve:
    """Work out the sum or equation that the page shows, for later."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Fill each labelled field with the value that the page states under the same label."""


@dataclass(frozen=True, slots=True)
class Remember:
    """Read what a field or text holds, for later; or only its so-manieth word (-1 is the last)."""

    source: Phrase
    word: int = 0


@dataclass(frozen=True, slots=True)
class Browse:
    """`Look through the tabs`: nothing to do by itself; what is missing is looked for anyway."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Go back, or to an address."""

    url: str = ""


@dataclass(frozen=True, slots=True)
class Launch:
    """Bring a program to the front: its open window, or a new one."""

    name: str


@dataclass(frozen=True, slots=True)
class SaveAs:
    """Save what the program in front holds under a name."""

    path: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Answer out of what the page shows."""

    question: str
    about: Phrase
    kind: Literal["value", "count", "which", "whether"] = "value"
    wants: Literal["any", "amount", "time", "duration", "words"] = "any"


@dataclass(frozen=True, slots=True)
class Gist:
    """What a clause says without fitting any form: words that one thing on the page answers to."""

    text: str
    terms: tuple[str, ...]
    deed: str = ""
    """A deed that its name must show."""
    on: bool = True
    """The state in which a box is wanted."""
    vital: tuple[str, ...] = ()
    """Terms that may not be missing: numbers, names, quotes."""
    free: tuple[str, ...] = ()
    """Terms that may stand on it without being asked for."""


@dataclass(frozen=True, slots=True)
class Order:
    """A deed with details: what opens its form is pressed, the details go in, it is sent off."""

    verb: str
    what: Phrase
    details: tuple[Detail | Fill, ...]
    sends: bool = True
    """False where the goal itself says next how the form is sent off."""


@dataclass(frozen=True, slots=True)
class Put:
    """Bring the form into the state that something said of it means; the page tells which field."""

    detail: Detail
    deed: bool = False
    """It begins with a verb that may ask for anything: only a field or an option can be meant."""


Wish = (
    Press
    | Enter
    | Put
    | Gist
    | Order
    | Fill
    | Pick
    | Toggle
    | Commit
    | Search
    | Hover
    | ScrollTo
    | Keys
    | Pause
    | Move
    | Shift
    | Place
    | Arrange
    | PressInOrder
    | Highlight
    | Solve
    | Copy
    | Remember
    | Browse
    | Leave
    | Launch
    | SaveAs
    | Ask
)


Reading = tuple[Wish, ...]
"""One way to mean a clause: things to be done one after the other."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing the goal asks for, and the ways it may be meant, likeliest first."""

    text: str
    readings: tuple[Reading, ...]
    leads: bool = False
    """It only names what the parts after it go about: `Book a table: choose Friday, …`."""


@dataclass(frozen=True, slots=True)
class Plan:
    clauses: tuple[Clause, ...] = ()
    problem: str = ""
    """Why the goal can't be followed as a whole, or ""."""
