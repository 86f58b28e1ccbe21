"""Costs and stock as an opportunity is measured by them: of its products, and unknown where a part is unknown."""

from __future__ import annotations

import pytest

from schemas.facts import Figure
from streams.analysis.proof.measure import Reading, below_cost, idle, longest_stock, margin, shortest_stock
from streams.analysis.proof.metrics import METRICS
from streams.analysis.rules.view import View
from tests.unit.streams.analysis.proof.samples import FEBRUARY, facts, product

A = product("A", 10, 1000.0, contribution=-100.0, stock_days=5.0)
B = product("B", 10, 500.0, contribution=40.0, stock_days=90.0)
BLANK = product("C", 10, 100.0)


def view(*products: object, period: list[str] = FEBRUARY, **figures: float) -> View:
    return View(facts(period, *products, **figures))  # type: ignore[arg-type] # products all


def test_what_is_lost_below_break_even_is_that_of_the_products_that_lose() -> None:
    found = below_cost(view(A, B), ["A", "B"])

    assert isinstance(found, Reading)
    assert (round(found.value, 2), found.unit, found.lever) == (100.0, "BRL", 1.0)
    assert below_cost(view(A), ["A", "B"]) == "product"
    assert below_cost(view(A, BLANK), ["A", "C"]) == "figure"
    assert below_cost(view(A, period=["2026-02-01", "2026-02-10"]), ["A"]) == "days"


def test_the_margin_is_that_of_the_products_or_of_the_channel_whose_costs_are_known() -> None:
    found = margin(view(A, B), ["A", "B"])

    assert isinstance(found, Reading)
    assert found.value == -60 / 1500
    whole = margin(view(margin=0.2, revenue=1000.0), [])
    assert isinstance(whole, Reading)
    assert whole.value == 0.2
    assert margin(view(covered_margin=0.2), []) == "figure"
    assert margin(view(A), ["B"]) == "product"
    assert margin(view(BLANK), ["C"]) == "figure"
    assert margin(view(product("D", 1, 0.0, contribution=1.0)), ["D"]) == "figure"


@pytest.mark.parametrize(("read", "days"), [(shortest_stock, 5.0), (longest_stock, 90.0)])
def test_stock_is_measured_in_days(read: object, days: float) -> None:
    assert callable(read)
    assert read(view(A, B), ["A", "B"]) == Reading(days, "days")
    assert read(view(A), ["A", "B"]) == "product"
    assert read(view(A, BLANK), ["A", "C"]) == "figure"


def test_what_stood_still_is_counted_until_it_sells() -> None:
    """One that a list of all that was sold lacks sold nothing; where the list is not whole nobody knows."""
    detail = {"by_sku": {"X": {"stock": 7.0}, "Y": {"stock": 3.0}}}
    then = view(A)
    then.own.figures.append(Figure("idle_stock", 2.0, "count", ["X", "Y"], detail))
    sold = view(A, product("x", 4, 40.0), units=14.0, revenue=1040.0)

    assert idle(then, ["X", "Y"]) == Reading(2.0, "count")
    assert idle(sold, ["X", "Y"]) == Reading(1.0, "count")
    assert idle(view(A, product("X", 4, 40.0)), ["X", "Y"]) == "product"
    assert idle(view(product("X", None, 40.0)), ["X"]) == "figure"


def test_each_rule_about_goods_is_measured_in_one_direction() -> None:
    better = {
        name: METRICS[name].better
        for name in ("below_break_even", "margin", "low_stock", "slow_stock", "idle_stock", "return_room")
    }

    assert better == {
        "below_break_even": "lower",
        "margin": "higher",
        "low_stock": "higher",
        "slow_stock": "lower",
        "idle_stock": "lower",
        "return_room": "lower",
    }


def test_a_price_gap_is_that_of_the_products_and_not_of_one_that_is_only_doubtful() -> None:
    one = view(A, B)
    by_sku = {"A": {"gap": 0.12}, "B": {"gap": 0.15}, "C": {"gap": 0.81}}
    one.own.figures.append(Figure("price_gap", 0.81, "ratio", ["C", "A", "B"], {"by_sku": by_sku}))
    read = METRICS["price_gap"].read

    assert read(one, ["A", "B"]) == Reading(0.15, "ratio")
    assert read(one, []) == Reading(0.81, "ratio")
    assert read(one, ["D"]) == "product"
    assert read(view(A), ["A"]) == "figure"
