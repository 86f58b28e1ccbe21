"""Golden events: one of every type and version, as JSON and as the Avro bytes that were in the log then."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
SUMS = EXAMPLES / "SHA256SUMS"
JSON, AVRO = ".json", ".avro.b64"


@dataclass(frozen=True)
class Golden:
    """`record` is the flat Avro record, `body` its bytes without the frame (ids differ from registry to registry)."""

    type: str
    version: int
    record: dict[str, Any]
    body: bytes

    def __str__(self) -> str:
        return f"{self.type}.v{self.version}"


def golden(type_: str, version: int, folder: Path = EXAMPLES) -> Golden:
    """Read one. Raises FileNotFoundError, naming the file that is missing: `make golden` makes it."""
    stem = folder / f"{type_}.v{version}"
    return Golden(
        type_,
        version,
        json.loads(stem.with_name(stem.name + JSON).read_text("utf-8")),
        base64.b64decode(stem.with_name(stem.name + AVRO).read_text("ascii")),
    )
