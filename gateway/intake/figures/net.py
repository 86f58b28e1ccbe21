"""What is left of a sale for the seller: by the marketplace's own account where it has one, else by its parts."""

from __future__ import annotations

import polars as pl


def with_own_net(lines: pl.DataFrame) -> pl.DataFrame:
    """Fill `net` where the marketplace does not tell it: revenue less fees, shipping and refunds, the fees known."""
    parts = pl.col("revenue") - pl.col("fees") - pl.col("shipping").fill_null(0) - pl.col("refund").fill_null(0)
    return lines.with_columns(pl.coalesce("net", parts).alias("net"))


def net_sum() -> pl.Expr:
    """Return the sum of `net`, null where a row has revenue and nobody knows what is left of it."""
    unknown = (pl.col("revenue").fill_null(0) != 0) & pl.col("net").is_null()
    return pl.when(pl.col("net").is_not_null().any() & ~unknown.any()).then(pl.col("net").sum()).alias("net")
