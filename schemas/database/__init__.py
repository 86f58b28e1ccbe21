"""The database as files: the tables of a fresh one, its functions, and the numbered changes since.

`tables/` is the baseline: schemas, tables, types, indexes, seed data. It is closed: what comes later is a migration.
`functions/<schema>/<name>.sql` holds one function with all its overloads, as it is now; `set.toml` numbers them all.
`migrations/` holds later changes of tables and data: `NNNN_pre_what.sql` before the functions, `NNNN_post_what.sql`
after them.
`reference.py` has the rows of the tables that say what the code says.

Who applies them is `projections.migrate`.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from schemas.database.reference import Reference, references

_MIGRATION: Final = re.compile(r"^\d{4}_(pre|post)_[a-z0-9_]+\.sql$")
_FUNCTION: Final = re.compile(r"^create or replace function ", re.MULTILINE)


@dataclass(frozen=True)
class File:
    """One file that is applied as a whole. Its name is how the database records it."""

    name: str
    sql: str

    @cached_property
    def digest(self) -> str:
        return _sha256(self.sql)


@dataclass(frozen=True)
class Migration(File):
    @property
    def stage(self) -> str:
        """Return pre or post."""
        return self.name.split("_")[1]


@dataclass(frozen=True)
class Function(File):
    """A function with all its overloads, named such as `decide/run.sql`."""

    @property
    def qualified(self) -> str:
        """Return the function's name, such as `decide.run`."""
        return self.name.removesuffix(".sql").replace("/", ".")

    @property
    def head(self) -> str:
        """Return the comment that says what the function promises."""
        return self._parts[0]

    @property
    def definition(self) -> str:
        """Return everything after the head."""
        return self._parts[1]

    @cached_property
    def digest(self) -> str:
        """Return the digest of the definition: a better sentence in the head changes no database."""
        return _sha256(self.definition)

    @cached_property
    def _parts(self) -> tuple[str, str]:
        found = _FUNCTION.search(self.sql)
        if found is None:
            raise ValueError(f"functions/{self.name} creates no function")
        return self.sql[: found.start()].strip(), self.sql[found.start() :].strip()


@dataclass(frozen=True)
class Seal:
    """Which set of functions this is: a number that rises with every change, and the digest of all definitions."""

    number: int
    digest: str


@dataclass(frozen=True)
class Files:
    """Everything that makes the database of one version."""

    tables: tuple[File, ...]
    functions: tuple[Function, ...]
    migrations: tuple[Migration, ...]
    seal: Seal
    references: tuple[Reference, ...] = ()

    @property
    def functions_digest(self) -> str:
        """Return the digest of the functions and of the rows that they go by, which the seal may not have yet."""
        functions = "".join(f"{function.name} {function.digest}\n" for function in self.functions)
        return _sha256(functions + "".join(f"{reference.text}\n" for reference in self.references))


def files() -> Files:
    """Read this version's files.

    Raises ValueError where a migration's name does not say when it is applied.
    """
    folder = resources.files(__name__)
    changes = _sql(folder / "migrations")
    if wrong := [name for name in changes if not _MIGRATION.match(name)]:
        raise ValueError(f"migrations are named NNNN_pre_what.sql or NNNN_post_what.sql, not {', '.join(wrong)}")
    functions = folder / "functions"
    return Files(
        tables=tuple(File(f"tables/{name}", sql) for name, sql in _sql(folder / "tables").items()),
        functions=tuple(
            Function(f"{schema}/{name}", sql)
            for schema in sorted(entry.name for entry in functions.iterdir() if entry.is_dir())
            for name, sql in _sql(functions / schema).items()
        ),
        migrations=tuple(Migration(name, sql) for name, sql in changes.items()),
        seal=Seal(**tomllib.loads((functions / "set.toml").read_text("utf-8"))),
        references=references(),
    )


def _sql(folder: Traversable) -> dict[str, str]:
    """Return the texts of a folder by name, in order; an installed version without migrations has no such folder."""
    if not folder.is_dir():
        return {}
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return {name: (folder / name).read_text("utf-8") for name in names}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
