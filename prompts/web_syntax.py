"""The action syntax of GLM's web dialects: `Click [3]`, `Type [2]; [text]`, `ANSWER; <content>…`.

Also the newer one with points in thousandths of the picture: `CLICK(point=(214, 100))`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from gui_agent.actions import (
    Action,
    Answer,
    Click,
    GoBack,
    OpenUrl,
    PressKeys,
    Scroll,
    TypeText,
    Wait,
)
from gui_agent.errors import BadReply
from gui_agent.prompts.calls import read_call
from gui_agent.prompts.glm import Found
from gui_agent.prompts.keys import chord
from gui_agent.prompts.parsing import (
    coordinates,
    marked,
    memory_object,
    neutralise,
    numbers,
    plain_tokens,
    quote,
    restore,
    shorten,
    thousandths,
    unwrap,
)
from gui_agent.screen import Direction, Element, Observation, Point

MOST_LINES = 40
"""Lines beginning with a verb that are read in one piece of text."""

_DIRECTIONS: Mapping[str, Direction] = {d: d for d in ("up", "down", "left", "right")}

_VERB = r"(?P<verb>click|type|scroll|wait|go[ _-]?back|bing|google|press|key|answer)(?![a-z_])"
_CALL = (
    r"(?P<call>(?:click|type|key_press|scroll_(?:up|down|left|right)|answer|wait|go_?back|bing)"
    r"(?=[(（]\s{0,9}(?:[a-z_]{1,20}\s{0,4}=|[\[(（]?\s{0,9}[0-9.]{1,9}\s{0,4}[,，]|[)）'\"])))"
)
_START = re.compile(rf"^[^\w\n]{{0,8}}(?:{_CALL}|{_VERB})", re.IGNORECASE | re.MULTILINE)
_OPEN, _CLOSE = r"[\[(【（［]", r"[\])】）］]"
_LABEL = re.compile(
    rf"[\s;；:：,，]{{0,4}}(?P<open>{_OPEN}{{0,3}})\s{{0,4}}"
    r"(?:(?:numerical[_ ]label|label|element)\s{0,2})?#?"
    rf"(?P<label>\d{{1,6}}|window(?![a-z]))\s{{0,4}}(?P<close>{_CLOSE}{{0,3}})",
    re.IGNORECASE,
)
_BRACKETED_NUMBER = re.compile(rf"(?P<open>{_OPEN})(?P<label>\d{{1,6}})(?P<close>{_CLOSE})")
_ANOTHER = re.compile(
    rf"(?:[\s,，;；&、]|and|or|then){{0,6}}{_OPEN}{{1,3}}\s{{0,4}}\d|\s{{0,4}}[,，、]\s{{0,4}}\d",
    re.IGNORECASE,
)
_ALONE = re.compile(r"[ \t.。!;；,，`*\])}】）]{0,9}(?:[\"'“(（\[][^\n]*)?(?:\n|\Z)")
_OTHER_WORD = re.compile(r"[ \t]{0,4}(?!(?:up|down|left|right)\b)\w", re.IGNORECASE)
_SEPARATOR = re.compile(r"[ \t]{0,9}(?:(?P<sign>[;；:：,，])\s{0,9})?")
_DIRECTION = re.compile(rf"{_OPEN}\s{{0,4}}(up|down|left|right)\s{{0,4}}{_CLOSE}", re.IGNORECASE)
_DIRECTION_WORD = re.compile(r"(?<![a-z])(up|down|left|right)(?![a-z])", re.IGNORECASE)
_CONTENT = re.compile(r".{0,200}?<content>(.*?)(</content>|\Z)", re.DOTALL | re.IGNORECASE)
_BRACKETS = {"[": "]", "【": "】", "［": "］"}
_DELIMITERS = frozenset("[【［\"'“「`")
_QUOTES = {'"': '"', "'": "'", "“": "”", "「": "」", "`": "`"}


@dataclass(frozen=True, slots=True)
class WebSyntax:
    """Reads actions against one screen: labels are looked up there."""

    screen: Observation
    search_url: str

    example = "Action: Click [3]"

    def read(self, text: str, *, strict: bool = False, closed: bool = True) -> Found:
        """All actions that begin a line; strict: a line must be an action, not just begin like
        one."""
        text = unwrap(text)
        actions: list[Action] = []
        error: BadReply | None = None
        end = 0
        for _ in range(MOST_LINES):
            start = _START.search(text, end)
            if start is None:
                break
            end = start.end()
            alone = strict or start.start() > 0
            try:
                action, end = self._action(text, start, alone, closed)
            except BadReply as reason:
                error = error or reason
                continue
            if action not in actions:
                actions.append(action)
        return Found(tuple(actions), error)

    def write(self, action: Action) -> str:
        return write_action(action)

    def memory(self, text: str) -> str:
        return memory_object(text)

    def _action(
        self, text: str, start: re.Match[str], alone: bool, closed: bool
    ) -> tuple[Action, int]:
        """The action that starts here and where it ends. Raises BadReply when it is none, or when
        it must be alone on its line and is not."""
        if start["call"]:
            action, end = self._call(text, start.start("call"))
        else:
            action, used = self._words(start["verb"], text[start.end() :], alone, closed)
            end = start.end() + used
        if alone and not _ALONE.match(text, end):
            raise BadReply(
                f"Write the action alone on its line, not {quote(text[max(0, end - 40) :])}."
            )
        return action, end

    def _words(self, verb: str, rest: str, alone: bool, closed: bool) -> tuple[Action, int]:
        match re.sub(r"[ _-]", "", verb.lower()):
            case "click":
                return self._click(rest)
            case "type":
                return self._type(rest, closed)
            case "scroll":
                return self._scroll(rest)
            case "key" | "press":
                return _press(rest)
            case "answer":
                return _answer(rest, alone and verb != "ANSWER", closed)
            case name:
                return self._simple(name), 0

    def _click(self, rest: str) -> tuple[Action, int]:
        element, used = self._element("Click", rest)
        if _ANOTHER.match(rest, used):
            raise BadReply(f"Click takes one label, not {quote('Click' + _line(rest))}.")
        return Click(at=element.box.center, mark=element.mark), used

    def _type(self, rest: str, closed: bool) -> tuple[Action, int]:
        element, used = self._element("Type", rest)
        separated, begin = _separator(rest, used)
        written = rest[begin:]
        if not (separated or written[:1] in _DELIMITERS) or not _line(written).strip():
            raise BadReply('Type needs a label and a text: "Type [2]; [the text]".')
        text, length = _argument(written, closed)
        action = TypeText(
            text=restore(text), at=element.box.center, mark=element.mark, clear=True, submit=True
        )
        return action, begin + length

    def _scroll(self, rest: str) -> tuple[Action, int]:
        line = _line(rest)
        label = _LABEL.match(line)
        if label:
            _require_brackets("Scroll", label, line)
        direction, used = _direction(line, label.end() if label else 0)
        label = label or _BRACKETED_NUMBER.search(line)
        if label is None or label["label"].lower() == "window":
            return Scroll(direction=direction), used
        element = marked(self.screen, int(label["label"]))
        action = Scroll(direction=direction, at=element.box.center, mark=element.mark)
        return action, max(used, label.end())

    def _simple(self, verb: str) -> Action:
        actions: dict[str, Action] = {"wait": Wait(), "goback": GoBack()}
        return actions.get(verb, OpenUrl(url=self.search_url))

    def _element(self, verb: str, rest: str) -> tuple[Element, int]:
        """The element whose label follows a verb, and where its label ends."""
        label = _LABEL.match(rest)
        if label is None or bool(label["open"]) != bool(label["close"]):
            if label and _ANOTHER.match(rest, label.end()):
                raise BadReply(f"{verb} takes one label, not {quote(verb + _line(rest))}.")
            raise BadReply(
                f'{verb} needs the number of a label in brackets, such as "{verb} [3]";'
                f" not {quote(verb + _line(rest))}."
            )
        if label["label"].lower() == "window":
            raise BadReply(f"The WINDOW can only be scrolled; {verb} needs the number of a label.")
        _require_brackets(verb, label, rest)
        return marked(self.screen, int(label["label"])), label.end()

    def _call(self, text: str, at: int) -> tuple[Action, int]:
        call = read_call(text[at:])
        if call is None:
            raise BadReply(f"This call is incomplete: {quote(_line(text[at:]))}.")
        given = call.arguments
        match call.name.lower().replace("_", ""):
            case "click":
                action: Action = Click(at=_point(given) or _missing(call.name, "point"))
            case "type":
                action = TypeText(
                    text=restore(_text(call.name, given, "text", "content")),
                    at=_point(given) or _missing(call.name, "point"),
                    clear=True,
                    submit=True,
                )
            case "keypress":
                action = PressKeys(keys=chord(_text(call.name, given, "key", "keys")))
            case "answer":
                action = _final(_text(call.name, given, "content", "text"))
            case name if name.startswith("scroll"):
                direction = _DIRECTIONS[name.removeprefix("scroll")]
                action = Scroll(direction=direction, amount=_pages(given), at=_point(given))
            case name:
                action = self._simple(name)
        return action, at + call.end


def _require_brackets(verb: str, label: re.Match[str], rest: str) -> None:
    """`Click 3` is clear, `Click 3 times` is not."""
    if not label["open"] and _OTHER_WORD.match(rest, label.end()):
        raise BadReply(f'Put the label in brackets, such as "{verb} [{label["label"]}]".')


def _press(rest: str) -> tuple[Action, int]:
    _, begin = _separator(rest)
    keys, used = _argument(rest[begin:], closed=True)
    return PressKeys(keys=chord(re.sub(r"^the\s|\skey$|\.$", "", keys.strip()))), begin + used


def _answer(rest: str, prose: bool, closed: bool) -> tuple[Action, int]:
    if content := _CONTENT.match(rest):
        if not content[2] and not closed:
            raise BadReply("Your answer was cut off before </content>. Make it shorter.")
        return _final(content[1]), content.end()
    separated, begin = _separator(rest)
    bracketed = rest[begin : begin + 1] in _BRACKETS
    if prose or not (separated or bracketed):
        raise BadReply('Answer in this form: "ANSWER; <content>the answer</content>".')
    if bracketed:
        text, used = _argument(rest[begin:], closed)
        return _final(text), begin + used
    return _final(rest[begin:]), len(rest)


def _separator(text: str, at: int = 0) -> tuple[bool, int]:
    """Whether a `;` or another sign stands here, and where what it separates begins."""
    match = _SEPARATOR.match(text, at)
    return (match["sign"] is not None, match.end()) if match else (False, at)


def _final(text: str) -> Answer:
    if not text.strip():
        raise BadReply('Your answer has no content: "ANSWER; <content>the answer</content>".')
    return Answer(text=restore(text).strip(), final=True)


def _argument(text: str, closed: bool) -> tuple[str, int]:
    """What stands in brackets here, else the rest of the line; and where it ends."""
    if text[:1] in _BRACKETS:
        return _bracketed(text, _BRACKETS[text[0]], closed)
    line = _line(text).rstrip()
    inside = line.strip()
    if len(inside) >= 2 and _QUOTES.get(inside[0]) == inside[-1]:
        inside = inside[1:-1]
    return inside, len(line)


def _bracketed(text: str, closing: str, closed: bool) -> tuple[str, int]:
    """The inside of the brackets that open here, and where they end.

    They end where they are balanced, unless that leaves a stray bracket on the line: the text of
    `[a]b]` is `a]b`, that of `[a] and then [3]` is `a`.
    """
    end = _balance(text, text[0], closing)
    if end is None:
        end = text.rfind(closing)
        if end < 0:
            if not closed:
                raise BadReply("The text was cut off before its closing bracket. Give it again.")
            return text[1:].partition("\n")[0], len(_line(text))
        return text[1:end], end + 1
    line_end = len(text) if (newline := text.find("\n", end)) < 0 else newline
    if _stray(text[end + 1 : line_end], text[0], closing):
        end = text.rfind(closing, 0, line_end)
    return text[1:end], end + 1


def _balance(text: str, opening: str, closing: str) -> int | None:
    depth = 0
    for match in re.finditer(f"[{re.escape(opening + closing)}]", text):
        depth += 1 if match[0] == opening else -1
        if depth == 0:
            return match.start()
    return None


def _stray(text: str, opening: str, closing: str) -> bool:
    return text.count(opening) != text.count(closing)


def _direction(line: str, at: int) -> tuple[Direction, int]:
    """The one direction named in a line from here on, and where its word ends."""
    found = list(_DIRECTION.finditer(line, at)) or list(_DIRECTION_WORD.finditer(line, at))
    if len({match[1].lower() for match in found}) != 1:
        raise BadReply(
            'Scroll needs one direction: "Scroll [WINDOW]; [down]" or "Scroll [6]; [up]".'
        )
    return _DIRECTIONS[found[0][1].lower()], found[0].end()


def _line(text: str) -> str:
    return text.partition("\n")[0]


def _point(given: Mapping[str, str]) -> Point | None:
    """The position among a call's arguments: `point`, else the centre of `box`, else bare
    numbers."""
    for name in ("point", "start_box", "box"):
        if name in given:
            return thousandths(coordinates(given[name]))
    bare = [number for name, value in given.items() if name.isdigit() for number in numbers(value)]
    return thousandths(bare[:4] if len(bare) == 4 else bare[:2]) if bare else None


def _text(call: str, given: Mapping[str, str], *names: str) -> str:
    """The text among a call's arguments: by one of its names, else the last one without a name."""
    for name in names:
        if name in given:
            return given[name]
    bare = [value for name, value in given.items() if name.isdigit() and not numbers(value)]
    return bare[-1] if bare else _missing(call, names[0])


def _missing(call: str, name: str) -> NoReturn:
    raise BadReply(f"{call} needs {name}=….")


def _pages(given: Mapping[str, str]) -> float:
    """The unit of `distance` is not documented: up to 5 it is taken for pages, else ignored."""
    distance = next(iter(numbers(given.get("distance", ""))), 0.0)
    return distance if 0 < distance <= 5 else 2 / 3


def write_action(action: Action) -> str:
    """The action as the model was trained to write it, on one line, for its history."""
    match action:
        case Click(mark=int(mark)):
            return f"Click [{mark}]"
        case Click(at=at):
            return f"CLICK(point={_thousandths(at)})"
        case TypeText(mark=int(mark), text=text):
            return plain_tokens(f"Type [{mark}]; [{_observed(text)}]")  # [ + gMASK] is a token
        case TypeText(at=Point() as at, text=text):
            return f"TYPE(point={_thousandths(at)}, text='{_observed(text)}')"
        case Scroll(mark=int(mark), direction=direction):
            return f"Scroll [{mark}]; [{direction}]"
        case Scroll(at=Point() as at, direction=direction):
            return f"SCROLL_{direction.upper()}(point={_thousandths(at)})"
        case Scroll(direction=direction):
            return f"Scroll [WINDOW]; [{direction}]"
        case PressKeys(keys=("enter",)):
            return "Key; [Return]"
        case PressKeys(keys=keys):
            return f"Key; [{'+'.join(keys)}]"
        case Answer(text=text):
            return f"ANSWER; <content>{_observed(text)}</content>"
        case OpenUrl():
            return "Bing"
        case GoBack():
            return "GoBack"
    return "Wait"


def _observed(text: str) -> str:
    return neutralise(shorten(text, 500))


def _thousandths(point: Point) -> str:
    return f"({round(point.x * 1000)}, {round(point.y * 1000)})"
