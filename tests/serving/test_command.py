"""The vLLM command line of each model and profile."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from gui_agent import registry
from gui_agent.errors import SetupError
from gui_agent.serving.command import LARGEST_PICTURE, Options, command, explain, shell
from gui_agent.serving.models import GLM_41V, TEMPLATE, known


def options(model: str = "glm-4.1v", **chosen: Any) -> dict[str, str]:
    """Option → value of the command line."""
    words = command(known(model), Options(**chosen))[1:]
    pairs = zip(words, [*words[1:], "--"], strict=True)
    return {name: "" if value.startswith("--") else value for name, value in pairs if "--" in name}


def test_a_model_as_it_was_trained() -> None:
    given = options()
    assert command(known("glm-4.1v"), Options())[0] == "zai-org/GLM-4.1V-9B-Thinking"
    assert given["--chat-template"] == str(TEMPLATE)
    assert given["--chat-template-content-format"] == "openai"
    assert json.loads(given["--limit-mm-per-prompt"]) == {"image": 10, "video": 0}
    assert int(given["--max-num-batched-tokens"]) >= LARGEST_PICTURE
    assert int(given["--mm-processor-cache-gb"]) > 0
    assert given["--reasoning-parser"] == "glm45"
    assert json.loads(given["--structured-outputs-config"])["disable_any_whitespace"] is True
    assert given["--host"] == "127.0.0.1"
    assert "--quantization" not in given
    assert "--tensor-parallel-size" not in given


@pytest.mark.parametrize(
    ("model", "dialect", "gpus", "own_template"),
    [
        ("glm-4.1v", "glm-4.1v", None, True),
        ("zai-org/GLM-4.1V-9B-Thinking", "glm-4.1v", None, True),
        ("someone/GLM_4.1V-9B-AWQ", "glm-4.1v", None, True),
        ("zai-org/GLM-4.5V-FP8", "glm-4.5v", "4", False),
        ("autoglm-phone-9b", "json", None, False),
        ("Qwen/Qwen3-VL-8B", "json", None, False),
    ],
)
def test_models_and_their_dialects(
    model: str, dialect: str, gpus: str | None, own_template: bool
) -> None:
    given = options(model)
    assert given.get("--tensor-parallel-size") == gpus
    assert ("--chat-template" in given) is own_template
    if "autoglm" not in model:
        assert registry.family(given["--served-model-name"]) == dialect


def test_what_may_answer_without_thinking_has_no_reasoning_parser() -> None:
    assert "--reasoning-parser" not in options("autoglm-phone-9b")
    assert options("autoglm-phone-9b")["--chat-template-content-format"] == "string"
    assert "--reasoning-parser" not in options("Qwen/Qwen3-VL-8B")


def test_profiles_differ_in_what_was_measured() -> None:
    assert options(profile="latency")["--quantization"] == "fp8"
    small = options(profile="small-gpu")
    assert (small["--quantization"], small["--max-num-seqs"]) == ("fp8", "4")
    assert int(small["--max-model-len"]) < int(options()["--max-model-len"])
    assert options(profile="small-gpu", quantization="awq")["--quantization"] == "awq"
    assert "7.3 steps" in explain(GLM_41V, Options())[0]


def test_several_gpus_and_machines_are_left_to_vllm() -> None:
    given = options(tensor_parallel=2, pipeline_parallel=2, data_parallel=3, ray=True)
    sizes = {name: value for name, value in given.items() if "parallel" in name}
    assert sizes == {
        "--tensor-parallel-size": "2",
        "--pipeline-parallel-size": "2",
        "--data-parallel-size": "3",
        "--data-parallel-backend": "ray",
    }
    assert given["--distributed-executor-backend"] == "ray"


def test_what_one_types_is_what_is_run() -> None:
    chosen = Options(local_media=Path("my pictures"), further=("--seed", "3"))
    typed = shell(GLM_41V, chosen, "k-1")
    words = shlex.split(typed.replace("\\\n", " "))
    assert words[:3] == ["VLLM_API_KEY=k-1", "vllm", "serve"]
    assert tuple(words[3:]) == command(GLM_41V, chosen)
    assert words[-2:] == ["--seed", "3"]
    assert str(Path("my pictures").resolve()) in words


def test_options_that_surprise_have_a_reason() -> None:
    lines = "\n".join(explain(GLM_41V, Options(profile="latency", tensor_parallel=2)))
    surprising = set(options(profile="latency", tensor_parallel=2)) - {"--port"}
    assert all(name in lines for name in surprising)


def folder(at: Path, name: str, config: str) -> str:
    (at / name).mkdir()
    (at / name / "config.json").write_text(config, "utf-8")
    return str(at / name)


def test_a_folder_is_known_by_its_name_or_its_architecture(tmp_path: Path) -> None:
    glm = '{"architectures": ["Glm4vForConditionalGeneration"]}'
    assert known(folder(tmp_path, "tuned", glm)).name == "glm-4.1v"
    assert known(folder(tmp_path, "AutoGLM-Phone-9B", glm)).name == "autoglm-phone-9b"
    other = known(folder(tmp_path, "Other", '{"architectures": ["LlamaForCausalLM"]}'))
    assert (other.name, other.template) == ("other", None)
    assert other.source == str(tmp_path / "Other")


@pytest.mark.parametrize("config", ["", "[]", "{"])
def test_a_folder_without_a_model_is_refused(tmp_path: Path, config: str) -> None:
    with pytest.raises(SetupError, match=r"no readable config\.json"):
        known(folder(tmp_path, "empty", config))
    with pytest.raises(SetupError, match="There is no folder"):
        known(str(tmp_path / "nowhere"))
