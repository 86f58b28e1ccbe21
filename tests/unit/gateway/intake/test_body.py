"""The days that an export is about, told from a few rows of other months."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.intake.figures.body import BODY_SHARE, MOST_DAYS, Body, body_of
from tests.unit.gateway.intake.test_figures import day, facts, figure, line, value

START = date(2026, 1, 1)


def body(sales: dict[int, float]) -> Body | None:
    days = [START + timedelta(days=n) for n in sorted(sales)]
    rows = pl.DataFrame({"day": days, "revenue": [sales[n] for n in sorted(sales)]})
    return body_of(rows, days[0], days[-1])


MONTH = dict.fromkeys(range(60, 90), 100.0)


def test_a_few_rows_months_away_are_not_of_the_body() -> None:
    found = body({0: 20.0, 14: 20.0, 31: 30.0} | MONTH)

    assert found is not None
    assert (found.first, found.last, found.days) == (date(2026, 3, 2), date(2026, 3, 31), 30)
    assert found.share == pytest.approx(3000 / 3070)


@pytest.mark.parametrize(
    "sales",
    [
        dict.fromkeys(range(90), 100.0),  # all over the period
        dict.fromkeys(range(90), 5.0) | MONTH,  # a season: outside of it they sell on most days, too
        dict.fromkeys(range(0, 90, 6), 100.0),  # a shop that seldom sells
        {0: 400.0} | MONTH,  # a tenth is no straggler
        dict.fromkeys((*range(30, 60), *range(61, 90)), 100.0) | {0: 10.0},  # two of three months are the period
        {n: 5.0 for n in range(56) if n % 6 < 3} | MONTH,  # outside of it they sell on half of the days
        {0: 20.0} | dict.fromkeys(range(100, 131, 3), 100.0),  # a shop that seldom sells, and a pause
        {5: 10.0},
        {5: 0.0, 9: -3.0},
    ],
)
def test_where_sales_lie_all_over_there_is_no_body(sales: dict[int, float]) -> None:
    assert body(sales) is None


def test_days_beside_the_body_belong_to_it_up_to_an_unusual_pause() -> None:
    ends = body({0: 20.0} | MONTH | {92: 10.0, 97: 10.0})

    assert ends is not None
    assert ends.last == START + timedelta(days=92)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.integers(0, 120), st.floats(0.01, 1000), min_size=2, max_size=60))
def test_a_body_holds_nearly_all_in_at_most_half_of_the_days(sales: dict[int, float]) -> None:
    found = body(sales)
    if found is not None:
        assert found.share >= BODY_SHARE - 1e-9
        assert found.days <= (max(sales) - min(sales) + 1) * MOST_DAYS


def test_the_figure_names_days_share_and_rows() -> None:
    found = facts(
        *[line(order_id=f"a{n}", at=day(n), revenue=100.0) for n in range(60, 90)],
        line(order_id="old", at=day(0), revenue=50.0),
        line(order_id="gone", at=day(1), revenue=50.0, status="cancelled"),
    )
    main = figure(found, "main_days")

    assert (main.value, main.unit) == (30, "days")
    assert main.detail == {"since": "2026-03-02", "until": "2026-03-31", "share": 0.9836}
    assert main.rows is not None
    assert (main.rows.used, main.rows.left_out) == (30, {"status": 1, "other_days": 1})
    assert value(found, "period_days") == 90


def test_dates_that_stand_for_months_have_no_body() -> None:
    rows = [line(at=day(n), revenue=amount) for n, amount in ((0, 1.0), (31, 1.0), (59, 1000.0))]

    assert value(facts(*rows), "main_days") is None
