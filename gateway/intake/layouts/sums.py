"""Finds amounts that are the sum of other rows, whatever the row is called."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.values import CENTS

#: So many groups at least have their own sums.
_FEWEST_GROUPS: Final = 2
#: Of so many groups nearly all, this share of them: two that stand side by side may look like one.
_MANY_GROUPS: Final = 10
_NEARLY_ALL: Final = 0.9


def sums_of_others(amounts: pl.Series, may_be: pl.Series, *, least: int) -> pl.Series:
    """Say which of the rows that may be sums are one: of all others, of those above, or of those since the last sum.

    It has to sum up at least so many rows. One that is none of it counts as an amount among the others.
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
        else:
            beside, beside_rows = beside + amount, beside_rows + 1
    return pl.Series("sum", found, dtype=pl.Boolean)


def sums_below_groups(amounts: pl.Series, may_be: pl.Series, group: pl.Series) -> pl.Series:
    """Say which of the rows that may be sums are one of the rows right above, that say the same in `group`.

    Groups of one row have none. Each other group has its own, and there are two groups at least: a sale may be the sum
    of a few rows above by chance. Of many groups nearly all have one, where no row is left that may be a sum.
    """
    begins = may_be | may_be.shift(fill_value=True) | group.ne_missing(group.shift())
    rows = pl.DataFrame({"amount": amounts, "may_be": may_be, "group": group, "run": begins.cum_sum().cast(pl.Int64)})
    own = rows.filter(~pl.col("may_be") & pl.col("group").is_not_null()).group_by("run")
    groups = own.agg(pl.col("amount").sum().alias("sum"), pl.len().alias("rows")).filter(pl.col("rows") > 1)
    below = rows.with_columns(pl.col("run") - 1).join(groups, on="run", how="left", maintain_order="left")
    is_sum = pl.col("may_be") & ((pl.col("amount") - pl.col("sum")).abs() < CENTS) & (pl.col("amount") != 0)
    found = below.select(is_sum.fill_null(value=False).alias("sum"))["sum"]
    each = groups.height >= _FEWEST_GROUPS and int(found.sum()) == groups.height
    each |= groups.height >= _MANY_GROUPS and found.sum() >= groups.height * _NEARLY_ALL and found.equals(may_be)
    return found if each else found.clear(len(found)).fill_null(value=False)


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
