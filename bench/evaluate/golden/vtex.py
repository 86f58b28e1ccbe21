"""VTEX orders report: English headers, a row for each item, the order's money repeated on each, dates with a Z."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden, with_freight
from local.samples.catalog import SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.workbook import Cell, write_workbook

_SCENARIO: Final = Scenario(cancelled=0.02, returned=0.0, returned_worst=0.0, discount=0.0, has_loser=False)
_FREIGHT: Final = 10.99
_HEADER: Final = (
    "Origin", "Order", "Sequence", "Creation Date", "Client Name", "Client Last Name", "Client Document", "Email",
    "Phone", "UF", "City", "Address Identification", "Receiver Name", "Street", "Number", "Postal Code", "SLA Type",
    "Courrier", "Estimate Delivery Date", "Status", "Last Change Date", "UtmSource", "Coupon", "Payment System Name",
    "Installments", "Payment Value", "Quantity_SKU", "ID_SKU", "Category Ids Sku", "Reference Code", "SKU Name",
    "SKU Value", "SKU Selling Price", "SKU Total Price", "SKU Path", "Shipping List Price", "Shipping Value",
    "Total Value", "Discounts Totals", "Discounts Names", "Tracking Number", "Host", "Seller Name", "Currency Code",
)  # fmt: skip
_STATUS: Final = {"sold": "Faturado", "cancelled": "Cancelado"}


def write(folder: Path, seed: int, rows: int) -> Golden:
    """Write the workbook; it tells neither fees nor returns."""
    sold = market(Random(f"vtex-{seed}"), rows, _SCENARIO)
    path = folder / "vtex_orders.xlsx"
    write_workbook(path, {"Report": _rows(sold)})
    truth = sold.truth(planted={"stock-out": SILENT.sku}, costs=False, returns=False)
    return Golden(path, ["own_store"], "vtex.orders", {"own_store": with_freight(truth, _FREIGHT)})


def _rows(sold: Market) -> Iterator[list[Cell]]:
    yield list(_HEADER)
    for order in sold.orders:
        for line in order.lines:
            yield _row(order, line)


def _row(order: Order, line: Line) -> list[Cell]:
    buyer = order.buyer
    first, last = buyer.name.split()[0], buyer.name.split()[-1]
    at, paid = f"{order.at:%Y-%m-%d %H:%M:%SZ}", f"{order.revenue + _FREIGHT:.2f}"
    return [
        "Marketplace", f"1604{order.number:09d}-01", f"{600_000 + order.number}", at, first, last, buyer.cpf,
        buyer.email, buyer.phone, buyer.state, buyer.city, "Casa", buyer.name, buyer.street, "10", buyer.postcode,
        "Sedex", "Sedex", at, _STATUS[order.status], at, None, None, "Mastercard", "1", paid,
        str(line.units), str(sum(map(ord, line.item.sku))), "/1/", line.item.sku, line.item.title, f"{line.price:.2f}",
        f"{line.price:.2f}", f"{line.revenue:.2f}", "/produto/p", f"{_FREIGHT}", f"{_FREIGHT}", paid,
        "0", None, None, "loja", "Loja", "BRL",
    ]  # fmt: skip
