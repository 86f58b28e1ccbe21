"""The fields of a JSON schema as rows, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.ui.schema_parts import Schema, name_of, resolved, something

#: Fields within fields are told so deep; below it stands what they are called alone.
DEEPEST: Final = 4
_WORDS: Final = {
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "nothing",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `path`: where it stands, such as `items[].status`. `type`: what it holds, in words."""

    path: str
    type: str
    required: bool
    says: str


def fields(schema: Schema, shapes: Mapping[str, Schema]) -> list[Field]:
    """Return a row for each field of a body, those of its parts included, in their order."""
    return list(_fields(schema, shapes, "", DEEPEST, ()))


def type_of(schema: Schema, shapes: Mapping[str, Schema]) -> str:
    """Return what a value is: `text`, `whole number`, `list of text`, `one of: open, done`, `text or nothing`."""
    several: Sequence[Schema] = schema.get("anyOf") or schema.get("oneOf") or ()
    if several and "properties" not in schema:
        return " or ".join(dict.fromkeys(type_of(one, shapes) for one in several))
    found = resolved(schema, shapes)
    if "enum" in found:
        return "one of: " + ", ".join(str(value) or '""' for value in found["enum"])
    if "const" in found:
        return str(found["const"]) or '""'
    match found.get("type"):
        case "string":
            return {"uuid": "UUID", "date-time": "time (ISO 8601)", "date": "date", "binary": "file"}.get(
                found.get("format", ""), "text"
            )
        case "array":
            return f"list of {type_of(found.get('items', {}), shapes)}"
        case "object" if "properties" not in found and isinstance(found.get("additionalProperties"), Mapping):
            return f"object of {type_of(found['additionalProperties'], shapes)}"
        case str(kind):
            return _WORDS[kind]
        case _:
            return "anything"


def _fields(
    schema: Schema, shapes: Mapping[str, Schema], within: str, depth: int, seen: tuple[str, ...]
) -> Iterator[Field]:
    found = something(schema)
    if "$ref" in found:
        if name_of(found) in seen:
            return
        seen = (*seen, name_of(found))
    found = resolved(found, shapes)
    if found.get("type") == "array":
        yield from _fields(found.get("items", {}), shapes, f"{within}[]", depth, seen)
        return
    required = found.get("required", ())
    for name, of_field in found.get("properties", {}).items():
        path = f"{within}.{name}" if within else name
        says = str(resolved(of_field, shapes).get("description") or of_field.get("description") or "")
        yield Field(path, type_of(of_field, shapes), name in required, says)
        if depth > 1:
            yield from _fields(of_field, shapes, path, depth - 1, seen)
