"""The worth of what a rule found is shown with each figure in it, known or not; an agent's has no formula."""

from __future__ import annotations

from gateway.figures.worths import WORTHS
from gateway.operations.worth_parts import worth_parts, worth_shapes
from schemas.facts import ChannelFacts, Figure, FigureRows
from tests.support.figures import SALES
from tests.unit.gateway.commands.a_plan import opportunity, plan, result

LOSSES = Figure("product_losses", -900.0, "BRL", rows=FigureRows(90, {"no_money": 10}, []))
FACTS = [ChannelFacts("shopee", [], "BRL", [LOSSES])]
FOUND = [opportunity("shopee-losses", 450.0)]


def test_each_figure_of_the_formula_is_there_with_the_share_of_its_rows_that_is_lost() -> None:
    found = [opportunity("shopee-unheard-of", 3.0), *FOUND]
    (parts,) = worth_parts(plan(channel_results=[result("shopee", found=found)]), FACTS, [SALES]).values()

    assert (parts.opportunity_id, parts.channel, parts.worth_brl) == ("shopee-losses", "shopee", 450.0)
    assert parts.worth == WORTHS["losses"]
    losses, days = parts.parts
    assert (losses.metric, losses.figure, losses.unknown, losses.unusable) == ("product_losses", LOSSES, None, 0.1)
    assert (days.metric, days.figure, days.unusable) == ("period_days", None, None)
    assert days.unknown is not None


def test_the_api_says_why_a_figure_is_unknown_and_what_makes_it_known() -> None:
    (shape,) = worth_shapes(plan(channel_results=[result("shopee", found=FOUND)]), FACTS, [SALES])

    assert shape.formula == WORTHS["losses"].formula
    losses, days = shape.parts
    assert (losses.value, losses.unit, losses.unknown) == (-900.0, "BRL", "")
    assert (days.value, days.unit) == (None, "")
    assert days.unknown


def test_nothing_is_shown_of_an_agents_worth_nor_of_none_nor_of_a_channel_without_figures() -> None:
    silent = [
        result("shopee", "agent", found=FOUND),
        result("shopee", found=[opportunity("shopee-losses"), opportunity("shopee-unheard-of", 3.0)]),
        result("amazon", found=[opportunity("amazon-losses", 450.0)]),
    ]
    assert worth_parts(plan(channel_results=silent), FACTS, [SALES]) == {}
