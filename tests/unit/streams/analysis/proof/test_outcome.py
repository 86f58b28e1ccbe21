"""An opportunity is measured by the next document: then, now, verdict, and what came of its worth."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas.facts import ChannelFacts
from schemas.plan import Evidence, Opportunity
from streams.analysis.proof.metrics import BY_OPPORTUNITY, METRICS
from streams.analysis.proof.outcome import Outcome, TaskState, acted, measure

from .samples import FEBRUARY, JANUARY, facts, product

MARCH = ["2026-03-01", "2026-03-31"]


def opportunity(
    metric: str | None, *skus: str, worth: float | None = None, slug: str = "x", more: list[Evidence] | None = None
) -> Opportunity:
    evidence = [] if metric is None else [Evidence(metric, 0.0, "ratio", "t", list(skus))]
    return Opportunity(f"shopee-{slug}", "shopee", "Título", "w", "high", [*(more or []), *evidence], worth)


def measured(one: Opportunity, then: ChannelFacts, now: ChannelFacts) -> Outcome:
    return measure(one, then, now, [])


def returned(period: list[str], units: float, back: float, **more: Any) -> ChannelFacts:
    """A product at R$ 50, of which each returned unit is refunded."""
    sold = product("A", units, units * 50, returned_units=back, refunds=back * 50)
    return facts(period, sold, revenue=100_000.0, units=2000, **more)


def test_returns_of_a_product_that_halve_bring_half_of_what_was_promised() -> None:
    then, now = returned(JANUARY, 1000, 120), returned(MARCH, 1000, 60)
    found = measured(opportunity("product_return_rate", "A", worth=4419.0, slug="returns"), then, now)

    assert (found.baseline, found.current, found.verdict, found.why) == (0.12, 0.06, "improved", None)
    assert found.target == pytest.approx(0.03, abs=0.0001)
    # 6 % of 1,000 units at R$ 50 in 31 days, as a month
    assert found.came == pytest.approx(3000 * 30.44 / 31, abs=0.01)
    assert (found.metric, found.skus, found.promised) == ("product_return_rate", ["A"], 4419.0)


def test_returns_that_rise_have_cost_money() -> None:
    found = measured(
        opportunity("product_return_rate", "A", worth=100.0), returned(JANUARY, 1000, 60), returned(MARCH, 1000, 120)
    )
    assert found.verdict == "worse"
    assert found.came == pytest.approx(-3000 * 30.44 / 31, abs=0.01)


def test_returns_that_end_are_worth_the_price_of_what_does_not_come_back() -> None:
    found = measured(opportunity("product_return_rate", "A"), returned(JANUARY, 1000, 120), returned(MARCH, 1000, 0))
    assert (found.current, found.verdict, found.target) == (0.0, "improved", None)
    assert found.came == pytest.approx(6000 * 30.44 / 31, abs=0.01)


def test_all_products_of_an_opportunity_are_measured_together() -> None:
    def shop(period: list[str], a: float, b: float) -> ChannelFacts:
        return facts(
            period,
            product("A", 100, 100.0, returned_units=a, refunds=a),
            product("B", 300, 300.0, returned_units=b, refunds=b),
        )

    one = opportunity("product_return_rate", "B", more=[Evidence("product_return_rate", 0.4, "ratio", "t", ["A"])])
    found = measured(one, shop(JANUARY, 40, 60), shop(MARCH, 10, 10))
    assert (found.skus, found.baseline, found.current) == (["A", "B"], 0.25, 0.05)


def test_the_channels_return_rate_is_measured_where_no_product_is_named() -> None:
    then = facts(JANUARY, return_rate=0.1, units=1000, returned_units=100, refunds=5000.0, revenue=50_000.0)
    now = facts(MARCH, return_rate=0.05, units=1000)
    found = measured(opportunity("return_rate", worth=1000.0), then, now)
    assert (found.verdict, found.came) == ("improved", None)
    assert found.target == pytest.approx(0.1 - 1000 / (50_000 * 30.44 / 31))
    assert measured(opportunity("return_rate"), then, facts(MARCH, units=1000)).why == "not-now"


@pytest.mark.parametrize(
    ("then", "now", "why"),
    [
        (facts(JANUARY), returned(MARCH, 100, 5), "product-not-then"),
        (returned(JANUARY, 100, 5), facts(MARCH), "product-not-now"),
        (facts(JANUARY, product("A", 100, 1.0)), returned(MARCH, 100, 5), "not-then"),
        (returned(JANUARY, 100, 5), facts(MARCH, product("A", None, 1.0, returned_units=3)), "not-now"),
        (returned(JANUARY, 100, 5), facts(MARCH, product("A", 0, 0.0, returned_units=0)), "not-now"),
        (returned(JANUARY, 100, 50), returned(MARCH, 19, 0), "few"),
        (returned(JANUARY, 19, 10), returned(MARCH, 100, 0), "few"),
    ],
)
def test_what_a_document_does_not_tell_or_tells_of_too_few_is_not_judged(
    then: ChannelFacts, now: ChannelFacts, why: str
) -> None:
    found = measured(opportunity("product_return_rate", "A", worth=10.0), then, now)
    assert (found.verdict, found.why, found.came) == ("unknown", why, None)


def test_a_product_without_refunds_is_judged_and_its_money_not_known() -> None:
    then = facts(JANUARY, product("A", 1000, 1.0, returned_units=100))
    now = facts(MARCH, product("A", 1000, 1.0, returned_units=10))
    found = measured(opportunity("product_return_rate", "A", worth=10.0), then, now)
    assert (found.verdict, found.came, found.target) == ("improved", None, None)


def test_a_difference_that_chance_alone_gives_is_none() -> None:
    few, many = (
        (returned(JANUARY, 50, 5), returned(MARCH, 50, 3)),
        (returned(JANUARY, 5000, 500), returned(MARCH, 5000, 300)),
    )
    one = opportunity("product_return_rate", "A")
    assert measured(one, *few).verdict == "unchanged"
    assert measured(one, *few).came is None
    assert measured(one, *many).verdict == "improved"


@pytest.mark.parametrize(("now", "verdict"), [(0.23, "unchanged"), (0.21, "improved"), (0.28, "worse")])
def test_a_share_has_to_move_by_a_tenth_of_what_it_was(now: float, verdict: str) -> None:
    found = measured(
        opportunity("fee_share", worth=2945.6), facts(JANUARY, fee_share=0.25, revenue=60_000.0),
        facts(MARCH, fee_share=now, revenue=60_000.0),
    )  # fmt: skip
    assert found.verdict == verdict
    assert found.target == pytest.approx(0.2, abs=0.0001)
    assert (found.came is None) is (verdict == "unchanged")


def test_shipping_that_has_become_an_income_is_a_share_below_zero() -> None:
    then = facts(JANUARY, shipping_share=0.1, revenue=1000.0)
    found = measured(opportunity("shipping_cost"), then, facts(MARCH, shipping_income=20.0, revenue=1000.0))
    assert (found.current, found.verdict) == (-0.02, "improved")
    assert measured(opportunity("shipping_share"), then, facts(MARCH, revenue=1.0)).why == "not-now"
    assert measured(opportunity("shipping_share"), then, facts(MARCH)).why == "not-now"


def test_cancellations_count_what_is_left_of_the_amount_that_was_cancelled() -> None:
    then = facts(JANUARY, cancellation_rate=0.1, cancelled_revenue=1000.0, orders=500, revenue=9000.0)
    now = facts(MARCH, cancellation_rate=0.02, cancelled_revenue=200.0, orders=500, revenue=9000.0, fee_share=0.2)
    found = measured(opportunity("cancellation_rate", worth=100.0), then, now)
    assert found.verdict == "improved"
    assert found.came == pytest.approx(0.08 * 10_000 * 0.8 * 30.44 / 31, abs=0.01)

    none = facts(MARCH, cancellation_rate=0.0, cancelled_revenue=0.0, orders=500, revenue=9000.0)
    assert measured(opportunity("cancelled_revenue"), then, none).came == pytest.approx(900 * 30.44 / 31, abs=0.01)
    bare = facts(MARCH, cancellation_rate=0.0, orders=500)
    assert measured(opportunity("cancellation_rate"), then, bare).came is None
    assert measured(opportunity("cancellation_rate"), then, facts(MARCH)).why == "not-now"


def test_discounts_are_worth_their_share_of_the_full_price() -> None:
    then = facts(JANUARY, discount_depth=0.2, revenue=8000.0)
    now = facts(MARCH, discount_depth=0.1, revenue=9000.0)
    found = measured(opportunity("discount_depth", worth=10.0), then, now)
    assert found.came == pytest.approx(0.1 * 10_000 * 30.44 / 31, abs=0.01)
    assert measured(opportunity("discount_depth"), then, facts(MARCH, discount_depth=1.0, revenue=0.0)).came is None
    assert measured(opportunity("discount_depth"), then, facts(MARCH, revenue=1.0)).why == "not-now"


def test_refunds_are_measured_as_a_share_of_the_revenue() -> None:
    then = facts(JANUARY, refunds=1000.0, revenue=10_000.0)
    found = measured(opportunity("refunds"), then, facts(MARCH, refunds=1000.0, revenue=20_000.0))
    assert (found.baseline, found.current, found.verdict) == (0.1, 0.05, "improved")
    assert measured(opportunity("refunds"), then, facts(MARCH, refunds=1.0)).why == "not-now"


def test_losses_of_products_are_an_amount_a_month() -> None:
    then = facts(JANUARY, product("A", 5, 1.0, net=-310.0), product("B", 5, 1.0, net=50.0))
    now = facts(MARCH, product("A", 5, 1.0, net=-31.0), product("B", 5, 1.0, net=1.0))
    found = measured(opportunity("product_losses", "A", "B", worth=304.4), then, now)
    assert (found.unit, found.verdict) == ("BRL", "improved")
    assert found.baseline == pytest.approx(304.4)
    assert found.came == pytest.approx(273.96)
    assert found.target == 0.0

    one = opportunity("product_losses", "A")
    assert measured(one, then, facts(MARCH, product("A", 5, 1.0))).why == "not-now"
    assert measured(one, then, facts(MARCH)).why == "product-not-now"
    week = facts(["2026-03-01", "2026-03-07"], product("A", 5, 1.0, net=-1.0))
    assert measured(one, then, week).why == "short"


def test_a_best_seller_that_sells_again_has_brought_what_it_sold() -> None:
    then = facts(JANUARY, product("A", 50, 5000.0, last_sale="2026-01-10"), revenue=5000.0, units=50)
    now = facts(MARCH, product("A", 50, 5000.0, last_sale="2026-03-30"), revenue=5000.0, units=50, fee_share=0.2)
    found = measured(opportunity("days_without_sales", "A", worth=4000.0), then, now)
    assert (found.baseline, found.current, found.verdict, found.target) == (21.0, 1.0, "improved", None)
    assert found.came == pytest.approx(4000 * 30.44 / 31, abs=0.01)

    again = measured(opportunity("days_without_sales", "A"), now, then)
    assert (again.verdict, again.came) == ("worse", None)


def test_a_best_seller_that_stays_silent_is_missing_where_all_products_are_listed() -> None:
    one = opportunity("days_without_sales", "A")
    then = facts(JANUARY, product("A", 50, 5000.0, last_sale="2026-01-10"))
    all_listed = facts(MARCH, product("B", 1, 10.0, last_sale="2026-03-30"), revenue=10.0, units=1)
    assert (measured(one, then, all_listed).current, measured(one, then, all_listed).verdict) == (31.0, "worse")
    some_listed = facts(MARCH, product("B", 1, 10.0), revenue=99.0, units=9)
    assert measured(one, then, some_listed).why == "product-not-now"
    assert measured(one, then, facts([], product("A", 1, 1.0, last_sale="2026-03-30"))).why == "not-now"
    assert measured(one, then, facts(MARCH, product("A", 1, 1.0))).why == "not-now"
    no_money = facts(MARCH, product("A", 1, None, last_sale="2026-03-30"))
    assert measured(one, then, no_money).came is None


def test_products_that_are_clicked_again_are_fewer_of_those_that_were_not() -> None:
    then = facts(JANUARY, impressions=1000, low_click_rate=0.001, details={"low_click_rate": {"A": {}, "B": {}}})
    now = facts(MARCH, impressions=1000, low_click_rate=0.001, details={"low_click_rate": {"B": {}, "C": {}}})
    one = opportunity("low_click_rate", "A", "B")
    found = measured(one, then, now)
    assert (found.baseline, found.current, found.unit, found.verdict) == (2.0, 1.0, "count", "improved")
    assert measured(one, then, facts(MARCH)).why == "not-now"


def test_amounts_are_those_of_a_month_and_of_the_products_that_are_named() -> None:
    then = facts(JANUARY, product("A", 5, 310.0), revenue=3100.0, orders=31)
    now = facts(MARCH, product("A", 5, 620.0), revenue=3100.0, orders=31)
    named, all_of_it = opportunity("revenue", "A"), opportunity("revenue")
    assert measured(named, then, now).baseline == pytest.approx(304.4)
    assert measured(named, then, now).came == pytest.approx(304.4)
    assert measured(all_of_it, then, now).verdict == "unchanged"
    assert measured(opportunity("orders", "A"), then, now).verdict == "unchanged"
    assert measured(named, then, facts(MARCH, revenue=1.0)).why == "product-not-now"
    assert measured(named, then, facts(MARCH, product("A", 5, None), revenue=1.0)).why == "not-now"
    assert measured(named, then, facts(MARCH, units=1)).why == "not-now"
    assert measured(all_of_it, then, facts(["2026-03-01", "2026-03-07"], revenue=1.0)).why == "short"
    few, more = product("A", 5, 1.0, net=1.0), product("A", 9, 1.0, net=2.0)
    units = measured(opportunity("units", "A"), facts(JANUARY, few, units=9), facts(MARCH, more, units=9))
    assert (units.verdict, units.unit) == ("improved", "count")
    left = facts(JANUARY, few, net_receipts=1.0), facts(MARCH, more, net_receipts=2.0)
    assert measured(opportunity("net_receipts", "A"), *left).verdict == "improved"


def test_advertising_is_less_in_one_opportunity_and_more_in_another() -> None:
    then, now = facts(JANUARY, advertising_share=0.5), facts(MARCH, advertising_share=0.3)
    assert measured(opportunity("advertising_share", slug="advertising"), then, now).verdict == "improved"
    assert measured(opportunity("advertising_share", slug="try-advertising"), then, now).verdict == "worse"
    assert measured(opportunity("advertising_share", slug="ads"), then, now).why == "not-measurable"


def test_without_a_figure_nothing_can_be_measured_and_the_first_that_can_is_taken() -> None:
    then, now = facts(JANUARY, dispatch_days=4), facts(MARCH, dispatch_days=1)
    assert measured(opportunity(None), then, now).why == "no-figure"
    assert measured(opportunity("period_days"), then, now).why == "not-measurable"
    found = measured(opportunity("dispatch_days", more=[Evidence("impressions", 1, "count", "t")]), then, now)
    assert (found.metric, found.verdict) == ("dispatch_days", "improved")


def test_money_of_another_currency_is_not_told_as_reais() -> None:
    then = facts(JANUARY, fee_share=0.3, revenue=1000.0, currency="USD")
    found = measured(
        opportunity("fee_share", worth=9.0), then, facts(MARCH, fee_share=0.1, revenue=1000.0, currency="USD")
    )
    assert (found.verdict, found.came, found.target) == ("improved", None, None)
    week = facts(["2026-03-01", "2026-03-07"], fee_share=0.1, revenue=1000.0)
    assert measured(opportunity("fee_share"), then, week).came is None


def test_an_amount_in_another_currency_is_not_the_same_figure() -> None:
    then, now = facts(JANUARY, revenue=10.0, currency="USD"), facts(MARCH, revenue=20.0)
    assert measured(opportunity("revenue"), then, now).why == "not-now"


def test_a_target_is_never_below_zero_and_above_for_what_shall_rise() -> None:
    then = facts(FEBRUARY, fee_share=0.1, revenue=100.0)
    assert measured(opportunity("fee_share", worth=5000.0), then, then).target == 0.0
    grown = measured(opportunity("revenue", worth=50.0), then, then)
    assert grown.target == pytest.approx(100 + 50 / 0.9)


IN_TIME, AFTER = date(2026, 3, 31), date(2026, 4, 1)


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        ([], "no_task"),
        ([("open", IN_TIME)], "not_done"),
        ([("cancelled", IN_TIME)], "not_done"),
        ([("completed", IN_TIME)], "done"),
        ([("completed", IN_TIME), ("started", IN_TIME)], "part"),
        ([("completed", IN_TIME), ("completed", AFTER)], "part"),
        ([("completed", AFTER)], "late"),
    ],
)
def test_what_was_done_after_the_documents_last_day_has_not_caused_what_it_shows(
    tasks: list[tuple[str, date]], expected: str
) -> None:
    assert acted([TaskState("o", status, since) for status, since in tasks], IN_TIME) == expected


def test_only_the_tasks_of_an_opportunity_count_for_it() -> None:
    tasks = [
        TaskState("shopee-x", "completed", AFTER),
        TaskState("shopee-x", "open", AFTER),
        TaskState("y", "open", AFTER),
    ]
    found = measure(opportunity("dispatch_days"), facts(JANUARY), facts(MARCH), tasks)
    assert (found.acted, found.tasks, found.tasks_done) == ("late", 2, 1)
    assert measure(opportunity("dispatch_days"), facts(JANUARY), facts([]), tasks).acted == "late"


def test_every_metric_that_is_measured_is_a_documented_figure() -> None:
    documented = (Path(__file__).parents[5] / "docs" / "analysis.md").read_text("utf-8")
    assert [name for name in (*METRICS, *BY_OPPORTUNITY) if f"`{name}`" not in documented] == []
    assert not METRICS.keys() & BY_OPPORTUNITY.keys()


def test_a_product_that_nobody_buys_any_more_loses_nothing_where_the_list_has_all() -> None:
    then = facts(JANUARY, product("A", 100, 1000.0, net=-200.0), product("B", 10, 100.0), revenue=1100.0, units=110)
    now = facts(MARCH, product("B", 10, 100.0), revenue=100.0, units=10)
    one = opportunity("product_losses", "A")

    assert (measured(one, then, now).verdict, measured(one, then, now).current) == ("improved", 0.0)
    assert measured(one, then, facts(MARCH, product("B", 10, 100.0), revenue=900.0, units=90)).why == "product-not-now"
