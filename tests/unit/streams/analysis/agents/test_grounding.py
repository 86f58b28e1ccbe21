"""Evidence is held against the document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.facts import ChannelFacts, Figure, Product
from schemas.plan import Evidence, Opportunity
from streams.analysis.agents.grounding import ground
from streams.analysis.agents.repairs import Repairs

FACTS = ChannelFacts(
    "shopee",
    [],
    "BRL",
    [Figure("return_rate", 0.123, "ratio", ["A1"], {"by_sku": {"A1": {"now": 0.4}}}), Figure("revenue", 1234.5, "BRL")],
    [Product("B2", "Vestido", 50, 2000.0, 40, returned_units=10, fees=300.0)],
)
TRUE = Evidence("return_rate", 0.12, "ratio", "12% voltam", ["A1"])


def held(evidence: Evidence, facts: ChannelFacts | None = FACTS) -> tuple[Opportunity, list[str]]:
    repairs = Repairs()
    [found] = ground([Opportunity("shopee-1", "shopee", "T", "O quê", "high", [evidence])], facts, repairs)
    return found, [r.problem for r in repairs.listed()]


def test_a_true_figure_stays_even_rounded() -> None:
    assert held(TRUE) == (Opportunity("shopee-1", "shopee", "T", "O quê", "high", [TRUE]), [])


def test_a_products_own_value_is_true_too() -> None:
    evidence = replace(TRUE, value=0.4)
    assert held(evidence)[0].evidence == [evidence]


@pytest.mark.parametrize(
    ("metric", "value", "unit"),
    [("return_rate", 0.2, "ratio"), ("fees", 300, "BRL"), ("units", 50, "count"), ("revenue", 2000, "BRL")],
)
def test_what_follows_from_a_products_sums_is_true(metric: str, value: float, unit: str) -> None:
    evidence = Evidence(metric, value, unit, "x", ["B2"])
    assert held(evidence)[0].evidence == [evidence]


def test_an_invented_metric_is_no_evidence() -> None:
    found, problems = held(replace(TRUE, metric="happiness"))
    assert found.evidence == []
    assert found.what == "O quê\n12% voltam"
    assert problems == ["the document does not hold this figure: happiness"]


def test_a_wrong_value_is_put_right_where_there_is_one() -> None:
    found, problems = held(Evidence("revenue", 9999, "BRL", "R$ 9.999"))
    assert found.evidence == [Evidence("revenue", 1234.5, "BRL", "No documento: R$ 1.234,50")]
    assert problems == ["the document holds another figure: 9999"]


def test_a_wrong_value_of_single_products_is_dropped_with_its_sentence() -> None:
    found, problems = held(replace(TRUE, value=0.9))
    assert (found.evidence, found.what) == ([], "O quê")
    assert problems == ["the document holds another figure: 0.9"]


def test_foreign_skus_are_dropped() -> None:
    found, problems = held(replace(TRUE, skus=["A1", "ZZ"]))
    assert found.evidence == [TRUE]
    assert problems == ["the document does not hold these products: ZZ"]


def test_without_figures_there_is_no_evidence() -> None:
    found, problems = held(TRUE, None)
    assert found.evidence == []
    assert len(problems) == 1


def test_a_wrong_unit_is_put_right() -> None:
    found, problems = held(replace(TRUE, unit="BRL"))
    assert found.evidence == [TRUE]
    assert problems == ["the unit is written differently: BRL"]


def test_a_sentence_that_the_text_holds_is_not_said_twice() -> None:
    found, _ = held(replace(TRUE, metric="happiness", text="O quê"))
    assert (found.evidence, found.what) == ([], "O quê")
