"""Magalu, its report of sales: a row per item, the order's money repeated on each of its rows.

Known from programs that read it and the values in their tests, not from a file.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import add
from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.orders import added, constant, is_shared_out, shared_out, where_returned
from gateway.intake.layouts.payouts import needed
from gateway.intake.layouts.status import status_of
from gateway.intake.values import CENTS
from gateway.intake.words import fold
from schemas.given import without_none

NAME: Final = "magalu.sales"
CHANNEL: Final = "magalu"
_ORDER: Final = "Número do pedido"
_ITEM: Final = "Valor Total do Item"
_ITEMS: Final = "Valor total dos itens do pedido"
_PAID: Final = "Valor bruto do pedido"
_NET: Final = "Valor líquido estimado a receber"
REQUIRED: Final = (_ORDER, _ITEM, _PAID, _NET)
TYPICAL: Final = (
    *("Codigo SKU seller", "Coparticipação de Fretes estimada", "Último Evento", "Canal de vendas"),
    *("Quantidade de itens", "Tarifa fixa (Forma de pagamento 1)", "Previsão de liberação de recebível"),
)
#: What columns are, where their names alone would mislead.
FIELDS: Final = {_ITEM: "revenue", _PAID: "", _ITEMS: "", _NET: "total"}
_FREIGHT: Final = "Coparticipação de Fretes estimada"
_STATUS: Final = (
    *("Status pacote no momento que o relatório foi solicitado", "Último Evento", "Status do pedido", "Status"),
)
#: What of discounts and coupons the seller pays; Magalu's own part is paid back to him.
_SELLERS: Final = re.compile(r"^pago (pelo parceiro|pelo seller|pelo lojista|por voce)")
#: A column for each means of payment: `Tarifa fixa (Forma de pagamento 1)`, `Serviços do marketplace (1+2+3)`.
_FEES: Final = re.compile(r"^(tarifa fixa|servicos do marketplace)")
UNIT_PRICES: Final = "“{column}” tem o preço de uma unidade: vezes a quantidade dá o total dos itens do pedido."


def read(table: Columns) -> pl.DataFrame:
    """Return the lines. Revenue is the items' price less the discounts that the seller pays."""
    height, order, units = table.height, table.text(_ORDER), table.number("Quantidade de itens")
    goods = _goods(table, order, units)
    discount = shared_out(order, _sum_of(table, _SELLERS), goods)
    fees, freight = _sum_of(table, _FEES), table.number(_FREIGHT)
    shared_fees, shipping = shared_out(order, fees, goods), shared_out(order, freight, goods)
    status = status_of(table.text(*_STATUS), None, height)
    revenue = added(goods, discount)
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "channel": constant(CHANNEL, height),
        "order_id": order,
        "sku": table.text("Codigo SKU seller", "Código SKU Magalu"),
        "title": table.text("Título do produto"),
        "at": table.moment("Data do Pedido"),
        "status": status,
        "units": units,
        "returned_units": where_returned(status, units),
        "revenue": revenue,
        "fees": None if shared_fees is None else -shared_fees,
        "order_fees": is_shared_out(order, fees),
        "shipping": None if shipping is None else -shipping,
        "refund": where_returned(status, revenue),
        "discount": None if discount is None else -discount,
        "assumed_currency": constant("BRL", height),  # Magalu sells in Brazil only
        "total_name": constant(_NET, height),
        "total_theirs": shared_out(order, needed(table, _NET), goods),
        "total_ours": added(revenue, shared_fees, shipping),
    }
    return shape.lines(without_none(columns), height)


def _goods(table: Columns, order: pl.Series | None, units: pl.Series | None) -> pl.Series:
    """Return what each row's items cost: the column is of the row, or of one unit where only that makes the order."""
    item, whole = needed(table, _ITEM), table.number(_ITEMS, optional=True)
    if order is None or units is None or whole is None:
        return item
    each = item * units.fill_null(1)
    frame = pl.DataFrame({"order": order, "whole": whole, "row": item, "unit": each})
    sums = frame.group_by("order").agg(pl.col("whole").first(), pl.col("row", "unit").sum())
    fits = {name: int(((sums[name] - sums["whole"]).abs() < CENTS).sum()) for name in ("row", "unit")}
    if fits["unit"] <= fits["row"]:
        return item
    table.warnings.append(UNIT_PRICES.format(column=_ITEM))
    return each


def _sum_of(table: Columns, named: re.Pattern[str]) -> pl.Series | None:
    """Return the sum of the columns that are called so, row by row; one that does not apply has only words."""
    places = [index for index, header in enumerate(table.headers) if named.search(fold(header))]
    found = [table.number_at(i).fill_null(0.0) for i in places if table.amounts(i).is_not_null().any()]
    return reduce(add, found) if found else None
