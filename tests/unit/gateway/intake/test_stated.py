"""Figures that a text states: taken with their words and place, and only where they are plainly of the whole."""

from collections.abc import Sequence
from pathlib import Path

import docx
import pytest

from gateway.intake import Limits
from gateway.intake.document import read
from gateway.intake.stated import stated_figures
from schemas.facts import DocumentFacts
from schemas.stated import StatedFigure
from streams.analysis.rules import analyse, facts_brief

HEADER = ("SKU", "Produto", "Unidades vendidas", "Receita")
TOP: list[tuple[str, ...]] = [("A-1", "Caneca", "10", "R$ 1.000,00"), ("A-2", "Prato", "5", "R$ 500,00")]


def said(text: str) -> list[tuple[str, float, str]]:
    return [(one.metric, one.value, one.unit) for one in stated_figures(text, [])]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        (
            "Receita total R$ 48.230,15, devolução 9,4 %",
            [("revenue", 48230.15, "BRL"), ("return_rate", 0.094, "ratio")],
        ),
        ("Receita total\nR$ 48,2 mil", [("revenue", 48200.0, "BRL")]),
        ("O faturamento do trimestre foi de R$ 1,2 milhão.", [("revenue", 1_200_000.0, "BRL")]),
        ("Foram 1.234 pedidos entre janeiro e março de 2026.", [("orders", 1234.0, "count")]),
        ("Total de pedidos: 87\nTicket médio: R$ 39,08", [("orders", 87.0, "count"), ("average_ticket", 39.08, "BRL")]),
        (
            "R$ 10.000,00 em vendas, 3,5% de cancelamento",
            [("revenue", 10000.0, "BRL"), ("cancellation_rate", 0.035, "ratio")],
        ),
        ("Revenue: US$ 12,345.67 with 321 orders.", [("revenue", 12345.67, "USD"), ("orders", 321.0, "count")]),
        ("Foram 50 pedidos cancelados.", [("cancelled_orders", 50.0, "count")]),
        ("Tarifas de R$ 1.200 e frete R$ 800,50.", [("fees", 1200.0, "BRL"), ("shipping_cost", 800.5, "BRL")]),
    ],
)  # fmt: skip
def test_what_is_stated_of_the_whole_is_taken(text: str, figures: list[tuple[str, float, str]]) -> None:
    assert said(text) == figures


@pytest.mark.parametrize(
    "text",
    [
        "A meta de receita é R$ 100.000,00.",
        "A receita pode chegar a R$ 90.000.",
        "O faturamento da categoria Camisetas foi de R$ 5.000,00.",
        "No trimestre anterior a receita foi de R$ 40.000,00.",
        "Receita por dia: R$ 500,00.",
        "A receita foi de R$ 500,00 por dia.",
        "Peça com maior receita: Caneca (R$ 4.320,00)",
        "Peça com menor faturamento: Prato (R$ 80,00)",
        "Mais vendida: Caneca\nQuantidade: 26 unidades",
        "Vendemos cerca de 1.000 unidades.",
        "A receita caiu 10 % e as devoluções subiram para 12%.",
        "Foram 12 pedidos por dia e 9 pedidos em atraso.",
        "A receita líquida foi de R$ 30.000,00.",
        "Receita de 2025",
        "A devolução foi de 140 %.",
        "Zuleica\tReceita R$ 10,00\tSantos",
    ],
)
def test_what_is_said_of_a_part_a_plan_or_another_time_is_not(text: str) -> None:
    assert said(text) == []


def test_a_channel_that_is_named_owns_its_figure() -> None:
    found = stated_figures("A Shopee teve receita de R$ 10.000,00.\nReceita total: R$ 30.000,00", [])
    facts = DocumentFacts("text/plain", "t", stated=found)

    assert [one.value for one in facts.stated_of("shopee")] == [10000.0]
    assert [one.value for one in facts.stated_of("amazon")] == [30000.0]


def test_several_values_of_a_figure_are_none_but_a_rounded_one_is_the_same() -> None:
    def facts(*values: float) -> DocumentFacts:
        stated = [StatedFigure("revenue", value, "BRL", "página 1", "") for value in values]
        return DocumentFacts("text/plain", "t", stated=stated)

    assert facts(10_000.0, 12_000.0).stated_of("shopee") == []
    assert [one.value for one in facts(48_200.0, 48_230.15).stated_of("shopee")] == [48_230.15]


def test_the_words_and_the_place_come_with_it_and_personal_data_do_not() -> None:
    parts = [("página 1", "Olá."), ("página 2", "Receita total R$ 10,00, diz ana@correio.com.br.")]

    (one,) = stated_figures("\n\n".join(text for _, text in parts), parts)

    assert (one.where, one.quote) == ("página 2", "Receita total R$ 10,00, diz [e-mail].")


def document(
    folder: Path, *paragraphs: str, rows: Sequence[tuple[str, ...]], header: tuple[str, ...] = HEADER
) -> DocumentFacts:
    word = docx.Document()
    for paragraph in paragraphs:
        word.add_paragraph(paragraph)
    table = word.add_table(rows=0, cols=len(header))
    for row in (header, *rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    word.save(str(folder / "a.docx"))
    return read(folder / "a.docx", "a.docx", ["own_store"], Limits())


def test_an_extract_below_a_stated_total_does_not_become_the_channels_total(tmp_path: Path) -> None:
    facts = document(tmp_path, "Receita total R$ 48.230,15, devolução 9,4 %.", "Veja a tabela.", rows=TOP)

    assert facts.channels == []
    assert "“Receita total R$ 48.230,15, devolução 9,4 %.” (parágrafo 1)" in facts.tables[0].warnings[0]
    assert "A-1 | Caneca | 10 | R$ 1.000,00" in facts.text
    assert facts.tables[0].warnings[-1] == "Colunas vistas: SKU, Produto, Unidades vendidas, Receita."
    assert facts.tables[0].columns_missing == []  # they would not help
    found = analyse("own_store", facts)
    assert "O documento afirma receita de R$ 48.230,15 e devolução de 9,4% (parágrafo 1)" in found.summary
    assert [task.title for task in found.phases[0].tasks] == ["Enviar todas as vendas de Loja própria"]
    assert '"stated":[{"metric":"revenue","value":48230.15' in facts_brief("own_store", facts)


@pytest.mark.parametrize("caption", ["Os 2 produtos mais vendidos:", "Top 5", "Principais produtos"])
def test_a_table_that_its_caption_calls_a_part_gives_no_totals(tmp_path: Path, caption: str) -> None:
    facts = document(tmp_path, caption, rows=TOP)

    assert facts.channels == []
    assert "só uma parte" in facts.tables[0].warnings[0]


def test_a_table_that_sums_up_to_what_is_stated_is_the_whole(tmp_path: Path) -> None:
    facts = document(tmp_path, "Receita total R$ 1.500,00 e devolução de 4 %.", "Vendas por produto", rows=TOP)

    (own,) = facts.channels
    assert {figure.metric: figure.value for figure in own.figures}["revenue"] == 1500.0
    summary = analyse("own_store", facts).summary
    assert "afirma devolução de 4,0%" in summary
    assert "afirma receita" not in summary


def test_a_table_that_sums_up_to_more_stays_and_the_difference_is_told(tmp_path: Path) -> None:
    facts = document(tmp_path, "Receita total R$ 900,00.", "Vendas por produto", rows=TOP)

    assert [own.channel for own in facts.channels] == ["own_store"]
    assert "soma mais" in facts.tables[0].warnings[-1]


ORDERS = ("Pedido", "Data", "Produto", "Unidades", "Receita")


def test_a_few_of_the_stated_orders_do_not_become_the_channels_sales(tmp_path: Path) -> None:
    """Five orders of 1,240 are no month of five orders; where all are there, they are."""
    some = [(f"10{n}", f"0{n}/09/2026", f"Caneca {n}", "1", f"R$ 5{n},00") for n in range(1, 6)]
    said = "Foram {} pedidos no mês, com devolução de 9,4 %."

    few = document(tmp_path, said.format("1.240"), "Pedidos", rows=some, header=ORDERS)
    whole = document(tmp_path, said.format("5"), "Pedidos", rows=some, header=ORDERS)
    more = document(tmp_path, said.format("4"), "Pedidos", rows=some, header=ORDERS)

    assert few.channels == []
    assert any("soma menos: é um trecho" in warning for warning in few.tables[0].warnings)
    assert "O documento afirma 1.240 pedidos" in analyse("own_store", few).summary
    assert {figure.metric: figure.value for figure in whole.channels[0].figures}["orders"] == 5
    assert "soma mais" in more.tables[0].warnings[-1]


def test_a_table_without_units_is_not_held_against_stated_ones(tmp_path: Path) -> None:
    rows: list[tuple[str, ...]] = [("A-1", "Caneca", "R$ 1.000,00"), ("A-2", "Prato", "R$ 500,00")]

    facts = document(tmp_path, "Vendemos 4.000 unidades.", "Produtos", rows=rows, header=("SKU", "Produto", "Receita"))

    assert {figure.metric: figure.value for figure in facts.channels[0].figures}["revenue"] == 1500.0


def test_facts_of_an_earlier_version_state_nothing() -> None:
    stored = DocumentFacts("text/plain", "t").to_dict()
    del stored["stated"]

    assert DocumentFacts.from_dict(stored).stated == []


def test_a_grand_total_of_sales_is_stated() -> None:
    (stated,) = stated_figures("Total geral de vendas: R$ 18.322,40", [])

    assert (stated.metric, stated.value) == ("revenue", 18322.4)
