"""A sheet that tells again, or sums up, what another one of the same workbook tells is no further sale."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from gateway.intake.document import read
from gateway.intake.limits import Limits
from gateway.intake.told_again import MAY_BE_PART, PART_OF

Row = list[object]


def workbook(path: Path, part: list[Row]) -> list[tuple[str, bool]]:
    """Read sales beside a sheet with these of them, and return each table's remarks and whether it counts."""
    every: list[Row] = [["Bota", 3, 90], ["Meia", 10, 50], ["Cinto", 2, 80], ["Boné", 1, 25]]
    book = Workbook()
    del book["Sheet"]
    for name, rows in (("Vendas", every), ("Parte", part)):
        sheet = book.create_sheet(name)
        for row in [["Produto", "Quantidade", "Valor total"], *rows]:
            sheet.append(row)
    book.save(path)
    tables = read(path, path.name, ["own_store"], Limits()).tables
    return [(" ".join(table.warnings), table.layout != "unknown") for table in tables]


def test_a_sheet_of_rows_that_another_one_has_is_no_further_sale(tmp_path: Path) -> None:
    (whole, _), (part, _) = workbook(tmp_path / "a.xlsx", [["Meia", 10, 50], ["Cinto", 2, 80], ["Boné", 1, 25]])

    assert (PART_OF in whole, PART_OF in part) == (False, True)


@pytest.mark.parametrize(
    "part",
    [
        [["Meia", 10, 50], ["Cinto", 2, 80]],
        [["Meia", 10, 50], ["Cinto", 2, 80], ["Boné", 2, 50]],
        [["Meia", 10, 50], ["Meia", 10, 50], ["Cinto", 2, 80], ["Boné", 1, 25]],
    ],
)
def test_rows_that_the_other_sheet_does_not_have_as_often_are_sales(part: list[Row], tmp_path: Path) -> None:
    assert not any(PART_OF in remarks for remarks, _ in workbook(tmp_path / "a.xlsx", part))


ORDERS: list[Row] = [
    ["Número do pedido", "Data da venda", "Produto", "Quantidade", "Valor total"],
    ["PV-301", "02/03/2026", "Bota", 3, 90.5],
    ["PV-302", "05/03/2026", "Meia", 10, 50.9],
    ["PV-303", "09/03/2026", "Cinto", 2, 80.4],
    ["PV-304", "12/03/2026", "Boné", 1, 25.3],
]


def of_sheets(path: Path, **sheets: Sequence[Row]) -> tuple[list[str], float]:
    """Read a workbook of these sheets, and return the remarks on each, and the revenue."""
    book = Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    facts = read(path, path.name, ["own_store"], Limits())
    (own,) = facts.channels
    revenue = next(one.value for one in own.figures if one.metric == "revenue")
    return [" ".join(table.warnings) for table in facts.tables], revenue


@pytest.mark.parametrize(("day", "is_part"), [("05/03/2026", True), ("05/04/2026", False)])
def test_orders_that_another_sheet_has_with_other_days_are_no_further_sales(
    day: str, is_part: bool, tmp_path: Path
) -> None:
    head: Row = ["Número do pedido", "Data", "Produto", "Quantidade", "Valor total"]
    due: list[Row] = [[order, day, product, 1, total] for order, _, product, _, total in ORDERS[2:]]
    remarks, revenue = of_sheets(tmp_path / "a.xlsx", Pedidos=ORDERS, Aberto=[head, *due])

    assert PART_OF not in remarks[0]
    assert (PART_OF in remarks[1]) == is_part
    assert not is_part or revenue == pytest.approx(247.1)


def test_sums_without_a_day_beside_each_sale_may_be_of_a_part_of_them(tmp_path: Path) -> None:
    some: list[Row] = [["Mês", "Valor total"], ["Março", 141.4], ["Abril", 20.2]]
    more: list[Row] = [["Mês", "Valor total"], ["Março", 900.5], ["Abril", 820.2]]
    remarks, revenue = of_sheets(tmp_path / "a.xlsx", Vendas=ORDERS, Resumo=some)

    assert MAY_BE_PART in remarks[1]
    assert revenue == pytest.approx(247.1)
    assert MAY_BE_PART not in of_sheets(tmp_path / "b.xlsx", Vendas=ORDERS, Resumo=more)[0][1]
