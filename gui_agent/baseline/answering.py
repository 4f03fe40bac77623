"""A question about one thing that the page names: its value, out of what stands with that name.

The thing is what the question says by its whole name; all else the question says has to be
accounted for by what stands with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gui_agent.baseline import words
from gui_agent.baseline.aspects import Aspect, aspect
from gui_agent.baseline.facts import all_facts
from gui_agent.baseline.goals import Ask
from gui_agent.baseline.layout import FIELDS, Layout
from gui_agent.baseline.matching import DEEDS
from gui_agent.baseline.steps import Act, Scene, Stop, target
from gui_agent.baseline.vocabulary import RISKY, SOFT, STOP
from gui_agent.screen import Element

_MOST_TEXTS = 14
_TOLD = 20
_LOW, _EDGE = 0.8, 0.03
"""Of a screen: lower than this, something may be cut off; more than this below can be scrolled."""
_NOISE = frozenset(
    """get got have doe need must take cost pay paid do go gone into much many long big large far
    there right now moment currently at still left total altogether last come leave arrive close
    open start end return bring back due due be been when what which where who whose how give
    hand spend spent put exactly tell find know one square metre meter foot feet
    trains teaches written wrote going sent leads runs
    能 会 要 坐 在 期 用 有 多 少 几 号 人 长 大 久 高 重 远 共 总 这 那 请 问 什 么 时 候
    点""".split()
)
"""What questions say without naming anything."""
_MORE = frozenset(
    """details detail info information more fact where track status history show view see about
    specification description read full 详情 详 情 看 做 法 更 多 查 介 绍""".split()
)
"""What is called so tells more of the thing that it stands with."""


def about_one(ask: Ask, scene: Scene) -> str | Act | Stop | None:
    """The answer, a look at where it may be told, or why it is unclear; None leaves it to others.

    None: the question names nothing here by its whole name, or asks for no kind of value.
    """
    wanted = aspect(ask.question)
    titles = _subject(ask, wanted, scene.layout) if wanted else []
    if wanted is None or not titles:
        return None
    title, layout = titles[0], scene.layout
    left = _unaccounted(ask, wanted, title, layout)
    values = [v for one in titles for v in _values(one, _with(one, layout), left, wanted, layout)]
    if not values and _is_entered(title, layout):
        values = _values(title, _new_texts(title, layout), left, wanted, layout)
    told = {_plain(value): value for value in values}
    if len(told) == 1:
        return next(iter(told.values()))
    if told:
        return Stop(f"the page gives several answers: {' / '.join(told.values())}")
    return _more(title, scene) or _whole(title, scene)


def _plain(value: str) -> str:
    return words.fold(value).replace(" ", "")


def _subject(ask: Ask, wanted: Aspect, layout: Layout) -> list[Element]:
    """Where the page names what the question is about; nowhere, if that may be two things."""
    titles = [e for e in layout.page.elements if _is_said(e, ask.question, wanted)]
    most = max((len(words.content(e.name)) for e in titles), default=0)
    longest = [e for e in titles if len(words.content(e.name)) == most]
    return longest if len({words.fold(e.name) for e in longest}) == 1 else []


def _is_said(element: Element, question: str, wanted: Aspect) -> bool:
    """Does the question say all of this name, and is it one?"""
    if element.role in FIELDS or not element.name or len(element.name) > 60:
        return False
    if words.is_chinese(element.name):
        first, *kind = element.name.split()  # `毛巾 三条装`: what it is called, and in what form
        whole = _plain(element.name)
        return len(whole) > 1 and (
            whole in _plain(question) or (bool(kind) and len(first) > 2 and first in question)
        )
    name = words.content(element.name)
    telling = [t for t in name if t not in SOFT | STOP | _NOISE | wanted.names and t.isalpha()]
    said = words.terms(question)
    coded = any(t.isdigit() for t in name) and any(t.isalpha() for t in name)
    told = coded or len("".join(telling)) > 2
    return bool(telling) and told and all(term in said for term in name)


def _with(title: Element, layout: Layout) -> list[Element]:
    """What stands with a name: in the text around its controls, in its row, or right below it."""
    elements = layout.page.elements
    at = next(i for i, e in enumerate(elements) if e is title)
    around = _around(title, layout)
    if around:
        return [e for e in _run(elements, at, around) if e is not title]
    below = [e for e in elements[at + 1 : at + 3] if _is_below(title, e)]
    row = layout.row(title)
    beside = [e for e in row.cells if e is not title] if row else []
    if below and not any(row in table.rows for table in layout.tables):
        beside = []  # side by side stand figures, each with its label
    return [e for e in (*beside, *below) if e.name and e.role not in FIELDS][:_MOST_TEXTS]


def _around(title: Element, layout: Layout) -> str:
    """The shortest text around a control that holds the name and more."""
    name = _plain(title.name)
    near = {
        _plain(e.context)
        for e in layout.page.marked
        if e is not title and name in _plain(e.context) and len(_plain(e.context)) > len(name) + 1
        and abs(e.box.center.y - title.box.center.y) < 0.3
    }  # fmt: skip
    return min(near, key=len, default="")


def _run(elements: Sequence[Element], at: int, around: str) -> list[Element]:
    """The elements about a place that stand in one text."""

    def inside(e: Element) -> bool:
        held = _plain(e.name)[:_TOLD]  # long texts are cut off in what is told of them
        return held in around or (bool(e.context) and _plain(e.context)[:12] in around)

    start = end = at
    while start > 0 and inside(elements[start - 1]):
        start -= 1
    while end + 1 < len(elements) and inside(elements[end + 1]):
        end += 1
    return list(elements[start : end + 1])


def _is_below(title: Element, other: Element) -> bool:
    a, b = title.box, other.box
    aligned = abs(a.left - b.left) < 0.01 or abs(a.center.x - b.center.x) < 0.01
    return aligned and -0.01 <= b.top - a.bottom < 0.035


def _unaccounted(ask: Ask, wanted: Aspect, title: Element, layout: Layout) -> list[str]:
    """What the question says beside its subject and its asking, and the page's own title."""
    if words.is_chinese(ask.question):
        rest = _plain(ask.question).replace(_plain(title.name), "", 1)
        rest = rest.replace(_plain(wanted.asking), "")
        said: Sequence[str] = words.content(rest)
    else:
        said = words.content(ask.question)
    own = {*words.terms(title.name), *words.terms(wanted.asking), *wanted.names}
    left = [t for t in said if t not in own | _NOISE and t not in SOFT]
    return [t for t in left if words.best(t, layout.headline) < 0.85]


def _values(
    title: Element, texts: Sequence[Element], left: Sequence[str], wanted: Aspect, layout: Layout
) -> list[str]:
    """The values of the wanted kind among the texts: those so labelled, or else the only ones."""
    ids = {id(e) for e in texts}
    facts = [f for f in all_facts(layout) if f.source is not None and id(f.source) in ids]
    labels = [(f, found[0]) for f in facts if (found := wanted.form.search(f.value))]
    labelled = [value for fact, value in labels if wanted.names & set(fact.attribute)]
    said = {t for e in (title, *texts) for t in words.terms(e.name)}
    if any(words.best(term, said) < 0.85 for term in left):
        return []
    if not labelled and not wanted.named:
        labelled = list(_in_texts(texts, left, wanted))
    return [_number(value) if wanted.counts else value for value in labelled]


def _in_texts(texts: Sequence[Element], left: Sequence[str], wanted: Aspect) -> Iterator[str]:
    """What looks like the value, in the texts that say most of what else was said."""
    fitting = [e for e in texts if e.role != "button" and wanted.form.search(e.name)]

    def says(element: Element) -> int:
        return sum(words.best(t, words.terms(element.name)) >= 0.85 for t in left)

    most = max(map(says, fitting), default=0)
    for element in fitting:
        if says(element) == most:
            for found in wanted.form.finditer(element.name):
                yield found[0].strip()


def _number(value: str) -> str:
    found = words.number(value)
    return value if found is None else f"{found:g}"


def _is_entered(title: Element, layout: Layout) -> bool:
    """Was what tells more of this thing just opened?"""
    return bool(layout.entered) and set(words.terms(title.name)) <= set(layout.entered)


def _new_texts(title: Element, layout: Layout) -> list[Element]:
    """What is to be read and stands with no other thing's controls."""
    name = _plain(title.name)
    contexts = [_plain(e.context) for e in layout.page.marked if layout.has_twins(e)]
    foreign = [text for text in contexts if name not in text]
    return [
        e for e in layout.page.readable
        if e.name and not any(_plain(e.name) in text for text in foreign)
    ]  # fmt: skip


def _whole(title: Element, scene: Scene) -> Act | None:
    """What begins at the bottom of the screen goes on below it."""
    at_bottom = title.box.bottom > _LOW and scene.page.below > _EDGE
    if not at_bottom or any(entry.did == "explore" for entry in scene.entries[-1:]):
        return None
    scroll = {"kind": "scroll", "direction": "down"}
    return Act(scroll, "explore", None, "the rest of it is below", text="down")


def _more(title: Element, scene: Scene) -> Act | None:
    """Open what tells more of the thing: a control that stands with it and does nothing."""
    name = _plain(title.name)
    been = {entry.text for entry in scene.entries if entry.did == "explore"}
    for element in scene.page.marked:
        said = set(words.content(element.name)) - STOP
        tells = bool(said & _MORE) and said <= _MORE and not said & (DEEDS - _MORE | RISKY)
        held = " ".join((element.name, element.context))[:200]
        leads = element is title and element.role == "link"
        shut = held not in been and "expanded" not in element.states
        if shut and (leads or (tells and name in _plain(element.context))):
            action = {"kind": "click", **target(element)}
            return Act(action, "explore", element, "it tells more of it", text=held)
    return None
