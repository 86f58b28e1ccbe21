"""Translates the headers of Shopee's export from the language of the country into Portuguese.

The English names are from a file of Malaysia, the others from descriptions and programs that read these exports.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.distinct import by_distinct
from gateway.intake.layouts.columns import HEADER_SEARCH_ROWS, key
from gateway.intake.layouts.translated import InPortuguese, Texts, translated
from gateway.intake.tables import RawTable
from gateway.intake.values import folded

#: The name in Portuguese -> English | Indonesian | Vietnamese | Thai; blank where it is not known or the same
_NAMES: Final[dict[str, str]] = {
    "ID do pedido": "Order ID | No. Pesanan | Mã đơn hàng | หมายเลขคำสั่งซื้อ",
    "Status do pedido": "Order Status | Status Pesanan | Trạng Thái Đơn Hàng | สถานะการสั่งซื้อ",
    "Status da Devolução / Reembolso": "Return / Refund Status | Status Pembatalan/ Pengembalian | "
    "Trạng thái Trả hàng/Hoàn tiền | สถานะการคืนเงินหรือคืนสินค้า",
    "Tempo de Envio": "Ship Time | Waktu Pengiriman Diatur | Thời gian giao hàng | เวลาส่งสินค้า",
    "Data de criação do pedido": "Order Creation Date | Waktu Pesanan Dibuat | Ngày đặt hàng | วันที่ทำการสั่งซื้อ",
    "Hora do pagamento do pedido": "Order Paid Time | Waktu Pembayaran Dilakukan | "
    "Thời gian đơn hàng được thanh toán | เวลาการชำระสินค้า",
    "Nº de referência do SKU principal": "Parent SKU Reference No. | SKU Induk | SKU sản phẩm | เลขอ้างอิง Parent SKU",
    "Nome do Produto": "Product Name | Nama Produk | Tên sản phẩm | ชื่อสินค้า",
    "Número de referência SKU": "SKU Reference No. | Nomor Referensi SKU | SKU phân loại hàng | "
    "เลขอ้างอิง SKU (SKU Reference No.)",
    "Preço original": "Original Price | Harga Awal | Giá gốc | ราคาตั้งต้น",
    "Preço acordado": "Deal Price | Harga Setelah Diskon | Giá ưu đãi | ราคาขาย",
    "Quantidade": "Quantity | Jumlah | Số lượng | จำนวน",
    "Returned quantity": "Returned quantity | Returned quantity | Số lượng sản phẩm được hoàn trả | จำนวนที่ส่งคืน",
    "Subtotal do produto": "Product Subtotal | Total Harga Produk | Tổng giá bán (sản phẩm) | ราคาขายสุทธิ",
    "Cupom do vendedor": "Seller Voucher | Voucher Ditanggung Penjual | Mã giảm giá của Shop | โค้ดส่วนลดชำระโดยผู้ขาย",
    "Taxa de transação": "Transaction Fee | Biaya Transaksi | Phí thanh toán | Transaction Fee",
    "Taxa de comissão": "Commission Fee | Biaya Administrasi | Phí cố định | ค่าคอมมิชชั่น",
    "Taxa de serviço": "Service Fee | Biaya Layanan | Phí Dịch Vụ | ค่าบริการ",
    "Valor estimado do frete": "Estimated Shipping Fee | Perkiraan Ongkos Kirim | Phí vận chuyển (dự kiến) | "
    "ค่าจัดส่งโดยประมาณ",
    "Taxa de envio pagas pelo comprador": "Buyer Paid Shipping Fee | Ongkos Kirim Dibayar oleh Pembeli | "
    "Phí vận chuyển mà người mua trả | ค่าจัดส่งที่ชำระโดยผู้ซื้อ",
    "Desconto de Frete Aproximado": "Shipping Rebate Estimate | Estimasi Potongan Biaya Pengiriman | "
    "Phí vận chuyển tài trợ bởi Shopee (dự kiến) | ค่าจัดส่งที่ Shopee ออกให้โดยประมาณ",
    "Taxa de Envio Reversa": "Reverse Shipping Fee | Ongkos Kirim Pengembalian Barang | Phí trả hàng | ค่าจัดส่งสินค้าคืน",
    "Valor Total": "Total Amount | Total Pembayaran | Tổng số tiền người mua thanh toán | จำนวนเงินทั้งหมด",
}
NAMES: Final = tuple(name for names in _NAMES.values() for name in names.split(" | "))
#: Where the language tells the currency; English is written in several countries.
_CURRENCIES: Final = (None, "IDR", "VND", "THB")
_COUNTRIES: Final[dict[str, str]] = {
    "MY": "MYR", "SG": "SGD", "PH": "PHP", "ID": "IDR", "VN": "VND", "TH": "THB", "TW": "TWD", "BR": "BRL", "MX": "MXN",
    "CO": "COP", "CL": "CLP",
}  # fmt: skip
_NEEDED: Final = ("ID do pedido", "Status do pedido", "Quantidade", "Preço acordado")
_STATUSES: Final = (
    (r"^(da )?huy|batal|ยกเล", "Cancelado"),
    (r"chua thanh toan|cho thanh toan|belum (di)?bayar|ยงไมชาระ|ทยงไมไดชาระ|รอการชาระ", "Não pago"),
    (r"^(da )?(hoan tra|tra hang|hoan tien)|dikembalikan|pengembalian", "Devolvido"),
)
_REFUSED: Final = r"huy|tu choi|batal|ditolak|ปฏเสธ|ยกเล"


def in_portuguese(table: RawTable) -> InPortuguese | None:
    """Return the table with the names that the layout knows; None where it is not Shopee's in another language."""
    for row, cells in enumerate(table.top.head(HEADER_SEARCH_ROWS).rows()):
        keys = [key(cell) if cell else "" for cell in cells]
        for language, names in enumerate(_LANGUAGES):
            known = {names[name] for name in keys if name in names}
            if all(name in known for name in _NEEDED) and len(known) >= len(_NEEDED) + 3:
                return _translated(table, row, keys, language)
    return None


def _translated(table: RawTable, row: int, keys: list[str], language: int) -> InPortuguese:
    names = _LANGUAGES[language]
    places: dict[str, str] = {}  # column -> its name in Portuguese
    for index, name in enumerate(keys):
        portuguese = names.get(name)
        if portuguese is not None and portuguese not in places.values():
            places[str(index)] = portuguese
    currency = _CURRENCIES[language] or _country(table, row, keys)
    return translated(table, row, places, currency, is_documented=language > 0, texts=_TEXTS)


def status_in_portuguese(texts: pl.Series) -> pl.Series:
    """Put what ends an order, in Indonesian, Vietnamese or Thai, into Portuguese; other texts stay as they are."""
    return by_distinct(texts, _each_in_portuguese)


def _each_in_portuguese(texts: pl.Series) -> pl.Series:
    text = folded(pl.col("text"))
    told = pl.col("text")
    for pattern, portuguese in _STATUSES:
        told = pl.when(text.str.contains(pattern).fill_null(value=False)).then(pl.lit(portuguese)).otherwise(told)
    return pl.DataFrame({"text": texts}).select(told.alias(texts.name)).to_series()


def _return_in_portuguese(texts: pl.Series) -> pl.Series:
    """Put what undoes a return into Portuguese."""
    undone = folded(pl.col("text")).str.contains(_REFUSED).fill_null(value=False)
    told = pl.when(undone).then(pl.lit("Solicitação cancelada")).otherwise(pl.col("text"))
    return pl.DataFrame({"text": texts}).select(told.alias(texts.name)).to_series()


_TEXTS: Final[dict[str, Texts]] = {
    "Status do pedido": status_in_portuguese,
    "Status da Devolução / Reembolso": _return_in_portuguese,
}


def _country(table: RawTable, row: int, keys: list[str]) -> str | None:
    """Return the currency of the one country that all orders go to: Shopee's shops sell at home."""
    if "country" not in keys:
        return None
    cells = table.column(keys.index("country")).slice(row + 1).drop_nulls().unique().to_list()
    found = {str(cell).strip().upper() for cell in cells} - {"", "COUNTRY"}  # the header may come again
    return _COUNTRIES.get(found.pop()) if len(found) == 1 else None


def _languages() -> tuple[dict[str, str], ...]:
    columns: tuple[dict[str, str], ...] = ({}, {}, {}, {})
    for portuguese, names in _NAMES.items():
        for names_of, name in zip(columns, names.split("|"), strict=True):
            if name.strip():
                names_of[key(name.strip())] = portuguese
    return columns


_LANGUAGES: Final = _languages()
