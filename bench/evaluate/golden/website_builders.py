"""Shops of Squarespace and Wix, and of WooCommerce with all items of an order in one cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden, with_freight, write_table
from local.samples import ChannelTruth
from local.samples.catalog import RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market

_BACK: Final = Scenario(cancelled=0.1, returned=0.01, returned_worst=0.5, discount=0.0, has_loser=False)
_SQUARESPACE: Final = replace(_BACK, discount=0.24, unpaid=0.02, slow=0.35)
_WIX: Final = replace(_BACK, cancelled=0.03, unpaid=0.12)
_CAME_BACK: Final = {"returns": RETURNED.sku, "stock-out": SILENT.sku}
_FREIGHT: Final = 8.5
_MONEY: Final = {"sold": "PAID", "returned": "REFUNDED", "cancelled": "PAID", "unpaid": "PENDING"}
_SENT: Final = {"sold": "fulfilled", "returned": "fulfilled", "cancelled": "cancelled", "unpaid": "pending"}
_WIX_MONEY: Final = {"sold": "Paid", "returned": "Fully refunded", "cancelled": "Paid", "unpaid": "Unpaid"}
_WIX_SENT: Final = {"sold": "Fulfilled", "returned": "Fulfilled", "cancelled": "Canceled", "unpaid": "Not fulfilled"}
_WOOCOMMERCE: Final = {"sold": "completed", "returned": "refunded", "cancelled": "cancelled"}


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write the three exports; none tells fees."""

    def drawn(name: str, scenario: Scenario) -> Market:
        return market(Random(f"{name}-{seed}"), rows, scenario)

    return [
        _squarespace(folder / "squarespace_orders.csv", drawn("squarespace", _SQUARESPACE)),
        _wix(folder / "wix_orders.csv", drawn("wix", _WIX)),
        _woocommerce(folder / "orders-export-items.csv", drawn("woocommerce-items", _BACK)),
    ]


def _truth(sold: Market, planted: dict[str, str]) -> ChannelTruth:
    """Return the truth of a shop that gives back all that the buyer paid, and so his freight."""
    truth = with_freight(sold.truth(planted=_CAME_BACK | planted, costs=False, returns=True), _FREIGHT)
    assert truth.refunds is not None
    back = sum(order.status == "returned" for order in sold.orders)
    return replace(truth, refunds=round(truth.refunds + back * _FREIGHT, 2))


def _paid_back(order: Order) -> float:
    return order.revenue + _FREIGHT if order.status == "returned" else 0.0


def _discount(order: Order) -> float:
    return round(sum(line.list_price * line.units for line in order.lines) - order.revenue, 2)


def _squarespace(path: Path, sold: Market) -> Golden:
    """Write a row for each item, the order's own fields on its first one; a discount is the order's."""
    header = [
        "Order ID", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Currency",
        "Subtotal", "Shipping", "Taxes", "Amount Refunded", "Total", "Discount Code", "Discount Amount",
        "Shipping Method", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku",
        "Lineitem variant", "Billing Name", "Billing Zip", "Cancelled at", "Payment Method",
    ]  # fmt: skip
    write_table(path, [header, *(row for order in reversed(sold.orders) for row in _squarespace_rows(order))])
    truth = _truth(sold, {"cancellations": "", "discounts": "", "slow-dispatch": ""})
    return Golden(path, ["own_store"], "squarespace.orders", {"own_store": truth}, {"own_store": "USD"})


def _squarespace_rows(order: Order) -> Iterator[list[object]]:
    buyer, is_paid = order.buyer, order.status != "unpaid"
    at, sent = (f"{moment:%Y-%m-%d %H:%M:%S} -0400" for moment in (order.at, order.dispatched))
    is_sent = order.status in ("sold", "returned")
    own: list[object] = [
        buyer.email, _MONEY[order.status], at if is_paid else "", _SENT[order.status], sent if is_sent else "", "USD",
        f"{order.revenue:.2f}", f"{_FREIGHT:.2f}", "0.00", f"{_paid_back(order):.2f}",
        f"{order.revenue + _FREIGHT:.2f}", "DEZ", f"{_discount(order):.2f}", "Correio", at,
    ]  # fmt: skip
    after: list[object] = [buyer.name, buyer.postcode, at if order.status == "cancelled" else "", "Stripe"]
    for place, line in enumerate(order.lines):
        item: list[object] = [line.units, line.item.title, f"{line.list_price:.2f}", line.item.sku, ""]
        if place:
            yield [f"{order.number + 1:05d}", *[""] * len(own), *item, *[""] * len(after)]
        else:
            yield [f"{order.number + 1:05d}", *own, *item, *after]


def _wix(path: Path, sold: Market) -> Golden:
    """Write a row for each item, the order's money on each; a day has no hour."""
    header = [
        "Order number", "Date created", "Total order quantity", "Contact email", "Item", "SKU", "Qty",
        "Quantity refunded", "Price", "Recipient name", "Payment status", "Payment method", "Shipping rate",
        "Total tax", "Total", "Currency", "Refunded amount", "Net amount", "Fulfillment status",
    ]  # fmt: skip
    write_table(path, [header, *(_wix_row(order, line) for order in sold.orders for line in order.lines)])
    truth = _truth(sold, {"unpaid": ""})
    return Golden(path, ["own_store"], "wix.orders", {"own_store": truth}, {"own_store": "EUR"})


def _wix_row(order: Order, line: Line) -> list[object]:
    paid = order.revenue + _FREIGHT
    return [
        10001 + order.number, f"{order.at:%b} {order.at.day}, {order.at.year}", sum(one.units for one in order.lines),
        order.buyer.email, line.item.title, line.item.sku, line.units, line.returned_units, f"{line.price:.2f}",
        order.buyer.name, _WIX_MONEY[order.status], "Credit card", f"{_FREIGHT:.2f}", "0.00", f"{paid:.2f}", "EUR",
        f"{_paid_back(order):.2f}", f"{paid - _paid_back(order):.2f}", _WIX_SENT[order.status],
    ]  # fmt: skip


def _woocommerce(path: Path, sold: Market) -> Golden:
    """Write a row for each order, its items in one cell, each with what came back of it."""
    header = [
        "order_id", "order_number", "order_date", "status", "shipping_total", "fee_total", "tax_total",
        "discount_total", "order_total", "refunded_total", "order_currency", "customer_email", "billing_first_name",
        "line_items",
    ]  # fmt: skip
    write_table(path, [header, *map(_woocommerce_row, sold.orders)])
    truth = _truth(sold, {"cancellations": ""})
    return Golden(path, ["own_store"], "woocommerce.order_items", {"own_store": truth}, {"own_store": "BRL"})


def _woocommerce_row(order: Order) -> list[object]:
    return [
        7000 + order.number, f"N{7000 + order.number}", f"{order.at:%Y-%m-%d %H:%M:%S}", _WOOCOMMERCE[order.status],
        f"{_FREIGHT:.2f}", "0.00", "0.00", f"{_discount(order):.2f}", f"{order.revenue + _FREIGHT:.2f}",
        f"{_paid_back(order):.2f}", "BRL", order.buyer.email, order.buyer.name.split()[0],
        ";".join(f"id:{place}|{_written(line)}" for place, line in enumerate(order.lines, 1)),
    ]  # fmt: skip


def _written(line: Line) -> str:
    return (
        f"name:{line.item.title}|product_id:13|sku:{line.item.sku}|quantity:{line.units}|"
        f"subtotal:{line.list_price * line.units:.2f}|subtotal_tax:0.00|total:{line.revenue:.2f}|total_tax:0.00|"
        f"refunded:{line.refund:.2f}|refunded_qty:{line.returned_units}|meta:Cor=Azul"
    )
