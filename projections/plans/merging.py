"""Merge all changes of a plan within one batch into one write. Pure.

A plan's row has several indexes, and its status is in some of them: each version of the row is one of each index. An
approval and its Phase 1 are often in one batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from projections.plans.rows import plan_decided, plan_decided_phase1, plan_phase1

Folded = Mapping[str, Sequence[Mapping[str, Any]]]


def merge_changes(folded: Folded) -> Folded:
    """Return the rows of each statement, those of a decision and of the Phase 1 of one plan as one."""
    decided = {row["plan_id"]: row for row in folded.get(plan_decided.name, ())}
    phases = {row["plan_id"]: row for row in folded.get(plan_phase1.name, ())}
    both = decided.keys() & phases.keys()
    if not both:
        return folded
    return {
        **folded,
        plan_decided.name: [row for plan, row in decided.items() if plan not in both],
        plan_phase1.name: [row for plan, row in phases.items() if plan not in both],
        plan_decided_phase1.name: [_both(decided[plan], phase) for plan, phase in phases.items() if plan in both],
    }


def _both(decided: Mapping[str, Any], phase1: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **decided,
        "decided_version": decided["version"],
        "decided_status": decided["status"],
        "decided_changed_at": decided["changed_at"],
        **phase1,
    }
