"""The manifest of a backup: format, version, files with checksums, and how far the log goes.

It is the last that is written: a folder without it is no backup.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

#: Rises with every change of what files hold. Only the same number is restored.
FORMAT: Final = 2
NAME: Final = "manifest.json"
_DIGEST: Final = "digest"


class NotRestorable(Exception):  # noqa: N818 - says what it is
    """It is no whole backup, or none for this version. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file. `rows` are the rows, records or schemas in it."""

    name: str
    size: int
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table, `schema.name`, with the columns in the order of its file."""

    name: str
    columns: tuple[str, ...]
    file: Kept


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic. By partition: the offset of its first record, and the one after its last."""

    name: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    file: Kept


@dataclass(frozen=True, slots=True)
class Manifest:
    """`changes` are the tables and migrations that were applied, with their digests; `set` numbers the functions.

    `made_at` is the moment that all of it shows, in seconds since 1970 UTC by the database's clock. `positions` are
    those of the consumer groups: [topic, partition, next offset]. `sequences`: the last number each has given.
    `recipients`: the public keys that its files are encrypted to; none: they are not.
    """

    made_at: float
    version: str
    set: int
    set_digest: str
    changes: Mapping[str, str]
    tables: tuple[Table, ...]
    sequences: Mapping[str, int]
    topics: tuple[Topic, ...]
    positions: Mapping[str, tuple[tuple[str, int, int], ...]]
    schemas: Kept
    recipients: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Kept, ...]:
        """Return every file but the manifest itself."""
        return (*(table.file for table in self.tables), *(topic.file for topic in self.topics), self.schemas)

    @property
    def rows(self) -> int:
        return sum(table.file.rows for table in self.tables)

    @property
    def records(self) -> int:
        return sum(topic.file.rows for topic in self.topics)


def to_text(manifest: Manifest) -> str:
    """Return the manifest as it is written."""
    said = {"format": FORMAT, **asdict(manifest)}
    return json.dumps({**said, _DIGEST: _digest(said)}, indent=1) + "\n"


def from_text(text: str) -> Manifest:
    """Return what was written. Raises NotRestorable, for another format before anything else of it is read."""
    try:
        said = json.loads(text)
        found = said.pop("format")
    except (ValueError, KeyError, AttributeError, TypeError):
        raise NotRestorable(f"{NAME} is damaged: it cannot be read") from None
    if found != FORMAT:
        raise NotRestorable(
            f"this backup has format {found}, and this version restores format {FORMAT} alone: restore it with"
            f" version {said.get('version', 'that made it')}"
        )
    if said.pop(_DIGEST, None) != _digest({"format": FORMAT, **said}):
        raise NotRestorable(f"{NAME} is damaged: it does not fit its own checksum")
    return Manifest(
        **{
            **said,
            "tables": tuple(Table(t["name"], tuple(t["columns"]), Kept(**t["file"])) for t in said["tables"]),
            "topics": tuple(
                Topic(t["name"], tuple(t["starts"]), tuple(t["ends"]), Kept(**t["file"])) for t in said["topics"]
            ),
            "positions": {
                group: tuple((topic, partition, offset) for topic, partition, offset in places)
                for group, places in said["positions"].items()
            },
            "schemas": Kept(**said["schemas"]),
            "recipients": tuple(said["recipients"]),
        }
    )


def why_not_here(manifest: Manifest, changes: Mapping[str, str], number: int, digest: str) -> str:
    """Return why a database of this version cannot take the backup; empty where it can."""
    made_by = f"it was made by version {manifest.version} (set {manifest.set} of the functions)"
    way = f"restore it with version {manifest.version}, then go on to this one as in any upgrade"
    if manifest.set != number or manifest.set_digest != digest:
        than = "newer" if manifest.set > number else "older" if manifest.set < number else "another"
        return f"this backup is of {than} functions than set {number} of this version: {made_by}; {way}"
    if different := sorted(
        name for name in {*manifest.changes, *changes} if manifest.changes.get(name) != changes.get(name)
    ):
        return f"this backup is of other tables ({', '.join(different[:5])}): {made_by}; {way}"
    return ""


def _digest(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
