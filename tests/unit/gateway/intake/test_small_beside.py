"""A legend, filters and totals beside sales are called what they are; what may be sales never is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from gateway.intake.document import read
from gateway.intake.limits import Limits
from gateway.intake.small_beside import FILTERS, TOLD, TOTALS, WORDS_ALONE
from gateway.intake.unread import LEFT_OUT
from gateway.uploads.reading_words import remark_in_english
from schemas.facts import DocumentFacts

Rows = Sequence[Sequence[object]]
SALES: Rows = [
    ["Pedido", "Data", "SKU", "Produto", "Quantidade", "Valor total", "Status"],
    *([f"P{n}", f"{n:02d}/03/2026", f"A-{n}", f"Caneca {n}", 1, 49.9 + 3.17 * n, "Entregue"] for n in range(1, 13)),
]
REVENUE = sum(49.9 + 3.17 * n for n in range(1, 13))
LEGEND: Rows = [["Status", "Descrição"], ["Entregue", "Chegou ao comprador"], ["Devolvido", "Voltou"]]
LISTS: Rows = [["Status", "Canais", "Formas"], ["Entregue", "Shopee", "Pix"], ["Cancelado", None, "Boleto"]]
OF_REPORT: Rows = [
    ["Filtro", "Valor"], ["Período", "01/03/2026 a 31/03/2026"], ["Loja", "Todas"], ["Gerado em", "01/04/2026 08:12"],
]  # fmt: skip
BARE: Rows = [["Data inicial", "01/03/2026"], ["Data final", "31/03/2026"], ["Status", "Todos"]]
SUMS: Rows = [["Indicador", "Valor"], ["Receita total", REVENUE], ["Total de pedidos", 12], ["Ticket médio", 70.5]]
ONE_SUM: Rows = [["Resumo", "Valor"], ["Total geral", REVENUE]]
MONTHS: Rows = [["Mês", "Total"], ["Março", 900.5], ["Abril", 678.25]]
CHANNELS: Rows = [["Lugar", "Quanto"], ["Feira", 900.5], ["Balcão", 678.25], ["Total", 1578.75]]
NOTES: Rows = [["Quem", "Coisa", "Quanto"], ["Ana", "Caneca azul", 50.9], ["Bia", "Vela", 31.5]]
FORM: Rows = [["Campo", "Preenchido"], ["Loja", "Centro"], ["Período", "12"], ["De", "Ana"]]


def of(folder: Path, beside: Rows, *, below: bool = False, sales: Rows = SALES) -> DocumentFacts:
    book = Workbook()
    first = book.active
    assert first is not None
    for row in sales:
        first.append(list(row))
    second = first if below else book.create_sheet("Ao lado")
    for row in [[], *beside] if below else beside:
        second.append(list(row))
    book.save(path := folder / "vendas.xlsx")
    return read(path, path.name, ["own_store"], Limits())


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        (LEGEND, WORDS_ALONE),
        (LISTS, WORDS_ALONE),
        (OF_REPORT, FILTERS),
        (BARE, FILTERS),
        (SUMS, TOTALS),
        (ONE_SUM, TOTALS),
    ],
)
def test_it_is_called_what_it_is(tmp_path: Path, beside: Rows, told: str) -> None:
    facts = of(tmp_path, beside)
    (own,) = facts.channels

    assert [table.layout for table in facts.tables] == ["plain", "unknown"]
    assert facts.tables[1].warnings == [told]
    assert facts.tables[1].rows >= len(beside) - 2
    assert {figure.metric: figure.value for figure in own.figures}["revenue"] == pytest.approx(REVENUE, abs=0.01)


def test_one_below_the_sales_is_called_so_too(tmp_path: Path) -> None:
    assert [table.warnings for table in of(tmp_path, LEGEND, below=True).tables] == [[], [WORDS_ALONE]]


@pytest.mark.parametrize("beside", [MONTHS, CHANNELS, NOTES, FORM])
def test_what_may_be_sales_is_never_called_otherwise(tmp_path: Path, beside: Rows) -> None:
    table = of(tmp_path, beside).tables[1]

    assert TOLD.isdisjoint(table.warnings)
    assert table.warnings
    assert table.columns


def test_alone_in_a_document_nothing_tells_that_it_is_a_small_one(tmp_path: Path) -> None:
    facts = of(tmp_path, LEGEND, sales=NOTES)

    assert [table.warnings[0] for table in facts.tables] == [LEFT_OUT, LEFT_OUT]


def test_a_long_list_may_be_anything(tmp_path: Path) -> None:
    long: Rows = [
        ["Status", "Descrição"],
        *([f"Estado {letter}", "Algo"] for letter in "abcdefghijklmnopqrstuvwxyz" * 2),
    ]

    assert of(tmp_path, long).tables[1].warnings[0] == LEFT_OUT


@pytest.mark.parametrize("told", sorted(TOLD))
def test_it_is_said_in_english(told: str) -> None:
    assert remark_in_english(told) != told
