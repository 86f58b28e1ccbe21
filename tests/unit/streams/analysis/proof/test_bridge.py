"""The bridge between two documents: it adds up, whatever they hold."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.facts import ChannelFacts, Product
from streams.analysis.proof.bridge import Bridge, Step, bridge, lists_all
from streams.analysis.proof.cents import cents

from .samples import FEBRUARY, JANUARY, facts, product


def steps(found: Bridge | None) -> dict[str, Step]:
    assert found is not None
    return {step.kind: step for step in found.steps}


def amounts(found: Bridge | None) -> dict[str, float | None]:
    return {kind: step.amount for kind, step in steps(found).items()}


def test_more_units_at_the_same_price_are_volume() -> None:
    found = bridge(
        facts(JANUARY, product("A", 10, 100.0), revenue=100.0, units=10),
        facts(FEBRUARY, product("A", 15, 150.0), revenue=150.0, units=15),
    )

    assert amounts(found) == {
        "volume": 50.0, "price": 0.0, "mix": 0.0, "refunds": None, "fees": None, "shipping": None,
    }  # fmt: skip
    assert [(p.sku, p.amount) for p in steps(found)["volume"].parts] == [("A", 50.0)]


def test_the_same_units_at_another_price_are_price_with_the_product_behind_it() -> None:
    found = bridge(
        facts(JANUARY, product("A", 10, 100.0), product("B", 10, 300.0), revenue=400.0, units=20),
        facts(FEBRUARY, product("A", 10, 120.0), product("B", 10, 300.0), revenue=420.0, units=20),
    )

    assert amounts(found) | {"price": 20.0, "volume": 0.0, "mix": 0.0} == amounts(found)
    assert [(p.sku, p.title, p.amount) for p in steps(found)["price"].parts] == [("A", "Produto A", 20.0)]


def test_dearer_products_in_place_of_cheap_ones_are_mix() -> None:
    found = bridge(
        facts(JANUARY, product("A", 10, 100.0), product("B", 10, 300.0), revenue=400.0, units=20),
        facts(FEBRUARY, product("A", 5, 50.0), product("B", 15, 450.0), revenue=500.0, units=20),
    )

    assert (amounts(found)["volume"], amounts(found)["price"], amounts(found)["mix"]) == (0.0, 0.0, 100.0)


def test_a_new_product_and_one_that_is_gone_are_told_where_the_lists_have_all() -> None:
    found = bridge(
        facts(JANUARY, product("A", 10, 100.0), revenue=100.0, units=10),
        facts(FEBRUARY, product("B", 10, 150.0), revenue=150.0, units=10),
    )

    volume = {p.sku: p.amount for p in steps(found)["volume"].parts}
    assert volume == {"A": -100.0, "B": 100.0}
    assert {p.sku: p.amount for p in steps(found)["mix"].parts} == {"B": 50.0}


def test_a_product_that_a_list_may_have_left_out_is_a_step_of_its_own() -> None:
    found = bridge(
        facts(JANUARY, product("A", 10, 100.0), revenue=130.0, units=13),
        facts(FEBRUARY, product("B", 10, 150.0), revenue=190.0, units=14),
    )

    assert all(step.parts == [] for step in steps(found).values())
    assert amounts(found) | {"volume": 0.0, "price": 0.0, "mix": 0.0, "unlisted": 60.0} == amounts(found)
    assert sum(a for a in amounts(found).values() if a is not None) == 60.0


def test_a_list_without_units_of_the_channel_is_not_all_that_was_sold() -> None:
    assert not lists_all(facts(JANUARY, product("A", 10, 100.0), revenue=100.0))
    assert not lists_all(facts(JANUARY, product("A", 10, 100.0), units=10))
    assert not lists_all(facts(JANUARY, product("A", 10, 100.0), product("B", None, 5.0), revenue=105.0, units=10))
    assert lists_all(facts(JANUARY, product("A", 10, 100.0), revenue=100.0, units=10))


def test_costs_are_steps_with_their_products_and_an_unknown_one_says_so() -> None:
    then = facts(
        JANUARY,
        product("A", 10, 1000.0, refunds=300.0, fees=100.0, shipping=20.0),
        revenue=1000.0, units=10, refunds=300.0, fees=110.0, shipping_cost=20.0,
    )  # fmt: skip
    now = facts(
        FEBRUARY,
        product("A", 10, 1000.0, refunds=60.0, fees=None, shipping=-5.0),
        revenue=1000.0, units=10, refunds=60.0, shipping_income=5.0,
    )  # fmt: skip
    found = bridge(then, now)

    assert found is not None
    assert (amounts(found)["refunds"], amounts(found)["fees"], amounts(found)["shipping"]) == (240.0, None, 25.0)
    assert (found.before, found.after) == (680.0, 945.0)
    assert [(p.sku, p.amount) for p in steps(found)["refunds"].parts] == [("A", 240.0)]
    assert steps(found)["fees"].others is None


@pytest.mark.parametrize("missing", ["units then", "units now"])
def test_without_units_revenue_is_one_step_and_its_causes_are_not_known(missing: str) -> None:
    then, now = {"revenue": 100.0, "units": 10.0}, {"revenue": 150.0, "units": 12.0}
    del (then if missing == "units then" else now)["units"]
    found = bridge(
        facts(JANUARY, product("A", None, 100.0), figures=then), facts(FEBRUARY, product("A", None, 150.0), figures=now)
    )

    assert amounts(found) | {"volume": None, "price": None, "mix": None, "revenue": 50.0} == amounts(found)
    assert [(p.sku, p.amount) for p in steps(found)["revenue"].parts] == [("A", 50.0)]


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (facts(JANUARY, units=1), facts(FEBRUARY, revenue=1.0)),
        (facts(JANUARY, revenue=1.0), facts(FEBRUARY, units=1)),
        (facts(JANUARY, revenue=1.0, currency="USD"), facts(FEBRUARY, revenue=1.0)),
        (facts(JANUARY, revenue=1.0, currency=""), facts(FEBRUARY, revenue=1.0, currency="")),
    ],
)
def test_without_both_revenues_in_one_known_currency_there_is_no_bridge(then: ChannelFacts, now: ChannelFacts) -> None:
    assert bridge(then, now) is None


def test_a_step_names_five_products_and_the_rest_as_one() -> None:
    before = [product(f"S{n}", 10, 10.0 * (n + 1)) for n in range(8)]
    after = [replace(p, revenue=(p.revenue or 0) + n + 1) for n, p in enumerate(before)]
    total = sum(p.revenue or 0 for p in before)
    found = bridge(
        facts(JANUARY, *before, revenue=total, units=80), facts(FEBRUARY, *after, revenue=total + 36, units=80)
    )

    price = steps(found)["price"]
    assert [p.sku for p in price.parts] == ["S7", "S6", "S5", "S4", "S3"]
    assert (price.amount, price.others) == (36.0, 6.0)


MONEY = st.integers(0, 10_000_000).map(lambda n: n / 100)
UNITS = st.one_of(st.integers(0, 5000).map(float), st.integers(0, 5000).map(lambda n: n / 10))
MAYBE = st.one_of(st.none(), MONEY)
PRODUCTS = st.lists(
    st.builds(
        Product,
        sku=st.sampled_from(["", *"ABCDEFGHIJ"]),
        title=st.just("t"),
        units=st.one_of(st.none(), UNITS),
        revenue=MAYBE,
        orders=st.none(),
        refunds=MAYBE,
        fees=MAYBE,
        shipping=st.one_of(st.none(), st.integers(-1000, 1000).map(lambda n: n / 100)),
    ),
    max_size=8,
    unique_by=lambda p: p.sku,
)


@st.composite
def documents(draw: st.DrawFn, period: list[str]) -> ChannelFacts:
    listed = draw(PRODUCTS)
    figures = {"revenue": draw(MONEY)}
    if draw(st.booleans()):
        figures["revenue"] = round(sum(p.revenue or 0 for p in listed), 2)
        figures["units"] = sum(p.units or 0 for p in listed)
    elif draw(st.booleans()):
        figures["units"] = draw(UNITS)
    for name in ("refunds", "fees", "shipping_cost"):
        if draw(st.booleans()):
            figures[name] = draw(MONEY)
    return facts(period, *listed, figures=figures)


@given(documents(JANUARY), documents(FEBRUARY))
def test_the_steps_add_up_to_the_difference_to_the_cent_and_parts_to_their_step(
    then: ChannelFacts, now: ChannelFacts
) -> None:
    found = bridge(then, now)
    assert found is not None

    added = sum(cents(step.amount) for step in found.steps if step.amount is not None)
    assert cents(found.before) + added == cents(found.after)
    revenue = [
        s for s in found.steps if s.kind in ("volume", "price", "mix", "unlisted", "revenue") and s.amount is not None
    ]
    assert sum(cents(s.amount or 0) for s in revenue) == cents(found.revenue_after) - cents(found.revenue_before)
    for step in found.steps:
        assert (step.amount is None) == (step.others is None)
        if step.amount is not None and step.others is not None:
            assert sum(cents(p.amount) for p in step.parts) + cents(step.others) == cents(step.amount)


@given(documents(JANUARY), documents(FEBRUARY), st.randoms())
def test_the_order_of_products_does_not_matter(then: ChannelFacts, now: ChannelFacts, random: object) -> None:
    def shuffled(document: ChannelFacts) -> ChannelFacts:
        products = list(document.products)
        random.shuffle(products)  # type: ignore[attr-defined] # hypothesis' own
        return replace(document, products=products)

    assert bridge(shuffled(then), shuffled(now)) == bridge(then, now)


@given(documents(JANUARY))
def test_the_same_document_gives_zero(document: ChannelFacts) -> None:
    found = bridge(document, replace(document, period=FEBRUARY))
    assert found is not None

    assert found.before == found.after
    assert all(step.amount in (0.0, None) and step.parts == [] for step in found.steps)


def test_a_rise_of_all_prices_is_no_mix_however_many_products_a_shop_has() -> None:
    before = [product(f"S{n}", 10, 10.0 * (n + 1)) for n in range(200)]
    after = [replace(one, revenue=round((one.revenue or 0) * 1.1, 2)) for one in before]
    total = sum(one.revenue or 0 for one in before)
    whole = bridge(
        facts(JANUARY, *before, revenue=total, units=2000), facts(FEBRUARY, *after, revenue=total * 1.1, units=2000)
    )
    part = bridge(
        facts(JANUARY, *before[-60:], revenue=total, units=2000),
        facts(FEBRUARY, *after[-60:], revenue=total * 1.1, units=2000),
    )

    assert amounts(whole) | {"volume": 0.0, "price": 20100.0, "mix": 0.0} == amounts(whole)
    assert "unlisted" not in amounts(whole)
    assert amounts(part) | {"volume": 0.0, "price": 10230.0, "mix": 0.0, "unlisted": 9870.0} == amounts(part)
