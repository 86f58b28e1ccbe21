"""Finds the main days of an export, where a few rows of other months stretch its period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

#: The body has at least this share of the revenue ...
BODY_SHARE: Final = 0.90
#: ... in at most this share of the period's days, ...
MOST_DAYS: Final = 0.5
#: ... on at least this share of its days something was sold, ...
DENSE: Final = 0.5
#: ... and outside of it on at most this share.
SPARSE: Final = 1 / 3
#: A pause of so many days belongs to the body still ...
PAUSE_DAYS: Final = 3
#: ... and so does one of so many times the body's usual pause between days with a sale.
PAUSE_TIMES_USUAL: Final = 3.0


@dataclass(frozen=True, slots=True)
class Body:
    """From which day to which, with what share of the revenue."""

    first: date
    last: date
    share: float

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def body_of(dated: pl.DataFrame, first: date, last: date) -> Body | None:
    """Return the days that have nearly all of the revenue; None if it is spread over the whole period.

    A season or a good week is no such thing: outside of it there are sales on most days.
    """
    sold = (
        dated.group_by("day").agg(pl.col("revenue").sum()).filter(pl.col("revenue") > 0).sort("day").rows()
    )  # [(day, revenue)]
    total = sum(revenue for _, revenue in sold)
    if not sold or total <= 0:
        return None
    start, end = _extended(sold, *_shortest(sold, total))
    body = Body(sold[start][0], sold[end][0], sum(revenue for _, revenue in sold[start : end + 1]) / total)
    period, inside = (last - first).days + 1, end - start + 1
    outside = period - body.days
    if outside <= 0 or body.days > period * MOST_DAYS:
        return None
    is_dense, is_sparse = inside >= body.days * DENSE, len(sold) - inside <= outside * SPARSE
    return body if is_dense and is_sparse else None


def _shortest(sold: list[tuple[date, float]], total: float) -> tuple[int, int]:
    """Return the first and last place of the shortest run of days with enough of the revenue."""
    best, inside, start = (0, len(sold) - 1), 0.0, 0
    for end, (day, revenue) in enumerate(sold):
        inside += revenue
        while inside - sold[start][1] >= total * BODY_SHARE:
            inside -= sold[start][1]
            start += 1
        if inside >= total * BODY_SHARE and day - sold[start][0] < sold[best[1]][0] - sold[best[0]][0]:
            best = (start, end)
    return best


def _extended(sold: list[tuple[date, float]], start: int, end: int) -> tuple[int, int]:
    """Take in the days beside the run, as long as no unusual pause lies between."""
    usual = ((sold[end][0] - sold[start][0]).days + 1) / (end - start + 1)
    longest = max(PAUSE_DAYS, usual * PAUSE_TIMES_USUAL)
    while start > 0 and (sold[start][0] - sold[start - 1][0]).days <= longest:
        start -= 1
    while end < len(sold) - 1 and (sold[end + 1][0] - sold[end][0]).days <= longest:
        end += 1
    return start, end
