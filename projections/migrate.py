"""Database migrations: forward only, expand before the code (`pre`), contract after it (`post`).

`python -m projections.migrate` applies what is missing; with `pre` or `post` only that kind: in a rolling deploy `pre`
goes before the first process of the new version, `post` after the last one of the old. Any number may run at once: one
works, the others wait.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import sys
from collections.abc import Collection
from dataclasses import dataclass
from importlib import resources
from typing import Final

import asyncpg

STAGES: Final = ("pre", "post")
_FILE: Final = re.compile(r"^\d{4}_(pre|post)_[a-z0-9_]+\.sql$")
#: A migration that waits for a table keeps everybody waiting behind it: it gives up after so long,
LOCK_S: Final = 2.0
#: lets them through for so long, and tries again,
LET_THROUGH_S: Final = 1.0
#: so many times: ten minutes, which is longer than a rebuild compares.
TRIES: Final = 200
#: One advisory lock for all migrations. The swap of a rebuild takes it, too: it must not meet a migration half-way.
LOCK: Final = 0x6D726B74


class MigrationChanged(Exception):  # noqa: N818 - says what happened
    """A migration that was applied before has other contents now: migrations are never edited."""


@dataclass(frozen=True, slots=True)
class Migration:
    name: str
    sql: str

    @property
    def stage(self) -> str:
        """Return pre or post."""
        return self.name.split("_")[1]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> list[Migration]:
    """Return every migration in order."""
    folder = resources.files("projections").joinpath("migrations")
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    wrong = [n for n in names if not _FILE.match(n)]
    if wrong:
        raise ValueError(f"migrations are named NNNN_pre_what.sql or NNNN_post_what.sql, not {', '.join(wrong)}")
    return [Migration(n, folder.joinpath(n).read_text("utf-8")) for n in names]


async def migrate(url: str, stages: Collection[str] = STAGES) -> list[str]:
    """Apply what is missing of these stages, each migration in its own transaction; return the names applied.

    Raises MigrationChanged where an applied migration was edited, and asyncpg's errors as they are:
    LockNotAvailableError where somebody has kept a table for ten minutes.
    """
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("select pg_advisory_lock($1)", LOCK)
        await connection.execute(
            "create table if not exists public.migration"
            " (name text primary key, digest text not null, applied_at timestamptz not null default now())"
        )
        applied = {r["name"]: r["digest"] for r in await connection.fetch("select name, digest from public.migration")}
        done: list[str] = []
        for migration in migrations():
            if migration.stage not in stages:
                continue
            digest = applied.get(migration.name)
            if digest is None:
                await _apply(connection, migration)
                done.append(migration.name)
            elif digest != migration.digest:
                raise MigrationChanged(f"{migration.name} was applied with other contents; add a new migration instead")
        return done
    finally:
        await connection.close()


async def _apply(connection: asyncpg.Connection, migration: Migration) -> None:
    for tries_left in reversed(range(TRIES)):
        try:
            async with connection.transaction():
                await connection.execute(f"set local lock_timeout = '{LOCK_S * 1000:.0f}ms'")
                await connection.execute(migration.sql)
                await connection.execute(
                    "insert into public.migration (name, digest) values ($1, $2)", migration.name, migration.digest
                )
        except asyncpg.LockNotAvailableError as error:
            if not tries_left:
                raise
            print(f"{migration.name} waits: {error}", file=sys.stderr)
            await asyncio.sleep(LET_THROUGH_S)
        else:
            return


def main() -> int:
    """Apply what is missing and say what was done."""
    url = os.environ.get("MARKETPLACE_DATABASE_URL")
    if not url:
        print("MARKETPLACE_DATABASE_URL is not set: say which database to migrate", file=sys.stderr)
        return 2
    stages = tuple(sys.argv[1:]) or STAGES
    if not set(stages) <= set(STAGES):
        print("usage: python -m projections.migrate [pre | post]", file=sys.stderr)
        return 2
    done = asyncio.run(migrate(url, stages))
    print("\n".join(f"applied {name}" for name in done) or "the database is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
