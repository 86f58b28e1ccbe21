"""A decision and the Phase 1 of one plan in one batch are one row; every other row is as it was."""

from __future__ import annotations

from typing import Any

from projections.plans.merging import merge_changes
from projections.plans.rows import plan_decided_phase1
from projections.rows import fold
from projections.run.writer import PARAMETERS, rows_of
from tests.unit.projections.run.test_mapping import recorded


def folded(*types: str) -> dict[str, Any]:
    return fold(row for type_ in types for row in rows_of(recorded(type_)))


def test_a_decision_and_its_phase_are_one_row_with_what_both_say() -> None:
    both = folded("plan.approved", "plan.phase1.created")
    made = merge_changes(both)
    (row,) = made[plan_decided_phase1.name]
    (decided,), (phase1,) = both["plan_decided"], both["plan_phase1"]
    assert set(PARAMETERS[plan_decided_phase1.name]) <= row.keys()
    assert (row["decided_version"], row["decided_status"]) == (decided["version"], "approved")
    assert (row["version"], row["status"], row["phase1"]) == (phase1["version"], "executing", phase1["phase1"])
    assert (row["reason"], row["decided_by"]) == (decided["reason"], decided["decided_by"])
    assert (made["plan_decided"], made["plan_phase1"]) == ([], [])
    assert made["timeline_event"] == both["timeline_event"]


def test_what_is_of_another_plan_stays_by_itself() -> None:
    both = folded("plan.approved", "plan.phase1.created")
    other = {**both["plan_decided"][0], "plan_id": "another"}
    made = merge_changes({**both, "plan_decided": [*both["plan_decided"], other]})
    assert made["plan_decided"] == [other]
    assert len(made[plan_decided_phase1.name]) == 1


def test_without_both_nothing_is_put_together() -> None:
    for types in (["plan.approved"], ["plan.phase1.created"], ["plan.uploaded"]):
        alone = folded(*types)
        assert merge_changes(alone) == alone
