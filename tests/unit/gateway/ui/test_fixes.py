"""What is mended by one click, and that the rest is not offered so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from gateway.ui.words import sentences
from gateway.ui.words.fixes import Fix, fix_of
from gateway.verdict.finding import Finding
from gateway.verdict.judge import judge
from gateway.verdict.kinds import Kind
from projections.reads.operations import Operations, StalledPlan
from tests.unit.gateway.verdict.examples import EXAMPLES, NOW

PLAN = UUID(int=7)
LATE = StalledPlan(PLAN, "", "phase1", "approved", NOW, NOW, 9.0, "worker-gone", "", 0, None, {})
BY_ONE_CLICK = {
    Kind.FLAG_OFF: "/system/flag",
    Kind.BREAKER_OPEN: "/system/breaker",
    Kind.BREAKER_TRIPPED: "/system/breaker",
}


def stalled(kind: Kind, count: int = 1) -> Finding:
    return Finding(kind, {"count": count, "age": 9.0, "cause": "worker-gone"}, None, "worker-gone")


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.PLANS_STALLED, Kind.PLANS_ESCALATED)])
def test_what_one_click_mends_is_offered_to_who_may(kind: Kind) -> None:
    verdict = judge(EXAMPLES[kind])
    listed = sentences.needs(verdict, may_operate=True)
    fix = next((one.fix for one in listed if one.key.startswith(f"{kind}-")), None)

    assert (fix.path if fix else None) == BY_ONE_CLICK.get(kind)
    if fix:
        assert fix.fields["name"] == next(one.subject for one in verdict.findings if one.kind is kind)
    assert all(one.fix is None for one in sentences.needs(verdict))


def test_one_stalled_plan_is_recovered_and_several_are_looked_at() -> None:
    """Whether a person was asked tells two of one cause apart."""
    asked = replace(LATE, plan_id=UUID(int=8), escalated_at=NOW - timedelta(seconds=1))
    running = Operations(stalled=[asked, replace(LATE, plan_id=UUID(int=9), cause="runner-gone"), LATE])

    assert fix_of(stalled(Kind.PLANS_STALLED), running) == Fix(
        f"/plans/{PLAN}/recovery", {"how": "recover"}, "Recover now"
    )
    found = fix_of(stalled(Kind.PLANS_ESCALATED), running)
    assert found is not None
    assert found.path == f"/plans/{asked.plan_id}/recovery"
    assert fix_of(stalled(Kind.PLANS_STALLED, 2), running) is None
    assert fix_of(stalled(Kind.PLANS_STALLED), Operations()) is None
