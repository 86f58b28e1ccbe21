"""Channels beside each other: the same figures of each, unknown where a document does not tell them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.ui import i18n
from gateway.ui.channels_together import COMPARED, Together, together
from gateway.ui.pages.plan import without_worth
from schemas.facts import ChannelFacts, Figure
from tests.support import figures

DAYS = ["2026-03-01", "2026-03-31"]


@pytest.fixture(autouse=True)
def english() -> None:
    i18n.use("en")


def channel(name: str, *known: Figure, period: list[str] | None = None) -> ChannelFacts:
    return ChannelFacts(name, DAYS if period is None else period, "BRL", list(known))


def money(revenue: float) -> Figure:
    return Figure("revenue", revenue, "BRL")


def beside(*channels: ChannelFacts) -> Together:
    found = together(channels)
    assert found is not None
    return found


def test_one_channel_stands_beside_nobody() -> None:
    assert together([figures.MELI_FACTS]) is None
    assert together([figures.MELI_FACTS, channel("shopee")]) is None, "nothing is known of the other one"


def test_each_channel_has_the_figures_that_its_own_part_of_the_page_has() -> None:
    found = beside(figures.SHOPEE_FACTS, figures.MELI_FACTS)
    known = {figure.metric: figure for figure in figures.MELI_FACTS.figures}

    assert [facts.channel for facts in found.channels] == [figures.MELI, "shopee"]
    assert [meli.figure for _, (meli, _) in found.rows] == [known.get(meli.metric) for _, (meli, _) in found.rows]
    assert found.rows[0][0] == "Revenue"
    (fees,) = [cells for _, cells in found.rows if cells[0].metric == "fee_share"]
    assert fees[0].figure is not None
    assert fees[1].figure is None, "the document of the other one does not tell its fees"


def test_a_row_that_no_channel_knows_is_left_out() -> None:
    found = beside(channel("shopee", money(10.0)), channel("magalu", money(20.0)))
    assert [title for title, _ in found.rows] == ["Revenue"]
    assert [facts.channel for facts in found.channels] == ["magalu", "shopee"]


def test_a_channel_without_revenue_is_last_and_none_of_it_is_zero() -> None:
    found = beside(channel("amazon", Figure("units", 3.0, "count")), channel("shopee", money(0.0)))
    assert [facts.channel for facts in found.channels] == ["shopee", "amazon"]
    assert [[cell.figure.value if cell.figure else None for cell in cells] for _, cells in found.rows] == [
        [0.0, None],
        [None, 3.0],
    ]


def test_what_is_left_says_what_it_does_not_contain() -> None:
    less = Figure("net_without_freight", 7.0, "BRL")
    found = beside(channel("shopee", money(10.0), less), channel("magalu", money(20.0), replace(less, metric=NET)))
    names = {facts.channel: cell.name for facts, cell in zip(found.channels, found.rows[-1][1], strict=True)}
    assert names["magalu"] == ""
    assert names["shopee"] != ""


def test_other_days_are_told() -> None:
    one, other = channel("shopee", money(1.0)), channel("magalu", money(1.0))
    assert beside(one, other).one_time
    assert beside(one, replace(other, period=["2026-03-03", "2026-03-31"])).one_time, "a day or two is no other time"
    assert not beside(one, replace(other, period=[])).one_time, "nobody knows"
    assert not beside(one, replace(other, period=["2026-02-01", "2026-02-28"])).one_time


NET = COMPARED[-1]


def test_amounts_of_two_currencies_or_of_an_unknown_one_are_not_compared() -> None:
    one, other = channel("shopee", money(1.0)), channel("magalu", money(1.0))

    assert beside(one, other).one_currency
    assert not beside(one, replace(other, currency="USD")).one_currency
    assert not beside(one, replace(other, currency="")).one_currency, "nobody knows"
    assert not beside(replace(one, currency=""), replace(other, currency="")).one_currency, "nobody knows of both"


def test_a_worth_is_without_the_channels_that_are_in_no_reais() -> None:
    here = channel("shopee", money(1.0))
    there = replace(channel("amazon", money(1.0)), currency="USD", currency_source="told")
    unknown = replace(channel("magalu", money(1.0)), currency="", currency_source="")

    assert without_worth([here]) == ""
    assert without_worth([here, there, unknown]) == "Amazon (USD, as a person said), Magalu (currency unknown)"
    assert without_worth([channel("amazon")]) == "", "it has no figures at all"
