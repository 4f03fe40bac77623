"""The tiny model's tokenizer: GLM-4's splitting rule and special tokens over a small vocabulary."""

from __future__ import annotations

import pydoc_data.topics
from dataclasses import dataclass

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIAL = (
    *("<|endoftext|>", "[MASK]", "[gMASK]", "[sMASK]", "<sop>", "<eop>"),
    *("<|system|>", "<|user|>", "<|assistant|>", "<|observation|>"),
    *("<|begin_of_image|>", "<|end_of_image|>", "<|begin_of_video|>", "<|end_of_video|>"),
    *("<|image|>", "<|video|>"),
)
"""GLM-4.1V's control tokens, in the order of their ids."""
KEPT = ("<think>", "</think>", "<answer>", "</answer>", "<|begin_of_box|>", "<|end_of_box|>")
"""Those that follow them, which `skip_special_tokens` leaves in the text."""
ENDS = ("<|endoftext|>", "<|user|>", "<|observation|>", "</answer>")
"""Tokens that end an answer."""
LEARNT = 2048
"""Tokens learnt from Python's own documentation, which every Python brings."""
TRUE_LEARNT = 16_384
"""The same where costs are measured: about three characters of our prompts make a token."""

_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A trained tokenizer and where its special tokens begin."""

    tokenizer: Tokenizer
    base: int

    @property
    def ids(self) -> dict[str, int]:
        return {token: self.base + at for at, token in enumerate((*SPECIAL, *KEPT))}

    @property
    def size(self) -> int:
        """Rows of the embedding: a multiple of 64, as in the true model."""
        return -(-(self.base + len(self.ids)) // 64) * 64


def train(learnt: int = LEARNT) -> Vocabulary:
    """The same one every time on the same Python."""
    tokenizer = Tokenizer(models.BPE())
    split = pre_tokenizers.Split(Regex(_SPLIT), behavior="isolated")
    bytes_of = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, bytes_of])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=learnt,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(pydoc_data.topics.topics.values(), trainer)
    return Vocabulary(tokenizer, tokenizer.get_vocab_size())
