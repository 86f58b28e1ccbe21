"""Tables of a shop that look like sales and may be none: catalogues, requests, purchases from vendors, addresses."""

from __future__ import annotations

import pytest

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
