"""Tables as people lay them out: heads over two rows, months or channels as columns, several tables on one sheet."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from gateway.intake import Limits
from gateway.intake.dates import month_named
from gateway.intake.document import read
from gateway.intake.layouts.monthly import MEASURE, MEASURE_ASKED
from schemas.facts import ChannelFacts, DocumentFacts

Cells = list[list[str | float | datetime | None]]
DAY = [datetime.fromisoformat(f"2026-03-{day:02d}") for day in range(1, 9)]
HEAD: list[str | float | datetime | None] = ["Data", "Pedido", "Produto", "Qtd", "Valor total"]


def of_text(
    folder: Path, text: str, name: str = "vendas.csv", channels: tuple[str, ...] = ("own_store",)
) -> DocumentFacts:
    (folder / name).write_text(text, "utf-8")
    return read(folder / name, name, list(channels), Limits())


def of_sheet(folder: Path, *sheets: Cells, channels: tuple[str, ...] = ("own_store",)) -> DocumentFacts:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Planilha {number}")
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(folder / "vendas.xlsx")
    return read(folder / "vendas.xlsx", "vendas.xlsx", list(channels), Limits())


def values(found: ChannelFacts, *metrics: str) -> list[float | None]:
    told = {figure.metric: figure.value for figure in found.figures}
    return [told.get(metric) for metric in metrics]


def test_a_head_over_two_rows(tmp_path: Path) -> None:
    found = of_sheet(
        tmp_path,
        [
            ["Relatório de vendas de março"],
            [],
            ["Pedido", None, "Produto", None, "Venda", None, "Custos", None],
            ["Número", "Data", "SKU", "Nome", "Qtd", "Valor total", "Comissão", "Frete"],
            ["P-1", DAY[0], "A-1", "Camisa", 2, 100, -12, -10],
            ["P-2", DAY[1], "B-1", "Calça", 1, 80, -9.6, 0],
            ["Total", None, None, None, 3, 180, -21.6, -10],
        ],
    )

    assert values(found.channels[0], "revenue", "orders", "units", "fees", "shipping_cost") == [180, 2, 3, 21.6, 10]


def test_names_over_both_rows_of_a_head(tmp_path: Path) -> None:
    merged = of_sheet(
        tmp_path,
        [
            ["Vendas da loja"],
            ["Data", "Pedido", "Produto", "Venda", None, "Custos", None],
            [None, None, None, "Qtd", "Valor total", "Comissão", "Frete"],
            [DAY[0], "P-1", "Camisa", 2, 100, -12, -10],
            [DAY[1], "P-2", "Calça", 1, 80, -9.6, 0],
        ],
    )
    text = of_text(
        tmp_path,
        "Data;Pedido;Produto;Quantidade;Valores (US$);;\n;;;;Bruto;Desconto;Líquido\n"
        "01/03/2026;1;Camisa;2;100,00;10,00;90,00\n02/03/2026;2;Meia;1;20,00;0,00;20,00",
    )
    revenue = next(figure for figure in merged.channels[0].figures if figure.metric == "revenue")

    assert merged.tables[0].where.endswith("cabeçalho na linha 3")
    assert values(merged.channels[0], "revenue", "units", "fees", "shipping_cost") == [180, 3, 21.6, 10]
    assert revenue.rows is not None
    assert sorted(row.row for row in revenue.rows.sample) == [4, 5]
    assert (values(text.channels[0], "units"), text.channels[0].currency) == ([3], "USD")


def test_a_row_of_texts_below_a_head_is_a_row(tmp_path: Path) -> None:
    found = of_text(tmp_path, "Produto;Data;Pedido;Valor total\nCamisa;;P-1;10,00\nMeia;02/03/2026;P-2;20,00")

    assert values(found.channels[0], "revenue", "orders") == [30, 2]


MONTHS = [("2025-01", 1300.5), ("2025-02", 500.0), ("2025-03", 350.0)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "vendas.csv",
            (
                "Produto;jan/25;fev/25;mar/25;Total\nCamisa;1.000,50;500,00;250,00;1.750,50\n"
                "Calça;300,00;;100,00;400,00\nTotal;1.300,50;500,00;350,00;2.150,50"
            ),
        ),
        (
            "vendas.csv",
            (
                "Faturamento por produto (R$)\n\nSKU;Produto;Janeiro de 2025;Fevereiro de 2025;Março de 2025\n"
                "A-1;Camisa;1000,5;500;250\nB-1;Calça;300;;100"
            ),
        ),
        ("Faturamento 2025.csv", "Produto;Jan;Fev;Mar\nCamisa;1000,50;500;250\nCalça;300;0;100"),
        ("receita.csv", "Produto;2025-01;2025-02;2025-03\nCamisa;1000,50;500;250\nCalça;300;0;100"),
        (
            "vendas.csv",
            (
                "Produto;jan/25;;fev/25;;mar/25;;Total;\n"
                ";Qtd;Valor total;Qtd;Valor total;Qtd;Valor total;Qtd;Valor total\n"
                "Camisa;10;1.000,50;5;500,00;2;250,00;17;1.750,50\nCalça;3;300,00;;;1;100,00;4;400,00"
            ),
        ),
    ],
)
def test_months_as_columns(tmp_path: Path, name: str, text: str) -> None:
    (found,) = of_text(tmp_path, text, name).channels

    assert values(found, "revenue") == [2150.5]
    assert found.period == ["2025-01-01", "2025-03-31"]
    assert [(month.month, month.revenue) for month in found.months] == MONTHS
    assert values(found, "units") == [21 if "Qtd" in text else None]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "Produto;Jan/25;Fev/25\nCamisa;10;5\nCalça;3;0"),  # pieces or money?
        ("custos.csv", "Produto;Jan/25;Fev/25\nCamisa;10,50;5,25\nCalça;3,10;0,99"),
        ("Despesas.csv", "Categoria;Jan/25;Fev/25\nAluguel;1500,50;1500,50\nEnergia;300,10;310,99"),
        ("a.csv", "Produto;Shopee;Amazon\nCamisa;59,90;64,90\nCalça;80,00;85,00"),  # prices, or what was sold?
    ],
)
def test_columns_that_may_be_something_else_are_not_sold(tmp_path: Path, name: str, text: str) -> None:
    assert of_text(tmp_path, text, name).channels == []


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("Produto;Jan;Fev;Mar\nCamisa;1000;500;250\nCalça;300;0;100", 2150),
        ("Código;Descrição;jan/25;fev/25;mar/25;Total\nA-1;Camisa;1000;500;250;1750\nB-1;Calça;300;;100;400", 2150),
        ("Marca;2025-01;2025-02;2025-03\nNorte;1000,50;500;250\nSul;300;0;100", 2150.5),
        ("Loja;Jan;Fev;Mar\nCentro;1000;500;250\nSul;300;0;100", 2150),
    ],
)
def test_of_months_that_name_no_measure_a_person_is_asked(text: str, money: float, tmp_path: Path) -> None:
    (table,) = of_text(tmp_path, text, "a.csv").tables
    by_name = {column.header: column for column in table.columns}

    assert (table.layout, table.asks) == ("unknown", True)
    assert table.warnings[0] == MEASURE_ASKED
    assert (by_name[MEASURE].confidence, by_name[MEASURE].samples[0][:4]) == (0, "1000")

    path = tmp_path / "a.csv"
    (own,) = read(path, "a.csv", ["own_store"], Limits(), {table.header_id: {MEASURE: "revenue"}}).channels
    assert values(own, "revenue") == [money]


@pytest.mark.parametrize(
    "text",
    [
        "Produto;Valor;Jan;Mar\nProduto A;12,50;x;y\nProduto B;9,90;;",
        "Produto;Início;Fim;Valor total;Quantidade\nProduto A;jan/25;mar/25;100,00;2\nProduto B;fev/25;abr/25;80,00;1",
        "Produto;Faturamento total;Jan;Fev;Mar\nCamisa;1750;1000;500;250\nCalça;400;300;0;100",
    ],
)
def test_a_total_beside_months_is_read_as_it_stands(text: str, tmp_path: Path) -> None:
    (table,) = of_text(tmp_path, text, "a.csv").tables

    assert MEASURE not in {column.header for column in table.columns}
    assert MEASURE_ASKED not in table.warnings


def test_channels_as_columns(tmp_path: Path) -> None:
    text = "Vendas por canal (R$)\nProduto;Mercado Livre;Shopee\nCamisa;100,00;50,00\nCalça;80,00;"
    found = of_text(tmp_path, text, channels=("mercado_livre", "shopee")).channels
    below = of_sheet(
        tmp_path,
        [
            ["Data", "Pedido", "Produto", "Mercado Livre", None, "Shopee", None],
            [None, None, None, "Qtd", "Valor total", "Qtd", "Valor total"],
            [DAY[0], "P-1", "Camisa", 2, 100, None, None],
            [DAY[1], "P-2", "Calça", None, None, 1, 80],
        ],
        channels=("mercado_livre", "shopee"),
    ).channels

    months = "Vendas 2025 (R$)\nMês;Mercado Livre;Shopee;Total\nJaneiro;100,50;50,00;150,50\nTotal;100,50;50,00;150,50"
    by_month = of_text(tmp_path, months, channels=("mercado_livre", "shopee")).channels

    assert [(one.channel, *values(one, "revenue")) for one in found] == [("mercado_livre", 180), ("shopee", 50)]
    assert [(one.channel, *values(one, "revenue")) for one in by_month] == [("mercado_livre", 100.5), ("shopee", 50)]
    assert [(one.channel, *values(one, "revenue", "units", "orders")) for one in below] == [
        ("mercado_livre", 100, 2, 1),
        ("shopee", 80, 1, 1),
    ]


def test_several_tables_below_each_other(tmp_path: Path) -> None:
    found = of_sheet(
        tmp_path,
        [
            ["Vendas de março"],
            HEAD,
            [DAY[0], "P-1", "Camisa", 2, 100],
            [DAY[1], "P-2", "Calça", 1, 80],
            ["Total", None, None, 3, 180],
            [],
            ["Vendas de abril"],
            ["Pedido", "Valor total", "Produto", "Data", "Qtd"],
            ["P-3", 50, "Camisa", DAY[2], 1],
            ["P-4", 20, "Meia", DAY[3], 2],
            [],
            ["SKU", "Custo unitário"],
            ["A-1", 20],
            ["B-1", 30],
        ],
    )
    revenue = next(figure for figure in found.channels[0].figures if figure.metric == "revenue")

    assert [table.kind for table in found.tables] == ["sales", "sales", "costs"]
    assert [table.where.rsplit(" ", 1)[1] for table in found.tables] == ["2", "8", "12"]
    assert values(found.channels[0], "revenue", "orders", "units", "period_days") == [250, 4, 6, 4]
    assert revenue.rows is not None
    assert [row.row for row in revenue.rows.sample] == [3, 4, 9, 10]


def test_a_small_table_beside_a_long_one(tmp_path: Path) -> None:
    found = of_sheet(
        tmp_path,
        [
            [*HEAD, None, "Canal", "Total"],
            [DAY[0], "P-1", "Camisa", 2, 100, None, "Shopee", 100],
            [DAY[1], "P-2", "Calça", 1, 80, None, "Amazon", 100],
            [DAY[2], "P-3", "Meia", 1, 20],
        ],
    )

    assert [(one.channel, *values(one, "revenue", "orders")) for one in found.channels] == [("own_store", 200, 3)]


def test_a_blank_column_parts_no_table(tmp_path: Path) -> None:
    found = of_sheet(
        tmp_path,
        [
            ["Data", "Pedido", "Produto", None, "Valor total", "Status", "Motivo"],
            [DAY[0], "P-1", "Camisa", None, 100, "Cancelado", "Sem estoque"],
            [DAY[1], "P-2", "Calça", None, 80, "Entregue", None],
            [DAY[2], "P-3", "Meia", None, 20, "Entregue", None],
        ],
    )

    assert values(found.channels[0], "revenue", "cancellation_rate") == [100, pytest.approx(0.3333)]


def test_a_comma_on_one_sheet_and_a_point_on_the_other(tmp_path: Path) -> None:
    found = of_sheet(
        tmp_path,
        [HEAD, ["01/03/2026", "P-1", "Camisa", "2", "1.100,50"], ["02/03/2026", "P-2", "Calça", "1", "80,00"]],
        [HEAD, ["01/04/2026", "P-3", "Camisa", "2", "1,100.50"], ["02/04/2026", "P-4", "Calça", "1", "80.00"]],
    )

    assert values(found.channels[0], "revenue", "units") == [2361, 6]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("jan/25", (1, 2025)),
        ("Fevereiro de 2025", (2, 2025)),
        ("MAR", (3, None)),
        ("03/2025", (3, 2025)),
        ("2025-03-01 00:00:00", (3, 2025)),
        ("2025-03-02", None),
        ("13/2025", None),
        ("margem", None),
        ("maio azul", None),
        ("Total", None),
    ],
)
def test_a_name_of_a_month(text: str, month: tuple[int, int | None] | None) -> None:
    assert month_named(text) == month
