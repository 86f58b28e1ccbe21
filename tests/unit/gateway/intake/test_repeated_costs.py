"""A fee of the whole order that each of its rows repeats counts once, whatever its column is called."""

from __future__ import annotations

import pytest

from tests.unit.gateway.intake.tables import reading, sold

HEAD = "Order Number;Order Time;SKU;Quantity;Unit Price;Product Subtotal;Marketplace Fees;Settlement Amount"
#: Each order has an item of 10 and one that is dearer; its fee is a tenth of both.
ORDERS = {"A1": 20.0, "A2": 50.0, "A3": 70.0, "A4": 30.0}


def table(fees: dict[str, float], items: dict[str, float] = ORDERS) -> str:
    rows = [
        f"{order};2026-03-0{day};S-{price:.0f};1;{price};{price};{fees[order]};{10 + dearer - fees[order]}"
        for day, (order, dearer) in enumerate(items.items(), start=1)
        for price in (10.0, dearer)
    ]
    return "\n".join([HEAD, *rows])


def test_a_fee_that_the_rows_of_each_order_repeat_is_the_order_s() -> None:
    fees = {order: (10 + dearer) / 10 for order, dearer in ORDERS.items()}
    lines = sold(reading(table(fees), ["shopee"]))

    assert lines["fees"].sum() == pytest.approx(sum(fees.values()))
    assert lines["fees"].to_list()[:2] == pytest.approx([1.0, 2.0])
    assert lines["order_fees"].all()
    assert lines["net"].sum() == pytest.approx(sum(10 + dearer for dearer in ORDERS.values()) - sum(fees.values()))


def test_a_fee_for_each_item_stays_the_row_s() -> None:
    lines = sold(reading(table(dict.fromkeys(ORDERS, 4.0)), ["shopee"]))

    assert lines["fees"].sum() == 4.0 * 2 * len(ORDERS)
    assert not lines["order_fees"].any()


def test_two_orders_are_too_few_to_tell() -> None:
    few = {"A1": 20.0, "A2": 50.0}
    lines = sold(reading(table({"A1": 3.0, "A2": 6.0}, few), ["shopee"]))

    assert lines["fees"].sum() == 18.0


def test_one_order_whose_rows_differ_shows_that_fees_are_rows() -> None:
    fees = {order: (10 + dearer) / 10 for order, dearer in ORDERS.items()}
    other = "B1;2026-03-09;S-1;1;10.0;10.0;1.0;9.0\nB1;2026-03-09;S-2;1;20.0;20.0;2.0;18.0"

    assert sold(reading(f"{table(fees)}\n{other}", ["shopee"]))["fees"].sum() == pytest.approx(
        2 * sum(fees.values()) + 3
    )


def test_freight_of_few_amounts_takes_more_orders() -> None:
    head = "order_id;order_date;sku;quantity;unit_price;item_total;seller_shipping_cost"
    rows = [
        f"A{n};2026-03-{n:02d};S-{price};1;{price}.00;{price}.00;{(0, 12.9, 19.9)[n % 3]:.2f}"
        for n in range(1, 22)
        for price in (10, 10 + n)
    ]

    assert sold(reading("\n".join([head, *rows])))["shipping"].sum() == pytest.approx(7 * (12.9 + 19.9))
    assert sold(reading("\n".join([head, *rows[:12]])))["shipping"].sum() == pytest.approx(2 * 2 * (12.9 + 19.9))
