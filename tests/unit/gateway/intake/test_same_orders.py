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


def test_orders_less_their_discount_are_what_was_paid_for_their_items() -> None:
    found = once(*discounted({1: 2.5, 4: 4.0}, [("discount", 1.0)]))
    rows = {(row["order_id"], row["sku"]): row for row in found.lines.to_dicts()}

    assert found.lines["revenue"].sum() == pytest.approx(sum(10 * n for n in range(1, 7)) - 6.5)
    assert rows["W-4", "A"]["revenue"] == pytest.approx((40 - 4) * 3 / 4), "shared out by what the items cost"
    assert (found.repeated, found.lines["units"].sum(), found.lines["order_id"].n_unique()) == (6, 12, 6)
    assert "o desconto do pedido (6,50 ao todo)" in found.told[0]


def test_orders_with_more_than_their_items_count_at_the_items() -> None:
    found = once(*discounted(dict.fromkeys(range(1, 7), -15.0), []))

    assert (found.lines["revenue"].sum(), found.repeated) == (210, 6)
    assert "somam 90,00 a mais" in found.told[0]


def test_orders_that_differ_for_no_reason_have_no_revenue_and_are_counted_once() -> None:
    found = once(*discounted({1: 2.5, 4: 4.0}, []))

    assert (found.lines["revenue"].null_count(), found.lines["units"].sum(), found.repeated) == (12, 12, 6)
    assert found.told[0].startswith("A receita é desconhecida")


@pytest.mark.parametrize("change", ["amounts", "days", "numbers"])
def test_orders_of_another_shop_with_like_numbers_are_added(change: str) -> None:
    orders, items = discounted({1: 2.5, 4: 4.0}, [("discount", 1.0)])
    for n, order in enumerate(orders):
        if change == "amounts":
            order["revenue"] = 10.0 + 7 * (n % 2)
        elif change == "days":
            items[2 * n]["at"] = DAYS[(n + 2) % 3] if n else order["at"]
        else:
            order["order_id"] = f"W-{n + 4}"
    found = once(orders, items)

    assert (found.repeated, found.told) == (0, ())


def test_units_of_an_order_that_came_back_came_back() -> None:
    orders, items = discounted({4: 4.0}, [("discount", 1.0)])
    for order in orders:
        back = order["order_id"] == "W-4"
        order |= {"status": "returned" if back else "sold", "refund": order["revenue"] if back else 0.0}

    assert once(orders, items).lines["returned_units"].sum() == 2
    assert once(orders, items).lines["revenue"].sum() == pytest.approx(206), "although most of them agree"
    orders[3]["refund"] = 1.0  # only a part: nobody says how many units
    assert once(orders, items).lines["returned_units"].null_count() == 12


def discounted(
    less: dict[int, float], told: list[tuple[str, float]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return six orders, some with less than their two items cost, which they tell as `told` says."""
    orders = [
        {"order_id": f"W-{n}", "at": DAYS[n % 3], "revenue": 10 * n - less.get(n, 0.0)}
        | {name: less.get(n, 0.0) * share for name, share in told}
        for n in range(1, 7)
    ]
    items = [
        {"order_id": f"W-{n}", "sku": sku, "units": 1.0, "revenue": 10.0 * n * share}
        for n in range(1, 7)
        for sku, share in (("A", 0.75), ("B", 0.25))
    ]
    return orders, items


def test_numbers_that_begin_anew_each_month_are_of_other_orders() -> None:
    """What costs the same each time: numbers and amounts agree, and no day does."""
    later = [{**item, "at": datetime(2026, 4, 1)} for item in ITEMS]  # noqa: DTZ001

    assert (once(ORDERS, later).lines["revenue"].sum(), once(ORDERS, later).repeated) == (300, 0)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("alike", [0, 1])
def test_items_that_name_no_product_are_those_of_their_orders_too(first: bool, alike: int) -> None:
    """Where only one order has several items, the others are the same rows in both tables."""
    items = [{name: told for name, told in item.items() if name != "sku"} for item in ITEMS]
    orders = [{"order_id": "V-1", "revenue": 100.0}, {"order_id": "V-2", "revenue": 50.0, "units": 1.0}][: 2 - alike]
    items = [*items, *([{"order_id": "V-9", "units": 1.0, "revenue": 5.0}] if alike else [])]
    orders = [*orders, *([{"order_id": "V-2", "revenue": 50.0, "units": 1.0}] if alike else [])]
    found = once(orders, items) if first else once(items, orders)

    assert found.lines["revenue"].sum() == 150 + 5 * alike


def test_orders_of_which_each_has_a_row_in_both_tables_are_joined_by_nothing_but_their_rows() -> None:
    one = [{"order_id": "V-1", "revenue": 100.0}, {"order_id": "V-2", "revenue": 50.0}]
    other = [{"order_id": "V-1", "revenue": 70.0}, {"order_id": "V-2", "revenue": 20.0}]

    assert once(one, other).lines.height == 4


def test_two_tables_that_both_have_several_rows_of_an_order_are_no_orders_and_items() -> None:
    one = [{"order_id": "V-1", "revenue": 75.0}, {"order_id": "V-1", "revenue": 25.0}]
    other = [{"order_id": "V-1", "revenue": 60.0}, {"order_id": "V-1", "revenue": 40.0}]

    assert once(one, other).lines.height == 4


@pytest.mark.parametrize(("state", "amount"), [("sold", "15,00"), ("cancelled", "10,00"), ("unpaid", "10,00")])
def test_the_discount_that_is_told_is_of_orders_that_were_sold(state: str, amount: str) -> None:
    days = [datetime(2026, 3, day) for day in range(1, 7)]  # noqa: DTZ001
    orders = [
        {"order_id": f"W-{n}", "at": at, "revenue": 100.0 * n - 2.5, "discount": 2.5, "status": "sold"}
        for n, at in enumerate(days, 1)
    ]
    orders[4]["status"] = orders[5]["status"] = state
    items = [{"order_id": f"W-{n}", "sku": "A", "units": 1.0, "revenue": 100.0 * n} for n in range(1, 7)]

    assert any(f"({amount} ao todo)" in one for one in once(orders, items).told)
