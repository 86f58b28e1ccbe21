"""Each rule's worth has a formula in words, of figures that open on their own; the page tells each part of it."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from gateway.figures.catalogue import METRICS
from gateway.figures.worths import DAYS, MAIN_DAYS, WORTHS, figures_in, worth_of
from gateway.operations.worth_parts import worth_shapes
from gateway.ui.worth_parts import Part, worth_parts
from projections.plans.reads import Plan
from schemas.facts import ChannelFacts, Figure, FigureRows, TableRead
from streams.analysis import rules
from streams.analysis.rules import costs, products


def with_a_gain() -> set[str]:
    """Return the rules whose opportunity is given a gain, as their sources have it."""
    found = set()
    for file in Path(rules.__file__).parent.glob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            is_found = isinstance(call, ast.Call) and getattr(call.func, "id", "") == "found"
            if is_found and any(one.arg == "gain" for one in cast("ast.Call", call).keywords):
                found.add(str(ast.literal_eval(cast("ast.Call", call).args[1])))
    return found


def test_every_rule_with_a_worth_says_how_it_is_computed() -> None:
    assert set(WORTHS) == with_a_gain()


def test_every_figure_in_a_formula_is_one_that_opens() -> None:
    assert {name for one in WORTHS.values() for name in one.made_of} <= set(METRICS)
    assert {DAYS, MAIN_DAYS} <= set(METRICS)


@pytest.mark.parametrize(
    ("rule", "target"),
    [
        ("shipping", costs.TARGET_SHIPPING_SHARE),
        ("cancellations", costs.TARGET_CANCELLATION_RATE),
        ("discounts", costs.TARGET_DISCOUNT_DEPTH),
        ("returns", products.NORMAL_RETURN_RATE),
    ],
)
def test_a_formula_names_the_rules_own_target(rule: str, target: float) -> None:
    assert f"{target * 100:.0f} %" in WORTHS[rule].formula


def test_the_days_are_those_with_nearly_all_sales_where_the_document_has_some() -> None:
    shipping = WORTHS["shipping"]

    assert figures_in(shipping, ["shipping_share", "revenue", "period_days"])[-1] == "period_days"
    assert figures_in(shipping, ["shipping_share", "period_days", "main_days"])[-1] == "main_days"
    assert worth_of("shopee-returns", "shopee") is WORTHS["returns"]
    assert worth_of("shopee-missing-skus", "shopee") is None


def plan(source: str = "rules", worth: float | None = 120.0) -> Plan:
    result = SimpleNamespace(
        channel="shopee", source=source, opportunities=[{"id": "shopee-shipping", "worth_brl": worth}]
    )
    return cast("Plan", SimpleNamespace(channel_results=[result]))


def parts_of(one: Plan) -> dict[str, Any]:
    rows = FigureRows(97, {"status": 5, "no_value": 3}, [])
    facts = ChannelFacts("shopee", [], "BRL", [Figure("shipping_share", 0.12, "ratio", rows=rows)])
    return dict(worth_parts(one, [facts], [TableRead("t", "plain", 1)]))


def test_each_part_is_told_with_its_unusable_share_or_why_it_is_unknown() -> None:
    share, revenue, days = parts_of(plan())["shopee-shipping"].parts

    assert isinstance(share, Part)
    assert (share.metric, share.unknown, share.unusable) == ("shipping_share", None, 0.03)
    assert (revenue.figure, days.figure) == (None, None)
    assert revenue.unknown


def test_nothing_is_told_of_an_agents_opportunity_nor_of_one_without_a_worth() -> None:
    assert parts_of(plan("agent")) == {}
    assert parts_of(plan(worth=None)) == {}


def test_the_api_tells_the_parts_that_the_page_shows() -> None:
    rows = FigureRows(97, {"status": 5, "no_value": 3}, [])
    facts = ChannelFacts("shopee", [], "BRL", [Figure("shipping_share", 0.12, "ratio", rows=rows)])
    tables = [TableRead("t", "plain", 1)]
    (told,) = worth_shapes(plan(), [facts], tables)
    shown = worth_parts(plan(), [facts], tables)["shopee-shipping"]

    assert (told.opportunity_id, told.channel, told.worth_brl) == ("shopee-shipping", "shopee", 120)
    assert told.formula == shown.formula == WORTHS["shipping"].formula
    assert [(one.metric, one.title, one.unknown, one.advice, one.unusable_share) for one in told.parts] == [
        (one.metric, one.title, *((one.unknown.text, one.unknown.advice) if one.unknown else ("", "")), one.unusable)
        for one in shown.parts
    ]
    assert [one.value for one in told.parts] == [
        None if one.figure is None else one.figure.value for one in shown.parts
    ]
    assert told.parts[0].unit == "ratio"
