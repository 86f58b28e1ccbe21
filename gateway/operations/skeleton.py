"""The skeleton of an event by its schema: every field, empty, for a person to fill in."""

from __future__ import annotations

from typing import Any, Final

from schemas.catalogue import newest, versions

#: The placeholder for a value of each type, until a person writes one. It may not fit the schema.
_EMPTY: Final[dict[str, Any]] = {
    "string": "",
    "bytes": "",
    "int": 0,
    "long": 0,
    "float": 0.0,
    "double": 0.0,
    "boolean": False,
    "null": None,
}


def types() -> list[str]:
    """Return every type of event that has a schema."""
    return list(versions())


def skeleton(type_: str, known: dict[str, Any]) -> dict[str, Any] | None:
    """Return the payload of an event of a type, with the values of `known`; None for a type without a schema."""
    if type_ not in versions():
        return None
    empty = _record(newest(type_).raw, {})
    return {name: known.get(name, value) for name, value in empty.items()}


def _record(schema: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    _remember(schema, named)
    return {field["name"]: _of(field["type"], named) for field in schema["fields"]}


def _of(type_: Any, named: dict[str, Any]) -> Any:
    if isinstance(type_, list):  # a union: a value that may be missing is missing
        return None if "null" in type_ else _of(type_[0], named)
    if isinstance(type_, str):
        return _EMPTY[type_] if type_ in _EMPTY else _of(named[type_], named)
    match type_["type"]:
        case "record":
            return _record(type_, named)
        case "enum":
            _remember(type_, named)
            return type_["symbols"][0]
        case "array":
            _of(type_["items"], named)  # what is defined in it may be used later
            return []
        case "map":
            return {}
        case other:
            return _of(other, named)


def _remember(schema: dict[str, Any], named: dict[str, Any]) -> None:
    named[schema["name"]] = schema
    if "namespace" in schema:
        named[f"{schema['namespace']}.{schema['name']}"] = schema
