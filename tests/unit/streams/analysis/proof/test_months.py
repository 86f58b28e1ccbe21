"""Two documents of unlike days: their last whole months are compared, and what is not compared is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schemas.facts import ChannelFacts, Month
from schemas.lifecycle import PlanStatus
from schemas.typed.plan import PlanChannelComparedData
from streams.analysis.proof.compare import Before, Earlier, choose, compared
from streams.analysis.proof.periods import Period

from .samples import facts

MARCH = Month("2026-03", revenue=100.0, units=10.0, fees=20.0, refunds=5.0)
APRIL = Month("2026-04", revenue=180.0, units=15.0, fees=30.0, refunds=None)
TO_MARCH, TO_APRIL = ["2026-01-01", "2026-03-31"], ["2026-01-01", "2026-04-30"]


def document(days: list[str], *months: Month, currency: str = "BRL") -> ChannelFacts:
    whole = facts(days, currency=currency, figures={"revenue": 1.0, "period_days": 90.0})
    return replace(whole, months=list(months))


def period(days: list[str]) -> Period:
    found = Period.of(days)
    assert found is not None
    return found


def told(then: ChannelFacts, now: ChannelFacts) -> PlanChannelComparedData:
    earlier = Earlier("p1", period(then.period), PlanStatus.COMPLETED)
    own = period(now.period)
    data = compared("p2", now, own, choose(own, [earlier]), {"p1": Before(then, None, [])})
    assert data is not None
    return data


def test_the_month_that_is_new_is_compared_with_the_one_before_it() -> None:
    data = told(document(TO_MARCH, MARCH), document(TO_APRIL, MARCH, APRIL))
    bridge = data["bridge"]
    assert bridge is not None
    assert (bridge["month_before"], bridge["month_after"]) == ("2026-03", "2026-04")
    steps: dict[str, Any] = {step["kind"]: step["amount"] for step in bridge["steps"]}
    assert steps == {"volume": 50.0, "price_mix": 30.0, "refunds": None, "fees": -10.0, "shipping": None}
    assert (bridge["before"], bridge["after"]) == (80.0, 150.0)
    assert data["not_compared"] == {
        "plan_id": "p1", "first_day": "2026-01-01", "last_day": "2026-03-31", "days_in_both": 90, "why": "days",
    }  # fmt: skip


def test_without_units_the_revenue_is_one_step() -> None:
    data = told(document(TO_MARCH, replace(MARCH, units=None)), document(TO_APRIL, APRIL))
    assert data["bridge"] is not None
    assert [(s["kind"], s["amount"]) for s in data["bridge"]["steps"]][:2] == [("volume", None), ("revenue", 80.0)]


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (document(TO_MARCH), document(TO_APRIL, APRIL)),
        (document(TO_MARCH, MARCH), document(["2026-01-01", "2026-04-29"], MARCH, APRIL)),
        (document(["2026-03-02", "2026-03-31"], MARCH), document(TO_APRIL, MARCH, APRIL)),
        (document(TO_MARCH, replace(MARCH, revenue=None)), document(TO_APRIL, APRIL)),
        (document(TO_MARCH, MARCH, currency="USD"), document(TO_APRIL, APRIL)),
        (document(TO_MARCH, MARCH, currency=""), document(TO_APRIL, APRIL, currency="")),
    ],
    ids=[
        "no months",
        "a month that lacks its last day",
        "one that lacks its first",
        "no revenue",
        "two currencies",
        "no currency",
    ],
)
def test_what_cannot_be_compared_by_month_is_said_all_the_same(then: ChannelFacts, now: ChannelFacts) -> None:
    data = told(then, now)
    assert data["bridge"] is None
    assert data["not_compared"] is not None
    assert data["not_compared"]["why"] == "days"


@pytest.mark.parametrize(("currency", "why"), [("USD", "currency"), ("BRL", "revenue")])
def test_documents_of_like_days_that_have_no_bridge_say_why(currency: str, why: str) -> None:
    then = replace(document(["2026-03-01", "2026-03-31"], currency=currency), figures=[])
    data = told(then, document(["2026-04-01", "2026-04-30"]))
    assert (data["bridge"], data["not_compared"] and data["not_compared"]["why"]) == (None, why)


def test_a_plan_that_was_cancelled_is_compared_with_nothing() -> None:
    cancelled = Earlier("p1", period(TO_MARCH), PlanStatus.CANCELLED)
    assert choose(period(TO_APRIL), [cancelled]).plans == []
