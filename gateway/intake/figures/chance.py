"""Computes how far chance moves sums of money: few large sales move a share more than many equal ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl

from gateway.intake.figures.measure import rounded

#: The quantile of the normal distribution for 95 %, both sides.
_Z: Final = 1.959964
#: Days that are counted together, to see whether sales come in bursts.
_BLOCKS: Final = (1, 5)


def alike(amounts: pl.Series) -> float:
    """Return how many equal amounts would vary as much by chance as these: their sum squared / the sum of squares."""
    squares = float((amounts * amounts).sum() or 0.0)
    return float(amounts.sum() or 0.0) ** 2 / squares if squares > 0 else 0.0


def counted_by_money(share: float, amounts: pl.Series) -> dict[str, float]:
    """Return what a share of these amounts was counted from: their number (`cases`), and as many `trials` alike."""
    trials = alike(amounts)
    return {"successes": rounded(share * trials, 4), "trials": rounded(trials, 4), "cases": len(amounts)}


def ends_of(part: pl.Series, whole: pl.Series) -> dict[str, float]:
    """Return the interval in which sum(`part`) / sum(`whole`) would lie over many more rows of this kind.

    `low` and `high` are the ends of the interval of 95 %, `cases` the rows; nothing of one row, or where nothing is
    sold. The spread is that of each row's part around the common share.
    """
    rows, total = len(whole), float(whole.sum() or 0.0)
    if rows < 2 or total <= 0:
        return {}
    part, whole = part.fill_null(0.0), whole.fill_null(0.0)
    share = float(part.sum()) / total
    apart = part - whole * share
    error = (float((apart * apart).sum()) * rows / (rows - 1)) ** 0.5 / total
    return {"low": rounded(share - _Z * error, 4), "high": rounded(share + _Z * error, 4), "cases": rows}


def bursts(windows: Iterable[Sequence[int]]) -> float:
    """Return how many times as much as chance alone the sales a day vary within windows; 1.0 where not more.

    Days are looked at one by one and in fives, for sales that come in weeks vary little from day to day.
    """
    told = list(windows)
    return max(1.0, *(_variation(told, length) for length in _BLOCKS))


def _variation(windows: list[Sequence[int]], length: int) -> float:
    apart, free = 0.0, 0
    for days in windows:
        sums = [sum(days[start : start + length]) for start in range(0, len(days) - length + 1, length)]
        mean = sum(sums) / len(sums)
        if mean > 0:
            apart += sum((one - mean) ** 2 for one in sums) / mean
            free += len(sums) - 1
    return apart / free if free else 1.0
