"""The recovery log has one row an incident, whatever steps it took."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from gateway.ui.incidents import incidents
from projections.recoveries.reads import Recovery

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)


def step(plan: UUID, version: int, type_: str, cause: str = "", attempt: int = 0, ms: int | None = None) -> Recovery:
    return Recovery(plan, "", version, f"plan.{type_}", NOW, "", cause, "", attempt, None, ms, {}, "")


#: The newest first, as the log is read.
LOG = [
    step(ONE, 6, "stalled", "runner-gone"),
    step(OTHER, 3, "recovered", ms=900),
    step(ONE, 5, "recovered", attempt=2, ms=1900),
    step(OTHER, 2, "recovery.started", "worker-gone", 1),
    step(ONE, 4, "recovery.started", "broker-away", 2),
    step(ONE, 3, "stalled", "breaker-open"),
    step(ONE, 2, "recovered", ms=5),
]


def test_steps_of_one_incident_stand_together_in_the_order_of_the_newest() -> None:
    found = [[(s.plan_id, s.version) for s in incident.steps] for incident in incidents(LOG)]

    assert found == [
        [(ONE, 6)],
        [(OTHER, 3), (OTHER, 2)],
        [(ONE, 5), (ONE, 4), (ONE, 3)],
        [(ONE, 2)],  # of an incident that began before what was read
    ]


def test_an_incident_says_its_last_cause_how_often_and_for_how_long() -> None:
    told = incidents(LOG)[2]

    assert (told.cause, told.attempts, told.stalled_ms) == ("broker-away", 2, 1900)
    assert incidents(LOG)[0].stalled_ms is None
    assert len({incident.key for incident in incidents(LOG)}) == 4
