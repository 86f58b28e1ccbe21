"""What each process may do in the database, as statements of its owner: by reach.toml, and by what its calls do there.

Functions and triggers run with the rights of who calls them, so who may call those of a schema may what they may.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from schemas.database import files

#: Package -> its processes. Each has a user of its own, `marketplace_<process>`, in the package's role.
PROCESSES: Final[Mapping[str, tuple[str, ...]]] = {
    "gateway": ("gateway", "alerts"),
    "streams": ("worker", "runner", "pump", "watchdog"),
    "projections": ("projections",),
}
#: What every process does, whatever its package: it says that it lives.
_OF_ALL: Final = "schemas"
_WRITE: Final = "insert, update, delete"

_NAME: Final = r"([a-z]+)\.([a-z_]+)"
_READ: Final = re.compile(rf"\b(?:from|join|using)\s+{_NAME}", re.IGNORECASE)
_WRITTEN: Final = re.compile(rf"\b(?:insert\s+into|update|delete\s+from)\s+{_NAME}", re.IGNORECASE)
_TABLE: Final = re.compile(rf"create (?:table|view)(?: if not exists)? {_NAME}")
#: What only the owner's commands reach: migrations with the triggers that they make, backup and restore.
_OF_COMMANDS: Final[Mapping[str, frozenset[str]]] = {
    "schemas": frozenset({"audit", "decide"}),
    "streams": frozenset({"access", "public"}),
    "projections": frozenset({"public"}),
}
_TRIGGER: Final = re.compile(
    r"create\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\b[^;]*?\bon\s+([a-z]+)\.[^;]*?execute\s+function\s+([a-z]+)\.",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"--[^\n]*")

#: Schema -> verbs.
Reach = Mapping[str, Mapping[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Rights:
    """Schemas that are read and written whole, and single tables that only the functions which are called do so."""

    read: frozenset[str]
    written: frozenset[str]
    read_tables: frozenset[str]
    written_tables: frozenset[str]

    @property
    def schemas(self) -> frozenset[str]:
        """All of which something is read or written."""
        return self.read | {table.partition(".")[0] for table in self.read_tables | self.written_tables}


def rights(package: str) -> Rights:
    """Return what the processes of a package may do."""
    reach, functions = _reach()
    own = [{k: v for k, v in reach[p].items() if k not in _OF_COMMANDS.get(p, ())} for p in (package, _OF_ALL)]
    running: set[str] = set()  # schemas whose functions run: by a call, or as triggers of what is written
    left: list[Mapping[str, list[str]]] = [*own]
    while left:
        for schema, verbs in left.pop().items():
            runs = ({schema} if "call" in verbs else set()) | (_fired(schema) if "write" in verbs else set())
            left += [functions.get(one, {}) for one in runs - running]
            running |= runs
    whole = {verb: frozenset(s for of in own for s, verbs in of.items() if verb in verbs) for verb in ("read", "write")}
    read, written = (
        frozenset(t for s in running for t in _named_by(s, how) if t.partition(".")[0] not in whole[verb])
        for how, verb in ((_READ, "read"), (_WRITTEN, "write"))
    )
    return Rights(whole["read"], whole["write"], read, written)


def role_of(package: str) -> str:
    """Return the role of a package's processes, which nobody signs in as."""
    return f"marketplace_{package}_processes"


def statements() -> Iterator[str]:
    """Yield the statements, in order: roles, by who may make them; then rights, by the owner of the tables.

    They may be run again, as after a migration that brings tables which only functions write.
    """
    for package, processes in PROCESSES.items():
        yield _made(f"{role_of(package)} nologin")
        for process in processes:
            yield _made(f"marketplace_{process} login in role {role_of(package)}")
    for package in PROCESSES:
        role, may = role_of(package), rights(package)
        yield f"grant usage on schema {', '.join(sorted(may.schemas))} to {role};"
        for schema in sorted(may.read):
            yield from _now_and_later(schema, "select on", "tables", role)
        for schema in sorted(may.written):
            yield from _now_and_later(schema, f"{_WRITE} on", "tables", role)
            yield from _now_and_later(schema, "usage on", "sequences", role)
        for tables, privileges in ((may.read_tables, "select"), (may.written_tables, f"select, {_WRITE}")):
            if tables:
                yield f"grant {privileges} on {', '.join(sorted(tables))} to {role};"


def _made(role: str) -> str:
    return f"do $$ begin create role {role}; exception when duplicate_object then null; end $$;"


def _now_and_later(schema: str, what: str, kind: str, role: str) -> Iterator[str]:
    yield f"grant {what} all {kind} in schema {schema} to {role};"
    yield f"alter default privileges in schema {schema} grant {what} {kind} to {role};"


def _named_by(schema: str, how: re.Pattern[str]) -> set[str]:
    """Return the tables that the functions of a schema read or write, as their texts say."""
    texts = (_COMMENT.sub("", f.sql) for f in files().functions if f.name.startswith(f"{schema}/"))
    named = {f"{of}.{table}".lower() for text in texts for of, table in how.findall(text)}
    return named & _tables()


@cache
def _tables() -> frozenset[str]:
    texts = (file.sql for file in (*files().tables, *files().migrations))
    return frozenset(f"{of}.{table}" for text in texts for of, table in _TABLE.findall(text))


@cache
def _fired(schema: str) -> set[str]:
    """Return the schemas of the functions that triggers of a schema's tables call."""
    texts = (_COMMENT.sub("", file.sql) for file in (*files().tables, *files().migrations))
    return {called for text in texts for of, called in _TRIGGER.findall(text) if of == schema}


@cache
def _reach() -> tuple[Reach, Reach]:
    """Return what packages reach, and what the functions of each schema do."""
    raw = tomllib.loads((resources.files("schemas.database") / "reach.toml").read_text("utf-8"))
    functions: Reach = raw.pop("functions")
    return raw, functions
