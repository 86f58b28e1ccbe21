"""Names of columns as strangers write them: stock lists, keys of databases, Indonesian, Korean, Vietnamese."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.unpriced import UNPRICED
from tests.unit.gateway.intake.tables import fields, reading, sold


def test_what_was_sold_is_not_what_is_in_stock() -> None:
    names = "product_id;size;opening_stock;units_received;units_sold;closing_stock;snapshot_date"
    found = reading(f"{names}\nA1;S;6;140;9;137;2026-04-30\nB2;M;23;0;3;20;2026-04-30", where="inventory")

    assert found.report.kind == "stock"
    assert fields(found)["stock"] == "closing_stock"
    without = reading("sku;units_sold;stock_value\nA1;9;137,50\nB2;3;20,10", where="inventory")
    assert "stock" not in fields(without)


def test_a_shops_list_of_products_has_costs_and_stock() -> None:
    names = "Handle;Title;Variant SKU;Variant Inventory Tracker;Variant Inventory Qty;Variant Price;Cost per item"
    found = reading(f"{names}\nmug;Mug;M-1;shopify;12;30.00;9.50\nmug;;M-2;;7;32.00;9.80")

    assert {"sku": "Variant SKU", "stock": "Variant Inventory Qty", "cost": "Cost per item"}.items() <= fields(
        found
    ).items()
    assert "channel" not in fields(found)


def test_a_branch_is_no_product() -> None:
    rows = "\n".join(f"CAB0{n % 3};IN{n};{n + 1:02}/03/2026;BRG000{n % 7};{n % 4 + 1};1250,50;IDR" for n in range(20))
    found = reading(f"id_cabang;id_invoice;tanggal;id_barang;jumlah_barang;harga;mata_uang\n{rows}")

    assert fields(found)["sku"] == "id_barang"


def test_keys_of_a_database_are_numbers_of_orders_and_products() -> None:
    found = reading("fk_id_venta;fk_id_producto;cantidad\n1;4;3\n1;2;1\n2;1;1\n3;7;2")

    assert UNPRICED in found.report.warnings
    assert (sold(found)["units"].sum(), sold(found)["order_id"].n_unique()) == (7, 3)


def test_counts_of_transactions_are_no_units() -> None:
    rows = "2026-07-01;1,606,935;1;1,606,935\n2026-07-06;2,909,940;2;2,909,940\n2026-07-08;2,556,840;1;2,556,840"
    found = reading(f"거래일자;거래합계;거래건수;승인소계\n{rows}")

    assert sold(found)["revenue"].sum() == 7073715
    assert "units" not in fields(found)


def test_bills_that_came_in_are_no_sales() -> None:
    rows = "2026-06-30;20260630-1;13200000\n2026-06-30;20260630-2;211200"
    text = f"{{}} 전자세금계산서 목록\n작성일자;승인번호;합계금액\n{rows}"

    assert reading(text.format("매입")).report.kind == "costs"
    assert sold(reading(text.format("매출")))["revenue"].sum() == 13411200


def test_campaigns_in_vietnamese_are_advertising() -> None:
    names = "Lượt bắt đầu báo cáo;Tên chiến dịch;Kết quả;Số tiền đã chi tiêu (VND);Lượt hiển thị;Người tiếp cận"
    found = reading(f"{names}\n2026-04-17;A;196;117126;3461;3020\n2026-04-17;B;12;20000;900;800")

    assert found.report.kind == "advertising"
    assert found.ads is not None


@pytest.mark.parametrize("title", ["Остатки на складе", "库存表", "在庫一覧", "재고 현황"])
def test_a_list_that_is_called_stock_is_stock(title: str) -> None:
    rows = "Main (22);3031;PG 100;;4;Done\nMain (22);2959;PG 700;;0;Done\nMain (22);3195;PG 900;;7;Done"

    assert (
        reading(f"Warehouse name;Code;Article;Name (optional);Place;Cells\n{rows}", where=title).report.kind == "stock"
    )
