"""Writes the tiny model as a checkpoint that vLLM loads: `python -m tests.tiny_glm.checkpoint DIR`.

Needs torch and transformers. With `--true-size` it writes the 9B's sizes and no weights, for
`--load-format dummy`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tests.tiny_glm.vocabulary import ENDS, LEARNT, SPECIAL, TRUE_LEARNT, Vocabulary, train

HEAD = 128
TEXT: dict[str, Any] = {
    "hidden_size": 256,
    "intermediate_size": 512,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
}
VISION: dict[str, Any] = {
    "depth": 2,
    "hidden_size": 128,
    "num_heads": 2,
    "intermediate_size": 256,
}
TRUE_TEXT: dict[str, Any] = {
    "vocab_size": 151_552,
    "hidden_size": 4096,
    "intermediate_size": 13_696,
    "num_hidden_layers": 40,
    "num_attention_heads": 32,
    "num_key_value_heads": 2,
}
TRUE_VISION: dict[str, Any] = {
    "depth": 24,
    "hidden_size": 1536,
    "num_heads": 12,
    "intermediate_size": 13_696,
}
PIXELS = {"shortest_edge": 12_544, "longest_edge": 9_633_792}
"""As shipped: pixels of a clip of two frames."""
OWN_TEMPLATE = """[gMASK]<sop>
{%- for turn in messages -%}
<|{{ turn.role }}|>{{ '\\n' }}
{%- if turn.role == 'user' and turn.content is not string -%}
{%- for part in turn.content -%}
{%- if part.type == 'image' -%}<|begin_of_image|><|image|><|end_of_image|>
{%- elif part.type == 'text' -%}{{ part.text }}{%- endif -%}
{%- endfor -%}
{%- else -%}{{ turn.content }}{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}<|assistant|>{{ '\\n' }}{%- endif -%}
"""
"""With the flaw of the model's own one: other contents than a user's are printed as they come."""


def write(folder: Path, *, true_size: bool = False) -> None:
    """The whole checkpoint, 7 MB; without weights when it has the true size."""
    import torch
    from transformers import Glm4vForConditionalGeneration

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = train(TRUE_LEARNT if true_size else LEARNT)
    config = _config(vocabulary, true_size)
    _write_tokenizer(folder, vocabulary)
    torch.manual_seed(0)
    with torch.device("meta" if true_size else "cpu"):
        model = Glm4vForConditionalGeneration(config).to(torch.bfloat16)
    model.generation_config.update(
        eos_token_id=config.text_config.eos_token_id,
        pad_token_id=vocabulary.ids["<|endoftext|>"],
        do_sample=True,
        temperature=0.8,
        top_p=0.6,
        top_k=2,
    )
    if true_size:
        config.save_pretrained(folder)
        model.generation_config.save_pretrained(folder)
    else:
        model.save_pretrained(folder)
    _write_processor(folder, vocabulary)


def _config(vocabulary: Vocabulary, true_size: bool) -> Any:
    from transformers import Glm4vConfig

    ids = vocabulary.ids
    text = {"vocab_size": vocabulary.size, **(TRUE_TEXT if true_size else TEXT)}
    return Glm4vConfig(
        architectures=["Glm4vForConditionalGeneration"],
        dtype="bfloat16",
        tie_word_embeddings=False,
        image_start_token_id=ids["<|begin_of_image|>"],
        image_end_token_id=ids["<|end_of_image|>"],
        video_start_token_id=ids["<|begin_of_video|>"],
        video_end_token_id=ids["<|end_of_video|>"],
        image_token_id=ids["<|image|>"],
        video_token_id=ids["<|video|>"],
        text_config={
            **text,
            "max_position_embeddings": 65_536,
            "attention_bias": True,
            "pad_token_id": ids["<|endoftext|>"],
            "eos_token_id": [ids[token] for token in ENDS],
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": 10_000.0,
                "partial_rotary_factor": 0.5,
                "mrope_section": [8, 12, 12],
            },
        },
        vision_config={
            **(TRUE_VISION if true_size else VISION),
            "out_hidden_size": text["hidden_size"],
            "image_size": 336,
            "patch_size": 14,
            "spatial_merge_size": 2,
            "temporal_patch_size": 2,
        },
    )


def _write_tokenizer(folder: Path, vocabulary: Vocabulary) -> None:
    spec = json.loads(vocabulary.tokenizer.to_str())
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    added = [
        {"id": at, "content": token, **plain, "special": token in SPECIAL}
        for token, at in vocabulary.ids.items()
    ]
    spec["added_tokens"] = added
    (folder / "tokenizer.json").write_text(json.dumps(spec, ensure_ascii=False), "utf-8")
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "clean_up_tokenization_spaces": False,
        "eos_token": "<|endoftext|>",
        "pad_token": "<|endoftext|>",
        "padding_side": "left",
        "model_max_length": 128_000,
        "added_tokens_decoder": {
            str(token["id"]): {k: v for k, v in token.items() if k != "id"} for token in added
        },
        "extra_special_tokens": list(SPECIAL),
        "processor_class": "Glm4vProcessor",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")


def _write_processor(folder: Path, vocabulary: Vocabulary) -> None:
    from transformers import AutoTokenizer
    from transformers.models.glm4v.image_processing_glm4v import Glm4vImageProcessor
    from transformers.models.glm4v.processing_glm4v import Glm4vProcessor
    from transformers.models.glm4v.video_processing_glm4v import Glm4vVideoProcessor

    tokenizer = AutoTokenizer.from_pretrained(folder)
    pictures, videos = Glm4vImageProcessor(size=PIXELS), Glm4vVideoProcessor(size=PIXELS)
    processor = Glm4vProcessor(pictures, tokenizer, videos, chat_template=OWN_TEMPLATE)
    processor.save_pretrained(folder)
    read = {token: tokenizer.convert_tokens_to_ids(token) for token in vocabulary.ids}
    assert read == vocabulary.ids, "the tokenizer was renumbered while it was loaded"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--true-size", action="store_true")
    arguments = parser.parse_args()
    write(arguments.folder, true_size=arguments.true_size)
