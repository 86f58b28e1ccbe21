"""Tables of sales in habits of their own: what was paid stands beside taxes, fees or discounts, or on another sheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden
from bench.evaluate.golden.steady import Steady, steady
from local.samples.catalog import items
from local.samples.market import Market, Order
from local.samples.workbook import Cell, brazilian, write_workbook

_MIRAKL: Final = {"sold": "Received", "returned": "Refunded", "cancelled": "Canceled", "unpaid": "Waiting"}
_SHOP: Final = {"sold": "Entregue", "returned": "Devolvido", "cancelled": "Cancelado", "unpaid": "Aguardando pagamento"}
_UNITS: Final = {"sold": "received", "returned": "returned", "cancelled": "cancelled", "unpaid": "open"}
_MONTHS: Final = ("Janeiro", "Fevereiro", "Março")
_FREIGHT: Final = 12.9


def write_all(folder: Path, seed: int) -> list[Golden]:
    """Write the four documents."""
    return [
        _mirakl(folder / "mirakl_orders.csv", Random(f"mirakl-{seed}")),
        _unit_rows(folder / "vendas_por_peca.csv", Random(f"pieces-{seed}")),
        _orders_and_items(folder / "pedidos_e_itens.xlsx", Random(f"two-sheets-{seed}")),
        _days_alone(folder / "controle_por_dia.xlsx", Random(f"days-alone-{seed}")),
    ]


def _drawn(random: Random, orders: int, **how: int) -> Market:
    fee = Steady(fee=lambda item, _: round(item.price * 0.12, 2), shipping=0.0, even=True, **how)
    return steady(random, orders, items()[:20], fee)


def _mirakl(path: Path, random: Random) -> Golden:
    """Write a commission without its tax, the tax, and both; totals that have the buyer's freight in them."""
    drawn = _drawn(random, 300, cancelled=4)
    taxed = [replace(order, fee=round(order.fee + round(order.fee * 0.2, 2), 2)) for order in drawn.orders]
    sold = replace(drawn, orders=taxed)
    head = (
        "Date created;Order number;Quantity;Details;Status;Amount;Currency;Offer SKU;Unit price;Shipping price;Total"
        " order amount incl. VAT (including shipping charges);Commission (excluding taxes);Commission taxes;Commission"
        " value (including taxes);Amount transferred to shop (including taxes)"
    )
    rows = [head]
    for order, bare in zip(sold.orders, drawn.orders, strict=True):
        (line,) = order.lines
        whole = line.revenue + _FREIGHT
        rows.append(
            f"{order.at:%Y-%m-%dT%H:%M:%SZ};{order.number:07d}-A;{line.units};{line.item.title};{_MIRAKL[order.status]};"
            f"{line.revenue:.2f};BRL;{line.item.sku};{line.price:.2f};{_FREIGHT};{whole:.2f};{bare.fee:.2f};"
            f"{order.fee - bare.fee:.2f};{order.fee:.2f};{whole - order.fee:.2f}"
        )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    truth = replace(sold.truth(planted={}, costs=True, returns=False), shipping=None)
    return Golden(path, ["own_store"], "plain", {"own_store": truth}, {"own_store": "BRL"})


def _unit_rows(path: Path, random: Random) -> Golden:
    """Write a row for each piece, whose `revenue` is what is left of its price after the fee."""
    sold = _drawn(random, 300, cancelled=4, returned=3)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(
            ["id_order_unit", "id_order", "ts_created", "status", "id_offer", "title", "price", "fee", "revenue"]
        )
        for order in sold.orders:
            (line,) = order.lines
            left = brazilian(line.revenue - order.fee)
            writer.writerow([
                31_400_000 + order.number, f"M{order.number:06d}X", f"{order.at:%Y-%m-%d %H:%M:%S}",
                _UNITS[order.status], line.item.sku, line.item.title, brazilian(line.revenue), brazilian(order.fee),
                left,
            ])  # fmt: skip
    truth = replace(sold.truth(planted={}, costs=True, returns=True), shipping=None)
    return Golden(path, ["own_store"], "plain", {"own_store": truth})


def _orders_and_items(path: Path, random: Random) -> Golden:
    """Write orders, of which each third has a discount, and on another sheet their items at what these cost without."""
    drawn = _drawn(random, 300, cancelled=5, returned=3)
    sold = replace(drawn, orders=[_less(order) if order.number % 3 == 0 else order for order in drawn.orders])

    def orders() -> Iterator[list[Cell]]:
        yield ["Pedido", "Data", "Status", "Produtos", "Desconto", "Frete", "Total"]
        for order in sold.orders:
            (line,) = order.lines
            total = round(line.revenue + _FREIGHT, 2)
            off = round(line.list_price - line.price, 2)
            day, status = f"{order.at:%d/%m/%Y}", _SHOP[order.status]
            yield [f"{order.number:06d}", day, status, line.list_price, off, _FREIGHT, total]

    def rows() -> Iterator[list[Cell]]:
        yield ["Pedido", "SKU", "Produto", "Quantidade", "Preço", "Subtotal"]
        for order in sold.orders:
            (line,) = order.lines
            yield [f"{order.number:06d}", line.item.sku, line.item.title, 1, line.list_price, line.list_price]

    write_workbook(path, {"Pedidos": orders(), "Itens": rows()})
    truth = sold.truth(planted={}, costs=False, returns=True)
    return Golden(path, ["own_store"], "plain", {"own_store": truth})


def _less(order: Order) -> Order:
    (line,) = order.lines
    return replace(order, lines=[replace(line, price=round(line.price * 0.9, 2))])


def _days_alone(path: Path, random: Random) -> Golden:
    """Write a sheet for each month, of which the rows tell the day alone, with a title above and the sum below."""
    drawn = _drawn(random, 300)
    sold = replace(drawn, orders=[order for order in drawn.orders if order.at.month <= len(_MONTHS)])
    sheets: dict[str, Iterable[Sequence[Cell]]] = {}
    for number, name in enumerate(_MONTHS, 1):
        own = [order for order in sold.orders if order.at.month == number]
        rows: list[list[Cell]] = [[f"CONTROLE DE VENDAS - {name.upper()}"], [None]]
        rows.append(["Dia", "Pedido", "SKU", "Produto", "Qtd", "Valor unit.", "Total"])
        for order in own:
            (line,) = order.lines
            rows.append([order.at.day, order.number, line.item.sku, line.item.title, 1, line.price, line.revenue])
        rows.append(["TOTAL", None, None, None, None, None, round(sum(order.revenue for order in own), 2)])
        sheets[f"{name} {own[0].at.year if own else 2026}"] = iter(rows)
    write_workbook(path, sheets)
    truth = replace(sold.truth(planted={}, costs=False, returns=False), cancelled_orders=None)
    return Golden(path, ["own_store"], "plain", {"own_store": truth})
