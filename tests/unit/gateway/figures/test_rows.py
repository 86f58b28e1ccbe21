"""The share that could not be used is of the rows that belong to the figure."""

from __future__ import annotations

import pytest

from gateway.figures.currency import code_of
from gateway.figures.rows import use_of
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
