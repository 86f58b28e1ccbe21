"""Read the days of a known export that writes them with the month or with the day first, as its account is set."""

from __future__ import annotations

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.plain import DAY_OR_MONTH


def sure_days(table: Columns, *names: str, optional: bool = False) -> pl.Series | None:
    """Return the days; none where nothing shows whether the day or the month comes first, and this is told.

    Of 01/01 and 02/02 it is sure, and their period is not that of all rows.
    """
    sure = table.moment(*names, day_first=None, optional=optional)
    guessed = None if sure is None else table.moment(*names)
    if sure is None or guessed is None or not (unsure := sure.null_count() - guessed.null_count()):
        return sure
    table.warnings.append(DAY_OR_MONTH.format(column=table.used[-1], rows=unsure))
    return None
