"""A large sheet gives what it gives read whole, whichever export it is; of an export only the columns that it needs."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from bench.evaluate.golden import write_layouts
from gateway.intake import Limits, document, whole
from gateway.intake.document import read
from gateway.intake.layouts import LAYOUTS, Reading, parts
from gateway.intake.layouts.described import header_id
from gateway.intake.readers import large_sheets
from gateway.intake.readers.large_sheets import Chosen, LargeSheet, LargeWorkbook
from gateway.intake.tables import RawDocument, RawTable
from gateway.intake.values import cleaned
from schemas.facts import DocumentFacts, TableRead

LIMITS = Limits()
OWN = {layout.name for layout in LAYOUTS}


def every_workbook(folder: Path) -> list[tuple[Path, list[str]]]:
    """Write every layout that is a workbook, with rows enough to have a head and more."""
    written = write_layouts(folder, seed=5, rows=150)
    return [(one.path, list(one.channels)) for one in written if one.path.suffix == ".xlsx"]


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, list[str]]]:
    return every_workbook(tmp_path_factory.mktemp("golden"))


def large(monkeypatch: pytest.MonkeyPatch, head: int = 40) -> None:
    monkeypatch.setattr(whole, "HEAD_ROWS", head)
    monkeypatch.setattr(whole, "LARGE_ROWS", head + 1)


def told(facts: DocumentFacts) -> dict[str, object]:
    return facts.to_dict()


@dataclass(frozen=True, slots=True)
class ReadAsLarge:
    """A workbook as read; `widths`: of each table that was narrowed, the columns that were taken and all of them."""

    path: Path
    channels: list[str]
    facts: DocumentFacts
    widths: list[tuple[int, int]]


@pytest.fixture(scope="module")
def read_as_large(workbooks: list[tuple[Path, list[str]]]) -> list[ReadAsLarge]:
    """Every workbook, read as if it were large."""
    taken: list[tuple[int, int]] = []
    narrowed = whole._narrowed

    def noting(table: RawTable, *rest: Any) -> RawTable:
        made = narrowed(table, *rest)
        taken.append((made.rows().width, table.frame.width))
        return made

    found = []
    with pytest.MonkeyPatch.context() as patched:
        large(patched)
        patched.setattr(whole, "_narrowed", noting)
        for path, channels in workbooks:
            taken.clear()
            facts = read(path, path.name, channels, LIMITS)
            found.append(ReadAsLarge(path, channels, facts, list(taken)))
    return found


def test_every_export_gives_what_it_gives_read_whole(read_as_large: list[ReadAsLarge]) -> None:
    assert len(read_as_large) >= 8
    for one in read_as_large:
        assert told(one.facts) == told(read(one.path, one.path.name, one.channels, LIMITS)), one.path.name


def test_of_an_export_only_the_columns_that_it_needs_are_cleaned(read_as_large: list[ReadAsLarge]) -> None:
    for one in read_as_large:
        assert bool(one.widths) == (one.facts.tables[0].layout in OWN), one.path.name
        assert all(some < width for some, width in one.widths), one.path.name


def test_no_export_has_its_sheet_unpacked_for_one_column_after_the_other(
    workbooks: list[tuple[Path, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for the rows, once for kinds of cells that are not sure, once for what rows that may be copies differ in."""
    large(monkeypatch)
    for name in ("LARGE_SHEET", "_SMALL_SHEET"):
        monkeypatch.setattr(large_sheets, name, 1)
    looks: list[str] = []
    rows = large_sheets.LargeWorkbook.rows

    def counted(self: LargeWorkbook, sheet: LargeSheet, name: str, of: Chosen) -> Iterator[pl.DataFrame]:
        looks.append(name)
        return rows(self, sheet, name, of)

    monkeypatch.setattr(large_sheets.LargeWorkbook, "rows", counted)
    for path, channels in workbooks:
        looks.clear()
        assert read(path, path.name, channels, LIMITS).channels, path.name
        assert looks, path.name
        assert max(looks.count(name) for name in looks) <= 3, path.name


def test_a_column_that_begins_after_the_head_is_known_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["Pedido", "Data", "SKU", "Quantidade", "Valor total", "Valor do reembolso"])
    for n in range(60):
        sheet.append([str(n), f"{n % 28 + 1:02d}/03/2026", f"S{n % 5}", 1, 10.5, 10.5 if n > 50 else None])
    workbook.save(tmp_path / "a.xlsx")
    small = told(read(tmp_path / "a.xlsx", "a.xlsx", ["shopee"], LIMITS))
    large(monkeypatch)
    facts = read(tmp_path / "a.xlsx", "a.xlsx", ["shopee"], LIMITS)

    assert told(facts) == small
    assert [figure.value for figure in facts.channels[0].figures if figure.metric == "refunds"] == [94.5]


@pytest.mark.parametrize("cell", ["", " ", "-", "–", " — ", "--", "-5", "5-", "a-", "\u00a0-", "'-'", "0", "–x", None])
def test_blank_cells_are_those_of_dashes_alone(cell: str | None) -> None:
    plain = None if cell is None else cell.strip(" \u00a0'")
    expected = None if plain is None or not plain.strip("-–—") else plain

    assert pl.DataFrame({"a": [cell]}, schema={"a": pl.String}).select(cleaned(pl.col("a"))).item() == expected


def test_an_export_that_a_person_mapped_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = ["Order ID", "Date", "Status", "Qty", "Amount", "ASIN", "Category", "Valor do reembolso"]
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(headers)
    for n in range(60):
        day = f"2026-03-{n % 28 + 1:02d}"
        sheet.append([str(n), day, "Shipped", 1, 10.5, f"B{n % 5:09d}", "mug", 10.5 if n > 50 else None])
    workbook.save(tmp_path / "a.xlsx")
    said = {header_id(headers): {"Amount": "revenue"}}
    small = told(read(tmp_path / "a.xlsx", "a.xlsx", ["amazon"], LIMITS, said))
    large(monkeypatch)
    facts = read(tmp_path / "a.xlsx", "a.xlsx", ["amazon"], LIMITS, said)

    assert told(facts) == small
    assert read(tmp_path / "a.xlsx", "a.xlsx", ["amazon"], LIMITS).tables[0].layout == "amazon.sales"
    assert [figure.value for figure in facts.channels[0].figures if figure.metric == "refunds"] == [94.5]


def test_of_a_long_table_the_cells_as_they_were_read_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """They would stand beside the cleaned ones until the figures are made: a quarter of what the reading takes."""
    monkeypatch.setattr(parts, "_MOST_ROWS", 3)
    frame = pl.DataFrame({"0": ["Pedido", *" 1234"], "1": ["Valor total", *("9,90 ",) * 5]})
    as_read, seen = weakref.ref(frame), []
    raw = RawDocument([RawTable("t", frame)])
    del frame

    def understand(table: RawTable) -> Reading:
        seen.append((as_read() is None, table.is_clean, table.frame["1"][1]))
        return Reading(TableRead("t", "plain", 5))

    document._understand(raw, "a.xlsx", "", LIMITS, understand)

    assert seen == [(True, True, "9,90")]
    assert raw.tables == []
