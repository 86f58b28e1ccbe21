"""Orders of shops that website builders run: an order's amounts count once, and its state is told by two columns."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from tests.unit.gateway.intake.tables import reading, sold

SQUARESPACE = (
    "Order ID;Email;Financial Status;Paid at;Fulfillment Status;Currency;Subtotal;Shipping;Taxes;Amount Refunded;Total;"
    "Discount Amount;Created at;Lineitem quantity;Lineitem name;Lineitem price;Lineitem sku;Lineitem variant;"
    "Cancelled at;Payment Method"
)
WIX = (
    "Order number;Date created;Total order quantity;Contact email;Item;SKU;Qty;Quantity refunded;Price;Payment status;"
    "Shipping rate;Total tax;Total;Currency;Refunded amount;Net amount;Fulfillment status"
)


def figures(text: str) -> tuple[str, dict[str, float]]:
    found = reading(text)
    (own,) = channel_facts(sold(found), None)
    return found.report.layout, {one.metric: round(one.value, 4) for one in own.figures}


def test_squarespace_orders_are_read_as_shopify_s_are() -> None:
    first, second = "2026-07-03 21:06:40 -0400", "2026-07-04 22:12:00 -0400"
    layout, found = figures(
        f"{SQUARESPACE}\n"
        f"7;z@x.example;PAID;{first};pending;USD;30;10;0;0;40;0;{first};1;Tea;10;T1;;;\n"
        "7;;;;;;;;;;;;;2;Jam;10;J1;;;\n"
        f"8;z@x.example;REFUNDED;{second};cancelled;USD;10;10;0;20;20;0;{second};1;Rye;10;R1;;{second};Stripe"
    )

    assert layout == "squarespace.orders"
    assert (found["revenue"], found["orders"], found["units"]) == (40, 1, 3)
    assert (found["cancellation_rate"], found["cancelled_revenue"]) == (0.5, 20)


def order(number: int, money: str, sent: str, *, back: int = 0, refunded: str = "0.00") -> str:
    whole = f"{money};5.00;0.00;32.00;EUR;{refunded};0;{sent}"
    head = f"{number};Dec {number - 4000}, 2025;3;z@x.example"
    return f"{head};Bowl;B1;2;{back};10.00;{whole}\n{head};Lamp;L1;1;0;7.00;{whole}"


def test_an_order_s_total_that_each_of_its_rows_repeats_counts_once() -> None:
    layout, found = figures(f"{WIX}\n{order(4001, 'Paid', 'Fulfilled')}\n{order(4002, 'Paid', 'Not fulfilled')}")

    assert layout == "wix.orders"
    assert (found["revenue"], found["orders"], found["units"], found["refunds"]) == (64, 2, 6, 0)


@pytest.mark.parametrize(
    ("money", "sent", "status"),
    [
        ("Paid", "Not fulfilled", "sold"),
        ("Unpaid", "Not fulfilled", "unpaid"),
        ("Unpaid", "Fulfilled", "sold"),
        ("Pending", "", "unpaid"),
        ("Paid", "Canceled", "cancelled"),
        ("Voided", "Not fulfilled", "cancelled"),
        ("Fully refunded", "Fulfilled", "returned"),
        ("Partially refunded", "Fulfilled", "sold"),
    ],
)
def test_payment_and_dispatch_tell_what_became_of_an_order(money: str, sent: str, status: str) -> None:
    assert sold(reading(f"{WIX}\n{order(4003, money, sent)}"))["status"].to_list() == [status, status]


def test_units_came_back_as_the_export_tells_them() -> None:
    part = sold(reading(f"{WIX}\n{order(4004, 'Partially refunded', 'Fulfilled', back=1, refunded='10.00')}"))
    whole = sold(reading(f"{WIX}\n{order(4005, 'Refunded', 'Fulfilled', refunded='32.00')}"))

    assert (part["returned_units"].to_list(), round(part["refund"].sum(), 2)) == ([1, 0], 10)
    assert (whole["returned_units"].to_list(), round(whole["refund"].sum(), 2)) == ([2, 1], 32)


def test_without_a_column_of_them_they_are_unknown() -> None:
    text = f"{WIX}\n{order(4006, 'Paid', 'Fulfilled')}".replace(";Quantity refunded", "").replace(";2;0;10", ";2;10")
    lines = sold(reading(text.replace(";1;0;7", ";1;7").replace("Fulfillment status", "Tracking")))

    assert lines["returned_units"].is_null().all()
    assert lines["status"].to_list() == ["sold", "sold"]
