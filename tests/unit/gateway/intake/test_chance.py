"""How many cases money is made of, for chance: large ones count for more, bursts for less."""

from random import Random

import polars as pl
import pytest

from gateway.intake.figures.chance import alike, bursts, counted_by_money, ends_of


def test_a_large_sale_among_small_ones_makes_few_alike() -> None:
    assert alike(pl.Series([10.0] * 8)) == pytest.approx(8)
    assert alike(pl.Series([10.0] * 8 + [1000.0])) == pytest.approx(1.17, abs=0.01)
    assert alike(pl.Series([], dtype=pl.Float64)) == 0


def test_a_share_of_money_is_told_of_its_sales_and_judged_by_those_alike() -> None:
    counted = counted_by_money(0.5, pl.Series([30.0, 10.0]))

    assert (counted["cases"], counted["trials"], counted["successes"]) == (2, 1.6, 0.8)


def test_a_fee_that_is_the_same_share_of_each_sale_leaves_nothing_to_chance() -> None:
    whole = pl.Series([10.0, 20.0, 30.0])

    assert ends_of(whole * 0.2, whole) == {"low": 0.2, "high": 0.2, "cases": 3}
    assert ends_of(pl.Series([2.0]), pl.Series([10.0])) == {}
    assert ends_of(pl.Series([None, 1.0]), pl.Series([None, None], dtype=pl.Float64)) == {}


def test_the_ends_of_a_share_hold_the_true_one_in_nineteen_of_twenty_draws() -> None:
    random, held = Random(5), 0
    for _ in range(400):
        whole = pl.Series([random.choice((20.0, 90.0, 200.0)) for _ in range(60)])
        part = pl.Series([one * 0.1 + (6.0 if one < 79 else 0.0) for one in whole])
        ends = ends_of(part, whole)
        held += ends["low"] <= (31.0 + 6.0) / 310.0 <= ends["high"]

    assert 0.92 <= held / 400 <= 0.98


def test_sales_in_bursts_count_for_less_than_steady_ones() -> None:
    steady, daily, weekly = [[2, 1, 2, 1, 2] * 6] * 2, [[10, 0, 0, 0, 0] * 6] * 2, [[3] * 15 + [0] * 15] * 2

    assert bursts(steady) == 1
    assert bursts(daily) == pytest.approx(8.3, abs=0.1)
    assert bursts(weekly) > 5
    assert bursts([[0] * 30] * 2) == 1
