"""Sums and ratios that all figures share: a sum can be unknown, and no ratio divides by zero."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from schemas.facts import Figure
from schemas.product import MOST_SKUS

#: Products that one figure names at most, the worst first.
MAX_SKUS: Final = MOST_SKUS


def order_key() -> pl.Expr:
    """Return 64 bits for each order number, null where there is none.

    A million texts as groups take several times the memory. (The hash of a null is a number like others.)
    """
    number = pl.col("order_id")
    return pl.when(number.is_not_null()).then(number.hash()).alias("order")


def known_sum(name: str) -> pl.Expr:
    """Return the column's sum, null (unknown) where the column has no value at all."""
    return pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name)


def total(frame: pl.DataFrame, name: str) -> float | None:
    """Return a column's sum, None where the column has no value at all."""
    values = frame[name]
    return None if values.null_count() == len(values) else float(values.sum())


def rounded(value: float, digits: int = 2) -> float:
    """Return the value as it is stored: money to the cent; never `-0.0`."""
    return round(value, digits) + 0.0


def money(metric: str, value: float, currency: str, **more: Any) -> Figure:
    """Return an amount of money."""
    return Figure(metric, rounded(value), currency, **more)


def count(metric: str, value: float, **more: Any) -> Figure:
    """Return a count."""
    return Figure(metric, rounded(value), "count", **more)


def days(metric: str, value: float, **more: Any) -> Figure:
    """Return a number of days."""
    return Figure(metric, rounded(value, 1), "days", **more)


def ratio(metric: str, part: float | None, whole: float | None, *, less: float = 0.0, **more: Any) -> list[Figure]:
    """Return part / whole (less a base) as a figure; none where one is unknown or the whole is not positive."""
    if part is None or whole is None or whole <= 0:
        return []
    return [Figure(metric, rounded(part / whole - less, 4), "ratio", **more)]


def rate(metric: str, successes: float | None, trials: float | None) -> list[Figure]:
    """Return successes / trials as a figure that keeps both counts, for its interval."""
    return ratio(metric, successes, trials, detail=counted_of(successes, trials))


def counted_of(successes: float | None, trials: float | None) -> dict[str, float]:
    """Return the counts that a rate is made of; none where they are unknown."""
    return {} if successes is None or trials is None else {"successes": rounded(successes), "trials": rounded(trials)}


def by_sku(frame: pl.DataFrame, *names: str) -> dict[str, dict[str, float]]:
    """Return `{product: {name: value}}` of a frame with a `product` column, values rounded."""
    return {
        str(row["product"]): {name: rounded(float(row[name]), 4) for name in names if row[name] is not None}
        for row in frame.select("product", *names).to_dicts()
    }
