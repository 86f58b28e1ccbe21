"""Reads lists of orders without amounts: when each was placed and what became of it, for the table of their items."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts import plain
from gateway.intake.layouts.amounts import Given
from gateway.intake.layouts.channel_words import channel_column
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.flagged_returns import IN_PART
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.lines import RETURNED
from gateway.intake.layouts.orders import order_of
from gateway.intake.layouts.untold_shapes import ORDERS_ALONE
from schemas.given import without_none

#: What such a list may tell of its orders.
TOLD: Final = ("order_id", "channel", "at", "status", "payment_only", "ship_days")
_IN_PART: Final = IN_PART.split("}", 1)[1].split("{", 1)[0]


def placed_orders(
    notes: list[str], table: Columns, columns: Assignment, channels: list[str]
) -> tuple[pl.DataFrame, list[str]] | None:
    """Return the orders of a list, one a row, and what is told of them; None where it is no such list.

    The channel is only that of a column of its own. `returned_units` is the share of an order that came back, all or
    nothing; where some orders came back in part, nobody knows which items those are, and it is unknown.
    """
    if ORDERS_ALONE not in notes:
        return None
    read = replace(table, warnings=[], missing=[])
    places = {name: columns.column(name) for name in ("channel", "status")}
    text = {name: None if place is None else read.text_at(place) for name, place in places.items()}
    order = order_of(read, columns)
    at = plain.when(read, columns)
    sent = plain.sent_at(read, columns, at)
    given: Given = {"order_id": order, **dict.fromkeys(("units", "revenue", "returned_units", "refund"))}
    given |= plain.with_status(read, columns, given, text["status"], {})
    found = {
        "row": read.rows,
        "order_id": order,
        "channel": None if text["channel"] is None else channel_column(read, text["channel"], channels, None),
        "at": at,
        "status": given.get("status"),
        "payment_only": given.get("payment_only"),
        "ship_days": None if at is None or sent is None else (sent - at).dt.total_minutes() / 1440,
    }
    frame = shape.lines(without_none(found), read.height).filter(pl.col("order_id").is_not_null())
    if not any(_IN_PART in one for one in read.warnings):
        share = (pl.col("status") == RETURNED).cast(pl.Float64)
        frame = frame.with_columns(share.alias("returned_units"))
    return frame, read.warnings
