"""The schemas of a backup: out of the registry, and back under the ids that records carry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from schemas.compatibility import LEVEL
from schemas.registry import Registry, RegistryError, placements, subject_of
from streams.backup.files import Folder
from streams.backup.manifest import Kept, NotRestorable

FILE: Final = "schemas"
NOT_THERE: Final = 404
#: Answers of a registry that has no modes of subjects, or lets nobody set them.
UNKNOWN: Final = (404, 405)
#: The mode is unknown to it.
NO_SUCH_MODE: Final = 42204
#: The mode is known, and refused at this moment.
NOT_NOW: Final = 422


@dataclass(frozen=True, slots=True)
class KeptSchema:
    """One version of a subject. `schema` is its text."""

    subject: str
    version: int
    id: int
    schema: str


def keep(registry: Registry, folder: Folder) -> Kept:
    """Write all schemas of the declared topics into a file. Raises RegistryError, OSError."""
    found = []
    ours = {subject_of(topic, type_) for topic, type_ in placements()}
    for subject in sorted(ours.intersection(registry.subjects())):
        for version in registry.call("GET", f"/subjects/{subject}/versions"):
            said = registry.call("GET", f"/subjects/{subject}/versions/{version}")
            found.append(KeptSchema(subject, int(said["version"]), int(said["id"]), said["schema"]))
    out = folder.packing(FILE)
    for one in found:
        out.write(json.dumps(asdict(one)).encode() + b"\n")
    return out.close(len(found))


def read(folder: Folder, name: str) -> list[KeptSchema]:
    """Return the schemas of a backup, from the file of that name. Raises NotRestorable as `Folder.lines`."""
    return [KeptSchema(**json.loads(line)) for line in folder.lines(name)]


def missing(registry: Registry, kept: Sequence[KeptSchema]) -> list[KeptSchema]:
    """Return what the registry lacks. Raises NotRestorable where an id stands for something else there."""
    there = set(registry.subjects())
    lacking = []
    for one in kept:
        same, raw = _of_id(registry, one.id), json.loads(one.schema)
        if same is not None and same != raw:
            raise NotRestorable(
                f"the registry has another schema under id {one.id}, which records of the backup carry: delete the"
                " schemas there, or give a registry that is empty"
            )
        known = _lookup(registry, one.subject, raw) if one.subject in there else None
        if known not in (None, one.id):
            raise NotRestorable(
                f"the registry has {one.subject} under id {known}, and records carry {one.id}: delete it there"
            )
        if known is None:
            lacking.append(one)
    return lacking


def bring_back(registry: Registry, kept: Sequence[KeptSchema], lacking: Sequence[KeptSchema]) -> None:
    """Register each that is lacking under its id; then no kept subject imports, also of a restore that died before.

    Raises NotRestorable where the registry gives another id, or takes none.
    """
    subjects = list(dict.fromkeys(one.subject for one in lacking))
    try:
        for subject in subjects:
            _import(registry, sorted((one for one in lacking if one.subject == subject), key=lambda one: one.version))
    finally:
        for subject in dict.fromkeys(one.subject for one in kept):
            _mode(registry, "DELETE", subject)
    for subject in subjects:
        registry.set_compatibility(subject, LEVEL)


def _import(registry: Registry, versions: Sequence[KeptSchema]) -> None:
    """Register the versions of one subject, oldest first."""
    subject = versions[0].subject
    try:
        importing = _mode(registry, "PUT", subject, {"mode": "IMPORT"})
    except RegistryError as error:
        if error.status != NOT_NOW:
            raise
        raise NotRestorable(
            f"the registry does not let {subject} take ids as they are given (mode IMPORT): {error}. Delete its"
            " versions there, or give a registry that is empty"
        ) from error
    for one in versions:
        body: dict[str, Any] = {"schema": one.schema}
        if importing:
            body |= {"id": one.id, "version": one.version}
        got = int(registry.call("POST", f"/subjects/{subject}/versions", body)["id"])
        if got != one.id:
            raise NotRestorable(
                f"the registry gave {subject} the id {got}, and records carry {one.id}: it has to take ids as they"
                " are given (mode IMPORT)"
            )


def _mode(registry: Registry, method: str, subject: str, body: object = None) -> bool:
    """Set or take back the mode of a subject; say whether the registry knows of such modes, or had one."""
    try:
        registry.call(method, f"/mode/{subject}", body)
    except RegistryError as error:
        if error.status in UNKNOWN or error.code == NO_SUCH_MODE:
            return False
        raise
    return True


def _of_id(registry: Registry, schema_id: int) -> Any:
    try:
        return registry.schema(schema_id)
    except RegistryError as error:
        if error.status == NOT_THERE:
            return None
        raise


def _lookup(registry: Registry, subject: str, raw: dict[str, Any]) -> int | None:
    try:
        return registry.lookup(subject, raw)
    except RegistryError as error:
        if error.status == NOT_THERE:
            return None
        raise
