"""Of what was done to a task again the last makes its row: an earlier event of the type says nothing that stays."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from projections.rows import Recorded, Row
from projections.run.writer import rows_of
from projections.tasks.projection import LAST_COUNTS
from schemas.catalogue import versions
from tests.support import histories

PLAN = UUID(int=7)
EVENTS = [*histories.whole(PLAN), *histories.again(PLAN)]


def moved(recorded: Recorded[Any]) -> list[Row]:
    return [row for row in rows_of(recorded) if row.statement not in ("timeline_event", "slo_measured")]


@pytest.mark.parametrize("type_", sorted(LAST_COUNTS))
def test_each_event_of_the_type_says_the_same_columns_of_one_row(type_: str) -> None:
    said = set()
    for recorded in (one for one in EVENTS if one.event.type == type_):
        (row,) = moved(recorded)
        assert row.statement == "task_moved"
        said.add(frozenset(name for name, value in row.values.items() if value is not None))
    assert len(said) == 1


def test_those_that_make_a_row_of_their_own_all_count() -> None:
    assert {type_ for type_ in versions() if type_.startswith("task.")} - LAST_COUNTS == {
        "task.created",
        "task.added",
        "task.changed",  # what is told of a look back is told of each
        "task.commented",
    }
