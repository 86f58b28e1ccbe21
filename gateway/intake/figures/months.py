"""Computes the same sums for each calendar month."""

from __future__ import annotations

import polars as pl

from gateway.intake.figures.measure import known_sum, order_key, rounded
from gateway.intake.figures.net import net_sum
from gateway.intake.figures.told_returns import returned_sum
from gateway.intake.figures.totals import SAYS_CANCELLED, counted
from gateway.intake.layouts.lines import CANCELLED
from schemas.facts import Month

_SUMS = ("revenue", "units", "fees", "shipping", "refund")


def months_of(lines: pl.DataFrame) -> list[Month]:
    """Return the months in which something was ordered, oldest first. Those between without a sale are not there."""
    month = pl.col("at").dt.truncate("1mo").dt.date().alias("month")
    beside = ("counted_orders", "status", "payment_only", "net", "returned_units")
    dated = lines.select(month, order_key(), *beside, *_SUMS).filter(pl.col("month").is_not_null())
    if dated.is_empty():
        return []
    orders = pl.col("order").drop_nulls().n_unique() + pl.col("counted_orders").sum().cast(pl.Int64)
    sums = (
        counted(dated)
        .group_by("month")
        .agg(
            *(known_sum(name) for name in _SUMS),
            net_sum(),
            returned_sum(),
            pl.when((pl.col("order").is_not_null() | pl.col("counted_orders").is_not_null()).any())
            .then(orders)
            .alias("orders"),
        )
    )
    cancelled = (
        dated.filter(pl.col("order").is_not_null() & SAYS_CANCELLED)
        .group_by("month", "order")
        .agg((pl.col("status") == CANCELLED).all().alias("cancelled"))
        .group_by("month")
        .agg(pl.col("cancelled").sum())
    )
    rows = dated.select("month").unique().join(sums, on="month", how="left").join(cancelled, on="month", how="left")
    return [
        Month(
            month=f"{row['month']:%Y-%m}",
            revenue=_maybe(row["revenue"]),
            orders=row["orders"],
            units=_maybe(row["units"]),
            fees=_maybe(row["fees"]),
            shipping=_maybe(row["shipping"]),
            refunds=_maybe(row["refund"]),
            net=_maybe(row["net"]),
            cancelled_orders=row["cancelled"],
            returned_units=_maybe(row["returned_units"]),
        )
        for row in rows.sort("month").to_dicts()
    ]


def _maybe(value: float | None) -> float | None:
    return None if value is None else rounded(value)
