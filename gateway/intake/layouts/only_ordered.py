"""Finds orders beside sales, where a column tells them apart: what is only ordered is not sold yet."""

from __future__ import annotations

from typing import Final

from gateway.intake.layouts.bare import NATURE
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words
from gateway.intake.layouts.waiting import amount_of
from gateway.intake.values import says

ORDERED: Final = (
    "{rows} linha(s) não foram contadas como venda: a coluna “{column}” as chama de pedidos, ao lado de vendas, e "
    "parece que ainda não foram faturados (valor: {amount}). Se são vendas também, troque a palavra nelas e envie o "
    "arquivo de novo."
)
_SOLD: Final = r"^(vendas?|ventas?|sales?)( (de )?(produtos?|mercadorias?|productos?|faturad\w+|facturad\w+))?$"
_BILLED: Final = r"^(invoices?|bills?|faturas?|facturas?|nota fiscal|nf-?e?)$"
_ORDERED: Final = r"^(pedidos?|orders?|orden(es)?|encomendas?)( (de (venda|venta|cliente)s?|em aberto|pendentes?))?$"
_LETTERS: Final = 0.9


def drop_ordered(table: Columns, columns: Assignment) -> None:
    """Drop the rows that are called orders where others of the column are called sales or bills."""
    for index, profile in enumerate(columns.profiles):
        if profile.letters < _LETTERS or not NATURE & set(words(table.headers[index])):
            continue
        texts = table.cells(index)
        ordered = says(texts, _ORDERED)
        if ordered.any() and says(texts, f"{_SOLD}|{_BILLED}").any():
            total = columns.column("revenue")
            amount = amount_of(ordered, None if total is None else table.amounts(total))
            table.warnings.append(ORDERED.format(rows=int(ordered.sum()), column=table.headers[index], amount=amount))
            table.keep(~ordered)
            return
