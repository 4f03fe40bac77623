"""Writes the tiny model as two GGUF files, text model and vision tower, for llama.cpp's server."""

from __future__ import annotations

import json
from pathlib import Path

import gguf
import numpy as np

from gui_agent.serving.models import TEMPLATE
from tests.tiny_glm.vocabulary import KEPT, SPECIAL, Vocabulary, train

HIDDEN, INNER, LAYERS, HEAD = 256, 512, 2, 128
VISION, VISION_INNER, VISION_HEADS = 128, 256, 2
PATCH, MERGE, SIDE = 14, 2, 336
MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)
"""CLIP's, with which GLM-4.1V's processor normalises pixels."""

Array = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def write(folder: Path) -> tuple[Path, Path]:
    """text.gguf and vision.gguf in this folder; under a second, 20 MB."""
    text, vision = folder / "text.gguf", folder / "vision.gguf"
    random = np.random.default_rng(0)
    _write_text(text, train(), random)
    _write_vision(vision, random)
    return text, vision


def _normal(random: np.random.Generator, *shape: int) -> Array:
    return (random.standard_normal(shape) * 0.02).astype(np.float32)


def _ones(length: int) -> Array:
    return np.ones(length, np.float32)


def _write_text(path: Path, vocabulary: Vocabulary, random: np.random.Generator) -> None:
    writer = gguf.GGUFWriter(path, "glm4")
    writer.add_name("tiny GLM-4.1V")
    writer.add_block_count(LAYERS)
    writer.add_context_length(65_536)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HIDDEN // HEAD)
    writer.add_head_count_kv(1)
    writer.add_array("glm4.rope.dimension_sections", [8, 12, 12, 0])
    writer.add_rope_freq_base(10_000.0)
    writer.add_rope_dimension_count(HEAD // 2)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type(0)
    _add_vocabulary(writer, vocabulary)
    for name, rows in (("token_embd", vocabulary.size), ("output", vocabulary.size)):
        writer.add_tensor(f"{name}.weight", _normal(random, rows, HIDDEN))
    writer.add_tensor("output_norm.weight", _ones(HIDDEN))
    for layer in range(LAYERS):
        _add_layer(writer, f"blk.{layer}.", random)
    _finish(writer)


def _add_vocabulary(writer: gguf.GGUFWriter, vocabulary: Vocabulary) -> None:
    model = json.loads(vocabulary.tokenizer.to_str())["model"]
    tokens = [f"[PAD{at}]" for at in range(vocabulary.size)]
    kinds = [gguf.TokenType.UNUSED] * vocabulary.size
    for token, at in model["vocab"].items():
        tokens[at], kinds[at] = token, gguf.TokenType.NORMAL
    for token, at in vocabulary.ids.items():
        control = gguf.TokenType.CONTROL if token in SPECIAL else gguf.TokenType.USER_DEFINED
        tokens[at], kinds[at] = token, control
    end = vocabulary.ids["<|endoftext|>"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("glm4")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair) for pair in model["merges"]])
    for add in (writer.add_eos_token_id, writer.add_pad_token_id, writer.add_bos_token_id):
        add(end)
    writer.add_eot_token_id(vocabulary.ids["<|user|>"])
    writer.add_chat_template(TEMPLATE.read_text("utf-8"))
    assert set(KEPT) < set(tokens)


def _add_layer(writer: gguf.GGUFWriter, at: str, random: np.random.Generator) -> None:
    for name, rows in (("q", HIDDEN), ("k", HEAD), ("v", HEAD)):
        writer.add_tensor(f"{at}attn_{name}.weight", _normal(random, rows, HIDDEN))
        writer.add_tensor(f"{at}attn_{name}.bias", np.zeros(rows, np.float32))
    writer.add_tensor(f"{at}attn_output.weight", _normal(random, HIDDEN, HIDDEN))
    writer.add_tensor(f"{at}ffn_up.weight", _normal(random, 2 * INNER, HIDDEN))
    writer.add_tensor(f"{at}ffn_down.weight", _normal(random, HIDDEN, INNER))
    for name in ("attn_norm", "ffn_norm", "post_ffw_norm", "post_attention_norm"):
        writer.add_tensor(f"{at}{name}.weight", _ones(HIDDEN))


def _write_vision(path: Path, random: np.random.Generator) -> None:
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_type("mmproj")
    writer.add_name("tiny GLM-4.1V")
    writer.add_file_type(0)
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", "glm4v")
    writer.add_bool("clip.use_silu", True)
    for name, value in (
        ("projection_dim", HIDDEN),
        ("image_size", SIDE),
        ("patch_size", PATCH),
        ("embedding_length", VISION),
        ("feed_forward_length", VISION_INNER),
        ("block_count", LAYERS),
        ("attention.head_count", VISION_HEADS),
    ):
        writer.add_uint32(f"clip.vision.{name}", value)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-5)
    writer.add_array("clip.vision.image_mean", list(MEAN))
    writer.add_array("clip.vision.image_std", list(DEVIATION))
    for layer in range(LAYERS):
        _add_vision_layer(writer, f"v.blk.{layer}.", random)
    _add_ends_of_vision(writer, random)
    _finish(writer)


def _add_vision_layer(writer: gguf.GGUFWriter, at: str, random: np.random.Generator) -> None:
    for name, rows, columns in (
        ("attn_qkv", 3 * VISION, VISION),
        ("attn_out", VISION, VISION),
        ("ffn_gate", VISION_INNER, VISION),
        ("ffn_up", VISION_INNER, VISION),
        ("ffn_down", VISION, VISION_INNER),
    ):
        writer.add_tensor(f"{at}{name}.weight", _normal(random, rows, columns))
    for name in ("ln1", "ln2"):
        writer.add_tensor(f"{at}{name}.weight", _ones(VISION))


def _add_ends_of_vision(writer: gguf.GGUFWriter, random: np.random.Generator) -> None:
    """Patches in, the merged features out."""
    for name in ("weight", "weight.1"):
        writer.add_tensor(f"v.patch_embd.{name}", _normal(random, VISION, 3, PATCH, PATCH))
    writer.add_tensor("v.patch_embd.bias", np.zeros(VISION, np.float32))
    positions = (SIDE // PATCH) ** 2
    writer.add_tensor("v.position_embd.weight", _normal(random, positions, VISION))
    for name in ("norm_embd", "post_ln"):
        writer.add_tensor(f"v.{name}.weight", _ones(VISION))
    merger = _normal(random, HIDDEN, VISION, MERGE, MERGE)
    writer.add_tensor("mm.patch_merger.weight", merger)
    writer.add_tensor("mm.patch_merger.bias", np.zeros(HIDDEN, np.float32))
    for name in ("model.fc", "gate", "up", "down"):
        writer.add_tensor(f"mm.{name}.weight", _normal(random, HIDDEN, HIDDEN))
    writer.add_tensor("mm.post_norm.weight", _ones(HIDDEN))
    writer.add_tensor("mm.post_norm.bias", np.zeros(HIDDEN, np.float32))


def _finish(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
