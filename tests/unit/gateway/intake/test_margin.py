"""What is left after the goods' own cost: of all, of the part whose costs are known, of each product; and stock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.goods import Cost, Goods, Stock
from gateway.intake.layouts.lines import LINES
from gateway.intake.stock_limits import current_limits
from schemas.facts import ChannelFacts, Figure, MissingCost

START = datetime.fromisoformat("2026-03-01T10:00")


def sale(
    sku: str | None = "A", units: float = 1.0, revenue: float = 100.0, day: int = 0, **more: Any
) -> dict[str, Any]:
    return {
        "channel": "shopee",
        "order_id": f"{sku}-{day}-{more.pop('n', 0)}",
        "sku": sku,
        "title": f"Produto {sku}",
        "at": START + timedelta(days=day),
        "status": "sold",
        "units": units,
        "revenue": revenue,
        "fees": 10.0,
        "shipping": 5.0,
        "refund": 0.0,
        "returned_units": 0.0,
        "currency": "BRL",
    } | more


def facts(
    rows: list[dict[str, Any]], *costs: Cost, stock: list[Stock] | None = None, channel: str = "shopee"
) -> ChannelFacts:
    found = channel_facts(pl.DataFrame(rows, schema=LINES), None, goods=Goods(list(costs), stock or []))
    return next(one for one in found if one.channel == channel)


def cost(sku: str, amount: float, since: str = "2026-01-01", **more: Any) -> Cost:
    return Cost(sku, amount, since=since, **{"currency": "BRL"} | more)


def values(found: ChannelFacts) -> dict[str, float]:
    return {figure.metric: figure.value for figure in found.figures}


def figure(found: ChannelFacts, metric: str) -> Figure:
    return next(one for one in found.figures if one.metric == metric)


COSTED = ("cost", "contribution", "margin")
COVERED = ("covered_cost", "covered_contribution", "covered_margin", "cost_coverage")


def test_with_every_cost_known_the_channel_has_a_contribution() -> None:
    found = facts(
        [sale("A", 2.0), sale("B", 1.0, 50.0)], cost(" a ", 20.0, packaging=1.0, tax_rate=0.1), cost("B", 5.0)
    )
    told = values(found)

    assert told["cost"] == 2 * 21 + 5
    assert told["contribution"] == (150 - 20 - 10) - 47 - 10
    assert told["margin"] == round(63 / 150, 4)
    assert told["cost_coverage"] == 1.0
    assert not [metric for metric in COVERED[:3] if metric in told]
    detail = figure(found, "contribution").detail
    assert (detail["taxes"], detail["tax_share"]) == (10.0, round(100 / 150, 4))
    rows = figure(found, "cost").rows
    assert rows is not None
    assert (rows.used, rows.left_out) == (2, {})


def test_with_one_cost_missing_only_the_known_part_is_told_with_its_share() -> None:
    found = facts([sale("A", 2.0), sale("B", 1.0, 50.0), sale("C", status="cancelled")], cost("A", 20.0))
    told = values(found)

    assert not [metric for metric in COSTED if metric in told]
    assert told["covered_cost"] == 40.0
    assert told["covered_contribution"] == 100 - 15 - 40
    assert told["covered_margin"] == 0.45
    assert told["cost_coverage"] == round(100 / 150, 4)
    rows = figure(found, "covered_cost").rows
    assert rows is not None
    assert rows.left_out == {"no_cost": 1, "status": 1}
    assert (found.missing_costs, found.missing_cost_skus) == ([MissingCost("B", "Produto B", 1.0, 50.0)], 1)
    assert {p.sku: p.cost for p in found.products} == {"A": 40.0, "B": None}


def test_without_costs_nothing_is_said_but_which_are_missing() -> None:
    found = facts([sale("A", 2.0), sale("B", 1.0, 50.0), sale(None, 1.0, 9.0, n=1)])

    assert not [metric for metric in (*COSTED, *COVERED) if metric in values(found)]
    assert [one.sku for one in found.missing_costs] == ["A", "B"]


def test_a_cost_in_another_currency_is_none() -> None:
    found = facts([sale("A"), sale("B", 1.0, 50.0)], cost("A", 20.0, currency="USD"), cost("B", 5.0))

    assert values(found)["cost_coverage"] == round(50 / 150, 4)
    rows = figure(found, "covered_cost").rows
    assert rows is not None
    assert rows.left_out == {"cost_currency": 1}
    assert facts([sale("A", currency=None)], cost("A", 20.0)).figures == facts([sale("A", currency=None)]).figures


def test_without_fees_there_is_a_cost_and_no_contribution() -> None:
    told = values(facts([sale("A", fees=None)], cost("A", 20.0)))

    assert told["cost"] == 20.0
    assert not {"contribution", "margin", "covered_contribution"} & told.keys()


def test_a_sale_has_the_cost_of_its_day() -> None:
    rows = [sale("A", day=0), sale("A", day=10), sale("A", day=20)]
    found = facts(rows, cost("A", 20.0, "2026-03-05"), cost("A", 30.0, "2026-03-21"))

    assert values(found)["cost"] == 20 + 20 + 30
    assert figure(found, "cost").detail["later_rows"] == 1  # it is of before the first cost


def test_a_sale_without_a_sku_is_joined_by_a_title_that_is_one_skus_alone() -> None:
    rows = [sale(None, title="Caneca Azul"), sale(None, title="Prato", n=1)]
    told = values(
        facts(
            rows, cost("CAN", 20.0, title="caneca azul"), cost("P1", 1.0, title="Prato"), cost("P2", 2.0, title="Prato")
        )
    )

    assert told["covered_cost"] == 20.0


def test_the_break_even_price_and_the_highest_return_rate_leave_nothing() -> None:
    rows = [sale("A", 1.0, 100.0, day=n, fees=20.0, shipping=10.0) for n in range(18)]
    rows += [
        sale("A", 1.0, 100.0, day=20 + n, fees=20.0, shipping=10.0, status="returned", refund=100.0, returned_units=1.0)
        for n in range(2)
    ]
    found = facts(rows, cost("A", 65.0, tax_rate=0.05))
    (product,) = found.products

    assert product.contribution == 2000 - 400 - 200 - 200 - 1300 - 90
    low = figure(found, "below_break_even")
    assert low.value == 190.0
    worst = low.detail["by_sku"]["A"]
    price = worst["break_even"]
    # at this price fees, refunds and taxes have the same shares, and nothing is left
    assert price * 20 * (1 - 0.2 - 0.1 - 90 / 2000) - 200 - 1300 == pytest.approx(0, abs=0.01)
    # without returns it would have (2000 - 400 - 200 - 1300 - 100) = 0 left: it bears none
    assert worst["bearable"] == pytest.approx(0.0, abs=1e-6)


def test_room_for_returns_is_what_is_left_of_the_rate_that_it_bears() -> None:
    rows = [sale("A", 1.0, 100.0, day=n % 20, n=n) for n in range(40)]
    rows += [sale("A", 1.0, 100.0, day=n, n=99, status="returned", refund=100.0, returned_units=1.0) for n in range(10)]
    found = facts(rows, cost("A", 60.0))
    room = figure(found, "return_room").detail["by_sku"]["A"]

    # 50 sold: (5000 - 500 - 250 - 3000) / (50 x 100)
    assert room["bearable"] == pytest.approx(0.25)
    assert room["room"] == pytest.approx(0.05)


def test_what_loses_without_its_cost_already_is_no_second_finding() -> None:
    rows = [sale("A", 1.0, 10.0, day=n) for n in range(5)]

    assert "below_break_even" not in values(facts(rows, cost("A", 5.0)))
    assert "product_losses" in values(facts(rows, cost("A", 5.0)))


def daily(sku: str, units: float = 1.0, channel: str = "shopee", days: int = 30) -> list[dict[str, Any]]:
    return [sale(sku, units, 100.0 * units, day=n, channel=channel) for n in range(days)]


def test_stock_that_ends_soon_and_money_that_lies() -> None:
    stock = [
        Stock("A", 20.0, counted_on="2026-03-31"),
        Stock("b", 10_000.0, counted_on="2026-03-31"),
        Stock("C", 100.0, counted_on="2026-03-31"),
    ]
    rows = [*daily("A", 2.0), *daily("B"), *daily("C")]
    found = facts(rows, cost("B", 3.0), stock=stock)

    low, slow = figure(found, "low_stock"), figure(found, "slow_stock")
    assert (low.value, low.skus, low.detail["limit"]) == (10.0, ["A"], 15)
    assert (slow.value, slow.skus, slow.detail["limit"]) == ((10_000 - 180) * 3.0, ["B"], 180)
    assert {p.sku: (p.stock, p.stock_days) for p in found.products}["C"] == (100.0, 100.0)
    assert "slow_stock" not in values(facts(rows, stock=stock))  # money needs a cost


def test_stock_of_all_channels_lasts_by_the_sales_of_all_and_is_told_once() -> None:
    rows = [*daily("A", 1.0), *daily("A", 3.0, "amazon")]
    stock = [Stock("A", 40.0, counted_on="2026-03-30")]

    assert "low_stock" not in values(facts(rows, stock=stock))
    assert figure(facts(rows, stock=stock, channel="amazon"), "low_stock").value == 10.0
    own = [*stock, Stock("A", 5.0, channel="shopee", counted_on="2026-03-30")]
    assert figure(facts(rows, stock=own), "low_stock").value == 5.0
    counted = [figure(facts(rows, stock=one, channel=channel), "low_stock").detail["by_sku"]["A"]["paced_units"]
               for one, channel in ((stock, "amazon"), (own, "shopee"))]  # fmt: skip
    assert counted == [120.0, 30.0]


@pytest.mark.parametrize(
    ("counted", "is_used"), [("2026-03-23", True), ("2026-03-22", False), ("2026-04-30", True), ("2026-05-01", False)]
)
def test_stock_of_another_time_is_not_used_and_said(counted: str, is_used: bool) -> None:
    found = facts(daily("A"), stock=[Stock("A", 5.0, counted_on=counted)])

    assert ("low_stock" in values(found)) is is_used
    assert any("estoque guardado foi contado longe" in text for text in found.warnings) is not is_used


def test_few_days_or_units_tell_no_pace() -> None:
    stock = [Stock("A", 5.0, counted_on="2026-03-10")]

    assert "low_stock" not in values(facts(daily("A", days=13), stock=stock))
    assert "low_stock" not in values(facts(daily("A", 0.2), stock=[Stock("A", 1.0, counted_on="2026-03-30")]))


def test_limits_of_stock_are_settings() -> None:
    assert (current_limits({}).low, current_limits({}).high) == (15, 180)
    assert current_limits({"MARKETPLACE_STOCK_LOW_DAYS": "7"}).low == 7
    for wrong in (
        {"MARKETPLACE_STOCK_LOW_DAYS": "x"},
        {"MARKETPLACE_STOCK_LOW_DAYS": "200"},
        {"MARKETPLACE_STOCK_HIGH_DAYS": "0"},
    ):
        with pytest.raises(ValueError, match="MARKETPLACE_STOCK"):
            current_limits(wrong)


def test_the_order_of_rows_and_of_costs_changes_nothing() -> None:
    rows = [*daily("A", 2.0), *daily("B"), *daily("C")]
    costs = [cost("A", 20.0, "2026-03-05"), cost("A", 30.0, "2026-03-21"), cost("B", 99.0), cost("C", 1.0)]

    assert facts(rows, *costs).products == facts(rows[::-1], *costs[::-1]).products
    assert values(facts(rows, *costs)) == values(facts(rows[::-1], *costs[::-1]))
