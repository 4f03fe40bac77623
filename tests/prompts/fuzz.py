"""Properties that hold for any text a model or a page can produce.

`python -m tests.prompts.fuzz --examples 100000` runs the long search; test_fuzz.py a short one.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gui_agent.actions import ACTION
from gui_agent.errors import BadReply
from gui_agent.prompts.autoglm import AutoGlm, english
from gui_agent.prompts.glm41v import Glm41vDesktop, Glm41vPhone, Glm41vWeb
from gui_agent.prompts.glm45v import Glm45vDesktop, Glm45vPhone, Glm45vWeb
from gui_agent.prompts.json_actions import JsonActions
from gui_agent.prompts.parsing import neutralise, restore, sections
from gui_agent.protocols import Dialect
from gui_agent.trajectory import Reply
from tests.prompts.screens import screen
from tests.prompts.test_autoglm_corpus import ROWS as AUTOGLM_ROWS
from tests.prompts.test_desktop_corpus import ROWS as DESKTOP_ROWS
from tests.prompts.test_json_actions import REFUSED, SHAPES
from tests.prompts.test_parsing import LABELS, TOKENS
from tests.prompts.test_phone_corpus import ROWS as PHONE_ROWS
from tests.prompts.test_web_corpus import ROWS

DIALECTS: list[Dialect] = [
    *(Glm41vWeb(), Glm45vWeb(), JsonActions()),
    *(Glm41vPhone(), Glm45vPhone()),
    *(Glm41vDesktop(), Glm45vDesktop()),
    *(AutoGlm(), english()),
]
LINES: dict[type, int] = {Glm41vPhone: 3, Glm45vPhone: 3, Glm41vDesktop: 2, Glm45vDesktop: 2}
"""Lines of a note at most, where it is not one."""
TURN = re.compile(r"<think>(.*)</think><answer>(.*)</answer>", re.DOTALL)
"""A note that is a whole turn: the tags around its parts are meant."""
SCREEN = screen()
LONGEST_MESSAGE = 600

PIECES = (
    *(
        "<think>",
        "</think>",
        "<answer>",
        "</answer>",
        "<content>",
        "</content>",
        "```",
        "```json\n",
    ),
    *("<|begin_of_box|>", "<|end_of_box|>", "<|start_of_box|>", "<|user|>", "<|", "|>", "\\boxed{"),
    *("Thought:", "Action:", "Memory_Updated:", "Memory:", "Observation:", "**Action**：", "2. "),
    *("Click ", "Type ", "Scroll ", "Wait", "GoBack", "Bing", "Key; ", "Press ", "ANSWER; "),
    *("CLICK(", "TYPE(", "SCROLL_DOWN(", "KEY_PRESS(", "ANSWER(", "point=", "text=", "content="),
    *("left_click(", "type(content='", "key(keys='", "scroll(", "WAIT", "DONE()", "FAIL", "')"),
    *("start_box='[1,2]'", "end_box=", "step=", "<memory>", "element_info='it's"),
    *(
        "[3]",
        "[57]",
        "[WINDOW]",
        "[up]",
        "[Return]",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "【",
        "】",
        "；",
    ),
    *("'", '"', "“", "”", "`", "\\", "\\n", ",", "，", ":", "：", ";", ".", "\n", "  ", "\t", " "),
    *('{"a": 1}', "{'a': ", '"action"', '"kind": ', '"click"', '"mark": 3', '"at": [1, 2]', "null"),
    *("0", "12", "-5", "1e999", "999999999999", "0.5", "True", "None", "down", "a", "购物车", "é"),
    *("Reason:", '{"action_type": "', "'box_2d': [[", "38,115,960,141]]", '"wait"}', "swipe", "up"),
    *('"override": True', "input_text", "open_app", '"app_name": ', "(optional)", "[[,,,]]", "{{"),
    *("do(", "finish(", 'action="Tap"', 'action="Type"', "element=[", "message=", "start=", "tap("),
    *("\u200b", "\ud800", "\x00", "\u2028", "\x85", "😀", "<|image|>", "[gMASK]", "/nothink", "#"),
)
SEEDS = [row.text for row in ROWS if len(row.text) < 2_000]
SEEDS += [row.text for row in PHONE_ROWS]
SEEDS += [row.text for row in AUTOGLM_ROWS]
SEEDS += [row.text for row in DESKTOP_ROWS if len(row.text) < 2_000]
SEEDS += [text for text, _ in SHAPES + REFUSED]

spliced = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=40).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A known answer with a few pieces put in, cut out, or taken from another answer."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 20)))
        other = draw(st.sampled_from(SEEDS))
        piece = draw(st.sampled_from(PIECES) | st.just(other[len(other) // 2 :]) | st.just(""))
        text = text[:start] + piece + text[end:]
    return text


answers = spliced | mutated()


def parse_returns_a_reply_or_bad_reply(text: str) -> None:
    for dialect in DIALECTS:
        understood = _parse(dialect, text)
        if isinstance(understood, Reply):
            _assert_sound(understood, LINES.get(type(dialect), 1))
        else:
            assert understood.strip()
            assert len(understood) < LONGEST_MESSAGE
            _assert_harmless(understood)


def _parse(dialect: Dialect, text: str) -> Reply | str:
    """The reply, or the message to the model; any other error is a find."""
    try:
        return dialect.parse(text, SCREEN)
    except BadReply as reason:
        return str(reason)


def _assert_sound(reply: Reply, lines: int) -> None:
    assert ACTION.validate_json(ACTION.dump_json(reply.action)) == reply.action
    assert reply.memory == "" or isinstance(json.loads(reply.memory), dict | list)
    turn = TURN.fullmatch(reply.note)
    thinking, said = turn.groups() if turn else ("", reply.note)
    assert said.count("\n") < lines
    for text in (reply.thought, reply.thinking, reply.note, reply.memory):
        assert text.encode() or text == ""
    _assert_harmless(thinking)
    _assert_harmless(said)


def _assert_harmless(text: str) -> None:
    for token in TOKENS:
        assert token not in text


def nothing_is_done_while_thinking(text: str) -> None:
    thought = "<think>" + text.replace("</think>", " ")
    for dialect in DIALECTS:
        assert not dialect.complete(thought)
        assert isinstance(_parse(dialect, thought), str)


def a_complete_answer_stays_what_it_is(text: str) -> None:
    """More text after a complete answer never turns it into another action."""
    for dialect in DIALECTS:
        whole = next((n for n in range(len(text) + 1) if dialect.complete(text[:n])), None)
        if whole is None or "think>" in text[whole - 8 :]:
            continue
        early, late = _parse(dialect, text[:whole]), _parse(dialect, text)
        if isinstance(early, Reply) and isinstance(late, Reply):
            assert early.action == late.action


def observed_text_is_harmless(text: str) -> None:
    harmless = neutralise(text)
    _assert_harmless(harmless)
    harmless.encode()
    assert neutralise(harmless) == harmless
    assert [section.label for section in sections(harmless)] in ([""], [])
    if not set(text) & {"\u200b", "\ud800"}:
        assert restore(harmless) == text


observed = st.lists(
    st.sampled_from((*PIECES, *TOKENS, *LABELS)) | st.text(max_size=5), max_size=30
).map("".join)

PROPERTIES: list[tuple[Callable[[str], None], st.SearchStrategy[str]]] = [
    (parse_returns_a_reply_or_bad_reply, answers),
    (nothing_is_done_while_thinking, answers),
    (a_complete_answer_stays_what_it_is, answers),
    (observed_text_is_harmless, observed),
]


def search(check: Callable[[str], None], texts: st.SearchStrategy[str], examples: int) -> None:
    """Looks for a text that breaks the property; raises what it finds, made small."""
    quick = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    quick(given(texts)(check))()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", choices=[check.__name__ for check, _ in PROPERTIES])
    options = parser.parse_args()
    random.seed(options.seed)
    for check, texts in PROPERTIES:
        if options.only not in (None, check.__name__):
            continue
        begin = time.monotonic()
        search(check, texts, options.examples)
        took = time.monotonic() - begin
        print(f"{check.__name__}: {options.examples} examples, {took:.0f} s", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
