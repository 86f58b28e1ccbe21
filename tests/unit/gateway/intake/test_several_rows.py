"""Rows of an order are put together, and those that are alone come to the same as if all were grouped."""

from __future__ import annotations

import random

import polars as pl
import pytest

from gateway.intake.figures.several_rows import together


@pytest.mark.parametrize("orders", [1, 3, 40, 10_000])
def test_it_is_what_grouping_all_rows_gives(orders: int) -> None:
    draw = random.Random(orders)
    rows = pl.DataFrame(
        {
            "order": pl.Series([draw.randrange(orders) for _ in range(300)], dtype=pl.UInt64),
            "day": [draw.randrange(2) for _ in range(300)],
            "revenue": [draw.choice([0.0, 1.5, 10.25]) for _ in range(300)],
            "gone": [draw.random() < 0.5 for _ in range(300)],
        }
    )
    as_one = [pl.col("revenue").sum(), pl.col("gone").all()]

    for key in (("order",), ("order", "day")):
        grouped = rows.group_by(key).agg(as_one).sort(key)
        assert together(rows, key, as_one).sort(key).equals(grouped)


def test_no_rows_are_none() -> None:
    rows = pl.DataFrame(schema={"order": pl.UInt64, "revenue": pl.Float64})

    assert together(rows, ("order",), [pl.col("revenue").sum()]).is_empty()
