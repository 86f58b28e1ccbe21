"""The tables that say what the code says: a new version adds and changes before it starts, and takes away after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from projections.migrate import migrate
from schemas.database import Files, Seal, files
from schemas.database.reference import Reference, references
from schemas.lifecycle import OF, RULES
from schemas.topics import groups
from tests.conftest import NewDatabase

RULE = references()[0]
NUMBER = files().seal.number


@pytest.fixture
async def url(new_database: NewDatabase) -> str:
    made = await new_database()
    await migrate(made)
    return made


def with_rules(number: int, rules: Mapping[str, tuple[Any, ...]], *, without: str = "") -> Files:
    """Return a version with these rules beside today's, in their place, and without one."""
    rows = {row[0]: row for row in RULE.rows if row[0] != without} | dict(rules)
    of = replace(files(), references=(replace(RULE, rows=tuple(rows.values())), *references()[1:]))
    return replace(of, seal=Seal(number, of.functions_digest))


async def rows(url: str, reference: Reference) -> set[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetch(f"select {', '.join(reference.columns)} from {reference.table}")
    finally:
        await connection.close()
    return {frozen(tuple(row)) for row in found}


def frozen(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)


@pytest.mark.parametrize("reference", references(), ids=lambda reference: reference.table)
async def test_a_new_database_has_the_rows_of_the_code(url: str, reference: Reference) -> None:
    assert await rows(url, reference) == {frozen(row) for row in reference.rows}


def test_nothing_of_the_code_is_left_out() -> None:
    rules, statuses, consumers = references()

    assert {row[0] for row in rules.rows} == set(RULES)
    assert {row[:2] for row in statuses.rows} == {(life.kind, status) for life in OF.values() for status in life.states}
    assert {row[0] for row in consumers.rows} == set(groups())


ARCHIVE = ("plan.archive", "plan", ["completed"], ["archived"], "archived", "plan.archived", 0, False)
CANCEL = ("plan.cancel", "plan", ["executing"], ["cancelled"], "cancelled", "plan.cancelled", 0, False)


async def test_a_rolling_deploy_adds_before_and_takes_away_after(url: str) -> None:
    newer = with_rules(NUMBER + 1, {"plan.archive": ARCHIVE, "plan.cancel": CANCEL}, without="task.comment")

    assert await migrate(url, ["pre"], what=newer) == ["rows of decide.rule"]

    both = await rows(url, RULE)
    assert {frozen(ARCHIVE), frozen(CANCEL)} < both
    assert "task.comment" in {row[0] for row in both}  # processes of the old version work by it

    assert await migrate(url, ["post"], what=newer) == ["decide.rule without task.comment"]

    assert "task.comment" not in {row[0] for row in await rows(url, RULE)}
    assert await migrate(url, what=newer) == []


async def test_an_older_version_leaves_newer_rows_alone(url: str) -> None:
    await migrate(url, what=with_rules(NUMBER + 1, {"plan.archive": ARCHIVE, "plan.cancel": CANCEL}))

    assert await migrate(url) == []

    assert {frozen(ARCHIVE), frozen(CANCEL)} < await rows(url, RULE)


def test_a_change_of_a_row_alone_needs_a_number() -> None:
    assert with_rules(1, {"plan.cancel": CANCEL}).functions_digest != files().functions_digest
