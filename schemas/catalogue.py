"""The Avro files as parsed schemas. The newest version of a type is the reader schema for all of its versions."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from fastavro import parse_schema

_FILE = re.compile(r"^(?P<type>[a-z0-9_.]+)\.v(?P<version>\d+)\.avsc$")


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """One version of one event type: `raw` is the file's JSON, `parsed` what fastavro works with."""

    type: str
    version: int
    raw: dict[str, Any]
    parsed: Any


@cache
def versions() -> dict[str, tuple[SchemaVersion, ...]]:
    """Return every version of every event type, oldest first."""
    found: dict[str, list[SchemaVersion]] = {}
    for file in resources.files("schemas").joinpath("avro").iterdir():
        match = _FILE.match(file.name)
        if match is None:
            continue
        raw = json.loads(file.read_text("utf-8"))
        # a fresh registry of names for each file: two versions share their names
        parsed = parse_schema(raw, named_schemas={})
        found.setdefault(match["type"], []).append(SchemaVersion(match["type"], int(match["version"]), raw, parsed))
    return {t: tuple(sorted(v, key=lambda s: s.version)) for t, v in sorted(found.items())}


@cache
def newest(type_: str) -> SchemaVersion:
    """Return the newest schema of a type. Raises KeyError for an unknown one."""
    return versions()[type_][-1]


@cache
def types_by_record() -> dict[str, str]:
    """Return Avro full name -> event type."""
    return {f"{v[-1].raw['namespace']}.{v[-1].raw['name']}": t for t, v in versions().items()}
