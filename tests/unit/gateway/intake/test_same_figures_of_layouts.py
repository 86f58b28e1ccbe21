"""Every layout gives the same figures to the cent, however its columns, rows, sheets, separators and types are written.

The documents are the golden ones; what is done to them is drawn from a seed. That each change does change the file, and
that a changed amount changes the figures, is held too.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, Final

import openpyxl
import pytest

from bench.evaluate.golden import write_layouts
from gateway.intake.document import read
from gateway.intake.layouts import LAYOUTS
from gateway.intake.limits import Limits
from gateway.intake.readers.decoding import decode
from schemas.facts import DocumentFacts

Cell = str | int | float | None
Rows = list[list[Cell]]
Figures = dict[tuple[str, ...], float]
SEEDS: Final = (3,)
#: Numbers as a program writes them: with two decimals they are amounts, and no codes.
AMOUNT: Final = re.compile(r"-?\d+\.\d\d")
#: Drawn by `planted.py`, `summed_up.py` and `kept_back.py` in place of `write_layouts`: other tests read these.
NOT_DRAWN: Final = {
    *("shopee.product_performance", "etsy.orders", "shopee.sales_overview", "paypal.activity", "wildberries.report"),
}
SUMMARY: Final[list[Cell]] = ["Mês", "Unidades", "Faturamento"]
SUMMARY_ABROAD: Final[list[Cell]] = ["Month", "Units", "Revenue"]


@dataclass(frozen=True, slots=True)
class Table:
    """A golden document: its sheets by name, one without a name for a text file, and what is read of it."""

    name: str
    channels: list[str]
    sheets: dict[str, Rows]
    figures: Figures
    layouts: frozenset[str]
    months: Rows  # of a document of orders of one channel: month, units, revenue


def figures_of(facts: DocumentFacts) -> Figures:
    """Return all figures, and each product's revenue and units."""
    found: Figures = {
        (own.channel, figure.metric, figure.unit): figure.value for own in facts.channels for figure in own.figures
    }
    for own in facts.channels:
        for product in own.products:
            for name, value in (("revenue", product.revenue), ("units", product.units)):
                if value is not None:
                    found[own.channel, product.sku, name] = value
    return found


def months_of(facts: DocumentFacts) -> Rows:
    """Return each month's units and revenue as a summary tells them; none of several channels, or without orders."""
    told = [month for own in facts.channels for month in own.months]
    if len(facts.channels) != 1 or not all(month.orders and month.revenue for month in told):
        return []
    return [[f"{month.month[5:]}/{month.month[:4]}", month.units, month.revenue] for month in told]


def sheets_of(path: Path) -> dict[str, Rows]:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        return {sheet.title: [list(map(_plain, row)) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    text = decode(path.read_bytes())
    separator = max(";,\t", key="\n".join(text.splitlines()[:8]).count)
    return {"": [[cell or None for cell in row] for row in csv.reader(text.splitlines(), delimiter=separator)]}


def _plain(cell: Any) -> Cell:
    return f"{cell:%Y-%m-%d %H:%M:%S}" if isinstance(cell, datetime) else cell


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> list[Table]:
    """Every golden document that is a table, as it is read unchanged."""
    found = []
    for one in write_layouts(tmp_path_factory.mktemp("golden"), seed=7, rows=60):
        if one.path.suffix not in {".csv", ".txt", ".xlsx"}:
            continue
        facts = read(one.path, one.path.name, list(one.channels), Limits())
        layouts = frozenset(table.layout for table in facts.tables)
        sheets, months = sheets_of(one.path), months_of(facts)
        found.append(Table(one.path.stem, list(one.channels), sheets, figures_of(facts), layouts, months))
    return found


def reread(table: Table, sheets: dict[str, Rows], folder: Path, separator: str = "") -> Figures:
    """Return the figures that are read of the sheets, written as a text with a separator or as a workbook."""
    return figures_of(reread_facts(table.name, sheets, table.channels, folder, separator))


def reread_facts(
    name: str, sheets: dict[str, Rows], channels: Sequence[str], folder: Path, separator: str = ""
) -> DocumentFacts:
    """Write the sheets, as a text with a separator or as a workbook, and return what is read of them."""
    path = folder / f"{name}{'.csv' if separator else '.xlsx'}"
    if separator:
        (rows,) = sheets.values()
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows)
    else:
        book = openpyxl.Workbook(write_only=True)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title or "Planilha")
            for row in rows:
                sheet.append(row)
        book.save(path)
    return read(path, path.name, list(channels), Limits())


def header_of(rows: Rows) -> int:
    """Return the place of the header: of the first rows, the fullest one."""
    return max(range(min(8, len(rows))), key=lambda at: (sum(cell is not None for cell in rows[at]), -at))


def reordered(rows: Rows, random: Random) -> Rows:
    """Return the rows with their columns shuffled; those of one name stay in their order, which tells them apart."""
    width = max(map(len, rows))
    full = [[*row, *[None] * (width - len(row))] for row in rows]
    header = full[header_of(rows)]
    order = random.sample(range(width), width)
    for name in {cell for cell in header if header.count(cell) > 1}:
        places = [at for at, column in enumerate(order) if header[column] == name]
        for at, column in zip(places, sorted(order[at] for at in places), strict=True):
            order[at] = column
    return [[row[column] for column in order] for row in full]


def with_junk(rows: Rows, random: Random) -> Rows:
    """Return the rows with titles above, the header again, notes and a blank row below, and a column of no use."""
    at = header_of(rows)
    width = max(map(len, rows))
    beside: Rows = [row + [None] * (width - len(row)) for row in rows]
    for n, row in enumerate(beside):
        row.append("Observação interna" if n == at else "ok" if n > at else None)
    titles: Rows = [["Exportado por Zuleica"], [None], ["Uso interno"]]
    notes: Rows = [[None], ["Obs.: conferir com o financeiro"], [None, None, "— fim —"]]
    return [*titles[: random.randint(1, 3)], *beside, rows[at], *random.sample(notes, len(notes))]


def typed(rows: Rows, kind: Callable[[Cell], Cell]) -> Rows:
    at = header_of(rows)
    return [row if n <= at else [kind(cell) for cell in row] for n, row in enumerate(rows)]


def as_text(cell: Cell) -> Cell:
    """Return a number as Brazilians write it."""
    if isinstance(cell, float):
        text = f"{cell:,.2f}" if round(cell, 2) == cell else f"{cell:,}"
        return text.translate(str.maketrans(",.", ".,"))
    return cell if cell is None else str(cell)


def as_number(cell: Cell) -> Cell:
    return float(cell) if isinstance(cell, str) and AMOUNT.fullmatch(cell) else cell


def differences(table: Table, found: Figures) -> dict[tuple[str, ...], tuple[float | None, float | None]]:
    """Return what is told otherwise than of the unchanged document: more than half a cent, or not at all."""
    return {
        key: (table.figures.get(key), found.get(key))
        for key in table.figures.keys() | found.keys()
        if key not in table.figures or key not in found or abs(table.figures[key] - found[key]) >= 0.005
    }


def test_every_layout_that_is_known_is_among_them(tables: list[Table]) -> None:
    read_as = frozenset[str]().union(*(table.layouts for table in tables))

    assert {layout.name for layout in LAYOUTS} - NOT_DRAWN <= read_as
    assert all(table.figures for table in tables)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_columns_changes_nothing(tables: list[Table], tmp_path: Path, seed: int) -> None:
    for table in tables:
        random = Random(f"{seed}-{table.name}")
        changed = {name: reordered(rows, random) for name, rows in table.sheets.items()}

        assert changed != table.sheets
        assert not differences(table, reread(table, changed, tmp_path)), table.name


@pytest.mark.parametrize("seed", SEEDS)
def test_titles_notes_a_column_and_a_sheet_that_say_nothing_change_nothing(
    tables: list[Table], tmp_path: Path, seed: int
) -> None:
    for table in tables:
        random = Random(f"{seed}-{table.name}")
        changed = {name: with_junk(rows, random) for name, rows in table.sheets.items()}
        changed["Instruções"] = [["Preencha a planilha"], ["com cuidado", "e sem pressa"]]

        assert not differences(table, reread(table, changed, tmp_path)), table.name


def with_sums(rows: Rows, random: Random) -> Rows:
    """Return the rows with lines among them that name a sum in the first column and have two numbers."""
    at = header_of(rows)
    amounts = [column for column in range(1, len(rows[at])) if _are_amounts(rows, at, column)]
    found = list(rows)
    for label in random.sample(["Média", "Saldo anterior", "Subtotal", "Total geral", "Average", "Promedio"], 3):
        line: list[Cell] = [None] * len(rows[at])
        line[0] = label
        for column in amounts[:2]:
            line[column] = "12.50"
        found.insert(random.randint(at + 3, len(found)), line)
    return found


def _are_amounts(rows: Rows, at: int, column: int) -> bool:
    told = [str(row[column]) for row in rows[at + 2 :] if len(row) > column and row[column] is not None]
    return bool(told) and all(re.fullmatch(r"-?\d[\d.,]{0,9}", text) for text in told)


def test_lines_that_sum_up_others_change_nothing(tables: list[Table], tmp_path: Path) -> None:
    for table in tables:
        random = Random(f"sums-{table.name}")
        changed = {name: with_sums(rows, random) for name, rows in table.sheets.items()}

        assert not differences(table, reread(table, changed, tmp_path)), table.name


def test_a_summary_of_the_same_sales_changes_nothing(tables: list[Table], tmp_path: Path) -> None:
    summed = [table for table in tables if table.months]
    for table in summed:
        # a table in Portuguese without a currency is assumed to be in reais
        is_brazilian = any(unit == "BRL" for *_, unit in table.figures)
        summary: Rows = [SUMMARY if is_brazilian else SUMMARY_ABROAD, *table.months]
        changed = {**table.sheets, "Resumo": summary}

        assert not differences(table, reread(table, changed, tmp_path)), table.name
    assert len(summed) >= 8


@pytest.mark.parametrize("separator", [";", "\t"])
def test_separators_and_numbers_as_texts_change_nothing(tables: list[Table], tmp_path: Path, separator: str) -> None:
    for table in (one for one in tables if len(one.sheets) == 1):
        changed = {name: typed(rows, as_text) for name, rows in table.sheets.items()}

        assert not differences(table, reread(table, changed, tmp_path, separator)), table.name


def test_amounts_as_numbers_of_a_workbook_change_nothing(tables: list[Table], tmp_path: Path) -> None:
    for table in tables:
        changed = {name: typed(rows, as_number) for name, rows in table.sheets.items()}

        assert not differences(table, reread(table, changed, tmp_path)), table.name


def test_what_is_sold_twice_is_seen(tables: list[Table], tmp_path: Path) -> None:
    """The comparison can fail: a document with its last rows left out tells other figures."""
    for table in tables:
        shorter = {name: rows[: len(rows) - len(rows) // 3] for name, rows in table.sheets.items()}

        assert differences(table, reread(table, shorter, tmp_path)), table.name
