"""Evidence is held against the document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.facts import ChannelFacts, DocumentFacts, Figure, Month, Product
from schemas.plan import Evidence, Opportunity, Phase, PhaseTask
from streams.analysis.agents.errors import AnswerUnusable
from streams.analysis.agents.grounding import Grounded, ground
from streams.analysis.agents.known import Known
from streams.analysis.agents.repairs import Repairs
from streams.analysis.rules import analyse

FACTS = ChannelFacts(
    "shopee",
    [],
    "BRL",
    [Figure("return_rate", 0.123, "ratio", ["A1"], {"by_sku": {"A1": {"now": 0.4}}}), Figure("revenue", 1234.5, "BRL")],
    [Product("B2", "Vestido", 50, 2000.0, 40, returned_units=10, fees=300.0)],
)
TRUE = Evidence("return_rate", 0.12, "ratio", "12% voltam", ["A1"])


def against(facts: ChannelFacts | None, text: str = "") -> Known:
    document = DocumentFacts("text/csv", "vendas", channels=[] if facts is None else [facts], text=text)
    return Known("shopee", document, analyse("shopee", document))


def held(evidence: Evidence, facts: ChannelFacts | None = FACTS) -> tuple[Opportunity, list[str]]:
    repairs = Repairs()
    asked = Opportunity("shopee-1", "shopee", "T", "O quê", "high", [evidence])
    [found] = ground("", [asked], [], [], against(facts), repairs).opportunities
    return found, [r.problem for r in repairs.listed()]


def said(text: str, facts: ChannelFacts | None = FACTS, document: str = "") -> list[str]:
    """Return the numbers of a title that have no source."""
    found = ground("", [Opportunity("o", "shopee", text, "", "high")], [], [], against(facts, document), Repairs())
    return [one.number for one in found.unmatched]


def test_a_small_count_of_what_happened_is_looked_up() -> None:
    few = replace(FACTS, products=[Product("B2", "Vestido", 50, 2000.0, 40, returned_units=7)])

    assert said("B2: 8 devoluções", few) == ["8"]
    assert said("B2: 7 devoluções", few) == []
    assert said("B2: trocar 8 fotos", few) == []


def test_how_many_a_step_is_to_look_at_is_its_own() -> None:
    steps = [Phase(1, "Fase 1", "1", [PhaseTask("Ler 8 devoluções", "Ver 3 pedidos", "shopee")])]

    assert ground("", [], steps, [], against(FACTS), Repairs()).unmatched == []


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


def test_an_invented_metric_is_no_evidence_and_its_sentence_goes() -> None:
    found, problems = held(replace(TRUE, metric="happiness"))
    assert (found.evidence, found.what) == ([], "O quê")
    assert problems == ["the document does not hold this figure: happiness"]


def test_a_refuted_value_is_no_evidence() -> None:
    found, problems = held(Evidence("revenue", 9999, "BRL", "R$ 9.999"))
    assert found.evidence == []
    assert problems == ["the document holds another figure: 9999"]


def test_a_share_is_not_proved_by_a_count_beside_it() -> None:
    facts = replace(FACTS, figures=[Figure("return_rate", 0.1, "ratio", ["A1"], {"by_sku": {"A1": {"units": 12.0}}})])
    assert held(Evidence("return_rate", 12, "count", "x", ["A1"]), facts)[0].evidence == []


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


@pytest.mark.parametrize(
    "text",
    [
        "A receita foi de R$ 1.234,50",
        "A receita foi de R$ 1.235",
        "A receita foi de cerca de R$ 1,2 mil",
        "12,3% voltam",
        "12% voltam, 87,7% ficam",
        "O B2 vendeu 50 unidades por R$ 2.000,00, com 300 de tarifas",
        "20% das unidades de B2 voltam",
        "Tirar 2 fotos",
        "Rever o iPhone15 e o item A-77",
    ],
)
def test_a_number_of_the_document_has_its_source(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Perda de R$ 9.876,54 e 45%", ["R$ 9.876,54", "45%"]),
        ("Reduz 30 por cento", ["30 por cento"]),
        ("De R$ 7.000 a R$ 8.000", ["R$ 7.000", "R$ 8.000"]),
        ("Entre 71-72%", ["71", "72%"]),
        ("Faturou 3 milhões", ["3 milhões"]),
        ("Desde 31/12/2031", ["31/12/2031"]),
        ("Vendeu 999 unidades.", ["999"]),
    ],
)
def test_a_number_without_a_source_is_listed(text: str, numbers: list[str]) -> None:
    assert said(text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Receita de R$ 1.240,00", ["R$ 1.240,00"]),  # near, and written as if exact
        ("O B2 vendeu 300 unidades", ["300"]),  # that many reais it paid in fees
        ("O B2 vendeu R$ 50", ["R$ 50"]),  # that many units it sold
        ("Foram 20% de cancelamentos", ["20%"]),  # the share of B2 that comes back
        ("88% das vendas ficam", ["88%"]),  # the rest of a share that is not told
        ("Outros vendem R$ 2.000,00", ["R$ 2.000,00"]),  # B2 does
    ],
)
def test_a_number_is_held_by_its_kind_and_by_what_it_is_said_of(text: str, numbers: list[str]) -> None:
    assert said(text) == numbers


def test_a_month_of_an_amount_has_its_source_beside_a_month_alone() -> None:
    facts = replace(FACTS, figures=[*FACTS.figures, Figure("period_days", 91.32, "days")])
    assert said("A receita foi de R$ 411,50 por mês", facts) == []
    assert said("A receita foi de R$ 411,50", facts) == ["R$ 411,50"]


def test_a_months_numbers_have_their_source_where_it_is_named() -> None:
    facts = replace(FACTS, months=[Month("2026-03", revenue=4_321.0, orders=345)])
    for name in ("março", "03/2026", "2026-03"):
        assert "R$ 4.321,00" not in said(f"Em {name}: R$ 4.321,00 em 345 pedidos", facts)
    assert said("Em abril: R$ 4.321,00 em 345 pedidos", facts) == ["R$ 4.321,00", "345"]


def test_what_an_opportunity_says_rightly_its_tasks_and_the_summary_may_repeat() -> None:
    one = Opportunity("o", "shopee", "O B2 vendeu R$ 2.000,00", "", "high")
    other = replace(one, id="p", title="Rever")
    tasks = [PhaseTask("Repor R$ 2.000,00", "", "shopee", opportunity_id=id_) for id_ in ("o", "p", None)]
    phase = Phase(1, "Fase 1", "", tasks, "", "Até R$ 2.000,00")
    found = ground("São R$ 2.000,00", [one, other], [phase], ["Faltam R$ 2.000,00"], against(FACTS), Repairs())
    assert [u.path for u in found.unmatched] == ["phases[0].tasks[1].title", "phases[0].tasks[2].title", "limits[0]"]


def test_when_a_phase_is_done_is_the_plans_own() -> None:
    phases = [Phase(2, "Fase 2 - Dias 31 a 60", "Semanas 10-12", []), Phase(1, "Fase 1: R$ 50.000", "Mês 11: 40%", [])]
    found = ground("", [], phases, [], against(FACTS), Repairs())
    assert [(u.path, u.number) for u in found.unmatched] == [
        ("phases[1].name", "R$ 50.000"),
        ("phases[1].weeks", "40%"),
    ]


def test_a_steps_own_time_is_no_claim() -> None:
    phase = Phase(1, "Fase 1", "", [PhaseTask("Testar por 15 dias", "Parado há 16 dias", "shopee")], "", "Em 45 dias")
    found = ground("Em 17 dias", [], [phase], [], against(FACTS), Repairs())
    assert [u.number for u in found.unmatched] == ["17", "16"]


def test_what_is_out_of_place_is_marked_and_not_counted_as_made_up() -> None:
    titled = [Opportunity(str(n), "shopee", "Outros vendem R$ 2.000,00", "", "high") for n in range(5)]
    found = ground("", titled, [], [], against(FACTS), Repairs())
    assert (len(found.unmatched), found.refuted) == (5, 0)
    with pytest.raises(AnswerUnusable):
        ground("", [replace(one, title="R$ 9.876,54") for one in titled], [], [], against(FACTS), Repairs())


def test_a_number_of_the_documents_text_has_its_source() -> None:
    assert said("A meta é 4.321 pedidos", document="Meta: 4.321 pedidos") == []


def test_a_products_name_is_no_figure() -> None:
    facts = replace(FACTS, products=[replace(FACTS.products[0], title="Vestido 300ml 777")])
    assert said("Rever Vestido 300ml 777", facts) == []


def test_days_of_the_document_are_no_strangers() -> None:
    facts = replace(FACTS, period=["2026-03-01", "2026-03-31", "desconhecido"])
    assert said("De 01/03/2026 a 31/03/26, em 03/2026 e 2026-03", facts) == []
    assert said("Em 02/2026", facts) == ["02/2026"]


def test_every_text_is_looked_through_and_says_where() -> None:
    opportunities = [Opportunity("o", "shopee", "t 711", "w 712", "high", [replace(TRUE, text="e 713")])]
    phases = [
        Phase(1, "Fase 1: ganhar 720", "Semanas 10-12, 721", [PhaseTask("a 714", "b 715", "shopee")], "R$ 716", "c 717")
    ]
    found = ground("s 718", opportunities, phases, ["l 719"], against(FACTS), Repairs())
    assert {(u.path, u.number) for u in found.unmatched} == {
        ("summary", "718"),
        ("opportunities[0].title", "711"),
        ("opportunities[0].what", "712"),
        ("opportunities[0].evidence[0].text", "713"),
        ("phases[0].name", "720"),
        ("phases[0].weeks", "721"),
        ("phases[0].tasks[0].title", "714"),
        ("phases[0].tasks[0].what", "715"),
        ("phases[0].investment", "R$ 716"),
        ("phases[0].expected_impact", "717"),
        ("limits[0]", "719"),
    }


SHIPPING = ChannelFacts(
    "shopee",
    ["2026-01-01", "2026-01-30"],
    "BRL",
    [
        Figure("revenue", 10_000.0, "BRL"),
        Figure("shipping_cost", 2_000.0, "BRL"),
        Figure("shipping_share", 0.2, "ratio"),
        Figure("period_days", 30.0, "days"),
    ],
    [Product("B2", "Vestido", 50, 2000.0, 40, refunds=321.0, net=-123.0)],
)


def worth_of(worth: float, evidence: Evidence, facts: ChannelFacts = SHIPPING) -> tuple[float | None, list[str]]:
    repairs = Repairs()
    asked = Opportunity("o", "shopee", "T", "", "high", [evidence], worth)
    [found] = ground("", [asked], [], [], against(facts), repairs).opportunities
    return found.worth_brl, [r.problem for r in repairs.listed()]


SHARE = Evidence("shipping_share", 0.2, "ratio", "x")


@pytest.mark.parametrize(
    ("worth", "evidence"),
    [
        (2_000.0, Evidence("shipping_cost", 2_000.0, "BRL", "x")),  # the cost itself
        (1_200.0, SHARE),  # what the rule makes of it: the part above 8 %
        (321.0, Evidence("units", 50, "count", "x", ["B2"])),  # what the product costs
        (123.0, Evidence("units", 50, "count", "x", ["B2"])),  # what it loses
    ],
)
def test_a_worth_that_follows_from_its_evidence_stays(worth: float, evidence: Evidence) -> None:
    assert worth_of(worth, evidence) == (worth, [])


@pytest.mark.parametrize(
    ("worth", "evidence", "facts"),
    [
        (1_500.0, SHARE, SHIPPING),
        (10_000.0, Evidence("revenue", 10_000.0, "BRL", "x"), SHIPPING),  # what is earned is no gain
        (1_200.0, Evidence("revenue", 10_000.0, "BRL", "x"), SHIPPING),  # another rule's
        (-2_000.0, Evidence("shipping_cost", 2_000.0, "BRL", "x"), SHIPPING),
        (2_000.0, Evidence("shipping_cost", 2_000.0, "BRL", "x"), replace(SHIPPING, currency="USD")),
        (2_000.0, Evidence("shipping_cost", 2_000.0, "BRL", "x"), replace(SHIPPING, figures=SHIPPING.figures[:-1])),
    ],
)
def test_any_other_worth_is_unknown_and_said(worth: float, evidence: Evidence, facts: ChannelFacts) -> None:
    found, problems = worth_of(worth, evidence, facts)
    assert found is None
    assert problems[-1].startswith("the worth does not follow from the document's figures: ")


def test_an_answer_whose_figures_are_mostly_made_up_is_unusable() -> None:
    lies = [replace(TRUE, value=v) for v in (0.5, 0.6, 0.7)]
    with pytest.raises(AnswerUnusable) as caught:
        ground("", [Opportunity("o", "shopee", "T", "", "high", lies)], [], [], against(FACTS), Repairs())
    assert caught.value.reason == "unfounded"
    truths = [TRUE] * 3
    kept: Grounded = ground(
        "", [Opportunity("o", "shopee", "T", "", "high", [*truths, *lies])], [], [], against(FACTS), Repairs()
    )
    assert kept.opportunities[0].evidence == truths
