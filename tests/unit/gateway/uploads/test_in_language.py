"""Places and remarks of a stored document are told in the language that is asked for; its own words stay."""

from __future__ import annotations

from dataclasses import replace

from gateway.uploads.in_language import facts_in, reading_in
from projections.reads.documents import DocumentReading
from schemas.facts import ChannelFacts, DocumentFacts, StatedFigure, TableRead

REMARK = "As tarifas são a soma de “Comissão”, “Taxa”."
ENGLISH = "The fees are the sum of “Comissão”, “Taxa”."
PLACE = "planilha “Vendas BR”, cabeçalho na linha 6"
TABLE = TableRead(PLACE, "plain", 1, warnings=[REMARK])
FACTS = DocumentFacts(
    "text/csv",
    "Vendas",
    [TABLE],
    [ChannelFacts("shopee", [], "BRL", [], warnings=[REMARK])],
    warnings=[REMARK, "dito pelo documento"],
    stated=[StatedFigure("revenue", 1.0, "BRL", "página 2", "Receita R$ 1")],
)


def test_a_document_is_told_in_english() -> None:
    told = facts_in("en", FACTS)

    assert told.tables[0].where == "sheet “Vendas BR”, header in row 6"
    assert told.tables[0].warnings == told.channels[0].warnings == [ENGLISH]
    assert told.warnings == [ENGLISH, "dito pelo documento"]
    assert (told.stated[0].where, told.stated[0].quote) == ("page 2", "Receita R$ 1")
    assert (
        replace(told, tables=FACTS.tables, channels=FACTS.channels, warnings=FACTS.warnings, stated=FACTS.stated)
        == FACTS
    )


def test_portuguese_is_what_the_reader_wrote() -> None:
    assert facts_in("pt-BR", FACTS) == FACTS
    reading = DocumentReading([TABLE], [REMARK], ["shopee"])
    assert reading_in("pt-BR", reading) == reading
    assert reading_in("en", reading).tables[0].warnings == [ENGLISH]
