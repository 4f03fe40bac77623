"""The grammar of a phone answer: every action, boxes on the picture, apps that exist. Pure.

In the EBNF that vLLM (through xgrammar) and llama.cpp both read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

_RULES = r"""
root ::= {opening} "Memory: " line "\nReason: " line "\nAction: <|begin_of_box|>{{\"action_type\": \"" action "}}<|end_of_box|>"
action ::= plain | status | answer | press | input | swipe | open
plain ::= ("keyboard_enter" | "navigate_home" | "navigate_back" | "wait") "\""
status ::= "status\", \"goal_status\": \"" ("complete" | "infeasible") "\""
answer ::= "answer\", \"text\": \"" first char{{0,1000}} "\""
press ::= ("click" | "long_press") "\"" box
input ::= "input_text\", \"text\": \"" char{{0,1000}} "\"" box ", \"override\": " ("true" | "false")
swipe ::= "swipe\", \"direction\": \"" ("up" | "down" | "left" | "right") "\"" box?
open ::= "open_app\", \"app_name\": " app
app ::= {apps}
box ::= ", \"box_2d\": [[" edge "," edge "," edge "," edge "]]"
edge ::= [0-9] | [1-9] [0-9] | [1-9] [0-9] [0-9]
first ::= [^ "\\\n<]
char ::= [^"\\\n<] | "\\" ["\\n]
line ::= [^\n<]{{1,600}}
"""  # noqa: E501 - a rule is a line


def phone_grammar(apps: Iterable[str], opening: str) -> str:
    """EBNF of an answer that begins with `opening`; where no apps are known, any may be opened."""
    names = [_literal(json.dumps(app, ensure_ascii=False)) for app in apps if "<" not in app]
    known = " | ".join(dict.fromkeys(names))
    return _RULES.format(
        opening=f'"{opening}"', apps=known or '"\\"" first char{0,60} "\\""'
    ).strip()


def _literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
