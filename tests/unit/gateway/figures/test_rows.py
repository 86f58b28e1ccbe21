"""The share that could not be used is of the rows that belong to the figure."""

from __future__ import annotations

import pytest

from gateway.figures.currency import code_of
from gateway.figures.rows import unit_of_rows, use_of
from schemas.facts import FigureRows


def test_cancelled_rows_are_left_out_rightly() -> None:
    use = use_of(FigureRows(95, {"status": 100, "no_money": 3, "of_a_later_version": 2}))

    assert (use.rightly, use.unusable) == ({"status": 100}, {"no_money": 3, "of_a_later_version": 2})
    assert (use.left_out, use.total) == (105, 200)
    assert use.unusable_share == 0.05


def test_a_share_of_nothing_is_unknown() -> None:
    assert use_of(FigureRows(0, {"status": 4})).unusable_share is None
    assert use_of(FigureRows(0, {"no_money": 4})).unusable_share == 1.0


@pytest.mark.parametrize(
    ("unit", "code"), [("BRL", "BRL"), ("USD", "USD"), ("money", None), ("ratio", None), ("", None)]
)
def test_a_currency_is_known_or_not(unit: str, code: str | None) -> None:
    assert code_of(unit) == code


def test_rows_tell_money_but_of_units_and_days_whatever_the_figure_is() -> None:
    """A share of 20 % is made of rows of R$ 240, and not of 24,000 %."""
    shares = ("fee_share", "price_gap", "product_return_rate", "cancellation_rate", "orders", "period_days", "revenue")
    assert {unit_of_rows(metric, "BRL") for metric in shares} == {"BRL"}
    assert {unit_of_rows(metric, "BRL") for metric in ("units", "returned_units", "return_rate")} == {"count"}
    assert {unit_of_rows(metric, "BRL") for metric in ("dispatch_days", "slow_shipping_share")} == {"days"}
    assert unit_of_rows("revenue", "") == "money"
