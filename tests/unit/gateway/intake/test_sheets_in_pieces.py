"""A large sheet is read in pieces of rows, and gives what it gives read whole."""

from __future__ import annotations

import random
import zipfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import polars as pl
import pytest

from gateway.intake import Limits, Refused
from gateway.intake.document import read
from gateway.intake.layouts import LAYOUTS
from gateway.intake.readers import large_sheets, sheets_in_pieces
from gateway.intake.readers.sheets_in_pieces import SheetInPieces
from gateway.intake.readers.workbook import read_workbook
from gateway.intake.tables import RawTable
from tests.unit.gateway.intake.test_large_workbooks import every_workbook

LIMITS = Limits()
OWN = {layout.name for layout in LAYOUTS}
Rows = list[tuple[int, list[Any]]]
#: A text that looks like ends of rows.
ENDS = 't="str"><v><![CDATA[' + '</row> <row r="999">' * 20 + "]]>"


def as_large(monkeypatch: pytest.MonkeyPatch, piece: int = 400) -> None:
    """Let every sheet be a large one, of pieces of so many bytes."""
    for name, value in {"LARGE_SHEET": 1, "_SMALL_SHEET": 1, "PIECE": piece, "_MOST_PIECE": piece}.items():
        monkeypatch.setattr(large_sheets, name, value)
    monkeypatch.setattr("gateway.intake.readers.sheet_rows._CHUNK", 64)


def written(path: Path, *sheets: Rows) -> Path:
    """Write a workbook; of each row its number."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for number, cells in rows:
            for column, value in enumerate(cells, start=1):
                if value is not None:
                    sheet.cell(number, column, value)
    book.save(path)
    return path


def rewritten(path: Path, change: Callable[[str], str], name: str = "xl/worksheets/sheet1.xml") -> Path:
    """Write the workbook anew with one of its parts changed."""
    made = path.with_name(f"changed {path.name}")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            content = source.read(part)
            archive.writestr(part, change(content.decode()) if part.filename == name else content)
    return made


def cells_of(path: Path) -> list[tuple[str, list[tuple[str | None, ...]]]]:
    return [(table.where, table.frame.rows()) for table in read_workbook(path, LIMITS).tables]


def is_alike(path: Path, monkeypatch: pytest.MonkeyPatch, piece: int = 400) -> bool:
    """Compare the cells of a workbook with those that it has read whole; say whether it was read in pieces."""
    whole = cells_of(path)
    joined: list[int] = []
    with monkeypatch.context() as patched:
        as_large(patched, piece)
        real = sheets_in_pieces._joined

        def noting(read: list[pl.DataFrame]) -> pl.DataFrame:
            joined.append(len(read))
            return real(read)

        patched.setattr(sheets_in_pieces, "_joined", noting)
        assert cells_of(path) == whole
    return bool(joined) and max(joined) > 1


def anything(draw: random.Random) -> Any:
    return draw.choice([
        None, "", "Camisa", "a & b < c", "ção", " x ", 1, 15.125, 0.07, 1e16, -3, 1234567.891, "1.234", "15.125", True,
        datetime.fromisoformat("2026-03-12T14:05:00"), date(2026, 3, 12), time(8, 30), timedelta(hours=30), "=1/0",
        "linha\nduas",
    ])  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_any_cells_are_those_of_the_sheet_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    draw = random.Random(seed)
    sheets = []
    for _ in range(draw.randint(1, 3)):
        left, width, number = draw.randint(0, 2), draw.randint(1, 9), draw.choice([0, 0, 3])
        rows: Rows = []
        for _ in range(draw.randint(0, 60)):
            number += draw.choice([1, 1, 1, 1, 1, 9])
            rows.append((number, [None] * left + [anything(draw) for _ in range(draw.randint(1, width))]))
        sheets.append(rows)

    is_alike(written(tmp_path / "a.xlsx", *sheets), monkeypatch, piece=draw.choice([200, 900, 3000]))


def test_a_long_sheet_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: Rows = [(number, [f"P{number}", number / 8, "Camisa"]) for number in range(1, 200)]

    assert is_alike(written(tmp_path / "a.xlsx", rows), monkeypatch)
    assert is_alike(written(tmp_path / "b.xlsx", rows, [], rows[50:]), monkeypatch)


def test_a_number_with_three_decimals_far_below_is_told_from_text_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: Rows = [(number, [None, f"P{number}", number + 0.5, "1.50"]) for number in range(2, 90)]
    path = written(tmp_path / "a.xlsx", [*rows, (95, [None, "x", "1.234", 2]), (96, [None, "y", 15.125, None, "far"])])

    assert is_alike(path, monkeypatch)
    as_large(monkeypatch)
    (table,) = read_workbook(path, LIMITS).tables
    assert table.frame["1"].to_list()[1:3] == ["\ue0002.5", "\ue0003.5"]
    assert table.frame["1"].to_list()[-2:] == ["1.234", "\ue00015.125"]
    assert table.frame["2"].to_list()[1] == "1.50"


def test_styled_blank_rows_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As programs leave them that format a whole sheet: at its top, within it, and for ever after it."""
    path = written(tmp_path / "a.xlsx", [(n, [f"P{n}", n]) for n in range(40, 80)])
    blank = [f'<row r="{n}" ht="15"><c r="A{n}" s="0"/><c r="H{n}" s="0"/></row>' for n in range(1, 200)]
    above, below = "".join(blank[:38]), "".join(blank[90:])
    styled = rewritten(
        path,
        lambda xml: xml.replace("<sheetData>", f"<sheetData>{above}").replace("</sheetData>", f"{below}</sheetData>"),
    )

    assert is_alike(styled, monkeypatch)
    assert cells_of(styled) == cells_of(path)


def test_names_with_a_prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Microsoft's own library for programs writes sheets so."""
    path = written(tmp_path / "a.xlsx", [(n, [f"P{n}", n]) for n in range(1, 80)])

    def prefixed(xml: str) -> str:
        made = xml.replace("</", "\0").replace("<", "<x:").replace("\0", "</x:").replace("<x:?xml", "<?xml")
        return made.replace("xmlns=", "xmlns:x=")

    assert is_alike(rewritten(path, prefixed), monkeypatch)


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(' r="', ' q="'),  # nothing has a number: each stands after the one before
        lambda xml: xml.replace('<row r="70"', '<row r="7"').replace('r="A70"', 'r="A7"').replace('r="B70"', 'r="B7"'),
        lambda xml: xml.replace('t="n"><v>', ENDS),
        lambda xml: xml.replace("<sheetData>", "<!-- <sheetData> --><sheetData>"),
    ],
    ids=["no numbers", "no order", "rows within a text", "rows within a comment"],
)
def test_what_is_written_otherwise_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str]
) -> None:
    rows: Rows = [(n, [f"P{n}", n]) for n in range(1, 90)]

    assert not is_alike(rewritten(written(tmp_path / "a.xlsx", rows), change), monkeypatch)


def test_what_stands_after_the_rows_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: Rows = [(n, [f"P{n}", n]) for n in range(1, 90)]
    more = '<row r="100"><c r="A100"><v>7</v></c></row>' * 40
    path = rewritten(written(tmp_path / "a.xlsx", rows), lambda xml: xml.replace("</sheetData>", f"</sheetData>{more}"))

    assert is_alike(path, monkeypatch)
    assert len(cells_of(path)[0][1]) == 89


def test_damage_within_a_large_sheet_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.xlsx", [(n, [f"P{n}", random.random()]) for n in range(1, 900)])
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    content = bytearray(path.read_bytes())
    middle = part.header_offset + part.compress_size // 2
    content[middle : middle + 40] = b"x" * 40
    path.write_bytes(content)
    as_large(monkeypatch)

    with pytest.raises(Refused) as refused:
        read_workbook(path, LIMITS)
    assert refused.value.code == "unreadable"


def test_rows_of_all_pieces_count_for_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.xlsx", [(n, [f"P{n}", n]) for n in range(1, 90)])
    as_large(monkeypatch)

    with pytest.raises(Refused) as refused:
        read_workbook(path, Limits(max_rows=88))
    assert refused.value.code == "too-many-rows"
    assert len(read_workbook(path, Limits(max_rows=89)).tables[0].frame) == 89


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, list[str]]]:
    return every_workbook(tmp_path_factory.mktemp("layouts"))


def test_every_export_gives_what_it_gives_read_whole(
    exports: list[tuple[Path, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a known one no more columns are read than it needs."""
    widths: dict[str, list[bool]] = defaultdict(list)
    real = SheetInPieces.table

    def noting(sheet: SheetInPieces, *rest: Any) -> RawTable:
        table = real(sheet, *rest)
        widths[sheet.workbook.path.name].append(table.rows().width < table.frame.width)  # the rows are read anew
        return table

    for path, channels in exports:
        whole = read(path, path.name, channels, LIMITS)
        with monkeypatch.context() as patched:
            as_large(patched, piece=20_000)
            patched.setattr(SheetInPieces, "table", noting)
            facts = read(path, path.name, channels, LIMITS)
        assert facts.to_dict() == whole.to_dict(), path.name
        assert any(widths[path.name]) is (facts.tables[0].layout in OWN), path.name
    assert len(exports) >= 8


def test_a_sheet_that_is_not_large_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    real = fastexcel.read_excel

    def noting(source: Any) -> Any:
        seen.append(source)
        return real(source)

    monkeypatch.setattr(fastexcel, "read_excel", noting)
    cells_of(written(tmp_path / "a.xlsx", [(n, [f"P{n}", n]) for n in range(1, 90)]))

    assert len(seen) == 1
