"""Tables of a shop that look like sales and may be none: catalogues, requests, purchases from vendors, addresses."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.payments_listed import PAYMENTS
from tests.unit.gateway.intake.tables import reading, sold

GOODS = "\n".join(f"{700 + n};Mug {n};{n % 5};{10 + n},50" for n in range(12))
LIST = f"id;name;qty;price\n{GOODS}"


def test_goods_that_stand_once_each_may_be_a_catalogue() -> None:
    found = reading(LIST)
    assert (found.lines, found.report.asks) == (None, True)

    coded = "\n".join(f"{n};C-{n};Mug {n};{n % 5};{10 + n},50" for n in range(12))
    assert reading(f"id;sku;title;qty;price\n{coded}").lines is None


@pytest.mark.parametrize(
    "table",
    [
        "\n".join(f"{n};Mug {n % 3};{n % 5 + 1};{10 + n % 3},50" for n in range(12)),  # a product comes again
        "\n".join(f"{n // 3};Mug {n};{n % 5 + 1};{10 + n},50" for n in range(12)),  # several are of one order
    ],
)
def test_what_comes_again_was_sold(table: str) -> None:
    assert sold(reading(f"id;product;qty;price\n{table}")).height == 12


@pytest.mark.parametrize(
    ("names", "more"), [("id;name;qty;price;date", "2026-03-12"), ("id;name;qty;price;customer", "Ana")]
)
def test_a_day_or_a_buyer_tells_that_goods_were_sold(names: str, more: str) -> None:
    rows = "\n".join(f"{row};{more}" for row in GOODS.splitlines())
    assert sold(reading(f"{names}\n{rows}")).height == 12


def test_the_name_of_the_table_tells_that_goods_were_sold() -> None:
    assert sold(reading(LIST, where="planilha “Sales of March”")).height == 12


REQUESTS = "Approval ID;Requester;Request Date;Product;Quantity;Amount;Status;Approver"


def test_requests_that_somebody_allows_are_no_sales() -> None:
    rows = "\n".join(f"{4000 + n};Ana;2026-03-{n + 1:02};Paper;{n + 1};{n * 10},50;Approved;Bia" for n in range(9))

    found = reading(f"{REQUESTS}\n{rows}")
    assert (found.lines, found.report.asks) == (None, True)
    assert sold(reading(f"{REQUESTS.replace('Approval ID', 'Order ID')}\n{rows}")).height == 9


def test_what_vendors_were_paid_is_no_revenue() -> None:
    rows = "\n".join(f"2026-03-{n + 1:02};T{n};{n % 4 + 20};{n * 30 + 7},50;{n + 1}" for n in range(9))

    assert reading(f"date_created;code;vendor;total_price;id\n{rows}").lines is None
    assert sold(reading(f"date_created;code;vendedor;total_price;id\n{rows}")).height == 9


def test_words_alone_are_no_stock_whatever_the_file_is_called() -> None:
    rows = "\n".join(f"Shop {n};Street {n};T{n}AB" for n in range(6))

    assert reading(f"Party;Address;Tax\n{rows}", where="Inventory System").report.kind == "unknown"
    owed = reading("Kode Customer;Nama Customer;Saldo Piutang\nC1;Ana;170139\nC2;Bia;328207")
    assert owed.report.kind == "unknown"


def test_returns_of_sales_are_no_returns_of_purchases() -> None:
    table = "ID Penjualan;ID Barang;Tanggal Retur;Jumlah Retur\nJ1;7;2026-03-01;2\nJ2;8;2026-03-02;1"

    assert reading(table, where="retur penjualan").report.kind == "returns"
    assert reading(table.replace("ID Penjualan", "ID"), where="retur pembelian").report.kind == "costs"


def test_a_list_that_is_called_after_products_may_have_the_days_on_which_they_came() -> None:
    rows = "\n".join(f"Mug {n};{n + 3};{10 + n},50;2026-03-{n + 1:02};14:20" for n in range(9))
    table = f"Name;Quantity;Price;Date;Time\n{rows}"

    assert reading(table, where="planilha “Products”").report.asks
    assert sold(reading(table, where="planilha “Products sold”")).height == 9
    assert sold(reading(table)).height == 9


def test_payments_tell_that_the_rest_is_not_in_them() -> None:
    rows = "\n".join(f"P{n};2026-03-{n + 1:02};{900 + n};{n * 30 + 7},50;POS" for n in range(9))
    payments = f"Payment ID;Date;Invoice ID;Amount;Payment Method\n{rows}"
    told = PAYMENTS.format(column="Payment ID")

    assert told in reading(payments).report.warnings
    assert told not in reading(payments.replace("Payment ID", "Account")).report.warnings
    orders = "\n".join(f"{row};Paid" for row in rows.splitlines())
    assert told not in reading(f"Payment ID;Date;Invoice ID;Amount;Payment Method;Status\n{orders}").report.warnings


def test_what_was_collected_is_paid() -> None:
    rows = "\n".join(f"2026-03-{n + 1:02};{n * 30 + 7},50;{'Cobrada' if n % 2 else 'Pendiente'}" for n in range(10))
    found = reading(f"Fecha Orden;Importe Total;Estado\n{rows}")

    assert not any("Cobrada" in one for one in found.report.warnings)
    assert (sold(found)["status"] == "unpaid").sum() == 5
