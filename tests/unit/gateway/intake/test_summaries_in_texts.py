"""Reports tell sales by month, channel and product: each table of a text is read, and the same sales count once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from fpdf import FPDF

from gateway.intake import ANY_TABLE, Limits, Mappings
from gateway.intake.document import read
from gateway.intake.extracts import GOES_ON, PLANNED
from gateway.intake.told_again import AGAIN
from schemas.facts import DocumentFacts

Rows = list[tuple[str, ...]]
MONTHS: Rows = [
    ("Mês", "Pedidos", "Receita"),
    ("Julho/2026", "400", "R$ 48.000,00"),
    ("Agosto/2026", "420", "R$ 50.100,00"),
    ("Setembro/2026", "450", "R$ 52.200,00"),
]
CHANNELS: Rows = [
    ("Canal", "Pedidos", "Unidades", "Receita", "Tarifas"),
    ("Shopee", "610", "702", "R$ 68.200,50", "R$ 13.640,10"),
    ("Mercado Livre", "660", "815", "R$ 82.099,50", "R$ 14.418,00"),
    ("Total", "1.270", "1.517", "R$ 150.300,00", "R$ 28.058,10"),
]
PRODUCTS: Rows = [
    ("SKU", "Produto", "Unidades", "Receita"),
    ("A-1", "Caneca", "1.000", "R$ 100.000,00"),
    ("A-2", "Prato", "517", "R$ 50.300,00"),
]
BY_CHANNEL = {"shopee": 68200.5, "mercado_livre": 82099.5}


def word(folder: Path, *parts: str | Rows) -> Path:
    made = docx.Document()
    for part in parts:
        if isinstance(part, str):
            made.add_paragraph(part)
            continue
        table = made.add_table(rows=0, cols=len(part[0]))
        for row in part:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    made.save(str(folder / "a.docx"))
    return folder / "a.docx"


def pdf(folder: Path, *parts: str | Rows) -> Path:
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=9)
    for part in parts:
        if isinstance(part, str):
            page.multi_cell(0, 12, part, new_x="LMARGIN", new_y="NEXT")
            continue
        with page.table() as table:
            for cells in part:
                row = table.row()
                for cell in cells:
                    row.cell(cell)
    page.output(str(folder / "a.pdf"))
    return folder / "a.pdf"


def facts_of(path: Path, *channels: str, mappings: Mappings | None = None) -> DocumentFacts:
    return read(path, path.name, list(channels), Limits(), mappings)


def figures(facts: DocumentFacts, metric: str) -> dict[str, float]:
    return {own.channel: one.value for own in facts.channels for one in own.figures if one.metric == metric}


@pytest.mark.parametrize("write", [word, pdf])
def test_sums_by_month_are_sales(tmp_path: Path, write: Callable[..., Path]) -> None:
    facts = facts_of(write(tmp_path, "Vendas por mês", MONTHS), "shopee")

    assert figures(facts, "revenue") == {"shopee": 150300.0}
    assert facts.channels[0].period == ["2026-07-01", "2026-09-30"]


@pytest.mark.parametrize("write", [word, pdf])
def test_sums_by_channel_are_sales_without_their_total(tmp_path: Path, write: Callable[..., Path]) -> None:
    facts = facts_of(write(tmp_path, "Fechamento do trimestre", CHANNELS), "shopee", "mercado_livre")

    assert figures(facts, "revenue") == BY_CHANNEL
    assert figures(facts, "units") == {"shopee": 702, "mercado_livre": 815}
    assert figures(facts, "fees") == {"shopee": 13640.1, "mercado_livre": 14418.0}


@pytest.mark.parametrize("asked", [["shopee", "mercado_livre"], ["own_store"]])
@pytest.mark.parametrize("said", ["Receita total R$ 150.300,00.", "Um trimestre bom."])
def test_the_same_sales_count_once_and_for_the_channels_that_made_them(
    tmp_path: Path, asked: list[str], said: str
) -> None:
    path = word(tmp_path, said, "Por mês", MONTHS, "Por canal", CHANNELS, "Por produto", PRODUCTS)

    facts = facts_of(path, *asked)

    assert figures(facts, "revenue") == BY_CHANNEL
    assert [AGAIN in table.warnings for table in facts.tables] == [True, False, True]
    assert not any("é um trecho" in warning for table in facts.tables for warning in table.warnings)


def test_beside_sums_by_month_the_products_count(tmp_path: Path) -> None:
    facts = facts_of(word(tmp_path, "Por mês", MONTHS, "Por produto", PRODUCTS), "shopee")

    assert figures(facts, "revenue") == {"shopee": 150300.0}
    assert [product.sku for product in facts.channels[0].products] == ["A-1", "A-2"]


def test_tables_of_two_channels_with_one_sum_are_two(tmp_path: Path) -> None:
    facts = facts_of(word(tmp_path, "Shopee", PRODUCTS, "Mercado Livre", PRODUCTS, "Amazon", MONTHS), "shopee")

    assert figures(facts, "revenue") == {"shopee": 150300.0, "mercado_livre": 150300.0, "amazon": 150300.0}


@pytest.mark.parametrize("above", ["Metas para 2027", "Projeção por canal", "Previsto no orçado", "Forecast"])
def test_targets_and_forecasts_are_no_sales(tmp_path: Path, above: str) -> None:
    facts = facts_of(word(tmp_path, above, CHANNELS), "shopee", "mercado_livre")

    assert facts.channels == []
    assert PLANNED in facts.tables[0].warnings


def test_what_is_not_read_names_its_columns_and_a_person_says_what_they_are(tmp_path: Path) -> None:
    rows: Rows = [("Mês", "Bruto", "Alvo"), *((month, money, "1") for month, _, money in MONTHS[1:])]
    path = word(tmp_path, "Resumo", rows)

    unread = facts_of(path, "shopee")
    read_so = facts_of(path, "shopee", mappings={ANY_TABLE: {"Mês": "month", "Bruto": "revenue"}})

    assert unread.channels == []
    assert "Colunas vistas: Mês, Bruto, Alvo." in unread.tables[0].warnings
    assert figures(read_so, "revenue") == {"shopee": 150300.0}


def test_a_table_that_may_go_on_in_one_without_names_has_no_sums(tmp_path: Path) -> None:
    head = ("Pedido", "Data", "Produto", "Quantidade", "Total")
    first: Rows = [(f"PV-10{n}", f"0{n}/03/2026", f"Copo {n}", str(n), f"R$ {n}20,50") for n in range(1, 5)]
    rest: Rows = [(f"PV-20{n}", f"1{n}/03/2026", f"Jarra {n}", str(n), f"R$ {n}40,90") for n in range(1, 5)]
    cut = facts_of(word(tmp_path, "Vendas", [head, *first], "Página 2", rest), "own_store")
    whole = facts_of(word(tmp_path, "Vendas", [head, *first]), "own_store")

    assert (figures(cut, "revenue"), figures(whole, "revenue")) == ({}, {"own_store": 1082.0})
    assert GOES_ON in cut.tables[0].warnings
