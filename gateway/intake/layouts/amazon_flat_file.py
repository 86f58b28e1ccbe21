"""The rows of Amazon's settlement as a flat file: the first form, with an amount for each of several columns.

Its rows have a price, a fee, a promotion or another amount, each in a column of its own with its type beside it. A row
without an amount tells how many pieces of the item were bought.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.payouts import amount, leave_out_unread

#: What the flat file V2 calls these amounts.
PRICE: Final = "ItemPrice"
PROMOTION: Final = "Promotion"
PRINCIPAL: Final = "Principal"
#: Columns of amounts with what they are called in the flat file V2, and the column that says of what.
_AMOUNTS: Final = (
    ("price-amount", PRICE, "price-type"),
    ("promotion-amount", PROMOTION, "promotion-type"),
    ("item-related-fee-amount", "ItemFees", "item-related-fee-type"),
    ("order-fee-amount", "OrderFees", "order-fee-type"),
    ("shipment-fee-amount", "ShipmentFees", "shipment-fee-type"),
    ("misc-fee-amount", "MiscFee", None),
    ("other-fee-amount", "OtherFee", "other-fee-reason-description"),
    ("direct-payment-amount", "DirectPayment", "direct-payment-type"),
    ("other-amount", "Other", None),
)


def is_first(table: Columns) -> bool:
    """Say whether the file has the first form: its amounts stand in several columns."""
    return not table.has("amount")


def leave_out_blank(table: Columns) -> None:
    """Leave out each order with a row that has no amount, though it says of what it is one, and tell how many."""
    order = column_of(table, "order-id", optional=True)
    blank = _blank(table, "amount") if not is_first(table) else pl.select(pl.repeat(False, table.height)).to_series()
    for name, _, what in _AMOUNTS if is_first(table) else ():
        if what is not None and table.has(name) and table.has(what):
            blank |= _blank(table, name) & column_of(table, what).is_not_null() & _blank(table, "quantity-purchased")
    leave_out_unread(table, blank & order.is_not_null(), order)


def _blank(table: Columns, name: str) -> pl.Series:
    """Say which rows have no number in a column; all of them where there is no such column."""
    found = table.number(name, optional=True)
    return pl.select(pl.repeat(True, table.height)).to_series() if found is None else found.is_null()


def first_parts(table: Columns) -> pl.DataFrame:
    """Return a row for each amount of the first form, and one for each item's pieces, as the flat file V2 has them."""
    rows, found = movements_of(table), []
    for name, of, what in _AMOUNTS:
        value = amount(table, name)
        if value is not None:
            told = pl.lit(None, dtype=pl.String) if what is None else column_of(table, what)
            part = rows.with_columns(net=value, of=pl.lit(of), what=told)
            found.append(part.filter((pl.col("net") != 0) | (pl.lit(of == PRICE) & pl.col("what").is_not_null())))
    amounts = pl.concat(found)
    bare = rows.join(amounts.select("row").unique(), on="row", how="anti").filter(pl.col("quantity").is_not_null())
    if bare.is_empty():
        return amounts.sort("row", maintain_order=True)
    pieces = bare.with_columns(net=pl.lit(0.0), of=pl.lit(PRICE), what=pl.lit(PRINCIPAL))
    told_once = amounts.with_columns(quantity=pl.lit(None, dtype=pl.Float64))
    return pl.concat([told_once, pieces.select(told_once.columns)]).sort("row", maintain_order=True)


def movements_of(table: Columns) -> pl.DataFrame:
    """Return what each row of a settlement says beside its amount: type, order, item, pieces and moment."""
    at, units = table.moment("posted-date-time", "posted-date"), table.number("quantity-purchased", optional=True)
    optional = {"order": "order-id", "sku": "sku", "item": "order-item-code"}
    texts = {name: column_of(table, column, optional=True) for name, column in optional.items()}
    frame = pl.DataFrame({"row": table.rows, "type": column_of(table, "transaction-type")} | texts)
    return frame.with_columns(
        at=pl.lit(None, dtype=pl.Datetime("us")) if at is None else at,
        quantity=pl.lit(None, dtype=pl.Float64) if units is None else units,
    )


def column_of(table: Columns, name: str, *, optional: bool = False) -> pl.Series:
    """Return the texts of a column; blanks where it is not there."""
    text = table.text(name, optional=optional)
    return pl.select(pl.repeat(None, table.height, dtype=pl.String)).to_series() if text is None else text
