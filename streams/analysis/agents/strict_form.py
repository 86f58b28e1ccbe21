"""The answer's shape as a JSON schema in the strict dialect that chat servers take: every field, and no other."""

from __future__ import annotations

from typing import Any, Final

from .shape import AnswerShape

#: What strict servers turn down, or read differently; the limits are kept when the answer is read.
_LEFT_OUT: Final = frozenset(
    {
        *("title", "default", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"),
        *("description", "format", "pattern"),
    }
)


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of pydantic's in the strict dialect: all fields required, none beside them, no references."""
    return _strict(schema, schema.get("$defs", {}))


def _strict(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return _strict(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    made: dict[str, Any] = {}
    for name, value in schema.items():
        if name in _LEFT_OUT or name == "$defs":
            continue
        if name == "properties":
            made[name] = {field: _strict(inner, definitions) for field, inner in value.items()}
        elif name == "anyOf":
            made[name] = [_strict(inner, definitions) for inner in value]
        elif name == "items":
            made[name] = _strict(value, definitions)
        else:
            made[name] = value
    if "properties" in made:
        made["required"] = list(made["properties"])
        made["additionalProperties"] = False
    return made


STRICT_FORM: Final = strict(AnswerShape.model_json_schema())
