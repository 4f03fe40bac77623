"""The grammar of a web answer on one screen: only its labels, only actions that exist. Pure.

In the EBNF that vLLM (through xgrammar) and llama.cpp both read.
"""

from __future__ import annotations

from collections.abc import Iterable

_RULES = r"""
root ::= {opening} "Thought: " line "\nAction: <|begin_of_box|>" action "<|end_of_box|>\nMemory_Updated: " memory
action ::= {actions}
scroll ::= "Scroll [" ({areas}) "]; [" ("up" | "down") "]"
line ::= [^\n<]{{1,600}}
word ::= [^\n<\]]{{1,300}}
content ::= [^<]{{1,2000}}
memory ::= "{{}}" | "{{" pair (", " pair){{0,30}} "}}"
pair ::= string ": " string
string ::= "\"" [^"\\\n<]{{1,200}} "\""
"""  # noqa: E501 - a rule is a line


def web_grammar(marks: Iterable[int], opening: str) -> str:
    """EBNF of an answer that begins with `opening`, on a screen with these labels."""
    labels = [f'"{mark}"' for mark in sorted(marks)]
    actions = ["scroll", '"Wait"', '"GoBack"', '"Bing"', '"Key; [Return]"']
    actions.append('"ANSWER; <content>" content "</content>"')
    labelled = ""
    if labels:
        actions += ['"Click [" label "]"', '"Type [" label "]; [" word "]"']
        labelled = f"label ::= {' | '.join(labels)}\n"
    rules = _RULES.format(
        opening=f'"{opening}"',
        actions=" | ".join(actions),
        areas='"WINDOW" | label' if labels else '"WINDOW"',
    )
    return (rules + labelled).strip()
