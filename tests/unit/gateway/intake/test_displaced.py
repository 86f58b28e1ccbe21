"""Rows that stand under another column's header give no figure without a doubt, whatever the table is."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from bench.evaluate.golden import Golden, write_layouts
from gateway.intake.layouts import UNKNOWN
from gateway.intake.layouts.displaced import CODES, DAYS, TEXTS
from gateway.intake.refused import Refused
from tests.unit.gateway.intake.tables import fields, reading, sold
from tests.unit.gateway.intake.test_same_figures_of_layouts import Rows, figures_of, header_of, reread_facts, sheets_of

#: Written by hand: few columns, few rows, amounts with and without cents.
TABLES = {
    "by product": "Produto;Qtd;Preço;Total\nCamisa;2;50,00;100,00\nBoné;1;35,50;35,50\nMeia;3;12,00;36,00",
    "whole amounts": "Produto;Qtd;Preço;Total\nCamisa;2;50;100\nBoné;1;35;35\nMeia;3;12;36",
    "by day": "Data;Produto;Quantidade;Valor total\n01/03/2026;Camisa;2;100,00\n02/03/2026;Boné;1;35,50",
    "with numbers": "Pedido;Data;SKU;Qtd;Valor total\nP-1;01/03/2026;A-1;2;100,00\nP-2;02/03/2026;B-2;1;35,50",
    "in English": "Order ID;Date;Item;Quantity;Total\n1001;2026-03-01;Shirt;2;100.00\n1002;2026-03-02;Cap;1;35.50",
    "in Spanish": "Fecha;Producto;Cantidad;Precio;Total\n01/03/2026;Gorra;2;50,00;100,00\n02/03/2026;Media;1;9,50;9,50",
}


def shifted(rows: Rows, by: int) -> Rows:
    """Return the rows below the header, each cell one column to the right (1) or to the left (-1)."""
    at, width = header_of(rows), max(map(len, rows))
    full = [[*row, *[None] * (width - len(row))] for row in rows]
    return [row if n <= at else row[-by:] + row[:-by] for n, row in enumerate(full)]


def moved(text: str, by: int) -> str:
    header, *rows = text.splitlines()
    cells = [row.split(";") for row in rows]
    return "\n".join([header, *(";".join(row[-by:] + row[:-by]) for row in cells)])


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Golden, dict[str, Rows]]]:
    """Every golden document that is a table, with its sheets."""
    written = write_layouts(tmp_path_factory.mktemp("golden"), seed=7, rows=30)
    return [(one, sheets_of(one.path)) for one in written if one.path.suffix in {".csv", ".txt", ".xlsx"}]


@pytest.mark.parametrize("by", [1, -1])
def test_no_export_and_no_table_gives_figures_under_a_shifted_header(
    golden: list[tuple[Golden, dict[str, Rows]]], tmp_path: Path, by: int
) -> None:
    read = 0
    for one, written in golden:
        sheets = {name: shifted(rows, by) for name, rows in written.items()}
        try:
            facts = reread_facts(one.path.stem, sheets, list(one.channels), tmp_path)
        except Refused:  # nothing was read
            continue
        read += 1
        sales = {name: value for name, value in figures_of(facts).items() if not name[1].startswith("advertising")}

        assert not sales, (one.path.name, sales)
    assert read >= 25


@pytest.mark.parametrize("by", [1, -1])
@pytest.mark.parametrize("name", TABLES)
def test_a_small_table_under_a_shifted_header_is_asked_about(name: str, by: int) -> None:
    assert sold(reading(TABLES[name]))["revenue"].sum() > 0

    found = reading(moved(TABLES[name], by)).report

    assert (found.layout, found.asks) == (UNKNOWN, True)


#: Of these one name alone contradicts its cells: what stands beside tells whether that is an accident.
IN_PART = {
    "a column is gone from the middle": (
        "Pedido;Data;Produto;Cor;Quantidade;Valor total;Frete\n1;01/03/2026;Camisa;2;100,00;9,90;\n"
        "2;02/03/2026;Boné;1;35,50;12,40;\n3;03/03/2026;Meia;3;36,15;8,75;"
    ),
    "a column was put into the middle": (
        "Pedido;Data;Produto;Quantidade;Valor total;Frete;\n1;01/03/2026;Camisa;Olinda;2;100,00;9,90\n"
        "2;02/03/2026;Boné;Recife;1;35,50;12,40\n3;03/03/2026;Meia;Natal;3;36,15;8,75"
    ),
}


@pytest.mark.parametrize("name", IN_PART)
def test_rows_that_are_displaced_from_some_column_on_are_asked_about(name: str) -> None:
    found = reading(IN_PART[name]).report

    assert (found.layout, found.asks) == (UNKNOWN, True)


def test_what_does_not_fit_is_told_with_the_way_to_mend_it() -> None:
    found = reading(moved(TABLES["with numbers"], 1)).report

    assert len(found.warnings) == 1
    assert "“Pedido”" in found.warnings[0] or "“Data”" in found.warnings[0]
    assert any(kind in found.warnings[0] for kind in (CODES, DAYS, TEXTS))
    assert "“Ver as colunas”" in found.warnings[0]


def test_a_person_who_says_what_the_columns_are_is_believed() -> None:
    wrong = moved(TABLES["by product"], 1)
    identity = reading(wrong).report.header_id
    told = {identity: {"Qtd": "title", "Preço": "units", "Total": "price", "Produto": "revenue"}}

    assert sold(reading(wrong, mappings=told))["revenue"].sum() == pytest.approx(171.5)


def test_nobody_is_shown_under_a_header_that_does_not_fit() -> None:
    text = (
        "Pedido;Data;Produto;Cliente;Valor\n1;01/03/2026;Camisa;Zuleica Braga;100,00\n2;02/03/2026;Boné;Ana Melo;35,50"
    )
    found = reading(moved(text, -1)).report

    assert "Zuleica" not in str(found)
    assert any("não combinam" in one for one in found.warnings)


def test_one_column_that_does_not_fit_is_left_alone() -> None:
    """Totals of a board beside the sales are texts, and the sales are sales."""
    rows = "01/03/2026;Camisa;2;50,00;100,00;ver aba 2\n02/03/2026;Boné;1;35,50;35,50;ver aba 3"
    found = reading(f"Data;Produto;Qtd;Preço;Total;Frete\n{rows}")

    assert sold(found)["revenue"].sum() == pytest.approx(135.5)
    assert "shipping" not in fields(found)


def test_amounts_with_cents_in_the_column_of_units_are_no_units() -> None:
    rows = "01/03/2026;Camisa;50,90;3\n02/03/2026;Boné;35,50;1\n03/03/2026;Meia;12,25;2"
    found = reading(f"Data;Produto;Quantidade;Valor total\n{rows}")

    assert sold(found)["units"].is_null().all()
    assert sold(found)["revenue"].sum() == 6
    assert any("“Quantidade”" in one and "“Ver as colunas”" in one for one in found.report.warnings)


def test_what_is_sold_by_weight_has_units_with_a_comma() -> None:
    rows = "01/03/2026;Queijo;1,50;45,00\n02/03/2026;Salame;0,75;30,00\n03/03/2026;Mel;2,25;90,00"

    assert sold(reading(f"Data;Produto;Quantidade (kg);Valor total\n{rows}"))["units"].sum() == 4.5


def test_parts_of_units_that_price_and_total_agree_with_are_units() -> None:
    rows = "Queijo;1,50;30,00;45,00\nSalame;0,75;40,00;30,00\nMel;2,25;20,00;45,00"

    assert sold(reading(f"Produto;Quantidade;Preço;Total\n{rows}"))["units"].sum() == 4.5


def test_a_shift_is_a_shift_in_any_order_of_columns() -> None:
    random = Random(3)
    for name, text in TABLES.items():
        lines = [line.split(";") for line in text.splitlines()]
        order = random.sample(range(len(lines[0])), len(lines[0]))
        mixed = "\n".join(";".join(line[at] for at in order) for line in lines)
        for by in (1, -1):
            assert reading(moved(mixed, by)).lines is None, (name, order, by)


def test_ways_of_paying_that_are_days_stand_below_another_column() -> None:
    names = "Pedido;Forma de pagamento;Produto;Preço de tabela;Valor total"
    rows = "P-1;01/03/2026;Camisa;Azul;50,00\nP-2;02/03/2026;Boné;Preto;35,50\nP-3;03/03/2026;Meia;Azul;12,00"
    found = reading(f"{names}\n{rows}")

    assert (found.lines, found.report.asks) == (None, True)
    assert "“Forma de pagamento”, por exemplo, tem datas" in found.report.warnings[0]


def test_days_below_a_name_that_says_so_are_not_displaced() -> None:
    rows = [f"{n};0{n}/03/2026;0{n}/03/2026;Copo;2;30,00" for n in range(1, 6)]
    found = reading("\n".join(["order_id;order_date;receipt_date;product;quantity;total_amount", *rows]))

    assert sold(found)["revenue"].sum() == 150


def test_a_programs_records_are_none_of_another_column() -> None:
    rows = [f"{n};0{n}/03/2026;Copo;2;30,00;{{'cost': '5'}};[]" for n in range(1, 6)]
    found = reading("\n".join(["order_id;order_date;product;quantity;total;shipping;refunds", *rows]))

    assert sold(found)["revenue"].sum() == 150


def test_a_stock_that_is_named_in_words_is_no_sign_of_a_shift() -> None:
    rows = [f"{day:02d}/03/2026;Trator {day};{'Novos' if day % 2 else 'Usados'};V;1;{day}00,00" for day in range(1, 9)]
    found = reading("\n".join(["Data;Produto;Estoque;Estoque próprio;Quantidade;Valor total", *rows]))

    assert sold(found)["revenue"].sum() == 3600
