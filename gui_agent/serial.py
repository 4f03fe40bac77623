"""Steps and runs as JSON, and back. Pictures stay outside, by file name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter

from gui_agent.screen import Observation
from gui_agent.trajectory import Ending, Step, Task

SCHEMA = 1
"""Version of the format; a reader for every version ever written stays in this module."""


@cache
def adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Built on first use: building one costs tens of milliseconds."""
    return TypeAdapter(kind)


def picture_name(index: int, suffix: str) -> str:
    """Where the picture of this step lies, relative to the run's folder."""
    return f"images/{index:03d}.{suffix}"


def dump_observation(observation: Observation, picture: str) -> dict[str, Any]:
    """The observation without its picture's bytes; `picture` is the file that holds them."""
    data: dict[str, Any] = adapter(Observation).dump_python(
        observation,
        mode="json",
        exclude={"screenshot": {"data"}, "timings": True},  # the step holds the timings
        exclude_defaults=True,
    )
    data["screenshot"]["file"] = picture
    return data


def dump_step(step: Step) -> dict[str, Any]:
    """The step as JSON data; see `dump_observation` for its picture."""
    data: dict[str, Any] = adapter(Step).dump_python(step, mode="json", exclude={"observation"})
    picture = picture_name(step.index, step.observation.screenshot.suffix)
    return data | {"observation": dump_observation(step.observation, picture)}


def load_step(data: Mapping[str, Any], read: Callable[[str], bytes]) -> Step:
    """The step again; `read` returns a picture's bytes by its file name."""
    observation = dict(data["observation"])
    shot = dict(observation["screenshot"])
    shot["data"] = read(shot.pop("file"))
    step: Step = adapter(Step).validate_python(
        {**data, "observation": {**observation, "screenshot": shot}}
    )
    return step


def dump_task(task: Task) -> dict[str, Any]:
    data: dict[str, Any] = adapter(Task).dump_python(task, mode="json")
    return data


def load_task(data: Mapping[str, Any]) -> Task:
    task: Task = adapter(Task).validate_python(data)
    return task


def dump_ending(ending: Ending | None) -> dict[str, Any] | None:
    return {"kind": ending.kind.value, "message": ending.message} if ending else None


def load_ending(data: Mapping[str, Any] | None) -> Ending | None:
    ending: Ending | None = adapter(Ending).validate_python(data) if data else None
    return ending


def dump_output(output: Any) -> Any:
    """A validated answer as JSON data; it may be a pydantic model's instance or data already."""
    return output.model_dump(mode="json") if isinstance(output, BaseModel) else output
