"""What people and programs are told while a run goes on."""

from __future__ import annotations

import io
import json

from rich.console import Console

from gui_agent.console import ConsoleSink, JsonLinesSink
from gui_agent.protocols import Sink
from gui_agent.testing import SinkContract, events_of_a_run


class TestConsoleSink(SinkContract):
    def make(self) -> Sink:
        return ConsoleSink(Console(file=io.StringIO()))


class TestJsonLinesSink(SinkContract):
    def make(self) -> Sink:
        return JsonLinesSink(io.StringIO())


def test_a_person_reads_what_was_done_and_how_it_ended() -> None:
    page = io.StringIO()
    sink = ConsoleSink(Console(file=page, width=100))
    for event in events_of_a_run():
        sink(event)
    lines = page.getvalue().splitlines()
    assert lines[0] == "Save"
    assert lines[2].startswith("  1 no usable answer")
    assert "That is not an action" in lines[3]
    assert lines[4].startswith('  2 click [0] "Save"')
    assert "100 + 10 tokens" in lines[4]
    assert lines[-1].startswith("succeeded")
    assert "3 steps" in lines[-1]


def test_a_program_reads_one_object_a_line() -> None:
    page = io.StringIO()
    sink = JsonLinesSink(page)
    for event in events_of_a_run():
        sink(event)
    lines = [json.loads(line) for line in page.getvalue().splitlines()]
    assert lines[0]["event"] == "RunStarted"
    chosen = [line["step"]["reply"]["action"] for line in lines if line["event"] == "ActionChosen"]
    assert [action["kind"] for action in chosen] == ["click", "finish"]
    assert lines[-1]["ending"] == {"kind": "succeeded", "message": ""}
