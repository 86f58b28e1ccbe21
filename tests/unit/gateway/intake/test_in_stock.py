"""Ledgers and snapshots of stock have amounts and units, and are no sales."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.account_statement import SOLD_STOCK, STATEMENT, WORTH
from gateway.intake.layouts.called import BY_NAME
from gateway.intake.layouts.kinds import SAYS
from tests.unit.gateway.intake.tables import reading, sold

MANY = "Date;SKU;Product Name;Reserved;Available Quantity;Website Inventory;Retail Inventory;Total qty;Amt"
LEDGER = "Date;MSKU;Title;Starting Warehouse Balance;Receipts;Ending Warehouse Balance;Cost;Amt"

INV_UNITS = """\
Item;SKU;Inv Units;Cost;Amt;Date
A;K1;4;2,50;10,00;31/03/2026
B;K2;3;2,00;6,00;31/03/2026
C;K3;7;1,00;7,00;31/03/2026"""
SINGLE = """\
Item;SKU;Stock;Cost;Total;Date
A;K1;1;10,00;10,00;31/03/2026
B;K2;1;6,00;6,00;31/03/2026
C;K3;1;7,00;7,00;31/03/2026"""
OTHER_AMOUNT = """\
Item;SKU;Stock;Cost;Total;Date
A;K1;4;10,00;12,00;31/03/2026
B;K2;5;6,00;9,00;31/03/2026
C;K3;6;7,00;8,00;31/03/2026"""


def rows(*told: str) -> str:
    return "\n".join(f"2026-03-3{n % 2};K-{n};Caneca {n};{one}" for n, one in enumerate(told))


@pytest.mark.parametrize(
    "table",
    [
        f"{MANY}\n{rows('1;10;4;6;11;55.50', '0;20;10;10;20;100.00', '2;3;1;2;5;25.00')}",
        f"{LEDGER}\n{rows('1;9;10;2.50;25.00', '8;0;8;4.00;32.00', '5;1;6;1.50;9.00')}",
        INV_UNITS,
        "รหัสสินค้า;ชื่อสินค้า;จำนวน;จำนวนพร้อมขาย;ราคาขาย\nK1;แก้ว;12;9;890\nK2;จาน;13;9;790",
    ],
)
def test_what_is_on_hand_is_stock(table: str) -> None:
    found = reading(table)

    assert found.lines is None
    assert found.report.kind in ("stock", "costs")
    assert not any(STATEMENT[:20] in warning or warning == BY_NAME for warning in found.report.warnings)


@pytest.mark.parametrize(
    "table",
    [
        # names that tell of sales
        f"{MANY.replace('Total qty', 'Sold qty')}\n{rows('1;10;4;6;11;55.50', '0;20;10;10;20;100.00')}",
        # a column that tells of them
        f"{MANY};Order ID\n{rows('1;10;4;6;11;55.50;7-1', '0;20;10;10;20;100.00;7-2')}",
        # one piece each: the amount may be what was sold as well
        SINGLE,
        # another amount than cost times stock
        OTHER_AMOUNT,
    ],
)
def test_stock_beside_sales_is_not(table: str) -> None:
    assert sold(reading(table)).height >= 2


def test_stock_beside_the_pieces_that_were_sold_is_not_told_to_have_no_sales() -> None:
    found = reading("Product;Units Sold;Profit;Stock\nStool;5;100.00;95\nVase;7;90.00;13")

    assert (found.lines, found.report.kind) == (None, "stock")
    assert SOLD_STOCK.format(column="Units Sold") in found.report.warnings
    assert SAYS["stock"] not in found.report.warnings


@pytest.mark.parametrize("counted", ["Quantity;Profit", "Minimum;Profit", "Units Sold;Price"])
def test_stock_beside_which_nothing_is_called_sold_or_a_price_stands_is_told_as_stock(counted: str) -> None:
    found = reading(f"Product;{counted};Stock\nStool;5;100.00;95\nVase;7;90.00;13")

    assert (found.report.kind, found.report.warnings[0]) == ("stock", SAYS["stock"])


def test_coupons_that_are_active_are_no_stock() -> None:
    found = reading("Coupon;Kind;Uses;Status\nMAY10;share;3;Active\nJUN15;share;0;Paused\nJUL20;share;8;Active")

    assert (found.lines, found.report.kind) == (None, "unknown")


def test_stock_with_cents_is_what_it_is_worth() -> None:
    rows = [f"LM-{n};Lampião {n};{n * 101 + 0.37:.2f}" for n in range(1, 6)]
    found = reading("\n".join(["SKU;Produto;Estoque", *rows]))

    assert (found.goods, found.report.kind) == (None, "stock")
    assert WORTH.format(column="Estoque") in found.report.warnings


def test_stock_by_weight_has_parts() -> None:
    rows = [f"CF-{n};Café {n};{n + 0.25:.2f}" for n in range(1, 6)]
    found = reading("\n".join(["SKU;Produto;Estoque (kg)", *rows]))

    assert found.goods is not None
    assert found.goods.stock[0].quantity == pytest.approx(1.25)
