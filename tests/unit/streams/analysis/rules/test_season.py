"""January is no decline: what a season explains is told, and never a finding."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.facts import ChannelFacts, DocumentFacts, Figure
from schemas.plan import ChannelAnalysis
from streams.analysis.rules import analyse

CHANNEL = "shopee"


def fell(change: float, **more: Any) -> ChannelAnalysis:
    detail = {"current": 10_000 * (1 + change), "previous": 10_000.0, "by": "days", "by_sku": {}, **more}
    own = ChannelFacts(CHANNEL, [], "BRL", [Figure("revenue_growth", change, "ratio", [], detail)])
    return analyse(CHANNEL, DocumentFacts("text/csv", "v", [], [own]))


def found(told: ChannelAnalysis) -> list[str]:
    return [one.id for one in told.opportunities]


FALLING = [f"{CHANNEL}-falling-sales"]


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2025-12-03", "2026-01-31", 22),
        ("2025-11-12", "2026-01-10", 17),  # 30 days of the season, and 13 of the last ones
        ("2025-12-18", "2026-02-15", 7),
    ],
)
def test_after_christmas_a_fall_is_unknown_and_the_reason_is_told(since: str, until: str, days: int) -> None:
    told = fell(-0.45, since=since, until=until)
    assert found(told) == []
    (limit,) = (x for x in told.limits if "Natal" in x)
    assert f"a receita mudou -45,0%. Antes disso há {days} dias a mais da época de Black Friday e Natal" in limit
    assert "só os mesmos dias do ano anterior dizem." in limit


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-03-02", "2026-04-30"),  # no season
        ("2025-10-13", "2025-12-11"),  # it is the season: more is sold, and here it is less
        ("2025-12-20", "2026-02-17"),  # five days of it, too few
        ("2025-12-27", "2026-02-24"),
    ],
)
def test_outside_of_it_and_within_it_a_fall_is_a_fall(since: str, until: str) -> None:
    assert found(fell(-0.45, since=since, until=until)) == FALLING


def test_months_are_judged_alike() -> None:
    month = {"by": "month", "last_month": "2026-02", "last_month_revenue": 1.0}
    assert found(fell(-0.45, since="2025-12-01", until="2026-01-31", **month)) == []
    assert found(fell(-0.45, since="2026-01-01", until="2026-02-28", **{**month, "last_month": "2026-03"})) == FALLING


@pytest.mark.parametrize(
    ("last_year", "expected"),
    [
        (6_000, []),  # -40 %: it is what these days do
        (6_600, FALLING),  # -34 %: now it is 11 points less
        (12_000, FALLING),  # it grew: nothing explains the fall
    ],
)
@pytest.mark.parametrize(("since", "until"), [("2025-12-03", "2026-01-31"), ("2026-05-01", "2026-06-29")])
def test_a_year_in_the_document_decides_whatever_the_days(
    last_year: float, expected: list[str], since: str, until: str
) -> None:
    year = {"current": last_year, "previous": 10_000.0}
    told = fell(-0.45, since=since, until=until, year_before=year)
    assert found(told) == expected
    change = f"{last_year / 100 - 100:+.1f}%".replace(".", ",").replace("+", "")
    if expected:
        assert f"Há um ano, nos mesmos dias, a mudança foi de {change}." in told.opportunities[0].what
    else:
        assert any(f"Há um ano, nos mesmos dias, mudou {change}: é a época" in limit for limit in told.limits)


def test_a_year_before_without_sales_says_nothing() -> None:
    assert found(fell(-0.45, year_before={"current": 5.0, "previous": 0.0})) == FALLING
