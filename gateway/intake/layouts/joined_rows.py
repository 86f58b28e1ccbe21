"""Finds rows that a query wrote several times: an order's items once for each telephone or e-mail of its buyer."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.names import words
from gateway.intake.layouts.unkept import each_column

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
    """Return which rows repeat an item for another contact; None where the rows of an order tell it otherwise.

    Only where the columns that were kept of a large table do not tell it already, the others are looked into.
    """
    frame = pl.DataFrame({"order": ids, "contact": _hashed(columns, contacts)})
    if not (frame.group_by("order").agg(pl.col("contact").n_unique())["contact"] > 1).any():
        return None
    others = [i for i in range(len(columns.headers)) if i not in contacts]
    kept = [i for i in others if str(i) in columns.frame.columns]
    for items in (kept, others) if len(kept) < len(others) else (others,):
        again = _said_again(frame.with_columns(item=_hashed(columns, items)))
        if again is None:
            return None
    return again


def _hashed(columns: Columns, indexes: list[int]) -> pl.Series:
    """Return a number for each row, the same where all of these columns are. People's details are never read."""
    every = pl.int_range(columns.height, dtype=pl.UInt32, eager=True)
    key = pl.Series([0], dtype=pl.UInt64).new_from_index(0, columns.height)
    for _, cells in each_column(columns, indexes):
        key = pl.DataFrame([key.alias("key"), cells(every).alias("cell")]).hash_rows()
    return key


def _said_again(frame: pl.DataFrame) -> pl.Series | None:
    order, contact = pl.col("order"), pl.col("contact")
    of_order = contact.n_unique().over(order)
    each = frame.group_by("order", "item", "contact").agg(pl.len().alias("rows"))
    each = each.with_columns(of_order.alias("contacts")).filter(pl.col("contacts") > 1)
    items = each.group_by("order", "item").agg(
        (pl.len() == pl.col("contacts").first()).alias("all"), (pl.col("rows").n_unique() == 1).alias("alike")
    )
    if items["order"].n_unique() < _FEWEST or not (items["all"] & items["alike"]).all():
        return None
    return frame.select((contact != contact.first().over(order)).alias("again"))["again"]
