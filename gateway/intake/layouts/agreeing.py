"""Checks whether two columns of amounts agree, which confirms what they are taken for."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.guesses import Assignment
from gateway.intake.values import CENTS

#: Of the rows that say something, so many have to agree, and of how few nothing is concluded.
MOST: Final = 0.9
SEVERAL: Final = 2


def agree(ours: pl.Series, theirs: pl.Series, told: pl.Series | None = None) -> bool:
    """Say whether nearly all amounts are equal to the cent, of the rows in which `told` (else `theirs`) is not zero."""
    rows = pl.DataFrame({"ours": ours, "theirs": theirs, "told": theirs if told is None else told}).drop_nulls()
    rows = rows.filter(pl.col("told") != 0)
    same = rows.select(((pl.col("ours") - pl.col("theirs")).abs() < CENTS).sum()).item()
    return rows.height >= SEVERAL and same >= MOST * rows.height


def are_pieces_at(prices: pl.Series, totals: pl.Series) -> bool:
    """Say whether half of the totals are that many whole pieces at their price; what counts sales seldom is."""
    if len(prices) != len(totals):
        return True
    pieces = pl.DataFrame({"total": totals, "price": prices}).filter(pl.col("price") > 0, pl.col("total") > 0)
    parts = (pieces["total"] / pieces["price"]).round(4) % 1
    return 2 * int((parts == 0).sum()) >= pieces.height


def free_amounts(columns: Assignment) -> list[int]:
    """Return the columns of amounts that are none of a sale's known ones."""
    taken = {columns.column(name) for name in columns.guesses}
    return [index for index, one in enumerate(columns.profiles) if one.number >= MOST and index not in taken]
