"""Tables of one document that tell the same sales twice: a summary beside its rows, exports that overlap."""

from __future__ import annotations

from typing import Final

import polars as pl

#: A table of products repeats another where so many of its products have the same sum there.
SAME_PRODUCTS_SHARE: Final = 0.8
#: Fewer products than this could agree by chance.
MIN_PRODUCTS: Final = 2
_SAME_SUM: Final = 0.005
_ROW: Final = ("order_id", "product", "at", "units", "revenue")


def without_repeats(lines: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the lines with each sale once, and how many rows went. The table that tells most of a sale is kept.

    A row is the same where its order, product, moment, units and money are. A table without orders is the same
    where its products sum up to what they do in the others.
    """
    least, most = lines.select(pl.col("table").min().alias("least"), pl.col("table").max().alias("most")).row(0)
    if least == most:
        return lines, 0  # nothing is copied
    tables = sorted(lines.partition_by("table", maintain_order=True), key=_detail, reverse=True)
    kept = tables[0]
    for table in tables[1:]:
        new = table if table["order_id"].null_count() else _new_rows(table, kept)
        if not _is_summary(new, kept):
            kept = pl.concat([kept, new])
    return kept.sort("table", "row", maintain_order=True), lines.height - kept.height


def _detail(table: pl.DataFrame) -> tuple[bool, bool, int]:
    return table["order_id"].null_count() == 0, table["at"].null_count() == 0, table.height


def _new_rows(table: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    return table.join(kept.select(_ROW).unique(), on=_ROW, how="anti", nulls_equal=True, maintain_order="left")


def _is_summary(table: pl.DataFrame, kept: pl.DataFrame) -> bool:
    if table["order_id"].null_count() < table.height or _is_of_another_time(table["at"], kept["at"]):
        return False
    sums = _sums(table)
    if sums.height < MIN_PRODUCTS:
        return False
    both = sums.join(_sums(kept), on="product", how="inner", suffix="_kept")
    gap = (pl.col("revenue") - pl.col("revenue_kept")).abs()
    same = both.filter(gap <= pl.col("revenue_kept").abs() * _SAME_SUM)
    return same.height / sums.height >= SAME_PRODUCTS_SHARE


def _is_of_another_time(one: pl.Series, other: pl.Series) -> bool:
    """Say whether both have dates, and no day in common: equal sums of two months are two months."""
    days, others = one.dt.date().drop_nulls(), other.dt.date().drop_nulls()
    return not days.is_empty() and not others.is_empty() and set(days).isdisjoint(others)


def _sums(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("revenue").is_not_null()).group_by("product").agg(pl.col("revenue").sum())
