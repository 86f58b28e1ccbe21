"""What a plan's page shows of a channel: what came in, what was taken from it, what is left; the unknown as unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.ui import i18n
from gateway.ui.channel_figures import FIRST_PRODUCTS, ChannelFigures, of_channel
from gateway.ui.words import figure_words
from schemas.facts import ChannelFacts, Figure, Month, Product
from tests.support import figures


@pytest.fixture(autouse=True)
def english() -> None:
    i18n.use("en")


def shown(facts: ChannelFacts = figures.MELI_FACTS) -> ChannelFigures:
    return of_channel(facts, figures.DOCUMENT.tables)


def channel(*known: Figure, **more: object) -> ChannelFacts:
    return ChannelFacts("shopee", [], "BRL", list(known), **more)  # type: ignore[arg-type]


def test_costs_take_their_part_of_the_revenue_from_the_right() -> None:
    lines = shown().money
    bars = [(line.bar.x, line.bar.width) for line in lines if line.bar]

    assert [line.metric for line in lines] == ["revenue", "fees", "shipping_cost", "refunds", "net_receipts"]
    assert bars[0] == (0.0, 100.0)
    assert bars[1] == (83.79, 16.21)
    assert bars[2] == (76.49, 7.3)
    assert bars[4] == (0.0, 73.98)
    assert [line.aside.metric for line in lines if line.aside] == ["fee_share", "shipping_share"]


def test_what_is_unknown_has_a_reason_and_no_bar() -> None:
    lines = of_channel(figures.SHOPEE_FACTS, figures.DOCUMENT.tables).money
    unknown = [line for line in lines if line.value is None]

    assert [line.metric for line in unknown] == ["fees", "shipping_cost", "refunds", "net_receipts"]
    assert all(line.unknown and line.bar is None for line in unknown)


def test_figures_that_become_known_in_the_same_way_stand_together() -> None:
    shop = of_channel(figures.SHOPEE_FACTS, figures.DOCUMENT.tables)
    ways = {one.titles: one.said for one in shop.ways}

    assert sum(len(titles.split(", ")) for titles in ways) == len(shop.unknown)
    assert ways["Fees, Shipping, Refunds, Net receipts, Orders, Cancellations"].place == "columns"
    assert ways["Returned units"].advice.startswith("Upload an export that tells returns")
    assert ways["Sales by advertising"].place == "columns"
    assert len({one.advice for one in ways.values()}) == len(ways)
    assert [one.titles for one in of_channel(figures.MELI_FACTS, figures.DOCUMENT.tables).ways] == [
        "Sales by advertising"
    ]


@pytest.mark.parametrize("revenue", [0.0, -10.0])
def test_nothing_is_drawn_where_nothing_came_in(revenue: float) -> None:
    assert [line.bar for line in shown(channel(Figure("revenue", revenue, "BRL"))).money] == [None] * 5


def test_shipping_can_be_an_income() -> None:
    known = [Figure("revenue", 100.0, "BRL"), Figure("fees", 20.0, "BRL"), Figure("shipping_income", 7.0, "BRL")]
    lines = shown(channel(*known)).money
    assert (lines[2].metric, lines[2].value, lines[2].unknown) == ("shipping_income", 7.0, None)
    assert lines[2].bar is not None
    assert (lines[2].bar.kind, lines[2].bar.x, lines[2].bar.width) == ("net", 80.0, 7.0)
    assert "shipping_income" not in [f.metric for f in shown(channel(Figure("shipping_income", 7.0, "BRL"))).others]


def test_every_figure_stands_somewhere() -> None:
    found = shown()
    lines = (*found.money, *found.volume, *found.margin)
    told = {line.metric for line in lines}
    told |= {line.aside.metric for line in lines if line.aside}
    told |= {figure.metric for figure in (*found.others, found.covered) if figure}
    assert {figure.metric for figure in found.facts.figures} <= told
    assert [figure.metric for figure in found.others] == ["best_month_revenue", "something_newer"]


def test_columns_without_any_value_are_named_once() -> None:
    found = shown(channel(months=[Month("2026-01", 10.0), Month("2026-02", None, 3)]))
    assert [column.name for column in found.months] == ["revenue", "orders"]
    silent = [(one.titles, one.said.text) for one in found.silent_months]
    assert silent[0] == ("Fees", "Column without values, or with too few: fees of the channel.")
    assert silent[-1] == (
        "Advertising cost, Net after advertising",
        "No report of advertising tells all of these days.",
    )
    spent = shown(channel(months=[Month("2026-01", 10.0, advertising=2.0, after_ads=8.0)])).months
    assert [(column.name, column.head) for column in spent[1:]] == [
        ("advertising", "Advertising cost"),
        ("after_ads", "Net after advertising"),
    ]
    assert found.chart is None


def test_products_stand_by_revenue_the_unknown_last() -> None:
    products = [Product("b", "", 1, None, None), Product("a", "", 1, 5.0, 1), Product("c", "", 1, 10.0, 1)]
    found = shown(channel(products=products))
    assert [(p.sku, bar and bar.width) for p, bar in found.products] == [("c", 100.0), ("a", 50.0), ("b", None)]
    assert "cancelled_orders" not in [column.name for column in found.product_columns]
    assert len(shown().products) > FIRST_PRODUCTS


@pytest.mark.parametrize(("share", "well"), [(0.005, True), (0.0051, False)])
def test_a_difference_above_half_a_percent_asks_for_a_look(share: float, well: bool) -> None:
    assert figures.MELI_FACTS.reconciliation is not None
    matched = replace(figures.MELI_FACTS.reconciliation, share=share)
    assert shown(replace(figures.MELI_FACTS, reconciliation=matched)).reconciled is well
    assert shown(channel()).reconciled


def test_values_beside_products_read_in_their_unit() -> None:
    told = [
        figure_words.value_of_detail(name, value, "BRL").replace("\xa0", " ")
        for name, value in (
            ("return_rate", 0.25),
            ("revenue", 10),
            ("units", 1204),
            ("later", 3),
            ("other_channel", "shopee"),
        )
    ]
    assert told == ["25.0%", "R$ 10,00", "1,204", "3", "Shopee"]
    assert figure_words.value_of_detail("revenue", 10.0, "") == "10.00"
    assert [figure_words.value_of_detail("x", value, "BRL") for value in ("text", None, True)] == ["", "", ""]
    assert [f("later") for f in (figure_words.kind, figure_words.detail, figure_words.guessed_by)] == ["later"] * 3
