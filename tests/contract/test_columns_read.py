"""Each column of the database is read by something: what is only written tells nobody anything.

A column is looked for by its name alone, so one that shares its name with a read column of another table is let pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.support.sources import PACKAGES, ROOT

_TABLE = re.compile(r"create (?:unlogged )?table (?:if not exists )?([a-z_]+\.[a-z_0-9]+) \((.*?)\n\)", re.DOTALL)
_ALTERED = re.compile(r"alter table (?:if exists )?([a-z_]+\.[a-z_0-9]+)\s+(.*?);", re.DOTALL)
_ADDED = re.compile(r"add column (?:if not exists )?([a-z_0-9]+)")
_DROPPED = re.compile(r"drop column (?:if exists )?([a-z_0-9]+)")
_GONE = re.compile(r"drop table (?:if exists )?([a-z_]+\.[a-z_0-9]+)")
_COMMENT = re.compile(r"(?:--|#)[^\n]*")
_NO_COLUMN = {"primary", "unique", "check", "foreign", "constraint", "exclude"}
#: What writes a column: the list of an insert, and the left side of an assignment.
_INSERTED = re.compile(r"(insert into [\w.]+(?: as \w+)?) \([^()]*\)")
_ASSIGNED = re.compile(r"\b\w+ = (?=excluded\.|now\(\)|clock_timestamp\(\)|case\b|coalesce\(|\$\d)")
#: Columns that no statement asks for by name, and why they stay.
UNREAD = {
    "only_one": "holds its table to one row",
    "the_one": "holds its table to one row",
}


def columns(changes: Iterable[str]) -> set[tuple[str, str]]:
    """Return table and column of all that is left after these changes, in their order."""
    found: set[tuple[str, str]] = set()
    for change in changes:
        sql = _COMMENT.sub("", change)
        for table, body in _TABLE.findall(sql):
            names = (line.split()[0] for line in re.split(r",\s*\n", body) if line.split())
            found |= {(table, name) for name in names if re.fullmatch(r"[a-z_0-9]+", name) and name not in _NO_COLUMN}
        for table, what in _ALTERED.findall(sql):
            found |= {(table, name) for name in _ADDED.findall(what)}
            found -= {(table, name) for name in _DROPPED.findall(what)}
        gone = set(_GONE.findall(sql))
        found = {one for one in found if one[0] not in gone}
    return found


def read(texts: Iterable[str]) -> set[str]:
    """Return the words of the texts that stand elsewhere than where a column is written."""
    words: set[str] = set()
    for text in texts:
        words.update(re.findall(r"\w+", _ASSIGNED.sub("", _INSERTED.sub(r"\1", _COMMENT.sub("", text)))))
    return words


def _changes() -> list[str]:
    database = ROOT / "schemas/database"
    return [
        file.read_text("utf-8")
        for folder in ("tables", "migrations")
        for file in sorted((database / folder).glob("*.sql"))
    ]


def _sources() -> Iterable[str]:
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*"):
            kept = "migrations" in file.parts or "tables" in file.parts
            if file.suffix in {".py", ".sql", ".html"} and not kept:
                yield file.read_text("utf-8")


def test_each_column_is_read() -> None:
    words = read(_sources())
    unread = {f"{table}.{name}" for table, name in columns(_changes()) if name not in words and name not in UNREAD}
    assert not unread, "read it somewhere, or drop it by a migration"


def test_one_that_is_only_written_is_found() -> None:
    made = "create table flow.a (\n    key text primary key,  -- of it\n    put_at timestamptz not null\n);"
    dropped = "alter table flow.a add column b int, add column c int;\nalter table flow.a drop column b;"
    assert columns([made, dropped]) == {("flow.a", "key"), ("flow.a", "put_at"), ("flow.a", "c")}
    written = "insert into flow.a (key, put_at) values ($1, now()) on conflict (key) do update set put_at = now()"
    assert "put_at" not in read([written])
    assert "put_at" in read([written, "select put_at from flow.a"])
