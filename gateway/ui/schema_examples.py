"""Examples of what a JSON schema takes. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from gateway.ui.schema_parts import Schema, name_of, narrowed, resolved, something, ways

_FORMATS: Final = {
    "uuid": "0b9f6a52-6a3e-4a0d-8d0b-5a2a4c1e7f10",
    "date-time": "2026-03-02T09:30:00Z",
    "date": "2026-03-02",
    "binary": "(the file)",
}
#: Of a text with a pattern the first of these that fits it is its example.
_TEXTS: Final = (
    "text",
    "shopee",
    "BRL",
    '"3"',
    "price=valor_total",
    "2026-03",
    "2026-03-02",
    _FORMATS["uuid"],
    "ana@example.com",
    "https://example.com/hook",
)


@dataclass(frozen=True, slots=True)
class _Making:
    """`least`: of an object only what has to be there. `seen`: the shapes around, within which the same is left out."""

    shapes: Mapping[str, Schema]
    least: bool
    seen: tuple[str, ...] = ()


def examples(schema: Schema, shapes: Mapping[str, Schema], *, least: bool = False) -> list[Any]:
    """Return values that fit the schema, the shortest first: one for each way in which its fields go together.

    They have all fields that go together, or the `least` that is taken.
    """
    found = resolved(schema, shapes)
    each = [narrowed(found, way) for way in ways(found)] or [schema]
    made = [_example(one, _Making(shapes, least)) for one in each]
    return sorted({str(value): value for value in made}.values(), key=lambda value: len(str(value)))


def example(schema: Schema, shapes: Mapping[str, Schema]) -> Any:
    """Return one value that fits the schema: the shortest of `examples`."""
    return examples(schema, shapes)[0]


def _example(schema: Schema, making: _Making) -> Any:
    found = something(schema)
    if found is not schema:
        beside = {k: v for k, v in schema.items() if k not in ("anyOf", "oneOf", "default")}
        return _example({**beside, **found}, making)
    if "$ref" in schema:
        if name_of(schema) in making.seen:
            return None
        making = replace(making, seen=(*making.seen, name_of(schema)))
    schema = resolved(schema, making.shapes)
    if ways(schema):
        return _example(narrowed(schema, ways(schema)[0]), making)
    if something(schema) is not schema:
        return _example(schema, making)
    return _plain(schema, making)


def _plain(schema: Schema, making: _Making) -> Any:
    """Return an example of a schema that refers to none and leaves no choice."""
    given = [schema["const"]] if "const" in schema else schema.get("enum")
    if given:
        return next((value for value in given if value), given[0])
    match schema.get("type"):
        case "string":
            return _text(schema)
        case "integer" | "number":
            return _number(schema)
        case "boolean":
            return bool(schema.get("default", True))
        case "array":
            one = None if schema.get("maxItems") == 0 else _example(schema.get("items", {}), making)
            return [] if one is None else [one]
        case "object":
            return _object(schema, making)
        case _:
            return None


def _text(schema: Schema) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    pattern, least, most = schema.get("pattern", ""), schema.get("minLength", 0), schema.get("maxLength", 1000)
    for text in _TEXTS:
        if least <= len(text) <= most and re.search(pattern, text):
            return text
    return str(schema.get("default", _TEXTS[0]))


def _number(schema: Schema) -> float:
    if schema.get("default") is not None:
        return schema["default"]  # type: ignore[no-any-return] # a number, as its own schema says
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    number: float = max(least, min(3, schema.get("maximum", 3)))
    return number


def _object(schema: Schema, making: _Making) -> dict[str, Any]:
    made, required = {}, schema.get("required", ())
    for name, of_field in schema.get("properties", {}).items():
        if making.least and required and name not in required:
            continue
        value = _example(of_field, making)
        if value is not None or name in required:
            made[name] = value
    more = schema.get("additionalProperties")
    if not made and isinstance(more, Mapping):
        named = {"type": "string", **schema.get("propertyNames", {"const": "name"})}
        made[str(_example(named, making))] = _example(more, making)
    return made
