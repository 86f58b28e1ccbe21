"""Leaves out days on which nothing was sold: a typing error's (`1212`, `2323`), or a program's zero (`1969-12-31`)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns

IMPOSSIBLE: Final = (
    "{rows} data(s) não podem ser de vendas, como {first:%d/%m/%Y}, e não foram usadas: o período e o ritmo das vendas "
    "são calculados sem elas. Corrija-as no documento e envie-o de novo."
)
#: No document of sales that a program wrote is older, and none is of a day as far ahead.
_FIRST_YEAR: Final = 1980
_LAST_YEAR: Final = 2100


def possible(table: Columns, at: pl.Series | None) -> pl.Series | None:
    """Return the days without those that cannot be of sales, and tell how many these are; None if none is left."""
    if at is None:
        return None
    odd = (~at.dt.year().is_between(_FIRST_YEAR, _LAST_YEAR)).fill_null(value=False)
    found = at.filter(odd)
    if not len(found):
        return at
    first = found[0]
    assert isinstance(first, datetime)
    table.warnings.append(IMPOSSIBLE.format(rows=len(found), first=first))
    left = pl.select(pl.when(~odd).then(at).alias("at")).to_series()
    return left if left.null_count() < len(left) else None
