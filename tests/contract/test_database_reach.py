"""Which package may read, write and call which schema of the database: the table, and what the texts do."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib import resources

from schemas.database.grants import REACH
from schemas.database.sql_uses import Use, in_functions, in_sql, tables
from tests.support.database_uses import in_packages, strings
from tests.support.process_reach import text

Reach = dict[str, dict[str, list[str]]]


def declared() -> Reach:
    raw = tomllib.loads((resources.files("schemas.database") / "reach.toml").read_text("utf-8"))
    functions = raw.pop("functions")
    return {**raw, **{f"functions.{schema}": reach for schema, reach in functions.items()}}


def beyond(uses: Iterable[Use], reach: Reach) -> list[Use]:
    """Return the uses that the table does not allow."""
    return sorted(use for use in uses if use.verb not in reach.get(use.package, {}).get(use.schema, []))


def test_nobody_reaches_beyond_the_table() -> None:
    assert beyond(in_packages() | in_functions(), declared()) == []


def test_the_table_allows_nothing_that_nobody_does() -> None:
    done = {(use.package, use.schema, use.verb) for use in in_packages() | in_functions()}
    # without a schema, in the search path of a read model
    done |= {("projections", "rm", "write")}
    allowed = {
        (p, schema, verb) for p, reach in declared().items() for schema, verbs in reach.items() for verb in verbs
    }
    assert allowed - done == set()


def test_a_violation_is_caught() -> None:
    planted = {
        "streams/planted.py": 'query = f"update rm.plan set status = {status}"',
        "gateway/planted.py": 'ASK = "delete from rm.task"',
        "projections/planted.py": 'await pool.fetch("select decide.run_all($1)")',
    }
    uses = [use for where, source in planted.items() for text in strings(source) for use in in_sql(where, text)]
    uses += in_sql("decide.planted", "create or replace function decide.planted() ... insert into rm.plan select 1")
    assert beyond(uses, declared()) == [
        Use("decide.planted", "write", "rm.plan"),
        Use("gateway/planted.py", "write", "rm.task"),
        Use("projections/planted.py", "call", "decide.run_all"),
        Use("streams/planted.py", "write", "rm.plan"),
    ]


def test_every_schema_of_the_tables_is_in_the_table() -> None:
    schemas = {name.split(".")[0] for name in tables()} | {"public"}
    assert {schema for reach in declared().values() for schema in reach} == schemas


def test_what_each_process_does_is_what_its_modules_say() -> None:
    made = resources.files("schemas.database") / REACH
    assert made.read_text("utf-8") == text(), "python -m tests.support.process_reach"
