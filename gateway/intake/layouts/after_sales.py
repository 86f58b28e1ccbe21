"""Finds what became of orders after their sale in a column of its own (`Pós-venda/Cancelado/Devolvido`)."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.lines import NOT_SOLD, RETURNED
from gateway.intake.layouts.status import status_of
from gateway.intake.words import fold

#: Programs for sellers write the order's way to its buyer in one column, and what went wrong afterwards in another.
_CALLED: Final = re.compile(
    r"^(pos ?venda|post? ?venta|after ?sales?)"
    r"( (cancel\w*|devol\w*|devuelt\w*|reembols\w*|return\w*|refund\w*|status|state|situacao|estado))*$"
)
_BESIDE: Final = re.compile(r"[^a-z]+")


def after_sales(table: Columns) -> pl.Series | None:
    """Return the texts of such a column, "" where it is blank; None without one that says what became of a row."""
    for index, header in enumerate(table.headers):
        if not _CALLED.match(_BESIDE.sub(" ", fold(header)).strip()):
            continue
        cells = table.cells(index).cast(pl.String).fill_null("")
        if status_of(cells, None, table.height).is_in([*NOT_SOLD, RETURNED]).any():
            table.text_at(index)  # from here on it is used
            return cells
    return None
