"""Tell which rows of a report of shipments are of sales that were called off before they were sent."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment

_WAS_SENT: Final = r"^(shipments?|shipped|envios?|remessas?|despachos?)$"
_STOPPED: Final = r"^cancel(s|l?ed|lations?|ad[oa]s?|amentos?|acion(es)?)?$"


def called_off(table: Columns, columns: Assignment, texts: pl.Series) -> pl.Series:
    """Return the rows that `texts` (folded, of their nature) call cancelled beside shipments.

    With an amount below zero such a row takes one back that stands above, and counts.
    """
    nothing = pl.Series([False]).new_from_index(0, len(texts))
    amount = columns.column("revenue")
    if amount is None or not texts.str.contains(_WAS_SENT).any():
        return nothing
    stopped = texts.str.contains(_STOPPED).fill_null(value=False)
    return nothing if (stopped & (table.amounts(amount) < 0)).any() else stopped
