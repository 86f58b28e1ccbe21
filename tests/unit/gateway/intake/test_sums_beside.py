"""Sums beside a table of sales, from its header's row on, are neither columns of it nor in its way."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gateway.intake import Limits
from gateway.intake.document import read
from gateway.intake.small_beside import TOTALS
from schemas.facts import DocumentFacts

Row = list[str | float | None]
Cells = list[Row]


def _sale(n: int) -> Row:
    return [f"{n:02d}/03/2026", f"P-{n}", f"Camisa {n % 3}", n % 4 + 1, 49.9 + 3.5 * n]


def _of_shopify(n: int) -> Row:
    return [f"#{n}", "paid", "BRL", 20.0 * n, "2026-03-12 10:00:00 -0300", n, "Camisa", 20.0, "A-1"]


SALES: Cells = [["Data", "Pedido", "Produto", "Qtd", "Valor total"], *map(_sale, range(1, 9))]
SHOPIFY: Cells = [
    [
        *("Name", "Financial Status", "Currency", "Total", "Created at"),
        *("Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku"),
    ],
    *map(_of_shopify, range(1, 9)),
]
#: What stands beside, its first row in the row of the header.
ONE: Cells = [["Total", 123.5]]
SEVERAL: Cells = [["Total", "R$ 1.234,50"], ["Ticket médio", 61.7], ["Pedidos", 8]]
SHARES: Cells = [["Camisas", 120.0, 0.4], ["Calças", 80.0, 0.6]]
HEADED: Cells = [["Resumo", "Valor"], ["Receita total", 525.2], ["Total de pedidos", 8]]


def beside(sales: Cells, small: Cells, gap: int) -> Cells:
    return [[*row, *[None] * gap, *(small[place] if place < len(small) else [])] for place, row in enumerate(sales)] + [
        [*[None] * (len(sales[0]) + gap), *row] for row in small[len(sales) :]
    ]


def of(folder: Path, rows: Cells) -> DocumentFacts:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path := folder / "vendas.xlsx")
    return read(path, path.name, ["own_store"], Limits())


@pytest.mark.parametrize("sales", [SALES, SHOPIFY])
@pytest.mark.parametrize(
    ("small", "gap"),
    [(ONE, 1), (ONE, 0), (SEVERAL, 1), (SEVERAL, 2), (SEVERAL, 0), (SHARES, 1), (SHARES, 0), (HEADED, 1)],
)
def test_the_sales_are_read_as_without_them(tmp_path: Path, sales: Cells, small: Cells, gap: int) -> None:
    alone, found = of(tmp_path, sales), of(tmp_path, beside(sales, small, gap))

    assert found.channels == alone.channels
    if sales == SHOPIFY and small == HEADED:  # nothing tells it from columns that a known export may have more
        return
    own, other = found.tables[0], alone.tables[0]
    assert (own.header_id, own.columns, own.rows) == (other.header_id, other.columns, other.rows)


@pytest.mark.parametrize(("small", "gap"), [(ONE, 1), (ONE, 0), (SEVERAL, 1), (SEVERAL, 0), (HEADED, 1)])
def test_they_are_called_what_they_are(tmp_path: Path, small: Cells, gap: int) -> None:
    assert [table.warnings for table in of(tmp_path, beside(SALES, small, gap)).tables] == [[], [TOTALS]]


def test_more_sums_than_sales(tmp_path: Path) -> None:
    alone, found = of(tmp_path, SALES[:3]), of(tmp_path, beside(SALES[:3], [*SEVERAL, ["Tarifas", 9.5]], 1))

    assert found.channels == alone.channels


@pytest.mark.parametrize(
    "more",
    [
        [["Cupom", "Frete"], ["OFF10", 5.0], ["OFF5", 7.5]],
        [["Motivo", "2026"], *([f"Motivo {n}", float(n)] for n in range(1, 9))],
    ],
)
def test_columns_that_are_blank_further_down_stay(tmp_path: Path, more: Cells) -> None:
    found = of(tmp_path, beside(SALES, more, 0))

    assert len(found.tables) == 1
    assert [one.header for one in found.tables[0].columns][-2:] in (["Cupom", "Frete"], ["Motivo", "2026"])
