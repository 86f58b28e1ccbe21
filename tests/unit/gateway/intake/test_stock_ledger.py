"""A ledger of stock tells what is left after each movement: no stock of its row, and nothing that was sold."""

import pytest

from gateway.intake.layouts.stock_ledger import LEDGER
from tests.unit.gateway.intake.tables import reading, sold

#: Product, what came in, what went out, what is left.
MOVES = [
    ("CX-1", 40, 0, 40),
    ("TP-2", 30, 0, 30),
    ("CX-1", 0, 3, 37),
    ("TP-2", 0, 5, 25),
    ("CX-1", 0, 4, 33),
    ("TP-2", 10, 0, 35),
    ("CX-1", 0, 2, 31),
    ("TP-2", 0, 6, 29),
]
DATED = [(f"{day:02}/03/2026", *move) for day, move in enumerate(MOVES, 1)]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Date;SKU;Received;Issued;Balance", "Balance"),
        ("Fecha;SKU;Entrada;Salida;Stock", "Stock"),
        ("Data;SKU;Entradas;Saídas;Saldo em estoque", "Saldo em estoque"),
        ("Date;SKU;In;Out;Closing Stock", "Closing Stock"),
    ],
)
def test_what_is_left_after_each_movement_is_no_stock_of_its_row(header: str, column: str) -> None:
    found = reading("\n".join([header, *(";".join(map(str, row)) for row in DATED)]))

    assert (found.lines, found.goods, found.report.kind, found.report.asks) == (None, None, "stock", False)
    assert LEDGER.format(column=column) in found.report.warnings


@pytest.mark.parametrize("is_newest_first", [False, True])
@pytest.mark.parametrize("is_signed", [False, True])
def test_one_column_may_tell_what_was_moved(is_newest_first: bool, is_signed: bool) -> None:
    rows = [f"{day};{sku};{came - went if is_signed else came + went};{left}" for day, sku, came, went, left in DATED]
    found = reading("\n".join(["Date;SKU;Quantity;Stock", *(reversed(rows) if is_newest_first else rows)]))

    assert LEDGER.format(column="Stock") in found.report.warnings
    assert found.goods is None


def test_what_is_left_may_be_that_of_one_product() -> None:
    left, rows = 0, []
    for day, moved in enumerate((50, -4, -6, 20, -8, -3), 1):
        left += moved
        rows.append(f"{day:02}/03/2026;{max(moved, 0)};{max(-moved, 0)};{left}")
    found = reading("\n".join(["Tanggal;Masuk;Keluar;Sisa", *rows]))

    assert LEDGER.format(column="Sisa") not in found.report.warnings or found.lines is None
    assert found.goods is None


def test_a_list_of_stock_is_kept() -> None:
    rows = [f"P-{n};Copo {n};{stock}" for n, stock in enumerate((12, 40, 7, 33, 8, 21), 1)]
    found = reading("\n".join(["SKU;Produto;Estoque", *rows]))

    assert found.goods is not None
    assert len(found.goods.stock) == 6


def test_sales_that_tell_what_is_left_are_sales() -> None:
    rows = [f"{n};{n:02}/03/2026;CX-1;2;30,00;{40 - 2 * n}" for n in range(1, 8)]
    found = reading("\n".join(["Pedido;Data;SKU;Quantidade;Valor total;Estoque restante", *rows]))

    assert sold(found)["revenue"].sum() == pytest.approx(210)


def test_what_was_bought_beside_sales_is_no_sale() -> None:
    kinds = ["Purchase", "Sale", "Sale", "Purchase", "Sale"]
    rows = [f"{n:02}/03/2026;CX-1;Box;{kind};2;15.00" for n, kind in enumerate(kinds, 1)]
    found = reading("\n".join(["Date;SKU;Product;Movement;Quantity;Unit Price", *rows]))

    assert sold(found)["units"].sum() == 6
