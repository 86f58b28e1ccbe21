"""A CSV that a spreadsheet of another country has opened and saved stands in one column, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from gateway.intake.document import read
from gateway.intake.limits import Limits
from gateway.intake.readers.one_column import spread
from gateway.intake.tables import RawTable

ROWS = [
    "Pedido;Data da venda;SKU;Produto;Quantidade;Valor total",
    "P1;12/03/2026;A;Camisa azul;2;20,50",
    "P2;13/03/2026;B;Boné;1;10,00",
    "P3;14/03/2026;A;Camisa azul;1;10,25",
]


def table(cells: Sequence[str | None], *, free: bool = False) -> RawTable:
    return RawTable("planilha", pl.DataFrame({"0": cells}, schema={"0": pl.String}), free=free)


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_rows_in_one_column_are_cut_and_keep_their_numbers(separator: str) -> None:
    rows = [row.replace(";", separator) for row in ROWS]
    cut = spread(table(["Relatório", None, *rows]), Limits())

    assert (cut.frame.width, cut.frame.row(3)[0], cut.number(3), cut.number(4)) == (6, "P2", 5, 6)


def test_a_cell_over_several_lines_leaves_the_numbers_open() -> None:
    cut = spread(table([*ROWS[:2], 'P9;12/03/2026;A;"Camisa', 'azul";1;9,00', *ROWS[2:]]), Limits())

    assert (cut.frame.height, cut.frame.row(2)[3], cut.numbers) == (5, "Camisa\nazul", None)


@pytest.mark.parametrize(
    "kept",
    [
        table(["Oi", "P1;2;3"]),
        table(["um texto", "outro, com vírgula", "e mais um"]),
        table(["a,b", "c,d", "e,f"]),
        table(ROWS, free=True),
        RawTable("planilha", pl.DataFrame({"0": ROWS, "1": ["a", "b", "c", "d"]})),
    ],
)
def test_other_tables_stay_as_they_are(kept: RawTable) -> None:
    assert spread(kept, Limits()) is kept


def test_a_workbook_of_one_column_gives_the_figures_of_its_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in ROWS:
        book.active.append([row])
    path = tmp_path / "vendas.xlsx"
    book.save(path)

    facts = read(path, path.name, ["own_store"], Limits())
    [revenue] = [figure.value for figure in facts.channels[0].figures if figure.metric == "revenue"]
    assert ([one.rows for one in facts.tables], revenue) == ([3], 40.75)
