"""English clauses about fields: values, options, and forms that are sent off. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from re import Match

from gui_agent.baseline import verbs, words
from gui_agent.baseline.forms import Forms, each, filled, is_recalled
from gui_agent.baseline.goals import (
    RECALLED,
    Commit,
    Detail,
    Fill,
    Order,
    Phrase,
    Press,
    Reading,
    Remember,
)
from gui_agent.baseline.phrases import Quotes, is_quoted, phrase
from gui_agent.baseline.splitting import segments

FORMS = Forms()

_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
_LINKS = r"into|in to|in|on|to|as|for|from|under"
_VALUE = (
    r"(?:[\ue000-\uf8ff]|(?:\S+@\S+|[$€£]?\d\S*|(?-i:[A-Z])\S*)"
    rf"(?:\s+(?!(?:{_LINKS})\s)\S+)*)"
)
"""What looks like something to fill in: quoted, an address, a number, capitalised."""
_PAIRS = (
    r"(?P<f>[^\W\d][^:=]*?)\s*(?:[:=]|\s(?:to|is)\s)\s*(?P<v>.+)",
    r"(?P<v>.+?)\s+(?:as|for)\s+(?P<f>.+)",
    rf"(?P<f>(?-i:[a-z][a-z -]*?|[A-Z]{{2,}}))\s+(?:of\s+)?(?P<v>{_VALUE})",
    r"(?P<f>(?:\w+\s+)?(?:name|number|code|address|date|line|password))\s+(?P<v>.+)",
    r"(?P<f>\S+)\s+(?P<v>.+)",
)
_DESCRIBED = re.compile(r"(?i:the|an?|your|my|its|their)\s+[a-z]")
"""`Type the total into …`: words that stand for a value instead of being one."""
_NO_FIELDS = frozenset({"text", "word", "words", "value", "phrase", "string", "number", "option"})
"""`Enter the text "…"`: these say what the value is, and name no field."""
_MOST_PRESSES = 9
_STRICT = 3
"""So many of these forms can't be mistaken for anything else."""


def _pairs(text: str, quotes: Quotes, strict: bool = False) -> Reading:
    """`name "X", email Y and Z as phone` as Fills; () unless every segment is one."""
    found = []
    for part in segments(text):
        part = re.sub(r"^(?:the|a|an)\s+", "", part, flags=re.IGNORECASE)
        forms = _PAIRS[:_STRICT] if strict else _PAIRS
        matches = (re.fullmatch(form, part, re.IGNORECASE) for form in forms)
        match = next(filter(None, matches), None)
        if not match or match["f"].lower() in _NO_FIELDS:
            return ()
        quoted = quotes.of(part)
        said = Detail(quotes.restore(part), quoted=quoted[0] if len(quoted) == 1 else "")
        found.append(replace(filled(match["f"], match["v"], quotes), said=said))
    return tuple(found)


def _chain(rest: str, link: str, quotes: Quotes, literal: bool, value_first: bool) -> list[Reading]:
    """`F1 to V1, F2 to V2 and F3 to V3` as one reading, when every segment has the link."""
    pairs = [re.split(rf"\s+(?:{link})\s+|\s*=\s*", part, maxsplit=1) for part in segments(rest)]
    if len(pairs) < 2 or any(len(pair) != 2 for pair in pairs):
        return []
    if value_first:
        pairs = [[field, value] for value, field in pairs]
    return [tuple(filled(field, value, quotes, literal) for field, value in pairs)]


@FORMS(
    rf"{verbs.alternatives(verbs.SETTING)}\s+(?P<rest>(?P<field>.+?)(?:\s+from\s+\S+)?"
    r"\s+(?:to be|to|=|as|at|by)\s+(?P<value>.+))"
)
def _set_to(match: Match[str], quotes: Quotes) -> list[Reading]:
    field, value = match["field"], match["value"]
    found = _chain(match["rest"], "to be|to|as|at", quotes, False, value_first=False)
    found.append((filled(field, value, quotes, literal=False),))
    if (later := re.fullmatch(r"(.+)\s+to\s+(.+)", value)) and not is_quoted(value):
        found.append((filled(f"{field} to {later[1]}", later[2], quotes, literal=False),))
    return found


@FORMS(
    rf"(?P<verb>{verbs.alternatives(verbs.TYPING, verbs.CHOOSING, verbs.FILLING, 'set')}):?\s+"
    r"(?:the form:?\s+)?(?P<rest>[^\ue000-\uf8ff\s].*?)"
    r"(?:\s+(?:in|into|to)\s+the\s+(?:text\s+|input\s+)?(?:fields|form|boxes|inputs))?"
)
def _field_then_value(match: Match[str], quotes: Quotes) -> list[Reading]:
    return [_pairs(match["rest"], quotes, strict=True)]


@FORMS(
    rf"(?P<verb>{verbs.alternatives(verbs.TYPING, verbs.CHOOSING)})\s+(?P<rest>(?P<value>.+?)"
    rf"\s+(?P<link>{_LINKS}|out of|at|with|using)\s+(?P<field>.+))"
)
def _value_in(match: Match[str], quotes: Quotes) -> list[Reading]:
    literal = not re.match(verbs.alternatives(verbs.CHOOSING), match["verb"], re.IGNORECASE)
    field, value, link = match["field"], match["value"], match["link"]
    if re.fullmatch(r"[\d:.,/-]+", field):
        return []  # no field is called `10:40`
    if literal and _DESCRIBED.match(value) and not quotes.of(value):
        return _read_off(match["rest"], quotes)
    value = re.sub(r"^(?:the\s+)?[a-z ]+\s+([\ue000-\uf8ff])$", r"\1", value, flags=re.IGNORECASE)
    value = re.sub(r"^the\s+(?:number|text|word|value|phrase)\s+", "", value, flags=re.IGNORECASE)
    found = _chain(match["rest"], _LINKS, quotes, literal, value_first=True)
    if not literal and len(several := segments(value)) > 1:
        found.append(tuple(filled(field, one, quotes, literal) for one in several))
    later = re.fullmatch(rf"(.+)\s+(?:{_LINKS})\s+(.+)", field)
    if later and not is_quoted(value):
        found.append((filled(later[2], f"{value} {link} {later[1]}", quotes, literal),))
    found.append((filled(field, value, quotes, literal),))
    return found


def _read_off(rest: str, quotes: Quotes) -> list[Reading]:
    """`the value of X into F`: the value is to be read from the page, and never typed as it is."""
    match = re.fullmatch(
        r"the\s+(?:value|text|contents?)\s+(?:of|in|for|from)\s+(?P<source>.+?)\s+"
        r"(?:into|in to|in|to|as)\s+(?P<field>.+)",
        rest,
        re.IGNORECASE,
    )
    if not match:
        return []
    return [(Remember(phrase(match["source"], quotes)), filled(match["field"], "it", quotes))]


@FORMS(rf"{verbs.alternatives(verbs.FILLING)}\s+(?P<field>.+?)\s+(?:with|as|using)\s+(?P<value>.+)")
def _fill_with(match: Match[str], quotes: Quotes) -> list[Reading]:
    return [_pairs(match["value"], quotes), (filled(match["field"], match["value"], quotes),)]


@FORMS(
    rf"{verbs.alternatives(verbs.CHOOSING, 'set|enter|use|make it|for|take')}\s+"
    rf"(?P<value>{_NUMBER})\s+(?P<field>[^\W\d].*)"
)
def _so_many(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(filled(match["field"], _amount(match["value"]), quotes, literal=False))


def _amount(said: str) -> str:
    value = words.number(said)
    return said if value is None else f"{value:g}"


@FORMS(r"(?:enter|type in|type|write|input|key in|paste)\s+(?P<value>.+)")
def _just_type(match: Match[str], quotes: Quotes) -> list[Reading]:
    """Only what can't be a field and its value: that would have been understood above."""
    value = re.sub(r"^the (?:text|word|phrase|value)\s+", "", match["value"], flags=re.IGNORECASE)
    if is_recalled(match["value"]):
        return each(Fill(None, RECALLED))
    if not is_quoted(value) and _DESCRIBED.match(match["value"]):
        return []
    if not is_quoted(value) and re.search(rf"^the\s|\s(?:{_LINKS}|and|with)\s", value):
        return []
    return each(Fill(None, quotes.restore(value)))


@FORMS(
    r"(?P<verb>log ?in|log on|sign in|sign ?up|register|subscribe|check ?out|create an? account)"
    r"(?:\s+to\s+(?P<to>.+?))?(?:\s+as\s+(?P<user>\S+?)(?:\s*,|\s+and)?)?"
    r"(?:\s+(?:with|using)\s+(?P<pairs>.+))?"
)
def _sign_in(match: Match[str], quotes: Quotes) -> list[Reading]:
    user = [filled("user name", match["user"], quotes)] if match["user"] else []
    pairs = _pairs(match["pairs"], quotes) if match["pairs"] else ()
    if not (user or pairs) or (match["pairs"] and not pairs):
        return []
    what = phrase(match["to"] or "", quotes)
    return [(*user, *pairs, Commit(words.terms(match["verb"])[0], what))]


@FORMS(
    r"(?P<verb>create|add|make|write|post|leave|new|save|send|invite|register|apply|redeem|compose)"
    r"\s+(?:(?:a|an|the)\s+)?(?:new\s+)?(?P<noun>[^\ue000-\uf8ff]+?)?\s*"
    r"(?:,?\s*(?:called|named|titled|saying|that says|with the (?:text|title|name)|:)\s*"
    r"(?P<value>.+?)|(?P<quoted>[\ue000-\uf8ff]|(?<=\s)(?-i:[A-Z0-9]{3,})))"
    r"(?:\s+(?:to|in|on|into)\s+(?:the\s+)?(?P<where>[^\ue000-\uf8ff]+))?"
)
def _compose(match: Match[str], quotes: Quotes) -> list[Reading]:
    noun, verb = match["noun"] or match["where"] or "", words.terms(match["verb"])[0]
    what = phrase(noun, quotes)
    if what.empty and not what.soft:
        return []
    if not match["quoted"] and len(_pairs(match["value"], quotes)) > 1:
        return []  # several fields, and no single value
    value = quotes.restore(match["value"] or match["quoted"])
    return [(Fill(what, value), Commit(verb, what))]


@FORMS(
    r"(?P<verb>create|add|register|book|reserve|invite|compose|write|send|make|fill (?:in|out))\s+"
    r"(?:(?:a|an|the)\s+)?(?:new\s+)?(?P<noun>[^\ue000-\uf8ff]+?)"
    r"(?:\s+to\s+(?P<to>\S+@\S+|[\ue000-\uf8ff]))?(?:\s+(?:with|using)\s+(?P<pairs>.+))?"
)
def _compose_with(match: Match[str], quotes: Quotes) -> list[Reading]:
    pairs = _pairs(match["pairs"], quotes) if match["pairs"] else ()
    address = (filled("to", match["to"], quotes),) if match["to"] else ()
    if (match["pairs"] and not pairs) or not (pairs or address):
        return []
    what, verb = phrase(match["noun"], quotes), words.terms(match["verb"])[0]
    fills = [fill for fill in (*address, *pairs) if isinstance(fill, Fill)]
    if verb in ("fill", "compose", "write"):
        opener = Press(what, verb=verb if verb != "fill" else "")
        return [tuple(_opened(fills, opener))]
    return each(Order("create" if verb == "submit" else verb, what, tuple(fills)))


@FORMS(
    r"(?P<verb>reply|respond|forward)(?:\s+(?P<what>.+?))??"
    r"(?:\s+to\s+(?P<to>\S+@\S+|(?-i:[A-Z])\w+|[\ue000-\uf8ff]))?"
    r"(?:,?\s*(?:with|saying|and (?:say|write)|:)\s*"
    r"(?:the (?:text|message|words)\s+)?(?P<text>.+))?"
)
def _answer_mail(match: Match[str], quotes: Quotes) -> list[Reading]:
    """`Reply to it with "Yes"`, `forward that message to Eve`: press, fill in, send."""
    verb = words.terms(match["verb"])[0]
    if not (match["text"] or (verb == "forward" and match["to"])):
        return []
    what = match["what"] or (match["to"] or "" if verb == "reply" else "")
    press = Press(phrase(re.sub(r"^to\s+", "", what), quotes), verb)
    to = [filled("to", match["to"], quotes)] if verb == "forward" and match["to"] else []
    body = [filled("message", match["text"], quotes)] if match["text"] else []
    return _mailed(press, [*to, *body])


@FORMS(
    r"(?:send|pass on|forward|mail|e-?mail|give)\s+"
    r"(?P<what>(?:the|that|this)\s+(?:e-?mail|message)\s.+?)\s+(?:on\s+)?to\s+(?P<to>\S+@\S+|(?-i:[A-Z])\w+|[\ue000-\uf8ff])"
    r"|(?:send|forward|mail|e-?mail|give)\s+(?P<to2>\S+@\S+|(?-i:[A-Z])\w+|[\ue000-\uf8ff])\s+"
    r"(?P<what2>(?:the|that|this)\s+(?:e-?mail|message)\s.+)"
)
def _pass_on(match: Match[str], quotes: Quotes) -> list[Reading]:
    """`Send the message from Ann to Bob`, `email Bob the message I got from Ann`."""
    what = re.sub(r"\s(?:that\s)?I\s(?:got|received|have)\s", " ", match["what"] or match["what2"])
    press = Press(phrase(what, quotes), "forward")
    return _mailed(press, [filled("to", match["to"] or match["to2"], quotes)])


def _mailed(press: Press, fills: list[Fill]) -> list[Reading]:
    """The button may stand by the message in the list, or only show once that is open."""
    send = Commit("send")
    opened: Reading = (Press(press.what), Press(Phrase(), press.verb), *fills, send)
    whole: Reading = (press, *fills, send)
    return [whole] if press.what.empty else [whole, opened]


@FORMS(r"(?P<verb>post|send|submit|save|publish|apply)\s+(?:it|them|this|that)")
def _send_it(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Commit(words.terms(match["verb"])[0]))


@FORMS(r"(?P<rest>(?:the|my|our|its)?\s*[^\W\d][\w -]*?\s(?:is|are|should be)\s.+)")
def _stated(match: Match[str], quotes: Quotes) -> list[Reading]:
    """`The name is Ada and the e-mail is a@b.org`."""
    rest = re.sub(r"\s(?:are|should be)\s", " is ", match["rest"])
    pairs = _pairs(rest, quotes, strict=True)
    return [] if any(isinstance(f, Fill) and f.value in ("on", "off") for f in pairs) else [pairs]


def _opened(fills: list[Fill], opener: Press) -> list[Fill]:
    """The first field may only appear after something was pressed."""
    first = fills[0]
    return [replace(first, opener=opener), *fills[1:]]


@FORMS(rf"(?P<verb>add|buy|order|put)\s+(?P<n>{_NUMBER})\s+(?P<rest>[^\W\d].+)")
def _several(match: Match[str], quotes: Quotes) -> list[Reading]:
    verb = words.terms("add" if match["verb"].lower() == "put" else match["verb"])[0]
    act = Press(phrase(match["rest"], quotes), verb)
    times = int(words.number(match["n"]) or 1)
    quantity = filled("quantity", _amount(match["n"]), quotes, literal=False)
    return [(quantity, act), (act,) * times] if times <= _MOST_PRESSES else [(quantity, act)]
