"""Which documents can be compared."""

from __future__ import annotations

from datetime import date

import pytest

from schemas.lifecycle import PlanStatus
from streams.analysis.proof.compare import Earlier, choose
from streams.analysis.proof.periods import Period, alike, comparable, overlap


def days(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


JAN, FEB, MAR = days("2026-01-01", "2026-01-31"), days("2026-02-01", "2026-02-28"), days("2026-03-01", "2026-03-31")


def test_a_document_without_dates_has_no_period() -> None:
    assert Period.of([]) is None
    assert Period.of(["2026-01-01", "2026-01-31"]) == JAN
    assert JAN.days == 31


@pytest.mark.parametrize(
    ("earlier", "later", "both", "fits"),
    [
        (JAN, FEB, 0, True),
        (FEB, JAN, 0, False),
        (JAN, JAN, 31, False),
        (days("2026-01-01", "2026-01-30"), days("2026-01-08", "2026-02-06"), 23, True),  # as long, a week later
        (days("2026-01-01", "2026-01-30"), days("2026-01-08", "2026-02-28"), 23, False),
        (JAN, days("2026-01-01", "2026-02-28"), 31, False),  # it only goes on
        (days("2025-10-01", "2026-01-31"), FEB, 0, True),
    ],
)
def test_a_later_document_is_compared_where_it_has_no_day_of_the_earlier_one_or_is_as_long(
    earlier: Period, later: Period, both: int, fits: bool
) -> None:
    assert overlap(earlier, later) == overlap(later, earlier) == both
    assert comparable(earlier, later) is fits


def test_months_are_alike_and_a_month_and_a_quarter_are_not() -> None:
    assert alike(JAN, FEB)
    assert alike(FEB, MAR)
    assert not alike(days("2025-10-01", "2025-12-31"), JAN)
    assert not alike(JAN, days("2026-02-01", "2026-04-30"))


def test_what_changed_is_told_from_the_latest_document_and_proof_from_the_latest_that_was_approved() -> None:
    rejected, approved = Earlier("r", FEB, PlanStatus.REJECTED), Earlier("a", JAN, PlanStatus.EXECUTING)

    choice = choose(MAR, [rejected, approved])

    assert (choice.bridge, choice.proof, choice.plans) == (rejected, approved, ["r", "a"])
    assert choose(MAR, [approved]).plans == ["a"]


@pytest.mark.parametrize(
    "status", [PlanStatus.ANALYZING, PlanStatus.AWAITING_APPROVAL, PlanStatus.REJECTED, PlanStatus.CANCELLED]
)
def test_a_plan_that_nobody_approved_has_promised_nothing(status: PlanStatus) -> None:
    assert choose(MAR, [Earlier("p", FEB, status)]).proof is None


@pytest.mark.parametrize("status", [PlanStatus.APPROVED, PlanStatus.EXECUTING, PlanStatus.COMPLETED])
def test_an_approved_plan_is_measured(status: PlanStatus) -> None:
    own = Earlier("p", FEB, status)
    assert choose(MAR, [own]).proof == own


def test_a_cancelled_plan_is_compared_with_nothing_and_a_longer_one_is_for_proof_alone() -> None:
    assert choose(MAR, [Earlier("c", FEB, PlanStatus.CANCELLED)]).plans == []
    quarter = Earlier("q", days("2025-11-01", "2026-01-31"), PlanStatus.COMPLETED)
    assert (choose(MAR, [quarter]).bridge, choose(MAR, [quarter]).proof) == (None, quarter)
