"""Tells rows that are all of their order from those that others belong to: of most tables nearly all are alone.

To group them all takes a hundred bytes a row, and a reader of a million rows has five hundred for everything.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def together(rows: pl.DataFrame, key: Sequence[str], as_one: Sequence[pl.Expr]) -> pl.DataFrame:
    """Return one row for each key: `as_one` says what several come to, named as their columns are.

    `key` begins with a column of numbers without a null. A row that is alone stays as it is.
    """
    ordered = rows[key[0]].sort()
    several = ordered.filter((ordered == ordered.shift()).fill_null(value=False)).unique()
    again = rows[key[0]].is_in(several.implode())
    names = [*key, *(one.meta.output_name() for one in as_one)]
    alone, others = rows.filter(~again), rows.filter(again)
    return pl.concat([alone.select(names), others.group_by(key).agg(as_one).select(names)])
