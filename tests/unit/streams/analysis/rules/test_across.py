"""Findings that compare with other channels' documents: they name these and their days, and what it is worth."""

from typing import Any

import pytest

from schemas.facts import Figure
from streams.analysis.rules.brief import without_others
from tests.unit.streams.analysis.rules.test_rules import analysis, ids, only

MARCH = {"plan_id": "p", "first_day": "2026-03-01", "last_day": "2026-03-31", "days_in_both": 31, "kept_share": 0.8}
SURE = {"here_low": 95.0, "other_high": 85.0}


def cheaper_elsewhere(**more: Any) -> Figure:
    product = {"here": 100.0, "other": 80.0, "other_channel": "amazon", "gap": 0.2, "units": 30, "other_units": 62}
    documents = {"amazon": MARCH | more.pop("document", {})}
    detail = {"by_sku": {"AIR": product | SURE | more}, "documents": documents}
    return Figure("price_gap_elsewhere", 0.2, "ratio", ["AIR"], detail)


def test_what_sells_for_less_elsewhere_tells_half_of_the_gap_on_the_units_sold_there_and_has_no_worth_here() -> None:
    """That channel's own plan may have the same gap: nothing is counted twice."""
    found = only(cheaper_elsewhere())

    assert (found.id, found.worth_brl) == ("shopee-price-gap-elsewhere", None)
    assert found.what.endswith("nas unidades vendidas lá, soma até R$ 487,04 por mês.")
    assert found.title == "Aproximar o preço de AIR em Amazon"
    assert found.evidence[0].text == (
        "AIR: R$ 100,00 aqui, Amazon sai 20,0% abaixo (30 unidades aqui; Amazon: documento de 01/03/2026 a 31/03/2026)"
    )


def test_of_less_than_a_month_it_is_of_these_days() -> None:
    found = only(cheaper_elsewhere(document={"first_day": "2026-03-12"}))

    assert found.what.endswith("soma até R$ 496,00 nos dias do documento de lá.")


@pytest.mark.parametrize("ends", [{"here_low": 84.0}, {"here_low": None}, {"other_high": None}])
def test_prices_that_chance_may_have_made_are_only_told(ends: dict[str, float | None]) -> None:
    told = analysis(cheaper_elsewhere(**ends))

    assert told.opportunities == []
    assert any(
        "(30 unidades aqui; Amazon: documento de 01/03/2026 a 31/03/2026)" in text and "barato lá" in text
        for text in told.limits
    )


def test_a_small_gap_is_no_finding() -> None:
    assert ids(cheaper_elsewhere(gap=0.07)) == []


def test_a_gap_below_another_document_names_it() -> None:
    product = {"here": 80.0, "other": 100.0, "other_channel": "amazon", "gap": 0.2, "units": 30, "other_units": 9}
    ends = {"here_high": 85.0, "other_low": 95.0}
    detail = {"by_sku": {"AIR": product | ends}, "documents": {"amazon": MARCH}}
    found = only(Figure("price_gap", 0.2, "ratio", ["AIR"], detail))

    assert found.evidence[0].text == (
        "AIR: R$ 80,00 aqui, 20,0% abaixo de Amazon (30 unidades aqui; Amazon: documento de 01/03/2026 a 31/03/2026)"
    )


def test_what_stopped_by_two_documents_is_told_of_these_channels_alone() -> None:
    """Of a third channel, whose last document is of other days, nobody knows."""
    by_sku = {"CXS": {"silent_days": 20, "daily_revenue": 100.0, "channels": ["amazon", "shopee"]}}
    figure = Figure("stopped_everywhere", 20.0, "days", ["CXS"], {"by_sku": by_sku, "documents": {"amazon": MARCH}})
    found = only(figure)

    assert found.title == "Repor CXS: parou ao mesmo tempo em Amazon e Shopee"
    assert found.evidence[0].text.endswith("em Shopee; Amazon: documento de 01/03/2026 a 31/03/2026")


def test_neither_a_plan_nor_an_agent_is_told_a_price_that_is_erased_with_another_document() -> None:
    """Texts stay in the log; the figures' own prices go when that document is erased."""
    figure = cheaper_elsewhere()
    told = analysis(figure)
    assert "80,00" not in str(told)
    assert not any("62" in one.text for one in told.opportunities[0].evidence)
    own = without_others(figure.detail)["by_sku"]["AIR"]
    assert own == {"here": 100.0, "here_low": 95.0, "other_channel": "amazon", "gap": 0.2, "units": 30}
    inside = {"by_sku": figure.detail["by_sku"], "documents": {"magalu": MARCH}}
    assert without_others(inside) == inside
    assert without_others({"by_sku": {}}) == {"by_sku": {}}
    assert without_others({"documents": ["ads.csv"]}) == {"documents": ["ads.csv"]}
    assert without_others({"documents": {"amazon": MARCH}}) == {"documents": {"amazon": MARCH}}
