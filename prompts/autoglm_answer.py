"""Finds the one call in an answer of AutoGLM-Phone, whatever stands around it.

Pure. A text inside a call may hold tags, quotes and other calls: they are part of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gui_agent.actions import Finish
from gui_agent.errors import BadReply
from gui_agent.prompts.autoglm_syntax import CallSyntax, Said
from gui_agent.prompts.calls import read_call
from gui_agent.prompts.parsing import quote, without_tags

MOST_EVENTS = 20
"""Calls and tags looked at in one answer."""

_OPENS = r"\s{0,3}[(（]"
_NAMES = (
    r"(?:tap|click|type(?:_name)?|swipe|launch|back|home|wait|interact|note|call_api|long_?press"
    rf"|double_?tap|take_?over){_OPENS}"
)
_EVENT = re.compile(
    rf"(?<![\w.])(?P<call>(?:do|finish){_OPENS})"
    rf"|(?:^|(?<=[>:：]))[ \t`*>-]{{0,8}}(?P<named>{_NAMES})"
    r"|(?P<opens><answer>)"
    r"|</answer>|<\|(?:system|user|assistant|observation|endoftext)\|>",
    re.IGNORECASE | re.MULTILINE,
)
_NEXT = re.compile(rf"(?<=[)）])(?=[\s;；,，]{{0,9}}(?:do|finish){_OPENS})")
_END = re.compile(rf"</answer>|<\||\n(?=[ \t]{{0,8}}(?:do|finish){_OPENS})")
_DO = re.compile(
    r"do\s{0,3}[(（]\s{0,9}(?:action\s{0,4}[=＝]\s{0,4})?"
    r"[\"'“‘](?P<name>[a-z_ ]{1,20})[\"'”’]\s{0,9}[,，]?",
    re.IGNORECASE,
)
_OPEN_MESSAGE = re.compile(
    r"finish\s{0,3}[(（]\s{0,3}(?:message\s{0,3}[=＝]\s{0,3})?[\"'“](.*)", re.DOTALL
)
_BARE_FINISH = re.compile(r"\W{0,5}finish\W{0,5}", re.IGNORECASE)
_BEFORE = re.compile(r"(?:\A|\n|[:：>])[ \t`*>·•-]{0,8}\Z")
_AFTER = re.compile(r"[\s`*.。;；!！)）]{0,9}(?:\n|\Z|<|#|(?:do|finish)[(（])")


@dataclass(frozen=True, slots=True)
class _Call:
    said: Said
    block: int
    """0 before the first answer tag, then counted."""
    start: int
    end: int


def read(answer: str, syntax: CallSyntax) -> Said:
    """The one action of an answer without its thinking. Raises BadReply."""
    calls, error = _scan(answer, syntax)
    chosen = _firsts(calls) or [call for call in calls if _alone(call, answer)] or calls
    different = list({call.said.action: call.said for call in chosen}.values())
    if len(different) > 1:
        first, second = (quote(said.written) for said in different[:2])
        raise BadReply(f"Your answer held two different actions, {first} and {second}. Give one.")
    if different:
        return different[0]
    if _BARE_FINISH.fullmatch(without_tags(answer).strip()):
        return Said('finish(message="")', Finish(success=True))
    raise error or _nothing(answer)


def whole(answer: str, syntax: CallSyntax) -> bool:
    """Does an answer tag hold a call that nothing can change any more?"""
    calls, error = _scan(answer, syntax)
    # Behind a call that is not closed yet, another may be part of a text in it.
    return error is None and any(_ended(call, answer) for call in _firsts(calls))


def _scan(answer: str, syntax: CallSyntax) -> tuple[list[_Call], BadReply | None]:
    """The calls, without what follows one at once: that is the rest of a plan. And why the first
    thing that looked like a call is none."""
    calls: list[_Call] = []
    error: BadReply | None = None
    at, block, closed, planned = 0, 0, False, -1
    for _ in range(MOST_EVENTS):
        event = _EVENT.search(answer, at)
        if event is None:
            break
        at = event.end()
        if not (event["call"] or event["named"]):
            closed = not event["opens"]
            block += not closed
        elif not closed:
            start = event.start("call" if event["call"] else "named")
            try:
                name, given, at = _call(answer, start)
                said = syntax.understand(name, given)
            except BadReply as reason:
                error = error or reason
                continue
            if planned < 0 or answer[planned:start].strip(" \n\t;；,，`"):
                calls.append(_Call(said, block, start, at))
            planned = at
    return calls, error


def _firsts(calls: list[_Call]) -> list[_Call]:
    """The first call behind each answer tag."""
    return list({call.block: call for call in reversed(calls) if call.block}.values())


def _alone(call: _Call, answer: str) -> bool:
    """Does the call stand on a line of its own?"""
    before = answer[max(0, call.start - 12) : call.start]
    return bool(_BEFORE.search(before) and _AFTER.match(answer, call.end))


def _ended(call: _Call, answer: str) -> bool:
    """A bracket may still belong to a text in the call, unless the line or the tag ends there."""
    without_text = 0 if isinstance(call.said.action, Finish) else 2
    has_text = call.said.written.count('"') > without_text
    closed = answer[call.end - 1] in ")）"
    return closed and (not has_text or answer[call.end : call.end + 1] in ("\n", "<"))


def _call(answer: str, start: int) -> tuple[str, dict[str, str], int]:
    """The name and the arguments of the call that begins here, and where it ends: before the next
    one or a tag, unless those are part of a text in it. Raises BadReply."""
    text, name, cut = answer[start:], "", 0
    if do := _DO.match(text):
        name, cut = do["name"], do.end() - len("do(")
        text = "do(" + text[do.end() :]
    ends = sorted(match.start() for match in (_NEXT.search(text), _END.search(text)) if match)
    for end in (*ends, len(text)):
        if call := read_call(text[:end]):
            return name or call.name, call.arguments, start + cut + call.end
    if unclosed := _OPEN_MESSAGE.match(text):
        message = _END.split(unclosed[1])[0].rstrip("\"')”）")
        return "finish", {"message": message}, len(answer)
    raise BadReply(f"This call is incomplete: {quote(answer[start : start + 120])}. Give it again.")


def _nothing(answer: str) -> BadReply:
    if without_tags(answer).lstrip().startswith("[{"):
        return BadReply(
            'Write a call such as do(action="Type", text="…"), not a list of parts. (If this comes'
            " again, serve the model with --chat-template-content-format string.)"
        )
    return BadReply(
        f"No action was found in {quote(answer)}. Write one line such as"
        ' do(action="Tap", element=[x,y]) or finish(message="…").'
    )
