"""Finds the tables that a text of SQL reads and writes, and the functions that it calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from schemas.database import files

SCHEMAS: Final = ("access", "audit", "decide", "flow", "rm", "public")
_NAME: Final = rf"\b({'|'.join(SCHEMAS)})\.([a-z_]+)\b"
_NAMED: Final = re.compile(_NAME, re.IGNORECASE)
_COMMENT: Final = re.compile(r"--[^\n]*")
_WRITE: Final = re.compile(
    rf"\b(?:insert\s+into|update|delete\s+from|truncate|(?:create|alter)\s+table(?:\s+if\s+not\s+exists)?)\s+{_NAME}",
    re.IGNORECASE,
)
_CALL: Final = re.compile(rf"{_NAME}\s*\(")
_TABLE: Final = re.compile(rf"create (?:table|view|type)(?: if not exists)? {_NAME}")
_TRIGGER: Final = re.compile(
    rf"create\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\b[^;]*?\bon\s+{_NAME}[^;]*?execute\s+function\s+{_NAME}",
    re.IGNORECASE,
)

_CHANGE: Final = re.compile(rf"\b(insert|update|delete)\s+(?:into\s+|from\s+)?{_NAME}", re.IGNORECASE)
_READS_WHAT_IT_INSERTS: Final = re.compile(r"\bon\s+conflict\b|\breturning\b", re.IGNORECASE)
_OR_UPDATES: Final = re.compile(r"\bdo\s+update\b", re.IGNORECASE)

_LOCK: Final = re.compile(r"\bfor\s+(?:no\s+key\s+|key\s+)?(?:update|share)\b(?:\s+of\s+(\w+))?", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_WORD: Final = re.compile(r"[();]|\bfrom\b", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Use:
    """One thing that a file, or a function of the database, does with something in the database."""

    where: str
    verb: str
    what: str

    @property
    def package(self) -> str:
        """Return the package that does it, or `functions.<schema>`."""
        return self.where.split("/")[0] if "/" in self.where else f"functions.{self.where.split('.')[0]}"

    @property
    def schema(self) -> str:
        return self.what.split(".")[0]


@cache
def tables() -> frozenset[str]:
    """Return the names of all tables, views and types."""
    texts = [file.sql for file in (*files().tables, *files().migrations)]
    return frozenset(f"{s}.{n}" for text in texts for s, n in _TABLE.findall(text))


def in_sql(where: str, text: str) -> Iterator[Use]:
    """Yield what a statement does. A name before a bracket is a call, unless it is the table of an insert."""
    if not _NAMED.search(text):
        return
    text = _COMMENT.sub("", text)
    written = {match.start(1) for match in _WRITE.finditer(text)}
    for match in _WRITE.finditer(text):
        yield Use(where, "write", f"{match[1]}.{match[2]}")
    called = {match.start(1) for match in _CALL.finditer(text)} - written
    for match in _NAMED.finditer(text):
        name = f"{match[1]}.{match[2]}"
        if match.start(1) in written:
            continue
        if name in tables() or match[1] == "public":
            yield Use(where, "read", name)
        elif match.start(1) in called:
            yield Use(where, "call", name)


def changed(text: str) -> set[tuple[str, str]]:
    """Return the rights that the changes in a text need, as Postgres names them, each with its table.

    An update or delete also needs `select`, because it looks for its rows. A row lock needs `select` and `update`.
    """
    text = _COMMENT.sub("", text)
    found = {(right, table) for table in locked(text) for right in ("select", "update")}
    changes = list(_CHANGE.finditer(text))
    for n, change in enumerate(changes):
        right, table = change[1].lower(), f"{change[2]}.{change[3]}"
        rest = text[change.end() : changes[n + 1].start() if n + 1 < len(changes) else len(text)]
        found.add((right, table))
        if right != "insert" or _READS_WHAT_IT_INSERTS.search(rest):
            found.add(("select", table))
        if _OR_UPDATES.search(rest):
            found.add(("update", table))
    return {(right, table) for right, table in found if table in tables()}


def locked(text: str) -> set[str]:
    """Return the tables whose rows a text locks (`for update`, `for share`)."""
    text = _COMMENT.sub("", text)
    found = set()
    for lock in _LOCK.finditer(text):
        of = _without_brackets(text[_begins(text, lock.start()) : lock.start()])
        alias = rf"\s+(?:as\s+)?{lock[1]}\b" if lock[1] else ""
        found |= {f"{schema}.{name}" for schema, name in re.findall(_NAME + alias, of, re.IGNORECASE)}
    return found & tables()


def _without_brackets(text: str) -> str:
    before = ""
    while before != text:
        before, text = text, _BRACKETS.sub(" ", text)
    return text


def _begins(text: str, end: int) -> int:
    """Return the position of the `from` that a clause at `end` belongs to. Subqueries in brackets are skipped."""
    depth = 0
    for word in reversed(list(_WORD.finditer(text, 0, end))):
        if word[0] == ")":
            depth += 1
        elif depth and word[0] == "(":
            depth -= 1
        elif not depth:
            return word.start()
    return 0


@cache
def in_functions() -> frozenset[Use]:
    """Return which tables and functions each function of the database uses, without calls between its overloads."""
    return frozenset(
        use
        for function in files().functions
        for use in in_sql(function.qualified, function.definition)
        if use.what != function.qualified
    )


@cache
def fired() -> dict[str, frozenset[str]]:
    """Return table -> the functions of its triggers."""
    found: dict[str, set[str]] = {}
    for file in (*files().tables, *files().migrations):
        for on_schema, table, of, function in _TRIGGER.findall(_COMMENT.sub("", file.sql)):
            found.setdefault(f"{on_schema}.{table}", set()).add(f"{of}.{function}")
    return {table: frozenset(functions) for table, functions in found.items()}
