"""What `migrate` does to a database, and what it leaves alone."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from projections.migrate import migrate, missing
from projections.migration import patience
from projections.migration.refusals import (
    FunctionRefused,
    MadeBefore,
    MigrationChanged,
    MigrationRefused,
    NotSealed,
    NumberTaken,
)
from schemas.database import File, Files, Migration, files
from tests.conftest import NewDatabase
from tests.support.catalogue import described
from tests.support.database_files import function, version
from tests.support.module import run

ROOT = Path(__file__).parents[3]
LATER = Migration("9999_pre_later.sql", "alter table rm.plan add column later text")
TAKEN = "select name from public.migration where name = '9999_pre_later.sql'"
NUMBER = files().seal.number
ONE = "decide/one.sql"


@pytest.fixture
async def url(new_database: NewDatabase) -> str:
    """A database of this version."""
    made = await new_database()
    await migrate(made)
    return made


@pytest.fixture
async def reader(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[asyncpg.Connection]:
    """Somebody who reads a table for long, as a rebuild does that compares."""
    monkeypatch.setattr(patience, "LOCK_S", 0.1)
    monkeypatch.setattr(patience, "LET_THROUGH_S", 0.1)
    connection = await asyncpg.connect(url)
    await connection.execute("begin; select count(*) from rm.plan")
    yield connection
    await connection.close()


async def test_a_migration_lets_others_through_and_comes_when_the_table_is_free(
    url: str, reader: asyncpg.Connection
) -> None:
    # of a busy machine, too: behind a migration that does not give up it would wait for as long as the reader reads
    other = await asyncpg.connect(url, server_settings={"statement_timeout": "10000"})
    migrating = asyncio.create_task(migrate(url, what=version(NUMBER, migrations=[LATER])))
    try:
        for _ in range(30):
            assert await other.fetchval("select count(*) from rm.plan") == 0
            await asyncio.sleep(0.02)
        assert not migrating.done()

        await reader.execute("rollback")

        assert await migrating == [LATER.name]
        assert await other.fetchval("select count(later) from rm.plan") == 0
    finally:
        migrating.cancel()
        await other.close()


async def test_a_table_that_never_comes_free_is_said_and_nothing_is_changed(
    url: str, reader: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(patience, "TRIES", 2)

    with pytest.raises(asyncpg.LockNotAvailableError):
        await migrate(url, what=version(NUMBER, migrations=[LATER]))

    assert capsys.readouterr().err.count("9999_pre_later.sql waits: ") == 1
    assert await reader.fetchval(TAKEN) is None


REFUSED: list[tuple[Files, type[MigrationRefused], str]] = [
    (version(NUMBER, functions=[function(ONE)]), NumberTaken, f"other functions under the number {NUMBER}"),
    (replace(version(NUMBER, functions=[function(ONE)]), seal=files().seal), NotSealed, "--seal"),
    (
        replace(files(), tables=(File("tables/rm.sql", "select 1"), *files().tables)),
        MigrationChanged,
        r"tables/rm\.sql was applied with other contents",
    ),
    (
        replace(files(), tables=(*files().tables, File("tables/z.sql", "create table rm.z ()"))),
        MigrationChanged,
        r"tables/z\.sql: the baseline is closed",
    ),
    (
        version(
            NUMBER + 1,
            functions=[function("decide/one.sql"), function("flow/replay_turn.sql", returns="bigint")],
        ),
        FunctionRefused,
        r"functions/flow/replay_turn\.sql: cannot change return type",
    ),
]


@pytest.mark.parametrize(("what", "refusal", "words"), REFUSED, ids=[words for _, _, words in REFUSED])
async def test_what_would_do_harm_is_refused_and_changes_nothing(
    url: str, what: Files, refusal: type[MigrationRefused], words: str
) -> None:
    before = await described(url)
    with pytest.raises(refusal, match=words):
        await migrate(url, what=what)
    assert await described(url) == before
    assert await migrate(url) == []


async def test_a_plan_says_what_is_missing_and_changes_nothing(new_database: NewDatabase) -> None:
    made, own = await new_database(), files()
    before = await described(made)
    lacked = [*own.tables, *(one for one in own.migrations if one.stage == "pre")]
    first = [*(f"pre: {file.name}" for file in lacked), f"pre: set {NUMBER} of the functions"]
    last = [f"post: {one.name}" for one in own.migrations if one.stage == "post"]
    assert await missing(made) == [*first, *last]
    assert await described(made) == before

    await migrate(made, ["pre"])
    assert await missing(made) == last
    await migrate(made)
    assert await missing(made) == []
    assert await missing(made, version(NUMBER + 1, migrations=[LATER])) == [
        f"pre: {LATER.name}",
        f"pre: set {NUMBER + 1} of the functions",
    ]


async def test_a_plan_ends_with_1_where_something_is_missing(new_database: NewDatabase) -> None:
    env = {"MARKETPLACE_DATABASE_URL": await new_database()}
    done = await asyncio.to_thread(run, "projections.migrate", "plan", env=env)
    assert done.returncode == 1
    assert f"pre: set {NUMBER} of the functions" in done.stdout.splitlines()
    await migrate(env["MARKETPLACE_DATABASE_URL"])
    done = await asyncio.to_thread(run, "projections.migrate", "plan", env=env)
    assert (done.returncode, done.stdout) == (0, "the database is up to date\n")


async def test_a_plan_is_refused_where_the_migration_would_be(url: str) -> None:
    await migrate(url, what=version(NUMBER, migrations=[LATER]))
    edited = version(NUMBER, migrations=[Migration(LATER.name, f"{LATER.sql} not null")])
    with pytest.raises(MigrationChanged, match=r"9999_pre_later\.sql was applied with other contents"):
        await missing(url, edited)


async def test_an_edited_migration_is_refused(url: str) -> None:
    await migrate(url, what=version(NUMBER, migrations=[LATER]))
    edited = version(NUMBER, migrations=[Migration(LATER.name, f"{LATER.sql} not null")])
    with pytest.raises(MigrationChanged, match=r"9999_pre_later\.sql was applied with other contents"):
        await migrate(url, what=edited)


async def test_a_database_of_before_the_baseline_is_left_alone_and_says_what_to_do(new_database: NewDatabase) -> None:
    made = await new_database()
    connection = await asyncpg.connect(made)
    await connection.execute(
        "create table public.migration (name text primary key, digest text not null, applied_at timestamptz);"
        "insert into public.migration values ('0001_pre_decide.sql', 'x'), ('0002_pre_read_models.sql', 'y');"
    )
    await connection.close()
    before = await described(made)

    with pytest.raises(MadeBefore, match=r"0001_pre_decide\.sql and 1 others.*`make reset`"):
        await migrate(made)

    assert await described(made) == before


async def test_of_two_at_once_one_works_and_the_other_finds_it_done(new_database: NewDatabase) -> None:
    made = await new_database()
    done = await asyncio.gather(migrate(made), migrate(made))
    everything = (files().tables, files().functions, files().migrations, files().references)
    assert sorted(map(len, done)) == [0, sum(map(len, everything))]


#: What each step does when it is killed, and what nobody may see of it.
HALF_WAY = {
    "tables": (
        "replace(files(), tables=(*files().tables, File('tables/z.sql', 'select pg_sleep(600)')))",
        "CREATE SCHEMA decide;",
    ),
    "functions": (
        "version(900, functions=[Function('flow/z.sql', function('flow/z.sql').sql + 'select pg_sleep(600);')])",
        "CREATE FUNCTION",
    ),
    "a numbered change": (
        "version(1, migrations=[Migration('9999_pre_x.sql', 'create schema half; select pg_sleep(600)')])",
        "CREATE SCHEMA half;",
    ),
}
MIGRATE = """
import asyncio
from dataclasses import replace
from projections.migrate import migrate
from schemas.database import File, Function, Migration, files
from tests.support.database_files import function, version
asyncio.run(migrate({url!r}, what={what}))
"""


@pytest.mark.parametrize("step", HALF_WAY)
async def test_one_that_is_killed_leaves_nothing_half(new_database: NewDatabase, step: str) -> None:
    what, half = HALF_WAY[step]
    killed, fresh = await new_database(), await new_database()
    await migrate(fresh)
    watching = await asyncpg.connect(fresh)
    there = "select count(*) from pg_stat_activity where datname = $1"
    name = killed.rsplit("/", 1)[1]
    code = MIGRATE.format(url=killed, what=what)
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) as process:
        while not await watching.fetchval(f"{there} and wait_event = 'PgSleep'", name):
            assert process.poll() is None
            await asyncio.sleep(0.05)
        process.kill()
    # the server notices when it wakes up: sooner so
    await watching.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
    while await watching.fetchval(there, name):
        await asyncio.sleep(0.05)
    await watching.close()

    assert not any(half in line for line in await described(killed))
    await migrate(killed)
    assert await described(killed) == await described(fresh)
