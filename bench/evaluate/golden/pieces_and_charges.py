"""Orders of Dafiti's Seller Center, a row for each piece, and Mercado Livre's bill, a row for each charge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import LISTINGS, Golden, settled, write_table
from local.samples.catalog import LOSER, RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.workbook import Cell, write_workbook

_DAFITI: Final = Scenario(cancelled=0.1, returned=0.01, returned_worst=0.5, discount=0.1, has_loser=False)
_BILLED: Final = Scenario(cancelled=0.05, returned=0.0, returned_worst=0.0)
_STATUS: Final = {"sold": "delivered", "returned": "returned", "cancelled": "canceled"}
#: What the buyer paid for the delivery of each fourth order.
_BY_BUYER: Final = 7.9


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write the two documents."""
    return [
        _dafiti(folder / "seller_center_orders.csv", market(Random(f"seller-center-{seed}"), rows, _DAFITI)),
        _bill(folder / "fatura_mercado_livre.xlsx", market(Random(f"ml-bill-{seed}"), rows, _BILLED)),
    ]


def _dafiti(path: Path, sold: Market) -> Golden:
    """Write the orders; what was paid is less than the price, and the buyer's freight is beside it."""
    header = [
        "Order Item Id", "Order Number", "Seller SKU", "Dafiti SKU", "Created at", "Customer Name", "Payment Method",
        "Paid Price", "Unit Price", "Shipping Fee", "Wallet Credits", "Item Name", "Variation",
        "CD Shipping Provider", "Promised shipping time", "Status", "Reason",
    ]  # fmt: skip
    rows = [
        [
            f"{order.number}{place}{piece:02d}", f"3190{order.number:05d}", line.item.sku, f"DF{line.item.sku}",
            f"{order.at:%Y-%m-%d %H:%M:%S}", order.buyer.name, "CC", f"{line.price:.2f}", f"{line.list_price:.2f}",
            "12.90", "0.00", line.item.title, "U", "", "", _STATUS[order.status], "",
        ]
        for order in sold.orders
        for place, line in enumerate(order.lines, 1)
        for piece in range(line.units)
    ]  # fmt: skip
    write_table(path, [header, *rows], delimiter=";")
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "cancellations": ""}
    truth = sold.truth(planted=planted, costs=False, returns=True)
    return Golden(path, ["own_store"], "seller_center.orders", {"own_store": truth})


def _bill(path: Path, sold: Market) -> Golden:
    """Write the bill: the fee of each product, and the freight of each order beside its first one.

    The fee of a cancelled order is given back, which leaves nothing of it. Advertising, and a fee of the bill before
    that is given back in this one, are of no sale that is here.
    """
    header = [
        "Data da tarifa", "Número da tarifa", "Detalhe", "Tarifa estornada", "Valor da tarifa", "Número da venda",
        "Data da venda", "Cliente", "Quantidade vendida", "Preço unitário", "Valor da transação",
        "Envio por conta do cliente", "Número do anúncio", "Título do anúncio",
    ]  # fmt: skip
    rows = [row for order in sold.orders for row in _charges(order)]
    first, last = sold.orders[0], sold.orders[-1]
    before = replace(first, number=-1)
    rows.append(_charge(before, first.lines[0], ("Estorno da tarifa de venda", "9001", "77"), -12.0))
    advertising = "Tarifa de campanha de publicidade - Product Ads"
    rows.append([f"{last.at:%d/%m/%Y}", "9002", advertising, "", 70.0, *[None] * 9])
    write_workbook(path, {"Relatório de faturamento": [[*header], *rows]})
    # fees above the tariff are not told: it goes by the kind of the listing, which the bill does not name
    planted = {"losses": LISTINGS[LOSER.sku], "stock-out": LISTINGS[SILENT.sku]}
    by_line = sold.truth(planted={}, costs=True, returns=False, by_line=True)
    truth = replace(settled(sold, planted, has_returns=False), fees=by_line.fees)
    return Golden(path, ["mercado_livre"], "mercado_livre.charges", {"mercado_livre": truth}, {"mercado_livre": "BRL"})


def _charges(order: Order) -> Iterator[list[Cell]]:
    for place, line in enumerate(order.lines):
        number = f"{10_000 + order.number}{place}"
        fee = order.part(order.fee, line)
        yield _charge(order, line, ("Tarifa de venda", number, ""), fee)
        if order.status == "cancelled":
            yield _charge(order, line, ("Estorno da tarifa de venda", f"{number}9", number), -fee)
    if order.status != "cancelled":
        by_buyer = 0.0 if order.number % 4 else _BY_BUYER
        sent = ("Tarifa do Mercado Envios", f"{10_000 + order.number}8", "")
        yield _charge(order, order.lines[0], sent, round(order.shipping + by_buyer, 2), by_buyer)


def _charge(order: Order, line: Line, named: tuple[str, str, str], amount: float, by_buyer: float = 0.0) -> list[Cell]:
    """Return a row; `named` is what was charged, the charge's number, and the number of the one that it gives back."""
    kind, number, undone = named
    day = f"{order.at:%d/%m/%Y}"
    return [
        day, number, kind, undone, amount, f"{2_000_000_000_000_000 + order.number}", day, order.buyer.name,
        line.units, line.price, line.revenue, by_buyer or None, LISTINGS[line.item.sku], line.item.title,
    ]  # fmt: skip
