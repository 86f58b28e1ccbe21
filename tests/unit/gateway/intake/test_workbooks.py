"""Numbers of a workbook are numbers: what a text in the same column looks like does not change them."""

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from gateway.intake import Limits
from gateway.intake.layouts import understand
from gateway.intake.readers.workbook import read_workbook
from gateway.intake.sniff import XLSX, media_type

HEADER = ["Pedido", "SKU", "Quantidade", "Valor total", "Tarifa"]


def lines(tmp_path: Path, *rows: list[Any], above: int = 0) -> pl.DataFrame:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in ([["Relatório"]] * above) + [HEADER, *rows]:
        sheet.append(row)
    workbook.save(tmp_path / "book.xlsx")
    (table,) = read_workbook(tmp_path / "book.xlsx", Limits()).tables
    reading = understand(table, ["shopee"])
    assert reading.lines is not None
    return reading.lines


def test_three_decimals_are_no_thousands(tmp_path: Path) -> None:
    found = lines(tmp_path, ["1", "A", 1, 15.125, -2.375], ["2", "B", 2, 230.625, -10.125], ["3", "C", 1, 40, -1.001])

    assert found["revenue"].to_list() == [15.125, 230.625, 40]
    assert found["fees"].to_list() == [2.375, 10.125, 1.001]


def test_blank_columns_before_the_first_change_no_number(tmp_path: Path) -> None:
    """A number that is taken for text there is a thousand times as much."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (HEADER[:4], ["1", "A", 1, 15.125], ["2", "B", 2, 230.625], ["3", "C", 1, "1.234"]):
        sheet.append([None, *row])
    workbook.save(tmp_path / "book.xlsx")
    (table,) = read_workbook(tmp_path / "book.xlsx", Limits()).tables
    found = understand(table, ["shopee"]).lines

    assert found is not None
    assert found["revenue"].to_list() == [15.125, 230.625, 1234]


@pytest.mark.parametrize("above", [0, 5])
def test_text_and_numbers_of_one_column_are_read_apart(tmp_path: Path, above: int) -> None:
    rows: list[list[Any]] = [
        ["1", "A", 1, "1.234", None],
        ["2", "B", 1, 15.125, None],
        ["3", "C", 1, 99.9, None],
        [None] * 5,
    ]
    found = lines(tmp_path, *rows, ["4", "D", 1, "R$ 2.500", None], above=above)

    assert found["revenue"].to_list() == [1234, 15.125, 99.9, 2500]


def test_a_number_as_a_name_stays_as_it_is_written(tmp_path: Path) -> None:
    assert lines(tmp_path, [1, 12.345, 1, 10, None], [2, "12.346", 1, 10, None])["sku"].to_list() == [
        "12.345",
        "12.346",
    ]


def test_rows_are_numbered_as_in_the_sheet(tmp_path: Path) -> None:
    """Empty rows at the top count too."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    placed: list[tuple[int, list[Any]]] = [(4, HEADER), (5, ["1", "A", 1, 10, 0]), (7, ["2", "B", 1, 10, 0])]
    for at, row in placed:
        for column, value in enumerate(row, start=1):
            sheet.cell(at, column, value)
    workbook.save(tmp_path / "book.xlsx")
    (table,) = read_workbook(tmp_path / "book.xlsx", Limits()).tables
    found = understand(table, ["shopee"])

    assert found.lines is not None
    assert found.lines["row"].to_list() == [5, 7]
    assert found.report.where.endswith("cabeçalho na linha 4")


@pytest.mark.parametrize(("usual", "written"), [("/", "\\"), ("xl/workbook.xml", "xl/Workbook.xml")])
def test_names_of_parts_as_other_programs_write_them(tmp_path: Path, usual: str, written: str) -> None:
    """With backslashes, or a capital: spreadsheets open these workbooks, too."""
    plain, path = tmp_path / "plain.xlsx", tmp_path / "vendas.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Pedido", 7])
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as archive:
        for name in source.namelist():
            part = zipfile.ZipInfo(name)
            part.filename = name.replace(usual, written)
            archive.writestr(part, source.read(name))

    assert media_type(path, path.name) == XLSX
    assert [table.frame.rows() for table in read_workbook(path, Limits()).tables] == [[("Pedido", "7")]]
