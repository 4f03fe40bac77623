"""Answers of a model server that is right in everything but what a test says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from tests.fake_openai import Body, FakeOpenAI, Refuse, Say, vllm_error

PICTURE = 1196 + 2


@dataclass(frozen=True, kw_only=True)
class Pretender:
    """A script for `FakeOpenAI`: every answer depends on its request alone."""

    picture: int = PICTURE
    """Tokens that a picture costs."""
    limit: int = 10
    """Pictures in one request."""
    grammars: bool = True
    drops_special: bool = False
    budgets: bool = True
    """It ends thinking after a budget."""
    continues: bool = True
    """It goes on with an answer that was begun."""
    caches: bool = True
    system_cost: int = 4
    text_only: bool = False
    short: bool = False
    """No request fits into its context."""

    def __call__(self, body: Body) -> Say | Refuse:
        pictures = json.dumps(body["messages"]).count('"image_url": {')
        if self.short:
            return vllm_error(400, "This model's maximum context length is 100 tokens.")
        if pictures and self.text_only:
            return vllm_error(400, "m is not a multimodal model")
        if pictures > self.limit:
            return vllm_error(400, f"At most {self.limit} image(s) may be provided in one prompt.")
        systems = sum(turn["role"] == "system" for turn in body["messages"])
        tokens = 20 + pictures * self.picture + systems * self.system_cost
        details = {"prompt_tokens_details": {"cached_tokens": 900}} if self.caches else {}
        usage = {"prompt_tokens": tokens, "completion_tokens": body["max_tokens"], **details}
        thinking, text = self._said(body)
        return Say(text, reasoning=thinking, usage=usage)

    def _said(self, body: Body) -> tuple[str | None, str]:
        grammar = (body.get("structured_outputs") or {}).get("grammar", "")
        if not (grammar and self.grammars):
            return None, "hm"
        words = re.findall(r'"([^"]*)"', grammar.replace(' | "no"', ""))
        text = "".join(words)
        if self.drops_special:
            text = text.replace("<|begin_of_box|>", "").replace("<|end_of_box|>", "")
        begun = body["messages"][-1]["role"] == "assistant"
        if begun and "thinking_token_budget" in body:
            return ("so it is", text) if self.budgets else (None, text)
        return None, text if self.continues or not begun else "hm"


def server(context: int = 32_768, models: Any = None, **flaws: Any) -> FakeOpenAI:
    """A server with these flaws."""
    listed = {"data": [{"id": "glm-4.1v", "max_model_len": context}]}
    return FakeOpenAI(Pretender(**flaws), models=models or Refuse(200, listed))
