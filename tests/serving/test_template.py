"""Our chat template renders what GLM-4.1V was trained on, whichever way a content is given."""

from __future__ import annotations

from typing import Any

import jinja2
import pytest

from gui_agent.serving.models import TEMPLATE

IMAGE = {"type": "image"}
Turn = dict[str, Any]


def text(words: str) -> Turn:
    return {"type": "text", "text": words}


def rendered(turns: list[Turn], ask: bool = True) -> str:
    """As transformers and vLLM render it: blocks trimmed, in a sandbox."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, undefined=jinja2.Undefined
    )
    template = environment.from_string(TEMPLATE.read_text("utf-8"))
    return template.render(messages=turns, add_generation_prompt=ask)


SHOWN = "<|begin_of_image|><|image|><|end_of_image|>"


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("hi", "hi"),
        ("", ""),
        ("  two\n\n lines \n", "  two\n\n lines \n"),
        ([text("hi")], "hi"),
        ([IMAGE, text("look\n")], SHOWN + "look\n"),
        ([text("a\n"), IMAGE, text("b"), IMAGE], f"a\n{SHOWN}b{SHOWN}"),
        ([{"image": "x"}], SHOWN),
        ([{"type": "video"}, text("q")], "<|begin_of_video|><|video|><|end_of_video|>q"),
        ([{"type": "other"}, text("{{ 7 * 7 }}")], "{{ 7 * 7 }}"),
    ],
)
def test_a_user_turn_as_trained(content: Any, shown: str) -> None:
    turn = {"role": "user", "content": content}
    assert rendered([turn]) == f"[gMASK]<sop><|user|>\n{shown}<|assistant|>\n"
    assert rendered([turn], ask=False) == f"[gMASK]<sop><|user|>\n{shown}"


THOUGHT = '<think>it\'s\n"two" lines</think><answer>'


@pytest.mark.parametrize("wrap", [lambda words: words, lambda words: [text(words)]])
def test_every_role_reads_the_same_as_a_string_and_as_a_list(wrap: Any) -> None:
    turns = [
        {"role": "system", "content": wrap("Be\nbrief.")},
        {"role": "user", "content": wrap("one")},
        {"role": "assistant", "content": wrap(THOUGHT)},
    ]
    expected = f"[gMASK]<sop><|system|>\nBe\nbrief.<|user|>\none<|assistant|>\n{THOUGHT}"
    assert rendered(turns, ask=False) == expected


def test_other_roles_and_empty_contents_add_nothing() -> None:
    turns: list[Turn] = [
        {"role": "tool", "content": "x"},
        {"role": "assistant", "content": None},
        {"role": "assistant", "metadata": "name", "content": "y"},
    ]
    assert rendered(turns, ask=False) == "[gMASK]<sop><|assistant|>\n<|assistant|>name\ny"
