"""Large documents are read within their share of a reader's memory: the kernel refuses what goes beyond it.

What a reader takes grows with the rows. A third of the longest document tells it in a third of the time.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from bench.reading import LARGE_ROWS, large_table
from gateway.intake import Limits, read_document
from gateway.intake.limits import DEFAULT_LIMITS, MIB
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.usefixtures("nothing_left_behind")

#: What a reader takes that has read nothing large: imports, stacks of threads, what streams of rows are under way.
ITSELF = 150 * MIB
WIDTH = 40
HEADER = ["Pedido", "Data da venda", "SKU", "Produto", "Qtde", "Valor Total"]


def share(of: float) -> Limits:
    """Return the limits of a reader that has such a part of what documents may take, and all the time that it needs."""
    memory = ITSELF + round((DEFAULT_LIMITS.memory_bytes - ITSELF) * of)
    return Limits(memory_bytes=memory, cpu_seconds=PATIENCE_S, seconds=PATIENCE_S)


def test_a_reader_may_write_to_seven_hundred_mebibytes() -> None:
    assert DEFAULT_LIMITS.memory_bytes == 700 * MIB


@pytest.mark.parametrize("tail", ["", "Total;;;;1;;100000000,00;;;;;\n"], ids=["sales alone", "with a total"])
async def test_a_long_table_is_read_within_its_share(tmp_path: Path, tail: str) -> None:
    """A total below the rows has them copied without it."""
    rows = LARGE_ROWS // 3
    path = tmp_path / "vendas.csv"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(large_table(rows))
        file.write(tail)
    facts = await read_document(path, path.name, ["own_store"], limits=share(1 / 3))

    assert facts.tables[0].rows == rows


async def test_a_long_table_with_blanks_in_most_columns_is_read_within_its_share(tmp_path: Path) -> None:
    """What is asked of the rows in which a column is filled copies no other column."""
    rows = LARGE_ROWS // 3
    path = tmp_path / "vendas.csv"
    with path.open("w", encoding="utf-8") as file:
        lines = (line for block in large_table(rows) for line in block.splitlines(keepends=True))
        file.writelines(_blanked(line, number) for number, line in enumerate(lines))
    facts = await read_document(path, path.name, ["own_store"], limits=share(1 / 3))

    assert facts.tables[0].rows == rows
    (channel,) = facts.channels
    assert sum("não têm um" in note for note in channel.warnings) >= 3, "amounts, units and fees"


#: The columns of `large_table` in which something is left out: day, SKU, units, amount, fee, freight, status.
LEFT_OUT = (1, 2, 4, 6, 7, 8, 9)


def _blanked(line: str, number: int) -> str:
    """Return a row, every fiftieth without the value of one of the columns in turn."""
    if not number or number % 50:
        return line
    cells = line.split(";")
    cells[LEFT_OUT[number // 50 % len(LEFT_OUT)]] = ""
    return ";".join(cells)


async def test_a_large_workbook_is_read_within_its_share(tmp_path: Path) -> None:
    """Four million cells: unpacked whole they take a hundred bytes each."""
    rows, path = 100_000, tmp_path / "vendas.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([*HEADER, *(f"Coluna {n}" for n in range(WIDTH - len(HEADER)))])
    book.save(tmp_path / "plain.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "plain.xlsx") as plain,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for part in plain.infolist():
            if part.filename != "xl/worksheets/sheet1.xml":
                archive.writestr(part, plain.read(part))
                continue
            above, below = plain.read(part).split(b"</sheetData>")
            with archive.open(part.filename, "w") as sheet:
                for written in (above, *_rows(rows), b"</sheetData>" + below):
                    sheet.write(written)
    facts = await read_document(path, path.name, ["own_store"], limits=share(0.4))

    assert facts.tables[0].rows == rows


def _rows(rows: int) -> Iterator[bytes]:
    """Yield rows of a sheet: six columns of sales, and others with texts and numbers."""
    for n in range(rows):
        day = f"{n % 28 + 1:02d}/{n % 4 + 1:02d}/2026"
        texts = [f"P{n:08d}", day, f"SKU-{n % 2000}", f"Produto de teste {n % 2000} azul"]
        more = [f"texto longo da linha {n * at % 613}" for at in range((WIDTH - len(HEADER)) // 2)]
        numbers = [1, n % 300 + 9.9, *(n * at % 10_000 for at in range((WIDTH - len(HEADER)) // 2))]
        cells = [f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts]
        cells += [f"<c><v>{number}</v></c>" for number in numbers]
        cells += [f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in more]
        yield f'<row r="{n + 2}">{"".join(cells)}</row>'.encode()
