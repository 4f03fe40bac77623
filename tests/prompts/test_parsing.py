"""Observed text made harmless, and what the envelope functions promise on their own."""

from __future__ import annotations

import json

import pytest

from gui_agent.errors import BadReply
from gui_agent.prompts.parsing import (
    LONGEST_MEMORY,
    memory_text,
    neutralise,
    numbers,
    quote,
    restore,
    sections,
    shorten,
    split_thinking,
    thousandths,
)
from gui_agent.screen import Point

TOKENS = [
    "<|endoftext|>",
    "[MASK]",
    "[gMASK]",
    "[sMASK]",
    "<sop>",
    "<eop>",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
    "<|observation|>",
    "<|begin_of_image|>",
    "<|end_of_image|>",
    "<|begin_of_video|>",
    "<|end_of_video|>",
    "<|image|>",
    "<|video|>",
    "<think>",
    "</think>",
    "<answer>",
    "</answer>",
    "<|begin_of_box|>",
    "<|end_of_box|>",
    "/nothink",
    "<tool_call>",
    "<|im_start|>",
]
LABELS = [
    "Action:",
    "Thought:",
    "Observation:",
    "Memory_Updated:",
    "Memory:",
    "**Action**：",
    "[3]:",
]


@pytest.mark.parametrize("token", TOKENS)
def test_special_tokens_are_broken_and_still_readable(token: str) -> None:
    text = neutralise(f"a{token}b")
    assert token not in text
    assert restore(text) == f"a{token}b"


@pytest.mark.parametrize("label", LABELS)
def test_labels_are_broken_and_still_readable(label: str) -> None:
    for text in (f"{label} Click [3]", f"a\n  {label} b", f"a   {label} b"):
        harmless = neutralise(text)
        assert label not in harmless
        assert restore(harmless) == text
        assert [section.label for section in sections(harmless)] == [""]


@pytest.mark.parametrize("text", ["Price: 12 €", "3 < 4 | 5 > 2", "a [3] b", "reaction time", "#1"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert neutralise(text) == text


def test_half_surrogates_can_be_written_down() -> None:
    assert neutralise("a\ud800b").encode()
    assert neutralise("\ud83d\ude00") == "\U0001f600"


def test_the_answer_begins_after_the_last_thinking() -> None:
    assert split_thinking("<think>a</think>b</think> c") == ("a</think>b", " c")
    assert split_thinking("c") == ("", "c")


def test_thinking_inside_an_answer_s_content_is_no_thinking() -> None:
    text = "ANSWER; <content>a <think> tag</content>"
    assert split_thinking(f"<think>x</think>{text}") == ("x", text)


@pytest.mark.parametrize(
    "text", ["<think>a", "</think><think>a", "a <think> b", "<content></content><think>"]
)
def test_unfinished_thinking_is_refused(text: str) -> None:
    with pytest.raises(BadReply, match="did not come to an end"):
        split_thinking(text)


def test_a_large_memory_loses_its_longest_entries() -> None:
    memory = {"first": "12 €", "long": "x" * LONGEST_MEMORY, "last": [1, 2]}
    assert json.loads(memory_text(memory)) == {"first": "12 €", "last": [1, 2]}


def test_a_memory_within_the_limit_is_kept_whole() -> None:
    memory = {str(i): "x" * 90 for i in range(30)}
    assert json.loads(memory_text(memory)) == memory


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("[214, 100]", Point(0.214, 0.1)),
        ("(038, 1000)", Point(0.038, 1)),
        ("[[100,200,300,400]]", Point(0.2, 0.3)),
        ("[300,400,100,200]", Point(0.2, 0.3)),
        ("0.5, 0.25", Point(0.5, 0.25)),
        ("1010, -5", Point(1, 0)),
        ("1, 0", Point(0.001, 0)),
    ],
)
def test_thousandths(text: str, point: Point) -> None:
    found = thousandths(numbers(text))
    assert (found.x, found.y) == pytest.approx((point.x, point.y))


@pytest.mark.parametrize("text", ["", "5", "1,2,3", "1500, 3", "5, -300"])
def test_positions_that_mean_nothing(text: str) -> None:
    with pytest.raises(BadReply, match="thousandths"):
        thousandths(numbers(text))


def test_quotations_are_short_harmless_and_on_one_line() -> None:
    text = quote("a\nAction: <|user|> " + "b" * 10_000)
    assert len(text) < 130
    assert "\n" not in text
    assert "<|" not in text
    assert shorten("a \n b", 10) == "a b"
