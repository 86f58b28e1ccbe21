"""How an opportunity will be measured is told beside it, and the next document measures it just so."""

from __future__ import annotations

import pytest

from schemas.facts import ChannelFacts
from schemas.plan import Evidence, Opportunity
from streams.analysis.proof.outcome import measure
from streams.analysis.proof.promise import checks

from .samples import FEBRUARY, JANUARY, facts, product

MARCH = ["2026-03-01", "2026-03-31"]


def opportunity(metric: str | None, *skus: str, worth: float | None = None) -> Opportunity:
    evidence = [] if metric is None else [Evidence(metric, 0.0, "ratio", "t", list(skus))]
    return Opportunity("shopee-returns", "shopee", "Título", "w", "high", evidence, worth)


def returned(period: list[str], units: float, back: float) -> ChannelFacts:
    """A product at R$ 50, of which each returned unit is refunded."""
    sold = product("A", units, units * 50, returned_units=back, refunds=back * 50)
    return facts(period, sold, revenue=100_000.0, units=2000)


def test_what_is_told_beforehand_is_what_the_next_document_is_held_against() -> None:
    one = opportunity("product_return_rate", "A", worth=4419.0)
    [told] = checks([one], returned(JANUARY, 1000, 120))
    found = measure(one, returned(JANUARY, 1000, 120), returned(MARCH, 1000, 60), [])

    assert (told["baseline"], told["better"], told["why"]) == (0.12, "lower", "")
    assert (told["opportunity_id"], told["first_day"], told["last_day"]) == ("shopee-returns", *JANUARY)
    assert (told["metric"], told["skus"], told["unit"]) == (found.metric, found.skus, found.unit)
    assert (told["baseline"], told["target"]) == (found.baseline, found.target)


@pytest.mark.parametrize(
    ("one", "own", "why"),
    [
        (opportunity(None), facts(JANUARY), "no-figure"),
        (opportunity("period_days"), facts(JANUARY), "not-measurable"),
        (opportunity("product_return_rate", "A"), facts(JANUARY), "product-not-then"),
        (opportunity("fee_share"), facts(JANUARY), "not-then"),
        (opportunity("fee_share"), None, "not-then"),
        (opportunity("product_return_rate", "A"), returned(JANUARY, 19, 9), "few"),
        (opportunity("revenue"), facts(["2026-02-01", "2026-02-07"], revenue=1.0), "short"),
        (opportunity("fee_share"), facts([], fee_share=0.2), "no-dates"),
        (opportunity("revenue"), facts([], revenue=1.0), "no-dates"),
    ],
)
def test_what_no_later_document_can_tell_is_said_at_once(one: Opportunity, own: ChannelFacts | None, why: str) -> None:
    [told] = checks([one], own)
    assert told["why"] == why
    assert told["baseline"] is None or why in {"few", "no-dates"}


def test_without_a_worth_there_is_no_target() -> None:
    [told] = checks([opportunity("fee_share")], facts(FEBRUARY, fee_share=0.2, revenue=1000.0))
    assert (told["baseline"], told["target"], told["better"], told["why"]) == (0.2, None, "lower", "")
