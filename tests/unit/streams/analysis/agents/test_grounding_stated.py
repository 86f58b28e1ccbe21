"""What a document's own text states is evidence, too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.facts import ChannelFacts, DocumentFacts, Product
from schemas.plan import Evidence, Opportunity
from schemas.stated import StatedFigure
from streams.analysis.agents.errors import AnswerUnusable
from streams.analysis.agents.grounding import ground
from streams.analysis.agents.known import Known
from streams.analysis.agents.repairs import Repairs
from streams.analysis.rules import analyse

STATED = StatedFigure("revenue", 48_230.15, "BRL", "página 2", "Receita total R$ 48.230,15")


@pytest.mark.parametrize(
    ("evidence", "kept"),
    [
        (Evidence("revenue", 48_230.15, "BRL", "Receita de R$ 48.230,15"), True),
        (Evidence("revenue", 48_230.15, "count", "Receita"), True),
        (Evidence("revenue", 60_000, "BRL", "Receita"), False),
        (Evidence("units", 48_230.15, "count", "Unidades"), False),
        (Evidence("revenue", 48_230.15, "BRL", "Receita de A1", ["A1"]), False),
    ],
    ids=["as stated", "unit", "another value", "another figure", "of a product"],
)
def test_what_the_text_states_is_evidence_and_nothing_more(evidence: Evidence, kept: bool) -> None:
    products = ChannelFacts("shopee", [], "BRL", [], [Product("A1", "Vestido", 2, 20.0, 2)])
    document = DocumentFacts("application/pdf", "relatório", channels=[products], stated=[STATED])
    known = Known("shopee", document, analyse("shopee", document))
    asked = Opportunity("shopee-1", "shopee", "T", "O quê", "high", [evidence], worth_brl=48_230.15)

    [found] = ground("", [asked], [], [], known, Repairs()).opportunities

    assert found.evidence == ([replace(evidence, unit="BRL")] if kept else [])
    assert found.worth_brl is None


@pytest.mark.parametrize(
    ("what", "is_usable"),
    [
        ("Perdem-se R$ 1.111,11 em frete, R$ 2.222,22 em tarifas e 37,5% em devoluções.", False),
        ("A receita foi de R$ 48.230,15, e perdem-se R$ 1.111,11.", True),
        ("Rever fotos e descrições.", True),
    ],
)
def test_of_a_text_without_figures_made_up_ones_are_an_unusable_answer(what: str, is_usable: bool) -> None:
    text = "A receita total foi de R$ 48.230,15, e as vendas caíram em março."
    document = DocumentFacts("application/pdf", "relatório", text=text, stated=[STATED])
    known = Known("shopee", document, analyse("shopee", document))
    asked = [Opportunity("shopee-1", "shopee", "Vendas em queda", what, "high", [])]

    if is_usable:
        assert ground("", asked, [], [], known, Repairs()).opportunities == asked
        return
    with pytest.raises(AnswerUnusable) as caught:
        ground("", asked, [], [], known, Repairs())
    assert caught.value.reason == "unfounded"
