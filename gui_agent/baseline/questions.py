"""Questions in a goal: what is asked about, and what kind of answer fits. Pure."""

from __future__ import annotations

import re

from gui_agent.baseline.goals import Ask
from gui_agent.baseline.phrases import Quotes, phrase

_LEAD = re.compile(
    r"^(?:(?:please\s+)?(?:tell|give|show)\s+me|answer(?:\s+me)?|find\s+out|read(?:\s+out)?|check"
    r"|do you know)\s+",
    re.IGNORECASE,
)
_AT_WHAT = re.compile(
    r"^(?:at|in|on|until|till|from|to|by|for|with|of|since)\s+(?P<asked>(?:what|which|when|how|whom)\b.+)",
    re.IGNORECASE,
)
"""`At what time`, `until when`: the question is the rest."""
_EMPTY = r"happening|happens?|going(?:\s+on)?|takes?\s+place|i|we|you|money|located|have|had|got"
"""Words of questions that name nothing on the page."""
_TAIL = r"set|shown|listed|used|given|entered|displayed|currently|here|now|take|takes|last"
_COPULA = r"(?:is|are|was|were|does|do|did|will|can|has|have|'s|’s)"
_ZH_MEASURED = re.compile(
    "[有是]?(?:多[长久大高重远]|几号.|几[楼层座路页门]|(?:多少|几)[\u4e00-\u9fff])"
)
_ZH_END = re.compile(r"[?？。！!呢啊呀]+$")


def english(text: str, quotes: Quotes) -> Ask | None:
    """The question in an English clause, or None when it is none."""
    asked = _LEAD.sub("", text.strip(" ?.!"))
    if until := _AT_WHAT.match(asked):
        asked = until["asked"]
    led = asked != text.strip(" ?.!")
    word = asked.split()[0].lower() if asked.split() else ""
    restored = quotes.restore(text)

    def ask(rest: str, **kind: str) -> Ask:
        said = phrase(_without(_EMPTY, rest) or rest, quotes)
        return Ask(restored, said, **kind)  # type: ignore[arg-type]

    if many := re.match(r"how many\s+(.+)", asked, re.IGNORECASE):
        return ask(_without(rf"{_COPULA}|there|shown|listed|in total|on this page", many[1]),
                   kind="count")  # fmt: skip
    if much := re.match(rf"how (?:much|expensive)\s+(?:{_COPULA}\s+)?(.+)", asked, re.IGNORECASE):
        rest = _without(r"cost|costs|it costs|i have to pay|to pay", much[1])
        return ask(rest, wants="amount")
    if long := re.match(
        r"how (?:long|old|big|large|tall|heavy|far|often|fast)\s+(.+)", asked, re.I
    ):
        duration = asked[4:8].lower() == "long"
        return ask(
            _without(rf"{_COPULA}|{_TAIL}", long[1]), wants="duration" if duration else "any"
        )
    if word in ("when", "who", "where"):
        wants = "time" if word == "when" else "words"
        rest = _without(rf"{word}|{_COPULA}|{_TAIL}", asked)
        return ask(rest, wants=wants, kind="which" if phrase(rest, quotes).extreme else "value")
    if word in ("is", "are", "does", "do", "has", "can", "whether"):
        return ask(re.sub(r"^\w+\s+", "", asked), kind="whether")
    if word in ("what", "what's", "what’s", "which", "whose") or led:
        rest = _without(rf"what|which|whose|what['’]s|{_COPULA}|{_TAIL}", asked)
        about = phrase(rest, quotes)
        kind = "which" if about.extreme else "value"
        time = re.match(r"what\s+(?:time|day|date|year)\b", asked, re.IGNORECASE)
        if time:
            rest = re.sub(r"^\s*(?:time|year)\b", "", rest)
        if word == "which" and not about.extreme:
            kind = "which"
        return ask(rest, kind=kind, wants="time" if time else "any")
    return None


def chinese(text: str, quotes: Quotes) -> Ask | None:
    """The question in a Chinese clause, or None when it is none."""
    asked = _ZH_END.sub("", text.strip())
    restored = quotes.restore(text)

    def ask(rest: str, **kind: str) -> Ask:
        rest = re.sub("^(?:请|告诉我|请问|回答|查一下|看看|查看|读出|说出)+", "", rest)
        return Ask(restored, phrase(rest, quotes), **kind)  # type: ignore[arg-type]

    if re.search("哪一?[个款件位间种条家]|谁", asked) and re.search("最", asked):
        return ask(re.sub("是?哪一?[个款件位间种条家]|谁", "", asked), kind="which", wants="words")
    if many := re.search("(?:一共|总共|共)?有?(?:多少|几)(?!钱)[个条封件位项张篇间人款名]", asked):
        return ask(asked.replace(many[0], " "), kind="count")
    if re.search("多少钱|什么价", asked):
        return ask(re.sub("(?:的价格)?是?(?:多少钱|什么价格?)", "", asked), wants="amount")
    if at := re.search("几点(?P<verb>[到达开出发车起飞]+)$", asked):
        return ask(f"{asked[: at.start()]}的{at['verb']}", wants="time")
    if re.search("什么时候|几点|哪天|何时|哪一天", asked):
        return ask(re.sub("是?在?(?:什么时候|几点|哪天|何时|哪一天)", "", asked), wants="time")
    if value := re.search("是?(?:多少|什么|哪里|谁|哪个|几)$|是?在?哪里?$", asked):
        return ask(asked[: value.start()], kind="value")
    if value := _ZH_MEASURED.search(asked):
        return ask(asked.replace(value[0], " "), kind="value")
    if re.search("吗$|是否", asked):
        return ask(re.sub("吗$|是否", "", asked), kind="whether")
    if lead := re.match("(?:请)?(?:告诉我|回答|读出|说出)(.+)", asked):
        return ask(lead[1])
    return None


def _without(pattern: str, text: str) -> str:
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", " ", text, flags=re.IGNORECASE).strip()
