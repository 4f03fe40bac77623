"""The grammar of a desktop answer: every call, points on the picture, keys that exist. Pure.

In the EBNF that vLLM (through xgrammar) and llama.cpp both read.
"""

from __future__ import annotations

_RULES = r"""
root ::= {opening} line "\n<|begin_of_box|>" action "<|end_of_box|>\nMemory:\n" memory
action ::= point | drag | key | type | scroll | "WAIT()" | "DONE()" | "FAIL()"
point ::= ("left_click" | "right_click" | "middle_click" | "left_double_click" | "hover") "(start_box='" at "'" about ")"
drag ::= "left_drag(start_box='" at "', end_box='" at "'" about ")"
key ::= "key(keys='" (modifier "+"){{0,3}} (name | [a-z0-9]) "')"
modifier ::= "ctrl" | "alt" | "shift" | "super"
name ::= {keys}
type ::= ("type" | "answer") "(content='" char{{1,2000}} "')"
scroll ::= "scroll(start_box='" at "', direction='" ("down" | "up") "', step=" [1-9] [0-9]? about ")"
about ::= (", element_info='" [^'\\\n<()]{{0,120}} "'")?
at ::= "[" edge "," edge "]"
edge ::= [0-9] | [1-9] [0-9] | [1-9] [0-9] [0-9]
char ::= [^'\\\n<] | "\\" ['\\n]
line ::= [^\n<]{{1,600}}
memory ::= "[]" | "[" entry (", " entry){{0,30}} "]"
entry ::= "{{" string ": " string "}}"
string ::= "\"" [^"\\\n<]{{1,200}} "\""
"""  # noqa: E501 - a rule is a line

_KEYS = (
    *("enter", "tab", "esc", "space", "backspace", "delete", "insert", "home", "end"),
    *("pageup", "pagedown", "up", "down", "left", "right"),
    *(f"f{number}" for number in range(1, 13)),
)


def desktop_grammar(opening: str) -> str:
    """EBNF of an answer that begins with `opening`."""
    keys = " | ".join(f'"{key}"' for key in _KEYS)
    return _RULES.format(opening=f'"{opening}"', keys=keys).strip()
