"""A short search for texts that break the dialects, and hostile texts of a megabyte."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import strategies as st

from gui_agent.errors import BadReply
from gui_agent.prompts.parsing import neutralise
from gui_agent.protocols import Dialect
from tests.prompts.fuzz import DIALECTS, PROPERTIES, SCREEN, search

EXAMPLES = int(os.environ.get("GUI_AGENT_FUZZ", "600"))


@pytest.mark.parametrize(
    ("check", "texts"), PROPERTIES, ids=[check.__name__ for check, _ in PROPERTIES]
)
def test_property(check: Callable[[str], None], texts: st.SearchStrategy[str]) -> None:
    search(check, texts, EXAMPLES)


UNITS = [
    *("[", "{", "(", "'", '"', "{{", "[1,", "{'a':", "\\'", "'a','b'", "f('a',", "  ", "\n", "*"),
    *(
        "<think>",
        "</think>",
        "<answer>",
        "<content>",
        "<|begin_of_box|>",
        "Action:\n",
        "a Action: ",
    ),
    *("<|begin_of_box|>Click [1]<|end_of_box|>", "Click [3]\n", "Type [1]; [a\n", "\ud800"),
    *(
        "left_click(",
        "type(content='",
        "type(content='a')",
        "key(keys='a'), ",
        "DONE\n",
        "<memory>",
    ),
    *("Memory_Updated: {\n", "CLICK(point=(1,2),text='", "{'a':'b',", "Observation:\n", "```\n"),
]
STARTS = [
    "",
    "</think>Action: ",
    "</think><|begin_of_box|>Type [1]; [",
    "</think>Memory_Updated: {'",
]


def _seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    with contextlib.suppress(BadReply):
        work()
    return time.process_time() - begin


@pytest.mark.parametrize(
    "dialect",
    [DIALECTS[0], *DIALECTS[2:4], DIALECTS[5]],
    ids=lambda dialect: type(dialect).__name__,
)
@pytest.mark.parametrize("size", [50_000, 1_000_000])
def test_hostile_answers_take_no_time(dialect: Dialect, size: int) -> None:
    for start in STARTS:
        for unit in UNITS:
            text = start + unit * (size // len(unit))
            assert _seconds(partial(dialect.parse, text, SCREEN)) < 1, (start, unit)
            assert _seconds(partial(dialect.complete, text)) < 0.5, (start, unit)


def test_hostile_pages_take_no_time() -> None:
    for unit in UNITS:
        text = unit * (1_000_000 // len(unit))
        assert _seconds(partial(neutralise, text)) < 1.5, unit


@pytest.mark.parametrize("dialect", DIALECTS[3:5], ids=lambda dialect: type(dialect).__name__)
def test_unclosed_calls_take_time_in_proportion(dialect: Dialect) -> None:
    """Five times the text; each call was once read to the end of all of it."""
    short, long = ("</think>" + 'type(text="a\n' * calls for calls in (200, 1_000))
    parse = [partial(dialect.parse, text, SCREEN) for text in (short, long)]
    first, second = (min(_seconds(work) for _ in range(3)) for work in parse)
    assert second < 15 * first


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: type(dialect).__name__)
def test_asking_at_every_chunk_of_a_long_stream_is_cheap(dialect: Dialect) -> None:
    thinking = "<think>" + "I look at the page. " * 1_500 + "</think>"
    memory = ", ".join(f'"fact {i}": "value {i}"' for i in range(150))
    tail = f"Action: <|begin_of_box|>Wait<|end_of_box|>\nMemory_Updated: [{{{memory}}}]"
    text = thinking + tail

    def stream() -> bool:
        return any(dialect.complete(text[:n]) for n in range(0, len(text) + 4, 4))

    assert _seconds(stream) < 2
