"""Finds rows that a query wrote several times: an order's items once for each telephone or e-mail of its buyer."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.names import words

JOINED: Final = (
    "{rows} linha(s) repetem um item do mesmo pedido e só mudam em “{column}”: são do mesmo comprador, que tem mais de "
    "um desses dados, e cada venda foi contada uma vez."
)
#: What a buyer may have several of, while an order has one buyer.
_CONTACT: Final = frozenset(
    (
        *("telefone", "celular", "fone", "whatsapp", "phone", "mobile", "cellphone", "telephone", "telefono", "movil"),
        *("email", "mail", "correo"),
    )
)
#: In so many orders at least a contact differs: one may be an accident.
_FEWEST: Final = 2


def drop_joined(columns: Columns, order: int | None) -> None:
    """Keep each item once where a column of contacts multiplies the rows of orders, and tell how many were dropped.

    Of such an order each contact has all of the items, alike in every other column: nobody writes a second piece so.
    """
    table = columns.table
    if order is None or not columns.height or (table.whole is not None and table.needed is None):
        return
    ids = columns.cells(order)
    if ids.null_count() or ids.n_unique() == len(ids):
        return
    contacts = [i for i, header in enumerate(columns.headers) if i != order and _CONTACT & set(words(header))]
    again = _again(columns, ids, contacts) if contacts else None
    if again is not None:
        named = "”, “".join(columns.headers[index] for index in contacts)
        columns.warnings.append(JOINED.format(rows=int(again.sum()), column=named))
        columns.keep(~again)


def _again(columns: Columns, ids: pl.Series, contacts: list[int]) -> pl.Series | None:
    """Return which rows repeat an item for another contact; None where the rows of an order tell it otherwise."""
    order, contact = pl.col("order"), pl.col("contact")
    others = [i for i in range(len(columns.headers)) if i not in contacts]
    frame = pl.DataFrame(
        {
            "order": ids,
            "contact": pl.DataFrame([_cells(columns, i).alias(str(i)) for i in contacts]).hash_rows(),
            "item": pl.DataFrame([_cells(columns, i).alias(str(i)) for i in others]).hash_rows(),
        }
    )
    of_order = contact.n_unique().over(order)
    each = frame.group_by("order", "item", "contact").agg(pl.len().alias("rows"))
    each = each.with_columns(of_order.alias("contacts")).filter(pl.col("contacts") > 1)
    items = each.group_by("order", "item").agg(
        (pl.len() == pl.col("contacts").first()).alias("all"), (pl.col("rows").n_unique() == 1).alias("alike")
    )
    if items["order"].n_unique() < _FEWEST or not (items["all"] & items["alike"]).all():
        return None
    return frame.select((contact != contact.first().over(order)).alias("again"))["again"]


def _cells(columns: Columns, index: int) -> pl.Series:
    """Return the cells of a column without counting it as looked into: people's details are never read."""
    if str(index) in columns.frame.columns:
        return columns.frame[str(index)]
    return columns.table.column(index).gather(columns.rows - 1)
