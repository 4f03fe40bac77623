"""What an English clause may mean, apart from filling in fields. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from re import Match

from gui_agent.baseline import (
    english_details,
    english_fields,
    english_motions,
    english_programs,
    questions,
    references,
    verbs,
    words,
)
from gui_agent.baseline.forms import Forms, each, filled
from gui_agent.baseline.goals import (
    Browse,
    Clause,
    Enter,
    Fill,
    Hover,
    Keys,
    Leave,
    Move,
    Pause,
    Pick,
    Press,
    Reading,
    Remember,
    ScrollTo,
    Search,
    Toggle,
)
from gui_agent.baseline.phrases import Quotes, phrase
from gui_agent.baseline.splitting import choices, condition, place_of, segments, split
from gui_agent.baseline.vocabulary import ORDINALS, STOP
from gui_agent.baseline.wording import requests
from gui_agent.screen import Direction

FORMS = Forms()

_EVERY = r"(?P<every>(?:all|every|each)(?:\s+one)?(?:\s+of)?(?:\s+the)?\s+)?"
_QUESTION = re.compile(
    rf"(?!(?:how|what|when|which|who|where)\b[\w ]*:){verbs.alternatives(verbs.ASKING)}.*",
    re.IGNORECASE,
)
"""`How often: weekly` is none, but a field and its value."""
_TIMES = {"once": 1, "twice": 2, "thrice": 3}


def clauses(masked: str, quotes: Quotes) -> list[Clause]:
    """The clauses of a masked goal with their readings, likeliest first."""
    found, place, enters = [], "", False
    for part in requests(list(references.resolve(split(masked)))):
        if where := place_of(part)[0]:
            place, enters = where, place_of(part)[1]
            continue
        found.append(_clause(part, place, enters, quotes))
        place = ""
    return found


def _clause(part: str, place: str, enters: bool, quotes: Quotes) -> Clause:
    """A clause, and where it is to be done: inside of that place, or to a thing that is there."""
    leads, part = part.endswith(":"), part.rstrip(": ")
    if not place:
        return Clause(quotes.restore(part), tuple(_readings(part, quotes)), leads)
    there = f"{part} in {place}"
    inside = [(Enter(phrase(place, quotes)), *r) for r in _readings(part, quotes)] if enters else []
    return Clause(quotes.restore(there), (*inside, *_readings(there, quotes)), leads)


def unclear(masked: str) -> str:
    """The first condition, negation or comparison in what a masked goal asks for, or ""."""
    asked = (part for part in requests(list(split(masked))) if not _QUESTION.fullmatch(part))
    return next(filter(None, map(condition, asked)), "")


def _readings(part: str, quotes: Quotes) -> list[Reading]:
    if _QUESTION.fullmatch(part) and (ask := questions.english(part, quotes)):
        return each(ask)
    tables = (english_programs.FORMS, english_motions.FORMS, english_fields.FORMS, FORMS,
              english_details.FORMS)  # fmt: skip
    found = [reading for table in tables for reading in table.readings(part, quotes)]
    found.append(english_details.gist(part, quotes))
    return [reading for reading in dict.fromkeys(found) if reading]


# going and clicking


@FORMS(r"(?:go|navigate|head|return)\s+back(?:\s+to\s+the\s+(?:previous|last)\s+page)?")
def _back(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Leave())


@FORMS(r"(?:open|go to|navigate to|visit)\s+(https?://\S+|www\.\S+|[\w-]+(?:\.[\w-]+)+/\S*)")
def _address(match: Match[str], quotes: Quotes) -> list[Reading]:
    url = match[1].rstrip(".,;")
    return each(Leave(url if "://" in url else f"https://{url}"))


@FORMS(r"(?P<kind>double|triple|right)[- ]?click(?:\s+on)?\s+(?P<what>.+)")
def _special_click(match: Match[str], quotes: Quotes) -> list[Reading]:
    what, kind = phrase(match["what"], quotes), match["kind"].lower()
    if kind == "right":
        return each(Press(what, button="right"))
    return each(Press(what, count=2 if kind == "double" else 3))


_KEY_NAMES = {
    "return": "enter", "esc": "escape", "del": "delete", "spacebar": "space",
    "arrow down": "down", "down arrow": "down", "arrow up": "up", "up arrow": "up",
    "arrow left": "left", "left arrow": "left", "arrow right": "right", "right arrow": "right",
    "control": "ctrl", "cmd": "meta", "command": "meta",
}  # fmt: skip
_KEY = (
    r"enter|return|escape|esc|tab|backspace|delete|del|space(?:bar)?|home|end|page[ _](?:up|down)"
    r"|arrow (?:up|down|left|right)|(?:up|down|left|right) arrow|f\d{1,2}|ctrl|control|alt|shift"
    r"|meta|cmd|command"
)


@FORMS(
    rf"(?:press|hit|push|use)\s+(?:the\s+)?(?P<keys>(?:{_KEY})(?:\s*\+\s*(?:{_KEY}|\w))*)"
    r"(?P<said>\s+key)?"
)
def _press_keys(match: Match[str], quotes: Quotes) -> list[Reading]:
    names = [" ".join(name.lower().split()) for name in match["keys"].split("+")]
    keys = Keys(tuple(_KEY_NAMES.get(name, name.replace(" ", "_")) for name in names))
    if match["said"] or len(names) > 1:
        return each(keys)
    on_page = Press(phrase(match["keys"], quotes))
    return each(on_page, keys) if names[0] in ("delete", "home", "end") else each(keys, on_page)


@FORMS(
    rf"{verbs.alternatives(verbs.PLAIN)}\s+(?:on\s+)?(?P<what>.+?)\s+"
    r"(?:(?P<word>once|twice|thrice)|(?P<n>\d+|two|three|four|five|six)\s+times)"
)
def _click_often(match: Match[str], quotes: Quotes) -> list[Reading]:
    times = _TIMES.get((match["word"] or "").lower()) or int(words.number(match["n"]) or 1)
    return [(Press(phrase(match["what"], quotes)),) * min(times, 10)]


@FORMS(rf"{verbs.alternatives(verbs.PLAIN)}\s+(?:on\s+)?(?P<what>.+)")
def _click(match: Match[str], quotes: Quotes) -> list[Reading]:
    what = match["what"]
    listed = tuple(Press(phrase(part, quotes)) for part in segments(what))
    all_of = re.fullmatch(r"(?P<what>.+?\son\s)?(?:all|each|every)\s(?:of\s)?(?P<rest>.+)", what)
    if all_of:
        text = f"{all_of['what'] or ''}{all_of['rest']}"
        return each(Press(phrase(what, quotes)), Press(phrase(text, quotes), every=True))
    return [*_path(what, quotes), (Press(phrase(what, quotes)),), listed]


def _path(text: str, quotes: Quotes) -> list[Reading]:
    """`File > Export > PDF`: through a menu or a tree, entry by entry."""
    names = [name.strip() for name in re.split(r"\s*(?:>|→|»)\s*", text)]
    if len(names) < 2 or not all(names):
        return []
    through = (Press(phrase(name, quotes), through=True) for name in names[:-1])
    return [(*through, Press(phrase(names[-1], quotes)))]


@FORMS(r"(?:show|display|list)\s+only\s+(?P<what>.+)")
def _only(match: Match[str], quotes: Quotes) -> list[Reading]:
    what = phrase(match["what"], quotes)
    return each(Toggle(phrase(f"only {match['what']}", quotes), True), Toggle(what, True),
                Pick(what))  # fmt: skip


@FORMS(r"(?:show|see|find|locate|display|view|list)\s+(?:me\s+)?(?P<what>.+)")
def _look_at(match: Match[str], quotes: Quotes) -> list[Reading]:
    what = phrase(match["what"], quotes)
    return each(Press(what, verb="show"), Press(what))


_LISTS = ("favorite", "wishlist", "watch", "star")
"""Lists that things are put on by pressing what is called so."""


@FORMS(r"(?:put|place|drop|save|add|keep)\s+(?P<what>.+?)\s+(?:in|into|on|onto|to)\s+(?P<where>.+)")
def _put_into(match: Match[str], quotes: Quotes) -> list[Reading]:
    if (kept := words.content(match["where"])) and kept[0] in _LISTS:
        return each(Press(phrase(match["what"], quotes), verb=kept[0]))
    if not match[0].lower().startswith(("put", "place", "drop")):
        return []
    return each(Press(phrase(f"{match['what']} to {match['where']}", quotes), verb="add"))


# options


@FORMS(rf"{verbs.alternatives(verbs.ON)}\s+{_EVERY}(?P<what>.+)")
def _turn_on(match: Match[str], quotes: Quotes) -> list[Reading]:
    return _toggles(match, quotes, True)


@FORMS(rf"{verbs.alternatives(verbs.OFF, verbs.PICKING_OFF)}\s+{_EVERY}(?P<what>.+)")
def _turn_off(match: Match[str], quotes: Quotes) -> list[Reading]:
    return _toggles(match, quotes, False)


def _toggles(match: Match[str], quotes: Quotes, on: bool) -> list[Reading]:
    every = bool(match["every"])
    whole: Reading = (Toggle(phrase(match["what"], quotes), on, every),)
    parts = tuple(Toggle(phrase(part, quotes), on, every) for part in segments(match["what"]))
    return [whole] if len(parts) < 2 else [parts, whole]


@FORMS(
    r"(?:turn|switch|toggle|set|keep|leave)\s+(?P<what>.+?)\s+(?:to\s+)?(?P<state>on|off)"
    r"|(?P<what2>.+?)\s+(?:is|are)\s+"
    r"(?P<state2>on|off|checked|unchecked|ticked|enabled|disabled|selected|switched on|turned on"
    r"|switched off|turned off)"
)
def _turn_about(match: Match[str], quotes: Quotes) -> list[Reading]:
    state = (match["state"] or match["state2"]).lower()
    on = not state.endswith("off") and state not in ("unchecked", "disabled")
    return each(Toggle(phrase(match["what"] or match["what2"], quotes), on))


@FORMS(r"(?:rate|give)\s+.+?\s+(?:with\s+)?(?P<stars>(?:\d|one|two|three|four|five)\s+stars?)")
def _rate(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Pick(phrase(match["stars"], quotes)))


@FORMS(r"mark\s+(?P<what>.+?)\s+as\s+(?P<state>(?:not |in)?(?:done|completed?|finished))")
def _mark_done(match: Match[str], quotes: Quotes) -> list[Reading]:
    on = not match["state"].lower().startswith(("not", "in"))
    return each(Toggle(phrase(match["what"], quotes), on))


@FORMS(rf"{verbs.alternatives(verbs.CHOOSING)}\s+{_EVERY}(?P<what>.+)")
def _pick(match: Match[str], quotes: Quotes) -> list[Reading]:
    if match["every"]:
        return each(Toggle(phrase(match["what"], quotes), True, every=True))
    parts = tuple(Pick(phrase(part, quotes)) for part in choices(match["what"]))
    if path := _path(match["what"], quotes):
        return path
    return [(Pick(phrase(match["what"], quotes)),), parts]


@FORMS(r"(?:sort|order)\s+(?:.+?\s+)?by\s+(?P<key>.+)")
def _sort(match: Match[str], quotes: Quotes) -> list[Reading]:
    key = phrase(match["key"], quotes)
    return each(filled("sort", match["key"], quotes, literal=False), Press(key, verb="sort"),
                Press(key))  # fmt: skip


@FORMS(r"filter\s+(?:.+?\s+)?(?:by|on|to|for)\s+(?P<key>.+)")
def _filter(match: Match[str], quotes: Quotes) -> list[Reading]:
    key = match["key"]
    pair = re.fullmatch(r"(?P<f>\S+)\s*(?:[:=]|to|is|\s)\s*(?P<v>.+)", key)
    return [
        *each(*([filled(pair["f"], pair["v"], quotes, literal=False)] if pair else ())),
        *each(filled("filter", key, quotes, literal=False), Pick(phrase(key, quotes))),
    ]


@FORMS(r"(?:clear|empty|blank)\s+(?:out\s+)?(?P<field>.+)")
def _clear(match: Match[str], quotes: Quotes) -> list[Reading]:
    what = phrase(match["field"], quotes)
    whole = phrase(re.sub(r"^(?:all|every)\s+(?:the\s+)?", "", match["field"]), quotes)
    return each(Press(what, verb="clear"), Press(whole, verb="clear"), Fill(what, ""))


# the rest


@FORMS(
    r"(?:search|look|google|do a search)\s+(?:.+\s+)?(?:for|up)\s+(?P<text>.+)"
    r"|(?:search|find|look up)\s+(?P<plain>.+)"
)
def _search(match: Match[str], quotes: Quotes) -> list[Reading]:
    text = re.sub(r"^(?:the|an?)\s+", "", match["text"] or match["plain"], flags=re.IGNORECASE)
    return each(Search(quotes.restore(text)))


@FORMS(
    r"(?:hover(?:\s+(?:over|on))?|point\s+(?:at|to)|move the (?:mouse|pointer) (?:over|to|onto))"
    r"\s+(?P<what>.+)"
)
def _hover(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Hover(phrase(match["what"], quotes)))


@FORMS(
    r"scroll(?:\s+(?P<inner>the \w+))?(?:\s+(?:all the way\s+)?(?P<way>up|down|left|right))?"
    r"(?:\s+(?:the page|a bit|a little|once|one page|one screen))?"
    r"(?:\s*(?:to|until|till)\s+(?:you (?:see|find|reach)\s+)?(?P<what>.+))?"
)
def _scroll(match: Match[str], quotes: Quotes) -> list[Reading]:
    what = match["what"] or ""
    way = (match["way"] or "down").lower()
    end = re.fullmatch(r"(?:the\s+)?(?:very\s+)?(top|bottom|end|start)(?:\s+of\s(.+))?", what)
    if end:
        inner = match["inner"] if match["inner"] != "the page" else None
        part = inner or end[2] or "the page"
        within = None if re.fullmatch(r"(?:the|this)\s+page", part) else phrase(part, quotes)
        end_way: Direction = "up" if end[1] in ("top", "start") else "down"
        return each(ScrollTo(direction=end_way, to_end=True, within=within))
    return each(ScrollTo(phrase(what, quotes) if what else None, direction=_direction(way)))


def _direction(word: str) -> Direction:
    match word:
        case "up" | "left" | "right":
            return word
    return "down"


@FORMS(
    r"wait(?:\s+(?:for\s+)?(?:about\s+)?(?P<n>\d+(?:\.\d+)?|a|one|two|three|four|five|ten)"
    r"\s*(?:s|secs?|seconds?|moment)?)?"
)
def _wait(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Pause(min(words.number(match["n"] or "2") or 1.0, 60.0)))


@FORMS(
    r"(?:drag(?: and drop)?|move|drop)\s+(?P<what>.+?)\s+"
    r"(?:onto|on to|on top of|over|into|to|in)\s+(?P<onto>.+)"
)
def _drag(match: Match[str], quotes: Quotes) -> list[Reading]:
    move = Move(phrase(match["what"], quotes), phrase(match["onto"], quotes))
    if match[0].lower().startswith("move"):
        return each(Press(phrase(f"{match['what']} {match['onto']}", quotes), verb="move"))
    return each(move)


@FORMS(
    r"copy\s+(?:the\s+(?:text|value|contents?)\s+(?:of|in|from)\s+)?(?P<source>.+?)"
    r"(?:\s+(?:and paste (?:it|that)\s+)?(?:into|in to|to)\s+(?P<to>.+))?"
)
def _copy(match: Match[str], quotes: Quotes) -> list[Reading]:
    remember = Remember(phrase(match["source"], quotes))
    return [(remember, filled(match["to"], "it", quotes)) if match["to"] else (remember,)]


@FORMS(
    rf"(?:find|get|read|note|copy|remember)\s+the\s+(?P<n>{'|'.join(ORDINALS)})\s+word\s+"
    r"(?:in|of|from)\s+(?P<source>.+)"
)
def _word(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Remember(phrase(match["source"], quotes), ORDINALS[match["n"].lower()]))


@FORMS(
    r"(?:switch|go|browse|look|navigate|click|search|scroll)\s+(?:between|through|around|across)\s.+"
    r"|(?:expand|open)\s+the\s+(?:sections|tabs|menus|folders)(?:\s+below)?"
)
def _browse(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Browse())


@FORMS(r"use\s+(?P<field>.+?)\s+to\s+(?:enter|type|write|input|search for)\s+(?P<value>.+)")
def _use(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(filled(match["field"], match["value"], quotes))


@FORMS(r"[^\W\d_].*")
def _deed(match: Match[str], quotes: Quotes) -> list[Reading]:
    """Any other verb: it has to be found on what is clicked, with the words that follow it."""
    what, verb = phrase(match[0], quotes), words.terms(match[0])[0]
    if verb in STOP:
        return []
    rest = replace(what, must=_without(verb, what.must), soft=_without(verb, what.soft),
                   head=_without(verb, what.head))  # fmt: skip
    return each(Press(rest, verb=verb))


def _without(verb: str, terms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(term for term in terms if term != verb)
