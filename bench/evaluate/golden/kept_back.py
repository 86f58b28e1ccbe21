"""Exports in which the marketplace keeps something back, or tells sales that are none, and PayPal's activity.

Flipkart keeps taxes back; iFood's buyers pay a fee of their own; Etsy and Temu tell no fees; abandoned checkouts are no
sales.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden, settled, without_freight, write_table
from bench.evaluate.golden.payouts import FALLING, OF_PRODUCTS, PLAIN, Rows
from local.samples.catalog import SILENT
from local.samples.market import Market, Order, market
from local.samples.workbook import Cell, brazilian, write_workbook

#: Flipkart's taxes: on its fees, and kept back of the sale.
_GST, _TCS, _TDS = 0.18, 0.005, 0.001
_SOLD: Final = replace(PLAIN, returned=0.0, returned_worst=0.0)
_SILENT: Final = {"stock-out": SILENT.sku}
_TEMU: Final = {"cancelled": "Canceled"}


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write the eight exports."""
    return [
        _flipkart(folder / "flipkart_settled_transactions.xlsx", market(Random(f"flipkart-{seed}"), rows, PLAIN)),
        _paypal(folder / "paypal_activity.csv", market(Random(f"paypal-{seed}"), rows, FALLING)),
        _wildberries(folder / "wildberries_otchet.csv", market(Random(f"wildberries-{seed}"), rows, PLAIN)),
        _first_form(folder / "amazon_repasse_v1.txt", market(Random(f"amazon-first-{seed}"), rows, PLAIN)),
        _ifood(folder / "ifood_pedidos.csv", market(Random(f"ifood-{seed}"), rows, FALLING)),
        _etsy(folder / "etsy_ajustes.csv", market(Random(f"etsy-orders-{seed}"), rows, replace(FALLING, returned=0.1))),
        _temu(folder / "temu_orders.csv", market(Random(f"temu-{seed}"), rows, replace(_SOLD, cancelled=0.12))),
        _abandoned(folder / "checkouts_export.csv", market(Random(f"checkouts-{seed}"), 60, _SOLD)),
    ]


def _flipkart(path: Path, sold: Market) -> Golden:
    """Write what was settled: the groups of columns stand above their names, and the bank gets the sale less taxes."""
    header = [
        "NEFT ID", "Payment Date", "Bank Settlement Value (INR) \n= SUM(J:R)", "Input GST + TCS Credits (INR)",
        "Order ID", "Order item ID", "Sale Amount (INR)", "Marketplace Fee (INR)", "Taxes (INR)", "Refund (INR)",
        "Commission (INR)", "Shipping Fee (INR)", "TCS (INR)", "TDS (INR)", "GST on MP Fees (INR)", "Order Date",
        "Seller SKU", "Quantity", "Return Type",
    ]  # fmt: skip
    above = ["Payment Details", *[""] * 3, "Transaction Summary", *[""] * 5, "Marketplace Fees", "", "Taxes"]
    taxes = 0.0
    rows: list[list[Cell]] = [[*above], [*header]]
    for order in sold.orders:
        (line,) = order.lines
        charged = round(order.fee + order.shipping, 2)
        tcs, tds, gst = (
            round(of * share, 2) for of, share in ((line.revenue, _TCS), (line.revenue, _TDS), (charged, _GST))
        )
        kept = round(tcs + tds + gst, 2)
        taxes += kept
        rows.append([
            f"NEFT{order.number // 9}", f"{order.at + timedelta(days=9):%Y-%m-%d}",
            round(line.revenue - charged - kept - line.refund, 2), round(gst + tcs, 2), f"OD33{order.number:011d}",
            f"33{order.number:014d}", line.revenue, -charged, -kept, -line.refund, -order.fee, -order.shipping, -tcs,
            -tds, -gst, f"{order.at:%Y-%m-%d}", line.item.sku, line.units, "Customer Return" if line.refund else "NA",
        ])  # fmt: skip
    write_workbook(path, {"Orders": iter(rows)})
    whole = settled(sold, OF_PRODUCTS, has_returns=True)
    assert whole.fees is not None
    truth = replace(whole, fees=round(whole.fees + taxes, 2), returned_units=None, planted=_SILENT)
    return Golden(path, ["own_store"], "plain", {"own_store": truth}, {"own_store": "INR"})


def _paypal(path: Path, drawn: Market) -> Golden:
    """Write what moved an account: payments with their fee, and a withdrawal."""
    sold = without_freight(drawn)
    header = [
        "Date", "Time", "TimeZone", "Name", "Type", "Status", "Currency", "Gross", "Fee", "Net", "From Email Address",
        "Transaction ID", "Item Title", "Reference Txn ID", "Balance Impact",
    ]  # fmt: skip
    rows: Rows = [
        [
            f"{order.at:%d/%m/%Y}", f"{order.at:%H:%M:%S}", "BRT", order.buyer.name, "Express Checkout Payment",
            "Completed", "USD", f"{order.revenue:.2f}", f"{-order.fee:.2f}", f"{order.revenue - order.fee:.2f}",
            order.buyer.email, f"{order.number:08d}PP{order.number % 97:07d}", "", "", "Credit",
        ]
        for order in sold.orders
    ]  # fmt: skip
    last = sold.orders[-1].at
    rows.append([
        f"{last:%d/%m/%Y}", "23:59:59", "BRT", "", "General Withdrawal", "Completed", "USD", "-900.00", "0.00",
        "-900.00", "", "W0000001", "", "", "Debit",
    ])  # fmt: skip
    write_table(path, [header, *rows])
    truth = settled(sold, {"falling-sales": ""}, has_units=False, has_returns=False, has_freight=False)
    return Golden(path, ["own_store"], "paypal.activity", {"own_store": truth}, {"own_store": "USD"})


def _wildberries(path: Path, sold: Market) -> Golden:
    """Write a detailed report: a row for a sale, one for its delivery, one for what came back."""
    header = [
        "№", "Артикул поставщика", "Название", "Обоснование для оплаты", "Дата продажи", "Кол-во",
        "Вайлдберриз реализовал Товар (Пр)", "\u041a перечислению Продавцу за реализованный Товар",
        "Услуги по доставке товара покупателю", "Общая сумма штрафов", "Srid",
    ]  # fmt: skip
    rows: Rows = []
    for order in sold.orders:
        (line,) = order.lines
        of, day, code = [line.item.sku, line.item.title], f"{order.at:%Y-%m-%d}", f"s{order.number}"
        paid, sent = brazilian(line.revenue - order.fee), brazilian(order.shipping)
        rows.append([len(rows), *of, "Продажа", day, line.units, brazilian(line.revenue), paid, "0,00", "0,00", code])
        rows.append([len(rows), *of, "Логистика", day, 0, "0,00", "0,00", sent, "0,00", code])
        if line.refund:
            back = brazilian(line.refund)
            rows.append([len(rows), *of, "Возврат", day, line.returned_units, back, back, "0,00", "0,00", code])
    write_table(path, [header, *rows], delimiter=";")
    return Golden(
        path, ["own_store"], "wildberries.report", {"own_store": settled(sold, OF_PRODUCTS)}, {"own_store": ""}
    )


def _first_form(path: Path, drawn: Market) -> Golden:
    """Write Amazon's first flat file: an amount for each of several columns, and the pieces in a row of their own."""
    sold = without_freight(drawn)
    header = [
        "settlement-id", "deposit-date", "total-amount", "currency", "transaction-type", "order-id", "order-item-code",
        "marketplace-name", "sku", "quantity-purchased", "price-type", "price-amount", "item-related-fee-type",
        "item-related-fee-amount", "other-amount", "posted-date",
    ]  # fmt: skip
    rows = [row for order in sold.orders for row in _first_rows(order)]
    total = round(sum(float(str(row[place] or 0)) for row in rows for place in (11, 13, 14)), 2)
    write_table(path, [header, ["9000002", "2026-04-01", f"{total:.2f}", "BRL", *[""] * 12], *rows], delimiter="\t")
    return Golden(path, ["amazon"], "amazon.settlement", {"amazon": settled(sold, OF_PRODUCTS)}, {"amazon": "BRL"})


def _first_rows(order: Order) -> Iterator[list[object]]:
    (line,) = order.lines
    of = [
        f"701-{order.number:07d}-{order.number % 97:07d}",
        f"{8_000_000_000 + order.number}",
        "amazon.com.br",
        line.item.sku,
    ]
    head, day = ["9000002", "", "", ""], f"{order.at:%Y-%m-%d}"
    yield [*head, "Order", *of, line.units, *[""] * 5, day]
    yield [*head, "Order", *of, "", "Principal", f"{line.revenue:.2f}", "", "", "", day]
    yield [*head, "Order", *of, "", "", "", "Commission", f"{-order.fee:.2f}", "", day]
    if line.refund:
        yield [*head, "Refund", *of, line.returned_units, *[""] * 5, day]
        yield [*head, "Refund", *of, "", "Principal", f"{-line.refund:.2f}", "", "", "", day]


def _ifood(path: Path, drawn: Market) -> Golden:
    """Write a restaurant's orders: the guest pays the delivery and a fee for service, which are no cost."""
    sold = without_freight(drawn)
    header = [
        "ID do pedido", "Data", "Restaurante", "Valor dos itens", "Taxa de entrega", "Taxa de serviço", "Total pago",
        "Comissão", "Valor líquido",
    ]  # fmt: skip
    rows: Rows = [
        [
            f"{order.number:08d}", f"{order.at:%d/%m/%Y %H:%M}", "Cantina", brazilian(order.revenue), "7,90", "0,99",
            brazilian(order.revenue + 7.9 + 0.99), brazilian(-order.fee), brazilian(order.revenue - order.fee),
        ]
        for order in sold.orders
    ]  # fmt: skip
    write_table(path, [header, *rows], delimiter=";")
    truth = settled(sold, {"falling-sales": ""}, has_units=False, has_returns=False, has_freight=False)
    return Golden(path, ["own_store"], "plain", {"own_store": truth}, {"own_store": "BRL"})


def _etsy(path: Path, sold: Market) -> Golden:
    """Write orders without their items: what was paid back is the total less the adjusted one."""
    header = [
        "Sale Date", "Order ID", "Full Name", "Number of Items", "Date Shipped", "Currency", "Order Value",
        "Discount Amount", "Shipping", "Sales Tax", "Order Total", "Card Processing Fees", "Order Net",
        "Adjusted Order Total",
    ]  # fmt: skip
    rows: Rows = []
    for order in sold.orders:
        total, back = order.revenue + 4.5, sum(line.refund for line in order.lines)
        rows.append([
            f"{order.at:%m/%d/%y}", 3_159_000_000 + order.number, order.buyer.name,
            sum(line.units for line in order.lines), f"{order.dispatched:%m/%d/%Y}", "USD", f"{order.revenue:.2f}",
            "0.00", "4.50", "0.00", f"{total:.2f}", "1.00", f"{total - 1:.2f}", f"{total - back:.2f}" if back else "",
        ])  # fmt: skip
    write_table(path, [header, *rows])
    whole = sold.truth(planted={"falling-sales": ""}, costs=False, returns=True)
    truth = replace(whole, cancelled_orders=None, returned_units=None)
    return Golden(path, ["own_store"], "etsy.orders", {"own_store": truth}, {"own_store": "USD"})


def _temu(path: Path, sold: Market) -> Golden:
    """Write items of orders with their worth as placed: of cancelled ones it is no revenue."""
    header = [
        "Order ID", "Order item ID", "Order item status", "Product name", "SKU", "Quantity purchased", "GMV (USD)",
        "Purchase date",
    ]  # fmt: skip
    rows: Rows = [
        [
            f"PO-211-{order.number:017d}", f"211-{order.number:017d}", _TEMU.get(order.status, "Delivered"),
            line.item.title, line.item.sku, line.units, f"{line.revenue:.2f}", f"{order.at:%Y-%m-%d %H:%M:%S}",
        ]
        for order in sold.orders
        for line in order.lines
    ]  # fmt: skip
    write_table(path, [header, *rows])
    truth = sold.truth(planted=_SILENT | {"cancellations": ""}, costs=False, returns=False)
    return Golden(path, ["own_store"], "plain", {"own_store": truth}, {"own_store": "USD"})


def _abandoned(path: Path, sold: Market) -> Golden:
    """Write Shopify's abandoned checkouts, which look like its orders."""
    header = [
        "Id", "Name", "Email", "Total", "Subtotal", "Currency", "Created at", "Lineitem quantity", "Lineitem name",
        "Lineitem price", "Recovery Status", "Abandoned Checkout URL",
    ]  # fmt: skip
    rows: Rows = [
        [
            order.number, f"#{order.number}", order.buyer.email, f"{line.revenue:.2f}", f"{line.revenue:.2f}", "BRL",
            f"{order.at:%Y-%m-%d %H:%M:%S -0300}", line.units, line.item.title, f"{line.price:.2f}", "Not Recovered",
            f"https://shop.example/checkouts/{order.number}",
        ]
        for order in sold.orders
        for line in order.lines
    ]  # fmt: skip
    write_table(path, [header, *rows])
    return Golden(path, ["own_store"], "unknown", kind="performance")
