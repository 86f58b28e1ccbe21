"""Shopee's order export as it is written in Malaysia (English) and in Indonesia: other names, money and thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden
from local.samples import ChannelTruth
from local.samples.catalog import RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.workbook import Cell, write_workbook

_ENGLISH: Final = Scenario(fee_rate=0.25, fixed_fee=0.0, discount=0.0, has_loser=False)
_INDONESIAN: Final = Scenario(discount=0.0, cancelled=0.1, unpaid=0.02, has_loser=False)
_FREIGHT: Final = 5.0
#: What one of the catalogue's prices is in rupiah.
_RUPIAH: Final = 1000
_ENGLISH_HEADER: Final = (
    "Order ID", "Order Status", "Cancel reason", "Return / Refund Status", "Tracking Number*", "Shipping Option",
    "Shipment Method", "Estimated Ship Out Date", "Ship Time", "Order Creation Date", "Order Paid Time",
    "Parent SKU Reference No.", "Product Name", "SKU Reference No.", "Variation Name", "Original Price", "Deal Price",
    "Quantity", "Returned quantity", "Product Subtotal", "Seller Voucher", "Total Amount", "Buyer Paid Shipping Fee",
    "Shipping Rebate Estimate", "Reverse Shipping Fee", "Transaction Fee", "Commission Fee", "Service Fee",
    "Grand Total", "Estimated Shipping Fee", "Username (Buyer)", "Receiver Name", "Phone Number", "Delivery Address",
    "City", "Country", "Zip Code",
)  # fmt: skip
_INDONESIAN_HEADER: Final = (
    "No. Pesanan", "Status Pesanan", "Alasan Pembatalan", "Status Pembatalan/ Pengembalian", "No. Resi",
    "Opsi Pengiriman", "Waktu Pengiriman Diatur", "Waktu Pesanan Dibuat", "Waktu Pembayaran Dilakukan", "SKU Induk",
    "Nama Produk", "Nomor Referensi SKU", "Nama Variasi", "Harga Awal", "Harga Setelah Diskon", "Jumlah",
    "Returned quantity", "Total Harga Produk", "Voucher Ditanggung Penjual", "Ongkos Kirim Dibayar oleh Pembeli",
    "Estimasi Potongan Biaya Pengiriman", "Total Pembayaran", "Perkiraan Ongkos Kirim", "Username (Pembeli)",
    "Nama Penerima", "No. Telepon", "Alamat Pengiriman", "Kota/Kabupaten", "Provinsi",
)  # fmt: skip
_IN_ENGLISH: Final = {"sold": "Completed", "returned": "Completed", "cancelled": "Cancelled", "unpaid": "Unpaid"}
_IN_INDONESIAN: Final = {"sold": "Selesai", "returned": "Selesai", "cancelled": "Batal", "unpaid": "Belum Bayar"}


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write both workbooks. Nothing says what the rupiah or the ringgit is worth: only figures and findings count."""
    return [
        _english(folder / "Order.all.shopee.my.xlsx", market(Random(f"shopee-my-{seed}"), rows, _ENGLISH)),
        _indonesian(folder / "Order.all.shopee.id.xlsx", market(Random(f"shopee-id-{seed}"), rows, _INDONESIAN)),
    ]


def _english(path: Path, drawn: Market) -> Golden:
    sold = replace(drawn, orders=[replace(order, shipping=0.0) for order in drawn.orders])  # the buyer pays for it
    write_workbook(path, {"orders": _rows(_ENGLISH_HEADER, sold, _english_row)})
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "fees": ""}
    truth = sold.truth(planted=planted, costs=True, returns=True)
    return Golden(path, ["shopee"], "shopee.order_all", {"shopee": truth}, {"shopee": "MYR"})


def _indonesian(path: Path, sold: Market) -> Golden:
    write_workbook(path, {"orders": _rows(_INDONESIAN_HEADER, sold, _indonesian_row)})
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "cancellations": ""}
    truth = _in_rupiah(sold.truth(planted=planted, costs=False, returns=True))
    return Golden(path, ["shopee"], "shopee.order_all", {"shopee": truth}, {"shopee": "IDR"})


def _in_rupiah(truth: ChannelTruth) -> ChannelTruth:
    assert truth.refunds is not None
    return replace(truth, revenue=round(truth.revenue * _RUPIAH), refunds=round(truth.refunds * _RUPIAH))


def _rows(header: tuple[str, ...], sold: Market, row: Callable[[Order, Line], list[Cell]]) -> Iterator[list[Cell]]:
    yield list(header)
    for order in sold.orders:
        for line in order.lines:
            yield row(order, line)


def _english_row(order: Order, line: Line) -> list[Cell]:
    buyer = order.buyer
    is_sent = order.status in ("sold", "returned")
    at = f"{order.at:%Y-%m-%d %H:%M}"
    service = round(order.fee * 0.3, 2)
    return [
        f"26{order.number:06d}MYKQ", _IN_ENGLISH[order.status], "", "Approved" if order.status == "returned" else "",
        f"MY{order.number:011d}", "Standard Delivery", "Drop-off", at,
        f"{order.dispatched:%Y-%m-%d %H:%M}" if is_sent else "", at, at if is_sent else "-", "", line.item.title,
        line.item.sku, "", f"{line.price:.2f}", f"{line.price:.2f}", line.units, line.returned_units,
        f"{line.revenue:.2f}", "0.00", f"{order.revenue + _FREIGHT:.2f}", f"{_FREIGHT:.2f}", "0.00", "0.00", "0.00",
        f"{order.fee - service:.2f}", f"{service:.2f}", f"{order.revenue + _FREIGHT:.2f}", f"{_FREIGHT:.2f}",
        buyer.login, buyer.name, buyer.phone, buyer.street, buyer.city, "MY", buyer.postcode,
    ]  # fmt: skip


def _indonesian_row(order: Order, line: Line) -> list[Cell]:
    buyer = order.buyer
    is_sent = order.status in ("sold", "returned")
    at = f"{order.at:%Y-%m-%d %H:%M}"
    return [
        f"26{order.number:06d}IDKQ", _IN_INDONESIAN[order.status], "",
        "Pengembalian Disetujui" if order.status == "returned" else "", f"ID{order.number:011d}", "Reguler",
        f"{order.dispatched:%Y-%m-%d %H:%M}" if is_sent else "", at, at if is_sent else "-", "", line.item.title,
        line.item.sku, "", _rupiah(line.price), _rupiah(line.price), line.units, line.returned_units,
        _rupiah(line.revenue), "0", _rupiah(_FREIGHT), "0", _rupiah(order.revenue + _FREIGHT), _rupiah(_FREIGHT),
        buyer.login, buyer.name, buyer.phone, buyer.street, buyer.city, buyer.state,
    ]  # fmt: skip


def _rupiah(price: float) -> str:
    return f"{round(price * _RUPIAH):,}".replace(",", ".")
