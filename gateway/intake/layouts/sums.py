"""Amounts that are the sum of other rows: what a row is, whatever it is called."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.values import CENTS

#: Rows that a group's own sum is looked for in.
_LONGEST_GROUP: Final = 200


def sums_of_others(amounts: pl.Series, may_be: pl.Series, *, least: int) -> pl.Series:
    """Say which of the rows that may be sums are one: of all others, of those above, or of those since the last sum.

    It has to sum up at least so many rows. One that is none of it counts as an amount among the others, unless it is
    the sum of two rows or more right above it: a group's own sum, where groups of one row have none.
    """
    found = [False] * len(amounts)
    own = pl.select(pl.when(~may_be).then(amounts)).to_series()
    every, rows = float(own.sum()), len(own) - own.null_count()
    above, count = own.fill_null(0).cum_sum(), own.is_not_null().cum_sum()
    beside, beside_rows = 0.0, 0  # of rows that may be sums and are none
    last, last_rows = 0.0, 0  # up to the sum before
    for index in may_be.arg_true():
        amount = amounts[index]
        if amount is None:
            continue
        so_far, so_many = float(above[index]) + beside, int(count[index]) + beside_rows
        tried = ((every, rows), (so_far, so_many), (so_far - last, so_many - last_rows))
        if amount and any(many >= least and abs(amount - one) < CENTS for one, many in tried):
            found[index] = True
            last, last_rows = so_far, so_many
        elif amount and _sums_up_those_above(amounts, may_be, index, max(least, 2)):
            found[index] = True
        else:
            beside, beside_rows = beside + amount, beside_rows + 1
    return pl.Series("sum", found, dtype=pl.Boolean)


def _sums_up_those_above(amounts: pl.Series, may_be: pl.Series, index: int, least: int) -> bool:
    """Say whether an amount is the sum of so many rows or more right above it, none of which may be a sum."""
    amount, total, rows = amounts[index], 0.0, 0
    for above in range(index - 1, max(index - 1 - _LONGEST_GROUP, -1), -1):
        if may_be[above]:
            return False
        if (one := amounts[above]) is not None:
            total, rows = total + float(one), rows + 1
            if rows >= least and abs(amount - total) < CENTS:
                return True
    return False


def sums_of_group(amounts: pl.Series, may_be: pl.Series, group: pl.Series) -> pl.Series:
    """Say which of the rows that may be sums are one of all others that say the same in `group`."""
    frame = pl.DataFrame({"amount": amounts, "may_be": may_be, "group": group})
    own = pl.when(~pl.col("may_be")).then(pl.col("amount"))
    is_sum = (pl.col("amount") - own.sum().over("group")).abs() < CENTS
    return frame.select(
        (
            pl.col("may_be")
            & is_sum
            & pl.col("group").is_not_null()
            & (pl.col("amount") != 0)
            & (own.count().over("group") > 0)
        )
        .fill_null(value=False)
        .alias("sum")
    ).to_series()
