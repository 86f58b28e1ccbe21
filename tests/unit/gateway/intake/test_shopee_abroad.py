"""Shopee's orders of other countries: estimates of freight, blank columns of returns, and exports without fees."""

from __future__ import annotations

from gateway.intake.layouts.freight import REFUTED
from tests.unit.gateway.intake.tables import reading, sold

HEADER = (
    "No. Pesanan;Status Pesanan;Status Pembatalan/ Pengembalian;Waktu Pesanan Dibuat;Nama Produk;Nomor Referensi SKU;"
    "Harga Awal;Harga Setelah Diskon;Jumlah;Returned quantity;Voucher Ditanggung Penjual;"
    "Ongkos Kirim Dibayar oleh Pembeli;Estimasi Potongan Biaya Pengiriman;Ongkos Kirim Pengembalian Barang;"
    "Total Pembayaran;Perkiraan Ongkos Kirim"
)


def order(
    number: int, *, state: str = "Selesai", came_back: str = "", returned: str = "0", rebate: str = "6.500",
    estimate: str = "6.500", reverse: str = "0",
) -> str:  # fmt: skip
    return (
        f"2607{number};{state};{came_back};2026-07-0{number} 10:00;Kemeja;KM-{number};50.000;40.000;1;{returned};0;0;"
        f"{rebate};{reverse};40.000;{estimate}"
    )


def table(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows])


def test_an_estimate_below_what_others_paid_tells_of_no_freight_of_the_seller() -> None:
    found = reading(table(order(1), order(2, estimate="13.000"), order(3, rebate="9.000")), ["shopee"])

    assert sold(found)["shipping"].null_count() == 3
    assert REFUTED.format(rows=1) in found.report.warnings


def test_an_estimate_that_nothing_speaks_against_is_believed() -> None:
    found = reading(table(order(1), order(2, estimate="13.000")), ["shopee"])

    assert sold(found)["shipping"].to_list() == [0, 6500]
    # a cancelled order shows nothing, and what is covered leaves nothing to doubt
    batal = reading(table(order(1), order(2, estimate="13.000"), order(3, state="Batal", rebate="9.000")), ["shopee"])
    assert sold(batal)["shipping"].sum() == 6500
    covered = reading(table(order(1), order(3, rebate="9.000")), ["shopee"])
    assert sold(covered)["shipping"].sum() == 0


def test_a_blank_column_of_returns_is_told_by_the_status() -> None:
    lines = sold(
        reading(
            table(
                order(1, returned=""),
                order(2, returned="", came_back="Permintaan Disetujui"),
                order(3, returned="", came_back="Permintaan Dibatalkan"),
            ),
            ["shopee"],
        )
    )

    assert lines["returned_units"].to_list() == [0, 1, 0]
    assert lines["refund"].to_list() == [0, 40000, 0]


def test_return_freight_without_columns_of_fees_is_not_what_the_fees_are() -> None:
    rows = (order(1), order(2, estimate="13.000", reverse="5.500"), order(3, rebate="9.000"))

    assert sold(reading(table(*rows), ["shopee"]))["fees"].null_count() == 3


def test_the_total_is_told_by_the_name_that_the_document_has() -> None:
    found = reading(table(order(1), order(2)), ["shopee"])

    assert sold(found)["total_name"].unique().to_list() == ["Total Pembayaran"]


def test_what_shopee_itself_takes_off_is_no_difference_of_the_total() -> None:
    header = f"{HEADER};Voucher Ditanggung Shopee;Potongan Koin Shopee"
    rows = [row.replace(";40.000;6.500", ";36.500;6.500") + ";3.000;500" for row in (order(1), order(2))]
    lines = sold(reading(table(*rows, header=header), ["shopee"]))

    assert lines["total_theirs"].to_list() == [36500, 36500]
    assert lines["total_ours"].to_list() == [36500, 36500]
    assert lines["revenue"].to_list() == [40000, 40000]
