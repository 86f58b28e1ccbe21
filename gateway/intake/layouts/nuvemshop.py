"""Nuvemshop, the sales list of a store. In Portuguese known from descriptions alone."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.status import rows_in_part, status_of, with_payment
from gateway.intake.layouts.store import Sale, returned_units, store_lines, told_apart, whole_order

NAME: Final = "nuvemshop.orders"
REQUIRED: Final = (
    "Número do Pedido",
    "Status do Pagamento",
    "Nome do Produto",
    "Valor do Produto",
    "Quantidade Comprada",
)
TYPICAL: Final = ("Status do Envio", "Status do Pedido", "Subtotal", "Valor do Frete", "Moeda", "Canal", "SKU")
#: What columns are, where their names alone would mislead.
FIELDS: Final = {"Valor do Frete": "", "Valor do Produto": "price"}


def read(table: Columns) -> pl.DataFrame:
    """Return the lines. The order is cancelled, else its payment says whether it is a sale."""
    number, at = table.text("Número do Pedido"), table.moment("Data", "Data de pagamento")
    assert number is not None
    order = told_apart(number, at)
    units = table.number("Quantidade Comprada")
    status, in_part = _status(table, order)
    return store_lines(
        table,
        Sale(
            order=order,
            sku=table.text("SKU"),
            title=table.text("Nome do Produto"),
            at=at,
            status=status,
            units=units,
            price=table.number("Valor do Produto"),
            total=table.number("Total"),
            total_name="Total",
            freight=table.number("Valor do Frete", optional=True),
            discount=table.number("Desconto", optional=True),
            currency=table.text("Moeda"),
            returned_units=None if in_part else returned_units(status, units, None),
            sent=table.moment("Data de envio", "Data de envío", optional=True),
        ),
    )


def _status(table: Columns, order: pl.Series) -> tuple[pl.Series, int]:
    """Return the rows' status, and how many of them came back in part."""
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, table.height)
    of_order, of_money = table.text("Status do Pedido", optional=True), table.text("Status do Pagamento")
    texts = {
        "order": empty if of_order is None else whole_order(order, of_order),
        "money": empty if of_money is None else whole_order(order, of_money),
    }
    first = status_of(texts["order"], None, table.height)
    status = with_payment(first, texts["money"])
    return status, rows_in_part(texts["money"], status)
