"""The rows behind a cell of a month or a product: few of each, the ones that matter, and nothing of a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from gateway.intake.figures import channel_facts
from gateway.intake.figures.cells import MAX_MONTHS, OF_MONTH, OF_PRODUCT
from gateway.intake.layouts.lines import LINES
from schemas.facts import CellRow, ChannelFacts


def sale(number: int, **fields: Any) -> dict[str, Any]:
    at = datetime.fromisoformat("2026-03-10")
    plain = {"channel": "shopee", "order_id": f"P{number}", "sku": "A", "status": "sold", "currency": "BRL", "at": at}
    return {**plain, "units": 1.0, "revenue": float(number), "table": 0, "row": number, **fields}


def facts(*rows: dict[str, Any]) -> ChannelFacts:
    (found,) = channel_facts(pl.DataFrame(rows, schema=LINES), None)
    return found


def orders(rows: list[CellRow]) -> list[str]:
    return [row.order for row in rows]


def test_a_month_keeps_the_rows_with_most_revenue_most_refunded_and_cancelled_ones() -> None:
    many = [sale(n) for n in range(1, 41)]
    back = [sale(n, refund=n / 10, returned_units=1.0) for n in range(41, 51) if n % 2]
    gone = [sale(n, status="cancelled") for n in range(60, 70)]
    kept = facts(*many, *back, *gone).month_rows["2026-03"]

    assert (kept.sales, kept.cancelled) == (45, 10)
    assert orders(kept.sample) == [
        "P49", "P47", "P45", "P43", "P41", "P40", "P39", "P38",  # the largest, refunds among them
        "P69", "P68", "P67", "P66",
    ]  # fmt: skip
    assert len(kept.sample) <= sum(OF_MONTH)
    assert [row.cancelled for row in kept.sample] == [False] * 8 + [True] * 4
    assert kept.sample[0] == CellRow("P49", 0, 49, 49.0, 1.0, refunds=4.9, returned_units=1.0, net=kept.sample[0].net)


def test_a_small_sale_that_was_refunded_is_among_the_rows_of_its_product() -> None:
    kept = facts(*(sale(n) for n in range(10, 30)), sale(1, refund=1.0)).product_rows["A"]
    assert kept.sales == 21
    assert orders(kept.sample) == ["P29", "P28", "P27", "P26", "P1"]
    assert len(kept.sample) <= sum(OF_PRODUCT)


def test_of_equal_amounts_the_first_rows_are_kept() -> None:
    kept = facts(*(sale(n, revenue=5.0) for n in range(1, 30))).product_rows["A"]
    assert orders(kept.sample) == ["P1", "P2", "P3", "P4"]


def test_only_the_last_months_and_the_listed_products_have_rows() -> None:
    months = [sale(n, at=datetime(2023 + n // 12, n % 12 + 1, 5), sku=f"S{n}") for n in range(1, 36)]  # noqa: DTZ001 - as read
    found = facts(*months, sale(50, at=None, sku="undated"))
    assert list(found.month_rows) == [month.month for month in found.months][-MAX_MONTHS:]
    assert set(found.product_rows) == {product.sku for product in found.products}


def test_an_order_that_could_be_a_person_is_not_told() -> None:
    kept = facts(sale(1, order_id="Maria Silva"), sale(2, order_id="123.456.789-09"))
    assert orders(kept.month_rows["2026-03"].sample) == ["", ""]
