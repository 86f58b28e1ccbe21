"""Finds sales that have a day on which they were cancelled, or a yes to whether they were."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.words import NO, YES

ON: Final = "_cancelled_at"


def cancelled_on(table: Columns, columns: Assignment) -> pl.Series | None:
    """Say which rows have a day on which they were cancelled, or a yes; None where no column tells it.

    Other rows of the same order may stand: an item can be cancelled alone. Other numbers may count something.
    """
    index = next((index for index, name in columns.others.items() if name == ON), None)
    if index is None:
        return None
    plain = _plainly(table.cells(index))
    if plain.drop_nulls().is_in([*YES, *NO]).all():
        return _plainly(table.text_at(index)).is_in(YES).fill_null(value=False)
    if plain.str.contains(r"^\d+([.,]\d+)?$").any():
        return None
    if not plain.str.contains(r"[1-9]").any():  # words: one that stands in some of the rows alone marks these
        filled = plain.is_not_null()
        is_mark = plain.drop_nulls().n_unique() == 1 and filled.sum() <= filled.len() / 2
        return table.text_at(index).is_not_null() if is_mark else None
    return table.text_at(index).str.contains(r"[1-9]").fill_null(value=False)


def _plainly(cells: pl.Series) -> pl.Series:
    """Return the cells in small letters; `1.0` is the 1 that a program wrote as a number with a decimal."""
    return cells.str.strip_chars().str.to_lowercase().str.replace(r"^([01])[.,]0+$", "$1")
