"""Shopee's report of income without a column of what was released: a heading stands above what makes it."""

from __future__ import annotations

from gateway.intake.layouts.shopee_income import MADE_OF, NO_TOTAL
from tests.unit.gateway.intake.tables import reading, sold

GROUPS = "Informasi Pesanan;;;;;;Rincian Jumlah Pelepasan Dana;;;;;;;;;Buyer Info;"
HEADER = (
    "No.;Lihat berdasarkan;No. Pesanan;Nama Produk;Waktu Pesanan Dibuat;Tanggal Dana Dilepaskan;Harga Produk;"
    "Jumlah Pengembalian Dana ke Pembeli;Ongkir Dibayar Pembeli;Ongkos Kirim yang Dibayarkan ke Jasa Kirim;"
    "Penyesuaian Penjual - 1;Biaya Administrasi;Biaya Gratis Ongkir XTRA;Biaya Gratis Ongkir XTRA;PPh 22;"
    "Username (Pembeli);Jumlah Dibayar Pembeli"
)
ROWS = (
    "1;Order;2607A1;-;2026-07-01;2026-07-09;100.000;0;12.000;-13.000;-5.000;-9.000;-4.000;0;-500;zuleica;107.000",
    "2;Sku;2607A1;Bantal;2026-07-01;2026-07-09;100.000;0;12.000;-13.000;-5.000;-9.000;-4.000;0;-500;;-",
    "3;Order;2607A2;-;2026-07-02;2026-07-09;60.000;-60.000;0;0;0;0;0;-2.000;0;teobaldo;60.000",
)


def test_the_total_is_what_stands_below_the_heading_above_the_price() -> None:
    found = reading("\n".join([GROUPS, HEADER, *ROWS]), ["shopee"])
    lines = sold(found)

    assert found.report.layout == "shopee.income"
    assert lines["order_id"].to_list() == ["2607A1", "2607A2"]
    assert lines["net"].to_list() == [80500, -2000]
    assert lines["revenue"].to_list() == [95000, 60000]
    assert lines["shipping"].to_list() == [1000, 0]
    assert lines["refund"].to_list() == [0, 60000]
    assert lines["fees"].to_list() == [13500, 2000]
    assert lines["total_name"].unique().to_list() == ["Rincian Jumlah Pelepasan Dana"]
    assert MADE_OF.format(columns=9, group="Rincian Jumlah Pelepasan Dana") in found.report.warnings


def test_without_the_heading_a_person_is_asked() -> None:
    for above in ([], [";;;;;;;;;;;;;;;Buyer Info;"], [";;;;;;Rincian Jumlah Pelepasan Dana;;;;;;;;;;"]):
        found = reading("\n".join([*above, HEADER, *ROWS]), ["shopee"])

        assert found.lines is None
        assert NO_TOTAL in found.report.warnings
        assert found.report.asks


def test_two_columns_of_one_name_are_both_fees() -> None:
    header = HEADER.replace("Harga Produk", "Total Penghasilan;Harga Produk", 1)
    rows = [row.replace(";100.000;", ";80.500;100.000;", 1).replace(";60.000;", ";-2.000;60.000;", 1) for row in ROWS]
    lines = sold(reading("\n".join([header, *rows]), ["shopee"]))

    assert lines["fees"].to_list() == [13000, 2000]
    assert lines["net"].to_list() == [80500, -2000]
