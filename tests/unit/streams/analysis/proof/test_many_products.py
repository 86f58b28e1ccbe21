"""A shop of more products than the facts list: what was promised of one that no longer stands out is measured."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.lines import LINES
from schemas.facts import ChannelFacts
from schemas.plan import Evidence, Opportunity
from streams.analysis.proof.outcome import measure
from tests.unit.gateway.intake.test_figures import day, line

SKUS = 200
#: By revenue it is the 151st.
BAD = "S-150"


def month(start: int, returned: float) -> ChannelFacts:
    """Return a month's facts as the next document is compared with them."""
    rows = [
        line(
            sku=f"S-{n}", order_id=f"{start}-{n}", at=day(start + n % 28), units=50.0, revenue=2000.0 - n,
            returned_units=returned if f"S-{n}" == BAD else 0.0, refund=0.0, currency="BRL",
        )
        for n in range(SKUS)
    ]  # fmt: skip
    (found,) = channel_facts(pl.DataFrame(rows, schema=LINES), None)
    assert found.sold is not None
    return replace(found, products=[*found.products, *found.sold.rest.products()])


def test_returns_that_have_ended_are_a_success_although_the_product_is_no_best_seller() -> None:
    then, now = month(0, 10.0), month(31, 0.0)
    evidence = Evidence("product_return_rate", 0.2, "ratio", "t", [BAD])
    found = measure(Opportunity("shopee-returns", "shopee", "t", "w", "high", [evidence], None), then, now, [])

    assert (found.baseline, found.current, found.verdict, found.why) == (0.2, 0.0, "improved", None)
