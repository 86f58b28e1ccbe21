"""Days without a month, in a column or as columns: the sheet, the title or the file says of which month they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from gateway.intake.layouts.month_told import month_told
from gateway.intake.layouts.pivots import in_rows
from gateway.intake.tables import RawTable
from tests.unit.gateway.intake.tables import cells, raw, reading, sold

ROWS = "Dia;Pedido;Produto;Qtd;Total\n1;11;Caneca;2;20,00\n2;12;Prato;1;15,00\n30;13;Copo;1;9,00"


@pytest.mark.parametrize(
    ("near", "file", "month"),
    [
        (["planilha “Março 2026”", "CONTROLE DE VENDAS - MARÇO DE 2026"], "x.xlsx", (2026, 3)),
        (["planilha “mar-26”"], "", (2026, 3)),
        (["planilha “Abril”"], "vendas 2026.xlsx", (2026, 4)),
        (["planilha “Plan1”"], "vendas_2026-05.csv", (2026, 5)),
        (["planilha “03/2026”"], "vendas_2026-05.csv", (2026, 3)),
        (["de 02/03/2026 a 20/05/2026"], "", None),
        (["março/2026 e abril/2026"], "", None),
        (["planilha “Março”"], "vendas.xlsx", None),
    ],
)
def test_a_month_is_told_by_one_text_and_not_by_two(
    near: Sequence[str], file: str, month: tuple[int, int] | None
) -> None:
    assert month_told(near, file) == month


def test_a_column_of_days_has_the_month_of_its_sheet() -> None:
    found = reading(ROWS, where="planilha “Março 2026”")

    days = [datetime(2026, 3, day) for day in (1, 2, 30)]  # noqa: DTZ001 - as the sheet writes it
    assert sold(found)["at"].to_list() == days
    assert any("o mês (03/2026) foi lido" in one for one in found.report.warnings)


def test_a_day_that_the_month_has_not_is_of_another_one() -> None:
    assert sold(reading(ROWS, where="planilha “Fevereiro 2026”"))["at"].null_count() == 3
    assert sold(reading(ROWS, where="planilha “Plan1”"))["at"].null_count() == 3


def days_table(where: str, heads: Sequence[str]) -> RawTable:
    counts = ";".join(str(n % 4) for n in range(len(heads)))
    text = f"QUANTIDADES VENDIDAS\nSKU;Produto;{';'.join(heads)};Total\nK-1;Caneca;{counts};9\nK-2;Prato;{counts};9"
    return raw(cells(text), where)


@pytest.mark.parametrize(
    ("where", "heads"),
    [
        ("planilha “Mar-26”", [str(day) for day in range(1, 9)]),
        ("planilha “Março 2026”", [f"{day:02d}/03" for day in range(1, 9)]),
        ("planilha “Plan1”", [f"{day:02d}/03/2026" for day in range(1, 9)]),
    ],
)
def test_days_as_columns_become_rows(where: str, heads: list[str]) -> None:
    long = in_rows(days_table(where, heads))

    assert long.frame.row(0) == ("SKU", "Produto", "Data", "Quantidade")
    assert long.frame.row(1) == ("K-1", "Caneca", str(date(2026, 3, 2)), "1"), "a day without sales has no row"
    assert long.frame.height == 1 + 2 * 6


@pytest.mark.parametrize(
    ("where", "heads"),
    [
        ("planilha “Plan1”", [str(day) for day in range(1, 9)]),  # of which month?
        ("planilha “Mar-26”", ["34", "35", "36", "37", "38", "39", "40"]),  # sizes
        ("planilha “Mar-26”", ["1", "2", "3"]),  # too few
        ("planilha “Mar-26”", [str(day) for day in range(9, 0, -1)]),  # not in turn
    ],
)
def test_other_numbers_as_columns_stay(where: str, heads: list[str]) -> None:
    table = days_table(where, heads)

    assert in_rows(table) is table
