"""What all dialects share: the envelope of a model's answer, and observed text made harmless.

Pure. An answer is only ever cut, compared and quoted; nothing in it is evaluated. In the rules
below a box is `<|begin_of_box|>…<|end_of_box|>`, the tokens GLM puts around its action.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from gui_agent.errors import BadReply
from gui_agent.prompts import loose_json
from gui_agent.screen import Element, Observation, Point

LONGEST_ANSWER = 60_000
"""Characters after the thinking; 8192 tokens are about half of that."""
LONGEST_MEMORY = 4_000
"""Characters of memory that are carried from step to step."""
MOST_APPS = 150
"""Apps named in a prompt."""

_BEGIN_BOX = r"<\|(?:begin_of_box|start_of_box|box_start)\|>"
_END_BOX = r"<\|(?:end_of_box|box_end)\|>"
_BOX_TOKENS = re.compile(rf"{_BEGIN_BOX}|{_END_BOX}")
_TAGS = re.compile(rf"{_BEGIN_BOX}|{_END_BOX}|</?answer>")

# Inside a closed box or <content> no tag and no label counts: the model quotes them there.
_QUOTED = re.compile(
    rf"({_BEGIN_BOX})((?:(?!{_BEGIN_BOX}|<answer>).)*?)({_END_BOX})"
    r"|(<content>)((?:(?!<content>|<answer>).)*?)(</content>)",
    re.DOTALL,
)
BOX = re.compile(rf"{_BEGIN_BOX}(.*?)(?:({_END_BOX})|(?={_BEGIN_BOX})|\Z)", re.DOTALL)
_EDGE = re.compile(r"<answer>|</answer>|<\|(?:system|user|assistant|observation|endoftext)\|>")

_LABEL = re.compile(
    r"(?<![a-z0-9])(thoughts?|reason(?:ing)?|action|observation|memory(?:[_ ]updated?)?)"
    r"[*_`]{0,3}[ \t]{0,4}[:：][ \t]{0,4}[*_`]{0,3}",
    re.IGNORECASE,
)
# A label begins a line, or follows the gap in a history entry written on one line.
_BEFORE_LABEL = re.compile(
    r"(?:\n|[ \t]{2})([ \t>*#_`-]{0,8}(?:[0-9]{1,2}[.)、][ \t]{0,4})?[*_`]{0,3})\Z"
)
MOST_ANSWERS = 4
"""Blocks read in one answer; a model that repeats itself says nothing new in more."""


def split_thinking(text: str) -> tuple[str, str]:
    """(private thinking, answer): the answer begins after the last `</think>`.

    Raises BadReply when the thinking does not end: an action in it is a thought, not a decision.
    """
    thinking, _, answer = text.replace("\r\n", "\n").rpartition("</think>")
    opened = answer.find("<think>")
    if opened >= 0 and not _in_content(answer[:opened]):
        raise BadReply("Your thinking did not come to an end. Think briefly, then give the answer.")
    answer = loose_json.printable(answer)
    if not without_tags(answer).strip():
        raise BadReply("Your answer was empty. Give exactly one action.")
    if len(answer) > LONGEST_ANSWER:
        raise BadReply("Your answer was far too long. Give one short thought and one action.")
    return loose_json.printable(thinking.replace("<think>", "").strip()), answer


def _in_content(before: str) -> bool:
    return before.rfind("<content>") > before.rfind("</content>")


def answer_blocks(answer: str) -> list[str]:
    """The answers without their tags: usually one, more when the model repeats itself.

    A missing `</answer>` is normal, because it is a stop token. What follows one is dropped, and
    so is what stands before an `<answer>`, unless it holds a box.
    """
    edges = list(_EDGE.finditer(mask(answer)))
    ends = [edge.start() for edge in edges] + [len(answer)]
    pairs = zip(edges, ends[1:], strict=True)
    opened = [answer[edge.end() : end] for edge, end in pairs if edge[0] == "<answer>"]
    head = answer[: ends[0]]
    blocks = [head, *opened] if not opened or BOX.search(head) else opened
    return blocks[-MOST_ANSWERS:]


def mask(text: str) -> str:
    """The text, equally long, with everything inside boxes and <content> blotted out."""
    return _QUOTED.sub(_blot, text)


def _blot(match: re.Match[str]) -> str:
    opening, inside, closing = match.groups()[:3] if match[1] else match.groups()[3:]
    return f"{opening}{'█' * len(inside)}{closing}"


@dataclass(frozen=True, slots=True)
class Section:
    """What stands behind a label, up to the next one."""

    label: str
    """thought, action, memory, observation; "" for what stands before the first label."""
    text: str


def sections(block: str) -> list[Section]:
    """An answer cut at its labels; from a made-up observation on it is dropped."""
    masked = mask(block)
    marks = list(_labels(masked))
    acted = min((at for at, _, name in marks if name == "action"), default=len(block))
    box = BOX.search(masked)
    acted = min(acted, box.start()) if box else acted
    end = next((at for at, _, name in marks if name == "observation" and at > acted), len(block))
    marks = [(0, 0, ""), *(mark for mark in marks if mark[0] < end)]
    edges = [start for start, _, _ in marks[1:]] + [end]
    return [
        Section(name, block[start:edge])
        for (_, start, name), edge in zip(marks, edges, strict=True)
    ]


def _labels(masked: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, name) of each label; the start is that of its decoration, such as `**`."""
    for match in _LABEL.finditer(masked):
        word = match[1].lower()
        before = ("\n" + masked[: match.start()])[-24:] if match.start() < 24 else ""
        decoration = _BEFORE_LABEL.search(before or masked[match.start() - 24 : match.start()])
        if decoration:
            yield match.start() - len(decoration[1]), match.end(), _NAMES[word[:6]]
        elif word == "memory_updated":  # never said in passing
            yield match.start(), match.end(), "memory"


_NAMES = {"though": "thought", "reason": "thought", "action": "action"}
_NAMES |= {"observ": "observation", "memory": "memory"}


def boxes(text: str) -> list[tuple[str, bool]]:
    """The insides of the boxes in a text, each with whether the box was closed."""
    return [(match[1], match[2] is not None) for match in BOX.finditer(text)]


def without_tags(text: str) -> str:
    """The text without box tokens and answer tags."""
    return _TAGS.sub("", text)


def without_boxes(text: str) -> str:
    """The text without box tokens; tags stay, because an answer may be about them."""
    return _BOX_TOKENS.sub("", text)


def unwrap(text: str) -> str:
    """The text without what models put around an action: fences, brackets, quotes, its label."""
    text = text.strip()
    for _ in range(6):
        stripped = _unwrap_once(text).strip()
        if stripped == text:
            break
        text = stripped
    return text


_FENCE = re.compile(r"```[a-zA-Z]{0,12}\n?")
_PREFIX = re.compile(r"(?:[*_]{1,3})?action(?:[*_]{1,3})?[ \t]{0,4}[:：]", re.IGNORECASE)
_PAIRS = (
    ("\\boxed{", "}"),
    ("[", "]"),
    ("(", ")"),
    ("{", "}"),
    ("<", ">"),
    ("【", "】"),
    ("（", "）"),
    ("「", "」"),
    ("“", "”"),
    ('"', '"'),
    ("'", "'"),
    ("`", "`"),
    ("**", "**"),
)


def _unwrap_once(text: str) -> str:
    if fence := _FENCE.match(text):
        return text[fence.end() :].partition("```")[0]
    if prefix := _PREFIX.match(text):
        return text[prefix.end() :]
    for opening, closing in _PAIRS:
        if text.startswith(opening):
            return text.removeprefix(opening).removesuffix(closing)
    return text


def memory_object(text: str) -> str:
    """The JSON object in a memory section as JSON text; "" when there is none to keep."""
    found = next(loose_json.objects(without_boxes(text)), None)
    return memory_text(found[0]) if found else ""


def memory_text(memory: dict[str, Any]) -> str:
    """A memory as JSON text; one that is too large loses its longest entries."""
    return restore(json.dumps(_bounded(memory), ensure_ascii=False))


def memory_list(text: str) -> str:
    """The JSON list in a memory section as JSON text; "" when there is none to keep.

    A lone object is a list of one; `<memory></memory>` is the makers' other word for `[]`.
    """
    opening = re.search(r"[\[{]", text)
    if opening is None:
        return "[]" if re.search(r"<memory>\s*</memory>", text) else ""
    try:
        memory, _ = loose_json.read(text, opening.start())
    except ValueError:
        return ""
    entries = memory if isinstance(memory, list) else [memory]
    kept = _bounded(dict(enumerate(entries)))
    return restore(json.dumps(list(kept.values()), ensure_ascii=False))


_Key = TypeVar("_Key", str, int)


def _bounded(memory: dict[_Key, Any]) -> dict[_Key, Any]:
    sizes = {k: len(json.dumps({k: v}, ensure_ascii=False)) for k, v in memory.items()}
    excess = sum(sizes.values()) - LONGEST_MEMORY
    dropped = set()
    for key in sorted(sizes, key=sizes.__getitem__, reverse=True):
        if excess <= 0:
            break
        dropped.add(key)
        excess -= sizes[key]
    return {key: value for key, value in memory.items() if key not in dropped}


def marked(screen: Observation, mark: int) -> Element:
    """The element with this mark. Raises BadReply that names the marks there are."""
    if element := screen.element(mark):
        return element
    marks = [element.mark for element in screen.marked if element.mark is not None]
    known = f"the labels are {min(marks)} to {max(marks)}" if marks else "it has no labels"
    raise BadReply(f"There is no label [{mark}] on this screen; {known}.")


_BESIDE = 20
"""Thousandths by which a position may miss the picture and still mean its edge: GLM's training
rewards points within so much of the right one. What lies farther out is in another unit."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,9})?")


def numbers(text: str) -> list[float]:
    """The numbers in a text such as `[[038, 115, 960.5, 141]]`."""
    return [float(number) for number in _NUMBER.findall(text)]


def coordinates(text: str) -> list[float]:
    """The two numbers of a point or four of a box, in thousandths of the picture.

    Fractions are taken for what they are. Raises BadReply for anything else, a placeholder such as
    `[x1,y1]` among it.
    """
    values = numbers(text)
    if len(values) not in (2, 4) or re.search(r"[a-zA-Z][0-9]", text):
        raise BadReply(
            "A position is two numbers, or four for a box, in thousandths of the picture;"
            f" not {quote(text)}."
        )
    return _in_thousandths(values)


def thousandths(values: list[float]) -> Point:
    """The point that two numbers, or the centre of the box that four numbers, stand for.

    Thousandths of the picture; fractions are taken for what they are. Raises BadReply.
    """
    if len(values) not in (2, 4):
        raise BadReply(
            "A position is two numbers, or four for a box, in thousandths of the picture;"
            f" not {quote(str(values))}."
        )
    values = _in_thousandths(values)
    across, down = values[0::2], values[1::2]
    return Point.of(sum(across) / len(across), sum(down) / len(down), 1000, 1000)


def _in_thousandths(values: list[float]) -> list[float]:
    if all(0 <= value <= 1 for value in values) and any(0 < value < 1 for value in values):
        values = [value * 1000 for value in values]
    if not all(-_BESIDE <= value <= 1000 + _BESIDE for value in values):
        given = ", ".join(f"{value:g}" for value in values)
        raise BadReply(f"Positions are thousandths of the picture, 0 to 999; not [{given}].")
    return values


def quote(text: str) -> str:
    """A short, harmless quotation of the model's own words, for a message to it."""
    return f'"{neutralise(shorten(text, 120))}"'


def shorten(text: str, length: int) -> str:
    """The text on one line, cut to a length in characters."""
    text = " ".join(text[: 4 * length].split())
    return text if len(text) <= length else text[: length - 1] + "…"


# A zero-width space breaks a token or a label and reads the same; `restore` takes it out again.
_GAP = "\u200b"
_TOKEN = re.compile(
    r"<(?=\||/?(?:think|answer|content|sop|eop|s|bos|eos|image|video|tool_call|tool_response"
    r"|arg_key|arg_value|start_of_turn|end_of_turn|start_of_image)>)"
    r"|\[(?=(?:g|s)?MASK\]|/?INST\]|IMG\])"
    r"|/(?=(?:no_?)?think)",
    re.IGNORECASE,
)
_MARK_OR_HEADING = re.compile(
    r"\[[0-9]{1,6}\](?=[ \t]{0,8}[:：])|^[ \t]{0,8}#(?=#{0,5}[ \t])", re.MULTILINE
)


def plain_tokens(text: str) -> str:
    """The text with every special token of the models broken, so that it is read as text."""
    return _TOKEN.sub(lambda match: match[0] + _GAP, loose_json.printable(text))


def neutralise(text: str) -> str:
    """Observed text that can neither be a special token nor pass for a label of the dialect."""
    text = _LABEL.sub(_break_colon, plain_tokens(text))
    return _MARK_OR_HEADING.sub(lambda match: match[0] + _GAP, text)


def _break_colon(match: re.Match[str]) -> str:
    return match[0].replace(":", _GAP + ":").replace("：", _GAP + "：")


def restore(text: str) -> str:
    """What the model copied from neutralised text, as it was on the page."""
    return text.replace(_GAP, "")
