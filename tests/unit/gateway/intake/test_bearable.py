"""What an ad and returns may take of each product: only where its costs and all that is taken off are known."""

from typing import Any

import polars as pl

from gateway.intake.figures import channel_facts
from gateway.intake.goods import Cost, Goods
from gateway.intake.layouts.lines import LINES
from schemas.facts import Figure
from tests.unit.gateway.intake.test_figures import line


def told(rows: list[dict[str, Any]], **costs: float) -> Figure | None:
    known = [Cost(sku, cost, "", "", None, None, "BRL") for sku, cost in costs.items()]
    frame = pl.DataFrame([{"currency": "BRL"} | row for row in rows], schema=LINES)
    (own,) = channel_facts(frame, None, goods=Goods(known))
    return next((one for one in own.figures if one.metric == "bearable_acos"), None)


def sales(sku: str, price: float, units: int = 10, **more: Any) -> list[dict[str, Any]]:
    row = {"revenue": price, "fees": 10.0, "shipping": 10.0, "refund": 0.0, "returned_units": 0.0}
    return [line(order_id=f"{sku}{n}", sku=sku, **(row | more)) for n in range(units)]


def test_an_ad_earns_up_to_what_is_left_of_a_sale() -> None:
    """Of R$ 100, R$ 40 remain after all costs, which an ad may use up; of R$ 50 nothing remains, so no ad pays."""
    found = told(sales("A", 100.0) + sales("B", 50.0), A=40.0, B=31.0)

    assert found is not None
    products = found.detail["by_sku"]
    assert (products["A"]["bearable_acos"], products["A"]["bearable"]) == (0.4, 0.4)
    assert (products["B"]["bearable_acos"], products["B"]["bearable"]) == (0.0, 0.0)
    assert found.value == round((400 - 10) / 1500, 4)
    assert found.skus == ["A", "B"]
    assert found.rows is not None
    assert found.rows.used == 20


def test_products_without_a_cost_or_with_few_units_are_not_told() -> None:
    found = told(sales("A", 100.0) + sales("B", 50.0) + sales("C", 50.0, units=9), A=40.0, C=10.0)

    assert found is not None
    assert found.skus == ["A"]
    assert told(sales("A", 100.0)) is None


def test_where_freight_or_refunds_are_not_known_nothing_is_told() -> None:
    """Without freight and refunds the limit for an ad would be too high, so none is given."""
    assert told(sales("A", 100.0, shipping=None), A=40.0) is None
    assert told(sales("A", 100.0, fees=None), A=40.0) is None
