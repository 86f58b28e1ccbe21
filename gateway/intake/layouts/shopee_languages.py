"""Translates the headers of Shopee's export from the language of the country into Portuguese.

The English, Indonesian and Vietnamese names are from files, the others from descriptions and programs that read these
exports.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.distinct import by_distinct
from gateway.intake.layouts.columns import HEADER_SEARCH_ROWS, key
from gateway.intake.layouts.shopee import ORDERS_REQUIRED
from gateway.intake.layouts.translated import InPortuguese, Texts, translated
from gateway.intake.tables import RawTable
from gateway.intake.values import folded

#: The name in Portuguese -> English | Indonesian | Vietnamese | Thai | Chinese of Taiwan; blank where it is not
#: known or the same. `; ` is between two names of one column.
_NAMES: Final[dict[str, str]] = {
    "ID do pedido": "Order ID | No. Pesanan | Mã đơn hàng | หมายเลขคำสั่งซื้อ | 訂單編號",
    "Status do pedido": "Order Status | Status Pesanan | Trạng Thái Đơn Hàng | สถานะการสั่งซื้อ | 訂單狀態",
    "Status da Devolução / Reembolso": "Return / Refund Status | Status Pembatalan/ Pengembalian | "
    "Trạng thái Trả hàng/Hoàn tiền | สถานะการคืนเงินหรือคืนสินค้า | 退貨 / 退款狀態",
    "Tempo de Envio": "Ship Time | Waktu Pengiriman Diatur | Thời gian giao hàng | เวลาส่งสินค้า | 實際出貨時間",
    "Data de criação do pedido": "Order Creation Date | Waktu Pesanan Dibuat | Ngày đặt hàng | วันที่ทำการสั่งซื้อ | "
    "訂單成立日期",
    "Hora do pagamento do pedido": "Order Paid Time | Waktu Pembayaran Dilakukan | "
    "Thời gian đơn hàng được thanh toán | เวลาการชำระสินค้า | 買家付款時間",
    "Nº de referência do SKU principal": "Parent SKU Reference No. | SKU Induk | SKU sản phẩm | เลขอ้างอิง Parent SKU | "
    "主商品貨號",
    "Nome do Produto": "Product Name | Nama Produk | Tên sản phẩm | ชื่อสินค้า | 商品名稱",
    "Número de referência SKU": "SKU Reference No. | Nomor Referensi SKU | SKU phân loại hàng | "
    "เลขอ้างอิง SKU (SKU Reference No.) | 商品選項貨號",
    "Preço original": "Original Price | Harga Awal | Giá gốc | ราคาตั้งต้น | 商品原價",
    "Preço acordado": "Deal Price | Harga Setelah Diskon | Giá ưu đãi | ราคาขาย | 商品活動價格",
    "Quantidade": "Quantity | Jumlah | Số lượng | จำนวน | 數量",
    "Returned quantity": "Returned quantity | Returned quantity | Số lượng sản phẩm được hoàn trả | จำนวนที่ส่งคืน | "
    "退貨數量",
    "Subtotal do produto": "Product Subtotal | Total Harga Produk | Tổng giá bán (sản phẩm) | ราคาขายสุทธิ |",
    "Cupom do vendedor": "Seller Voucher | Voucher Ditanggung Penjual | Mã giảm giá của Shop | โค้ดส่วนลดชำระโดยผู้ขาย | "
    "賣場優惠券; 賣家負擔優惠券",
    "Taxa de transação": "Transaction Fee | Biaya Transaksi | Phí thanh toán | Transaction Fee | 金流與系統處理費",
    "Taxa de comissão": "Commission Fee | Biaya Administrasi | Phí cố định | ค่าคอมมิชชั่น | 成交手續費",
    "Taxa de serviço": "Service Fee | Biaya Layanan | Phí Dịch Vụ | ค่าบริการ | 其他服務費",
    "Valor estimado do frete": "Estimated Shipping Fee | Perkiraan Ongkos Kirim | Phí vận chuyển (dự kiến) | "
    "ค่าจัดส่งโดยประมาณ |",
    "Taxa de envio pagas pelo comprador": "Buyer Paid Shipping Fee | Ongkos Kirim Dibayar oleh Pembeli | "
    "Phí vận chuyển mà người mua trả | ค่าจัดส่งที่ชำระโดยผู้ซื้อ | 買家支付運費",
    "Desconto de Frete Aproximado": "Shipping Rebate Estimate | Estimasi Potongan Biaya Pengiriman | "
    "Phí vận chuyển tài trợ bởi Shopee (dự kiến) | ค่าจัดส่งที่ Shopee ออกให้โดยประมาณ | 蝦皮補助運費",
    "Taxa de Envio Reversa": "Reverse Shipping Fee | Ongkos Kirim Pengembalian Barang | Phí trả hàng | "
    "ค่าจัดส่งสินค้าคืน | 退貨運費",
    "Cupom da Shopee": "| Voucher Ditanggung Shopee | Mã giảm giá của Shopee | |",
    "Moedas da Shopee": "| Potongan Koin Shopee | Shopee Xu được hoàn | |",
    "Desconto de cartão": "| Diskon Kartu Kredit | Số tiền được giảm khi thanh toán bằng thẻ Ghi nợ | |",
    "Valor Total": "Total Amount | Total Pembayaran | Tổng số tiền người mua thanh toán | จำนวนเงินทั้งหมด | "
    "買家總支付金額",
}
NAMES: Final = tuple(
    name for names in _NAMES.values() for told in names.split("|") for name in told.strip().split("; ") if name
)
#: Where the language tells the currency; English is written in several countries.
_CURRENCIES: Final = (None, "IDR", "VND", "THB", "TWD")
#: Up to this language the names are from files.
_FROM_FILES: Final = 2
_COUNTRIES: Final[dict[str, str]] = {
    "MY": "MYR", "SG": "SGD", "PH": "PHP", "ID": "IDR", "VN": "VND", "TH": "THB", "TW": "TWD", "BR": "BRL", "MX": "MXN",
    "CO": "COP", "CL": "CLP",
}  # fmt: skip
_STATUSES: Final = (
    (r"^(da )?huy|batal|ยกเล|不成立|取消", "Cancelado"),
    (r"chua thanh toan|cho thanh toan|belum (di)?bayar|ยงไมชาระ|ทยงไมไดชาระ|รอการชาระ|[未待]付款", "Não pago"),
    (r"^(da )?(hoan tra|tra hang|hoan tien)|dikembalikan|pengembalian|退貨|退款", "Devolvido"),
)
_REFUSED: Final = r"huy|tu choi|batal|ditolak|ปฏเสธ|ยกเล|取消|拒絕"


def in_portuguese(table: RawTable) -> InPortuguese | None:
    """Return the table with the names that the layout knows; None where it is not Shopee's in another language."""
    for row, cells in enumerate(table.top.head(HEADER_SEARCH_ROWS).rows()):
        keys = [key(cell) if cell else "" for cell in cells]
        for language, names in enumerate(_LANGUAGES):
            known = {names[name] for name in keys if name in names}
            if all(name in known for name in ORDERS_REQUIRED) and len(known) >= len(ORDERS_REQUIRED) + 3:
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
    return translated(table, row, places, currency, is_documented=language > _FROM_FILES, texts=_TEXTS)


def status_in_portuguese(texts: pl.Series) -> pl.Series:
    """Put what ends an order, in the other languages, into Portuguese; other texts stay as they are."""
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
    columns: tuple[dict[str, str], ...] = ({}, {}, {}, {}, {})
    for portuguese, names in _NAMES.items():
        for names_of, told in zip(columns, names.split("|"), strict=True):
            names_of.update({key(name): portuguese for name in told.strip().split("; ") if name})
    return columns


_LANGUAGES: Final = _languages()
