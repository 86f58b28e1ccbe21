"""What is planted in a channel's orders is in them, whatever chance draws."""

from __future__ import annotations

from random import Random

import pytest

from local.samples import market as drawn
from local.samples.catalog import LOSER, RETURNED
from local.samples.market import AT_LEAST, ENOUGH, MANY, Scenario, market


def back(rows: int, seed: int) -> tuple[int, int]:
    """Return how many units of the product that comes back did so, and how many were sold."""
    orders = market(Random(seed), rows, Scenario(has_loser=False)).orders
    lines = [one for order in orders if order.status in ("sold", "returned") for one in order.lines]
    mine = [line for line in lines if line.item is RETURNED]
    return sum(line.returned_units for line in mine), sum(line.units for line in mine)


@pytest.mark.parametrize("seed", range(12))
def test_the_product_that_comes_back_does_so_among_few_orders_too(seed: int) -> None:
    returned, units = back(600, seed)

    assert returned >= 0.65 * 0.35 * units


@pytest.mark.parametrize("seed", range(3))
def test_orders_in_which_it_comes_back_often_enough_stay_as_they_were_drawn(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    often = Scenario(has_loser=False, returned_worst=0.9)
    orders = market(Random(seed), 600, often).orders
    monkeypatch.setattr(drawn, "AT_LEAST", 0.0)

    assert market(Random(seed), 600, often).orders == orders


@pytest.mark.parametrize("seed", range(1, 9))
def test_what_is_planted_is_in_the_orders_whatever_chance_drew(seed: int) -> None:
    """So much of the product that comes back that it tells something, and a product that loses without a refund."""
    paid = [one for one in market(Random(seed), MANY, Scenario()).orders if one.status in ("sold", "returned")]
    mine = [line for order in paid for line in order.lines if line.item is RETURNED]
    assert sum(line.units for line in mine) >= ENOUGH
    assert sum(line.returned_units for line in mine) >= AT_LEAST * 0.35 * ENOUGH
    losing = [(order, line) for order in paid for line in order.lines if line.item is LOSER]
    taken = sum(line.revenue / order.revenue * (order.fee + order.shipping) for order, line in losing)
    assert sum(line.revenue for _, line in losing) < taken
