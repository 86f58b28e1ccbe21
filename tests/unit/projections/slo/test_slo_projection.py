"""Each event that an objective is measured by is counted by its hour and by how long it took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from projections.rows import Recorded, Row, fold
from projections.slo.projection import project
from schemas.catalogue import versions
from schemas.slo import BEYOND_MS, NO_TIME
from schemas.wire import from_record
from tests.contract.golden import golden

DECIDED = 1_773_147_845_123_456
HOUR = datetime(2026, 3, 10, 13, tzinfo=UTC)


def recorded(type_: str, took: timedelta = timedelta(), taken_us: int | None = None, **changes: Any) -> Recorded[Any]:
    event = from_record(type_, {**golden(type_, 1).record, "occurred_at": DECIDED, **changes})
    moment = datetime.fromtimestamp(DECIDED / 1e6, UTC) + took
    return Recorded(event, "plan.events", 3, 17, moment, None, taken_us)


def said(rows: tuple[Row, ...]) -> list[tuple[str, int, bool]]:
    return [(row.values["measure"], row.values["le_ms"], row.values["missed"]) for row in rows]


@pytest.mark.parametrize(
    ("type_", "measure"),
    [
        ("plan.uploaded", "uploaded"),
        ("plan.approved", "approved"),
        ("plan.escalated", "escalated"),
        ("task.failed", "task-failed"),
        ("task.completed", "task-completed"),
        ("plan.completed", "completed"),
        ("plan.channel.analyzed", "channel-analyzed"),
        ("plan.channel.failed", "channel-failed"),
        ("plan.channel.kept", "channel-failed"),
    ],
)
def test_what_has_no_time_is_counted(type_: str, measure: str) -> None:
    assert said(project(recorded(type_))) == [(measure, NO_TIME, False)]


@pytest.mark.parametrize(
    ("seconds", "le_ms", "missed"),
    [(-1, 5, False), (0.0801, 100, False), (5, 5000, False), (5.001, 10_000, True), (9_000, BEYOND_MS, True)],
)
def test_phase_1_takes_from_the_decision_until_the_log_has_it(seconds: float, le_ms: int, missed: bool) -> None:
    (row,) = project(recorded("plan.phase1.created", timedelta(seconds=seconds)))

    assert (row.values["measure"], row.values["le_ms"], row.values["missed"]) == ("phase1", le_ms, missed)
    assert (row.values["hour"], row.values["took_ms"]) == (HOUR, max(0, round(seconds * 1000)))


def test_a_worker_that_took_it_up_says_when() -> None:
    rows = project(recorded("plan.phase1.created", timedelta(seconds=1), DECIDED + 100_001))
    assert said(rows) == [("phase1", 1000, False), ("queue", 250, True)]


def test_a_stall_is_found_after_its_deadline_and_over_when_the_plan_moves() -> None:
    found = project(recorded("plan.stalled", due_at=DECIDED - 1_000_001))
    over = project(recorded("plan.recovered", stalled_ms=30_000))

    assert said(found) == [("stalled", 2500, True)]
    assert said(over) == [("recovered", 30_000, False)]
    assert over[0].values["hour"] == HOUR


def test_what_took_longer_than_a_column_holds_is_kept_as_the_longest() -> None:
    (row,) = project(recorded("plan.recovered", stalled_ms=2**40))
    assert (row.values["took_ms"], row.values["le_ms"]) == (2**31 - 2, BEYOND_MS)


def test_what_is_not_in_the_log_yet_is_not_counted() -> None:
    assert project(recorded("plan.phase1.created")._replace(offset=-1)) == ()


@pytest.mark.parametrize("type_", [t for t in versions() if t.startswith(("plan.", "task."))])
def test_a_row_says_which_event_it_is(type_: str) -> None:
    one = recorded(type_)
    for row in project(one):
        values = row.values
        place = (values["plan_id"], values["stream"], values["version"])
        assert place == (one.event.correlation_id, one.event.stream, one.event.version)
        assert (values["partition"], values["offset"]) == (3, 17)


def test_of_a_record_that_was_sent_twice_the_first_one_counts() -> None:
    first, second = recorded("plan.phase1.created"), recorded("plan.phase1.created", timedelta(seconds=9))
    rows = [*project(second._replace(offset=40)), *project(first._replace(offset=39))]

    assert [values["at"] for values in fold(rows)["slo_measured"]] == [first.recorded_at]
