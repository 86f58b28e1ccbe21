"""Exports of Amazon's shipments, eBay, Etsy, Lazada and Meesho. Only Lazada's orders tell what was cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden, settled, without_freight, write_table
from local.samples.catalog import RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.workbook import write_workbook

#: Orders of one product: what an order costs is the product's.
_SENT: Final = Scenario(
    fee_rate=0.12, fixed_fee=0.0, cancelled=0.0, discount=0.0, several=0.0, returned=0.0, returned_worst=0.0, slow=0.35,
    has_loser=False,
)  # fmt: skip
_BACK: Final = replace(_SENT, returned=0.02, returned_worst=0.4)
_UNPAID: Final = replace(_SENT, unpaid=0.12)
_SLOW: Final = {"stock-out": SILENT.sku, "slow-dispatch": ""}
_CAME_BACK: Final = {"stock-out": SILENT.sku, "returns": RETURNED.sku}
Rows = list[list[object]]


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write the seven exports."""
    return [
        _shipments(folder / "amazon_shipments.txt", market(Random(f"shipments-{seed}"), rows, _SENT)),
        _ebay(folder / "ebay_orders.csv", market(Random(f"ebay-{seed}"), rows, _UNPAID)),
        _ebay_transactions(folder / "ebay_transactions.csv", market(Random(f"ebay-payouts-{seed}"), rows, _BACK)),
        _etsy(folder / "etsy_sold_items.csv", market(Random(f"etsy-{seed}"), rows, _UNPAID)),
        _lazada(folder / "lazada_orders.xlsx", market(Random(f"lazada-{seed}"), rows, replace(_BACK, cancelled=0.1))),
        _statement(folder / "lazada_statement.csv", market(Random(f"statement-{seed}"), rows, _BACK)),
        _meesho(folder / "meesho_payments.csv", market(Random(f"meesho-{seed}"), rows, replace(_BACK, shipping=24.0))),
    ]


def _own(path: Path, layout: str, sold: Market, planted: dict[str, str], currency: str) -> Golden:
    """Return an export that tells neither fees nor what came back, nor which orders were cancelled."""
    truth = replace(sold.truth(planted=planted, costs=False, returns=False), cancelled_orders=None)
    return Golden(path, ["own_store"], layout, {"own_store": truth}, {"own_store": currency})


def _shipments(path: Path, sold: Market) -> Golden:
    header = [
        "amazon-order-id", "merchant-order-id", "shipment-id", "shipment-item-id", "purchase-date", "shipment-date",
        "buyer-name", "sku", "product-name", "quantity-shipped", "currency", "item-price", "item-promotion-discount",
        "ship-city", "ship-postal-code", "fulfillment-center-id",
    ]  # fmt: skip
    rows = [
        [
            f"701-{order.number:07d}-{order.number % 97:07d}", "", f"D{order.number:08d}", f"DI{order.number:08d}",
            f"{order.at:%Y-%m-%dT%H:%M:%S}-03:00", f"{order.dispatched:%Y-%m-%dT%H:%M:%S}-03:00", order.buyer.name,
            line.item.sku, line.item.title, line.units, "BRL", f"{line.revenue:.2f}", "0.00", order.buyer.city,
            order.buyer.postcode, "GRU5",
        ]
        for order in sold.orders
        for line in order.lines
    ]  # fmt: skip
    write_table(path, [header, *rows], delimiter="\t")
    truth = replace(sold.truth(planted=_SLOW, costs=False, returns=False), cancelled_orders=None)
    return Golden(path, ["amazon"], "amazon.shipments", {"amazon": truth}, {"amazon": "BRL"})


def _ebay(path: Path, sold: Market) -> Golden:
    header = [
        "Sales Record Number", "Order Number", "Buyer Username", "Buyer Name", "Buyer Email", "Ship To City",
        "Item Number", "Item Title", "Custom Label", "Sold Via Promoted Listings", "Quantity", "Sold For",
        "Shipping And Handling", "Total Price", "Payment Method", "Sale Date", "Paid On Date", "Shipped On Date",
    ]  # fmt: skip
    rows = [_ebay_row(order, line) for order in sold.orders for line in order.lines]
    write_table(path, [header, *rows])
    return _own(path, "ebay.orders", sold, _SLOW | {"unpaid": ""}, "GBP")


def _ebay_row(order: Order, line: Line) -> list[object]:
    is_paid = order.status == "sold"
    return [
        order.number + 1, f"10-{order.number:05d}-{order.number % 97:05d}", order.buyer.login, order.buyer.name,
        order.buyer.email, order.buyer.city, f"{250_000_000_000 + sum(map(ord, line.item.sku))}", line.item.title,
        line.item.sku, "Yes" if order.advertised else "No", line.units, f"£{line.price:.2f}", "£4.00",
        f"£{line.revenue + 4:.2f}", "eBay", f"{order.at:%b-%d-%y}", f"{order.at:%b-%d-%y}" if is_paid else "",
        f"{order.dispatched:%b-%d-%y}" if is_paid else "",
    ]  # fmt: skip


def _ebay_transactions(path: Path, sold: Market) -> Golden:
    """Write what each order left; its label is a row of its own, and so is what was paid back."""
    header = [
        "Transaction creation date", "Type", "Order number", "Legacy order ID", "Buyer name", "Net amount",
        "Payout currency", "Payout ID", "Item ID", "Item title", "Custom label", "Quantity", "Item subtotal",
        "Final Value Fee - fixed", "Gross transaction amount", "Transaction currency",
    ]  # fmt: skip
    rows = [row for order in sold.orders for row in _transactions_of(order)]
    day = f"{sold.orders[-1].at:%b %d, %Y}"
    rows.append([day, "Payout", *["--"] * 3, "-24.00", "USD", 9, *["--"] * 6, "-24.00", "USD"])
    write_table(path, [header, *rows])
    truth = settled(sold, _CAME_BACK)
    return Golden(path, ["own_store"], "ebay.transactions", {"own_store": truth}, {"own_store": "USD"})


def _transactions_of(order: Order) -> Iterator[list[object]]:
    (line,) = order.lines
    number = f"10-{order.number:05d}-{order.number % 97:05d}"
    before = [f"{order.at:%b %d, %Y}", "Order", number, f"L{order.number}", order.buyer.name]
    label = [before[0], "Shipping label", *before[2:]]
    item = [250_000_000_000 + sum(map(ord, line.item.sku)), line.item.title, line.item.sku, line.units]
    yield [*before, f"{line.revenue - order.fee:.2f}", "USD", 9, *item, f"{line.revenue:.2f}", f"{-order.fee:.2f}",
           f"{line.revenue:.2f}", "USD"]  # fmt: skip
    yield [*label, f"{-order.shipping:.2f}", "USD", 9, *["--"] * 6, f"{-order.shipping:.2f}", "USD"]
    if line.refund:
        yield [before[0], "Refund", *before[2:], f"{-line.refund:.2f}", "USD", 9, *item, f"{-line.refund:.2f}", "--",
               f"{-line.refund:.2f}", "USD"]  # fmt: skip


def _etsy(path: Path, sold: Market) -> Golden:
    header = [
        "Sale Date", "Item Name", "Buyer", "Quantity", "Price", "Coupon Code", "Discount Amount", "Order Shipping",
        "Order Sales Tax", "Item Total", "Currency", "Transaction ID", "Listing ID", "Date Paid", "Date Shipped",
        "Ship Name", "Ship City", "Ship Zipcode", "Order ID", "SKU",
    ]  # fmt: skip
    rows = [_etsy_row(order, line) for order in sold.orders for line in order.lines]
    write_table(path, [header, *rows])
    return _own(path, "etsy.items", sold, _SLOW | {"unpaid": ""}, "USD")


def _etsy_row(order: Order, line: Line) -> list[object]:
    is_paid = order.status == "sold"
    buyer = order.buyer
    return [
        f"{order.at:%m/%d/%y}", line.item.title, buyer.login, line.units, f"{line.price:.2f}", "", "0.00", "4.13",
        "0.81", f"{line.revenue:.2f}", "USD", 4_100_000_000 + order.number,
        1_500_000_000 + sum(map(ord, line.item.sku)),
        f"{order.at:%m/%d/%Y}" if is_paid else "", f"{order.dispatched:%m/%d/%Y}" if is_paid else "", buyer.name,
        buyer.city, buyer.postcode, 3_159_000_000 + order.number, line.item.sku,
    ]  # fmt: skip


_LAZADA: Final = {"sold": "delivered", "returned": "returned", "cancelled": "canceled", "unpaid": "unpaid"}


def _lazada(path: Path, sold: Market) -> Golden:
    """Write a row for each piece, whose own discount was given by Lazada."""
    header = [
        "orderItemId", "lazadaId", "sellerSku", "lazadaSku", "createTime", "orderNumber", "customerName",
        "customerEmail", "shippingName", "shippingAddress", "payMethod", "paidPrice", "unitPrice",
        "sellerDiscountTotal", "shippingFee", "itemName", "status",
    ]  # fmt: skip
    rows = [
        [
            f"{order.number}{piece:03d}", f"{order.number}{piece:03d}", line.item.sku, f"{line.item.sku}_MY-1",
            f"{order.at:%d %b %Y %H:%M}", f"38{order.number:010d}", order.buyer.name, order.buyer.email,
            order.buyer.name, order.buyer.street, "COD", f"{line.price - 1:.2f}", f"{line.price:.2f}", "0.00", "4.90",
            line.item.title, _LAZADA[order.status],
        ]
        for order in sold.orders
        for line in order.lines
        for piece in range(line.units)
    ]  # fmt: skip
    write_workbook(path, {"sheet1": [header, *rows]})
    truth = sold.truth(planted=_CAME_BACK | {"cancellations": ""}, costs=False, returns=True)
    return Golden(path, ["own_store"], "lazada.orders", {"own_store": truth})


def _statement(path: Path, drawn: Market) -> Golden:
    """Write a row for each amount of each piece, and one of advertising that is of no order."""
    sold = without_freight(drawn)
    header = [
        "Transaction Date", "Transaction Type", "Fee Name", "Transaction Number", "Details", "Seller SKU", "Lazada SKU",
        "Amount", "Statement", "Paid Status", "Order No.", "Order Item No.", "Order Item Status",
    ]  # fmt: skip
    rows = [row for order in sold.orders for row in _amounts_of(order)]
    day = f"{sold.orders[-1].at:%d %b %Y}"
    rows.append([day, "Other Services", "Sponsored Discovery", "T0", *[""] * 3, "-50.00", "1", "Paid", "", "", ""])
    write_table(path, [header, *rows])
    return Golden(path, ["own_store"], "lazada.statement", {"own_store": settled(sold, _CAME_BACK)})


def _amounts_of(order: Order) -> Iterator[list[object]]:
    (line,) = order.lines
    for piece in range(line.units):
        # the cents of the order's fee that its pieces do not share alike are the first one's
        share = round(order.fee / line.units, 2)
        fee = share if piece else round(order.fee - share * (line.units - 1), 2)
        amounts = [("Orders-Sales", "Item Price Credit", line.price), ("Orders-Lazada Fees", "Commission", -fee)]
        if line.returned_units:
            amounts.append(("Refunds-Claims", "Reversal Item Price", -line.price))
        for kind, name, amount in amounts:
            yield [
                f"{order.at:%d %b %Y}", kind, name, f"T{order.number}{piece}", "", line.item.sku,
                f"{line.item.sku}_MY-1", f"{amount:.2f}", "1", "Paid", f"38{order.number:010d}",
                f"{order.number}{piece:03d}", "Delivered",
            ]  # fmt: skip


def _meesho(path: Path, sold: Market) -> Golden:
    """Write a sub-order a row, with the letters of its sums in a row of their own."""
    header = [
        "Sub Order No", "Order Date", "Product Name", "Supplier SKU", "Live Order Status", "Quantity",
        "Final Settlement Amount", "Total Sale Amount (Incl. Shipping & GST)",
        "Total Sale Return Amount (Incl. Shipping & GST)", "Meesho Commission (Incl. GST)",
        "Shipping Charge (Incl. GST)", "TCS",
    ]  # fmt: skip
    above: Rows = [["Order Related Details", *[""] * 5, "Payment Details", "Revenue Details", "", "Deductions", "", ""]]
    letters = ["", "", "", "A", "", "", "(B + C + R)", "B", "C", "R", "", ""]
    rows: Rows = []
    for order in sold.orders:
        (line,) = order.lines
        withheld = round(order.fee * 0.1, 2)
        rows.append([
            f"90{order.number:010d}_1", f"{order.at:%Y-%m-%d %H:%M:%S}", line.item.title, line.item.sku,
            "Return" if line.refund else "Delivered", line.units,
            f"{line.revenue - line.refund - order.fee - order.shipping:.2f}", f"{line.revenue:.2f}",
            f"{-line.refund:.2f}", f"{-(order.fee - withheld):.2f}", f"{-order.shipping:.2f}", f"{-withheld:.2f}",
        ])  # fmt: skip
    write_table(path, [*above, header, letters, *rows])
    truth = settled(sold, _CAME_BACK | {"shipping": ""})
    return Golden(path, ["own_store"], "meesho.payments", {"own_store": truth}, {"own_store": "INR"})
