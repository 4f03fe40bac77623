"""Our own actions as JSON: the schema that is shown to a model, reading and writing one action.

Pure. The schema is generated from the action types; positions are thousandths of the picture.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from gui_agent.actions import ACTION, Action
from gui_agent.errors import BadReply
from gui_agent.prompts.keys import chord
from gui_agent.prompts.parsing import coordinates, marked, numbers, quote, restore, thousandths
from gui_agent.screen import Box, Element, Observation, Point

KINDS: Mapping[str, type[BaseModel]] = {
    kind.model_fields["kind"].default: kind for kind in get_args(get_args(Action)[0])
}

_UNSAID = ("kind", "mark", "final", "confirm", "along")
"""Fields that no model is told of: `kind` comes first, `mark` is part of a target, and for `final`
there is no other way to end a task here; the last two are habits of other dialects."""


def action_data(found: Mapping[str, Any]) -> dict[str, Any] | None:
    """The action among the shapes models give it: nested, flat, bare, or as a tool call."""
    action = found.get("action", found)
    if isinstance(action, list) and len(action) == 1:
        action = action[0]
    if isinstance(action, str):
        return {**found, "kind": action}
    if not isinstance(action, dict):
        return None
    arguments = action.get("arguments", action.get("parameters"))
    if isinstance(arguments, dict) and isinstance(action.get("name"), str):
        return {**arguments, "kind": action["name"]}
    kind = next((action[key] for key in ("kind", "action_type", "type") if key in action), None)
    return {**action, "kind": kind} if isinstance(kind, str) else None


def read_action(data: Mapping[str, Any], screen: Observation) -> Action:
    """The action that this object stands for on this screen. Raises BadReply."""
    kind = data["kind"].strip().lower()
    if kind not in KINDS:
        raise BadReply(f"There is no action {quote(kind)}. Kinds: {', '.join(KINDS)}.")
    fields = KINDS[kind].model_fields
    named = set(fields) - {"final"}
    given = {name: value for name, value in data.items() if name in named and value is not None}
    for name, value in given.items():
        if fields[name].annotation is str:
            given[name] = _text(value)
    given |= {"kind": kind, **_places(fields, data, screen)}
    if "keys" in given:
        given["keys"] = chord(_words(given["keys"]))
    try:
        return ACTION.validate_python(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"][1:]) or "action"
        raise BadReply(f"{kind}: {where}: {first['msg']}.") from error


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return restore(text)


def _words(keys: object) -> list[str]:
    return [str(key) for key in keys] if isinstance(keys, list) else [str(keys)]


def _places(
    fields: Mapping[str, FieldInfo], data: Mapping[str, Any], screen: Observation
) -> dict[str, Any]:
    """The fields of an action that are positions: marks looked up, thousandths turned into
    fractions."""
    element = _element(data, "mark", screen) if "mark" in fields else None
    placed: dict[str, Any] = {"mark": element.mark} if element else {}
    if "path" in fields:
        placed["path"] = _path(data, element, screen)
    if "within" in fields and (element or data.get("within") is not None):
        placed["within"] = element.box if element else _box(data["within"])
    if "at" in fields:
        if element:
            placed["at"] = element.box.center
        elif data.get("at") is not None:
            placed["at"] = _point(data["at"])
        elif fields["at"].is_required():
            raise BadReply('The action needs a target: "mark": n, or "at": [x, y] in thousandths.')
    return placed


def _element(data: Mapping[str, Any], name: str, screen: Observation) -> Element | None:
    value = data.get(name)
    if value is None:
        return None
    found = numbers(str(value))
    if len(found) != 1:
        raise BadReply(f'"{name}" is the number of one element, not {quote(str(value))}.')
    return marked(screen, int(found[0]))


def _path(data: Mapping[str, Any], picked: Element | None, screen: Observation) -> list[Point]:
    path = data.get("path")
    points = [_point(point) for point in path] if isinstance(path, list) else []
    target = _element(data, "to_mark", screen)
    if target:
        points.append(target.box.center)
    if picked and len(points) < 2:
        points.insert(0, picked.box.center)
    if len(points) < 2:
        raise BadReply('A drag needs "path": [[x, y], [x, y]], or "mark" and "to_mark".')
    return points


def _point(value: object) -> Point:
    return thousandths(coordinates(json.dumps(value)))


def _box(value: object) -> Box:
    edges = coordinates(json.dumps(value))
    if len(edges) != 4:
        raise BadReply(f'"within" is [left, top, right, bottom], not {quote(str(value))}.')
    return Box.of(edges[0], edges[1], edges[2], edges[3], 1000, 1000)


def write_action(action: Action) -> dict[str, Any]:
    """The action as the model writes it: thousandths, and only what differs from the defaults."""
    written: dict[str, Any] = {"kind": action.kind}
    for name, field in type(action).model_fields.items():
        value = getattr(action, name)
        if name != "kind" and value != field.default:
            written[name] = _units(value)
    if "mark" in written:
        written.pop("at", None)
        written.pop("within", None)
    return written


def _units(value: Any) -> Any:
    match value:
        case Point(x=x, y=y):
            return [round(x * 1000), round(y * 1000)]
        case Box():
            return list(value.pixels(1000, 1000))
        case tuple():
            return [_units(item) for item in value]
        case float():
            return round(value, 3)
    return value


@lru_cache(maxsize=1)
def action_schema() -> tuple[str, ...]:
    """One line an action, generated from the action types, such as
    `{"kind": "wait", "seconds"?: number = 5.0}`."""
    return tuple(_schema_line(kind, made) for kind, made in KINDS.items())


def _schema_line(kind: str, made: type[BaseModel]) -> str:
    fields = [f'"kind": "{kind}"']
    for name, field in made.model_fields.items():
        if name not in _UNSAID:
            fields.append(_schema_field(name, field))
    purpose = " ".join((made.__doc__ or "").split())
    return f"{{{', '.join(fields)}}}" + (f" - {purpose}" if purpose else "")


def _schema_field(name: str, field: FieldInfo) -> str:
    optional = "" if field.is_required() else "?"
    if name == "at":
        return f"TARGET{optional}"
    shown = field.default not in (None, (), "") and not field.is_required()
    default = f" = {_default(field.default)}" if shown else ""
    return f'"{name}"{optional}: {_schema_type(field.annotation)}{default}'


def _default(value: object) -> str:
    return f"{value:.2g}" if isinstance(value, float) else json.dumps(value)


def _schema_type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(json.dumps(choice) for choice in arguments)
    if origin is UnionType:
        return _schema_type(arguments[0])
    if origin is tuple:
        return f"[{_schema_type(arguments[0])}, …]"
    names = {str: '"…"', bool: "true or false", int: "integer", float: "number"}
    names |= {Point: "[x, y]", Box: "[left, top, right, bottom]"}
    return names[annotation]
