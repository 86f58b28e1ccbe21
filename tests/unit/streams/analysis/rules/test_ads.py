"""Rules about what advertising costs: when they speak, what it is worth, and what the plan says is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schemas.facts import Figure, Product
from streams.analysis.proof.measure import Reading, idle_ads
from streams.analysis.proof.metrics import METRICS
from streams.analysis.rules.view import View
from tests.unit.streams.analysis.proof.samples import FEBRUARY, facts
from tests.unit.streams.analysis.rules.test_rules import analysis, ids, near, only

#: Ninety-one days of a report; the base of `test_rules` is of three months, too.
DAYS = {"from": "2026-01-01", "to": "2026-04-01"}
MONTHS = 91 / 30.44


def spent(cost: float = 3000.0, sales: float | None = 10_000.0, **by_sku: dict[str, float]) -> list[Figure]:
    detail: dict[str, Any] = {**DAYS, "by_sku": by_sku} if by_sku else dict(DAYS)
    found = [
        Figure("advertising_cost", cost, "BRL", list(by_sku), detail),
        Figure("tacos", round(cost / 30_000, 4), "ratio"),
    ]
    if sales is None:
        return found
    return [
        *found,
        Figure("advertising_sales", sales, "BRL"),
        *([Figure("acos", round(cost / sales, 4), "ratio")] if sales else []),
    ]


def margin(share: float) -> Figure:
    return Figure("margin", share, "ratio")


TICKET = Figure("average_ticket", 100.0, "BRL")


def idle(**cost: float) -> Figure:
    by_sku = {sku: {"ad_cost": amount} for sku, amount in cost.items()}
    detail = {"products": len(cost), "by_sku": by_sku}
    return Figure("ads_without_sales", sum(cost.values()), "BRL", list(cost), detail)


def test_an_acos_above_the_margin_is_worth_what_the_report_loses_a_month() -> None:
    found = only(*spent(), margin(0.2), TICKET)

    assert (found.id, found.worth_brl) == ("shopee-unprofitable-ads", near((3000 - 0.2 * 10_000) / MONTHS))
    assert [(one.metric, one.value) for one in found.evidence] == [("acos", 0.3), ("tacos", 0.1)]
    assert "ficam 20,0% de margem antes da publicidade" in found.evidence[0].text


@pytest.mark.parametrize("share", [0.3, 0.35])
def test_an_acos_that_the_margin_pays_is_no_finding(share: float) -> None:
    assert "unprofitable-ads" not in ids(*spent(), margin(share), TICKET)


def test_an_acos_of_few_sales_is_told_as_unsure() -> None:
    few = [*spent(60.0, 200.0), margin(0.2), TICKET]

    assert ids(*few) == []
    assert any("são poucos dados para afirmar" in text for text in analysis(*few).limits)


def test_without_costs_of_the_goods_only_more_than_all_that_is_left_is_sure() -> None:
    high, low = Figure("net_receipts", 7500.0, "BRL"), Figure("net_receipts", 15_000.0, "BRL")
    found = only(*spent(), high, TICKET)

    assert found.worth_brl == near((3000 - 0.25 * 10_000) / MONTHS)
    assert "sem o custo" in found.evidence[0].text
    assert ids(*spent(), low, TICKET) == []
    assert any("não se sabe se a publicidade se paga" in text for text in analysis(*spent(), low, TICKET).limits)
    assert any("Não se sabe quanto sobra" in text for text in analysis(*spent(), TICKET).limits)


def test_where_no_sales_are_attributed_its_share_of_all_sales_is_held_against_the_margin() -> None:
    found = only(*spent(sales=None), margin(0.05))

    assert (found.evidence[0].metric, found.worth_brl) == ("tacos", near((3000 - 0.05 * 30_000) / MONTHS))
    limits = analysis(*spent(sales=None), margin(0.5)).limits
    assert any("ACOS é desconhecido (ela custa 10,0% de toda a receita)" in text for text in limits)


def test_products_are_named_whose_own_margin_does_not_pay_their_advertising() -> None:
    bad, good, unknown = (
        Product(sku, sku, 100.0, 10_000.0, 100, net=6000.0, unit_price=100.0, contribution=left)
        for sku, left in (("BAD", 1000.0), ("GOOD", 5000.0), ("NOBODY", None))
    )
    bare = Product("BARE", "BARE", 100.0, 10_000.0, 100, unit_price=100.0)  # nobody knows what is left of it
    of = {
        sku: {"ad_cost": 1000.0, "ad_sales": 4000.0, "acos": 0.25, "revenue": 10_000.0, "tacos": 0.1}
        for sku in ("BAD", "GOOD", "NOBODY", "BARE", "NOT-LISTED")
    }
    found = only(*spent(3000.0, 12_000.0, **of), margin(0.4), TICKET, products=[bad, good, unknown, bare])

    assert [one.skus for one in found.evidence if one.metric == "advertising_cost"] == [["BAD"]]
    assert found.worth_brl == near((1000 - 0.1 * 4000) / MONTHS)


def test_what_a_product_bears_is_its_own_figures_word_and_the_limit_of_its_campaigns() -> None:
    of = {"BAD": {"ad_cost": 1000.0, "ad_sales": 4000.0, "acos": 0.25}}
    bears = {"bearable_acos": 0.1, "units": 100.0, "return_rate": 0.0, "contribution": 1000.0, "revenue": 10_000.0}
    told = Figure("bearable_acos", 0.1, "ratio", ["BAD"], {"by_sku": {"BAD": bears}})
    # its sums tell more than its figure: the figure is what the page shows, so it decides
    bad = Product("BAD", "BAD", 100.0, 10_000.0, 100, net=6000.0, unit_price=100.0, contribution=9000.0)
    found = analysis(*spent(3000.0, 12_000.0, **of), told, margin(0.4), TICKET, products=[bad])
    (one,) = found.opportunities

    assert [(e.metric, e.value, e.skus) for e in one.evidence if e.metric == "bearable_acos"] == [
        ("bearable_acos", 0.1, ["BAD"])
    ]
    assert one.worth_brl == near((1000 - 0.1 * 4000) / MONTHS)
    assert any("(BAD até 10,0%)" in task.what for phase in found.phases for task in phase.tasks)


def test_advertising_that_sold_nothing_is_worth_what_it_costs_where_chance_does_not_explain_it() -> None:
    price = Figure("units", 300.0, "count")  # R$ 100 each: at an ACOS of 10 % a sale costs R$ 10
    found = only(*spent(1000.0, 10_000.0), idle(DEAD=29.9, GONE=400.0), margin(0.4), price, TICKET)

    assert (found.id, found.worth_brl) == ("shopee-ads-without-sales", near(400 / MONTHS))
    assert [one.skus for one in found.evidence] == [["GONE"]]


def test_what_sold_nothing_is_no_second_time_in_what_advertising_loses() -> None:
    price = Figure("units", 300.0, "count")
    loss, dead = analysis(*spent(), idle(GONE=400.0), margin(0.2), price, TICKET).opportunities

    assert (loss.worth_brl, dead.worth_brl) == (near(600 / MONTHS), near(400 / MONTHS))


def test_without_a_discount_the_revenue_is_that_of_full_prices() -> None:
    assert View(facts(FEBRUARY, revenue=50.0)).at_full_price(50.0) == 50.0


def test_a_report_of_days_has_no_worth_a_month() -> None:
    short = [Figure(one.metric, one.value, one.unit, one.skus, {}) for one in spent()]
    short[0] = Figure("advertising_cost", 3000.0, "BRL", [], {"from": "2026-01-01", "to": "2026-01-10"})
    found = only(*short, margin(0.2), TICKET)

    assert found.worth_brl is None
    assert "Em 10 dias, isso soma até R$ 1.000,00" in found.what


def test_the_next_report_tells_what_became_of_it() -> None:
    def later(**cost: float) -> View:
        by_sku = {sku: {"ad_cost": amount} for sku, amount in cost.items()}
        told: dict[str, float] = {"ads_without_sales": sum(cost.values())} if cost else {}
        own = facts(
            FEBRUARY, details={"ads_without_sales": by_sku}, revenue=9000.0, advertising_cost=500.0,
            advertising_sales=2000.0, acos=0.25, tacos=0.05, figures=told,
        )  # fmt: skip
        return View(own)

    assert idle_ads(later(A=280.0, B=70.0), ["A"]) == Reading(280.0, "BRL", lever=1.0)
    assert idle_ads(later(), ["A"]) == Reading(0.0, "BRL", lever=1.0)
    assert idle_ads(View(facts(FEBRUARY, revenue=1.0)), ["A"]) == "figure"
    listed = replace(later(A=280.0).own)
    [figure] = [one for one in listed.figures if one.metric == "ads_without_sales"]
    figure.detail["products"] = 2  # of which one is named: it may be the other
    assert idle_ads(View(listed), ["B"]) == "product"
    for metric, lever in (("acos", 2000.0), ("tacos", 9000.0)):
        read = METRICS[metric].read(later(), [])
        assert isinstance(read, Reading)
        assert (METRICS[metric].better, read.lever) == ("lower", near(lever))
