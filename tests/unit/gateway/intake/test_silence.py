"""Best sellers that stopped on all channels at once, told from those of one channel and from short documents."""

from collections.abc import Iterable
from typing import Any

import polars as pl
import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.lines import LINES
from schemas.facts import Figure
from tests.unit.gateway.intake.test_figures import day, line


def stopped(rows: list[dict[str, Any]]) -> dict[str, Figure]:
    found = channel_facts(pl.DataFrame(rows, schema=LINES), None)
    return {own.channel: one for own in found for one in own.figures if one.metric == "stopped_everywhere"}


def sales(channel: str, sku: str, days: Iterable[int], revenue: float = 10.0) -> list[dict[str, Any]]:
    return [
        line(channel=channel, sku=sku, order_id=f"{channel}{sku}{n}", at=day(n), revenue=revenue, currency="BRL")
        for n in days
    ]


#: Each goes on selling something else to the end.
OTHERS = sales("shopee", "B", range(60)) + sales("amazon", "C", range(60))


def test_it_is_told_on_each_channel_with_what_that_channel_sold() -> None:
    """Also where a channel alone sold too seldom to tell: every other day is enough for both together."""
    rows = sales("shopee", "a", range(0, 40, 2), 60.0) + sales("amazon", "A", range(5, 40, 5), 40.0)
    found = stopped(rows + OTHERS)

    assert {channel: one.skus for channel, one in found.items()} == {"shopee": ["a"], "amazon": ["A"]}
    assert found["shopee"].detail["by_sku"]["a"] == {
        "silent_days": 21, "daily_revenue": 30.77, "usual_pause": 1.625, "sale_days": 24,
        "channels": ["amazon", "shopee"],
    }  # fmt: skip
    assert found["shopee"].value == 21
    assert found["shopee"].rows is not None
    assert found["shopee"].rows.used == 20


def test_one_that_goes_on_elsewhere_did_not_stop() -> None:
    assert stopped(sales("shopee", "A", range(40), 60.0) + sales("amazon", "A", range(60), 40.0) + OTHERS) == {}


def test_a_channel_whose_days_end_earlier_does_not_tell() -> None:
    """The Shopee file ends on day 40, the Amazon one on day 60: only of Amazon it is known that A stopped."""
    rows = sales("shopee", "A", range(40), 60.0) + sales("amazon", "A", range(40), 40.0)
    rows += sales("shopee", "B", range(40)) + sales("amazon", "C", range(60))

    assert stopped(rows) == {}


def test_a_channel_that_hardly_sold_it_has_no_say() -> None:
    rows = sales("shopee", "A", range(40), 60.0) + sales("amazon", "A", range(40), 60.0)
    rows += sales("magalu", "A", [3], 60.0) + sales("magalu", "D", range(10))

    assert set(stopped(rows + OTHERS)) == {"shopee", "amazon"}


def test_one_that_left_a_channel_long_before_did_not_stop_at_once() -> None:
    rows = sales("shopee", "A", range(20), 60.0) + sales("amazon", "A", range(40), 60.0)

    assert stopped(rows + OTHERS) == {}


def test_on_one_channel_alone_it_is_that_channels_matter() -> None:
    assert stopped(sales("shopee", "A", range(40), 60.0) + OTHERS) == {}


def test_a_slow_seller_is_not_missed() -> None:
    """Every five days: two weeks without a sale are no wonder."""
    rows = sales("shopee", "A", range(0, 46, 10), 500.0) + sales("amazon", "A", range(5, 46, 10), 500.0)

    assert stopped(rows + OTHERS) == {}


@pytest.mark.parametrize(("currency", "compared"), [("USD", False), ("BRL", True)])
def test_prices_in_two_currencies_are_not_compared(currency: str, compared: bool) -> None:
    """A hundred dollars are not twenty reais more than eighty reais."""
    rows = [
        line(channel=channel, sku="A", units=10.0, revenue=revenue, currency=currency)
        for channel, revenue, currency in (("shopee", 800.0, "BRL"), ("amazon", 1000.0, currency))
    ]
    found = channel_facts(pl.DataFrame(rows, schema=LINES), None)

    assert any(one.metric == "price_gap" for own in found for one in own.figures) is compared
