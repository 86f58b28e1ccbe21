"""Rows that a person struck through, or coloured as a legend says, are no sales; what may be otherwise is told."""

from __future__ import annotations

import errno
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.styles import Font, PatternFill

from gateway.intake import Limits
from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.marked import COLOURED, MOST_STRUCK, STRUCK, SUM, UNSEEN
from gateway.intake.readers import marked_rows
from gateway.intake.readers.colours import name_of
from gateway.intake.readers.marked_rows import marks_of
from gateway.intake.readers.workbook import read_workbook
from gateway.intake.tables import Marks
from tests.unit.gateway.intake.tables import sold

HEADER = ["Data", "Pedido", "Produto", "Qtd", "Total"]
LEGEND = "Legenda: linhas em vermelho = pedido cancelado"
RED = PatternFill("solid", fgColor="FFFF9999")


def book(path: Path, rows: int = 12, *, status: bool = False) -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append([*HEADER, *(["Situação"] if status else [])])
    for n in range(rows):
        sheet.append([f"2026-10-{n + 1:02d}", f"P{n}", f"Caneca {n % 4}", 1, 10 + n, *(["Entregue"] if status else [])])
    workbook.save(path)
    return workbook


def mark(workbook: openpyxl.Workbook, rows: list[int], *, fill: PatternFill | None = None) -> None:
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        for cell in sheet[row]:
            if fill is None:
                cell.font = Font(strike=True)
            else:
                cell.fill = fill


def read(workbook: openpyxl.Workbook, path: Path) -> Reading:
    workbook.save(path)
    return understand(read_workbook(path, Limits()).tables[0], ["own_store"])


def test_rows_that_are_struck_through_are_no_sales(tmp_path: Path) -> None:
    workbook = book(tmp_path / "a.xlsx")
    mark(workbook, [3, 6])
    found = read(workbook, tmp_path / "a.xlsx")

    assert sold(found)["row"].to_list() == [2, 4, 5, *range(7, 14)]
    assert {STRUCK.format(rows=2), SUM.format(amount="25,00")} <= set(found.report.warnings)


def test_rows_most_of_which_are_struck_through_count_and_are_told(tmp_path: Path) -> None:
    workbook = book(tmp_path / "a.xlsx")
    mark(workbook, list(range(2, 11)))
    found = read(workbook, tmp_path / "a.xlsx")

    assert sold(found).height == 12
    assert {MOST_STRUCK.format(rows=9), SUM.format(amount="126,00")} <= set(found.report.warnings)


def test_a_status_stands_above_what_is_struck_through(tmp_path: Path) -> None:
    workbook = book(tmp_path / "a.xlsx", status=True)
    mark(workbook, [3, 6])

    assert sold(read(workbook, tmp_path / "a.xlsx")).height == 12


def test_what_was_not_told_of_a_row_makes_their_sum_unknown(tmp_path: Path) -> None:
    workbook = book(tmp_path / "a.xlsx")
    sheet = workbook.active
    assert sheet is not None
    sheet["E3"] = None
    mark(workbook, [3, 6])

    told = read(workbook, tmp_path / "a.xlsx").report.warnings
    assert STRUCK.format(rows=2) in told
    assert not any("somam" in one for one in told)


def test_a_single_struck_cell_strikes_no_row(tmp_path: Path) -> None:
    workbook = book(tmp_path / "a.xlsx")
    sheet = workbook.active
    assert sheet is not None
    sheet["E4"].font = Font(strike=True)

    assert sold(read(workbook, tmp_path / "a.xlsx")).height == 12


def test_a_legend_says_which_colour_is_of_cancelled_rows(tmp_path: Path) -> None:
    workbook = book(tmp_path / "a.xlsx")
    mark(workbook, [5], fill=RED)
    mark(workbook, [7], fill=PatternFill("solid", fgColor="FF92D050"))
    sheet = workbook.active
    assert sheet is not None
    sheet.append([])
    sheet.append([LEGEND])
    found = read(workbook, tmp_path / "a.xlsx")

    assert sold(found)["row"].to_list() == [2, 3, 4, *range(6, 14)]
    assert {COLOURED.format(rows=1), SUM.format(amount="13,00")} <= set(found.report.warnings)


def test_a_colour_without_a_legend_says_nothing(tmp_path: Path) -> None:
    workbook = book(tmp_path / "a.xlsx")
    mark(workbook, [5], fill=RED)
    found = read(workbook, tmp_path / "a.xlsx")

    assert sold(found).height == 12
    assert not any("cor" in one.split() for one in found.report.warnings)


def test_a_legend_of_a_colour_that_no_row_has_is_told(tmp_path: Path) -> None:
    workbook = book(tmp_path / "a.xlsx")
    sheet = workbook.active
    assert sheet is not None
    sheet.append([])
    sheet.append([LEGEND])
    found = read(workbook, tmp_path / "a.xlsx")

    assert sold(found).height == 12
    assert UNSEEN in found.report.warnings


def test_a_damaged_style_sheet_marks_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/styles.xml", "<styleSheet><fonts><font><strike/></font></fonts><cellXfs><xf fontId='9'")

    assert marks_of(tmp_path / "a.xlsx", {}) == {}


def test_a_part_whose_stream_is_damaged_marks_nothing_and_leaves_the_legend_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/styles.xml", "<styleSheet/>" * 100)
        at = archive.getinfo("xl/styles.xml").header_offset + 30 + len("xl/styles.xml")
    content = bytearray((tmp_path / "a.xlsx").read_bytes())
    content[at : at + 4] = b"\xff" * 4
    (tmp_path / "a.xlsx").write_bytes(content)

    assert marks_of(tmp_path / "a.xlsx", {"S": pl.DataFrame({"a": [LEGEND]})}) == {"S": Marks(colour="red")}


def test_a_disk_that_fails_is_no_sheet_without_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(marked_rows, "ZipFile", fails)
    with pytest.raises(OSError, match="Input/output"):
        marks_of(tmp_path / "a.xlsx", {})


@pytest.mark.parametrize(
    ("rgb", "name"),
    [("FF0000", "red"), ("FF9999", "red"), ("FFC000", "yellow"), ("ED7D31", "orange"), ("92D050", "green"),
     ("5B9BD5", "blue"), ("BFBFBF", "grey"), ("FFFFFF", ""), ("000000", ""), ("7030A0", "")],
)  # fmt: skip
def test_a_colour_has_the_name_that_people_give_it(rgb: str, name: str) -> None:
    assert name_of(rgb) == name
