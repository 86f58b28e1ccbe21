"""The functions of a database are those of the files, whichever version made it, and never those of an older one."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest

from projections.migrate import migrate
from projections.migration.refusals import NotExpanded
from schemas.database import Files, Function, Migration, Seal, files
from tests.conftest import NewDatabase
from tests.support.catalogue import described
from tests.support.database_files import function, version
from tests.support.database_values import value

NUMBER = files().seal.number
ONE = "decide/one.sql"


@pytest.fixture
async def url(new_database: NewDatabase) -> str:
    """A database of this version."""
    made = await new_database()
    await migrate(made)
    return made


OLDER = version(
    NUMBER,
    functions=[
        Function(
            "decide/is_sampled.sql",
            "create or replace function decide.is_sampled(p_traceparent text) returns boolean language sql immutable"
            " as $$select false$$;",
        ),
        function("flow/gone.sql"),
    ],
    without=["flow/is_read.sql"],
)
NEWER_CHANGES = [
    Migration("9998_pre_note.sql", "alter table rm.plan add column note text not null default ''"),
    Migration("9999_post_gone.sql", "drop function if exists flow.gone()"),
]


async def test_an_upgraded_database_is_a_fresh_one(new_database: NewDatabase) -> None:
    newer = version(NUMBER + 1, functions=[function(ONE)], migrations=NEWER_CHANGES)
    upgraded, fresh = await new_database(), await new_database()
    await migrate(upgraded, what=OLDER)

    assert await migrate(upgraded, what=newer) == [
        "9998_pre_note.sql",
        "functions/decide/is_sampled.sql",
        "functions/decide/one.sql",
        "functions/flow/is_read.sql",
        "9999_post_gone.sql",
    ]

    await migrate(fresh, what=newer)
    assert await described(upgraded) == await described(fresh)
    assert await migrate(upgraded, what=newer) == []


async def test_a_function_without_a_file_is_a_difference(new_database: NewDatabase) -> None:
    upgraded, fresh = await new_database(), await new_database()
    await migrate(upgraded, what=OLDER)
    await migrate(upgraded, what=version(NUMBER + 1))  # its file has gone, and nothing drops it
    await migrate(fresh)

    more = set(await described(upgraded)) - set(await described(fresh))
    assert "CREATE FUNCTION flow.gone() RETURNS integer" in more


async def test_both_stages_of_a_rolling_deploy(url: str) -> None:
    newer = version(NUMBER + 1, functions=[function(ONE)], migrations=NEWER_CHANGES[:1])
    newer = replace(newer, migrations=(*newer.migrations, Migration("9999_post_note.sql", "select 1")))
    with pytest.raises(NotExpanded, match="migrate pre` first"):
        await migrate(url, ["post"], what=newer)
    assert await migrate(url, ["pre"], what=newer) == ["9998_pre_note.sql", "functions/decide/one.sql"]
    assert await migrate(url, ["post"], what=newer) == ["9999_post_note.sql"]


async def test_nothing_is_contracted_in_an_empty_database(new_database: NewDatabase) -> None:
    with pytest.raises(NotExpanded):
        await migrate(await new_database(), ["post"])


async def test_an_older_set_of_functions_stays_away_until_it_is_told_to_come_back(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    older, newer = (version(number, functions=[function(ONE, f"select {number}")]) for number in (NUMBER, NUMBER + 7))
    await migrate(url, what=newer)

    assert await migrate(url, what=older) == []
    assert f"set {NUMBER + 7} of the functions, newer than {NUMBER} of this version" in capsys.readouterr().err
    assert await value(url, "select decide.one()") == NUMBER + 7

    assert await migrate(url, what=older, back=True) == [f"functions/{ONE}"]
    assert await value(url, "select decide.one()") == NUMBER

    assert await migrate(url, what=newer) == [f"functions/{ONE}"]
    assert await value(url, "select decide.one()") == NUMBER + 7


async def test_a_function_whose_file_comes_back_is_made_again(url: str) -> None:
    with_it = version(NUMBER + 1, functions=[function(ONE)])
    await migrate(url, what=with_it)
    drop = Migration("9999_post_one.sql", "drop function if exists decide.one()")
    await migrate(url, what=version(NUMBER + 2, migrations=[drop]))

    await migrate(url, what=version(NUMBER + 3, functions=[function(ONE)], migrations=[drop]))

    assert await value(url, "select decide.one()") == 1


def changed_head(of: Files) -> Files:
    first, *others = of.functions
    return replace(of, functions=(Function(first.name, "-- Said better.\n" + first.sql), *others))


async def test_a_function_may_call_one_that_comes_later(url: str) -> None:
    caller, called = function("decide/aaa.sql", "select flow.zzz()"), function("flow/zzz.sql")
    await migrate(url, what=version(NUMBER + 1, functions=[caller, called]))
    assert await value(url, "select decide.aaa()") == 1


async def test_a_better_comment_changes_no_database(url: str) -> None:
    assert await migrate(url, what=changed_head(files())) == []


async def test_every_body_holds_once_all_are_there(url: str) -> None:
    """They are applied unchecked, so that their order does not matter."""
    connection = await asyncpg.connect(url, server_settings={"check_function_bodies": "on"})
    try:
        for each in files().functions:
            await connection.execute(each.definition)
    finally:
        await connection.close()


async def test_each_overload_in_a_file_is_in_the_database_and_no_other_function(url: str) -> None:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "select n.nspname || '.' || p.proname as name, count(*) as n from pg_proc p"
        " join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname in ('access', 'audit', 'decide', 'flow', 'rm', 'public') group by 1"
    )
    await connection.close()
    assert {row["name"]: row["n"] for row in rows} == {
        each.qualified: each.sql.count("create or replace function") for each in files().functions
    }


async def test_the_set_is_recorded_with_its_number(url: str) -> None:
    connection = await asyncpg.connect(url)
    row = await connection.fetchrow("select number, digest from public.function_set")
    await connection.close()
    assert row is not None
    assert Seal(**row) == files().seal
