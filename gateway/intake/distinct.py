"""The same cell is read once, however often it stands in a column: a million rows have few prices and days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

#: Below so many cells it is not worth the trouble.
_WORTH_IT: Final = 50_000
#: With more distinct cells than this share of all, each is read where it stands.
_MOST_DISTINCT: Final = 0.5


def by_distinct(cells: pl.Series, convert: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return what `convert` makes of the cells.

    It has to give each cell its value by which cells there are, and by the order in which they first stand: dates are
    told apart by it.
    """
    if len(cells) < _WORTH_IT:
        return convert(cells)
    distinct = cells.unique(maintain_order=True)
    if len(distinct) > _MOST_DISTINCT * len(cells):
        return convert(cells)
    known = pl.DataFrame({"cell": distinct, "value": convert(distinct)})
    placed = (
        pl.DataFrame({"cell": cells})
        .lazy()
        .join(known.lazy(), on="cell", how="left", nulls_equal=True, maintain_order="left")
    )
    return placed.select(pl.col("value").alias(cells.name)).collect().to_series()
