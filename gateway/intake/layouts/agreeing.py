"""Checks whether two columns of amounts agree, which confirms what they are taken for."""

from __future__ import annotations

from typing import Final

import polars as pl

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
