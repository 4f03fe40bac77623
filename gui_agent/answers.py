"""Answers that must satisfy the caller's schema: a pydantic model or a JSON schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from gui_agent.errors import BadReply, SetupError

_FENCE = re.compile(r"^\s*```[a-zA-Z]*\n?|\n?```\s*$")


@dataclass(frozen=True, slots=True)
class AnswerSchema:
    """A JSON schema and the check that goes with it."""

    schema: Mapping[str, Any]
    _check: Callable[[Any], Any]

    @classmethod
    def of(cls, output: type[BaseModel] | Mapping[str, Any] | None) -> AnswerSchema | None:
        """Raises SetupError if the JSON schema is not one."""
        if output is None:
            return None
        if isinstance(output, Mapping):
            return cls(output, _json_schema_check(output))
        return cls(output.model_json_schema(), output.model_validate)

    def validate(self, text: str) -> Any:
        """The answer as the model's instance (or plain data for a JSON schema). Raises BadReply."""
        try:
            data = json.loads(_FENCE.sub("", text))
        except json.JSONDecodeError as error:
            raise BadReply(f"The answer must be JSON that fits the schema: {error}.") from error
        try:
            return self._check(data)
        except ValidationError as error:
            wrong = "; ".join(f"{_path(e['loc'])}: {e['msg']}" for e in error.errors()[:3])
            raise BadReply(f"The answer does not fit the schema: {wrong}.") from error


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "the whole"


def _json_schema_check(schema: Mapping[str, Any]) -> Callable[[Any], Any]:
    import fastjsonschema

    try:
        check = fastjsonschema.compile(dict(schema))
    except fastjsonschema.JsonSchemaDefinitionException as error:
        raise SetupError(f"The output schema is not a JSON schema: {error}.") from error

    def checked(data: Any) -> Any:
        try:
            return check(data)
        except fastjsonschema.JsonSchemaValueException as error:
            raise BadReply(f"The answer does not fit the schema: {error.message}.") from error

    return checked
