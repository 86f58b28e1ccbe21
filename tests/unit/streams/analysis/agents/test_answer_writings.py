"""Fields of an answer in the writings of models: numbers, names, ids, evidence, texts that are too long."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.plan import Evidence, PhaseTask, Repair
from streams.analysis.agents import shape
from streams.analysis.agents.answer import AnswerParts

from .canonical import canonical, read, repairs, with_opportunity, with_phase


@pytest.mark.parametrize(
    ("given", "worth"),
    [
        ("1500", 1500), ("R$ 1.234,56", 1234.56), ("1.234", 1234), ("1,234.56", 1234.56), ("12,5", 12.5),
        ("R$ 5 mil", 5000), ("1,2 milhões", 1_200_000), ("R$ 2.000/mês", 2000), ("-300", -300), ("12%", 0.12),
        ("1.234.567,89 reais", 1234567.89),
    ],
)  # fmt: skip
def test_numbers_as_text(given: str, worth: float) -> None:
    parts = read(with_opportunity(worth_brl=given))
    assert parts.opportunities[0].worth_brl == pytest.approx(worth)
    assert parts.repairs[0].problem == f"the number was written as text: {given}"


@pytest.mark.parametrize(
    "given",
    [
        "3 a 5 mil",
        "muito",
        "R$ 10 ou R$ 20",
        "1.2.3",
        True,
        [5],
        "9" * 50,
        1e300,
        10**400,
        "menos de 5",
        "5 mil por ano",
    ],
)
def test_what_is_no_number_is_left_out(given: Any) -> None:
    parts = read(with_opportunity(worth_brl=given))
    assert parts.opportunities[0].worth_brl is None
    assert [(r[0], r[2]) for r in repairs(parts)] == [("opportunities[0].worth_brl", "left it empty")]


def test_portuguese_field_names() -> None:
    parts = read(
        {
            "resumo": "Bem.",
            "Oportunidades": [{"título": "A", "descrição": "b", "prioridade": "alta"}],
            "fases": [
                {
                    "numero": 1,
                    "nome": "Fase 1",
                    "semanas": "1-4",
                    "tarefas": [{"titulo": "T", "descricao": "d", "prioridade": "baixa"}],
                    "investimento": "R$ 100",
                    "impacto_esperado": "bom",
                }
            ],
        }
    )
    assert (parts.opportunities[0].title, parts.opportunities[0].what) == ("A", "b")
    phase = parts.phases[0]
    assert (phase.number, phase.name, phase.weeks) == (1, "Fase 1", "1-4")
    assert (phase.investment, phase.expected_impact) == ("R$ 100", "bom")
    assert phase.tasks == [PhaseTask("T", "d", "shopee", "low")]
    assert ("fases", "the field has another name", "read it as: phases") in repairs(parts)


def test_camel_case_field_names() -> None:
    parts = read(with_phase(expected_impact=..., expectedImpact="bom"))
    assert parts.phases[0].expected_impact == "bom"
    assert repairs(parts) == [("phases[0].expectedImpact", "the field has another name", "read it as: expected_impact")]


def test_a_wrapped_answer_is_opened_and_what_stands_beside_it_is_dropped() -> None:
    parts = read({"plano": canonical(), "approved": True})
    assert len(parts.phases) == 2
    assert repairs(parts) == [
        ("answer", "the answer was wrapped in another object: plano", "opened it"),
        ("approved", "the field is not part of a plan", "dropped it"),
    ]


def test_a_bare_list_is_read_by_what_it_holds() -> None:
    assert [o.title for o in read(canonical()["opportunities"]).opportunities] == ["Reduzir devoluções", "Rever fretes"]
    assert [p.number for p in read(canonical()["phases"]).phases] == [1, 2]
    assert len(read([canonical()]).phases) == 2


def test_foreign_fields_cannot_reach_the_plan() -> None:
    parts = read(
        {
            **with_phase(done=True, owner="x"),
            "status": "approved",
            "approved": True,
            "__class__": "Plan",
            "channel": "amazon",
        }
    )
    dropped = {r[0] for r in repairs(parts)}
    assert dropped == {"status", "approved", "__class__", "channel", "phases[0].done", "phases[0].owner"}
    assert {(r[1], r[2]) for r in repairs(parts)} == {("the field is not part of a plan", "dropped it")}
    assert {o.channel for o in parts.opportunities} == {"shopee"}


def test_duplicate_ids_become_unique() -> None:
    answer = canonical()
    answer["opportunities"][1]["id"] = "o1"
    answer["phases"][1]["tasks"][0]["opportunity_id"] = "o1"
    parts = read(answer)
    assert [o.id for o in parts.opportunities] == ["shopee-1", "shopee-2"]
    assert repairs(parts) == [
        ("opportunities[1].id", "two opportunities have the same id: o1", "numbered it anew: shopee-2")
    ]


def test_a_link_to_nothing_is_removed() -> None:
    answer = canonical()
    answer["phases"][0]["tasks"][0]["opportunity_id"] = "o9"
    parts = read(answer)
    assert parts.phases[0].tasks[0].opportunity_id is None
    assert repairs(parts) == [
        ("phases[0].tasks[0].opportunity_id", "it points to an opportunity that does not exist: o9", "removed the link")
    ]


def test_tasks_as_texts() -> None:
    for given in (["Trocar fotos", "Rever preço"], "- Trocar fotos\n- Rever preço", "1. Trocar fotos\n2. Rever preço"):
        parts = read(with_phase(tasks=given))
        assert [t.title for t in parts.phases[0].tasks] == ["Trocar fotos", "Rever preço"]
        assert parts.repairs


def test_a_missing_title_is_taken_from_the_description() -> None:
    parts = read(with_opportunity(title=..., what="Rever fotos. Medir depois."))
    assert parts.opportunities[0].title == "Rever fotos"
    assert parts.opportunities[0].what == "Rever fotos. Medir depois."
    assert ("opportunities[0].title", "there is no title", "took it from the description: Rever fotos") in repairs(
        parts
    )


def test_a_named_phase_without_tasks_stays_visible() -> None:
    parts = read(with_phase(tasks=[]))
    assert parts.phases[0].tasks == []
    assert repairs(parts) == [("phases[0].tasks", "the phase has no tasks", "kept it as given")]


def test_texts_of_other_types_are_joined() -> None:
    parts = read(
        with_phase(investment={"valor": "R$ 5.000", "prazo": None}, weeks=["Semanas 1", "2"], expected_impact=20)
    )
    phase = parts.phases[0]
    assert (phase.investment, phase.weeks, phase.expected_impact) == ("valor: R$ 5.000", "Semanas 1; 2", "20")
    assert len(parts.repairs) == 3


def evidence_of(**changes: Any) -> tuple[AnswerParts, list[Evidence]]:
    evidence = {**canonical()["opportunities"][0]["evidence"][0], **changes}
    parts = read(with_opportunity(evidence=[{k: v for k, v in evidence.items() if v is not ...}]))
    return parts, parts.opportunities[0].evidence


@pytest.mark.parametrize(
    ("changes", "value", "unit"),
    [
        ({"value": "12%"}, 0.12, "ratio"),
        ({"value": 12, "unit": "%"}, 0.12, "ratio"),
        ({"value": "12%", "unit": "percent"}, 0.12, "ratio"),
        ({"value": "R$ 1.234,56", "unit": "R$"}, 1234.56, "BRL"),
        ({"value": "37", "unit": "unidades"}, 37, "count"),
    ],
)
def test_evidence_in_other_writings(changes: dict[str, Any], value: float, unit: str) -> None:
    parts, evidence = evidence_of(**changes)
    assert evidence[0].value == pytest.approx(value)
    assert evidence[0].unit == unit
    assert parts.repairs


@pytest.mark.parametrize(
    "changes", [{"value": ...}, {"value": "alto"}, {"unit": "kg"}, {"unit": 3}, {"metric": ...}, {"value": 1e15}]
)
def test_evidence_without_a_figure_becomes_text(changes: dict[str, Any]) -> None:
    parts, evidence = evidence_of(**changes)
    assert evidence == []
    assert "12% voltam" in parts.opportunities[0].what
    assert any(r.problem.startswith("the evidence has no figure") for r in parts.repairs)


def test_evidence_as_sentences_becomes_text() -> None:
    parts = read(with_opportunity(evidence="Muitas devoluções em março"))
    assert parts.opportunities[0].what == "Rever fotos e medidas.\nMuitas devoluções em março"


def test_skus_as_one_text() -> None:
    _, evidence = evidence_of(skus="A1, B2; 33")
    assert evidence[0].skus == ["A1", "B2", "33"]


def test_long_texts_are_cut_at_the_limit() -> None:
    parts = read(with_opportunity(title="x" * 5000))
    assert parts.opportunities[0].title == "x" * (shape.TITLE_LIMIT - 1) + "…"
    assert repairs(parts) == [("opportunities[0].title", f"the text is too long: 5000 > {shape.TITLE_LIMIT}", "cut it")]


def test_long_lists_are_cut_at_the_limit() -> None:
    many = [{"id": f"x{n}", "title": f"T{n}", "what": "", "priority": "low"} for n in range(100)]
    parts = read(canonical(opportunities=[*canonical()["opportunities"], *many]))
    assert len(parts.opportunities) == shape.OPPORTUNITIES_LIMIT
    assert parts.repairs == [
        Repair("opportunities", f"the list is too long: 102 > {shape.OPPORTUNITIES_LIMIT}", "cut it")
    ]


@pytest.mark.parametrize("unwanted", ["\x00", "\x1b", "\x85", "\u202e", "\u200b", "\ud800", "\ufeff"])
def test_control_characters_are_removed(unwanted: str) -> None:
    parts = read(json.dumps(with_opportunity(title=f"Redu{unwanted}zir")))
    assert parts.opportunities[0].title == "Reduzir"
    assert parts.repairs[0].path == "opportunities[0].title"


def test_html_is_text_and_nothing_more() -> None:
    title = "<script>alert('x')</script> & <b>negrito</b>"
    parts = read(with_opportunity(title=title))
    assert parts.opportunities[0].title == title
    assert parts.repairs == []
