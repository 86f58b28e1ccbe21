"""Shops in which nothing changes: what chance alone brings is no finding, and a real fall is one."""

from datetime import date, datetime, time, timedelta
from math import exp
from random import Random
from typing import Any, Final

import polars as pl
import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.lines import LINES
from local.samples.catalog import items
from schemas.facts import DocumentFacts
from schemas.plan import ChannelAnalysis, Opportunity
from streams.analysis.rules import analyse

LAST: Final = date(2026, 3, 31)
DAYS: Final = 75
#: The rules that compare demand with what it was, or with other products and channels.
DEMAND: Final = {
    "falling-sales", "stock-out", "stopped-everywhere", "concentration", "advertising", "try-advertising", "price-gap",
    "little-clicked",
}  # fmt: skip
SEEDS: Final = range(40)


def orders_of_a_day(random: Random, a_day: float) -> int:
    """Draw from Poisson's distribution."""
    count, left = 0, random.random()
    while left > exp(-a_day):
        count, left = count + 1, left * random.random()
    return count


def shop(seed: int, a_month: float, last_month: float = 1.0, *, in_bursts: bool = False) -> ChannelAnalysis:
    """Return the analysis of 75 days with so many orders a month; in the last 30 with so many times as many.

    In bursts, each week has a pace of its own, of which the mean is the same.
    """
    random = Random(f"{seed}-{a_month}-{last_month}")
    goods = items()[:20]
    weights = [1 / (place + 3) for place in range(len(goods))]
    pace = [random.gammavariate(2, 0.5) if in_bursts else 1.0 for _ in range(DAYS // 7 + 1)]
    rows: list[dict[str, Any]] = []
    for back in range(DAYS):
        at = datetime.combine(LAST - timedelta(days=back), time(12))
        a_day = a_month / 30 * pace[back // 7] * (last_month if back < 30 else 1.0)
        for _ in range(orders_of_a_day(random, a_day)):
            (item,) = random.choices(goods, weights)
            price = round(item.price * random.choice((0.9, 1.0, 1.0)), 2)
            rows.append({
                "channel": "own_store", "order_id": str(len(rows)), "sku": item.sku, "title": item.title, "at": at,
                "status": "sold", "units": 1.0, "revenue": price, "fees": round(price * 0.12, 2), "shipping": 4.0,
                "advertised": random.random() < 0.2, "currency": "BRL",
            })  # fmt: skip
    own = channel_facts(pl.DataFrame(rows, schema=LINES), None)
    return analyse("own_store", DocumentFacts("text/csv", "v", [], own))


def demand(analysis: ChannelAnalysis) -> list[Opportunity]:
    return [one for one in analysis.opportunities if one.id.removeprefix("own_store-") in DEMAND]


@pytest.mark.parametrize(
    ("a_month", "in_bursts"), [(12, False), (30, False), (60, False), (150, False), (60, True), (150, True)]
)
def test_a_shop_without_a_trend_gives_a_false_alarm_in_one_of_twenty_at_most(a_month: int, in_bursts: bool) -> None:
    alarms = [[one.id for one in demand(shop(seed, a_month, in_bursts=in_bursts))] for seed in SEEDS]

    assert sum(map(bool, alarms)) <= len(SEEDS) * 0.05, alarms


def test_a_real_fall_of_sixty_percent_is_found_and_nearly_always_urgent() -> None:
    found = [one for seed in SEEDS[:10] for one in demand(shop(seed, 150, 0.4)) if one.id == "own_store-falling-sales"]

    assert len(found) == 10
    assert sum(one.priority == "high" for one in found) >= 8
