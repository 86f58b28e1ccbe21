"""The common shape of all layouts: a row per sold item, with money in the document's currency.

Money columns are positive amounts; `fees` and `shipping` are what the seller paid (negative shipping: what was left
of the buyer's payment for it). A column that a document does not have is all null, so that "unknown" is never read
as zero. There is no column for a person.
"""

from __future__ import annotations

from typing import Final

import polars as pl

SOLD: Final = "sold"
RETURNED: Final = "returned"
CANCELLED: Final = "cancelled"
UNPAID: Final = "unpaid"
#: Of these nothing was sold.
NOT_SOLD: Final = (CANCELLED, UNPAID)

#: Of a row whose currency a sparse column leaves blank: the document's own. No cell says it: a blank one is null.
OWN_CURRENCY: Final = ""

LINES: Final[dict[str, pl.DataType]] = {
    "channel": pl.String(),
    "order_id": pl.String(),
    "counted_orders": pl.Float64(),  # of a row that is a day, a month or a channel: how many orders it sums up
    "sku": pl.String(),
    "title": pl.String(),
    "at": pl.Datetime("us"),  # when it was ordered
    "status": pl.String(),  # one of the four above
    "payment_only": pl.Boolean(),  # the status is that of the payment: cancelled or not is unknown; null: it tells
    "returns_only": pl.Boolean(),  # the status tells what came back and no more: paid or not is unknown too
    "units": pl.Float64(),
    "unit_price": pl.Float64(),  # as agreed for one unit, before coupons of the order; by it go tariffs
    "returned_units": pl.Float64(),
    "revenue": pl.Float64(),  # what buyers paid for the item, after the seller's discounts
    "fees": pl.Float64(),
    "withheld": pl.Float64(),  # the part of the fees that is taxes which the channel kept back: no tariff has it
    "order_fees": pl.Boolean(),  # the fees are the order's, shared out to its rows: by them go no single row
    "shipping": pl.Float64(),
    "refund": pl.Float64(),
    "discount": pl.Float64(),  # given by the seller; revenue + discount - undeducted is the list price
    "own_cost": pl.Float64(),  # of one unit, as the table itself tells it of this sale
    "undeducted": pl.Float64(),  # the part of the discount that revenue still contains: SHEIN tells the full price
    "advertised": pl.Boolean(),
    "ship_days": pl.Float64(),  # from order or payment to dispatch
    "currency": pl.String(),
    "assumed_currency": pl.String(),  # where nothing names one, but layout and language leave only this
    "told_currency": pl.String(),  # where nothing names one, and a person said this
    "listing": pl.String(),  # the marketplace's own number of what is sold
    "listing_type": pl.String(),  # one of `tariffs.LISTING_TYPES`; by it some tariffs go
    "cause": pl.String(),  # why it came back or was cancelled, one of `causes.CAUSES`; never the text itself
    "complaint": pl.Boolean(),  # its status tells of a return, a dispute, an exchange, whoever paid for it
    "net": pl.Float64(),  # what the marketplace itself says is left for the seller
    "total_name": pl.String(),  # a total of the marketplace that is checked: its column,
    "total_theirs": pl.Float64(),  # what stands there,
    "total_ours": pl.Float64(),  # and what the row's parts add up to
    "total_row": pl.Int64(),  # the row that it stands in, where that is another: the head of a package
    "table": pl.Int64(),  # its index among the document's tables
    "row": pl.Int64(),  # its number in the sheet, from 1
}

#: What a product-performance report says; it has no orders and no dates.
EXPOSURE: Final[dict[str, pl.DataType]] = {
    "channel": pl.String(),
    "sku": pl.String(),
    "title": pl.String(),
    "units": pl.Float64(),
    "revenue": pl.Float64(),
    "impressions": pl.Float64(),
    "clicks": pl.Float64(),
    "currency": pl.String(),
    "told_currency": pl.String(),  # as of lines
}


def lines(columns: dict[str, pl.Series], height: int) -> pl.DataFrame:
    """Build a frame of exactly `LINES`; columns that are not given are null."""
    return _shaped(columns, height, LINES)


def exposure(columns: dict[str, pl.Series], height: int) -> pl.DataFrame:
    """Build a frame of exactly `EXPOSURE`; columns that are not given are null."""
    return _shaped(columns, height, EXPOSURE)


def _shaped(columns: dict[str, pl.Series], height: int, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Build the frame. What no row tells is one null for all of them, as the channel that all are of is one text.

    Such a column takes no memory until it is used.
    """
    alone = columns["channel"][0] if "channel" in columns and height else None
    told = {} if alone is None or not (columns["channel"] == alone).all(ignore_nulls=False) else {"channel": alone}
    known = {name: one for name, one in columns.items() if name not in told and one.null_count() < height}
    frame = pl.DataFrame({name: known[name].cast(schema[name], strict=False) for name in schema if name in known})
    if not known:
        frame = pl.select(pl.int_range(height).alias("row"))
    same = (pl.lit(told.get(name), dtype=kind).alias(name) for name, kind in schema.items() if name not in known)
    return frame.with_columns(same).select(*schema)
