"""The rights of each process in the database, as SQL for the owner: by what its modules use and call.

Functions and triggers run with the rights of who calls them, so who may call one may do what it does.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from schemas.database import files
from schemas.database.sql_uses import changed, fired, in_functions, tables

#: Package -> its processes. Each has a user of its own, `marketplace_<process>`.
PROCESSES: Final[Mapping[str, tuple[str, ...]]] = {
    "gateway": ("gateway", "alerts"),
    "streams": ("worker", "runner", "pump", "watchdog"),
    "projections": ("projections",),
}
#: What each process does: made from the sources of its modules (tests/support/process_reach.py).
REACH: Final = "processes.toml"
#: Process -> the schema that is written whole: statements of the read models name no schema, theirs is a search path.
_WHOLE: Final[Mapping[str, str]] = {"projections": "rm"}
#: Table -> the columns that who inserts a row says. The others are the database's, which numbers it, and the relay's:
#: no row is one that was sent, or is older than seals, because who wrote it says so.
_SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "decide.outbox": (
        *("event_id", "topic", "key", "type", "stream", "version", "occurred_at", "causation_id", "correlation_id"),
        *("actor", "data", "traceparent", "link", "raw", "raw_headers", "seal"),
    )
}
#: What was applied to a database is the owner's to know and to change, and so is whatever is done to tables.
_OF_THE_OWNER: Final = "public"
#: The rights to change a table, and what a process has of them in REACH.
_CHANGES: Final[Mapping[str, str]] = {"insert": "inserts", "update": "updates", "delete": "deletes"}


@dataclass(frozen=True, slots=True)
class Rights:
    """The tables that a process may read and change. In schema `whole` it may change every table, later ones too."""

    read: frozenset[str]
    changed: Mapping[str, frozenset[str]]
    whole: str = ""

    @property
    def written(self) -> frozenset[str]:
        """The tables that the process may change in any way."""
        return frozenset().union(*self.changed.values())

    @property
    def schemas(self) -> tuple[str, ...]:
        """The database schemas in which the process reads or writes, sorted."""
        return tuple(sorted({table.partition(".")[0] for table in self.read | self.written} | ({self.whole} - {""})))


def rights(process: str) -> Rights:
    """Return the rights of a process, derived from the SQL of its modules and of the functions that they call."""
    done = _reach()[process]
    whole = _WHOLE.get(process, "")
    read, running = set(done["reads"]), set[str]()
    changes = {(right, table) for right, listed in _CHANGES.items() for table in done[listed]}
    if whole:
        changes |= {(right, table) for right in _CHANGES for table in tables() if table.startswith(f"{whole}.")}
    left = {*done["calls"], *_fired_by(changes)}
    while left:
        function = left.pop()
        running.add(function)
        reads, does, calls = _done_by(function)
        read |= reads
        changes |= does
        left |= {*calls, *_fired_by(does)} - running
    ours = {table for table in _kinds() if not table.startswith(f"{_OF_THE_OWNER}.")}
    by_right = {right: frozenset(table for one, table in changes if one == right) & ours for right in _CHANGES}
    if whole:  # all of it is looked at, too
        read |= {table for table in ours if table.startswith(f"{whole}.")}
    return Rights(frozenset(read & ours), MappingProxyType(by_right), whole)


def user_of(process: str) -> str:
    """Return the user that a process signs in as."""
    return f"marketplace_{process}"


def statements(*, added: bool = False) -> Iterator[str]:
    """Yield the statements, in order: users, by who may make them; then rights, by the owner of the tables.

    One transaction changes all rights. `added`: only give rights, because processes of the version before still run;
    without it, rights that a process no longer needs are revoked.
    """
    users = [user_of(process) for found in PROCESSES.values() for process in found]
    for user in users:
        yield f"do $$ begin create role {user} login; exception when duplicate_object then null; end $$;"
    yield "begin;"
    schemas = ", ".join(sorted({table.partition(".")[0] for table in tables()} - {_OF_THE_OWNER}))
    for kind in () if added else ("tables", "sequences"):
        yield f"revoke all on all {kind} in schema {schemas} from {', '.join(users)};"
    for process in (one for found in PROCESSES.values() for one in found):
        yield from _granted(user_of(process), rights(process))
    yield "commit;"


def _granted(user: str, may: Rights) -> Iterator[str]:
    yield f"grant usage on schema {', '.join(may.schemas)} to {user};"
    kinds = _kinds()
    yield f"grant select on {', '.join(sorted(may.read))} to {user};"
    for right, on in may.changed.items():
        these = sorted(table for table in on if kinds[table] == "table")
        in_part = {table: _SAID[table] for table in these if right == "insert" and table in _SAID}
        if whole := [table for table in these if table not in in_part]:
            yield f"grant {right} on {', '.join(whole)} to {user};"
        for table, columns in in_part.items():
            yield f"grant {right} ({', '.join(columns)}) on {table} to {user};"
    if schemas := sorted({table.partition(".")[0] for table in may.changed["insert"]}):
        yield f"grant usage on all sequences in schema {', '.join(schemas)} to {user};"
    if may.whole:
        all_of_it = ", ".join(("select", *_CHANGES))
        yield f"grant {all_of_it} on all tables in schema {may.whole} to {user};"
        yield f"alter default privileges in schema {may.whole} grant {all_of_it} on tables to {user};"


@cache
def _done_by(function: str) -> tuple[frozenset[str], frozenset[tuple[str, str]], frozenset[str]]:
    """Return the tables that a function reads, the rights that its changes need, and the functions that it calls."""
    uses = [use for use in in_functions() if use.where == function]
    read, called = (frozenset(use.what for use in uses if use.verb == verb) for verb in ("read", "call"))
    texts = [of.definition for of in files().functions if of.qualified == function]
    does = frozenset[tuple[str, str]]().union(*map(changed, texts))
    looked_at = {table for right, table in does if right == "select"}
    return read | looked_at, frozenset((right, table) for right, table in does if right != "select"), called


def _fired_by(changes: Iterable[tuple[str, str]]) -> set[str]:
    """Return the trigger functions that these changes run."""
    return {name for _, table in changes for name in fired().get(table, ())}


@cache
def _kinds() -> dict[str, str]:
    """Return name -> `table` or `view`; types are left out."""
    made = re.compile(r"create (table|view)(?: if not exists)? ([a-z]+\.[a-z_]+)")
    return {name: kind for file in (*files().tables, *files().migrations) for kind, name in made.findall(file.sql)}


@cache
def _reach() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads((resources.files("schemas.database") / REACH).read_text("utf-8"))
