"""Orders on one sheet and their items on another are the same sales: counted once, with what either of them tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import pytest

from gateway.intake.figures.repeats import Once, without_repeats
from gateway.intake.layouts.lines import LINES

DAYS = [datetime(2026, 3, day) for day in (1, 2, 3)]  # noqa: DTZ001
ORDERS: list[dict[str, Any]] = [
    {"order_id": "V-1", "at": DAYS[0], "revenue": 100.0, "fees": 10.0, "status": "sold"},
    {"order_id": "V-2", "at": DAYS[1], "revenue": 50.0, "fees": None, "status": "sold"},
]
ITEMS: list[dict[str, Any]] = [
    {"order_id": "V-1", "sku": "A", "units": 1.0, "revenue": 75.0},
    {"order_id": "V-1", "sku": "B", "units": 2.0, "revenue": 25.0},
    {"order_id": "V-2", "sku": "A", "units": 1.0, "revenue": 50.0},
]


def once(*tables: list[dict[str, Any]]) -> Once:
    rows = [{"table": number, "row": n} | row for number, table in enumerate(tables) for n, row in enumerate(table)]
    return without_repeats(pl.DataFrame(rows, schema=LINES).with_columns(pl.col("sku").alias("product")))


@pytest.mark.parametrize("tables", [(ORDERS, ITEMS), (ITEMS, ORDERS)])
def test_each_sale_is_counted_once_with_its_products_and_its_day(tables: tuple[list[dict[str, Any]], ...]) -> None:
    found = once(*tables)

    assert (found.lines["revenue"].sum(), found.lines["units"].sum(), found.repeated) == (150, 4, 2)
    assert found.lines["at"].to_list() == [DAYS[0], DAYS[0], DAYS[1]]
    assert found.lines["fees"].to_list() == [7.5, 2.5, None], "what is not told of an order is not told of its item"


def test_an_order_without_items_and_an_item_without_its_order_are_kept() -> None:
    lone = [{"order_id": "V-3", "at": DAYS[2], "revenue": 9.0}], [{"order_id": "V-4", "sku": "C", "revenue": 5.0}]
    found = once([*ORDERS, *lone[0]], [*ITEMS, *lone[1]])

    assert (found.lines["revenue"].sum(), found.repeated) == (164, 2)


@pytest.mark.parametrize(("items", "fees"), [(1, [5.0]), (2, [None, None])])
def test_amounts_of_an_order_whose_items_cost_nothing_are_its_only_items_or_nobodys(
    items: int, fees: list[float | None]
) -> None:
    free = {"order_id": "V-3", "at": DAYS[2], "revenue": 0.0, "fees": 5.0}
    gifts = [{"order_id": "V-3", "sku": f"C-{n}", "units": 1.0, "revenue": 0.0} for n in range(items)]
    found = once([*ORDERS, free], [*ITEMS, *gifts])

    assert found.lines["fees"].to_list() == [7.5, 2.5, None, *fees]


def test_items_that_tell_all_that_their_orders_do_stay_as_they_are() -> None:
    items = [{**item, "at": DAYS[0], "fees": 1.0, "status": "sold"} for item in ITEMS]

    assert once(ORDERS, items).lines["fees"].to_list() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    "orders",
    [
        [{**order, "revenue": order["revenue"] * 2} for order in ORDERS],  # of another shop, with numbers alike
        ORDERS[:1],
        [ORDERS[0], {**ORDERS[1], "order_id": None}],
    ],
    ids=["other amounts", "one by chance", "without its number"],
)
def test_orders_that_may_be_others_are_added(orders: list[dict[str, Any]]) -> None:
    found = once(orders, ITEMS)

    assert found.lines["revenue"].sum() == 150 + sum(order["revenue"] for order in orders)


def test_numbers_that_begin_anew_each_month_are_of_other_orders() -> None:
    """What costs the same each time: numbers and amounts agree, and no day does."""
    later = [{**item, "at": datetime(2026, 4, 1)} for item in ITEMS]  # noqa: DTZ001

    assert (once(ORDERS, later).lines["revenue"].sum(), once(ORDERS, later).repeated) == (300, 0)
