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


def test_notes_of_several_lines_make_no_table_of_short_rows() -> None:
    """A spreadsheet cut a CSV at its lines: most of them belong to a note in quotes."""
    rows = [ROWS[0]] + [f'P{n};1{n}/03/2026;A;"Camisa\n  azul\n  (nota)\n  {n}";1;9,0{n}' for n in range(1, 6)]
    cut = spread(table([line for row in rows for line in row.split("\n")]), Limits())

    assert (cut.frame.height, cut.frame.width) == (6, 6)
    assert cut.frame.row(5)[4:] == ("1", "9,05")


def test_quotes_that_are_never_closed_make_no_cells_of_several_lines() -> None:
    kept = table(["a,b,c", *['"x,y', "z"] * 6])

    assert spread(kept, Limits()) is kept


def test_a_sign_in_one_of_many_rows_leaves_the_table_in_one_column() -> None:
    rows = [ROWS[0].replace(";", ","), *(f"P{n},12/03/2026,A,Camisa,1,9.00" for n in range(150))]
    beside: list[str | None] = [None] * len(rows)
    rows[7], beside[7] = 'P6,12/03/2026,A,"Camisa', ' azul",1,9.00'
    cut = spread(RawTable("t", pl.DataFrame({"0": rows, "1": beside, "2": [None] * len(rows)})), Limits())

    assert (cut.frame.width, cut.frame.row(7)[3], cut.frame.row(8)[0]) == (6, "Camisa; azul", "P7")
