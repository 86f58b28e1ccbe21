"""A month that sells as much as is usual did not fall, however much the month before it sold."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.lines import LINES
from schemas.facts import ChannelFacts, DocumentFacts
from schemas.plan import ChannelAnalysis
from streams.analysis.rules import analyse
from streams.analysis.rules.view import View

LAST = date(2026, 8, 31)


def facts(a_day: list[int], *, stopped: bool = False, by_month: bool = False) -> ChannelFacts:
    """Return the figures of a shop that sold so many orders a day in each span of 30 days, the last one at the end.

    `stopped`: half of the orders before the last 24 days are of a best seller that is sold no more.
    """
    rows: list[dict[str, Any]] = []
    for span, orders in enumerate(reversed(a_day)):
        for back in range(span * 30, span * 30 + 30):
            day = LAST - timedelta(days=back)
            day = day.replace(day=1) if by_month else day
            for n in range(orders):
                sku = "STOP" if stopped and n % 2 and (span or back >= 24) else "GOES"
                if stopped and n % 2 and sku == "GOES":
                    continue
                rows.append({
                    "channel": "own_store", "order_id": str(len(rows)), "sku": sku, "title": sku, "status": "sold",
                    "at": datetime.combine(day, time(12)), "units": 1.0, "revenue": 50.0, "currency": "BRL",
                })  # fmt: skip
    (own,) = channel_facts(pl.DataFrame(rows, schema=LINES), None)
    return own


def analysis(own: ChannelFacts) -> ChannelAnalysis:
    return analyse("own_store", DocumentFacts("text/csv", "v", [], [own]))


def is_found(own: ChannelFacts) -> bool:
    return "own_store-falling-sales" in [one.id for one in analysis(own).opportunities]


def detail(own: ChannelFacts) -> dict[str, Any]:
    figure = View(own).figure("revenue_growth")
    assert figure is not None
    return figure.detail


@pytest.mark.parametrize(
    ("a_day", "found"),
    [
        ([20, 12], True),  # nothing before tells what is usual
        ([20, 20, 20, 12], True),
        ([26, 22, 20, 12], True),  # it goes down all the time
        ([12, 12, 20, 12], False),  # back from a peak
        ([13, 20, 12], False),
        ([15, 15, 20, 12], True),  # a peak, and a fall below what was usual before it
        ([1, 20, 12], True),  # a few stragglers are nothing usual
    ],
)
def test_a_fall_is_one_against_what_is_usual_too(a_day: list[int], found: bool) -> None:
    own = facts(a_day)
    told = [limit for limit in analysis(own).limits if "Não é uma queda abaixo do comum" in limit]

    assert is_found(own) is found
    assert len(told) == (not found)


def test_what_is_usual_is_the_mean_of_whole_spans_before() -> None:
    own = facts([8, 10, 12, 20, 12])

    assert (detail(own)["usual"], detail(own)["usual_spans"]) == (15_000.0, 3)  # 10 a day x 30 days x 50.00
    assert detail(own)["by_sku"]["GOES"]["usual"] == 15_000.0
    assert "usual" not in detail(facts([20, 12]))


def test_the_note_tells_it() -> None:
    (told,) = (limit for limit in analysis(facts([12, 12, 20, 12])).limits if "abaixo do comum" in limit)

    assert told.endswith("Não é uma queda abaixo do comum: a média antes dos 30 dias anteriores era de R$ 18.000,00.")


def test_months_are_compared_with_the_months_before() -> None:
    """The last month may not be over: July is held against June, and what is usual is before that."""
    found = detail(facts([10, 10, 10, 20, 10, 10], by_month=True))

    assert found["by"] == "month"
    assert found["usual_spans"] >= 2


def test_a_best_seller_that_stopped_is_in_neither() -> None:
    own = facts([24, 24, 40, 24], stopped=True)

    assert [one.id for one in analysis(own).opportunities if "stock" in one.id or "falling" in one.id] == [
        "own_store-stock-out"
    ]
