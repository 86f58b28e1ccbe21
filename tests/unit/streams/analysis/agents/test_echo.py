"""What only repeats the prompt is no plan."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.plan import Evidence, Opportunity, Phase, PhaseTask
from streams.analysis.agents.echo import is_repeated, without_echo
from streams.analysis.agents.errors import AnswerUnusable
from streams.analysis.agents.instructions import FORM, own_words
from streams.analysis.agents.repairs import Repairs

ECHO = "text; what to do in detail, and why"
GOOD = Opportunity("o1", "shopee", "Rever o frete", "Negociar.", "high")


def phase(*tasks: PhaseTask, **changes: Any) -> Phase:
    return Phase(1, "Fase 1", "Semanas 1-4", list(tasks), **changes)


TASK = PhaseTask("Negociar o frete", "Com dois parceiros.", "shopee", "high", "o1")


@pytest.mark.parametrize("line", [line for line in own_words().splitlines() if len(line.split()) > 3])
def test_every_line_of_the_prompt_is_known_again(line: str) -> None:
    assert is_repeated(line)
    assert is_repeated(line.upper().replace(",", " "))


@pytest.mark.parametrize("text", ["text", "title", "String", "worth_brl", "expected_impact", "what to do"])
def test_so_are_names_of_fields_and_types(text: str) -> None:
    assert is_repeated(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123",
        "Devoluções",
        "Reduzir as devoluções de SKU-1",
        "Rever preços e frete dos itens sem margem",
        "Fase 1 - Otimizações de Impacto Rápido",
        "O canal vende bem: R$ 30.000,00 de receita em 480 pedidos; as tarifas levam 24% e as devoluções 19%.",
    ],
)
def test_what_a_seller_reads_is_no_echo(text: str) -> None:
    assert not is_repeated(text)


def test_a_text_that_is_the_prompt_for_the_most_part_is_one() -> None:
    mostly = "Plano: " + " ".join(FORM.splitlines()[1:4]) + " fim"
    assert is_repeated(mostly)


def test_repeated_texts_are_taken_out_and_said() -> None:
    repairs = Repairs()
    evidence = Evidence("revenue", 1.0, "BRL", "the figure's name in the data")
    given = Opportunity("o2", "shopee", "Rever preços", ECHO, "high", [evidence])
    echoed = Opportunity("o3", "shopee", "what to do, as a short imperative", "", "high")
    other = PhaseTask("Medir", "the step in detail", "shopee", "high", "o3")
    summary, opportunities, [one], limits = without_echo(
        "how the channel does and what matters most",
        [GOOD, given, echoed],
        [phase(TASK, other, investment="what it costs, in words")],
        ["what could not be seen in the data, and why", "Sem datas."],
        repairs,
    )
    assert (summary, limits) == ("", ["Sem datas."])
    assert [(o.id, o.what) for o in opportunities] == [("o1", "Negociar."), ("o2", "")]
    assert opportunities[1].evidence[0].text == ""
    assert [(t.title, t.what, t.opportunity_id) for t in one.tasks] == [
        ("Negociar o frete", "Com dois parceiros.", "o1"),
        ("Medir", "", None),
    ]
    assert one.investment == ""
    assert len(repairs) == 7
    assert {r.problem.partition(":")[0] for r in repairs.listed()} == {"the text repeats the instructions"}


def test_a_phase_of_echoes_goes_and_a_name_is_made_anew() -> None:
    echo = PhaseTask("one step, as a short imperative", "", "shopee")
    named = Phase(None, "the word Fase and the number, then what it is about", "", [TASK])
    _, _, phases, _ = without_echo("", [GOOD, GOOD], [phase(echo), named], [], Repairs())
    assert [(p.name, len(p.tasks)) for p in phases] == [("Fase", 1)]


@pytest.mark.parametrize("others", [[], [GOOD]])
def test_an_answer_that_is_mostly_echo_is_unusable(others: list[Opportunity]) -> None:
    echoed = Opportunity("o3", "shopee", "what to do, as a short imperative", "", "high")
    with pytest.raises(AnswerUnusable) as caught:
        without_echo("", [echoed, *others], [], [], Repairs())
    assert caught.value.reason == "echo"


def test_an_answer_without_echo_is_as_it_was() -> None:
    repairs = Repairs()
    given = phase(TASK, expected_impact="Menos frete.")
    assert without_echo("Vai bem.", [GOOD], [given], ["x"], repairs) == ("Vai bem.", [GOOD], [given], ["x"])
    assert len(repairs) == 0
