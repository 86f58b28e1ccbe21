"""Publish in the schema which members of a request belong together; the shape itself checks the same rules.

Parts of a JSON Schema, for `json_schema_extra`. Members go by their published names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

Schema = dict[str, Any]

NULL: Final[Schema] = {"type": "null"}
NOT_NULL: Final[Schema] = {"not": NULL}
#: A text that says something.
SAID: Final[Schema] = {"type": "string", "minLength": 1, "pattern": r"\S"}
#: No control characters, but for ends of lines and tabs.
STORABLE: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
#: One line without control characters.
ONE_LINE: Final = r"^[^\x00-\x1f\x7f]*$"
#: The same without what nobody sees, or what turns the direction of a text.
SEEN_LINE: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*$"
#: What the headers of a command hold, save for blanks around them: a key of the caller's, the ETag of a version.
IDEMPOTENCY_KEY: Final = r"[\x21-\x7e]{1,200}"
ETAG: Final = r'"([0-9]{1,9})"'


def with_members(**members: Schema) -> Schema:
    """Return what is true where these members are there and so."""
    return {"required": list(members), "properties": members}


def one_of(*names: str) -> Schema:
    """Return that exactly one of the members is given; null is as if it were left out."""
    return {
        "oneOf": [
            {"required": [name], "properties": {other: NOT_NULL if other == name else NULL for other in names}}
            for name in names
        ]
    }


def any_of(*names: str) -> Schema:
    """Return that at least one of the members is given, and is not null."""
    return {"anyOf": [with_members(**{name: NOT_NULL}) for name in names]}


def needed_unless(name: str, harmless: Sequence[Any], needed: str) -> Schema:
    """Return that `needed` is a text that says something, unless the member `name` has one of the harmless values."""
    return {"anyOf": [with_members(**{name: {"enum": list(harmless)}}), with_members(**{needed: SAID})]}
