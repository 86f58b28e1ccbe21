"""What an order's status says in languages beside Portuguese, Spanish and English."""

import polars as pl
import pytest

from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD, UNPAID
from gateway.intake.layouts.status import status_of, tells_of_orders
from tests.unit.gateway.intake.tables import reading, sold

TEXTS = {
    CANCELLED: (
        *("Geannuleerd", "Anulowane", "Zamówienie anulowane", "İptal edildi", "Dibatalkan Pembeli", "Batal", "Đã hủy"),
        *("Người mua hủy", "Đơn hủy", "Shop hủy"),
        *("Hủy", "Отменён", "Отменен продавцом", "已取消", "注文キャンセル", "キャンセル", "ยกเลิกแล้ว", "Storniert"),
        *("不成立", "취소", "취소완료"),
    ),
    UNPAID: (
        *("Niet betaald", "Nieopłacone", "Oczekuje na płatność", "Ödeme bekleniyor", "Belum Bayar", "Belum dibayar"),
        *("Menunggu Pembayaran", "Chờ thanh toán", "Не оплачен", "Ожидает оплаты", "待付款", "未付款", "未入金"),
        *("尚未付款", "결제대기", "입금대기"),
        *("ยังไม่ได้ชำระเงิน", "ที่ยังไม่ชำระ", "รอการชำระเงิน", "ที่ต้องชำระ", "ยังไม่ได้จ่ายเงิน"),
    ),
    RETURNED: (
        *("Retourniert", "Retoure", "Zurückgesendet", "Zwrot", "Zwrócone", "İade", "Dikembalikan", "Pengembalian Dana"),
        *("Trả hàng/Hoàn tiền", "Возврат", "Возвращён", "已退款", "退货完成", "返品済み"),
        *("반품", "반품완료", "환불", "คืนเงินแล้ว", "คืนสินค้า", "พัสดุตีกลับ"),
    ),
    SOLD: (
        *("Verzonden", "Wysłane", "Odebrane", "Teslim edildi", "Selesai", "Dikirim", "Hoàn thành", "Đang giao"),
        *(
            "Доставлен",
            "Доставляется",
            "已发货",
            "已完成",
            "発送済み",
            "Zwrot anulowany",
            "Permintaan pembatalan ditolak",
        ),
        *("İade reddedildi", "Возврат отменён", "คำขอคืนเงินถูกปฏิเสธ", "คำขอคืนเงินถูกยกเลิกแล้ว", "จัดส่งสำเร็จ"),
    ),
}
#: A cancelled, an unpaid, a returned and two sold orders, as tables of seven languages have them.
TABLES = {
    "Polish": "Numer zamówienia;Data;Produkt;Ilość;Cena;Status|Anulowane|Nieopłacone|Zwrot|Wysłane",
    "Turkish": "Sipariş No;Tarih;Ürün;Adet;Birim Fiyat;Durum|İptal edildi|Ödeme bekleniyor|İade|Teslim edildi",
    "Indonesian": "No. Pesanan;Tanggal;Produk;Jumlah;Harga;Status|Dibatalkan|Belum Bayar|Dikembalikan|Selesai",
    "German": "Transaktions-ID;Datum;Produkt;Anzahl;Preis;Status|Storniert|Ausstehend|Erstattet|Erfolgreich",
    "Dutch": "Bestelnummer;Besteldatum;Productnaam;Aantal;Prijs;Status|Geannuleerd|Niet betaald|Retour|Verzonden",
    "Russian": "Номер заказа;Дата;Товар;Количество;Цена;Статус|Отменён|Не оплачен|Возврат|Доставлен",
    "Chinese": "订单号;下单时间;商品名称;数量;单价;订单状态|已取消|待付款|已退款|已完成",
    "Japanese": "注文番号;注文日;商品名;数量;単価;ステータス|キャンセル|未入金|返品|発送済み",
}


@pytest.mark.parametrize(("status", "text"), [(status, text) for status, texts in TEXTS.items() for text in texts])
def test_a_status_is_read_by_its_words(status: str, text: str) -> None:
    assert status_of(pl.Series([text]), None, 1).to_list() == [status]
    assert tells_of_orders(pl.Series([text]))


@pytest.mark.parametrize(
    "text", ["Batalha", "Variedade", "Retirado na loja", "Huya", "Wysoka", "Em trânsito", "Kargoya verildi", "Hutan"]
)
def test_a_word_that_only_looks_alike_changes_nothing(text: str) -> None:
    assert status_of(pl.Series([text]), None, 1).to_list() == [SOLD]


@pytest.mark.parametrize("language", TABLES)
def test_what_is_cancelled_or_unpaid_is_no_sale(language: str) -> None:
    header, cancelled, unpaid, returned, sent = TABLES[language].split("|")
    statuses = [cancelled, unpaid, returned, sent, sent]
    rows = [f"A-{n};2026-03-0{n + 1};Vaso {n};2;50,00;{status}" for n, status in enumerate(statuses)]
    found = reading("\n".join([header, *rows]))
    lines = sold(found)

    assert found.report.kind == "sales"
    assert lines["status"].to_list() == [CANCELLED, UNPAID, RETURNED, SOLD, SOLD]
    assert lines["revenue"].to_list() == [100] * 5
