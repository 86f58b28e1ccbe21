"""Database migrations: forward only, expand before the code (`pre`), contract after it (`post`).

A fresh database gets the tables of `schemas/database/tables`. Then, here as in every other: the numbered changes named
`pre`, each function whose file differs, and the numbered changes named `post`.

`python -m projections.migrate` applies what is missing; with `pre` or `post` only that part: in a rolling deploy `pre`,
which brings the functions, goes before the first process of the new version, and `post` after the last one of the old.
`plan` says what is missing and changes nothing. Any number may run at once: one works, the others wait.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import asyncpg

from projections.migration import functions, records, reference, seal
from projections.migration.patience import in_one_go
from projections.migration.refusals import MigrationRefused, NotExpanded
from projections.migration.users import give
from schemas.database import File, Files, files
from schemas.database.grants import statements
from schemas.process import logs
from schemas.process.sessions import MIGRATIONS
from schemas.process.settings import need
from schemas.process.start import DONE, FAILED, REFUSED, run_command

STAGES: Final = ("pre", "post")
USAGE: Final = """\
usage: python -m projections.migrate [pre | post] [--back]
       python -m projections.migrate plan
       python -m projections.migrate --seal | [pre] --grants [--apply [FOLDER]]

  pre       what the new version needs: tables, numbered changes, functions; before its first process
  post      what only the old version needed goes; after its last process
  plan      print what is missing of both, and change nothing; exit status 1 where something is
  --back    put this version's functions in the place of newer ones
  --seal    number the functions of this source tree after a change
  --grants  print the statements by which each process has a user with the rights that it needs, and no others; with
            pre those of the version before stay: before the first process of the new one
  --apply   do it, instead of printing it; with FOLDER the password of each comes from FOLDER/<process>/password"""
#: One advisory lock for all migrations. The swap of a rebuild takes it, too: it must not meet a migration half-way.
LOCK: Final = MIGRATIONS


async def migrate(
    url: str, stages: Collection[str] = STAGES, *, back: bool = False, what: Files | None = None
) -> list[str]:
    """Apply the missing changes of these stages, each in a transaction of its own; return their names.

    Raises MigrationRefused where that would do harm, and asyncpg's errors as they are: LockNotAvailableError where
    somebody has kept a table for ten minutes.
    """
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("select pg_advisory_lock($1)", LOCK)
        return await _apply(connection, what or files(), stages, back=back)
    finally:
        await connection.close()


async def missing(url: str, what: Files | None = None) -> list[str]:
    """Return what a database lacks of this version, each with its stage. Nothing is changed.

    Raises MigrationRefused where `migrate` would.
    """
    found = what or files()
    connection = await asyncpg.connect(url)
    try:
        known = await records.seen(connection)
    finally:
        await connection.close()
    records.check_unchanged(known, found)
    functions.check_sealed(found)
    lacked = [(one.stage, one.name) for one in found.migrations if one.name not in known.changes]
    pre = [file.name for file in found.tables if known.fresh]
    pre += [name for stage, name in lacked if stage == "pre"]
    if functions.is_due(found.seal, known.seal, back=False):
        pre.append(f"set {found.seal.number} of the functions")
    return [*(f"pre: {name}" for name in pre), *(f"post: {name}" for stage, name in lacked if stage == "post")]


async def _apply(connection: asyncpg.Connection, what: Files, stages: Collection[str], *, back: bool) -> list[str]:
    known = await records.read(connection)
    records.check_unchanged(known, what)
    done: list[str] = []
    if "pre" in stages:
        functions.check_sealed(what)  # before anything is changed
        if known.fresh:
            done += await _change(connection, "the tables", what.tables)
        done += await _missing(connection, what, "pre", known.changes)
        done += await functions.apply(connection, what, known, back=back)
    elif known.seal is None or known.seal.number < what.seal.number:
        raise NotExpanded("the functions of this version are not there yet: `python -m projections.migrate pre` first")
    if "post" in stages:
        done += await _missing(connection, what, "post", known.changes)
        if known.seal is None or known.seal.number <= what.seal.number:  # a newer version knows of more
            done += await reference.clear(connection, what.references)
    return done


async def _missing(connection: asyncpg.Connection, what: Files, stage: str, applied: Collection[str]) -> list[str]:
    """Apply the numbered changes of a stage that the database lacks."""
    done: list[str] = []
    for migration in what.migrations:
        if migration.stage == stage and migration.name not in applied:
            done += await _change(connection, migration.name, [migration])
    return done


async def _change(connection: asyncpg.Connection, name: str, changes: Sequence[File]) -> list[str]:
    """Apply these and record them, all or none."""

    async def work() -> None:
        for file in changes:
            await connection.execute(file.sql)
        await records.add_changes(connection, changes)

    await in_one_go(connection, name, work)
    return [file.name for file in changes]


def main(arguments: Sequence[str]) -> int:
    """Apply the missing changes and print their names; exit status 0 done, 1 refused, 2 wrong usage."""
    if list(arguments) == ["--seal"]:
        print(f"the functions are set {seal.write().number}")
        return DONE
    match list(arguments):
        case ["plan"]:
            return run_command("migrate", _url, _planned)
        case ["--grants"] | ["pre", "--grants"]:
            print("\n".join(statements(added="pre" in arguments)))
            return DONE
        case ["--grants", "--apply", *folder] | ["pre", "--grants", "--apply", *folder] if len(folder) < 2:
            passwords = Path(folder[0]) if folder else None
            return run_command("migrate", _url, partial(_given, passwords=passwords, added="pre" in arguments))
    stages = tuple(a for a in arguments if a != "--back") or STAGES
    if not set(stages) <= set(STAGES):
        print(USAGE, file=sys.stderr)
        return REFUSED
    return run_command("migrate", _url, partial(_told, stages=stages, back="--back" in arguments))


def _url(env: Mapping[str, str]) -> str:
    return need(env, "MARKETPLACE_DATABASE_URL")[0]


async def _planned(url: str) -> int:
    """Say what is missing; exit status 1 where something is, or this version would be refused."""
    try:
        lacked = await missing(url)
    except MigrationRefused as refused:
        logs.tell(f"refused: {refused}", failed=True)
        return FAILED
    for text in lacked or ["the database is up to date"]:
        logs.answer(text)
    return FAILED if lacked else DONE


async def _told(url: str, *, stages: Collection[str], back: bool) -> int:
    """Migrate, and say what was applied or why nothing was."""
    try:
        done = await migrate(url, stages, back=back)
    except MigrationRefused as refused:
        logs.tell(f"refused: {refused}", failed=True)
        return FAILED
    for text in [f"applied {name}" for name in done] or ["the database is up to date"]:
        logs.answer(text)
    return DONE


async def _given(url: str, *, passwords: Path | None, added: bool) -> int:
    """Make users and rights, and say whose or why none were made."""
    try:
        users = await give(url, passwords, added=added)
    except MigrationRefused as refused:
        logs.tell(f"refused: {refused}", failed=True)
        return FAILED
    logs.answer(f"each process has its rights: {', '.join(users)}")
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
