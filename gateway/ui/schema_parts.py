"""The parts of a JSON schema: what it refers to, which of several holds something, how its fields go together. Pure.

Schemas are those of the OpenAPI document; `shapes` are its named ones (`components.schemas`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]


def resolved(schema: Schema, shapes: Mapping[str, Schema]) -> Schema:
    """Return a schema with what it refers to in its place; of several, all together."""
    if "$ref" in schema:
        return {**resolved(shapes[name_of(schema)], shapes), **{k: v for k, v in schema.items() if k != "$ref"}}
    if "allOf" in schema:
        together: dict[str, Any] = {}
        for part in schema["allOf"]:
            patterns = [one["pattern"] for one in (together, resolved(part, shapes)) if "pattern" in one]
            together |= resolved(part, shapes)
            if len(patterns) > 1:
                together["pattern"] = "".join(rf"(?=[\s\S]*?{pattern})" for pattern in patterns)
        return {**together, **{k: v for k, v in schema.items() if k != "allOf"}}
    return schema


def name_of(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def ways(schema: Schema) -> Sequence[Schema]:
    """Return what a schema with fields demands of them beside their own schemas: one of these."""
    several: Sequence[Schema] = schema.get("oneOf") or schema.get("anyOf") or ()
    return several if "properties" in schema else ()


def narrowed(schema: Schema, way: Schema) -> Schema:
    """Return a schema whose fields hold what one way demands: what has to be nothing is left out."""
    properties = dict(schema["properties"])
    for name, demanded in way.get("properties", {}).items():
        if demanded.get("type") == "null":
            properties.pop(name, None)
        elif "not" not in demanded:
            properties[name] = {**properties[name], **demanded}
    required = [*schema.get("required", ()), *(one for one in way.get("required", ()) if one in properties)]
    made = {k: v for k, v in schema.items() if k not in ("oneOf", "anyOf")}
    made |= {"properties": properties, "required": list(dict.fromkeys(required))}
    deeper: Sequence[Schema] = way.get("anyOf") or way.get("oneOf") or ()
    return narrowed(made, deeper[0]) if deeper else made


def something(schema: Schema) -> Schema:
    """Return the one of several schemas that is not nothing; the schema itself where it is one."""
    several: Sequence[Schema] = () if "properties" in schema else schema.get("anyOf") or schema.get("oneOf") or ()
    return next((one for one in several if one.get("type") != "null" and one.get("const") != ""), schema)
