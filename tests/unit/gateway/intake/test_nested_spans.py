"""Sheets of the last 30, 60 and 90 days tell the same sales: each is within the longest."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from gateway.intake.document import read
from gateway.intake.limits import Limits
from gateway.intake.nested_spans import WITHIN

HEADER = ["SKU", "Product", "Units Sold", "Revenue"]
SOLD = {"LV-1": 3, "CN-2": 8, "PR-3": 5, "FC-4": 11}


def span(times: float, header: list[str] = HEADER) -> list[list[object]]:
    units = {sku: int(count * times) for sku, count in SOLD.items()}
    return [list(header), *([sku, f"Item {sku}", count, count * 12.5] for sku, count in units.items())]


def figures(path: Path, sheets: dict[str, list[list[object]]]) -> tuple[float, list[str]]:
    book = Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    facts = read(path, path.name, ["own_store"], Limits())
    (own,) = facts.channels
    units = next(figure.value for figure in own.figures if figure.metric == "units")
    return units, [told for table in facts.tables for told in table.warnings]


@pytest.mark.parametrize(
    "names",
    [
        ("30 days", "60 days", "90 days"),
        ("Last 30d", "Last 60d", "Last 90d"),
        ("Últimos_30_dias", "Últimos_60_dias", "Últimos_90_dias"),
    ],
)
def test_the_days_of_a_sheet_are_within_those_of_a_longer_one(names: tuple[str, str, str], tmp_path: Path) -> None:
    units, told = figures(tmp_path / "a.xlsx", dict(zip(names, (span(1), span(2), span(3)), strict=True)))

    assert units == 81
    assert [WITHIN.format(days=days, most=90) in told for days in (30, 60, 90)] == [True, True, False]


@pytest.mark.parametrize(
    ("names", "second"),
    [
        (("0-30 days", "31-60 days"), span(2)),  # ranges beside each other
        (("Shop A 30 days", "Shop B 60 days"), span(2)),  # of different shops
        (("30 days", "60 days"), span(0.4)),  # a product sold less in the more days: they end on different days
        (("30 days", "60 days"), [[*HEADER, "Brand"], *([*row, "Lar"] for row in span(2)[1:])]),  # other columns
        (("Before", "After"), span(2)),
    ],
)
def test_other_sheets_are_added(names: tuple[str, str], second: list[list[object]], tmp_path: Path) -> None:
    units, told = figures(tmp_path / "a.xlsx", dict(zip(names, (span(1), second), strict=True)))

    assert units == 27 + sum(int(str(row[2])) for row in second[1:])
    assert not any("últimos" in one for one in told)


def dated(month: str, times: float) -> list[list[object]]:
    rows = span(times)[1:]
    return [["Date", *HEADER], *([f"2026-{month}-0{n}", *row] for n, row in enumerate(rows, 1))]


def test_sheets_with_days_of_their_own_are_added(tmp_path: Path) -> None:
    sheets = {"30 days": dated("03", 1), "60 days": dated("02", 2)}

    assert figures(tmp_path / "a.xlsx", sheets)[0] == 27 + 54


def test_sheets_without_skus_are_compared_by_their_titles(tmp_path: Path) -> None:
    first, second = ([row[1:] for row in span(times)] for times in (1, 2))

    assert figures(tmp_path / "a.xlsx", {"30 dias": first, "60 dias": second})[0] == 54
