"""What may be registered: the schema itself, and its compatibility with the versions before it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import fastavro
from fastavro.schema import SchemaParseException, UnknownType

from local.registry.errors import invalid_level, invalid_mode, invalid_schema, invalid_version
from schemas.compatibility import Schema, incompatibilities, parse

LEVELS = frozenset(
    {"NONE", "BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE"}
)
DEFAULT_LEVEL = "BACKWARD"


@dataclass(frozen=True)
class Candidate:
    """A schema that was sent to us. Two that differ in white space or key order only are the same schema."""

    parsed: Schema
    text: str
    fingerprint: bytes


def candidate(body: Any) -> Candidate:
    """Check a request body `{"schema": "...", "schemaType": "AVRO"}`; raises RegistryError 42201."""
    if not isinstance(body, dict) or not isinstance(body.get("schema"), str):
        raise invalid_schema("the body must be a JSON object with a string `schema`")
    if body.get("schemaType", "AVRO") != "AVRO":
        raise invalid_schema(f"schemaType {body['schemaType']} is not supported, only AVRO")
    if body.get("references"):
        raise invalid_schema("references are not supported; a schema contains all that it names")
    return _checked(body["schema"])


@lru_cache(maxsize=256)
def _checked(schema: str) -> Candidate:
    """Check a schema. Each process asks for all of them when it starts: those of ours are checked once."""
    try:
        parsed: Schema = json.loads(schema)
        parse(parsed)
        fastavro.parse_schema(parsed)
    except (ValueError, TypeError, KeyError, AttributeError, SchemaParseException, UnknownType) as error:
        raise invalid_schema(f"{type(error).__name__}: {error}") from None
    text = json.dumps(parsed, separators=(",", ":"), ensure_ascii=False)
    canonical = json.dumps(parsed, separators=(",", ":"), sort_keys=True)
    return Candidate(parsed, text, hashlib.sha256(canonical.encode()).digest())


def level_of(body: Any) -> str:
    """Return the level that a request body `{"compatibility": "..."}` names; raises RegistryError 42203."""
    level = body.get("compatibility") if isinstance(body, dict) else None
    if not isinstance(level, str) or level.upper() not in LEVELS:
        raise invalid_level(level)
    return level.upper()


def given_of(body: Any) -> tuple[int, int] | None:
    """Return the id and the version that a body wants for its schema; None where it leaves both to the registry.

    Raises RegistryError 42201.
    """
    given = (body.get("id"), body.get("version"))
    if given == (None, None):
        return None
    schema_id, version = given
    if not isinstance(schema_id, int) or not isinstance(version, int) or min(schema_id, version) < 1:
        raise invalid_schema("`id` and `version` are whole numbers from 1 on, and come together")
    return schema_id, version


def is_import(body: Any) -> bool:
    """Return whether a body `{"mode": "..."}` says IMPORT, not READWRITE; raises RegistryError 42204."""
    mode = body.get("mode") if isinstance(body, dict) else None
    if mode not in ("IMPORT", "READWRITE"):
        raise invalid_mode(mode)
    return bool(mode == "IMPORT")


def version_of(text: str) -> int | None:
    """Return the number in a path, None for `latest` (and -1, its old name); raises RegistryError 42202."""
    if text in {"latest", "-1"}:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) < 2**31:
        raise invalid_version(text)
    return int(text)


def violations(level: str, new: Schema, earlier: Sequence[tuple[int, Schema]]) -> list[str]:
    """Return why `new` may not follow the `earlier` versions (number, schema), oldest first, at this level."""
    compared = earlier if level.endswith("_TRANSITIVE") else earlier[-1:]
    found: list[str] = []
    for number, old in compared:
        if level.startswith(("BACKWARD", "FULL")):
            reasons = incompatibilities(reader=new, writer=old)
            found += [f"the new schema cannot read version {number}: {reason}" for reason in reasons]
        if level.startswith(("FORWARD", "FULL")):
            reasons = incompatibilities(reader=old, writer=new)
            found += [f"version {number} cannot read the new schema: {reason}" for reason in reasons]
    return found
