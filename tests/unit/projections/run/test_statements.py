"""Each statement's row type says what its SQL says: the same names in the same order, and types that fit."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from types import NoneType
from typing import Any, TypedDict, get_args, get_type_hints

import pytest

import projections.dead_letters.rows
import projections.deadlines.rows
import projections.goods.rows
import projections.outcomes.rows
import projections.plans.rows
import projections.recoveries.rows
import projections.tasks.rows
import projections.timeline.rows
from projections.rows import Statement
from projections.run.sql import parameters
from projections.run.writer import SECOND_HALF, STATEMENTS
from tests.unit.projections.run.test_sql import FILES

ROWS = [getattr(projections, file.parent.name).rows for file in FILES]
TYPED: dict[str, Statement[Any]] = {
    made.name: made for module in ROWS for made in vars(module).values() if isinstance(made, Statement)
}
PYTHON = {
    "bigint": int, "bool": bool, "bytea": bytes, "date": date, "float8": float, "int": int, "json": str,
    "jsonb": str, "text": str, "timestamptz": datetime, "uuid": str,
}  # fmt: skip


def differences(sql: str, row: type) -> list[str]:
    """Return where a row type disagrees with its SQL statement."""
    named, hints = parameters(sql), get_type_hints(row)
    found = [] if list(named) == list(hints) else [f"names {list(hints)}, not {list(named)}"]
    for name in named.keys() & hints.keys():
        said = {_stored(type_) for type_ in get_args(hints[name]) or [hints[name]]} - {NoneType}
        if said != {PYTHON[named[name]]}:
            found.append(f"{name} is {hints[name]}, not {named[name]}")
    return found


def _stored(type_: type) -> type:
    """Return the value as Postgres stores it: a status becomes text."""
    return str if issubclass(type_, StrEnum) else type_


def test_every_statement_has_a_row_type_or_takes_anothers_rows() -> None:
    assert set(TYPED) | set(SECOND_HALF.values()) == set(STATEMENTS)
    assert not set(TYPED) & set(SECOND_HALF.values())


@pytest.mark.parametrize("name", TYPED)
def test_a_row_type_says_what_its_statement_says(name: str) -> None:
    assert differences(STATEMENTS[name], TYPED[name].values) == []


@pytest.mark.parametrize(("first", "second"), SECOND_HALF.items())
def test_a_second_half_takes_the_rows_of_the_first(first: str, second: str) -> None:
    assert list(parameters(STATEMENTS[second]).items()) == list(parameters(STATEMENTS[first]).items())


class Planted(TypedDict):
    plan_id: str
    tasks: int | None


def test_a_planted_difference_is_seen() -> None:
    fits = "delete from d using unnest($1::uuid[], $2::int[]) v (plan_id, tasks)"
    assert differences(fits, Planted) == []
    assert differences(fits.replace("tasks", "steps"), Planted) == [
        "names ['plan_id', 'tasks'], not ['plan_id', 'steps']"
    ]
    assert differences(fits.replace("(plan_id, tasks)", "(tasks, plan_id)"), Planted) != []
    assert differences(fits.replace("int[]", "text[]"), Planted) == ["tasks is int | None, not text"]
    assert differences(fits.replace(", $2::int[]", "").replace(", tasks", ""), Planted) != []
